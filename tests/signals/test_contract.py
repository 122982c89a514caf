"""A domain whose counts or contradictions can't be used is told what is wrong with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pilotwatch.conformance import check
from pilotwatch.contract import faults
from pilotwatch.domain import Count, Text
from tests.signals.made import DOMAIN, NOZZLES, VISITS
from tests.store.made import Station


def _told(**changed):
    return [
        p.message.zh for p in faults(replace(DOMAIN, **changed)) if "冲突" in p.message.zh or "计数" in p.message.zh
    ]


def test_the_small_domain_itself_has_no_fault():
    assert faults(DOMAIN) == []


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((VISITS, VISITS), "计数名称重复"),
        ((replace(VISITS, name="Visit!"),), "计数名称应为小写字母"),
        ((replace(VISITS, fields=("colour",)),), "计数所用字段不存在"),
        ((replace(VISITS, day="note"),), "计数的日期字段应为日期"),
        ((Count("x", "站", "Stations", record=Station),), "未说明按哪个日期计数"),
    ],
)  # fmt: skip
def test_a_count_that_cannot_be_counted_is_named(counts, said):
    assert any(said in told for told in _told(counts=counts)), _told(counts=counts)


@pytest.mark.parametrize("code", ["OIL-01", "K01"])
def test_a_contradictions_code_is_its_domains_with_a_k(code):
    assert "口径冲突编号应为 OIL-K01 的形式，且不重复" in _told(contradictions=(replace(NOZZLES, code=code),))
    assert _told(contradictions=(NOZZLES, NOZZLES))


def test_a_contradiction_has_two_sides_of_records_that_it_needs():
    one = replace(NOZZLES, sides=NOZZLES.sides[:1])
    assert [p.message.zh for p in faults(replace(DOMAIN, contradictions=(one,)))] == ["至少应有名称不同的两方"]
    lacking = replace(NOZZLES, needs=(Station,))
    (told,) = faults(replace(DOMAIN, contradictions=(lacking,)))
    assert "t_stated 应列入 needs" in told.message.zh


def test_what_is_shown_is_there_in_both_languages_and_two_departments_own_it():
    mute = replace(
        NOZZLES, tolerance=Text("相差不超过1支", ""), sides=tuple(replace(s, owner="SWJ") for s in NOZZLES.sides)
    )
    told = [p.message.zh for p in check(replace(DOMAIN, contradictions=(mute,))) if p.where.startswith("OIL-K01")]
    assert "缺少英文允许差（tolerance）" in told and "两方应属不同部门" in told
