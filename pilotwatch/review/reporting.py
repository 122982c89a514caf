"""Whether teams report all that is due, and in time: by domain, reporting unit and month.

What is due follows from what a unit reports itself: an event's dataset is due where it came in at least `REGULAR` of the
twelve months before; one that is told by quarters, where it came in one of the four quarters before, and only in a
quarter's last month. Lists of subjects, public registers and what has no day have no month and are not judged. In time is
what arrived by the deadline after the period's end. All of it is practice (PRAC): data, until the city sets its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pilotwatch.domain import Basis, Record, Text
from pilotwatch.reform import NAME as REFORM
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, approvals
from pilotwatch.workdays import Calendar
from pilotwatch.workdays.months import shifted

BASIS = Basis("PRAC", "月报、季报的报送期限未见统一规定，为经验默认值，由市级专班办公室设定")
#: Working days after a month's or a quarter's end within which its rows are to be in.
MONTHLY, QUARTERLY = 5, 20
#: Datasets with a deadline of their own, in working days.
OWN: dict[str, int] = {}
#: Months of the last twelve in which a dataset came, from which on it is expected every month.
REGULAR = 6

COMPLETE = Text("报送完整率", "Complete")
IN_TIME = Text("报送及时率", "In time")


@dataclass(frozen=True)
class Due:
    """One dataset of a unit: the day it is due, the rows of the period, and how many of them arrived by that day."""

    dataset: str
    title: Text
    deadline: date
    rows: int
    in_time: int

    @property
    def state(self) -> str:
        """`missing`, `late` (something came after the deadline) or `in_time`."""
        return "missing" if not self.rows else "late" if self.in_time < self.rows else "in_time"


@dataclass(frozen=True)
class Reported:
    """A team's month: what was due. `complete`, `in_time`: shares, None where nothing was due; `running`: the latest
    deadline isn't over, so what is missing may still come."""

    domain: str
    report_unit: str
    month: str
    due: tuple[Due, ...]
    running: bool

    @property
    def complete(self) -> float | None:
        return sum(d.rows > 0 for d in self.due) / len(self.due) if self.due else None

    @property
    def in_time(self) -> float | None:
        """The share of the datasets due of which everything arrived by the deadline."""
        return sum(d.state == "in_time" for d in self.due) / len(self.due) if self.due else None

    def of(self, state: str) -> tuple[Due, ...]:
        return tuple(d for d in self.due if d.state == state)


def reported(
    desk: Desk, found: Registry, calendar: Calendar, units: Sequence[str], month: str, on: date
) -> tuple[Reported, ...]:  # fmt: skip
    """What every team of the person's domains and units reported of a month that has ended.

    Raises ValueError where `month` isn't written as 2026-10.
    """
    ended = shifted(month, 1)
    mine = [u for u in units if desk.person.units is None or u in desk.person.units]
    domains = [d.name for d in found.domains if desk.person.domains is None or d.name in desk.person.domains]
    due: dict[tuple[str, str], list[Due]] = {(g, u): [] for g in (*domains, REFORM) for u in mine}
    last = date.min
    for record in found.records:
        owner = found.domain_of(record.spec.dataset)
        group = owner.name if owner else REFORM
        span = _span(record, month)
        if group not in (*domains, REFORM) or span is None:
            continue
        deadline = calendar.add_working_days(
            _first(ended) - timedelta(days=1), OWN.get(record.spec.dataset, MONTHLY if span == 1 else QUARTERLY)
        )
        came = approvals.arrivals(desk, record.spec.dataset, _first(shifted(month, -12 - span + 1)), _first(ended))
        for unit in mine:
            if not _regular(came, unit, month, span):
                continue
            last = max(last, deadline)
            now = [d for m in range(span) for d in came.get((unit, shifted(month, -m)), {}).items()]
            rows, timely = sum(n for _, n in now), sum(n for at, n in now if at <= deadline)
            due[group, unit].append(Due(record.spec.dataset, record.spec.title, deadline, rows, timely))
    return tuple(
        Reported(g, u, month, tuple(d), on <= max((x.deadline for x in d), default=last)) for (g, u), d in due.items()
    )


def _span(record: type[Record], month: str) -> int | None:
    """How many months a report of this dataset covers that is due for the month: 1, 3, or None where none is."""
    spec = record.spec
    if spec.kind == "subject" or spec.public or not spec.day_fields:
        return None
    kinds = {c.name: c.kind for c in record.columns()}
    if any(kinds.get(n) == "quarter" for n in spec.day_fields):
        return 3 if int(month[5:]) % 3 == 0 else None
    return 1


def _regular(came: dict[tuple[str, str], dict[date, int]], unit: str, month: str, span: int) -> bool:
    before = [(unit, shifted(month, -m)) in came for m in range(span, span + 12)]
    return any(before) if span == 3 else sum(before) >= REGULAR


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
