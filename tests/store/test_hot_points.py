"""What lies behind a place, on both databases: whose subjects, what is wrong with them, what happened, its past."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import insert

from pilotwatch.store import Person, StoreRefused, hot_points
from pilotwatch.store.figure_tables import SubjectLevel
from pilotwatch.store.hot_points import Where
from pilotwatch.store.hotspot_tables import HotPlace
from pilotwatch.store.signal_tables import SubjectCount
from pilotwatch.store.tables import Subject
from pilotwatch.store.warning_tables import Warning_
from tests.disposal.made import Shop

CITY = Person("city", "市级专班", "city_office")
LEADER = Person("leader", "天山区", "district_leader", frozenset({"650102"}))
OTHER_TEAM = Person("oil", "成品油专班", "pilot_team", None, frozenset({"oil"}))
AUDITOR = Person("auditor", "审计员", "auditor")

DAY = date(2026, 11, 24)
ONE, TWO, THREE, FOUR = (str(UUID(int=i)) for i in (1, 2, 3, 4))
#: id, unit, street, lng, lat, located, jurisdiction, rank of the worst level, level
SHOPS = (
    (ONE, "650102", "650102001", 87.61, 43.81, "point", "local", 0, "red"),
    (TWO, "650102", "650102001", None, None, "street", "local", 1, "orange"),
    (THREE, "650102", "650102002", 87.62, 43.82, "point", "xpcc", 2, "yellow"),
    (FOUR, "650109", "650109001", 87.70, 43.95, "point", "local", 0, "red"),
)


@pytest.fixture
def desk(open_store):
    store = open_store((Shop,), owners={"d_shop": {"shops"}})
    place = ("report_unit", "division_code", "street_code")
    with store._engine.begin() as connection:
        for i, (subject, unit, street, lng, lat, located, jurisdiction, rank, level) in enumerate(SHOPS):
            where = dict(zip(place, (unit, unit, street), strict=True))
            key = UUID(subject)
            said = {
                "name": f"店{i + 1}",
                "code": f"C{i + 1}",
                "lng": lng,
                "lat": lat,
                "located": located,
                "jurisdiction": jurisdiction,
            }
            connection.execute(
                insert(Subject.__table__).values(
                    subject_id=key, dataset="d_shop", row_id=UUID(int=100 + i), **where, **said
                )
            )
            for indicator in ("*", "SHP-01"):
                connection.execute(
                    insert(SubjectLevel.__table__).values(
                        subject_id=key,
                        domain="shops",
                        indicator=indicator,
                        level=level,
                        rank=rank,
                        since=DAY,
                        on_day=DAY,
                        located=located,
                        **where,
                    )
                )
            for day, n in ((date(2026, 11, 1), i + 1), (date(2026, 5, 1), 50)):
                connection.execute(
                    insert(SubjectCount.__table__).values(
                        subject_id=key, domain="shops", measure="complaint", day=day, n=n, **where
                    )
                )
        for i, (subject, closed) in enumerate(((ONE, None), (ONE, datetime(2026, 11, 2, tzinfo=UTC)), (FOUR, None))):
            connection.execute(insert(Warning_.__table__).values(_warning(subject, i, closed)))
        for period, observed, hot in (("2026-10", 1.0, False), ("2026-11", 3.0, True)):
            connection.execute(insert(HotPlace.__table__).values(
                domain="shops", measure="risk", layer="streets", period=period, place="650102001", lng=87.61, lat=43.81, report_unit="650102",
                division_code="650102", street_code="650102001", subjects=2, observed=observed, at_risk=2.0, expected=1.0, ratio=observed,
                low=0.1, high=9.0, hot=hot, course="", state="hot" if hot else "found",
            ))  # fmt: skip
    return store.desk


def _warning(subject, i, closed):
    unit = next(s[1] for s in SHOPS if s[0] == subject)
    return {
        "subject_id": UUID(subject), "id": UUID(int=200 + i), "number": f"YJ-SHP-2026112{i}", "domain": "shops", "indicator": "SHP-01",
        "level": "red", "rank": 0, "opened_on": DAY, "opened_at": datetime(2026, 11, 1, tzinfo=UTC), "since": DAY, "on_day": DAY,
        "eased": False, "owner": "SWJ", "closed_at": closed, "report_unit": unit, "division_code": unit, "street_code": "",
    }  # fmt: skip


def test_points_are_the_located_subjects_of_the_own_scope(desk):
    assert hot_points.points(desk(CITY), Where("shops"))["subject_id"].tolist() == [ONE, THREE, FOUR]
    mine = hot_points.points(desk(LEADER), Where("shops"))
    assert mine[["subject_id", "lng", "lat", "jurisdiction", "rank"]].values.tolist() == [
        [ONE, 87.61, 43.81, "local", 0], [THREE, 87.62, 43.82, "xpcc", 2],
    ]  # fmt: skip


def test_members_are_those_without_a_point_too(desk):
    assert hot_points.members(desk(CITY), Where("shops", street="650102001"))["subject_id"].tolist() == [ONE, TWO]
    assert hot_points.members(desk(CITY), Where("shops", unit="650109"))["subject_id"].tolist() == [FOUR]
    assert hot_points.members(desk(LEADER), Where("shops", unit="650109")).empty


def test_a_box_holds_what_lies_in_it(desk):
    found = hot_points.points(desk(CITY), Where("shops", box=(87.60, 43.80, 87.615, 43.815)))
    assert found["subject_id"].tolist() == [ONE]


@pytest.mark.parametrize("ask", [
    lambda d: hot_points.points(d, Where("shops")), lambda d: hot_points.members(d, Where("shops")),
    lambda d: hot_points.wrong(d, "shops", [ONE, FOUR]), lambda d: hot_points.warned(d, "shops", [ONE, FOUR]),
    lambda d: hot_points.happened(d, "shops", "complaint", date(2026, 10, 1), DAY, [ONE, FOUR]),
    lambda d: hot_points.past(d, "shops", "risk", "streets", "650102001"),
])  # fmt: skip
def test_another_domains_team_sees_none_of_it_and_an_auditor_may_not_ask(desk, ask):
    assert ask(desk(OTHER_TEAM)).empty
    assert not ask(desk(CITY)).empty
    with pytest.raises(StoreRefused):
        ask(desk(AUDITOR))


def test_what_is_wrong_is_red_and_orange_with_the_name_of_the_list(desk):
    found = hot_points.wrong(desk(CITY), "shops", [ONE, TWO, THREE])
    assert found[["subject_id", "indicator", "level", "name"]].values.tolist() == [
        [ONE, "SHP-01", "red", "店1"], [TWO, "SHP-01", "orange", "店2"],
    ]  # fmt: skip
    assert hot_points.wrong(desk(LEADER), "shops", [FOUR]).empty


def test_open_warnings_only(desk):
    found = hot_points.warned(desk(CITY), "shops", [ONE, TWO])
    assert found[["number", "name"]].values.tolist() == [["YJ-SHP-20261120", "店1"]]
    assert hot_points.warned(desk(LEADER), "shops", [FOUR]).empty


def test_what_happened_is_summed_within_the_days(desk):
    found = hot_points.happened(desk(CITY), "shops", "complaint", date(2026, 10, 1), DAY, [ONE, FOUR])
    assert found[["subject_id", "n", "name"]].values.tolist() == [[FOUR, 4, "店4"], [ONE, 1, "店1"]]
    every = hot_points.happened(desk(LEADER), "shops", "complaint", date(2026, 4, 1), DAY)
    assert dict(zip(every["subject_id"], every["n"], strict=True)) == {ONE: 51, TWO: 52, THREE: 53}


def test_a_place_in_every_test_that_is_kept(desk):
    found = hot_points.past(desk(LEADER), "shops", "risk", "streets", "650102001")
    assert found[["period", "observed", "hot"]].values.tolist() == [["2026-10", 1.0, False], ["2026-11", 3.0, True]]
