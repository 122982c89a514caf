"""A wall screen's own log-in: what it may show, and what ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pilotwatch import access
from pilotwatch.access import AccessRefused, screens
from pilotwatch.store import Person

PASSWORD = "Long-enough-2026"
AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
TIANSHAN, MIDONG = "650102", "650109"


@pytest.fixture
def store(open_store):
    store = open_store([])
    for name, role, units in (("city", "city_office", None), ("tianshan", "district_leader", [TIANSHAN]), ("admin", "administrator", None)):  # fmt: skip
        access.create_account(store, username=name, name=name, role=role, password=PASSWORD, units=units, by="system", must_change=False)  # fmt: skip
    return store


def person(store, name) -> Person:
    return access.person(store, name)


def test_a_screen_shows_its_unit_and_no_page(store):
    token = screens.open_screen(store, person(store, "city"), TIANSHAN, "三楼会议室", at=AT)
    found = screens.screen_of(store, token, at=AT)
    assert (found.unit, found.person.units, found.until) == (TIANSHAN, frozenset({TIANSHAN}), AT + screens.LASTS)
    assert access.who(store, token, at=AT) is None  # no page takes it
    assert (
        screens.screen_of(store, access.log_in(store, "city", PASSWORD, at=AT), at=AT) is None
    )  # nor the other way round
    assert screens.screen_of(store, token.replace(TIANSHAN, MIDONG), at=AT) is None  # the unit can't be changed
    assert screens.screen_of(store, token.replace(TIANSHAN, "all"), at=AT) is None
    whole = screens.screen_of(store, screens.open_screen(store, person(store, "city"), None, at=AT), at=AT)
    assert (whole.unit, whole.person.units) == (None, None)


def test_what_ends_a_screen(store):
    def opened():
        return screens.open_screen(store, person(store, "tianshan"), TIANSHAN, "大厅")

    token = opened()
    assert screens.screen_of(store, token)
    assert screens.screen_of(store, token, at=datetime.now(UTC) + screens.LASTS + timedelta(seconds=5)) is None
    (one,) = screens.screens(store, "tianshan")
    assert one["label"] == "大厅"
    assert not screens.stop_screen(store, "city", one["id"])  # somebody else's
    assert screens.stop_screen(store, "tianshan", one["id"])
    assert screens.screen_of(store, token) is None and screens.screens(store, "tianshan") == []
    token = opened()
    access.change_password(store, "tianshan", PASSWORD, "Another-one-2026")
    assert screens.screen_of(store, token) is None
    with store.registers(write=False) as books:
        acts = [line["act"] for line in books.audit_lines() if line["act"].endswith(".wall")]
    assert acts == ["login.wall", "logout.wall", "login.wall"]


def test_who_opens_none(store):
    for who, unit, rule in (("admin", None, "not_allowed"), ("tianshan", MIDONG, "unit")):
        with pytest.raises(AccessRefused) as no:
            screens.open_screen(store, person(store, who), unit)
        assert no.value.rule == rule
    for _ in range(screens.MOST):
        screens.open_screen(store, person(store, "city"), None)
    with pytest.raises(AccessRefused) as no:
        screens.open_screen(store, person(store, "city"), None)
    assert no.value.rule == "many"
