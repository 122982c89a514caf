"""The state machine: random walks by random people, and the laws of every move."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pilotwatch.disposal.case import OVER, STATES, Case, apply, replay
from pilotwatch.disposal.machine import ACTS, HIDDEN, CaseRefused, acts_of, decide, possible, sides_of
from pilotwatch.disposal.rows import case_of, event_of, event_row, row_of, tally
from tests.disposal.made import (
    ADMIN,
    CITY,
    LEADER,
    PEOPLE,
    SCJG,
    START,
    SWJ,
    SWJ_2,
    TEAM,
    Story,
    lead,
    needed,
    rulebook,
)

CODES = sorted({a.code for a in ACTS})


class Walk(RuleBasedStateMachine):
    """Anybody tries anything, in any order; what is refused must change nothing."""

    def __init__(self):
        super().__init__()
        self.events, self.case, self.now = [], Case(), START

    @initialize(kind=st.sampled_from(["clue", "report", "complaint", "warning", "request"]), level=st.sampled_from(["", "red", "yellow"]),
                channel=st.sampled_from(["12345", "12315", "信访"]), real_name=st.booleans(),
                state=st.sampled_from(["found", "assigned", "signed", "disposing", "disposing", "feedback", "closed"]))  # fmt: skip
    def begin(self, kind, level, channel, real_name, state):
        story = Story(lead(kind=kind, level=level, channel=channel, real_name=real_name)).to(state)
        for event in story.events:
            self._take(event)

    @rule(
        code=st.sampled_from(CODES),
        person=st.sampled_from(PEOPLE),
        days=st.integers(0, 12),
        files=st.booleans(),
        sloppy=st.booleans(),
    )
    def anything(self, code, person, days, files, sloppy):
        self.now += timedelta(days)
        before = self.case
        rows = [a for a in ACTS if a.code == code]
        row = next((a for a in rows if before.state in a.at), rows[0])
        values = {} if sloppy else needed(row, before)
        legal = [a for a in acts_of(before, code) if sides_of(person, before) & set(a.sides)]
        try:
            event = decide(
                before, code, values, by=person, at=self.now, rulebook=rulebook(), files=["f"] if files else []
            )
        except CaseRefused as no:
            assert no.message.zh and no.message.en and self.case is before
            return
        assert legal, f"{code} by {person.role} from {before.state}"
        assert event.state in {a.next_state(before) for a in legal}
        self._take(event)

    @rule(
        person=st.sampled_from((CITY, SWJ, LEADER)),
        days=st.integers(0, 12),
        which=st.integers(0, 30),
        choice=st.integers(0, 4),
    )
    def what_is_offered(self, person, days, which, choice):
        """Whatever is offered to a person can be done by them, given what it asks for, unless it isn't the time yet."""
        self.now += timedelta(days)
        offered = possible(self.case, person)
        if not offered:
            return
        chosen = offered[which % len(offered)]
        assert chosen.act not in HIDDEN and sum(p.primary for p in offered) <= 1
        row = next(a for a in acts_of(self.case, chosen.act) if a.needs == chosen.needs)
        try:
            event = decide(
                self.case,
                chosen.act,
                needed(row, self.case, choice),
                by=person,
                at=self.now,
                rulebook=rulebook(),
                files=["f"],
            )
        except CaseRefused as no:
            assert no.rule == "not_now" or no.rule.startswith("need_"), no.rule
            return
        self._take(event)

    def _take(self, event):
        before, self.case = self.case, apply(self.case, event)
        self.events.append(event)
        told = {c["name"] for c in event.data.get("clocks", ())}
        untold = [c for c in self.case.clocks if c.name not in told]
        assert untold == [c for c in before.clocks if c.name not in told], "a deadline moved without being told of"

    @invariant()
    def the_case_is_what_its_events_say(self):
        if self.events:
            assert replay(self.events) == self.case
            assert case_of([event_row(e) for e in self.events]) == self.case, "also after they were stored as rows"
            assert event_of(event_row(self.events[-1])) == self.events[-1]

    @invariant()
    def no_illegal_state_is_reached(self):
        case = self.case
        if not self.events:
            return
        assert case.state in STATES and case.version == len(self.events)
        assert (case.state in OVER) == (case.closed_at is not None)
        assert case.state != "closed" or case.closing
        if case.state in ("closed", "merged"):
            late = {"T21", "T21.again"}
            assert not [c for c in case.running if c.rule not in late and not c.party and c.rule != "K1"]
        assert case.returns <= 1 or "ruling" in case.reached
        assert len({c.name for c in case.clocks}) == len(case.clocks)
        assert len([c.rule for c in case.running]) == len({c.rule for c in case.running})
        assert all((c.due_at is None) == (c.standing in ("paused", "unknown")) for c in case.clocks)
        assert case.state != "suspended" or not [c for c in case.running if c.pausable and c.due_at]

    @invariant()
    def the_row_and_the_counts_follow_from_the_case(self):
        if self.events:
            row, counts = row_of(self.case), tally(self.case)
            assert row["version"] == self.case.version and row["state"] == self.case.state
            assert all(n > 0 for n in counts.values())
            assert (self.case.state == "merged") == (not counts)


