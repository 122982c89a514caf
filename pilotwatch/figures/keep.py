"""Keeps the figures in step with the records: for what an upload touched, for a new day, or all of it anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pilotwatch import bounds
from pilotwatch.domain import Domain, Indicator, Record
from pilotwatch.figures import periods
from pilotwatch.figures.evaluate import WORST, Evaluation, evaluate
from pilotwatch.figures.rows import Keyed, difference, levels_of, parts_of, with_since
from pilotwatch.frames import Stored
from pilotwatch.registry import Registry
from pilotwatch.store import Change, Desk, Ids, Store, days, shelf
from pilotwatch.workdays import today

_AT_ONCE = 20_000  # subjects evaluated together
_PLACE = ("report_unit", "division_code", "street_code", "located")
_ASKED_AGAIN = ["subject_id", "indicator", "rank", "level", *_PLACE[:3]]  # what cards need of a level


#: What is done with new levels, in the transaction that made them: (connection, domain, subjects, rows, on).
Then = Callable[[Any, Domain, Sequence[str], pa.Table, date], None]


@dataclass(frozen=True)
class Made:
    """What some subjects' records give: their evaluation, and where each is. Subjects are numbered as in `made`."""

    done: Evaluation
    places: dict[str, pa.Array]


class Spread(periods.Spread, Protocol):
    """Evaluates subjects elsewhere, in any number of processes."""

    def levels(self, domain: str, parts: Sequence[Sequence[str]], on: date) -> Iterator[Made]:
        """What `made` gives for each part of a domain's subjects, in their order."""


def follow(found: Registry, store: Store, connection: Any, change: Change, then: Then | None = None) -> None:
    """The hook of every commit and withdrawal: re-evaluates whom it concerns, in its own transaction.

    It concerns the subjects it touched, and everybody whom an indicator holds against a register that changed.
    """
    shelf.follow_rows(connection, store, change)
    for domain in found.domains:
        touched = [change.touched[r.spec.dataset] for r in read_by(domain) if r.spec.dataset in change.touched]
        held = _held_against(domain, change)
        if touched or held:
            shelf.lock(connection, domain.name)
            periods.close_month(connection, domain.name, today())
            everyone = shelf.listed_subjects(connection, held) if held else []
            subjects = np.unique(np.concatenate([*touched, np.array(everyone, dtype=object)])).tolist()
            _put_in_parts(connection, change.desk, domain, subjects, today(), then, set(change.touched))
    periods.follow(found, store, connection, change)


def _held_against(domain: Domain, change: Change) -> list[str]:
    """The lists of those whom an indicator holds against a register that changed."""
    return sorted(
        {i.per.spec.dataset for i in domain.indicators if any(r.spec.dataset in change.touched for r in i.registers)}
    )


