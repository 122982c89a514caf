"""Typical cases on both databases: drafted from closed cases, masked, frozen, decided on, read across units, taken over."""

from __future__ import annotations

import json

import pytest

from pilotwatch import disposal, typical
from pilotwatch.records import Clue, Complaint
from pilotwatch.store import SYSTEM, Store, StoreRefused
from pilotwatch.typical import TypicalFilter
from tests.disposal.made import ADMIN, CITY, LEADER, SCJG, SWJ, TEAM, Shop, rulebook
from tests.typical.made import LEADER_2, LESSONS, NAME, OFFICE, OTHER_TEAM, PLACE, closed, house, published, written

OPENED = {"owners": {"d_shop": {"shops"}}}
RECORDS = (Shop, Complaint, Clue)


@pytest.fixture
def any_store(open_store):
    """A store on either database: for what a database could do otherwise."""
    return open_store(RECORDS, **OPENED)


@pytest.fixture
def store(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 'typical.db'}", RECORDS, files=tmp_path / "files", **OPENED)
    yield opened
    opened.close()


def refused(rule, function, *args, **values):
    with pytest.raises(StoreRefused) as no:
        function(*args, **values)
    assert no.value.rule == rule, no.value.message.zh
    return no.value.message.zh


# --- drafting ------------------------------------------------------------------------------------------------------


def test_a_closed_case_is_written_up_with_its_days_against_their_limits_and_nobody_named(store):
    case = closed(store, slow=25, people_count=12, amount=3200.5, content=f"{NAME}办卡后关门不退费")
    desk = store.desk(TEAM)
    number = typical.draft(desk, house(), [case.number])
    found = typical.find(desk, number)
    assert number == "DX-2026-0001" and found["state"] == "draft" and found["units"] == ("650102",)
    text = json.dumps(found["body"], ensure_ascii=False) + found["title"]
    assert NAME not in text and "欣荣" not in text and "88号" not in text and "13812341234" not in text
    assert "天山区某门店监管对象办卡后关门不退费" in found["body"]["background"]
    assert "涉及 12 人" in found["body"]["background"] and "3,200.50" in found["body"]["background"]
    assert "由市商务局牵头办理" in found["body"]["acted"] and "市公安局协同办理" in found["body"]["acted"]
    assert found["body"]["practice"] == found["body"]["lessons"] == ""
    figures = {f.code: f for f in typical.figures(desk, house(), found)}
    # received 5 June, at noon, closed 1 + 1 + .2 + 3 + 25 + 5 + 2 + 1 = 38.2 days later
    assert figures["days"].value.zh == "38 日" and figures["days"].trace == (("case", case.number),)
    assert figures["departments"].value.zh == "2 个" and figures["people"].value.zh == "12 人"
    ended = [c for c in case.clocks if c.ended_at and c.due_at and not c.party]
    kept = sum(c.ended_at <= c.due_at for c in ended)
    assert figures["kept"].value.zh == f"{kept} / {len(ended)} 项" and 0 < kept < len(ended)
    # 15 working days from 5 June end on 1 July (domain-rules E.6: holidays of Roza and Corban too); it was decided on the 5th
    assert figures[f"limit.{case.number}.T4"].late and "逾期" in figures[f"limit.{case.number}.T4"].value.zh
    assert "时限均按期" not in found["body"]["process"] and "逾期" in found["body"]["process"]
    # the order of 15 days took 5
    order = figures[f"limit.{case.number}.K1"]
    assert order.value.zh == "用时 5日，时限 15日（自然日），按期" and not order.late
    assert {"cross"} <= set(found["tags"])


