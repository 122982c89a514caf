"""What is being done: cases, hot spots, the tasks of the policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from pilotwatch import disposal
from pilotwatch.brief import charts, words
from pilotwatch.brief.model import Block, Note, Number, Parts, Table
from pilotwatch.brief.room import Room
from pilotwatch.brief.situation import period_name
from pilotwatch.disposal import CaseFilter
from pilotwatch.disposal.measures import Overview
from pilotwatch.hotspots.keep import measures as tested_for
from pilotwatch.review import policy
from pilotwatch.store import hotspots as shelf
from pilotwatch.store.hotspots import Run

MOST_TASKS = 20
HOT_NAMED = 3


# --- cases ---------------------------------------------------------------------------------------------------------


def cases(room: Room) -> Overview:
    """The cases of the scope: open ones as of now, closed ones by the period's months."""
    months = [m for m in room.period.months if m <= f"{room.on:%Y-%m}"]
    wanted = CaseFilter(report_unit=room.unit, now=room.at)
    return disposal.overview(
        room.desk, room.house.calendar, wanted=wanted, since=months[0], until=months[-1], at=room.at
    )


def judge_cases(room: Room, seen: Overview) -> Iterator[Block]:
    note, period = _case_note(room), _case_note(room, room.ended)
    counts = {n: room.count(getattr(seen, n), note, "cases", n) for n in ("open", "overdue", "soon", "supervised")}
    yield room.told(words.CASES_JUDGE, **counts)
    if not seen.on_time.due:
        yield room.told(words.NONE_DUE, period=period_name(room))
        return
    share = seen.on_time.share or 0.0
    yield room.told(
        words.ON_TIME, period=period_name(room), due=room.count(seen.on_time.due, period, "on_time", "due"),
        kept=room.count(seen.on_time.kept, period, "on_time", "kept"),
        share=room.number(share, f"{100 * share:.1f}%", period, "on_time", "share"),
    )  # fmt: skip


def flow(room: Room, seen: Overview) -> Iterator[Block]:
    """Days in each stage, of the cases closed in the period."""
    note = _case_note(room, room.ended)
    rows = []
    for r in seen.flow.to_dict("records"):
        low, middle, high = (
            room.number(r[n], f"{r[n]:.1f}", note, "flow", r["stage"], n) for n in ("p25", "median", "p75")
        )
        cells: tuple[Parts, ...] = (
            (room.word(words.STAGES[r["stage"]]),),
            (room.count(r["cases"], note, "flow", r["stage"], "cases"),),
            (middle,),
            (low, "–", high),
        )
        rows.append(cells)
    if rows:
        head = (words.STAGE, words.CASES_N, words.MEDIAN, words.QUARTILES)
        yield Table(
            room.word(words.FLOW), tuple(room.word(h) for h in head), tuple(rows), (2, 1, 1, 1.4), frozenset({1, 2, 3})
        )


def funnel(room: Room, seen: Overview) -> charts.Picture | None:
    """How many of the period's cases reached each step."""
    note = _case_note(room, room.ended)
    bars = [(room.word(disposal.STATES[s]), room.count(n, note, "funnel", s)) for s, n in seen.funnel.items()]
    if not any(n.value for _, n in bars):
        return None
    return charts.bars(room.word(words.CHART_FUNNEL), bars)


def _case_note(room: Room, as_of: str | None = None) -> Note:
    return room.note(
        words.CASES, "cases", "REF-06", room.word(words.DISPOSAL), room.word(words.CASES_HOW), ("clue",), as_of=as_of
    )


# --- hot spots -----------------------------------------------------------------------------------------------------


def tests(room: Room) -> list[tuple[Run, pd.DataFrame]]:
    """The newest tests of streets up to the period's end, with their places in the unit."""
    newest: dict[tuple[str, str], Run] = {}
    for run in shelf.runs(room.desk):
        if run.layer == "streets" and run.period <= room.period.months[-1]:
            newest.setdefault((run.domain, run.measure), run)
    found = []
    for run in newest.values():
        places = shelf.places(room.desk, run.domain, run.measure, run.layer, run.period)
        found.append((run, places[places["report_unit"] == room.unit] if room.unit else places))
    return found