def update(
    store: Store, found: Registry, *, on: date | None = None, rebuild: bool = False, then: Then | None = None,
    spread: Spread | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Re-evaluates every subject as of `on` (default: today); `rebuild` makes the counts anew as well.

    Each domain in one transaction, so many subjects at a time that memory stays bounded; `spread` evaluates them in other
    processes, this one writes. Returns how many subjects of which domain were evaluated.
    """
    on = on or today()
    done: dict[str, Any] = {"on": on.isoformat(), "domains": {}}
    for domain in found.domains:
        with shelf.writing(store) as (connection, desk):
            shelf.lock(connection, domain.name)
            periods.close_month(connection, domain.name, on)
            everyone = shelf.subjects_of(connection, domain.name, [r.spec.dataset for r in domain.subjects])
            done["domains"][domain.name] = _put_in_parts(connection, desk, domain, everyone, on, then, spread=spread)
            if rebuild:
                for rollup in (shelf.LEVELS, shelf.PARTS):
                    rollup.recount(connection, domain.name)
    periods.update(store, found, on, rebuild=rebuild, spread=spread)
    if rebuild:
        with shelf.writing(store) as (connection, _):
            shelf.recount_rows(connection, store)
    return done


def read_by(domain: Domain) -> tuple[type[Record], ...]:
    """The records a domain's figures follow from."""
    needed = (*domain.subjects, *(r for i in domain.indicators for r in i.needs))
    return tuple({r.spec.dataset: r for r in needed}.values())


def registers_of(domain: Domain) -> tuple[type[Record], ...]:
    """The lists that its indicators hold every subject against."""
    return tuple({r.spec.dataset: r for i in domain.indicators for r in i.registers}.values())


def _put_in_parts(
    connection: Any, desk: Desk, domain: Domain, subjects: Sequence[str], on: date, then: Then | None,
    changed: Collection[str] | None = None, spread: Spread | None = None,
) -> int:  # fmt: skip
    """Evaluates the subjects, so many at a time that memory stays bounded.

    `changed`: the datasets of which rows changed since the subjects were evaluated; default: any.
    """
    domain, registers = judged_by(desk, domain)
    concerned = _concerned(domain, changed)
    parts = periods.in_parts(sorted(subjects), spread.at_once if spread else _AT_ONCE)
    ready = spread.levels(domain.name, parts, on) if spread else repeat(None)
    return sum(
        _put(connection, desk, domain, part, registers, on, then, concerned, made, follows=changed is not None)
        for part, made in zip(parts, ready, strict=False)
    )


def judged_by(desk: Desk, domain: Domain) -> tuple[Domain, Stored]:
    """What all parts of a domain are judged by: its bounds in force, its registers (whole, so read once), the calendar."""
    domain = bounds.domain_in_force(desk, domain)
    return domain, Stored(desk.register, registers_of(domain), calendar=days.calendar(desk))


def _concerned(domain: Domain, changed: Collection[str] | None) -> tuple[Indicator, ...]:
    """The indicators that read what changed. All of them where a list did: it says who there is, and where."""
    if changed is None or any(r.spec.dataset in changed for r in domain.subjects):
        return domain.indicators
    return tuple(i for i in domain.indicators if any(r.spec.dataset in changed for r in (*i.needs, *i.registers)))


def _put(
    connection: Any, desk: Desk, domain: Domain, subjects: Sequence[str], registers: Stored, on: date,
    then: Then | None, concerned: tuple[Indicator, ...], ready: Made | None = None, *, follows: bool = False,
) -> int:  # fmt: skip
    """Evaluates the subjects and puts on the shelf what differs from what is there; returns how many of them the domain's
    lists have.

    Where all were evaluated on this day already, by the `concerned` indicators alone. `ready`: they were, by all.
    `follows`: others in this transaction will ask for the levels.
    """
    ids, asked = pa.array(subjects, pa.string()), Ids(subjects)
    codes = (WORST, *(i.code for i in domain.indicators))
    before = Keyed.of(shelf.LEVELS.of_subjects(connection, domain.name, asked), ids, codes)

    if len(concerned) < len(domain.indicators) and not _is_of(before.rows, _reader(desk, asked, ids), domain, on):
        concerned = domain.indicators
    now_made = ready or made(desk, domain, asked, registers, on, concerned)
    done, places = now_made.done, now_made.places
    anew = {WORST, *(i.code for i in concerned)}
    others = np.isin(before.rows["indicator"].to_numpy(zero_copy_only=False), [c for c in codes if c not in anew])
    worst = _worst(done, before.where(others), len(codes))
    now = with_since(levels_of(done, worst, ids, codes, places, on), before, on)
    mine = before.where(~others)
    gone, come = difference(mine, now, but="on_day")
    shelf.LEVELS.change(connection, domain.name, gone, come)
    if pc.any(pc.not_equal(mine.rows["on_day"], pa.scalar(on, pa.date32()))).as_py():
        shelf.date_levels(connection, domain.name, asked, on)
    if follows:
        whole = pa.concat_tables([t.select(_ASKED_AGAIN) for t in (now.rows, before.where(others).rows)])
        shelf.LEVELS.keep_in_mind(connection, domain.name, subjects, whole)
    _put_parts(connection, domain, concerned, asked, ids, parts_of(done, ids, codes, places), codes)
    if then:
        then(connection, domain, subjects, now.rows, on)
    return len(done.subjects)


def made(
    desk: Desk, domain: Domain, subjects: Sequence[str], registers: Stored, on: date,
    concerned: Sequence[Indicator] | None = None,
) -> Made:  # fmt: skip
    """What the records of these subjects (sorted; numbered by their place) give, by the indicators (default: all).

    Only reads, and the same rows give the same, so any process may make it. `domain`, `registers`: of `judged_by`.
    """
    concerned = domain.indicators if concerned is None else concerned
    reading = tuple(i.compute for i in concerned)
    asked = subjects if isinstance(subjects, Ids) else Ids(subjects)
    read = _reader(desk, asked, pa.array(list(asked), pa.string()))
    frames = Stored(read, read_by(domain), registers, ahead=_READ.get(reading))
    done = evaluate(domain, frames, on, concerned)
    places = _places(domain, frames, done.subjects)
    _READ[reading] = frames.asked
    return Made(done, places)


def _reader(desk: Desk, asked: Ids, ids: pa.Array) -> Callable[[str, list[str] | None], pd.DataFrame]:
    return lambda dataset, columns: desk.frame(dataset, columns, subjects=asked, numbered=ids)


#: What the functions of indicators read of each dataset, as they did the last time: the next time it is read in one go.
_READ: dict[tuple[Any, ...], dict[str, set[str]]] = {}


def _put_parts(
    connection: Any, domain: Domain, concerned: Sequence[Indicator], asked: Ids, ids: pa.Array, now: Keyed,
    codes: Sequence[str],
) -> None:  # fmt: skip
    """The same for what the subjects give to the indicators of places."""
    if not any(i.area for i in domain.indicators):
        return
    before = Keyed.of(shelf.PARTS.of_subjects(connection, domain.name, asked), ids, codes)
    others = {i.code for i in domain.indicators} - {i.code for i in concerned}
    mine = before.where(~np.isin(before.rows["indicator"].to_numpy(zero_copy_only=False), sorted(others)))
    shelf.PARTS.change(connection, domain.name, *difference(mine, now))


def _is_of(before: pa.Table, read: Callable[..., pd.DataFrame], domain: Domain, on: date) -> bool:
    """Whether all the subjects that the lists have, and nobody else, were evaluated on this day."""
    if not pc.all(pc.equal(before["on_day"], pa.scalar(on, pa.date32())), min_count=0).as_py():
        return False
    listed = {i for record in domain.subjects for i in read(record.spec.dataset, ["subject_id"])["subject_id"]}
    return pc.sum(pc.equal(before["indicator"], WORST), min_count=0).as_py() == len(listed)


def _worst(done: Evaluation, others: Keyed, width: int) -> np.ndarray:
    """The rank of the worst level of each subject, what the other indicators said before included."""
    worst = done.worst.copy()
    at = done.subjects.get_indexer(others.keys // width)
    np.minimum.at(worst, at, others.rows["rank"].to_numpy())
    return worst


def _places(domain: Domain, frames: Stored, subjects: pd.Index) -> dict[str, pa.Array]:
    """Where each subject is: the place its list gives it."""
    lists = [frames.read(r.spec.dataset, _PLACE) for r in domain.subjects]
    places = pd.concat([f for f in lists if len(f)] or lists).drop_duplicates("subject_id").set_index("subject_id")
    places = places.reindex(subjects)
    empty = {**dict.fromkeys(_PLACE, ""), "located": "none"}
    return {n: pa.array(places[n].fillna(empty[n]), pa.string()) for n in _PLACE}
