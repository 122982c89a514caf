"""Cases through people's desks, on both databases: scope, two at once, leads, merging, attachments."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pandas as pd
import pytest

from pilotwatch import disposal, warnings
from pilotwatch.disposal import CaseFilter, CaseRefused, FileRefused
from pilotwatch.disposal.rows import row_of
from pilotwatch.records import Clue, Complaint
from pilotwatch.store import SYSTEM, Arrived, Person, Store, StoreRefused
from pilotwatch.store.case_lists import COLUMNS
from pilotwatch.workdays import now, today
from tests.disposal.made import CITY, LEADER, PDF, SCJG, START, SWJ, SWJ_2, TEAM, Shop, at, lead, rulebook
from tests.figures.test_keep import FOUND
from tests.store.made import OIL, Reading, Station, checked, station

OTHER_TEAM = Person("other", "别的专班", "pilot_team", None, frozenset({"cars"}))
OTHER_LEADER = Person("md", "米东区领导", "district_leader", frozenset({"650109"}))


OPENED = {"owners": {"d_shop": {"shops"}}}


@pytest.fixture
def any_desk(open_store):
    """Desks of a store on either database: for what a database could do otherwise."""
    return open_store((Shop, Complaint, Clue), **OPENED).desk


@pytest.fixture
def store(tmp_path):
    opened = Store.open(
        f"sqlite:///{tmp_path / 'cases.db'}", (Shop, Complaint, Clue), files=tmp_path / "files", **OPENED
    )
    yield opened
    opened.close()


@pytest.fixture
def desk(store):
    return store.desk


def opened(desk, by=CITY, when=START, **values):
    return disposal.open_case(desk(by), rulebook(), lead(**values), at=when)


def do(desk, by, case, act, *, when=START, files=(), **values):
    return disposal.do(desk(by), rulebook(), case, act, values, at=when, files=files)


def assigned(desk, department="SWJ", **values):
    case = do(desk, CITY, opened(desk, **values), "triage", reason="可查")
    return do(desk, CITY, case, "assign", department=department)


def refused(rule, function, *args, **values):
    with pytest.raises(StoreRefused) as no:
        function(*args, **values)
    assert no.value.rule == rule, no.value.message.zh
    return no.value


# --- what is stored ----------------------------------------------------------------------------------------------


def test_the_row_beside_the_events_is_what_they_replay_to(any_desk):
    case = assigned(any_desk, kind="report", channel="12345", channel_ref="G1", reporter=("张三丰", "13812341234"))
    case = do(any_desk, SWJ, case, "sign", when=at(1))
    case = do(any_desk, SWJ, case, "verify", when=at(2), reason="现场", files=[PDF])
    read = disposal.case(any_desk(CITY), case.number)
    assert read == case and disposal.replay(disposal.history(any_desk(CITY), case)) == case
    row = disposal.listed(any_desk(CITY)).iloc[0].to_dict()
    for name, expected in row_of(case).items():
        told = row[name]
        if expected is None:
            assert told != told or told is None, name
        elif name == "received_on":
            assert told.date() == expected
        else:
            assert str(told) == str(expected) or told == expected, (name, told, expected)
    assert set(row) == set(COLUMNS)


def test_numbers_run_by_domain_and_day(desk):
    assert [opened(desk).number for _ in range(2)] == ["XS-SHP-20250605-00001", "XS-SHP-20250605-00002"]
    assert opened(desk, domain="").number == "XS-ZH-20250605-00001"


def test_every_act_is_in_the_audit(desk, store):
    case = assigned(desk)
    with store.registers(write=False) as books:
        lines = [(a["act"], a["object"], a["username"]) for a in reversed(books.audit_lines())]
    assert lines == [(f"case.{act}", case.number, "city") for act in ("open", "register", "triage", "assign")]


# --- scope -------------------------------------------------------------------------------------------------------


def test_everybody_sees_the_cases_of_their_units_domains_and_departments(any_desk):
    case = assigned(any_desk)
    seen = {
        p.username: case.number in set(disposal.listed(any_desk(p))["number"])
        for p in (CITY, TEAM, SWJ, SCJG, LEADER, OTHER_TEAM, OTHER_LEADER)
    }
    assert seen == {"city": True, "team": True, "swj": True, "scjg": False, "leader": True, "other": False, "md": False}
    for blind in (SCJG, OTHER_TEAM, OTHER_LEADER):
        refused("no_case", disposal.case, any_desk(blind), case.number)
        refused("no_case", do, any_desk, blind, case, "note", reason="x")
    refused("not_allowed", disposal.listed, any_desk(Person("a", "管理员", "administrator")))


def test_a_department_that_acts_along_and_a_district_asked_for_help_see_the_case(desk):
    case = do(desk, CITY, opened(desk), "triage", reason="可查")
    case = do(desk, CITY, case, "assign", department="SWJ", others=["SCJG"])
    assert disposal.case(desk(SCJG), case.number).others == ("SCJG",)
    for act in ("sign", "verify"):
        case = do(desk, SWJ, case, act, reason="x")
    refused("no_case", disposal.case, desk(OTHER_LEADER), case.number)
    do(desk, SWJ, case, "assist", unit="650109", reason="请协查")
    assert disposal.case(desk(OTHER_LEADER), case.number).assists == ("650109",)


def test_nobody_opens_a_case_that_they_could_not_see(desk):
    refused("no_case", disposal.open_case, desk(OTHER_TEAM), rulebook(), lead(), at=START)
    assert disposal.listed(desk(CITY)).empty


# --- who reported ------------------------------------------------------------------------------------------------


def test_who_reported_is_masked_apart_and_every_look_is_in_the_audit(desk, store):
    case = assigned(
        desk, kind="report", channel_ref="G1", reporter=("阿卜杜拉·买买提", "13812341234"), content="电话13812341234"
    )
    people = disposal.complainants(desk(SWJ), case.subject_id, case.id)
    assert [(p["ref"], p["name"], p["contact"]) for p in people] == [("G1", "阿**·***", "138****1234")]
    assert case.content == "电话138****1234"
    refused("not_allowed", disposal.complainants, desk(LEADER), case.subject_id, case.id)
    with store.registers(write=False) as books:
        assert [(a["username"], a["object"]) for a in books.audit_lines(act="case.reporters")] == [("swj", case.number)]


def test_a_confidential_clue_tells_only_its_officer_and_the_city_what_was_said(any_desk):
    case = assigned(any_desk, kind="report", channel_ref="G1", confidential=True, content="内部人员举报")
    case = do(any_desk, SWJ, case, "sign")
    assert (
        disposal.case(any_desk(SWJ), case.number).content
        == disposal.case(any_desk(CITY), case.number).content
        == "内部人员举报"
    )
    for blind in (LEADER, TEAM, SWJ_2):
        shown = disposal.case(any_desk(blind), case.number)
        assert (shown.content, shown.channel_ref, shown.waiting) == ("***", "***", ("***",))
    refused("confidential", disposal.complainants, any_desk(SWJ_2), case.subject_id, case.id)
    assert disposal.listed(any_desk(LEADER))["content"].tolist() == [""]
    assert disposal.listed(any_desk(LEADER), CaseFilter(words="内部人员")).empty
    do(any_desk, LEADER, disposal.case(any_desk(LEADER), case.number), "note", reason="请抓紧")
    assert disposal.case(any_desk(SWJ), case.number).content == "内部人员举报", (
        "an act by who can't see it loses nothing"
    )


# --- two at once -------------------------------------------------------------------------------------------------


def test_the_second_of_two_is_told_who_did_what_and_nothing_is_lost(any_desk):
    seen = assigned(any_desk)
    do(any_desk, SWJ, seen, "sign")
    no = refused("meanwhile", do, any_desk, SWJ_2, seen, "return", reason="不属本部门", department="SCJG")
    assert "swj 于" in no.message.zh and "签收" in no.message.zh and "swj: Sign for it" in no.message.en
    assert disposal.case(any_desk(CITY), seen.number).state == "signed"


def test_of_many_at_the_same_moment_exactly_one_acts(any_desk):
    seen = assigned(any_desk)
    start, outcomes = threading.Barrier(4), []

    def one():
        start.wait()
        try:
            outcomes.append(do(any_desk, SWJ, seen, "sign").version)
        except CaseRefused as no:
            outcomes.append(no.rule)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert sorted(map(str, outcomes)) == sorted([str(seen.version + 1), *["meanwhile"] * 3])
    assert len(disposal.history(any_desk(CITY), seen)) == seen.version + 1


def test_an_act_on_several_tells_which_moved_and_why_the_others_did_not(desk):
    cases = [do(desk, CITY, opened(desk), "triage", reason="x") for _ in range(3)]
    do(desk, CITY, cases[1], "assign", department="SCJG")
    numbers = [c.number for c in cases]
    looked = disposal.preview(desk(CITY), rulebook(), numbers, "assign", {"department": "SWJ"})
    assert [c.number for c in looked.done] == [numbers[0], numbers[2]] and set(looked.refused) == {numbers[1]}
    assert {disposal.case(desk(CITY), n).state for n in (numbers[0], numbers[2])} == {"triaged"}, (
        "a preview changes nothing"
    )
    done = disposal.do_many(desk(CITY), rulebook(), numbers, "assign", {"department": "SWJ"}, at=START)
    assert [c.state for c in done.done] == ["assigned"] * 2 and "分办" in done.refused[numbers[1]].zh


# --- several cases -----------------------------------------------------------------------------------------------


def test_a_duplicate_is_proposed_by_phone_or_by_text_within_thirty_days(any_desk):
    first = opened(
        any_desk, kind="report", channel_ref="G1", reporter=("张三", "13812341234"), content="健身房关门不退费"
    )
    far = opened(any_desk, kind="report", channel_ref="G0", received_at=at(-31), reporter=("张三", "13812341234"))
    other_fact = opened(any_desk, fact="SHP-02", kind="report", channel_ref="G9", reporter=("张三", "13812341234"))
    phone = opened(
        any_desk,
        kind="report",
        channel_ref="G2",
        received_at=at(30),
        reporter=("李四", "13812341234"),
        content="完全不同的一件事情说明",
    )
    text = opened(
        any_desk, kind="report", channel_ref="G3", received_at=at(2), content="健身房关门了不退费"
    )  # 8 of 17 characters twice: 0.94
    assert [d.number for d in disposal.duplicates(any_desk(CITY), phone)] == [first.number]
    assert [(d.number, round(d.likeness, 2)) for d in disposal.duplicates(any_desk(CITY), text)] == [
        (first.number, 0.94)
    ]
    assert disposal.duplicates(any_desk(CITY), other_fact) == []
    assert not {d.number for d in disposal.duplicates(any_desk(CITY), first)} & {far.number, other_fact.number}


def test_a_merged_sheet_has_the_first_clock_but_its_complainant_gets_an_answer(any_desk):
    first = opened(any_desk, kind="report", channel="12345", channel_ref="G1")
    later = opened(
        any_desk,
        kind="report",
        channel="12345",
        channel_ref="G2",
        received_at=at(3),
        when=at(3),
        reporter=("李四", "13912345678"),
    )
    refused("later", disposal.merge, any_desk(CITY), rulebook(), first, later, "同一事项", at=at(4))
    merged = disposal.merge(any_desk(CITY), rulebook(), later, first, "同一事项", at=at(4))
    assert merged.waiting == ("G1", "G2") and merged.clock("T4") == first.clock("T4")
    gone = disposal.case(any_desk(CITY), later.number)
    assert (gone.state, gone.merged_into, gone.waiting, gone.running) == ("merged", first.id, (), ())
    assert [p["ref"] for p in disposal.complainants(any_desk(CITY), first.subject_id, first.id)] == ["G1", "G2"]
    do(any_desk, CITY, merged, "answer", complainant="G2", reason="已电话答复")
    answered = {
        p["ref"]: p["answered_at"] is not None
        for p in disposal.complainants(any_desk(CITY), first.subject_id, first.id)
    }
    assert answered == {"G1": False, "G2": True}


def test_cases_of_two_domains_at_one_address_are_proposed_as_one_and_a_person_makes_it(desk):
    gym = opened(desk, address="乌鲁木齐市天山区胜利路 12 号")
    house = opened(
        desk,
        domain="houses",
        subject_id="11111111-1111-5111-8111-111111111111",
        address="天山区胜利路12号",
        fact="SBH-01",
        unit="650103",
    )
    alone = opened(desk, subject_id="22222222-2222-5222-8222-222222222222", address="天山区胜利路13号")
    found = disposal.proposals(disposal.listed(desk(CITY)))
    assert [(p.why, set(p.domains), set(p.numbers)) for p in found] == [
        ("place", {"shops", "houses"}, {gym.number, house.number})
    ]
    assert disposal.case(desk(CITY), alone.number).state == "registered"
    main, other = (disposal.case(desk(CITY), n) for n in found[0].numbers)
    joint = disposal.join(desk(CITY), rulebook(), main, [other], "同址多领域", at=START)
    assert joint.joint and set(joint.domains) == {"shops", "houses"} and set(joint.units) == {"650102", "650103"}
    assert joint.number in set(disposal.listed(desk(TEAM))["number"]), "each team sees the joint case"
    assert disposal.proposals(disposal.listed(desk(CITY))) == []


def test_a_sheet_with_a_complaint_and_a_report_is_split_and_clocked_apart(desk):
    both = opened(desk, kind="complaint", channel="12315", channel_ref="G1", content="要求退费，并举报无证经营")
    first, new = disposal.split(desk(CITY), rulebook(), both, "举报无证经营", "report", "一事一单", at=at(1))
    assert first.clock("T1") and not first.clock("T4")
    assert new.clock("T4") and not new.clock("T1") and new.received_at == both.received_at
    assert new.waiting == first.waiting == ("G1",)


# --- leads -------------------------------------------------------------------------------------------------------


class _Found:
    """As much of a registry as `waiting` asks for."""

    dataset = staticmethod({"complaint": Complaint, "clue": Clue}.__getitem__)
    domain_of = staticmethod(lambda dataset: None)


def test_uploaded_complaints_are_taken_over_once(desk):
    rows = [
        {"source": "12315", "ref_no": f"T{n}", "received_at": START.replace(tzinfo=None) + timedelta(n), "kind": kind, "name": "某健身",
         "subject": "退费", "status": status, "division_code": "650102"}
        for n, (kind, status) in enumerate([("投诉", "待受理"), ("举报", "办理中"), ("投诉", "已办结")])
    ]  # fmt: skip
    desk(SYSTEM).commit(Arrived("投诉.xlsx"), [checked(Complaint, rows)])
    leads = disposal.waiting(desk(CITY), _Found, "complaint")
    assert [(x.channel_ref, x.kind) for x in leads] == [("T1", "report"), ("T0", "complaint")]
    done = disposal.take_over(desk(CITY), rulebook(), leads, at=at(3))
    assert [c.clocks[0].rule for c in done.done] == ["T4", "T1"] and not done.refused
    assert disposal.waiting(desk(CITY), _Found, "complaint") == []
    again = disposal.take_over(desk(CITY), rulebook(), leads, at=at(3))
    assert not again.done and {m.zh[:14] for m in again.refused.values()} == {"这条线索已经立有案件，不能重"}


@pytest.fixture
def warned(open_store):
    """A store with a red warning, and cases that follow from verdicts."""
    store = open_store((Station, Reading), owners={"t_station": {"oil"}, "t_reading": {"oil"}})
    store.on_change.append(partial(warnings.follow, FOUND, store))
    store.on_verdict.append(partial(disposal.follow, lambda: replace(rulebook(), domains=FOUND.domains), store))
    store.desk(OIL).commit(Arrived("f.xlsx"), [checked(Station, [station(1, nozzles=9)])])
    return store


def test_a_confirmed_warning_becomes_a_clue_in_the_same_transaction(warned):
    row = warnings.listed(warned.desk(CITY)).iloc[0]
    warnings.close(warned.desk(CITY), row["subject_id"], row["id"], "true", "现场核实", today())
    listed = disposal.listed(warned.desk(CITY))
    assert listed[["kind", "channel", "fact", "level", "state", "domain"]].iloc[0].tolist() == [
        "warning", "数据预警(本系统)", row["indicator"], "red", "found", "oil",
    ]  # fmt: skip
    case = disposal.case(warned.desk(CITY), listed["number"].iloc[0])
    assert disposal.sources(warned.desk(CITY), case.subject_id, case.id)[0]["ref"] == row["id"]
    assert row["number"] in case.content and "现场核实" in case.content


def test_a_warning_that_is_no_true_one_becomes_nothing_and_a_failing_hook_leaves_it_open(warned):
    row = warnings.listed(warned.desk(CITY)).iloc[0]

    def fails(*_):
        raise RuntimeError("no")

    warned.on_verdict.append(fails)
    with pytest.raises(RuntimeError):
        warnings.close(warned.desk(CITY), row["subject_id"], row["id"], "true", "核实", today())
    assert disposal.listed(warned.desk(CITY)).empty and len(warnings.listed(warned.desk(CITY))) == 1
    warned.on_verdict.pop()
    warnings.close(warned.desk(CITY), row["subject_id"], row["id"], "false", "误报", today())
    assert disposal.listed(warned.desk(CITY)).empty


def test_another_warning_of_the_same_kind_is_another_lead_of_the_open_case(warned):
    for n in range(2):
        row = warnings.listed(warned.desk(CITY)).iloc[0]
        warnings.close(warned.desk(CITY), row["subject_id"], row["id"], "true", f"第{n}次", today() - timedelta(9))
        if n == 0:
            warnings.update(warned, FOUND, on=today() + timedelta(1))
    listed = disposal.listed(warned.desk(CITY))
    assert len(listed) == 1 and listed["version"].tolist() == [2]
    case = disposal.case(warned.desk(CITY), listed["number"].iloc[0])
    assert len(disposal.sources(warned.desk(CITY), case.subject_id, case.id)) == 2


def test_warnings_of_two_domains_on_one_subject_are_proposed_with_the_case_that_one_became(warned):
    row = warnings.listed(warned.desk(CITY)).iloc[0]
    subject = row["subject_id"]
    assert disposal.propose(warned.desk(CITY)) == []
    both = pd.DataFrame(
        [
            {"subject_id": subject, "number": n, "domain": d, "name": "某站"}
            for n, d in (("YJ-1", "oil"), ("YJ-2", "shops"))
        ]
    )
    none = disposal.listed(warned.desk(CITY))
    found = disposal.proposals(none, both)
    assert [(p.domains, p.cases, p.warnings) for p in found] == [(("oil", "shops"), (), ("YJ-1", "YJ-2"))]
    warnings.close(warned.desk(CITY), subject, row["id"], "true", "属实", today())
    made = disposal.of_warning(warned.desk(CITY), subject, row["id"])
    found = disposal.proposals(disposal.listed(warned.desk(CITY)), both.iloc[1:])
    assert [(p.domains, p.cases, p.warnings) for p in found] == [(("oil", "shops"), (made.id,), ("YJ-2",))]


# --- attachments -------------------------------------------------------------------------------------------------


def test_attachments_are_kept_outside_the_rows_by_their_hash(desk, store):
    case = do(desk, CITY, opened(desk), "note", reason="补充", files=[PDF, ("照片.JPG", b"\xff\xd8\xff\xe0abc")])
    kept = disposal.attachments(desk(CITY), case.subject_id, case.id)
    assert [(f["name"], f["kind"], f["seq"]) for f in kept] == [("笔录.pdf", "pdf", 3), ("照片.jpg", "jpeg", 3)]
    name, path = disposal.file_of(desk(CITY), case.subject_id, case.id, kept[0]["id"])
    assert (name, path.read_bytes()) == PDF and path.is_relative_to(store.files)
    assert disposal.history(desk(CITY), case)[-1].files == tuple(f["id"] for f in kept)
    refused("no_case", disposal.file_of, desk(SCJG), case.subject_id, case.id, kept[0]["id"])


def test_an_act_with_a_file_that_is_not_taken_is_not_done(desk):
    case = opened(desk)
    with pytest.raises(FileRefused):
        do(desk, CITY, case, "note", reason="x", files=[PDF, ("a.pdf", b"MZ\x90\x00")])
    assert (
        disposal.case(desk(CITY), case.number) == case
        and disposal.attachments(desk(CITY), case.subject_id, case.id) == []
    )


# --- a date that can't be told -----------------------------------------------------------------------------------------


def test_a_case_is_registered_though_its_deadline_lies_in_a_year_without_a_notice(desk):
    late = rulebook().calendar  # knows the national days to 2026
    start = START.replace(year=2026, month=12, day=25)
    case = opened(desk, when=start, received_at=start)
    clock = case.clock("T4")
    assert (clock.due_at, clock.standing) == (None, "unknown")
    assert clock.why.zh.startswith("2027年全国放假通知录入前，无法计算到期日") and "2027" in clock.why.en
    assert disposal.listed(desk(CITY))["standing"].tolist() == ["unknown"]
    assert disposal.recount(desk(SYSTEM), rulebook()) == 0, "nothing is known yet, so nothing moves"
    known = replace(late, named={**late.named, ("CN", 2027): frozenset(f.zh for f in late.regions[0].festivals)})
    assert disposal.recount(desk(SYSTEM), replace(rulebook(), calendar=known)) == 1
    after = disposal.case(desk(CITY), case.number)
    assert after.clock("T4").due_at is not None and disposal.history(desk(CITY), case)[-1].act == "recount"
    assert date(2027, 1, 1) < after.clock("T4").due_at.date() < date(2027, 2, 1) and now()
