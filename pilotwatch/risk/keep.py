"""Keeps the cards and the incidents in step: in the transaction of an upload, after the warnings, and once a day.

A card is a figure: it follows from the subject's own records and levels, and from a few facts that the daily update
settles for everybody (the usual rate of complaints, once a month; the streets in which a surge stands). So an upload
re-makes the cards of whom it touched alone, and making them all anew gives the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pilotwatch import bounds, figures
from pilotwatch.domain import Domain, Incident, Record
from pilotwatch.frames import Stored
from pilotwatch.registry import Registry
from pilotwatch.risk import facts as made_from
from pilotwatch.risk.card import BREACH, Norm, class_of, points, with_score
from pilotwatch.store import Change, Desk, Store, grades, scores, shelf
from pilotwatch.workdays import today

_AT_ONCE = 20_000  # subjects scored together
_TEXT = pa.string()
_LEVEL = ("subject_id", "indicator", "rank", "level", "report_unit", "division_code", "street_code")  # what cards need


def follow(found: Registry, store: Store, connection: Any, change: Change) -> None:
    """The hook of every commit and withdrawal, after that of the warnings."""
    for domain in found.domains:
        if subjects := _touched(change, _read_for_cards(domain)):
            if _held_against(domain, change):
                subjects = shelf.listed_subjects(connection, [r.spec.dataset for r in domain.subjects])
            shelf.lock(connection, domain.name)
            by_records = any(r.spec.dataset in change.touched for r in _read(domain))
            _cards(connection, change.desk, domain, subjects, today(), by_records=by_records)
        relisted = any(r.spec.dataset in change.touched for r in domain.subjects)
        kinds = [i for i in domain.incidents if relisted or any(r.spec.dataset in change.touched for r in i.needs)]
        if subjects := _touched(change, [*(r for i in kinds for r in i.needs), *(domain.subjects if kinds else ())]):
            _incidents(connection, change.desk, domain, subjects, kinds)


def relevel(connection: Any, desk: Desk, domain: Domain, subjects: Sequence[str], on: date) -> None:
    """The hook of a bound that is set: the cards of those whose levels it moved."""
    _cards(connection, desk, domain, subjects, on, by_records=False)


def update(store: Store, found: Registry, *, on: date | None = None, rebuild: bool = False) -> dict[str, Any]:
    """Makes every card as of `on` (default: today), each domain in one transaction; `rebuild` finds the incidents anew as
    well, and so does the first update of a store. Returns by domain how many subjects are in which class."""
    on, done = on or today(), {}
    for domain in found.domains:
        with shelf.writing(store) as (connection, desk):
            shelf.lock(connection, domain.name)
            everyone = shelf.subjects_of(connection, domain.name, [r.spec.dataset for r in domain.subjects])
            _settle(connection, desk, domain, everyone, on)
            done[domain.name] = _cards(connection, desk, domain, everyone, on)
            if rebuild:
                grades.RISK.recount(connection, domain.name)
            told = grades.facts(connection, domain.name)
            if rebuild or not told.get("incidents"):
                _all_incidents(connection, desk, domain)
                grades.settle(connection, domain.name, {**told, "incidents": True})
    return {"on": on.isoformat(), "domains": done}


# --- cards ---------------------------------------------------------------------------------------------------------


def _cards(
    connection: Any, desk: Desk, domain: Domain, subjects: Sequence[str], on: date, *, by_records: bool = True
) -> dict[str, int]:
    """Makes the cards of some subjects; returns how many came to which class.

    `by_records=False`: only their levels moved, so of cards that are as of this day the other parts stay as they are.
    """
    domain = bounds.domain_in_force(desk, domain)
    laws = made_from.law_ranks(domain, on)
    told = grades.facts(connection, domain.name)
    counts: dict[str, int] = {}
    for n in range(0, len(subjects), _AT_ONCE):
        part = list(subjects[n : n + _AT_ONCE])
        levels = shelf.LEVELS.of_subjects(connection, domain.name, part, _LEVEL)
        places = made_from.listed(levels)
        before = grades.RISK.of_subjects(connection, domain.name, part)
        if places.empty and not before.num_rows:
            continue  # of another domain: shared records touch subjects of all of them
        broken = made_from.breaches(levels, laws, places.index)
        rows = None if by_records else _kept(before, broken, places.index, on)
        if rows is None:
            rows = _made(desk, domain, places, broken, _norm(told), frozenset(told.get("streets", ())), on)
        rows = rows.assign(
            computed_class=class_of(rows["score"].to_numpy(float)),
            priority=(rows["score"] * rows["consequence"]).round(2), on_day=on,
            composite=made_from.composite(levels, domain, places.index), **{c: places[c] for c in places},
        )  # fmt: skip
        given = grades.graded(connection, domain.name, part)
        rows = rows.assign(risk_class=_effective(rows["computed_class"], given))
        grades.put(connection, domain.name, before, _table(rows))
        for name, count in rows["risk_class"].value_counts().items():
            counts[str(name)] = counts.get(str(name), 0) + int(count)
    return dict(sorted(counts.items()))


def _made(
    desk: Desk, domain: Domain, places: pd.DataFrame, broken: np.ndarray, norm: Norm, streets: frozenset[str], on: date
) -> pd.DataFrame:
    """The cards from the records: the points, the credit class, what is at stake."""
    facts = made_from.of_records(domain, _frames(desk, domain, places.index.tolist()), places.index, on)
    facts = facts.assign(breach=broken, aberration=places["street_code"].isin(streets))
    steps = domain.stake.bounds if domain.stake else ()
    consequence = 1 + np.digitize(facts["exposure"].fillna(-np.inf).to_numpy(float), steps)
    return points(facts, norm).assign(
        credit_class=facts["credit_class"], exposure=facts["exposure"], consequence=consequence
    )


def _kept(before: pa.Table, broken: np.ndarray, index: pd.Index, on: date) -> pd.DataFrame | None:
    """The stored cards with another answer to whether law is broken; None where one is lacking, or of another day."""
    kept = before.to_pandas(date_as_object=False).set_index("subject_id").reindex(index)
    if not (kept["on_day"] == pd.Timestamp(on)).all():
        return None
    return with_score(kept.assign(breach=BREACH * broken))


def _effective(computed: pd.Series, given: dict[str, str]) -> pd.Series:
    """The class that counts: what somebody signed for, else what the card says."""
    signed = pd.Series(given, dtype=object).reindex(computed.index)
    return signed.where(signed.notna(), computed)


def _table(rows: pd.DataFrame) -> pa.Table:
    whole = rows.reset_index()
    return pa.table(
        {n: pa.array(whole[n].to_numpy(), kind, from_pandas=True) for n, kind in grades.RISK.columns.items()}
    )


def _frames(desk: Desk, domain: Domain, subjects: Sequence[str]) -> Stored:
    return Stored(lambda dataset, columns: desk.frame(dataset, columns, subjects=subjects), _read(domain))


# --- what is settled for everybody ---------------------------------------------------------------------------------


def _settle(connection: Any, desk: Desk, domain: Domain, everyone: Sequence[str], on: date) -> None:
    """The facts all cards of a domain share: the usual rate of complaints, found once a month, and the streets of today."""
    told = grades.facts(connection, domain.name)
    streets = grades.alarmed_streets(connection, domain.name)
    month = f"{on:%Y-%m}"
    if told.get("month") != month:
        sums = [_usual(desk, domain, list(everyone[n : n + _AT_ONCE]), on) for n in range(0, len(everyone), _AT_ONCE)]
        complaints, customers = (np.concatenate(column) for column in zip(*sums, strict=True)) if sums else ((), ())
        norm = Norm.of(np.array(complaints), np.array(customers))
        weight = None if np.isinf(norm.weight) else norm.weight
        told = {**told, "month": month, "rate": norm.rate, "weight": weight, "customers": norm.customers}
    grades.settle(connection, domain.name, {**told, "streets": streets, "streets_on": on.isoformat()})


def _usual(desk: Desk, domain: Domain, subjects: list[str], on: date) -> tuple[np.ndarray, np.ndarray]:
    facts = made_from.of_records(domain, _frames(desk, domain, subjects), pd.Index(subjects), on)
    return facts["complaints"].to_numpy(float), facts["customers"].to_numpy(float)


def _norm(told: dict[str, Any]) -> Norm:
    if not told:
        return Norm()
    weight = told.get("weight")
    return Norm(told.get("rate"), np.inf if weight is None else weight, told.get("customers", 1.0))


# --- incidents -----------------------------------------------------------------------------------------------------


def _incidents(connection: Any, desk: Desk, domain: Domain, subjects: Sequence[str], kinds: Sequence[Incident]) -> None:
    """Finds some kinds of incidents anew, of those of the subjects that the domain's lists have."""
    listed = scores.listed(connection, [r.spec.dataset for r in domain.subjects], subjects)
    rows = [pd.DataFrame({"subject_id": [], "kind": [], "day": []}, dtype=object)]
    for incident in kinds if listed else ():
        found = incident.find(
            Stored(lambda dataset, columns: desk.frame(dataset, columns, subjects=listed), incident.needs)
        )
        rows.append(pd.DataFrame({"subject_id": found["subject_id"], "kind": incident.code, "day": found["day"]}))
    every = pd.concat(rows, ignore_index=True)
    days = pa.array(pd.to_datetime(every["day"]).to_numpy("datetime64[D]"), pa.date32())
    table = pa.table({**{n: pa.array(every[n], _TEXT) for n in ("subject_id", "kind")}, "day": days})
    scores.replace_incidents(connection, domain.name, subjects, [i.code for i in kinds], table)


