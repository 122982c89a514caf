"""C1–C10 each broken and whole, the guards against delay and double work, reminders, duplicates' likeness."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from pilotwatch.disposal import guards, leads
from pilotwatch.disposal.leads import likeness, place_key
from pilotwatch.disposal.machine import CaseRefused
from pilotwatch.disposal.reminders import days_left, light, reminders
from pilotwatch.disposal.systems import broken, coverage, of_case
from pilotwatch.workdays import BEIJING
from tests.disposal.made import CITY, LEADER, SWJ, SWJ_2, TEAM, Story, calendar

ON = date(2025, 9, 1)
WHOLE = {
    "act_id": "A1", "type": "处罚", "dept": "SWJ", "officers": '["张*", "李*"]', "certs": '["1", "2"]',
    "started_at": pd.Timestamp(2025, 6, 2), "decided_at": pd.Timestamp(2025, 6, 5, 10), "published_at": pd.Timestamp(2025, 6, 19, 9),
    "text_record": True, "av_required": True, "av_record": True, "closed_on": date(2025, 8, 2), "archived_on": date(2025, 9, 1),
    "review_required": True, "reviewed_at": pd.Timestamp(2025, 6, 5, 9), "reviewer_qualified": True, "major": True,
    "collective_discussion": True, "hearing_required": True, "hearing_notice": True, "certs_valid": True, "fine": 20_000.0,
    "band_low": 10_000.0, "band_high": 20_000.0, "band_reason": "",
}  # fmt: skip


def checked(**changes) -> list[tuple[str, str]]:
    return [(b.check, b.level) for b in broken(pd.DataFrame([WHOLE | changes]), ON, calendar())]


def test_an_act_that_keeps_every_rule_breaks_none():
    """Published on 06-19: the seventh working day after 06-05 in Xinjiang (domain-rules E.6); filed away on the 30th day."""
    assert checked() == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"published_at": pd.Timestamp(2025, 6, 20)}, ("C1", "orange")),  # the 8th working day
        ({"published_at": pd.Timestamp(2025, 7, 1)}, ("C1", "red")),  # the 15th: more than twice seven
        ({"published_at": pd.NaT}, ("C2", "red")),
        ({"officers": '["张*"]'}, ("C3", "red")), ({"certs": '["1"]'}, ("C3", "red")), ({"certs_valid": False}, ("C3", "red")),
        ({"text_record": False}, ("C4", "orange")), ({"av_record": False}, ("C4", "orange")),
        ({"archived_on": date(2025, 9, 2)}, ("C5", "yellow")), ({"archived_on": None, "closed_on": date(2025, 8, 1)}, ("C5", "yellow")),
        ({"reviewed_at": pd.NaT}, ("C6", "red")), ({"reviewed_at": pd.Timestamp(2025, 6, 5, 11)}, ("C6", "red")),
        ({"reviewer_qualified": False}, ("C6", "red")),
        ({"collective_discussion": False}, ("C7", "red")), ({"hearing_notice": None}, ("C8", "red")),
        ({"fine": 20_000.01}, ("C10", "yellow")), ({"fine": 9_999.0}, ("C10", "yellow")),
    ],
)  # fmt: skip
def test_each_check_notices_what_breaks_it(changes, found):
    assert checked(**changes) == [found]


@pytest.mark.parametrize(
    "changes",
    [
        {"dept": "SCJG", "published_at": pd.Timestamp(2025, 7, 8)},  # market regulation has 20 working days
        {"type": "检查", "published_at": pd.Timestamp(2025, 7, 8)},  # so has other information
        {"av_required": None, "av_record": False}, {"review_required": False, "reviewed_at": pd.NaT, "reviewer_qualified": None},
        {"major": False, "collective_discussion": False}, {"hearing_required": False, "hearing_notice": False},
        {"fine": 30_000.0, "band_reason": "拒不配合，从重"}, {"officers": None, "certs": None, "certs_valid": None}, {"archived_on": None, "closed_on": None},
        {"decided_at": pd.NaT, "published_at": pd.NaT, "reviewed_at": pd.NaT, "collective_discussion": False},
    ],
)  # fmt: skip
def test_what_isnt_asked_for_or_isnt_told_is_not_held_against_an_act(changes):
    assert checked(**changes) == []


def test_a_list_without_the_columns_is_checked_for_what_it_tells():
    acts = pd.DataFrame([{"act_id": "A", "type": "处罚", "dept": "SWJ", "decided_at": pd.Timestamp(2025, 6, 5)}])
    assert [(b.check, b.act_id) for b in broken(acts, ON, calendar())] == [("C2", "A")]
    assert broken(acts.iloc[:0], ON, calendar()) == []
    check = {"act_id": "B", "type": "检查", "dept": "SWJ", "text_record": True, "av_record": False}
    assert [b.check for b in broken(pd.DataFrame([check]), ON, calendar())] == ["C4"], "on site a recording is wanted"
    told = {
        n: WHOLE[n] for n in ("act_id", "type", "dept", "decided_at", "published_at", "review_required", "reviewed_at")
    }
    penalty = pd.DataFrame([told | {"collective_discussion": False, "hearing_notice": True}])
    assert [b.check for b in broken(penalty, ON, calendar())] == ["C7"], "a penalty that needs review is a major one"


def test_the_coverage_of_review_is_red_below_all_of_them_and_unknown_of_none():
    late = WHOLE | {"reviewed_at": pd.Timestamp(2025, 6, 6)}
    two = coverage(pd.DataFrame([WHOLE, late]), ON, calendar())
    assert (two.decisions, two.reviewed, two.share, two.level) == (2, 1, 0.5, "red")
    assert coverage(pd.DataFrame([WHOLE]), ON, calendar()).level == "normal"
    none = coverage(pd.DataFrame([WHOLE | {"review_required": False}]), ON, calendar())
    assert (none.share, none.level) == (None, "nodata")


def test_the_penalty_within_a_case_is_checked_like_any_other_act():
    story = Story().to("verifying")
    story.do("dispose", SWJ, measure="file")
    story.do("notify", SWJ)
    story.do("send_review", SWJ)
    story.do("opinion", SWJ_2)
    story.do("decide", SWJ, days=20, major="yes", discussed="yes", fine=50_000.0, band_low=10_000.0, band_high=20_000.0)
    act = pd.DataFrame([of_case(story.case)])
    assert [b.check for b in broken(act, date(2025, 6, 26), calendar())] == ["C8", "C10"]
    assert [b.check for b in broken(act, date(2025, 9, 1), calendar())] == ["C2", "C8", "C10"]


# --- guards --------------------------------------------------------------------------------------------------------------


def visits(*rows) -> pd.DataFrame:
    names = ["id", "subject_id", "day", "depts", "joint", "trigger"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(day=pd.to_datetime(frame["day"]), scan_id=frame["id"], report_unit="650102")


def test_departments_that_check_one_subject_apart_are_found_with_the_visits_behind():
    found = guards.repeated(
        visits(
            ("v1", "s1", "2025-03-01", '["SWJ"]', False, "双随机"), ("v2", "s1", "2025-04-30", '["SCJG"]', None, "日常"),  # 60 days apart
            ("v3", "s1", "2025-07-01", '["XFJY"]', False, "专项"),  # 62 days after: another run
            ("v4", "s2", "2025-03-01", '["SWJ"]', False, "双随机"), ("v5", "s2", "2025-03-02", '["SWJ"]', False, "日常"),  # one department
            ("v6", "s3", "2025-03-01", '["SWJ", "SCJG"]', True, "双随机"), ("v7", "s3", "2025-03-02", '["XFJY"]', False, "日常"),  # one was joint
            ("v8", "s4", "2025-03-01", '["SWJ"]', False, "投诉举报"), ("v9", "s4", "2025-03-02", '["SCJG"]', False, "复查"),  # both caused
        )
    )  # fmt: skip
    assert [(f.subject_id, f.departments, [r["id"] for r in f.rows]) for f in found] == [
        ("s1", ("SWJ", "SCJG"), ["v1", "v2"])
    ]
    assert guards.repeated(visits()) == []


def test_one_act_fined_twice_is_found_but_a_warning_beside_a_fine_is_none():
    rows = [
        ("p1", "s1", "1", "SWJ", "未按规定存管资金", 10_000, "2025-01-10"), ("p2", "s1", "2", "SCJG", "未按规定存管资金。", 5_000, "2025-03-10"),
        ("p3", "s1", "3", "SCJG", "未按规定存管资金", 5_000, "2026-04-10"),  # more than a year after either
        ("p4", "s2", "4", "SWJ", "超限额售卡", 10_000, "2025-01-10"), ("p5", "s2", "5", "SCJG", "未公示章程", 10_000, "2025-01-10"),
        ("p6", "s3", "6", "SWJ", "超限额售卡", 10_000, "2025-01-10"), ("p7", "s3", "7", "SCJG", "超限额售卡", None, "2025-01-11"),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["id", "subject_id", "decision_no", "dept", "act", "fine", "decided_on"])
    found = guards.double_fines(frame.assign(decided_on=pd.to_datetime(frame["decided_on"]), report_unit=None))
    assert [(f.subject_id, f.departments, [r["no"] for r in f.rows]) for f in found] == [
        ("s1", ("SWJ", "SCJG"), ["1", "2"])
    ]


# --- reminders -----------------------------------------------------------------------------------------------------------


def listed(due: datetime | None, **values) -> pd.DataFrame:
    row = {
        "number": "XS-SHP-1", "name": "某店", "state": "verifying", "owner": "SWJ", "assignee": "swj", "report_unit": "650102", "domain": "shops",
        "next_at": due, "next_rule": "T4", "standing": "sure", "late": False, "closed_at": None, "look_back_on": None,
    }  # fmt: skip
    return pd.DataFrame([row | values]).astype({"next_at": "datetime64[us, UTC]"})


def end_of(day: date) -> datetime:
    """24:00 of a day in Beijing, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING).astimezone(UTC) + timedelta(1)