def test_only_closed_cases_in_scope_are_written_up_and_none_twice(store):
    open_ = closed(store, "XS-SHP-2", to="disposing")
    case, secret = closed(store), closed(store, "XS-SHP-3", confidential=True)
    desk = store.desk(TEAM)
    assert "XS-SHP-2 尚未结案" in refused("not_closed", typical.draft, desk, house(), [open_.number])
    refused("no_case", typical.draft, store.desk(LEADER_2), house(), [case.number])
    refused("no_case", typical.draft, store.desk(SCJG), house(), [case.number])
    refused("confidential", typical.draft, store.desk(CITY), house(), [secret.number])
    refused("not_allowed", typical.draft, store.desk(ADMIN), house(), [case.number])
    number = typical.draft(desk, house(), [case.number])
    assert number in refused("written", typical.draft, store.desk(CITY), house(), [case.number])
    other = closed(store, "XS-SHP-4", unit="650103", division_code="650103")
    together = typical.draft(desk, house(), [case.number, other.number, case.number])
    found = typical.find(desk, together)
    assert [s["number"] for s in found["sources"]] == [case.number, other.number]
    assert found["title"].endswith("2 件处置案例") and found["units"] == ("650102", "650103")


# --- who sees what -------------------------------------------------------------------------------------------------


def test_a_draft_is_read_by_those_who_see_all_of_its_cases_and_nobody_else(any_store):
    one = closed(any_store)
    other = closed(any_store, "XS-SHP-4", unit="650103", division_code="650103")
    number = typical.draft(any_store.desk(TEAM), house(), [one.number])
    both = typical.draft(any_store.desk(TEAM), house(), [one.number, other.number])
    wanted = TypicalFilter("open")

    def seen(person):
        return {r["number"] for r in typical.listed(any_store.desk(person), wanted)}

    assert seen(TEAM) == seen(CITY) == seen(SWJ) == {number, both}
    assert seen(LEADER) == {number}  # of 天山区: one of the two cases is elsewhere
    assert seen(LEADER_2) == seen(OTHER_TEAM) == seen(SCJG) == set()
    for person in (LEADER_2, OTHER_TEAM, SCJG):
        refused("no_typical", typical.find, any_store.desk(person), number)
    refused("no_typical", typical.find, any_store.desk(LEADER), both)
    refused("not_allowed", typical.listed, any_store.desk(ADMIN), wanted)
    assert typical.totals(any_store.desk(LEADER_2))["draft"] == 0
    assert typical.totals(any_store.desk(TEAM))["draft"] == 2


def test_what_is_published_is_read_everywhere_without_a_way_back_to_its_rows(any_store):
    case = closed(any_store)
    number = published(any_store, TEAM, case.number)
    for person in (LEADER_2, OTHER_TEAM, SCJG):
        desk = any_store.desk(person)
        (row,) = typical.listed(desk)
        assert row["number"] == number and not row["within"]
        found = typical.find(desk, number)
        assert {kind for f in found["figures"] for kind, _ in f["trace"]} == {"case"}
        assert [e["act"] for e in found["events"]] == ["approve"] and found["sources"] == [
            {"number": case.number, "case_id": ""}
        ]
        assert typical.possible(person, found) == ("adopt",)
    inside = typical.find(any_store.desk(TEAM), number)
    assert {"case", "limit"} <= {kind for f in inside["figures"] for kind, _ in f["trace"]}


# --- its life ------------------------------------------------------------------------------------------------------


