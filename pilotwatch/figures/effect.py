"""What a change of bounds would do: how many subjects (or units) stand at which level before and after, and who moves.

Where the bounds compare the value alone, the kept values are judged anew, which reads no record. Where they compare
inputs, the indicator is computed anew, so many subjects at a time that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch.domain import LEVELS, Domain, Indicator, Levels, Measure, Text
from pilotwatch.figures.ask import Period, measured
from pilotwatch.figures.keep import _AT_ONCE, Then, _put_in_parts
from pilotwatch.frames import Stored
from pilotwatch.levels import VALUE, level_of, names
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, days, shelf

Progress = Callable[[Text, float], None]

NODATA = LEVELS.index("nodata")


@dataclass(frozen=True)
class Effect:
    """Counts per level before and after a change, and from where to where.

    `of`: what is counted, `subject` or `unit` (reporting units, for the bounds of places). `moves`: (level before, level
    after, how many), only what moves, the worst new level first. `recomputed`: the indicator was computed anew.
    """

    of: str
    before: dict[str, int]
    after: dict[str, int]
    moves: tuple[tuple[str, str, int], ...]
    on: date
    recomputed: bool = False

    @property
    def total(self) -> int:
        return sum(self.before.values())

    @property
    def worse(self) -> int:
        """How many get a worse level. From no data to a level counts here, for it is a new warning or a new normal."""
        return sum(n for a, b, n in self.moves if LEVELS.index(b) < LEVELS.index(a))

    @property
    def better(self) -> int:
        return sum(n for a, b, n in self.moves if LEVELS.index(b) > LEVELS.index(a))

    def as_json(self) -> dict[str, Any]:
        moves = [{"before": a, "after": b, self.of + "s": n} for a, b, n in self.moves]
        return {"of": self.of, "on": self.on.isoformat(), "before": self.before, "after": self.after, "moves": moves,
                "worse": self.worse, "better": self.better}  # fmt: skip


def effect_on_subjects(
    desk: Desk, domain: Domain, indicator: Indicator, now: Levels, then: Levels, on: date, told: Progress | None = None
) -> Effect:
    """What `then` in the place of `now` does to the subjects in the person's scope."""
    counts = np.zeros((len(LEVELS), len(LEVELS)), dtype="int64")
    anew = not _compares_values_only(now, then)
    for _, before, after in _ranks(desk, domain, indicator, now, then, on, told):
        np.add.at(counts, (before, after), 1)
    return _effect("subject", counts, on, anew)


def effect_on_places(desk: Desk, domain: Domain, indicator: Indicator, now: Levels, then: Levels, on: date) -> Effect:
    """What `then` in the place of `now` does to the reporting units in the person's scope."""
    if indicator.area is None:
        raise ValueError(f"{indicator.code} judges no places")
    sums = shelf.place_sums(desk)
    mine = sums[(sums["domain"] == domain.name) & (sums["indicator"] == indicator.code)]
    units = mine.groupby("report_unit")[["numerator", "denominator"]].sum()
    enough = (units["denominator"] >= indicator.area.at_least) & (units["denominator"] > 0)
    values = (units["numerator"] / units["denominator"]).where(enough)
    counts = np.zeros((len(LEVELS), len(LEVELS)), dtype="int64")
    np.add.at(counts, (_rank(values, now), _rank(values, then)), 1)
    return _effect("unit", counts, on, False)


def effect_on_periods(desk: Desk, found: Registry, measure: Measure, now: Levels, then: Levels, on: date) -> Effect:
    """What `then` in the place of `now` makes of the reporting units in the person's scope, by the year so far."""
    asked = (desk, found, [measure.code], Period.of(f"{on.year}"), on)
    ranks = []
    for levels in (now, then):
        rows = measured(*asked, by=("report_unit",), levels=levels)
        told = rows[rows["kind"] == ""].set_index("report_unit")["level"]
        ranks.append(told.map(LEVELS.index).sort_index().to_numpy("int64"))
    counts = np.zeros((len(LEVELS), len(LEVELS)), dtype="int64")
    np.add.at(counts, tuple(ranks), 1)
    return _effect("unit", counts, on, False)


def moved(desk: Desk, domain: Domain, indicator: Indicator, then: Levels, on: date,
          told: Progress | None = None) -> list[str]:  # fmt: skip
    """The subjects whose kept level isn't the one that `then` gives them."""
    kept = shelf.values_of(desk, domain.name, indicator.code).set_index("subject_id")["rank"]
    found: list[str] = []
    for subjects, _, after in _ranks(desk, domain, indicator, then, then, on, told):
        stored = kept.reindex(subjects).fillna(NODATA).to_numpy("int64")
        found += subjects[stored != after].tolist()
    return found


def renew(connection: Any, desk: Desk, domain: Domain, subjects: Sequence[str], on: date, then: Then | None) -> int:
    """Evaluates these subjects of a domain (as declared) by the bounds in force, in a transaction under way that holds the
    domain's lock; returns how many of them its lists have."""
    return _put_in_parts(connection, desk, domain, subjects, on, then)


def _compares_values_only(*levels: Levels) -> bool:
    return all(names(each) <= {VALUE} for each in levels)


def _ranks(
    desk: Desk, domain: Domain, indicator: Indicator, now: Levels, then: Levels, on: date, told: Progress | None
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Parts of the subjects that the indicator is about, with the ranks of their levels by `now` and by `then`."""
    listed = desk.subjects(["subject_id"], where={"dataset": indicator.per.spec.dataset})["subject_id"].to_numpy()
    anew = not _compares_values_only(now, then)
    if not anew:
        kept = shelf.values_of(desk, domain.name, indicator.code).set_index("subject_id")[VALUE].reindex(listed)
        yield listed, _rank(kept, now), _rank(kept, then)
        return
    registers = Stored(desk.register, indicator.registers, calendar=days.calendar(desk))
    for start in range(0, len(listed), _AT_ONCE):
        if told:
            told(_COMPUTING, start / len(listed))
        part = listed[start : start + _AT_ONCE]
        frames = Stored(lambda d, c, part=part: desk.frame(d, c, subjects=part.tolist()), indicator.needs, registers)
        found = indicator.compute(frames, on).astype("float64").reindex(part)
        yield part, _rank(found, now), _rank(found, then)


def _rank(values: pd.Series | pd.DataFrame, levels: Levels) -> np.ndarray:
    return level_of(values, levels).cat.codes.to_numpy("int64")


def _effect(of: str, counts: np.ndarray, on: date, anew: bool) -> Effect:
    before, after = (dict(zip(LEVELS, map(int, counts.sum(axis=axis)), strict=True)) for axis in (1, 0))
    moves = tuple(
        (LEVELS[a], LEVELS[b], int(counts[a, b]))
        for b in range(len(LEVELS)) for a in range(len(LEVELS))
        if a != b and counts[a, b]
    )  # fmt: skip
    return Effect(of, before, after, moves, on, anew)


_COMPUTING = Text("按新界限重新计算", "Computing anew by the new bounds")
