"""The list of matters: what may be planned on a day, what is wrong with it, what changed, what is published."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilotwatch.inspection import matters
from pilotwatch.records import SHARED
from pilotwatch.store import SYSTEM, Person, StoreRefused
from pilotwatch.store import matters as kept
from tests.inspection_objects.made import DAY, hand_in, matter

OFFICER = Person("market", "市市场监管局经办人", "department_officer", departments=frozenset({"SCJG"}))
TIANSHAN = Person("ts", "天山区领导", "district_leader", units=frozenset({"650102"}))


@pytest.fixture
def desk(open_store):
    return open_store(SHARED).desk(SYSTEM)


def codes(frame) -> list[str]:
    return frame["item_code"].tolist()


def test_only_what_is_published_and_in_force_may_be_planned(desk):
    hand_in(desk, [
        matter(1), matter(2, published_on=None), matter(3, published_on=date(2026, 12, 1)), matter(4, valid_from=date(2027, 1, 1)),
        matter(5, valid_until=date(2026, 11, 23)), matter(6, valid_until=DAY), matter(7, published_on=DAY),
    ])  # fmt: skip
    assert codes(matters.plannable(desk, DAY)) == ["JC-001", "JC-006", "JC-007"]
    states = matters.listing(desk, DAY).set_index("item_code")["state"]
    assert states.to_dict() == {
        "JC-001": "published", "JC-002": "unpublished", "JC-003": "unpublished", "JC-004": "coming", "JC-005": "ended",
        "JC-006": "published", "JC-007": "published",
    }  # fmt: skip


def test_what_a_plan_is_told_of_a_matter(desk):
    hand_in(desk, [
        matter(1, minutes=90, partners=["XFJY", "SCJG"], scene=["加油站", "预付卡"], mergeable=False, yearly_cap=2),
        matter(2, joint=False), matter(3, joint=True, off_site=True), matter(4),
    ])  # fmt: skip
    first, second, third, fourth = matters.plannable(desk, DAY).to_dict("records")
    assert (first["hours"], first["mergeable"], first["yearly_cap"]) == (1.5, False, 2.0)
    assert first["departments"] == ("SCJG", "XFJY") and first["scenes"] == ("加油站", "预付卡")
    assert (second["mergeable"], third["mergeable"], third["off_site"]) == (False, True, True)
    assert (fourth["mergeable"], fourth["hours"], fourth["off_site"]) == (True, 1.0, False)


def test_alarms_name_what_is_missing_the_gravest_first_and_only_of_what_is_in_force(desk):
    hand_in(desk, [
        matter(1, method=None), matter(2, published_on=None, basis=None, procedure="  "), matter(3, content=None),
        matter(4, method=None, valid_until=date(2025, 1, 1)), matter(5),
    ])  # fmt: skip
    alarms = matters.listing(desk, DAY).set_index("item_code")["alarms"].to_dict()
    assert alarms == {
        "JC-001": ("no_method",), "JC-002": ("unpublished", "no_basis", "no_procedure"), "JC-003": ("no_content",),
        "JC-004": (), "JC-005": (),
    }  # fmt: skip
    assert set(matters.ALARMS) >= {a for told in alarms.values() for a in told}


def test_a_wording_changed_after_publishing_is_not_published_until_it_is_again(desk):
    hand_in(desk, [matter(1), matter(2), matter(3)], on=date(2024, 1, 2))
    hand_in(
        desk,
        [
            matter(1, content="另加检查"),
            matter(2, minutes=30),
            matter(3, content="新内容", published_on=date(2026, 11, 1)),
        ],
    )
    rows = matters.listing(desk, DAY).set_index("item_code")
    assert rows["state"].tolist() == ["changed", "published", "published"]  # how long it takes isn't published
    assert rows.loc["JC-001", "alarms"] == ("changed",)
    assert codes(matters.plannable(desk, DAY)) == ["JC-002", "JC-003"]
    hand_in(desk, [matter(1)])  # the wording of before stands again
    assert codes(matters.plannable(desk, DAY)) == ["JC-001", "JC-002", "JC-003"]


def test_a_batch_publishes_the_wording_it_had(desk):
    hand_in(desk, [matter(1, published_on=None), matter(2, published_on=None)])
    made = matters.publish(desk, "第一批", ["JC-001", "JC-002"], document="乌市监〔2026〕8号")
    assert (made.matters, made.published_on) == (2, DAY)
    rows = matters.listing(desk, DAY)
    assert rows["told_in"].tolist() == ["第一批", "第一批"] and rows["state"].tolist() == ["published"] * 2
    hand_in(desk, [matter(2, published_on=None, method="书面检查")])
    assert matters.listing(desk, DAY)["state"].tolist() == ["published", "changed"]
    matters.publish(desk, "第二批", ["JC-002"])
    assert codes(matters.plannable(desk, DAY)) == ["JC-001", "JC-002"]
    assert [r.title for r in kept.releases(desk)] == ["第二批", "第一批"]


def test_a_batch_of_later_counts_from_its_day(desk):
    hand_in(desk, [matter(1, published_on=None)])
    matters.publish(desk, "第一批", ["JC-001"], on=date(2026, 11, 20))
    assert codes(matters.plannable(desk, date(2026, 11, 19))) == []
    assert codes(matters.plannable(desk, date(2026, 11, 20))) == ["JC-001"]


@pytest.mark.parametrize(
    ("codes", "title", "on", "rule"),
    [
        (["JC-001"], " ", None, "no_title"), ([], "第一批", None, "no_matter"), (["JC-009"], "第一批", None, "no_such_matter"),
        (["JC-002"], "第一批", None, "unripe"), (["JC-003"], "第一批", None, "not_waiting"), (["JC-004"], "第一批", None, "not_waiting"),
        (["JC-001"], "第一批", date(2026, 11, 25), "ahead"), (["JC-001", "JC-002"], "第一批", None, "unripe"),
    ],
)  # fmt: skip
def test_what_is_not_ripe_is_refused_and_nothing_is_published(desk, codes, title, on, rule):
    hand_in(desk, [
        matter(1, published_on=None), matter(2, published_on=None, method=None), matter(3), matter(4, valid_until=date(2025, 1, 1)),
    ])  # fmt: skip
    with pytest.raises(StoreRefused) as no:
        matters.publish(desk, title, codes, on=on)
    assert no.value.rule == rule
    assert kept.releases(desk) == () and len(kept.published(desk)) == 0
    assert matters.ripe(desk, DAY)["item_code"].tolist() == ["JC-001"]


def test_a_batch_is_called_by_one_title_once_and_told_in_the_audit(open_store):
    store = open_store(SHARED)
    desk = store.desk(SYSTEM)
    hand_in(desk, [matter(1, published_on=None), matter(2, published_on=None)])
    matters.publish(desk, "第一批", ["JC-001"])
    with pytest.raises(StoreRefused, match="第一批"):
        matters.publish(desk, "第一批", ["JC-002"])
    with store.registers(write=False) as books:
        (line,) = books.audit_lines(act="matters.publish")
    assert line["object"] == "第一批" and line["details"]["matters"] == ["JC-001"]


def test_only_the_office_publishes_and_everybody_reads(open_store):
    store = open_store(SHARED)
    hand_in(store.desk(SYSTEM), [matter(1, published_on=None), matter(2)])
    for person in (OFFICER, TIANSHAN):
        desk = store.desk(person)
        assert codes(matters.plannable(desk, DAY)) == ["JC-002"]
        with pytest.raises(StoreRefused):
            matters.publish(desk, "第一批", ["JC-001"])


def test_publishing_moves_the_version_of_the_data(open_store):
    store = open_store(SHARED)
    hand_in(store.desk(SYSTEM), [matter(1, published_on=None)])
    before = store.version("matter")
    matters.publish(store.desk(SYSTEM), "第一批", ["JC-001"])
    assert store.version("matter") == before + 1


def test_changes_between_two_days(desk):
    hand_in(desk, [matter(1), matter(2), matter(3), matter(4, valid_until=date(2026, 6, 30))], on=date(2024, 1, 2))
    hand_in(
        desk,
        [matter(2, method="书面检查", yearly_cap=1), matter(5), matter(6, valid_from=date(2026, 12, 1))],
        on=date(2026, 7, 10),
    )
    told = matters.between(desk, date(2026, 1, 1), DAY)
    assert [(c.kind, c.item_code) for c in told] == [("gone", "JC-004"), ("new", "JC-005"), ("changed", "JC-002")]
    assert told[2].fields == {"method": ("现场检查", "书面检查"), "yearly_cap": (None, 1.0)}
    assert matters.between(desk, DAY, DAY) == []
    back = matters.between(desk, DAY, date(2026, 1, 1))
    assert {(c.kind, c.item_code) for c in back} == {("new", "JC-004"), ("gone", "JC-005"), ("changed", "JC-002")}
    assert [c.item_code for c in matters.between(desk, DAY, date(2026, 12, 1))] == ["JC-006"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["亮证", "查阅台账", "现场核对"]), min_size=1, max_size=4),
    st.sampled_from(["；", ";", "\n", "； "]),
)
def test_the_parts_of_a_cell_come_out_as_they_went_in(parts, between):
    assert matters.steps(between.join(parts)) == tuple(parts)
    assert matters.steps("") == ()
