"""What is kept beside the events equals what the events say: rows, counts, closed on time, medians, overdue."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from numpy.random import default_rng

from pilotwatch import disposal
from pilotwatch.disposal.case import Case, apply, day_of
from pilotwatch.disposal.measures import quantiles
from pilotwatch.disposal.rows import month_of, row_of, tally, write_of
from pilotwatch.records import Inspection, Penalty
from pilotwatch.store import SYSTEM, Arrived, Person, cases
from tests.disposal.made import CITY, LEADER, START, SWJ, TEAM, Shop, Story, calendar, lead, rulebook
from tests.store.made import checked

NOW = datetime(2025, 9, 1, 4, tzinfo=UTC)
ID = "01a208a9-4c86-74de-b577-{:012d}"


def stories(n: int = 60, seed: int = 7) -> list[Story]:
    """Cases that people took on at random: some quick, some late, some suspended, some not over by NOW."""
    rng, found = default_rng(seed), []
    for i in range(n):
        start = START + timedelta(days=float(rng.uniform(0, 80)))
        unit = ("650102", "650103")[i % 2]
        story = Story(
            lead(
                received_at=start,
                unit=unit,
                subject_id=ID.format(i),
                kind=("clue", "warning")[i % 3 == 0],
                level="orange" if i % 3 == 0 else "",
            ),
            when=start,
        )
        story.case = Case()
        story.events[0] = disposal.Event(
            **{
                **_fields(story.events[0]),
                "data": {"set": {**story.events[0].data["set"], "id": ID.format(1000 + i), "number": f"XS-SHP-{i}"}},
            }
        )
        story.case = apply(story.case, story.events[0])
        steps = [("register", TEAM), ("triage", TEAM), ("assign", TEAM), ("sign", SWJ), ("verify", SWJ)]
        steps += [("suspend", SWJ), ("resume", SWJ)] if i % 5 == 0 else []
        steps += [("dispose", SWJ)] if i % 2 else []
        for act, by in [*steps, ("report", SWJ), ("review", CITY), ("close", CITY), ("archive", CITY)]:
            wait = float(rng.gamma(2, 2))
            if story.now + timedelta(days=wait) >= NOW:
                break
            story.do(act, by, days=wait, **({"measure": "order"} if act == "dispose" else {}))
        found.append(story)
    return found


def _fields(event):
    return {n: getattr(event, n) for n in ("seq", "at", "by", "act", "state", "reason", "department", "data", "files")}


@pytest.fixture(scope="module")
def told() -> list[Story]:
    return stories()


@pytest.fixture
def desk(open_store, told):
    store = open_store((Shop, Inspection, Penalty), owners={"d_shop": {"shops"}})
    cases.plant(store.desk(SYSTEM), [write_of(Case(), s.case, s.events) for s in told])
    return store.desk(CITY)


def closed(told: list[Story]) -> list[Case]:
    """By the events alone: cases with a `close` that wasn't taken back."""
    return [disposal.replay(s.events) for s in told if any(e.act == "close" for e in s.events)]


def test_closed_on_time_medians_and_overdue_equal_what_the_events_say(desk, told):
    seen = disposal.overview(desk, calendar(), since="2025-01", until="2025-12", at=NOW)
    over, still = closed(told), [s.case for s in told if s.case.closed_at is None]
    late = [c for c in over if any(k.main and k.ended_at > k.due_at for k in c.clocks if k.due_at and k.ended_at)]
    dated = [c for c in over if [k for k in c.clocks if k.main and k.due_at]]
    mains = [next((k for k in reversed(c.clocks) if k.main and k.ended_at is None), None) for c in still]
    overdue = [k for k in mains if k and k.due_at and k.due_at < NOW]
    assert (seen.on_time.kept, seen.on_time.late, seen.on_time.overdue) == (
        len(dated) - len(late),
        len(late),
        len(overdue),
    )
    assert seen.on_time.share == pytest.approx((len(dated) - len(late)) / (len(dated) + len(overdue)))
    assert seen.on_time.late > 0 and seen.on_time.overdue > 0, "the sample tells them apart"
    days = [(day_of(c.closed_at) - day_of(c.received_at)).days for c in over]
    total = seen.flow.set_index("stage").loc["total"]
    assert [total["p25"], total["median"], total["p75"]] == pytest.approx(list(np.quantile(days, [0.25, 0.5, 0.75])))
    assert (total["cases"], total["mean"]) == (len(over), pytest.approx(np.mean(days)))
    running = [
        min(k.due_at for k in c.clocks if k.ended_at is None and k.due_at and not k.party)
        for c in still
        if any(k.ended_at is None and k.due_at and not k.party for k in c.clocks)
    ]
    assert (seen.open, seen.overdue) == (len(still), sum(d < NOW for d in running))
    assert seen.states == Counter(c.state for c in still)
    assert seen.funnel["signed"] == sum(any(e.state == "signed" for e in s.events) for s in told)


def test_medians_by_unit_and_department_are_those_of_their_cases(desk, told):
    table = disposal.flow_by(desk, "report_unit", since="2025-01", until="2025-12", at=NOW)
    for unit in ("650102", "650103"):
        mine = [c for c in closed(told) if c.unit == unit]
        handle = [(day_of(c.reached["feedback"]) - day_of(c.reached["signed"])).days for c in mine]
        row = table[(table["report_unit"] == unit) & (table["stage"] == "handle")].iloc[0]
        assert row["median"] == pytest.approx(np.median(handle)) and row["cases"] == len(mine)
    assert set(disposal.flow_by(desk, "department", since="2025-01", until="2025-12", at=NOW)["department"]) == {"SWJ"}
    shares = disposal.on_time_by(desk, "report_unit", since="2025-01", until="2025-12", at=NOW)
    whole = disposal.overview(desk, calendar(), since="2025-01", until="2025-12", at=NOW).on_time
    assert sum(s.due for s in shares.values()) == whole.due and set(shares) == {"650102", "650103"}