def hot(room: Room, found: list[tuple[Run, pd.DataFrame]]) -> Iterator[Block]:
    """What was tested, how many places are hot and which."""
    if not found:
        yield room.told(words.NO_TEST)
        return
    total = sum(int(p["hot"].sum()) for _, p in found)
    note = _hot_note(room, found[0][0])
    yield room.told(
        words.HOT_JUDGE, tests=room.count(len(found), note, "hot", "tests"), hot=room.count(total, note, "hot", "all")
    )
    rows = tuple(_test(room, run, places) for run, places in found)
    head = (words.TESTED, words.PLACES, words.HOT_N, words.NOT_SEEN, words.NAMES)
    yield Table(
        room.word(words.HOT_TABLE),
        tuple(room.word(h) for h in head),
        rows,
        (2.6, 0.9, 0.7, 1.2, 2.6),
        frozenset({1, 2, 3}),
    )


def _test(room: Room, run: Run, places: pd.DataFrame) -> tuple[Parts, ...]:
    domain = room.house.registry.domain(run.domain)
    title = f"{domain.title(room.language)} · {tested_for(domain)[run.measure](room.language)}"
    note = _hot_note(room, run)
    hot_ones = places[places["hot"]].sort_values(["p", "place"])
    names = [_street(room, code) for code in hot_ones["place"].head(HOT_NAMED)]

    def n(value: int, what: str) -> Number:
        return room.count(value, note, "hot", run.domain, run.measure, what)

    return (
        (title,), (n(len(places), "places"),), (n(len(hot_ones), "hot"),),
        (n(int((places["state"] == "not_inspected").sum()), "not_inspected"),), (room.listed(names) or "—",),
    )  # fmt: skip


def hot_points(found: list[tuple[Run, pd.DataFrame]]) -> list[tuple[float, float]]:
    """Where the hot streets are, each once."""
    spots = {(float(r["lng"]), float(r["lat"])) for _, p in found for r in p[p["hot"]].to_dict("records")}
    return sorted(spots)


def _street(room: Room, code: str) -> str:
    return room.house.places.streets[code].name if code in room.house.places.streets else code


def _hot_note(room: Room, run: Run) -> Note:
    domain = room.house.registry.domain(run.domain)
    return room.note(
        words.HOTSPOTS, "hotspots", "HOT", room.word(words.HOT), room.word(words.HOT_HOW), tuple(r.spec.dataset for r in domain.records),
        as_of=f"{run.on_day:%Y-%m-%d}", layer="streets",
    )  # fmt: skip


# --- tasks of the policy -------------------------------------------------------------------------------------------


def judge_tasks(room: Room) -> Iterator[Block]:
    """How the tasks stand, and which of them are behind with whom."""
    standings = policy.ledger(room.desk, room.house.data, room.units, room.on)
    counts = Counter(s.state for s in standings.values())
    note = room.note(words.POLICY, "policy", "T", room.word(words.TASKS), room.word(words.TASKS_HOW))
    values = {s: room.count(counts[s], note, "tasks", s) for s in policy.STATES}
    yield room.told(words.TASKS_JUDGE, n=room.count(len(standings), note, "tasks", "all"), **values)
    rows: list[tuple[Parts, ...]] = []
    for task in policy.tasks(room.house.data):
        behind = [u for u in room.units if (s := standings.get((task.number, u))) and s.state == "lagging"]
        if behind:
            leads = room.listed([room.department(c) for c in task.leads]) or room.word(words.ALL_DEPARTMENTS)
            rows.append(
                (
                    (task.number,), (task.title(room.language),), (leads,), (f"{task.deadline:%Y-%m-%d}" if task.deadline else "—",),
                    (room.count(len(behind), note, "task", task.number),),
                )
            )  # fmt: skip
    if rows:
        head = (words.CODE, words.TASK, words.LEAD, words.DEADLINE, words.BEHIND)
        yield Table(
            room.word(words.LAGGING),
            tuple(room.word(h) for h in head),
            tuple(rows[:MOST_TASKS]),
            (0.6, 2.6, 2.6, 1.3, 1),
            frozenset({4}),
        )
