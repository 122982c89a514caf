"""What administrators do with accounts, what they can't, and the lines it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from pilotwatch import access
from pilotwatch.access import administration as office
from pilotwatch.access import passwords
from pilotwatch.store import ROLES, Person, StoreRefused
from pilotwatch.workdays import now

ADMIN = Person("admin", "管理员", "administrator")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def store(open_store):
    store = open_store([])
    for username, role in (("admin", "administrator"), ("qian", "city_office")):
        access.create_account(
            store, username=username, name=username, role=role, password="tian-shan-2026", by="root", must_change=False
        )
    return store


def refused(ask, *arguments, **options) -> str:
    with pytest.raises(StoreRefused) as no:
        ask(*arguments, **options)
    assert no.value.message.zh and no.value.message.en
    return no.value.rule


def acts(store) -> list[tuple[str, str]]:
    with store.registers(write=False) as books:
        return [(line["act"], line["object"]) for line in books.audit_lines()]


def of(store, username: str) -> dict:
    return next(a for a in office.listed(store, ADMIN) if a["username"] == username)


def test_an_account_is_made_bounded_and_shut_out_and_each_is_a_line_of_the_audit(store):
    first = office.create(
        store, ADMIN, username="zhao", name=" 赵 ", role="pilot_team", domains=["cards"], units=["650102"]
    )
    assert of(store, "zhao")["must_change"] and of(store, "zhao")["seen_at"] is None
    passwords.demand_strong(first, "zhao")
    token = access.log_in(store, "zhao", first)
    assert access.who(store, token).must_change and of(store, "zhao")["sessions"] == 1 and of(store, "zhao")["seen_at"]

    same = dict(name="赵", role="pilot_team", domains=["cards"], departments=None)
    office.change(store, ADMIN, "zhao", **same, units=["650102"])
    office.change(store, ADMIN, "zhao", **same, units=["650103"])
    assert access.who(store, token).units == {"650103"}, "a new scope counts at once"
    office.change(store, ADMIN, "zhao", name="赵", role="auditor", units=None, domains=None, departments=None)
    assert access.who(store, token) is None, "a new role begins with a new log-in"
    again = office.reset(store, ADMIN, "zhao")
    assert again != first and refused(access.log_in, store, "zhao", first) == "login"
    for _ in range(4):
        refused(access.log_in, store, "zhao", "wrong")
    assert of(store, "zhao")["locked"] and refused(access.log_in, store, "zhao", again) == "locked"
    office.unlock(store, ADMIN, "zhao")
    assert access.log_in(store, "zhao", again) and office.log_out(store, ADMIN, "zhao") == 1
    office.set_disabled(store, ADMIN, "zhao", True)
    assert of(store, "zhao")["disabled"] and refused(access.log_in, store, "zhao", again) == "disabled"
    office.set_disabled(store, ADMIN, "zhao", False)
    office.link(store, ADMIN, "zhao", "https://idp.example", claim="ZHAO@city.example")
    assert of(store, "zhao")["link"]["claim"] == "zhao@city.example"
    office.unlink(store, ADMIN, "zhao")
    told = [act for act, on in acts(store) if on == "zhao"]
    assert told == ["account.unlink", "account.link", "account.enable", "account.disable", "logout.everywhere", "account.unlock",
                    "account.password", "account.change", "account.change", "account.create"]  # fmt: skip


def test_nobody_but_an_administrator_touches_an_account(store):
    new = dict(username="zhao", name="赵", role="auditor")
    bounds = dict(name="钱", role="administrator", units=None, domains=None, departments=None)
    before = office.listed(store, ADMIN)
    for role in set(ROLES) - {"administrator"}:
        person = Person("qian", "钱", role)
        asked = [
            (office.listed, (), {}), (office.create, (), new), (office.change, ("qian",), bounds), (office.reset, ("admin",), {}),
            (office.set_disabled, ("admin", True), {}), (office.unlock, ("qian",), {}), (office.log_out, ("admin",), {}),
            (office.link, ("qian", "https://idp.example"), {"subject": "x"}), (office.unlink, ("qian",), {}),
        ]  # fmt: skip
        assert {refused(ask, store, person, *a, **o) for ask, a, o in asked} == {"not_allowed"}
    assert office.listed(store, ADMIN) == before


def test_the_last_administrator_and_oneself_are_kept_from_harm(store):
    bounds = dict(name="x", role="auditor", units=None, domains=None, departments=None)
    other = Person("help", "x", "administrator")
    assert refused(office.set_disabled, store, other, "admin", True) == "last_administrator"
    assert refused(office.change, store, other, "admin", **bounds) == "last_administrator"
    assert refused(access.set_disabled, store, "admin", True, by="system") == "last_administrator", (
        "nor by the command line"
    )
    office.create(store, ADMIN, username="help", name="x", role="administrator")
    assert refused(office.set_disabled, store, ADMIN, "admin", True) == "yourself"
    assert refused(office.change, store, ADMIN, "admin", **bounds) == "yourself"
    assert refused(office.reset, store, ADMIN, "admin") == "yourself"
    office.set_disabled(store, other, "admin", True)
    assert refused(office.change, store, other, "qian", **(bounds | {"role": "pilot_team"})) == "domains"
    assert (
        refused(office.change, store, other, "qian", **(bounds | {"role": "district_leader", "units": []})) == "units"
    )
    assert refused(office.change, store, other, "qian", **(bounds | {"name": " "})) == "name"
    assert refused(office.unlock, store, other, "nobody") == "username"


def test_a_person_sees_their_own_log_ins_and_ends_the_others(store):
    tokens = [access.log_in(store, "qian", "tian-shan-2026", device=d) for d in ("Edge · Windows", "Chrome · Android")]
    access.log_in(store, "admin", "tian-shan-2026")
    mine = access.my_sessions(store, "qian", tokens[0])
    assert {(s["device"], s["here"]) for s in mine} == {("Edge · Windows", True), ("Chrome · Android", False)}
    assert access.my_sessions(store, "qian", at=now() + timedelta(days=2)) == []
    assert access.log_out_elsewhere(store, "qian", tokens[0]) == 1
    assert access.who(store, tokens[0]) and access.who(store, tokens[1]) is None
    assert len(access.my_sessions(store, "admin")) == 1
    assert acts(store)[0] == ("logout.elsewhere", "qian")