@pytest.mark.parametrize(
    ("today", "step", "told"),
    [
        (date(2025, 6, 20), None, ()),  # 7 working days left of 07-01: 23–27, 30, 07-01
        (date(2025, 6, 24), "soon", ("swj",)), (date(2025, 6, 27), "near", ("swj",)), (date(2025, 7, 1), "due", ("swj",)),
        (date(2025, 7, 2), "over", ("swj", "leader")), (date(2025, 7, 5), "over", ("swj", "leader")), (date(2025, 7, 7), "far", ("swj", "leader", "city")),
    ],
)  # fmt: skip
def test_the_officer_is_reminded_before_at_and_after_the_due_time_then_who_supervises(today, step, told):
    people, now = [CITY, TEAM, SWJ, LEADER], datetime(today.year, today.month, today.day, 4, tzinfo=UTC)
    found = reminders(listed(end_of(date(2025, 7, 1))), people, now, calendar())
    assert (tuple(r.username for r in found), {r.step for r in found}) == (told, {step} if step else set())
    assert all("XS-SHP-1" in r.title.zh and "核查并决定是否立案" in r.title.zh for r in found)


def test_a_reminder_has_one_key_until_its_due_time_moves():
    now = datetime(2025, 6, 27, 4, tzinfo=UTC)
    first, again = (
        reminders(listed(end_of(date(2025, 7, 1))), [SWJ], now + timedelta(hours=h), calendar()) for h in (0, 5)
    )
    moved = reminders(listed(end_of(date(2025, 6, 30))), [SWJ], now, calendar())
    assert first[0].key == again[0].key != moved[0].key


