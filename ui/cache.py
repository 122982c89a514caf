"""What is kept between runs and shared by all sessions: the workspace, the figures of a scope, the drawn map.

Figures are kept until the data changes: their key holds the store's data version and the day. They are only read, so
they are shared as they are, not copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch import figures, review, subjects, warnings
from pilotwatch.figures import ask
from pilotwatch.store import BatchLine, Desk, Person, lookup, shelf
from pilotwatch.store.pilots import pilot_entries
from pilotwatch.workdays import today
from pilotwatch.workspace import Workspace
from ui import asof


def workspace() -> Workspace:
    """The open workspace of this process; in a session that looks back, that of its past day."""
    return asof.workspace()


def warm() -> None:
    """Does once what the first person would wait for."""
    from ui import maps

    house = workspace()
    maps.outlines(house.places)


def overview(desk: Desk) -> figures.Overview:
    """The figures of the desk's scope, as of today."""
    return _overview(*_scope(desk.person), desk.data_version(), today(), _desk=desk)


def newest(desk: Desk) -> datetime | None:
    """When the newest batch of the desk's scope was committed; None where there is none."""
    return _newest(*_scope(desk.person), desk.data_version(), _desk=desk)


def exceptions(desk: Desk, domain: str | None, unit: str | None, limit: int) -> pd.DataFrame:
    """The worst subjects of the desk's scope, in a domain and a unit."""
    key = (*_scope(desk.person), desk.data_version(), today())
    return _exceptions(*key, domain, unit, limit, _desk=desk)


def points(desk: Desk, domain: str, unit: str) -> pd.DataFrame:
    """The located subjects at risk of a domain in a unit."""
    key = (*_scope(desk.person), desk.data_version(), today())
    return _points(*key, domain, unit, _desk=desk)


Key = tuple[str, str, str, int, date]


def key(desk: Desk) -> Key:
    """What figures of a subject are kept by: the person's scope, the version of the data, the day. A page asks once."""
    return (*_scope(desk.person), desk.data_version(), today())


def explained(desk: Desk, at: Key, code: str, subject_id: str) -> warnings.Explanation:
    """How an indicator's value of a subject comes about, as of today and over the last year."""
    return _explained(*at, code, subject_id, _desk=desk)


def counts(desk: Desk, at: Key, subject_id: str, lists: Sequence[str]) -> subjects.Counts:
    """How much happened to a subject of these lists."""
    return _counts(*at, subject_id, tuple(lists), _desk=desk)


def timeline(
    desk: Desk, at: Key, subject_id: str, counted: subjects.Counts, dataset: str | None
) -> subjects.Timeline:  # fmt: skip
    """What happened to a subject, by one dataset or by all."""
    return _timeline(*at, subject_id, dataset, _desk=desk, _counted=counted)


def batches(desk: Desk, at: Key, ids: Iterable[str]) -> dict[str, BatchLine]:
    """The batches that rows came with, by id, as far as they are in the desk's scope; each is read once."""
    wanted = set(ids)
    known = _batches(*at)
    known.update(dict.fromkeys(wanted - known.keys()) | lookup.batches(desk, wanted - known.keys()))
    return {i: line for i in wanted if (line := known[i])}


def month_ends(desk: Desk) -> pd.DataFrame:
    """How many subjects stood at which worst level when the newest kept month ended: see `shelf.month_levels`."""
    return _month_ends(*_scope(desk.person), desk.data_version(), today(), _desk=desk)


def measured(desk: Desk, codes: tuple[str, ...], period: str, unit: str | None) -> pd.DataFrame:
    """Measures in the desk's scope, of a unit or all: see `figures.ask.measured`."""
    key = (*_scope(desk.person), desk.data_version(), today())
    return _measured(*key, codes, period, unit, _desk=desk)


def results(desk: Desk, group: str, unit: str | None, period: str) -> review.Results:
    """Every measure of a unit (None: the whole scope) and a period: see `review.results`."""
    return _results(*key(desk), group, unit, period, _desk=desk)