def test_it_is_submitted_complete_and_published_by_another_hand(store):
    number = typical.draft(store.desk(CITY), house(), [closed(store).number])
    desk, found = store.desk(CITY), typical.find(store.desk(CITY), number)
    said = refused("incomplete", typical.submit, desk, house(), number, found["moves"])
    assert "主要做法" in said and "可复制经验" in said
    found = written(desk, number)
    refused("city_office", typical.approve, store.desk(TEAM), number, found["moves"], checked=True)
    typical.submit(desk, house(), number, found["moves"])
    moves = found["moves"] + 1
    refused("wrong_state", typical.save, desk, number, moves, typical.content_of(found))
    refused("own_text", typical.approve, desk, number, moves, checked=True)
    refused("not_checked", typical.approve, store.desk(OFFICE), number, moves, checked=False)
    refused("no_remark", typical.send_back, store.desk(OFFICE), number, moves, "  ")
    refused("city_office", typical.send_back, store.desk(TEAM), number, moves, "补充")
    typical.send_back(store.desk(OFFICE), number, moves, "请补充复核情况")
    refused("meanwhile", typical.approve, store.desk(OFFICE), number, moves, checked=True)
    found = typical.find(desk, number)
    assert found["state"] == "returned" and found["events"][-1]["remark"] == "请补充复核情况"
    written(desk, number, outcome="复核合格。")  # a new version; the returned one stays as it was
    again = typical.find(desk, number)
    assert again["versions"] == [(1, "returned"), (2, "draft")]
    assert typical.find(desk, number, 1)["body"]["outcome"] != "复核合格。" == again["body"]["outcome"]
    typical.submit(desk, house(), number, again["moves"])
    typical.recall(desk, number, again["moves"] + 1)
    assert typical.find(desk, number)["as_of"] is None
    typical.submit(desk, house(), number, again["moves"] + 2)
    typical.approve(store.desk(OFFICE), number, again["moves"] + 3, checked=True)
    assert typical.find(store.desk(LEADER_2), number)["this"] == 2


def test_a_published_one_stays_while_its_next_version_is_written_and_goes_with_a_reason(store):
    number = published(store, TEAM, closed(store).number)
    desk, reader = store.desk(TEAM), store.desk(LEADER_2)
    found = written(desk, number, lessons="第二版：增加一张联合检查清单，各部门照单检查，结果共享。")
    assert (found["version"], found["shown"], found["state"]) == (2, 1, "draft")
    assert typical.find(reader, number)["body"]["lessons"] == LESSONS
    refused("no_typical", typical.find, reader, number, 2)
    assert typical.count(reader, TypicalFilter(words="联合检查清单")) == 0
    typical.withdraw(desk, number, found["moves"], "改写")  # the new version only
    assert typical.find(reader, number)["body"]["lessons"] == LESSONS
    found = written(desk, number)
    assert found["version"] == 3
    typical.submit(desk, house(), number, found["moves"])
    typical.approve(store.desk(OFFICE), number, found["moves"] + 1, checked=True)
    refused("city_office", typical.withdraw, desk, number, found["moves"] + 2, "不再适用")
    refused("no_reason", typical.withdraw, store.desk(OFFICE), number, found["moves"] + 2, "")
    typical.withdraw(store.desk(OFFICE), number, found["moves"] + 2, "不再适用")
    refused("no_typical", typical.find, reader, number)
    assert typical.count(reader) == 0 and typical.find(desk, number)["state"] == "withdrawn"
    with store.registers(write=False) as books:
        acts = [line["act"] for line in reversed(books.audit_lines()) if line["act"].startswith("typical.")]
    assert acts.count("typical.save") == 3 and acts[-1] == "typical.withdraw" and acts.count("typical.approve") == 2