def test_the_measures_keep_to_the_scope(desk, told, open_store):
    person = Person("md", "领导", "district_leader", frozenset({"650103"}))
    mine = disposal.overview(
        open_store((Shop, Inspection, Penalty), owners={"d_shop": {"shops"}}).desk(person),
        calendar(),
        since="2025-01",
        until="2025-12",
        at=NOW,
    )
    assert mine.open == sum(s.case.unit == "650103" and s.case.closed_at is None for s in told)
    assert mine.on_time.due < disposal.overview(desk, calendar(), since="2025-01", until="2025-12", at=NOW).on_time.due


def test_the_rows_and_counts_that_are_kept_equal_those_made_anew_after_every_act(desk, told):
    """What each act adds to the counts is a difference; together they are the counts of all cases as they are."""
    for story in told[:12]:
        case = disposal.case(desk, story.case.number)
        if case.state in ("feedback", "closed"):
            act = "review" if case.state == "feedback" else "reopen"
            disposal.do(desk, rulebook(), case, act, {"reason": "x"}, at=NOW)
        elif case.is_open:
            disposal.do(desk, rulebook(), case, "supervise", {"reason": "x"}, at=NOW)
    listed = disposal.listed(desk, disposal.CaseFilter(closed=True), limit=1000)
    anew = [disposal.case(desk, n) for n in listed["number"]]
    expected = Counter()
    for case in anew:
        expected.update(tally(case))
    kept = disposal_tally(desk)
    assert kept == {k: n for k, n in expected.items() if n}
    for row, case in zip(listed.to_dict("records"), anew, strict=True):
        told_row = row_of(case)
        assert (row["state"], row["version"], row["next_rule"], row["late"]) == tuple(
            told_row[n] for n in ("state", "version", "next_rule", "late")
        )
        assert (row["next_at"] == told_row["next_at"]) or (
            row["next_at"] != row["next_at"] and told_row["next_at"] is None
        )


def disposal_tally(desk) -> dict:
    from pilotwatch.store import case_lists

    frame = case_lists.tallied(desk, [""], "0000", "9999", by=["domain", "report_unit", "department", "month"])
    return {tuple(r[:-1]): r[-1] for r in frame.itertuples(index=False)}


def test_quantiles_of_counts_are_those_of_the_values_one_by_one():
    rng = default_rng(3)
    for _ in range(50):
        values = rng.integers(0, 40, rng.integers(1, 60))
        days, counts = np.unique(values, return_counts=True)
        assert quantiles(days.astype(float), counts, (0.25, 0.5, 0.75)) == pytest.approx(
            list(np.quantile(values, [0.25, 0.5, 0.75]))
        )


def test_a_case_due_at_midnight_counts_in_the_month_of_its_last_day():
    story = Story(lead(received_at=datetime(2025, 6, 9, 4, tzinfo=UTC)), when=datetime(2025, 6, 9, 4, tzinfo=UTC)).to(
        "archived"
    )
    due = story.case.main_clock.due_at
    assert month_of(due - timedelta.resolution) == "2025-07" and [
        k[3] for k in tally(story.case) if k[4] == "kept"
    ] == ["2025-07"]


# --- once a day ------------------------------------------------------------------------------------------------------


def test_a_days_run_finds_repeat_checks_and_tells_them_with_their_rows_and_again_changes_nothing(open_store, told):
    store = open_store((Shop, Inspection, Penalty), owners={"d_shop": {"shops"}})
    shop = {"uscc": "U00000000000000001", "name": "某店"}
    store.desk(SYSTEM).commit(Arrived("店.xlsx"), [checked(Shop, [shop])])
    visits = [
        {"scan_id": f"V{n}", "depts": f'["{d}"]', "uscc": shop["uscc"], "division_code": "650102", "trigger": "双随机", "inspected_on": date(2025, 8, 1 + n), "day": date(2025, 8, 1 + n),
         "result": "未发现问题", "joint": False}
        for n, d in enumerate(("SWJ", "SCJG"))
    ]  # fmt: skip
    rows = checked(Inspection, visits)
    store.desk(SYSTEM).commit(Arrived("检查.xlsx"), [rows])
    done = disposal.daily.run(store, rulebook(), [SWJ], at=NOW)
    assert (
        done.guards == {"repeated": 1, "double_fine": 0} == disposal.daily.run(store, rulebook(), [SWJ], at=NOW).guards
    )
    found = disposal.guarded(store.desk(CITY), "repeated")
    assert [(f["name"], f["departments"], [r["no"] for r in f["rows"]]) for f in found] == [
        ("某店", ["SWJ", "SCJG"], ["V0", "V1"])
    ]
    assert disposal.guarded(store.desk(LEADER), "repeated")


def test_a_page_reads_no_events_however_many_there_are(desk):
    from sqlalchemy import event

    statements: list[str] = []
    event.listen(desk._store._engine, "before_cursor_execute", lambda c, cur, s, *_: statements.append(s))
    disposal.overview(desk, calendar(), at=NOW)
    disposal.listed(desk, limit=50)
    disposal.flow_by(desk, "department", at=NOW)
    assert len([s for s in statements if s.lstrip().upper().startswith(("SELECT", "COPY"))]) <= 8
    assert not [s for s in statements if "case_event" in s]
