"""Keeps the figures in step with the records: for what an upload touched, for a new day, or all of it anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pilotwatch import bounds
from pilotwatch.domain import LEVELS, Domain, Record
from pilotwatch.figures import periods
from pilotwatch.figures.evaluate import WORST, Evaluation, evaluate
from pilotwatch.frames import Stored
from pilotwatch.registry import Registry
from pilotwatch.store import Change, Desk, Store, days, shelf
from pilotwatch.workdays import today

_AT_ONCE = 50_000  # subjects evaluated together
_PLACE = ("report_unit", "division_code", "street_code", "located")


#: What is done with new levels, in the transaction that made them: (connection, domain, subjects, rows, on).
Then = Callable[[Any, Domain, Sequence[str], pa.Table, date], None]


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
            _put_in_parts(connection, change.desk, domain, subjects, today(), then)
    periods.follow(found, store, connection, change)


def _held_against(domain: Domain, change: Change) -> list[str]:
    """The lists of those whom an indicator holds against a register that changed."""
    return sorted(
        {i.per.spec.dataset for i in domain.indicators if any(r.spec.dataset in change.touched for r in i.registers)}
    )


def update(
    store: Store, found: Registry, *, on: date | None = None, rebuild: bool = False, then: Then | None = None
) -> dict[str, Any]:
    """Re-evaluates every subject as of `on` (default: today); `rebuild` makes the counts anew as well.

    Each domain in one transaction, so many subjects at a time that memory stays bounded. Returns how many subjects of
    which domain were evaluated.
    """
    on = on or today()
    done: dict[str, Any] = {"on": on.isoformat(), "domains": {}}
    for domain in found.domains:
        with shelf.writing(store) as (connection, desk):
            shelf.lock(connection, domain.name)
            periods.close_month(connection, domain.name, on)
            everyone = shelf.subjects_of(connection, domain.name, [r.spec.dataset for r in domain.subjects])
            done["domains"][domain.name] = _put_in_parts(connection, desk, domain, everyone, on, then)
            if rebuild:
                for rollup in (shelf.LEVELS, shelf.PARTS):
                    rollup.recount(connection, domain.name)
    periods.update(store, found, on, rebuild=rebuild)
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
    connection: Any, desk: Desk, domain: Domain, subjects: Sequence[str], on: date, then: Then | None
) -> int:
    """Evaluates the subjects, so many at a time that memory stays bounded."""
    domain = bounds.domain_in_force(desk, domain)
    calendar = days.calendar(desk)
    registers = Stored(desk.register, registers_of(domain), calendar=calendar)  # whole, so once for all parts
    parts = [subjects[i : i + _AT_ONCE] for i in range(0, len(subjects), _AT_ONCE)]
    return sum(_put(connection, desk, domain, part, registers, on, then) for part in parts)


def _put(
    connection: Any, desk: Desk, domain: Domain, subjects: Sequence[str], registers: Stored, on: date, then: Then | None
) -> int:
    """Evaluates the subjects and puts their levels on the shelf; returns how many of them the domain's lists have."""
    frames = Stored(
        lambda dataset, columns: desk.frame(dataset, columns, subjects=subjects), read_by(domain), registers
    )
    before = shelf.LEVELS.of_subjects(connection, domain.name, subjects)
    evaluated = evaluate(domain, frames, on)
    places = _places(domain, frames, evaluated.subjects)
    rows = _rows(evaluated, places, on)
    rows = rows.set_column(rows.schema.get_field_index("since"), "since", _since(rows, before, on))
    shelf.LEVELS.replace(connection, domain.name, subjects, before, rows)
    parts_before = shelf.PARTS.of_subjects(connection, domain.name, subjects)
    shelf.PARTS.replace(connection, domain.name, subjects, parts_before, _part_rows(evaluated, places))
    if then:
        then(connection, domain, subjects, rows, on)
    return len(evaluated.subjects)


def _places(domain: Domain, frames: Stored, subjects: pd.Index) -> dict[str, pa.Array]:
    """Where each subject is: the place its list gives it."""
    lists = [frames.read(r.spec.dataset, _PLACE) for r in domain.subjects]
    places = pd.concat(lists).drop_duplicates("subject_id").set_index("subject_id").reindex(subjects)
    empty = {**dict.fromkeys(_PLACE, ""), "located": "none"}
    return {n: pa.array(places[n].fillna(empty[n]), pa.string()) for n in _PLACE}


def _rows(done: Evaluation, places: dict[str, pa.Array], on: date) -> pa.Table:
    """The rows of the shelf, one per subject and indicator that judged it, and one for the worst of each."""
    everyone = np.arange(len(done.subjects))
    parts = [(WORST, everyone, np.full(len(everyone), np.nan), done.worst)]
    parts += [(j.indicator, j.at, j.values, j.ranks) for j in done.judged]
    at = pa.array(np.concatenate([p[1] for p in parts]), pa.int64())
    ranks = np.concatenate([p[3] for p in parts]).astype("int64")
    days = pa.array(np.full(len(ranks), np.datetime64(on, "D")), pa.date32())
    columns = {
        "subject_id": pa.array(done.subjects, pa.string()).take(at),
        "indicator": pa.array(np.repeat([p[0] for p in parts], [len(p[1]) for p in parts]), pa.string()),
        "value": pa.array(np.concatenate([p[2] for p in parts]), pa.float64(), from_pandas=True),
        "level": pa.array(LEVELS).take(pa.array(ranks)),
        "rank": pa.array(ranks),
        "since": days,
        "on_day": days,
        **{n: places[n].take(at) for n in _PLACE},
    }
    return pa.table({n: columns[n] for n in shelf.LEVELS.columns})


def _part_rows(done: Evaluation, places: dict[str, pa.Array]) -> pa.Table:
    """What each subject gives to the indicators of places."""
    if not done.parts:
        return pa.schema(shelf.PARTS.columns.items()).empty_table()
    at = pa.array(np.concatenate([p.at for p in done.parts]), pa.int64())

    def scaled(parts: list[np.ndarray]) -> pa.Array:
        return pa.array(np.rint(np.concatenate(parts) * shelf.PART_SCALE).astype("int64"))

    columns = {
        "subject_id": pa.array(done.subjects, pa.string()).take(at),
        "indicator": pa.array(
            np.repeat([p.indicator for p in done.parts], [len(p.at) for p in done.parts]), pa.string()
        ),
        "numerator": scaled([p.numerators for p in done.parts]),
        "denominator": scaled([p.denominators for p in done.parts]),
        **{n: places[n].take(at) for n in _PLACE},
    }
    return pa.table({n: columns[n] for n in shelf.PARTS.columns})


def _since(rows: pa.Table, before: pa.Table, on: date) -> pa.Array:
    """From which day the level has been this or worse: the day known before, where it hasn't got worse since."""
    if not before.num_rows:
        return rows["since"].combine_chunks()
    key = ["subject_id", "indicator"]
    now = rows.select([*key, "rank"]).to_pandas()
    known = before.select([*key, "rank", "since"]).to_pandas(date_as_object=False)
    both = now.merge(known, on=key, how="left", suffixes=("", "_before"))
    since = both["since"].where(both["rank_before"] <= both["rank"]).fillna(pd.Timestamp(on))
    return pa.array(since.dt.date, pa.date32())
