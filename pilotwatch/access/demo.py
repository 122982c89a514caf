"""The accounts of the demo city. They exist in a demo store only; a real store has no account that anybody knows."""

from __future__ import annotations

from pilotwatch.access.accounts import add_account, person_of
from pilotwatch.access.passwords import hashed
from pilotwatch.store import Person, Store

#: What opens every demo account; the log-in page shows it, in a demo store only.
DEMO_PASSWORD = "shidian-2026-demo"  # noqa: S105 - public by intent, of synthetic data

_TEAMS = (
    ("cards", "预付卡试点专班", "prepaid_cards"),
    ("housing", "自建房试点专班", "self_built_housing"),
    ("oil", "成品油试点专班", "refined_oil"),
)


def create_demo_accounts(store: Store) -> list[Person]:
    """Makes the demo accounts of a demo store; those that are there already stay. Raises ValueError in any other store."""
    if not store.demo:
        raise ValueError("demo accounts are made in a demo store only")
    with store.registers(write=False) as books:
        there = {a["username"] for a in books.accounts()}
    kept = hashed(DEMO_PASSWORD)
    return [
        add_account(
            store, kept, username=username, name=name, role=role, units=units, domains=domains, by="system", demo=True
        )
        for username, name, role, units, domains in _accounts()
        if username not in there
    ]


def _accounts() -> list[tuple[str, str, str, list[str] | None, list[str] | None]]:
    return [
        ("tianshan", "天山区领导", "district_leader", ["650102"], None),
        ("midong", "米东区领导", "district_leader", ["650109"], None),
        *((username, name, "pilot_team", None, [domain]) for username, name, domain in _TEAMS),
        ("housing-ts", "天山区自建房专班", "pilot_team", ["650102"], ["self_built_housing"]),
        ("city", "市级专班办公室", "city_office", None, None),
        ("admin", "系统管理员", "administrator", None, None),
        ("auditor", "审计员", "auditor", None, None),
    ]


def demo_login(store: Store) -> tuple[list[Person], str] | None:
    """What the log-in page of a demo store shows: the demo accounts and their password; None in a real store."""
    if not store.demo:
        return None
    with store.registers(write=False) as books:
        return [person_of(a) for a in books.accounts() if a["demo"] and not a["disabled_at"]], DEMO_PASSWORD
