"""The back-test: history replayed without looking ahead, each indicator held against what happened afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pilotwatch.domain import LEVELS, Domain, Indicator, Level, Record, Text
from pilotwatch.frames import Stored
from pilotwatch.scorecard import planted
from pilotwatch.scorecard.episodes import Events, Field, Tally
from pilotwatch.scorecard.known import By, Past
from pilotwatch.scorecard.measures import Share
from pilotwatch.scorecard.replay import NODATA, Replay, replay
from pilotwatch.scorecard.tradeoff import BUDGET, Trial, curve, point, propose, trials
from pilotwatch.store import Desk, past, scores
from pilotwatch.store import days as working_days

_AT_ONCE = 20_000  # subjects replayed together
_WEEKS = 52  # looked back beyond the horizon, where no first day is asked for
_SHORT = 8  # weeks of horizon up to which every week is a decision day; beyond, every second

Told = Callable[[Text, float], None]

_NONE = Share(0, 0)


@dataclass(frozen=True)
class Plan:
    """What is replayed: a domain's indicators, on which days, as known how."""

    domain: Domain
    indicators: tuple[Indicator, ...]
    days: tuple[date, ...]
    by: By = "record"
    budget: float = BUDGET

    @property
    def horizon(self) -> int:
        """Days."""
        return 7 * self.domain.horizon_weeks

    @property
    def weeks(self) -> float:
        return max(1.0, (self.days[-1] - self.days[0]).days / 7)


def plan(
    domain: Domain, until: date, *, since: date | None = None, indicator: str | None = None, by: By = "record",
    budget: float = BUDGET,
) -> Plan:  # fmt: skip
    """Decision days up to `until`, a week apart (two, where the horizon is long), from `since` or a year and a horizon
    before. KeyError where the domain has no such indicator."""
    chosen = tuple(i for i in domain.indicators if (indicator in (None, i.code)) and i.in_force(until))
    if indicator and not chosen:
        raise KeyError(indicator)
    step = 7 if domain.horizon_weeks <= _SHORT else 14
    since = since or until - timedelta(weeks=_WEEKS + domain.horizon_weeks)
    count = max(0, (until - since).days) // step
    days = tuple(until - timedelta(days=step * n) for n in range(count, -1, -1))
    return Plan(domain, chosen, days, by, budget)


@dataclass
class _Counts:
    """What the parts of the city add up to, of one indicator."""

    levels: dict[Level, Tally] = field(default_factory=dict)
    chance: Share = _NONE
    same_list: Share = _NONE
    trials: list[Trial] = field(default_factory=list)
    curves: list[list[Tally]] = field(default_factory=list)
    judged: int = 0


