"""What screens, plans and draws ask of the ledger through a desk: the guard before a visit, and past visits of subjects."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pilotwatch.inspection.ledger.guard import Seen, Stop, breaches, planned_visits, seen_of, stops
from pilotwatch.inspection.ledger.keep import frames_of
from pilotwatch.inspection.ledger.limits import LIMITS
from pilotwatch.inspection.ledger.past import Reach, missed, past
from pilotwatch.store import Desk
from pilotwatch.store import ledger as kept
from pilotwatch.workdays import today

# --- before a visit --------------------------------------------------------------------------------------------------


def guard(
    desk: Desk, subject: str, day: date, department: str | Collection[str], matter: str | Collection[str] = (), *,
    trigger: str = "双随机", but: Collection[str] = (), ahead: Iterable[Seen] = (), cap: int | None = None,
) -> list[Stop]:  # fmt: skip
    """What a planned visit would break, in the order of `limits.LIMITS`; empty: nothing stands against it.

    Counted are all planned visits of the subject, whoever made them, and those still to come in adopted plans. `but`:
    ids of plan visits that don't count (the one that is being moved). `ahead`: others to come that do, as those of a draft.
    `cap`: the subject's own yearly limit. Raises StoreRefused where the subject isn't in the person's scope.
    """
    departments, matters = _several(department), _several(matter)
    there = [*seen(desk, [subject], but=but)[subject], *ahead]
    return stops(there, day, departments, matters, trigger=trigger, cap=cap)


def guard_all(
    desk: Desk, visits: pd.DataFrame, *, but: Collection[str] = (), caps: Mapping[str, int] | None = None,
    among: bool = False,
) -> list[list[Stop]]:  # fmt: skip
    """The same for many visits at once: subject_id, day, departments, matters (lists), and `trigger` if there is one.

    `among`: those of the frame count as visits to come for each other, as in a plan that is about to be adopted.
    """
    history = seen(desk, visits["subject_id"].astype(str).unique().tolist(), but=but)
    triggers = visits["trigger"] if "trigger" in visits else ["双随机"] * len(visits)
    told = [
        (str(r.subject_id), pd.Timestamp(r.day).date(), frozenset(r.departments), frozenset(r.matters), t)
        for r, t in zip(visits.itertuples(), triggers, strict=True)
    ]
    ahead: dict[str, list[tuple[int, Seen]]] = {}
    for n, (subject, day, departments, matters, _) in enumerate(told if among else ()):
        ahead.setdefault(subject, []).append((n, Seen(day, departments, matters, coming=True)))
    return [
        stops(
            [*history[subject], *(v for k, v in ahead.get(subject, ()) if k != n)], day, departments, matters,
            trigger=trigger, cap=(caps or {}).get(subject),
        )
        for n, (subject, day, departments, matters, trigger) in enumerate(told)
    ]  # fmt: skip


def seen(desk: Desk, subjects: Sequence[str], *, but: Collection[str] = ()) -> dict[str, list[Seen]]:
    """The planned visits of these subjects, done and to come, whoever made them."""
    whole = kept.for_all_of(desk, subjects)
    done = planned_visits(frames_of(whole, subjects), today())
    found: dict[str, list[Seen]] = {s: [] for s in subjects}
    for subject, rows in done.groupby("subject_id"):
        found[str(subject)] = seen_of(rows)
    for row in kept.coming(whole, subjects, today(), but=but).itertuples():
        ahead = Seen(row.day, frozenset(json.loads(row.departments)), frozenset(json.loads(row.matters)), coming=True)
        found[row.subject_id].append(ahead)
    return found


def _several(given: str | Collection[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


# --- afterwards --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trip:
    """A visit that was made."""

    subject_id: str
    day: date
    departments: tuple[str, ...]
    matters: tuple[str, ...]
    trigger: str
    task_no: str
    scan_id: str
    scan_in_at: pd.Timestamp | None


@dataclass(frozen=True)
class Missed:
    """Trips of one subject that could have been `needed` visits, on `days`; `together`: some began within an hour of
    each other, so that they may have been made jointly and not written down as such."""

    subject_id: str
    trips: tuple[Trip, ...]
    needed: int
    days: tuple[date, ...]
    together: bool

    @property
    def saved(self) -> int:
        return len(self.trips) - self.needed


def missed_of(desk: Desk, subjects: Sequence[str], reach: Reach, months: Collection[str] | None = None) -> list[Missed]:
    """The visits of these subjects that could have been fewer, the most first; `months`: whose last visit lies in them."""
    of = past(frames_of(desk, subjects), today())
    rows = missed(of, reach).sort_values(["saved", "day"], ascending=False, kind="stable")
    trips = [_trip(r) for r in of.trips.to_dict("records")]
    found = [
        Missed(str(r["subject_id"]), tuple(trips[t] for t in r["trips"]), int(r["needed"]), r["days"],
               _together([trips[t] for t in r["trips"]]))
        for r in rows.to_dict("records")
    ]  # fmt: skip
    return [m for m in found if months is None or f"{m.trips[-1].day:%Y-%m}" in months]


def _trip(row: Mapping[str, object]) -> Trip:
    def listed(name: str) -> tuple[str, ...]:
        return tuple(json.loads(row[name])) if isinstance(row[name], str) else ()

    def told(name: str) -> str:
        return row[name] if isinstance(row[name], str) else ""

    at = row["scan_in_at"]
    return Trip(
        str(row["subject_id"]), row["day"].date(), listed("depts"), listed("items"), told("trigger"), told("task_no"),
        told("scan_id"), None if pd.isna(at) else at,
    )  # fmt: skip


def _together(trips: Sequence[Trip]) -> bool:
    at = sorted(t.scan_in_at for t in trips if t.scan_in_at is not None)
    return any((b - a) <= pd.Timedelta(hours=1) for a, b in itertools.pairwise(at))


@dataclass(frozen=True)
class Broken:
    """A planned visit that broke a limit, and what the guard would have said before it."""

    subject_id: str
    visit: Seen
    stops: tuple[Stop, ...]


def broken_of(desk: Desk, subjects: Sequence[str], code: str, months: Collection[str]) -> list[Broken]:
    """The planned visits of these subjects in these months that broke a limit, the newest first."""
    rows = planned_visits(frames_of(desk, subjects), today())
    found = breaches(rows)
    hit = found.loc[found["code"] == code, "visit"].to_numpy()
    made = []
    for at in hit:
        row = rows.iloc[at]
        if f"{row['day']:%Y-%m}" not in months:
            continue
        before = rows.iloc[:at]
        (me,) = seen_of(rows.iloc[at : at + 1])
        said = stops(seen_of(before[before["subject_id"] == row["subject_id"]]), me.day, me.departments, me.matters)
        made.append(Broken(str(row["subject_id"]), me, tuple(s for s in said if s.limit is LIMITS[code])))
    return sorted(made, key=lambda b: (b.visit.day, b.subject_id), reverse=True)
