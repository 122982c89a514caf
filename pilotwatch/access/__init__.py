"""Who is at the desk: accounts, passwords, log-ins, and the audit of them. What a person may then see and do is the
store's business (`pilotwatch.store.scope`)."""

from pilotwatch.access.accounts import (
    accounts,
    change_password,
    create_account,
    person,
    reset_password,
    set_disabled,
)
from pilotwatch.access.acts import words
from pilotwatch.access.audit import audit_lines, record
from pilotwatch.access.demo import create_demo_accounts, demo_login
from pilotwatch.access.login import log_in, log_out, log_out_elsewhere, log_out_everywhere, my_sessions, who
from pilotwatch.access.refused import AccessRefused
from pilotwatch.store import ROLES, SYSTEM, Person, Role

__all__ = [
    "ROLES", "SYSTEM", "AccessRefused", "Person", "Role", "accounts", "audit_lines", "change_password", "create_account",
    "create_demo_accounts", "demo_login", "log_in", "log_out", "log_out_elsewhere", "log_out_everywhere", "my_sessions", "person", "record",
    "reset_password", "set_disabled", "who", "words",
]  # fmt: skip
