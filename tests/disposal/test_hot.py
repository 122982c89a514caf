"""A joint inspection out of a hot spot: who has to be there, once for each test, with its line in the audit."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pilotwatch import disposal
from pilotwatch.disposal import hot
from pilotwatch.store import Person, StoreRefused
from pilotwatch.store.hotspots import Run
from tests.disposal.made import ADMIN, CITY, LEADER, START, Shop, rulebook

OTHER_LEADER = Person("md", "米东区领导", "district_leader", frozenset({"650109"}))


def spot(*, is_hot=True, place="650102001", period="2025-06", subjects=("某健身", "某美发"), indicators=("SHP-01",)):
    run = Run(
        "shops", "risk", "streets", period, date(2025, 6, 5), None, datetime(2025, 6, 5, tzinfo=UTC), 100, 0, 8.0, 1, None, {"q": 0.05}, (), False,
    )  # fmt: skip
    row = {
        "place": place, "hot": is_hot, "report_unit": "650102", "division_code": "650102", "street_code": place, "subjects": 20,
        "observed": 6.0, "expected": 1.6, "ratio": 3.75, "low": 1.376, "high": 8.162,
    }  # fmt: skip
    return hot.HotSpot(run, row, "燕儿窝", "红橙风险对象", subjects, indicators)


@pytest.fixture
def desk(open_store):
    return open_store((Shop,), owners={"d_shop": {"shops"}}).desk


def test_it_is_a_joint_case_on_the_place_that_says_what_was_tested(desk):
    case = hot.open_joint(desk(CITY), rulebook(), spot(), at=START)
    read = disposal.case(desk(LEADER), case.number)
    assert read == case
    assert (read.joint, read.state, read.name, read.units) == (True, "registered", "燕儿窝", ("650102",))
    assert (read.owner, read.others, read.facts) == ("SWJ", ("GAJ",), ("SHP-01",))
    assert read.content == (
        "风险热点联合检查：燕儿窝，“红橙风险对象”2025-06 检验为热点。监管对象 20 个，实际 6，按全市水平应有 1.6，为 3.8 倍"
        "（95% 区间 1.4–8.2），错误发现率控制在 5% 以内。红橙对象：某健身、某美发。"
    )
    assert read.channel_ref == "shops/risk/streets/2025-06/650102001"
    assert disposal.listed(desk(CITY))["joint"].tolist() == [True]


def test_a_place_of_a_test_becomes_one_case_the_next_month_another(desk):
    first = hot.open_joint(desk(CITY), rulebook(), spot(), at=START)
    with pytest.raises(StoreRefused) as no:
        hot.open_joint(desk(CITY), rulebook(), spot(), at=START)
    assert no.value.rule == "taken"
    assert hot.case_of(desk(CITY), spot().run, "650102001").number == first.number
    assert hot.case_of(desk(CITY), spot(period="2025-07").run, "650102001") is None
    again = hot.open_joint(desk(CITY), rulebook(), spot(period="2025-07"), at=START)
    assert again.subject_id == first.subject_id and again.number != first.number


def test_a_place_that_is_not_hot_is_refused_with_what_to_do(desk):
    with pytest.raises(StoreRefused) as no:
        hot.open_joint(desk(CITY), rulebook(), spot(is_hot=False), at=START)
    assert no.value.rule == "cold"
    assert "处置进度" in no.value.message.zh and "Disposal" in no.value.message.en
    assert disposal.listed(desk(CITY)).empty


def test_nobody_opens_one_outside_the_own_scope(desk):
    for person in (OTHER_LEADER, ADMIN):
        with pytest.raises(StoreRefused):
            hot.open_joint(desk(person), rulebook(), spot(), at=START)
    assert disposal.listed(desk(CITY)).empty
    made = hot.open_joint(desk(LEADER), rulebook(), spot(), at=START)
    assert hot.case_of(desk(OTHER_LEADER), spot().run, "650102001") is None
    assert hot.case_of(desk(LEADER), spot().run, "650102001").number == made.number


def test_what_a_district_asks_for_waits_for_the_office(desk):
    assert hot.open_joint(desk(LEADER), rulebook(), spot(), at=START).state == "found"


def test_who_has_to_be_there_are_the_departments_of_what_is_wrong():
    assert hot.departments(rulebook(), spot()) == ("SWJ", "GAJ")
    assert hot.departments(rulebook(), spot(indicators=())) == ()


def test_of_many_subjects_five_are_named_and_all_counted(desk):
    case = hot.open_joint(desk(CITY), rulebook(), spot(subjects=tuple("甲乙丙丁戊己庚")), at=START)
    assert case.content.endswith("红橙对象：甲、乙、丙、丁、戊等 7 户。")