TestWalk = Walk.TestCase
TestWalk.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


# --- the way ---------------------------------------------------------------------------------------------------------


def test_a_clue_goes_the_straight_way_from_found_to_filed():
    story = Story().to("archived")
    assert [e.state for e in story.events] == [
        "found", "registered", "triaged", "assigned", "signed", "verifying", "disposing", "feedback", "reviewed", "closed", "archived",
    ]  # fmt: skip
    assert story.case.closing == "no_violation" and not story.case.running


def test_the_next_step_is_the_first_that_a_person_may_do():
    story = Story().to("assigned")
    assert [(p.act, p.primary) for p in possible(story.case, SWJ)][:2] == [("sign", True), ("return", False)]
    assert not [p for p in possible(story.case, SCJG) if p.act in ("sign", "return")], "another department has no part"
    assert not [p for p in possible(story.case, CITY) if p.primary]
    assert possible(story.case, ADMIN) == ()


@pytest.mark.parametrize(
    ("state", "act", "by", "rule"),
    [
        ("registered", "assign", CITY, "wrong_state"), ("assigned", "sign", SCJG, "not_yours"), ("assigned", "sign", LEADER, "not_yours"),
        ("triaged", "assign", SWJ, "not_yours"), ("closed", "report", SWJ, "wrong_state"), ("feedback", "review", SWJ, "not_yours"),
    ],
)  # fmt: skip
def test_an_act_from_another_state_or_by_another_side_is_refused(state, act, by, rule):
    story = Story().to(state)
    with pytest.raises(CaseRefused) as no:
        story.do(act, by)
    assert no.value.rule == rule and story.case.state == state


def test_who_handled_a_case_does_not_review_it():
    story = Story().to("assigned")
    for act in ("sign", "verify", "dispose", "report"):
        story.do(act, TEAM)
    with pytest.raises(CaseRefused, match="须由他人"):
        story.do("review", TEAM)
    assert story.do("review", CITY).state == "reviewed"


# --- return and ruling ---------------------------------------------------------------------------------------------------


def test_a_return_needs_a_reason_and_the_right_department():
    story = Story().to("assigned")
    for values, expected in (
        ({"reason": ""}, "need_reason"),
        ({"department": ""}, "need_department"),
        ({"department": "SWJ"}, "not_now"),
    ):
        with pytest.raises(CaseRefused) as no:
            story.do("return", SWJ, **values)
        assert no.value.rule == expected
    assert story.do("return", SWJ, reason="不属本部门职责", department="SCJG").state == "returned"


def test_the_second_return_goes_to_a_ruling_and_only_the_city_rules():
    story = Story().to("assigned")
    story.do("return", SWJ)
    story.do("assign", CITY, department="SCJG")
    assert story.do("return", SCJG, department="SWJ").state == "ruling"
    assert story.case.returns == 2 and story.case.clock("T6"), "a dispute is settled within 7 working days"
    with pytest.raises(CaseRefused):
        story.do("rule", TEAM)
    ruled = story.do("rule", CITY, department="SWJ", reason="依三定规定")
    assert (ruled.state, ruled.owner, ruled.clock("T6")) == ("assigned", "SWJ", None)


def test_a_return_comes_within_two_working_days():
    story = Story().to("assigned")  # Thursday 06-05; 06-06, 06-09 and 06-10 are off, so the second working day is 06-12
    story.now += timedelta(7)
    assert story.do("return", SWJ).state == "returned"
    late = Story().to("assigned")
    with pytest.raises(CaseRefused, match="退回期限"):
        late.do("return", SWJ, days=8)


