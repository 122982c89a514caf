"""A house without a row, with accounts of a district, of another, of one domain and of the city: enough to issue briefs."""

from __future__ import annotations

from pathlib import Path

from pilotwatch import access
from pilotwatch.settings import Settings
from pilotwatch.store import Person, briefs
from pilotwatch.store.briefs import Issue, Kept
from pilotwatch.workdays import now, today
from pilotwatch.workspace import Workspace

ACCOUNTS = (
    ("tianshan", "天山区领导", "district_leader", ["650102"], None),
    ("midong", "米东区领导", "district_leader", ["650109"], None),
    ("cards", "预付卡专班", "pilot_team", None, ["prepaid_cards"]),
    ("city", "市级专班办公室", "city_office", None, None),
    ("auditor", "审计员", "auditor", None, None),
)


def opened(var: Path, url: str | None = None, **knobs: object) -> Workspace:
    return Workspace.open(Settings(var=var, database_url=url, **knobs))


def settled(house: Workspace) -> Workspace:
    """The house with its accounts; nobody logs in here, so their passwords aren't hashed."""
    hashed, access.passwords.hashed = access.passwords.hashed, lambda password: "x"
    try:
        for username, name, role, units, domains in ACCOUNTS:
            access.create_account(
                house.store, username=username, name=name, role=role, units=units, domains=domains,
                password="Waerdt-4711-x", by="system",
            )  # fmt: skip
    finally:
        access.passwords.hashed = hashed
    return house


def person(house: Workspace, username: str) -> Person:
    return access.person(house.store, username)


def kept(
    house: Workspace, username: str, unit: str = "650102", *, bound: Person | None = None, **changes: object
) -> Kept:
    """Keeps a brief with made-up documents by an account, made through the desk of `bound`."""
    who = person(house, username)
    series = briefs.series_of(who, unit, now())
    number = briefs.next_number(house.desk(who), series)
    values = {
        "key": f"asked:{series}:{number}", "series": series, "number": number, "unit": unit, "period": "2026-10", "form": "page",
        "language": "zh", "audience": "leader", "title": "天山区简报", "on": today(), "as_of": now(), "approval": "none",
        "data_version": 1, "told": 1, "numbers": {"notes": [], "numbers": []},
        "documents": {"docx": f"docx {number}".encode(), "pdf": f"pdf {number}".encode()},
    }  # fmt: skip
    tell = changes.pop("tell", None)
    return briefs.keep(house.desk(who), Issue(**values | changes), bounds=briefs.bounds_of(bound or who), tell=tell)
