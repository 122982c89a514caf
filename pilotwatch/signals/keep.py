"""Keeps counts, signals and contradictions in step: in the transaction of an upload, and once a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from pilotwatch.domain import Count, Domain
from pilotwatch.registry import Registry
from pilotwatch.signals import contradictions
from pilotwatch.signals.alarms import QUIET, raised
from pilotwatch.signals.counts import as_rows, cases_of, columns_of, counts_of, is_own
from pilotwatch.signals.series import HISTORY_YEARS, signals
from pilotwatch.store import Change, Desk, Store, days, shelf
from pilotwatch.store import signals as kept
from pilotwatch.workdays import today

_AT_ONCE = 20_000  # subjects counted together

_WITH_AN_UPLOAD = ("unit",)
_DAILY = ("unit", "division", "street")


def follow(found: Registry, store: Store, connection: Any, change: Change) -> None:
    """The hook of every commit and withdrawal, after that of the figures.

    Counts what the touched subjects have now; where that moved anything, or how many subjects a unit has, the domain's
    units and the city are judged anew. The streets, which are twenty times as many, wait for the daily update.
    """
    for domain in found.domains:
        lists = {r.spec.dataset for r in domain.subjects}
        counts = _counts(store, domain)
        counted = {c.record.spec.dataset for c in counts}
        touched = [change.touched[d] for d in change.datasets if d in lists | counted]
        if touched:
            kept.lock(connection, domain.name)
            subjects = np.unique(np.concatenate(touched)).tolist()
            moved = _count(connection, change.desk, domain, counts, subjects)
            if moved or (lists & set(change.datasets) and _people_moved(connection, domain.name)):
                _judge(connection, change.desk, domain, today(), _WITH_AN_UPLOAD)
        contradictions.follow(connection, domain, change, today())


def update(store: Store, found: Registry, *, on: date | None = None, rebuild: bool = False) -> dict[str, Any]:
    """Judges every series and every contradiction as of `on` (default: today); `rebuild` counts anew as well, and so does
    a store in which a domain was never counted. Each domain in one transaction.

    Returns by domain how many series were judged, how many alarms stand, how many contradictions are open.
    """
    on, done = on or today(), {}
    for domain in found.domains:
        with shelf.writing(store) as (connection, desk):
            kept.lock(connection, domain.name)
            if rebuild or not kept.is_counted(connection, domain.name):
                counts = _counts(store, domain)
                _count(connection, desk, domain, counts, _everybody(connection, desk, domain, counts))
                kept.COUNTS.recount(connection, domain.name)
            series, alarms = _judge(connection, desk, domain, on, _DAILY)
            open_now = contradictions.update(connection, desk, domain, on)
        done[domain.name] = {"series": series, "alarms": alarms, "contradictions": open_now}
    return {"on": on.isoformat(), "domains": done}


def _grown(connection: Any, domain: Domain) -> bool:
    """Whether a unit has more or fewer subjects than when it was judged last."""
    judged = kept.judged_population(connection, domain.name)
    now = kept.population(connection, domain.name).groupby("report_unit")["subjects"].sum()
    return any(now.get(unit, 0) != subjects for unit, subjects in judged.items())


def _counts(store: Store, domain: Domain) -> tuple[Count, ...]:
    """What is counted in the domain, of the records that the store has."""
    return tuple(c for c in counts_of(domain) if c.record.spec.dataset in store.datasets)


def _everybody(connection: Any, desk: Desk, domain: Domain, counts: Sequence[Count]) -> list[str]:
    """Of whom there is or was anything to count."""
    parts = [np.array(kept.counted_subjects(connection, domain.name), dtype=object)]
    datasets = dict.fromkeys(c.record.spec.dataset for c in counts)
    parts += [desk.frame(d, ["subject_id"])["subject_id"].unique().astype(object) for d in datasets]
    return np.unique(np.concatenate(parts)).tolist()


def _count(connection: Any, desk: Desk, domain: Domain, counts: Sequence[Count], subjects: Sequence[str]) -> bool:
    """Counts the subjects' rows anew; returns whether anything moved."""
    parts = [subjects[i : i + _AT_ONCE] for i in range(0, len(subjects), _AT_ONCE)]
    return any([_count_part(connection, desk, domain, counts, part) for part in parts])


def _count_part(connection: Any, desk: Desk, domain: Domain, counts: Sequence[Count], subjects: Sequence[str]) -> bool:
    listed = kept.listing(connection, [r.spec.dataset for r in domain.subjects], subjects)
    found = []
    for count in counts:
        own = is_own(domain, count.record)
        whose = subjects if own else listed["subject_id"].tolist()
        rows = desk.frame(count.record.spec.dataset, columns_of(count), subjects=whose)
        if len(rows):
            found.append(cases_of(count, rows, listed, own))
    rows, before = as_rows(found), _sorted(kept.COUNTS.of_subjects(connection, domain.name, subjects))
    if rows.equals(before):
        return False
    kept.COUNTS.replace(connection, domain.name, subjects, before, rows)
    return True


def _people_moved(connection: Any, domain: str) -> bool:
    """Whether a unit that is judged has more or fewer subjects than it was judged by."""
    people = kept.population(connection, domain).groupby("report_unit")["subjects"].sum()
    judged = kept.judged_by(connection, domain)
    return bool((judged["place"].map(people).fillna(0) != judged["at_risk"]).any())


def _sorted(rows: pa.Table) -> pa.Table:
    schema = pa.schema(kept.COUNTS.columns.items())
    return rows.cast(schema).sort_by([(n, "ascending") for n in schema.names if n != "n"])


def _judge(connection: Any, desk: Desk, domain: Domain, on: date, kinds: Sequence[str]) -> tuple[int, int]:
    """Judges the domain's series of these kinds of places (and with the units the city), raises and ends alarms; returns
    how many series there are and how many are in alarm."""
    since = on.replace(year=on.year - HISTORY_YEARS, day=min(on.day, 28))
    cases = kept.place_counts(connection, domain.name, since)
    people, off = kept.population(connection, domain.name), holidays(desk)
    found = signals(counts_of(domain), cases, people, on, off, kinds=kinds)
    replaced = [*kinds, "city"] if "unit" in kinds else kinds
    if found.empty:
        kept.put(connection, domain.name, replaced, found)
        return 0, 0
    steps = raised(found, kept.alarms_since(connection, domain.name, found["week_to"].min() - QUIET))
    kept.put(connection, domain.name, replaced, found.assign(raised_on=steps.standing))
    kept.raise_alarms(connection, domain.name, steps.new)
    kept.move_alarms(connection, domain.name, steps.moved)
    return len(found), int(steps.standing.notna().sum())


def holidays(desk: Desk) -> list[date]:
    """The days off that notices name, as far as they are attested: no baseline for what an ordinary week has."""
    return [day for day, entry in days.calendar(desk).counted.items() if entry.kind == "off"]
