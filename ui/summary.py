"""What the overview says of a scope, worked out from the figures: totals, units in order of risk, and the judgement.

Pure: figures and a choice of domain and unit in, plain values and sentences out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pilotwatch.domain import LEVELS, Text
from pilotwatch.figures import RISKY, Concern, DomainLine, Overview
from ui.texts import text

MINIMUM = 20  # subjects a unit needs before a rate of it is called the highest


@dataclass(frozen=True)
class Summary:
    """`places`: the overview's rows of the chosen domain and unit; `everywhere`: of the domain, all units in scope."""

    overview: Overview
    domain: str | None
    unit: str | None
    places: pd.DataFrame
    everywhere: pd.DataFrame

    @classmethod
    def of(cls, overview: Overview, domain: str | None = None, unit: str | None = None) -> Summary:
        rows = overview.places
        everywhere = rows if domain is None else rows[rows["domain"] == domain]
        mine = everywhere if unit is None else everywhere[everywhere["report_unit"] == unit]
        return cls(overview, domain, unit, mine, everywhere)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Subjects by level, all of them (`subjects`) and those without coordinates (`unlocated`)."""
        sums = self.places[[*LEVELS, "subjects", "unlocated"]].sum()
        return {name: int(n) for name, n in sums.items()}

    @property
    def subjects(self) -> int:
        return self.counts["subjects"]

    @property
    def risky(self) -> int:
        return sum(self.counts[level] for level in RISKY)

    @property
    def rate(self) -> float | None:
        return per_100(self.risky, self.subjects)

    @property
    def domains(self) -> tuple[DomainLine, ...]:
        return tuple(d for d in self.overview.domains if self.domain in (None, d.name))

    @property
    def city_rate(self) -> float | None:
        """The whole city's rate in the same domains, to hold a unit's against."""
        return per_100(sum(d.city_risky for d in self.domains), sum(d.city_subjects for d in self.domains))

    @property
    def is_city(self) -> bool:
        """Whether the scope is all there is, so that the city is no reference to it."""
        return self.subjects == sum(d.city_subjects for d in self.domains)

    @cached_property
    def units(self) -> pd.DataFrame:
        """One row per reporting unit, the highest rate first: unit, a column per level, subjects, unlocated, risky, rate.

        A unit of which nothing can be judged has no rate.
        """
        sums = self.everywhere.groupby("report_unit", as_index=False)[[*LEVELS, "subjects", "unlocated"]].sum()
        sums["risky"] = sums[list(RISKY)].sum(axis=1)
        sums["rate"] = 100 * sums["risky"] / sums["subjects"].where(sums["subjects"] > sums["nodata"])
        return sums.sort_values(["rate", "risky"], ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def by_domain(self) -> pd.DataFrame:
        """One row per domain in the chosen unit: its levels, subjects, unlocated."""
        return self.places.groupby("domain")[[*LEVELS, "subjects", "unlocated"]].sum()

    @cached_property
    def concerns(self) -> tuple[Worry, ...]:
        """What is wrong in the choice, an indicator a line: those with red subjects first, then by number."""
        lines: dict[tuple[str, str], list[Concern]] = {}
        for concern in self.overview.concerns:
            if self.domain in (None, concern.domain):
                lines.setdefault((concern.domain, concern.indicator), []).append(concern)
        worries = (Worry.of(concerns, self.unit) for concerns in lines.values())
        return tuple(sorted((w for w in worries if w.subjects), key=lambda w: (-bool(w.red), -w.subjects)))


@dataclass(frozen=True)
class Worry:
    """One indicator with subjects at risk: how many at which level, the units with most, who acts and by when."""

    concern: Concern  # the gravest of its levels: it says who acts and by when
    red: int
    orange: int
    where: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, concerns: Sequence[Concern], unit: str | None) -> Worry:
        counts: dict[str, Counter[str]] = {c.level: Counter(dict(c.where)) for c in concerns}
        if unit is not None:
            counts = {level: Counter({unit: n[unit]}) for level, n in counts.items()}
        present = [c for c in concerns if counts[c.level].total()] or list(concerns)
        together = sum(counts.values(), Counter())
        gravest = min(present, key=lambda c: LEVELS.index(c.level))
        red, orange = (counts[level].total() if level in counts else 0 for level in RISKY)
        return cls(gravest, red, orange, tuple(together.most_common()))

    @property
    def subjects(self) -> int:
        return self.red + self.orange


def per_100(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def judgement(summary: Summary, where: str, unit_name: Callable[[str], str]) -> Text:
    """The scope in a sentence or two: how many at risk, against what, where most."""
    counts = summary.counts
    if not summary.subjects:
        return text("overview.judge_empty").format(where=where)
    values = {"where": where, "subjects": f"{summary.subjects:,}", "red": f"{counts['red']:,}",
              "orange": f"{counts['orange']:,}", "rate": number(summary.rate)}  # fmt: skip
    if counts["nodata"] == summary.subjects:
        return text("overview.judge_nodata").format(**values)
    key = "overview.judge_risk" if summary.risky else "overview.judge_calm"
    parts = [text(key).format(**values), _against(summary), _highest(summary, unit_name)]
    return joined([p for p in parts if p])


def _against(summary: Summary) -> Text | None:
    """How the scope stands to the city, where it is less than the city."""
    if summary.is_city or summary.rate is None or not summary.city_rate:
        return None
    ratio = summary.rate / summary.city_rate
    key = "above" if ratio > 1.1 else "below" if ratio < 0.9 else "same"
    return text(f"overview.judge_{key}").format(city=number(summary.city_rate))


def _highest(summary: Summary, unit_name: Callable[[str], str]) -> Text | None:
    """Which unit has the highest rate, where several are seen and one stands out."""
    units = summary.units[summary.units["subjects"] >= MINIMUM]
    if summary.unit is not None or len(units) < 2 or not units.iloc[0]["risky"]:
        return None
    top = units.iloc[0]
    return text("overview.judge_highest").format(unit=unit_name(top["report_unit"]), rate=number(top["rate"]))


def joined(parts: Sequence[Text]) -> Text:
    return Text("".join(p.zh for p in parts), " ".join(p.en for p in parts))


def number(rate: float | None) -> str:
    """A rate as shown: `2.4`, `0.03`, `—`."""
    if rate is None or pd.isna(rate):
        return "—"
    return f"{rate:.1f}" if rate >= 0.95 or rate == 0 else f"{rate:.2g}"


def class_label(bounds: Sequence[float], i: int) -> str:
    """The i-th class of the map as its legend says it: `1–2`, the lower bound included and the upper not; `≥ 40`."""
    low = f"{bounds[i]:g}"
    return f"≥ {low}" if i + 1 == len(bounds) else f"{low}–{bounds[i + 1]:g}"
