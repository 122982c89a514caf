"""账号与权限: who has an account, what each may do and where, letting in and shutting out, and bringing many in at once."""

from ui import accounts, begin

screen = begin("accounts")

accounts.show(screen, accounts.choose(screen))
