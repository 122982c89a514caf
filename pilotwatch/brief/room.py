"""What a brief is about and how its numbers are noted: the person's desk, the unit, the period, the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd

from pilotwatch import bounds
from pilotwatch.amounts import unit_of
from pilotwatch.brief import words
from pilotwatch.brief.model import Note, Number, Part, Parts, Sentence, say
from pilotwatch.domain import Indicator, Language, Measure, Text
from pilotwatch.figures.ask import Period, measures_of
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.review import approvals
from pilotwatch.store import Desk, StoreRefused
from pilotwatch.workdays import BEIJING, Calendar


class BriefRefused(StoreRefused):
    """No brief can be made of this; `rule` is stable, `message` says why and what to do."""


@dataclass(frozen=True)
class House:
    """What a brief needs beside the person's desk: the domains, the places, the working days, the data folder."""

    registry: Registry
    places: Places
    calendar: Calendar
    data: Path
    demo: bool


@dataclass(frozen=True)
class Room:
    """`unit` None: the whole of the person's scope. `at`: the moment at which it is made, `on` its day."""

    desk: Desk
    house: House
    unit: str | None
    period: Period
    on: date
    at: datetime
    language: Language

    # --- words ---------------------------------------------------------------------------------------------------

    def word(self, text: Text, **values: object) -> str:
        return text.format(**values)(self.language) if values else text(self.language)

    def parts(self, text: Text, **values: Part | Text) -> Parts:
        return say(self.language, text, **values)

    def told(self, text: Text, weight: str = "plain", **values: Part | Text) -> Sentence:
        return Sentence(self.parts(text, **values), weight)  # type: ignore[arg-type]

    def listed(self, names: list[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(names)

    def unit_name(self, code: str) -> str:
        return next((u.title(self.language) for u in self.house.places.units if u.code == code), code or "—")

    def department(self, code: str) -> str:
        found = self.house.places.departments.get(code)
        return found.title(self.language) if found else code

    @property
    def where(self) -> str:
        if self.unit:
            return self.unit_name(self.unit)
        return self.word(words.ALL_CITY if self.desk.person.units is None else words.ALL_UNITS)

    @property
    def units(self) -> tuple[str, ...]:
        """The reporting units that it is about."""
        seen = self.desk.person.units
        every = [u.code for u in self.house.places.units if seen is None or u.code in seen]
        return tuple(u for u in every if self.unit in (None, u))

    def shown(self, measure: Measure, value: float | None) -> str:
        """A measure's value as the screens show it: `55.05%`, `3,446 户次`, `—` for none."""
        if value is None or pd.isna(value):
            return "—"
        if measure.value == "ratio" and measure.unit == "%":
            return f"{100 * value:.2f}%".replace("-", "−")
        number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
        return f"{number} {unit_of(measure, self.language)}".strip()

    # --- what there is -------------------------------------------------------------------------------------------

    @property
    def lasts(self) -> bool:
        return self.period.lasts(self.on)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        return {i.code: i for i in bounds.in_force(self.desk, self.house.registry).indicators}

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return {c: m for c, (_, m) in measures_of(self.house.registry).items()}

    @property
    def day(self) -> str:
        """As of when what is told by a day is told."""
        return f"{self.at.astimezone(BEIJING):%Y-%m-%d %H:%M}"

    @property
    def ended(self) -> str:
        """As of when the period's figures are told: its last day, or now while it lasts."""
        return self.day if self.lasts else f"{pd.Period(self.period.months[-1], 'M').end_time:%Y-%m-%d}"

    # --- notes ---------------------------------------------------------------------------------------------------

    def note(
        self, source: Text, page: str, code: str, title: str, how: str, datasets: tuple[str, ...] = (), *,
        as_of: str | None = None, group: str | None = None, **query: str | None,
    ) -> Note:  # fmt: skip
        """A note of a figure that the screen `page` shows; `datasets` are the tables behind it. `group`: whose months it is
        added up from, which are approved or not; None for what is told as it stands."""
        asked = {n: v for n, v in query.items() if v} | ({"unit": self.unit} if self.unit else {})
        path = f"/{page}?{urlencode(asked)}" if asked else f"/{page}"
        approval = self.word(words.LIVE) if group is None else self.approval(group)
        return Note(self.word(source), path, as_of or self.day, self._batch(datasets), code, title, how, approval)

    def approval(self, group: str) -> str:
        """How far the period's months of the units are approved, of a domain or the reform."""
        kept = self.__dict__.setdefault("_approvals", {})
        if group not in kept:
            states = [s.state for c, s in self._board.items() if c.domain == group]
            kept[group] = self.word(_approval(states), n=sum(s in ("open", "returned") for s in states), of=len(states))
        return kept[group]

    @property
    def approved(self) -> str:
        """The same of all groups together: none, partly, approved or accepted."""
        return _STATES[_approval([s.state for s in self._board.values()])]

    @cached_property
    def _board(self) -> dict:
        months = [m for m in self.period.months if m <= f"{self.on:%Y-%m}"]
        return approvals.board(self.desk, self.house.registry, self.units, months)

    def number(self, value: float | str | None, shown: str, note: Note, *fact: str) -> Number:
        return Number(value, shown, note, fact)

    def count(self, value: int, note: Note, *fact: str) -> Number:
        return Number(int(value), f"{int(value):,}", note, fact)

    def rate(self, value: float | None, note: Note, *fact: str) -> Number:
        """A rate per 100, to one decimal; small ones to two digits."""
        if value is None or pd.isna(value):
            return Number(None, "—", note, fact)
        return Number(value, f"{value:.1f}" if value >= 0.95 or value == 0 else f"{value:.2g}", note, fact)

    def of_measure(self, measure: Measure) -> Note:
        """The note of a measure's value of the period."""
        group, _ = measures_of(self.house.registry)[measure.code]
        return self.note(
            words.REVIEW, "review", measure.code, measure.title(self.language), measure.formula(self.language),
            tuple(r.spec.dataset for r in measure.needs), as_of=self.ended, group=group.name,
            of=None if group.shared else group.name, period=self.period.text,
        )  # fmt: skip

    def of_indicator(self, indicator: Indicator, domain: str) -> Note:
        """The note of how many subjects stand at a level of an indicator."""
        return self.note(
            words.OVERVIEW, "overview", indicator.code, indicator.title(self.language), indicator.formula(self.language),
            tuple(r.spec.dataset for r in indicator.needs), domain=domain,
        )  # fmt: skip

    def of_domains(self, *names: str) -> tuple[str, ...]:
        """The tables of domains."""
        found = [d for d in self.house.registry.domains if d.name in names]
        return tuple(r.spec.dataset for d in found for r in d.records)

    def _batch(self, datasets: tuple[str, ...]) -> str:
        """The newest standing batch of these tables in scope: its file and when it was stored."""
        found = [b for d in datasets for b in [self._newest(d)] if b is not None]
        if not found:
            return ""
        newest = max(found, key=lambda b: b.at)
        return f"{newest.file}（{newest.at.astimezone(BEIJING):%Y-%m-%d %H:%M}）"

    def _newest(self, dataset: str):
        kept = self.__dict__.setdefault("_batches", {})
        if dataset not in kept:
            lines = self.desk.batches(limit=20, dataset=dataset)
            mine = (
                b for b in lines if b.status == "standing" and (not self.unit or not b.units or self.unit in b.units)
            )
            kept[dataset] = next(mine, None)
        return kept[dataset]


def _approval(states: list[str]) -> Text:
    """What the states of all cells come to."""
    if states and all(s == "accepted" for s in states):
        return words.ACCEPTED
    if states and all(s in ("approved", "accepted") for s in states):
        return words.APPROVED
    return words.NOT_APPROVED if any(s in ("approved", "accepted") for s in states) else words.NONE_APPROVED


_STATES = {
    words.ACCEPTED: "accepted",
    words.APPROVED: "approved",
    words.NOT_APPROVED: "partly",
    words.NONE_APPROVED: "none",
}