# --- several people --------------------------------------------------------------------------------------------------


def test_more_time_is_granted_by_somebody_else_and_once():
    story = Story().to("verifying")
    before = story.due("T4")
    story.do("ask_time", SWJ, clock="T4", reason="案情复杂")
    assert story.due("T4") == before, "asking moves nothing"
    with pytest.raises(CaseRefused):
        story.do("extend", SWJ)
    story.do("extend", LEADER, reason="同意")
    assert str(before) == "2025-07-01" and str(story.due("T4")) == "2025-07-22"  # 15 more working days
    with pytest.raises(CaseRefused, match="已经延期"):
        story.do("ask_time", SWJ, clock="T4")


def test_a_limit_that_the_law_does_not_extend_cannot_be():
    story = Story(lead(kind="warning", level="orange")).to("signed")
    with pytest.raises(CaseRefused, match="不能延期"):
        story.do("ask_time", SWJ, clock="F1")


def test_everybody_who_complained_is_answered_before_a_case_is_closed():
    story = Story(lead(kind="report", channel="12345", channel_ref="G-1")).to("reviewed")
    with pytest.raises(CaseRefused, match="未答复"):
        story.do("close", CITY)
    story.do("answer", SWJ, complainant="G-1")
    assert story.do("close", CITY).state == "closed"


def test_the_officer_who_signs_becomes_the_one_who_handles_it():
    story = Story().to("signed")
    assert story.case.assignee == "swj" and story.case.handlers == ("swj",)
    story.do("name_person", SWJ_2, assignee="swj2")
    assert story.case.assignee == "swj2"


# --- enforcement and referral ----------------------------------------------------------------------------------------------


def filed() -> Story:
    story = Story().to("verifying")
    story.do("dispose", SWJ, measure="file")
    return story


def test_a_penalty_is_told_before_it_is_decided():
    story = filed()
    with pytest.raises(CaseRefused, match="先告知"):
        story.do("decide", SWJ)
    story.do("notify", SWJ)
    with pytest.raises(CaseRefused, match="期限未满"):
        story.do("decide", SWJ)
    story.do("decide", SWJ, days=20, decision_no="罚1号", fine=5000)
    assert story.case.clock("T7") is None and story.case.clock("T12") and story.case.clock("T17")


def test_a_major_decision_waits_for_its_legal_review():
    story = filed()
    story.do("notify", SWJ)
    with pytest.raises(CaseRefused, match="法制审核"):
        story.do("decide", SWJ, days=20, major="yes")
    story.do("send_review", SWJ)
    with pytest.raises(CaseRefused, match="须由他人"):
        story.do("opinion", SWJ)
    story.do("opinion", CITY, reason="同意")
    assert story.do("decide", SWJ, major="yes").penalty["decided_on"]


def test_a_referral_goes_step_by_step_and_the_case_waits_for_the_police():
    story = filed()
    with pytest.raises(CaseRefused, match="2名以上"):
        story.do("refer", SWJ, officers="张*")
    story.do("refer", SWJ, officers="张*、李*", crime="合同诈骗")
    assert (
        str(story.due("R1")) == "2025-06-11"
    )  # three natural days end on Sunday 06-08, a day off: moved past the festival
    story.do("approve_referral", LEADER)
    assert story.case.clock("R2").due_at - story.now == timedelta(hours=24)
    story.do("hand", SWJ, police_office="天山区分局")
    story.do("receipt", SWJ)
    story.do("report", SWJ, proposed="criminal")
    story.do("review", CITY)
    with pytest.raises(CaseRefused, match="移送公安程序尚未结束"):
        story.do("close", CITY)


def test_what_the_police_refuse_comes_back_or_is_reconsidered():
    story = filed()
    story.do("refer", SWJ, officers="张*、李*")
    for act, by in (("approve_referral", LEADER), ("hand", SWJ), ("receipt", SWJ)):
        story.do(act, by)
    story.do("police", SWJ, result="refused")
    assert story.case.clock("R4") and not story.case.clock("R3")
    story.do("reconsider", SWJ)
    story.do("police", SWJ, result="refused")
    assert story.do("take_back", SWJ).referral["ended"]


def test_a_table_row_leads_to_a_state_there_is():
    for act in ACTS:
        assert act.to in {*STATES, "=", "<"} and act.title.zh and act.title.en
        assert set(act.at) <= set(STATES), act.code