def _all_incidents(connection: Any, desk: Desk, domain: Domain) -> None:
    """Finds every incident anew, so many subjects at a time that memory stays bounded."""
    datasets = {r.spec.dataset for i in domain.incidents for r in i.needs}
    named = [desk.frame(d, ["subject_id"])["subject_id"].unique().astype(object) for d in sorted(datasets)]
    named.append(np.array(scores.incident_subjects(connection, domain.name), dtype=object))
    everyone = np.unique(np.concatenate(named)).tolist()
    for n in range(0, len(everyone), _AT_ONCE):
        _incidents(connection, desk, domain, everyone[n : n + _AT_ONCE], domain.incidents)


# --- what concerns whom --------------------------------------------------------------------------------------------


def _read(domain: Domain) -> tuple[type[Record], ...]:
    """The records a card is made from, beside the levels."""
    stake = domain.stake.needs if domain.stake else ()
    return tuple({r.spec.dataset: r for r in (*domain.subjects, *stake, *made_from.READ)}.values())


def _read_for_cards(domain: Domain) -> Iterable[type[Record]]:
    return (*figures.read_by(domain), *_read(domain))


def _touched(change: Change, records: Iterable[type[Record]]) -> list[str]:
    """The subjects that a change touched in these records."""
    names = dict.fromkeys(r.spec.dataset for r in records)
    parts = [change.touched[d] for d in names if d in change.touched]
    return np.unique(np.concatenate(parts)).tolist() if parts else []


def _held_against(domain: Domain, change: Change) -> bool:
    """Whether a register changed that an indicator holds everybody against."""
    return any(r.spec.dataset in change.touched for i in domain.indicators for r in i.registers)
