"""Indicators, which warn, and measures of a period."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from pilotwatch.domain.records import Record
from pilotwatch.domain.words import Text, Titled

Level = Literal["red", "orange", "yellow", "blue", "normal", "nodata"]
LEVELS: tuple[Level, ...] = ("red", "orange", "yellow", "blue", "normal", "nodata")


BasisLevel = Literal["LAW", "STD", "POL", "PRAC"]


@dataclass(frozen=True)
class Basis:
    """Why an indicator is what it is: the weightiest of its bounds' levels, and the article, standard or document."""

    level: BasisLevel
    source: str


class Bound(str):
    """A bound as written, that knows its own basis. A plain text among the levels is PRAC: the city office may set it.

    `Levels(red="< 0.80", orange=Bound("< 1.00", "LAW"), yellow="< 1.10")`. A LAW or STD bound can't be loosened.
    """

    level: BasisLevel

    def __new__(cls, written: str, level: BasisLevel = "PRAC") -> Bound:
        bound = super().__new__(cls, written)
        bound.level = level
        return bound


@dataclass(frozen=True)
class Levels:
    """Bounds of the colours, as written: `Levels(red="> 3", orange="> 2", yellow="> 1")`; the first that holds wins.

    A bound compares the value, or by name one of the indicator's inputs; conditions are joined by `&` (and) and `|` (or),
    `&` first, with brackets: `"n30 >= 30 | (n30 >= 20 & g >= 3)"`. `%` is a hundredth. See `pilotwatch.levels`.
    """

    red: str | None = None
    orange: str | None = None
    yellow: str | None = None
    blue: str | None = None


@dataclass(frozen=True)
class Input(Titled):
    """A number that goes into an indicator's value, shown where the value is explained: a numerator, a count …

    `name` is its column in what `compute` returns, and what a bound may compare.
    """

    name: str
    zh: str
    en: str
    unit: str = ""


@dataclass(frozen=True)
class Version:
    """An indicator's bounds and basis as they were in force from a day (inclusive) until a day (inclusive).

    `None`: without end on that side. On a day on which no version is in force the indicator is `nodata`.
    """

    levels: Levels
    basis: Basis
    since: date | None = None
    until: date | None = None
    name: str = ""  # of the rule, as a reader knows it: 市场监管总局令第20号

    def in_force(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


def _in_force(versions: Iterable[Version], on: date) -> Version | None:
    return next((v for v in versions if v.in_force(on)), None)


@dataclass(frozen=True)
class Area:
    """What an indicator says of a place (street, division, reporting unit, city): a ratio of sums over its subjects.

    `numerator` and `denominator` name inputs of the indicator; the value is Σ numerator ÷ Σ denominator, and `nodata`
    where the denominator is below `at_least`. A subject for which one of them is unknown counts in neither.
    `versions`, where the bounds changed, says which were in force when.
    """

    numerator: str
    denominator: str
    levels: Levels
    basis: Basis
    formula: Text
    unit: str = "%"
    at_least: float = 1
    versions: tuple[Version, ...] = ()

    def in_force(self, on: date) -> Version | None:
        """The version whose bounds count on a day."""
        return _in_force(self.versions or (Version(self.levels, self.basis),), on)


@dataclass(frozen=True)
class Indicator(Titled):
    """One early-warning indicator.

    `compute(frames, on)` is pure: it gets the frames of some subjects (dataset name → pandas frame of *current* rows,
    columns as declared plus `subject_id`) and returns one value per subject: a Series indexed by `subject_id`, NaN where
    it can't be judged; or a frame so indexed with the column `value` and a column for each of `inputs`.
    `levels` turns that into a colour; `versions`, where the law changed, says which levels were in force when.
    `area` says what it comes to for a place; an indicator that judges places only has no `levels` of its own.
    `registers` are lists that it holds subjects against, whoever they are about (filed wholesalers, price caps): they are
    public, read whole by `frames.register`, and a change in one concerns every subject.
    `first_within` is the limit of the first action ("24h", "3wd"), where the domain sets another than its level's.
    """

    code: str
    zh: str
    en: str
    per: type[Record]
    needs: tuple[type[Record], ...]
    compute: Callable[[Mapping[str, Any], date], Any]
    levels: Levels | None
    basis: Basis
    owner: str
    unit: str = ""
    formula: Text = field(default_factory=lambda: Text("", ""))
    first_action: Text = field(default_factory=lambda: Text("", ""))
    inputs: tuple[Input, ...] = ()
    versions: tuple[Version, ...] = ()
    area: Area | None = None
    first_within: str | None = None
    registers: tuple[type[Record], ...] = ()

    def in_force(self, on: date) -> Version | None:
        """The version whose bounds count on a day; None where there is none, or where only places are judged."""
        implied = (Version(self.levels, self.basis),) if self.levels else ()
        return _in_force(self.versions or implied, on)


@dataclass(frozen=True)
class Measure(Titled):
    """A figure of periods: what each subject gives to a month, added up over places, months and kinds.

    `compute(frames, on)` is pure, like an indicator's, and gives a row per event: `subject_id`, `day`, `numerator`,
    `denominator` and, where the measure has `kinds`, `kind` (`pilotwatch.frames.events` makes them). The core adds the
    rows up by the month of their day; what lies after `on`, and a row of which a number is unknown, counts in neither
    sum. With `state` it tells what is so on the day `on`, a row per subject; a month is then told by its end.
    `per` is the list of a domain whose subjects it is about; None, in the core's own measures: whoever has records.

    The value of a place and a period is by `value`: "ratio", Σ numerator ÷ Σ denominator; "count", Σ numerator, where
    there is anything to count among (Σ denominator > 0); "per_1000", Σ numerator for 1,000 subjects that `per` lists there.
    `kinds` split the sums, by name, or by department ("department": the kind is its code). With `each`, every kind is
    judged by itself and the whole is as bad as its worst; with `against=("D", "A")`, the value is the first kind's ratio
    ÷ the second's. Bounds compare the value, or by name the numerator, the denominator or a kind's numerator.
    """

    code: str
    zh: str
    en: str
    needs: tuple[type[Record], ...]
    compute: Callable[[Mapping[str, Any], date], Any]
    numerator: Input
    denominator: Input
    basis: Basis
    owner: str
    per: type[Record] | None = None
    levels: Levels | None = None
    value: Literal["ratio", "count", "per_1000"] = "ratio"
    state: bool = False
    kinds: tuple[Input, ...] | Literal["department"] = ()
    each: bool = False
    against: tuple[str, str] | None = None
    unit: str = "%"
    formula: Text = field(default_factory=lambda: Text("", ""))
    first_action: Text = field(default_factory=lambda: Text("", ""))
    reference: Text = field(default_factory=lambda: Text("", ""))  # what is aimed at, or what others reached
    versions: tuple[Version, ...] = ()

    @property
    def named_kinds(self) -> tuple[Input, ...]:
        """The kinds that are told by name; none where they are departments."""
        return () if self.kinds == "department" else self.kinds

    def in_force(self, on: date) -> Version | None:
        """The version whose bounds count on a day; None where it has none."""
        implied = (Version(self.levels, self.basis),) if self.levels else ()
        return _in_force(self.versions or implied, on)