def run(desk: Desk, wanted: Plan, truths: Sequence[planted.Truth] = (), told: Told | None = None) -> dict[str, Any]:
    """Replays a domain in the person's scope: a document with the run, its indicators and what was planted."""
    domain, registers = wanted.domain, look_back(desk, _registers(wanted), None, wanted.by)
    everyone, calendar = _everyone(desk, domain), working_days.calendar(desk)
    counts = {i.code: _Counts() for i in wanted.indicators}
    seen: dict[tuple[str, str], planted.Seen] = {}
    parts = max(1, -(-len(everyone) // _AT_ONCE))
    for n in range(parts):
        subjects = everyone[n * _AT_ONCE : (n + 1) * _AT_ONCE]
        if told:
            told(_REPLAYING.format(domain=domain.title, part=n + 1, parts=parts), n / parts)
        only = None if parts == 1 else subjects.tolist()
        records = look_back(desk, _records(wanted), only, wanted.by)
        names = [(i, _names(i, wanted.days[-1])) for i in wanted.indicators]
        done = replay(domain, names, records, registers, wanted.days, subjects, calendar)
        events = dict(_events(desk, domain, subjects, only))
        for indicator in wanted.indicators:
            _count(counts[indicator.code], indicator, done, events, wanted)
        planted.hold_against(domain, done, truths, wanted.horizon, seen)
    return {
        "domain": domain.name, "from": wanted.days[0].isoformat(), "to": wanted.days[-1].isoformat(),
        "decision_days": len(wanted.days), "step_days": (wanted.days[1] - wanted.days[0]).days if len(wanted.days) > 1 else 0,
        "horizon_weeks": domain.horizon_weeks, "known_by": wanted.by, "subjects": len(everyone), "budget": wanted.budget,
        "indicators": [_told(i, counts[i.code], wanted) for i in wanted.indicators],
        "planted": [{"kind": k, "indicator": c, **s.as_json()} for (k, c), s in seen.items()],
    }  # fmt: skip


# --- what is read --------------------------------------------------------------------------------------------------


def _records(wanted: Plan) -> list[type[Record]]:
    needed = [*wanted.domain.subjects, *(r for i in wanted.indicators for r in i.needs)]
    return list({r.spec.dataset: r for r in needed}.values())


def _registers(wanted: Plan) -> list[type[Record]]:
    return list({r.spec.dataset: r for i in wanted.indicators for r in i.registers}.values())


def look_back(desk: Desk, records: Sequence[type[Record]], only: list[str] | None = None, by: By = "record") -> Past:
    """Some records in the person's scope as they were known on any day, of these subjects or of all."""

    def read(dataset: str, columns: Sequence[str], force: bool) -> pa.Table:
        return past.versions(desk, dataset, columns, subjects=only, force=force)

    return Past(read, records, by)


def _everyone(desk: Desk, domain: Domain) -> pd.Index:
    """Whom any version of the domain's lists has had."""
    lists = [past.versions(desk, r.spec.dataset, ["subject_id"], force=False)["subject_id"] for r in domain.subjects]
    return pd.Index(pa.chunked_array([c for one in lists for c in one.chunks], pa.string()).unique().to_pandas())


def _events(
    desk: Desk, domain: Domain, subjects: pd.Index, only: list[str] | None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Of each kind of incident: `row` of the subject and `day`. As the records tell it today: hindsight is what it is for."""
    for incident in domain.incidents:
        frames = Stored(lambda dataset, columns: desk.frame(dataset, columns, subjects=only), incident.needs)
        found = incident.find(frames)
        rows = subjects.get_indexer(found["subject_id"])
        yield incident.code, pd.DataFrame({"row": rows, "day": found["day"].to_numpy("datetime64[D]")})[rows >= 0]


def spoken_of(domain: Domain, code: str) -> tuple[str, ...]:
    """The kinds of incidents that an indicator warns of."""
    return tuple(i.code for i in domain.incidents if code in i.warned_by)


# --- what is counted -----------------------------------------------------------------------------------------------


def _names(indicator: Indicator, on: date) -> list[str]:
    return list(dict.fromkeys(t.comparison.name for t in trials(indicator, on)))


def _count(counts: _Counts, indicator: Indicator, done: Replay, events: dict[str, pd.DataFrame], wanted: Plan) -> None:
    kinds = spoken_of(wanted.domain, indicator.code)
    mine = pd.concat([events[k] for k in kinds]) if kinds else pd.DataFrame({"row": [], "day": []}).astype("int64")
    merged = Events.merged(
        mine["row"].to_numpy("int64"), mine["day"].to_numpy().astype("datetime64[D]"), wanted.horizon
    )
    held = Field.of(done.days, len(done.subjects), merged, wanted.horizon, done.days[-1])
    ranks = done.ranks[indicator.code]
    judged = ranks != NODATA
    counts.judged += int(judged.any(axis=1).sum())
    version = indicator.in_force(wanted.days[-1])
    for level in LEVELS[:4]:
        if getattr(version.levels, level) is not None:
            tally = held.tally((ranks <= LEVELS.index(level)) & judged, judged)
            counts.levels[level] = counts.levels.get(level, Tally()) + tally
    counts.chance = _sum(counts.chance, held.chance(judged))
    counts.same_list = _sum(counts.same_list, held.chance(judged & _lately(merged, done)))
    _try(counts, indicator, done, held, wanted)


def _try(counts: _Counts, indicator: Indicator, done: Replay, held: Field, wanted: Plan) -> None:
    if not counts.curves:
        found = trials(indicator, wanted.days[-1])
        counts.trials = [t.with_numbers(done.values[indicator.code, t.comparison.name]) for t in found]
        counts.curves = [[Tally()] * len(t.numbers) for t in counts.trials]
    for n, trial in enumerate(counts.trials):
        tallies = curve(trial, done.values[indicator.code, trial.comparison.name], held)
        counts.curves[n] = [a + b for a, b in zip(counts.curves[n], tallies, strict=True)]


def _lately(events: Events, done: Replay) -> np.ndarray:
    """Whom an incident befell in the year up to each day: the list somebody would draw up without any indicator."""
    step = np.zeros((len(done.subjects), len(done.days) + 1), "int32")
    np.add.at(step, (events.rows, np.searchsorted(done.days, events.days)), 1)
    np.add.at(step, (events.rows, np.searchsorted(done.days, events.days + 365)), -1)
    return np.cumsum(step[:, :-1], axis=1) > 0


def _sum(one: Share, other: Share) -> Share:
    return Share(one.hits + other.hits, one.of + other.of)


# --- what is told --------------------------------------------------------------------------------------------------


def _told(indicator: Indicator, counts: _Counts, wanted: Plan) -> dict[str, Any]:
    weeks = wanted.weeks
    tradeoffs = []
    for trial, tallies in zip(counts.trials, counts.curves, strict=True):
        points = [point(n, t, weeks) for n, t in zip(trial.numbers, tallies, strict=True)]
        tradeoffs.append(
            {
                "level": trial.level, "name": trial.comparison.name, "sign": trial.comparison.sign,
                "current": trial.comparison.number, "proposed": propose(points, trial.level, wanted.budget), "points": points,
            }
        )  # fmt: skip
    return {
        "indicator": indicator.code, "title": indicator.zh, "title_en": indicator.en,
        "incidents": list(spoken_of(wanted.domain, indicator.code)), "judged": counts.judged,
        "levels": {level: _level(tally, weeks) for level, tally in counts.levels.items()},
        "chance": counts.chance.as_json(), "same_list": counts.same_list.as_json(), "tradeoffs": tradeoffs,
    }  # fmt: skip


def _level(tally: Tally, weeks: float) -> dict[str, Any]:
    return {
        "episodes": tally.begun, "undecided": tally.undecided, "standing": tally.standing, "per_week": round(tally.begun / weeks, 2),
        "precision": tally.precision.as_json(), "recall": tally.recall.as_json(), "lead_days": tally.lead.as_json(),
    }  # fmt: skip


_REPLAYING = Text("正在回放 {domain}（第 {part}/{parts} 部分）", "Replaying {domain} (part {part} of {parts})")


def keep(desk: Desk, done: Mapping[str, Any]) -> None:
    """Keeps what `run` gave: each indicator's document with the run it is of, and under "*" the run with what was planted."""
    run_of = {n: v for n, v in done.items() if n not in ("indicators", "planted")}
    results = {row["indicator"]: {**run_of, **row} for row in done["indicators"]}
    results["*"] = {**run_of, "planted": done["planted"]}
    scores.keep_backtest(desk, done["domain"], date.fromisoformat(done["to"]), results)
