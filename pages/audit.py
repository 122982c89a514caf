"""审计: whether the chain is whole, who did what and when, and taking it out."""

from ui import audit, begin

screen = begin("audit")

audit.judge(screen)
wanted = audit.choose(screen)
audit.table(screen, wanted)