def test_figures_are_frozen_when_submitted_and_a_case_that_moved_since_is_told(store):
    case = closed(store)
    number = published(store, TEAM, case.number)
    before = typical.find(store.desk(TEAM), number)
    assert before["changed"] == [] and before["as_of"] is not None
    disposal.do(
        store.desk(CITY),
        rulebook(),
        disposal.case(store.desk(CITY), case.number),
        "reopen",
        {"reason": "群众反映未整改"},
    )
    inside, outside = typical.find(store.desk(TEAM), number), typical.find(store.desk(LEADER_2), number)
    assert inside["changed"] == [case.number] and outside["changed"] == [""]
    assert typical.figures(store.desk(TEAM), house(), inside) == typical.figures(store.desk(TEAM), house(), before)
    found = written(store.desk(TEAM), number)
    assert typical.figures(store.desk(TEAM), house(), found) == ()
    assert "尚未结案" in refused("incomplete", typical.submit, store.desk(TEAM), house(), number, found["moves"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"对{NAME}立案", "名称"), (f"位于{PLACE}", "地址"), ("联系电话 138 1234 1234", "个人信息"),
        ("身份证650102199001010016", "个人信息"), ("统一社会信用代码91650100MA775X0B5C", "名称"),
    ],
)  # fmt: skip
def test_a_text_that_shows_somebody_is_not_submitted(store, text, kind):
    number = typical.draft(store.desk(TEAM), house(), [closed(store).number])
    found = written(store.desk(TEAM), number, outcome=text)
    assert kind in refused("shows_somebody", typical.submit, store.desk(TEAM), house(), number, found["moves"])
    content = typical.content_of(found, kept_names="处罚决定已依法公示")
    typical.save(store.desk(TEAM), number, found["moves"], content)
    if kind == "个人信息":  # never kept
        refused("shows_somebody", typical.submit, store.desk(TEAM), house(), number, found["moves"] + 1)
    else:
        typical.submit(store.desk(TEAM), house(), number, found["moves"] + 1)
        assert typical.find(store.desk(TEAM), number)["state"] == "submitted"


# --- finding, taking over ------------------------------------------------------------------------------------------


def test_texts_are_searched_by_parts_of_chinese_words_and_filtered(any_store):
    one = published(any_store, TEAM, closed(any_store).number)
    other = closed(any_store, "XS-SHP-4", unit="650103", division_code="650103")
    two = published(any_store, TEAM, other.number)
    desk = any_store.desk(LEADER_2)

    def found(**values):
        return [r["number"] for r in typical.listed(desk, TypicalFilter(**values))]

    assert sorted(found(words="流程 复核")) == [one, two]  # parts of 写进流程 and of 复核由未参与
    assert found(words="流程 预付卡") == []
    assert sorted(found(words="ＤＡＴＡ warnings")) == [one, two]  # a tag, in full width and in English
    assert found(words="100%") == found(words="_") == []
    assert found(unit="650103") == [two] and found(words="天山区") == [one]
    assert sorted(found(tag="data")) == sorted(found(domain="shops")) == sorted(found(year=2026)) == [one, two]
    assert found(tag="referral") == found(year=2025) == found(domain="shop") == []
    assert typical.count(desk, TypicalFilter(tag="data")) == 2
    assert typical.totals(desk) | {"library": 2, "units": ["650102", "650103"], "years": [2026]} == typical.totals(desk)


def test_another_unit_takes_a_practice_over_once_and_may_take_it_back(any_store):
    number = published(any_store, TEAM, closed(any_store).number)
    desk = any_store.desk(LEADER_2)
    refused("no_note", typical.adopt, desk, house(), number, "650109", " ")
    refused("no_taker", typical.adopt, desk, house(), number, "650103", "照做")
    refused("own_practice", typical.adopt, any_store.desk(LEADER), house(), number, "650102", "照做")
    typical.adopt(desk, house(), number, "650109", "参照其清单")
    refused("taken_over", typical.adopt, any_store.desk(CITY), house(), number, "650109", "照做")
    typical.adopt(any_store.desk(SCJG), house(), number, "SCJG", "用于年度抽查")
    found = typical.find(desk, number)
    assert found["adoptions"] == 2 and [a["taker"] for a in found["adopted"]] == ["650109", "SCJG"]
    refused("other_taker", typical.give_up, any_store.desk(SCJG), number, found["adopted"][0]["id"], "误报")
    typical.give_up(desk, number, found["adopted"][0]["id"], "误报")
    found = typical.find(desk, number)
    assert found["adoptions"] == 1 and found["adopted"][0]["ended_why"] == "误报"
    typical.adopt(desk, house(), number, "650109", "重新登记")
    assert typical.totals(any_store.desk(SYSTEM))["adoptions"] == 2
