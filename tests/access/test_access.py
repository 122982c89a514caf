"""Accounts, passwords, log-ins and the audit."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from pilotwatch import access
from pilotwatch.access import AccessRefused, passwords
from pilotwatch.access.login import FREE_TRIES, LONGEST_WAIT, wait_after
from pilotwatch.settings import settings
from pilotwatch.store import SYSTEM, Person, StoreRefused
from pilotwatch.workdays import now

GOOD, OTHER = "tian-shan-2026", "bo-ge-da-5445"


HASHER = passwords._hasher


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Hashes of the same kind that cost little, so that the tests' time goes to what they test."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def store(open_store):
    return open_store([])


@pytest.fixture
def leader(store) -> Person:
    return access.create_account(
        store, username="li", name="天山区领导", role="district_leader", password=GOOD, units=["650102"], by="root",
        must_change=False,
    )  # fmt: skip


def refused_as(rule: str, ask, *args, **options) -> AccessRefused:
    with pytest.raises(AccessRefused) as refused:
        ask(*args, **options)
    assert refused.value.rule == rule
    assert refused.value.message.zh and refused.value.message.en
    return refused.value


def acts(store) -> list[str]:
    with store.registers(write=False) as books:
        return [line["act"] for line in books.audit_lines()]


# --- accounts ------------------------------------------------------------------------------------------------------


def test_an_account_is_a_person_with_a_role_units_and_domains(store, leader):
    assert leader == Person("li", "天山区领导", "district_leader", frozenset({"650102"}), None)
    assert access.person(store, "li") == leader
    assert access.person(store, "nobody") is None
    assert access.accounts(store) == [
        {"username": "li", "name": "天山区领导", "role": "district_leader", "demo": False, "locked_until": None,
         "units": ["650102"], "domains": None, "departments": None, "disabled": False}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("username", {"username": "Li"}), ("username", {"username": "l"}), ("username", {"username": "../li"}),
        ("username", {"username": "system"}), ("role", {"role": "king"}), ("units", {"units": None}),
        ("domains", {"role": "pilot_team"}), ("weak_password", {"password": "short1"}),
    ],
)  # fmt: skip
def test_an_account_that_would_not_do_is_refused(store, rule, wrong):
    good = dict(username="li", name="李", role="district_leader", password=GOOD, units=["650102"], by="root")
    refused_as(rule, access.create_account, store, **(good | wrong))
    assert access.accounts(store) == []


def test_a_user_name_is_taken_once(store, leader):
    refused_as(
        "username", access.create_account, store, username="li", name="x", role="city_office", password=GOOD, by="root"
    )


@pytest.mark.parametrize(
    "password",
    [
        "",
        "a1",
        "abcdefghijkl",
        "123456789012",
        "aaaa1111aaaa",
        "li-2026-xj-wlmq",
        "password123",
        "Password1234567890",
        "x1" * 101,
    ],
)
def test_a_weak_password_is_refused_with_what_it_lacks(password):
    message = refused_as("weak_password", passwords.demand_strong, password, "li").message
    assert "现在" in message.zh


@pytest.mark.parametrize("password", [GOOD, OTHER, "我的密码是乌鲁木齐2026", "correct horse battery 9"])
def test_a_good_password_is_taken(password):
    passwords.demand_strong(password, "someone")


def test_hashes_cost_what_rfc_9106_asks():
    assert (HASHER.type.name, HASHER.time_cost, HASHER.memory_cost, HASHER.parallelism) == ("ID", 3, 64 * 1024, 4)


def test_a_hash_that_costs_less_than_todays_is_renewed_at_log_in(store, leader, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", HASHER)
    access.log_in(store, "li", GOOD)
    with store.registers(write=False) as books:
        assert "m=65536,t=3,p=4" in books.account("li")["password"]
    assert access.log_in(store, "li", GOOD)


def test_passwords_are_kept_as_argon2id_hashes_alone(store, leader):
    with store.registers(write=False) as books:
        kept = books.account("li")["password"]
    assert kept.startswith("$argon2id$") and GOOD not in kept
    assert passwords.fits(GOOD, kept) and not passwords.fits(OTHER, kept)
    assert not passwords.fits(GOOD, None) and not passwords.fits(GOOD, "not a hash")


# --- logging in ----------------------------------------------------------------------------------------------------


def test_a_log_in_is_a_token_of_which_only_the_hash_is_stored(store, leader):
    token = access.log_in(store, " LI ", GOOD)
    assert access.who(store, token) == leader
    with store.registers(write=False) as books:
        assert books.session(token) is None
        session = books.session(hashlib.sha256(token.encode()).hexdigest())
    assert session["username"] == "li" and len(token) >= 43
    assert access.log_in(store, "li", GOOD) != token


@pytest.mark.parametrize("token", [None, "", "x", "0" * 64])
def test_a_token_that_was_never_given_is_nobody(store, leader, token):
    assert access.who(store, token) is None


def test_a_log_in_runs_out(store, leader):
    token = access.log_in(store, "li", GOOD)
    hours = timedelta(hours=settings().session_hours)
    assert access.who(store, token, at=now() + hours - timedelta(minutes=1)) == leader
    assert access.who(store, token, at=now() + hours + timedelta(minutes=1)) is None


def test_logging_out_ends_one_log_in_and_everywhere_ends_all(store, leader):
    tokens = [access.log_in(store, "li", GOOD) for _ in range(3)]
    access.log_out(store, tokens[0])
    assert [access.who(store, t) is not None for t in tokens] == [False, True, True]
    assert access.log_out_everywhere(store, "li") == 2
    assert [access.who(store, t) for t in tokens] == [None] * 3


def test_a_wrong_name_and_a_wrong_password_are_refused_alike(store, leader):
    name = refused_as("login", access.log_in, store, "nobody", GOOD)
    password = refused_as("login", access.log_in, store, "li", OTHER)
    assert name.message == password.message


def test_the_wait_after_wrong_passwords_grows(store, leader):
    waits = [wait_after(n) for n in range(1, 60)]
    assert waits[: FREE_TRIES - 1] == [timedelta(0)] * (FREE_TRIES - 1)
    assert all(b == min(2 * a, LONGEST_WAIT) for a, b in zip(waits[FREE_TRIES - 1 :], waits[FREE_TRIES:], strict=False))
    at = now()
    for _ in range(FREE_TRIES - 1):
        refused_as("login", access.log_in, store, "li", OTHER, at=at)
    refused_as("locked", access.log_in, store, "li", OTHER, at=at)
    refused_as("locked", access.log_in, store, "li", GOOD, at=at + timedelta(seconds=29))
    told = refused_as("locked", access.log_in, store, "li", OTHER, at=at + timedelta(seconds=31))
    assert "60 秒" in told.message.zh
    refused_as("locked", access.log_in, store, "li", GOOD, at=at + timedelta(seconds=90))
    assert access.log_in(store, "li", GOOD, at=at + timedelta(seconds=92))
    refused_as("login", access.log_in, store, "li", OTHER, at=at + timedelta(seconds=93))


def test_many_tries_at_once_are_counted_one_by_one(store, leader):
    ready, refused = threading.Barrier(12), []

    def try_in():
        ready.wait()
        try:
            access.log_in(store, "li", OTHER)
        except AccessRefused as no:
            refused.append(no.rule)

    threads = [threading.Thread(target=try_in) for _ in range(12)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(refused) == ["locked"] * (12 - FREE_TRIES + 1) + ["login"] * (FREE_TRIES - 1)


def test_a_disabled_account_is_out_at_once_and_can_come_back(store, leader):
    token = access.log_in(store, "li", GOOD)
    access.set_disabled(store, "li", True, by="root")
    assert access.who(store, token) is None and access.person(store, "li") is None
    refused_as("disabled", access.log_in, store, "li", GOOD)
    refused_as("login", access.log_in, store, "li", OTHER)
    access.set_disabled(store, "li", False, by="root")
    assert access.who(store, token) is None, "what was ended stays ended"
    assert access.log_in(store, "li", GOOD)


def test_changing_the_password_ends_all_log_ins(store, leader):
    token = access.log_in(store, "li", GOOD)
    refused_as("password", access.change_password, store, "li", OTHER, "yet-another-77")
    refused_as("password", access.change_password, store, "li", GOOD, GOOD)
    refused_as("weak_password", access.change_password, store, "li", GOOD, "weak")
    assert access.who(store, token) == leader
    access.change_password(store, "li", GOOD, OTHER)
    assert access.who(store, token) is None
    refused_as("login", access.log_in, store, "li", GOOD)
    assert access.log_in(store, "li", OTHER)


def test_a_password_that_someone_else_set_has_to_be_changed(store, leader):
    access.reset_password(store, "li", OTHER, by="root")
    token = access.log_in(store, "li", OTHER)
    assert access.who(store, token).must_change
    access.change_password(store, "li", OTHER, GOOD)
    assert not access.who(store, access.log_in(store, "li", GOOD)).must_change
    refused_as("username", access.reset_password, store, "nobody", OTHER, by="root")


# --- the demo store ------------------------------------------------------------------------------------------------


def test_demo_accounts_are_made_in_a_demo_store_alone(store):
    with pytest.raises(ValueError, match="demo store"):
        access.create_demo_accounts(store)
    assert access.demo_login(store) is None and access.accounts(store) == []
    store.mark_demo()
    made = access.create_demo_accounts(store)
    assert access.create_demo_accounts(store) == [], "once"
    people, password = access.demo_login(store)
    assert sorted(p.username for p in people) == sorted(p.username for p in made)
    assert all(p.demo and not p.must_change for p in people)
    assert all(access.who(store, access.log_in(store, p.username, password)) == p for p in people)
    roles = {p.role for p in people}
    assert roles == {"district_leader", "pilot_team", "department_officer", "city_office", "administrator", "auditor"}
    assert {d for p in people if p.role == "department_officer" for d in p.departments} == {"SWJ", "SCJG", "JSJ"}
    leaders = {u for p in people if p.role == "district_leader" for u in p.units}
    assert leaders == {"650102", "650109"}


def test_no_account_is_there_unless_someone_made_it(store):
    assert access.accounts(store) == []


# --- the audit -----------------------------------------------------------------------------------------------------


def test_what_is_done_about_access_is_in_the_audit_without_secrets(store, leader):
    access.log_out(store, access.log_in(store, "li", GOOD))
    refused_as("login", access.log_in, store, "li", OTHER)
    refused_as("login", access.log_in, store, "nobody", OTHER)
    access.change_password(store, "li", GOOD, OTHER)
    access.set_disabled(store, "li", True, by="root")
    access.log_out_everywhere(store, "li", by="root")
    access.record(store, SYSTEM, "export", "overview.xlsx", {"rows": 3})
    assert acts(store) == [
        "export", "logout.everywhere", "account.disable", "account.password", "login.failed", "login.failed", "logout",
        "login", "account.create",
    ]  # fmt: skip
    auditor = Person("audit", "审计员", "auditor")
    lines = access.audit_lines(store, auditor)
    assert GOOD not in json.dumps(lines, default=str) and OTHER not in json.dumps(lines, default=str)
    assert [line["act"] for line in access.audit_lines(store, auditor, username="root")] == [
        "logout.everywhere", "account.disable", "account.create",
    ]  # fmt: skip
    assert lines[0]["details"] == {"rows": 3} and lines[0]["at"].utcoffset() == timedelta(0)


def test_the_audit_is_for_auditors(store, leader):
    with pytest.raises(StoreRefused):
        access.audit_lines(store, leader)