def effect(desk: Desk, code: str, domain: str) -> review.Effect:
    """What the pilot of a domain did to a measure."""
    entries = len(pilot_entries(desk))  # setting pilots changes no data
    return _effect(*key(desk), code, domain, entries, _desk=desk)


def _scope(person: Person) -> tuple[str, str, str]:
    """What bounds the figures a person sees: two persons of one scope share them."""
    units, domains = (",".join(sorted(b)) if b is not None else "*" for b in (person.units, person.domains))
    return person.role, units, domains


@st.cache_resource(max_entries=64, show_spinner=False)
def _overview(role: str, units: str, domains: str, version: int, day: date, *, _desk: Desk) -> figures.Overview:
    return figures.overview(_desk, workspace().registry, on=day)


@st.cache_resource(max_entries=64, show_spinner=False)
def _newest(role: str, units: str, domains: str, version: int, *, _desk: Desk) -> datetime | None:
    return _desk.newest()


@st.cache_resource(max_entries=256, show_spinner=False)
def _exceptions(
    role: str, units: str, domains: str, version: int, day: date, domain: str | None, unit: str | None, limit: int, *,
    _desk: Desk,
) -> Any:  # fmt: skip
    return figures.exceptions_of(_desk, domain=domain, unit=unit, limit=limit)


@st.cache_resource(max_entries=128, show_spinner=False)
def _points(
    role: str, units: str, domains: str, version: int, day: date, domain: str, unit: str, *, _desk: Desk
) -> Any:
    return figures.points(_desk, domain, unit=unit)


@st.cache_resource(max_entries=128, show_spinner=False)
def _counts(
    role: str, units: str, domains: str, version: int, day: date, subject_id: str, lists: tuple[str, ...], *, _desk: Desk
) -> subjects.Counts:  # fmt: skip
    return subjects.counts(_desk, subject_id, lists, day)


@st.cache_resource(max_entries=128, show_spinner=False)
def _timeline(
    role: str, units: str, domains: str, version: int, day: date, subject_id: str, dataset: str | None, *, _desk: Desk,
    _counted: subjects.Counts,
) -> subjects.Timeline:  # fmt: skip
    return subjects.timeline(_desk, workspace().registry, subject_id, _counted, dataset=dataset)


@st.cache_resource(max_entries=16, show_spinner=False)
def _batches(role: str, units: str, domains: str, version: int, day: date) -> dict[str, BatchLine | None]:
    return {}


@st.cache_resource(max_entries=128, show_spinner=False)
def _explained(
    role: str, units: str, domains: str, version: int, day: date, code: str, subject_id: str, *, _desk: Desk
) -> warnings.Explanation:
    return warnings.explain(_desk, workspace().registry, code, subject_id, day)


@st.cache_resource(max_entries=64, show_spinner=False)
def _month_ends(role: str, units: str, domains: str, version: int, day: date, *, _desk: Desk) -> pd.DataFrame:
    return shelf.month_levels(_desk, [figures.WORST])


@st.cache_resource(max_entries=128, show_spinner=False)
def _measured(
    role: str, units: str, domains: str, version: int, day: date, codes: tuple[str, ...], period: str, unit: str | None,
    *, _desk: Desk,
) -> pd.DataFrame:  # fmt: skip
    where = {"report_unit": unit} if unit else None
    return ask.measured(_desk, workspace().registry, codes, ask.Period.of(period), day, where=where)


@st.cache_resource(max_entries=128, show_spinner=False)
def _results(
    role: str, units: str, domains: str, version: int, day: date, group: str, unit: str | None, period: str, *, _desk: Desk
) -> review.Results:  # fmt: skip
    return review.results(_desk, workspace().registry, period, day, unit=unit, group=group)


@st.cache_resource(max_entries=64, show_spinner=False)
def _effect(
    role: str, units: str, domains: str, version: int, day: date, code: str, domain: str, entries: int, *, _desk: Desk
) -> review.Effect:  # fmt: skip
    return review.effect(_desk, workspace().registry, code, domain, day)