def test_a_case_without_an_officer_reminds_its_department_and_before_that_its_team():
    now = datetime(2025, 7, 1, 4, tzinfo=UTC)
    people = [CITY, TEAM, SWJ, SWJ_2]
    nobody = listed(end_of(date(2025, 7, 1)), assignee="")
    assert [r.username for r in reminders(nobody, people, now, calendar())] == ["swj", "swj2"]
    early = listed(end_of(date(2025, 7, 1)), assignee="", state="registered")
    assert [r.username for r in reminders(early, people, now, calendar())] == ["team"]


def test_a_closed_case_is_looked_back_at_when_its_day_has_come():
    row = listed(None, state="closed", look_back_on=date(2025, 8, 1))
    assert reminders(row, [TEAM, SWJ], datetime(2025, 7, 31, 4, tzinfo=UTC), calendar()) == []
    assert [r.step for r in reminders(row, [TEAM, SWJ], datetime(2025, 8, 1, 4, tzinfo=UTC), calendar())] == [
        "look_back"
    ]


def test_what_was_caught_up_with_late_stays_yellow():
    due, before = end_of(date(2025, 7, 1)), datetime(2025, 6, 5, 4, tzinfo=UTC)

    def shown(now, **values):
        return light(listed(due, **values).iloc[0].to_dict(), now, calendar())

    assert [shown(n) for n in (before, datetime(2025, 6, 24, 4, tzinfo=UTC), datetime(2025, 6, 27, 4, tzinfo=UTC), due + timedelta(1))] == [
        "fine", "soon", "near", "overdue",
    ]  # fmt: skip
    assert shown(before, late=True) == "caught_up" and shown(before, late=True, closed_at=before) == "caught_up"
    assert shown(before, closed_at=before) == "kept"
    assert light(listed(None, standing="paused").iloc[0].to_dict(), before, calendar()) == "paused"
    assert days_left(datetime(2027, 2, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), calendar()) is None


# --- likeness --------------------------------------------------------------------------------------------------------------


def test_texts_are_compared_whatever_their_width_and_spaces():
    assert likeness("ＡＢＣ 123", "abc123") == 1 and likeness("健身房关门", "加油站缺斤") < 0.5


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("乌鲁木齐市天山区胜利路 12 号", "天山区胜利路12号"), ("新疆乌鲁木齐天山区胜利路１２号", "天山区胜利路12号"),
        ("天山区胜利路", ""), (None, ""), ("12号", ""),
    ],
)  # fmt: skip
def test_an_address_is_compared_by_its_street_and_number(address, key):
    assert place_key(address) == key


def test_a_lead_without_a_number_is_no_place_to_join_by():
    cases = pd.DataFrame(
        [{"id": i, "number": i, "subject_id": i, "code": "", "place": "", "name": "", "domain": d, "state": "found", "received_at": datetime(2025, 6, 5, tzinfo=UTC)}
         for i, d in (("a", "x"), ("b", "y"))]
    )  # fmt: skip
    assert leads.proposals(cases) == []
    with pytest.raises(CaseRefused):
        Story().do("close")
