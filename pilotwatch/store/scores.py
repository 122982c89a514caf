"""What indicators are scored by: the incidents that happened, what became of the warnings, the last back-tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, and_, case, delete, false, func, or_, select

from pilotwatch.domain import Text
from pilotwatch.store import bulk, engine, scope
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.score_tables import Backtest, Incident
from pilotwatch.store.tables import Account, Subject
from pilotwatch.store.warning_reads import Clock, Filter
from pilotwatch.store.warning_tables import Warning_
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_incident, _backtest, _warning, _account, _subject = (
    t.__table__ for t in (Incident, Backtest, Warning_, Account, Subject)
)
_TEXT, _DAY, _COUNT = pa.string(), pa.date32(), pa.int64()
_COLUMNS = {"subject_id": _TEXT, "kind": _TEXT, "day": _DAY}


# --- incidents -----------------------------------------------------------------------------------------------------


def replace_incidents(
    connection: Connection, domain: str, subjects: Sequence[str], kinds: Sequence[str], rows: pa.Table
) -> None:
    """Puts `rows` (subject_id, kind, day; each once) in place of what a domain had of these subjects and kinds; writes
    only what differs."""
    mine = (
        _incident.c.domain == domain, _incident.c.kind.in_(kinds),
        engine.among(connection, _incident.c.subject_id, subjects),
    )  # fmt: skip
    before = bulk.read(connection, select(*(_incident.c[n] for n in _COLUMNS)).where(*mine), _COLUMNS)
    order = [(n, "ascending") for n in _COLUMNS]
    rows = bulk.whole(rows.select(list(_COLUMNS)).sort_by(order))
    if rows.equals(bulk.whole(before.sort_by(order))):
        return
    if before.num_rows:
        connection.execute(delete(_incident).where(*mine))
    if rows.num_rows:
        bulk.insert(connection, _incident, {**{n: rows[n].combine_chunks() for n in _COLUMNS}, "domain": domain})


def listed(connection: Connection, datasets: Sequence[str], subjects: Sequence[str]) -> list[str]:
    """Those of the subjects that these lists have now."""
    mine = (_subject.c.dataset.in_(datasets), engine.among(connection, _subject.c.subject_id, subjects))
    statement = select(_subject.c.subject_id).where(*mine).distinct()
    return bulk.read(connection, statement, {"subject_id": _TEXT})["subject_id"].to_pylist()


def incident_subjects(connection: Connection, domain: str) -> list[str]:
    """Whom incidents of a domain are kept of."""
    statement = select(_incident.c.subject_id).where(_incident.c.domain == domain).distinct()
    return bulk.read(connection, statement, {"subject_id": _TEXT})["subject_id"].to_pylist()


def leads(desk: Desk) -> pd.DataFrame:
    """The warnings in scope after whose opening an incident befell their subject: domain, indicator, id, kind, days
    (between the two), each warning with every kind's first one."""
    scope.demand(desk.person, "read")
    keys = [_warning.c[n] for n in ("domain", "indicator", "id", "opened_on")]
    statement = (
        select(*keys, _incident.c.kind, func.min(_incident.c.day).label("day"))
        .join(_incident, and_(_incident.c.subject_id == _warning.c.subject_id, _incident.c.domain == _warning.c.domain))
        .where(_incident.c.day > _warning.c.opened_on, *Filter(closed=True).conditions(desk))
        .group_by(*keys, _incident.c.kind)
    )
    types = {"domain": _TEXT, "indicator": _TEXT, "id": _TEXT, "opened_on": _DAY, "kind": _TEXT, "day": _DAY}
    with desk._reading() as connection:
        found = bulk.read(connection, statement, types).to_pandas(date_as_object=False)
    return found.assign(days=(found["day"] - found["opened_on"]).dt.days).drop(columns=["opened_on", "day"])


# --- warnings ------------------------------------------------------------------------------------------------------


def outcomes(desk: Desk, clocks: Sequence[Clock], since: date) -> pd.DataFrame:
    """What became of the warnings in scope: domain, indicator, verdict ("" as long as one is open), and how many there
    are: warnings, eased (of the open ones), over (whose clock ran out), unacted (of them, on which nobody ever acted),
    lately (opened after `since`)."""
    scope.demand(desk.person, "read")
    over = or_(false(), *(_over(clock) for clock in clocks))
    counts = {
        "eased": and_(_warning.c.closed_at.is_(None), _warning.c.eased),
        "over": over,
        "unacted": and_(over, _warning.c.acted_at.is_(None)),
        "lately": _warning.c.opened_on > since,
    }
    key = [_warning.c.domain, _warning.c.indicator, func.coalesce(_warning.c.verdict, "").label("verdict")]
    sums = [func.sum(case((holds, 1), else_=0)).label(name) for name, holds in counts.items()]
    statement = select(*key, func.count().label("warnings"), *sums).where(*Filter(closed=True).conditions(desk))
    types = {"domain": _TEXT, "indicator": _TEXT, "verdict": _TEXT, **dict.fromkeys(("warnings", *counts), _COUNT)}
    with desk._reading() as connection:
        return bulk.read(connection, statement.group_by(*key), types).to_pandas()


def _over(clock: Clock) -> Any:
    """Whether the time for the first action on a warning is over."""
    level = [] if clock.level is None else [_warning.c.level == clock.level]
    return and_(_warning.c.indicator.in_(clock.indicators), *level, _warning.c.opened_at < clock.late)


def officers(desk: Desk) -> dict[str, int]:
    """How many accounts may deal with warnings of each domain that the person sees, in some unit that they see."""
    scope.demand(desk.person, "read")
    statement = select(_account.c.role, _account.c.units, _account.c.domains).where(_account.c.disabled_at.is_(None))
    counts = dict.fromkeys(scope.domains_of(desk), 0)
    with desk._reading() as connection:
        rows = connection.execute(statement).all()
    for role, units, domains in rows:
        theirs = None if units is None else set(json.loads(units))
        meets = theirs is None or desk.person.units is None or theirs & desk.person.units
        if "handle" in scope.MAY.get(role, ()) and meets:
            for name in counts:
                counts[name] += domains is None or name in json.loads(domains)
    return counts


# --- back-tests ----------------------------------------------------------------------------------------------------


def keep_backtest(desk: Desk, domain: str, on: date, results: Mapping[str, Mapping[str, Any]]) -> None:
    """Keeps a back-test of a domain, in place of the last one of the same indicators: indicator → its document.

    Raises StoreRefused where the person may not set bounds, or doesn't see the whole city.
    """
    scope.demand(desk.person, "settings")
    if desk.person.units is not None or (desk.person.domains is not None and domain not in desk.person.domains):
        raise StoreRefused("whole_city", _WHOLE_CITY)
    at = now()
    kept = [
        {"domain": domain, "indicator": code, "at": at, "by": desk.person.username, "on_day": on,
         "result": json.dumps(dict(found), ensure_ascii=False)}
        for code, found in results.items()
    ]  # fmt: skip
    with desk._writing() as connection:
        connection.execute(
            delete(_backtest).where(_backtest.c.domain == domain, _backtest.c.indicator.in_(list(results)))
        )
        connection.execute(_backtest.insert(), kept)
        told = {"indicators": [c for c in results if c != "*"], "on": on}
        append_audit(connection, desk.person.username, "backtest", domain, told)


def backtests(desk: Desk) -> dict[tuple[str, str], dict[str, Any]]:
    """The last back-test of each indicator of the person's domains, (domain, indicator) → its document with `at`, `on`.

    It is the whole city's, whoever asks: how good an indicator is depends on no unit, and no subject is named.
    """
    scope.demand(desk.person, "read")
    with desk._reading() as connection:
        rows = (
            connection.execute(select(_backtest).where(_backtest.c.domain.in_(scope.domains_of(desk)))).mappings().all()
        )
    return {(r["domain"], r["indicator"]): {**json.loads(r["result"]), "at": r["at"], "on": r["on_day"]} for r in rows}


_WHOLE_CITY = Text(
    "回测结果供全市使用，只有能看到全市数据的账号才能保存。请改用市级专班办公室账号，或加 --dry-run 只看结果。",
    "A back-test is kept for the whole city, so whoever keeps it must see the whole city. Act as the city office, or use --dry-run.",
)

__all__ = [
    "backtests",
    "incident_subjects",
    "keep_backtest",
    "leads",
    "listed",
    "officers",
    "outcomes",
    "replace_incidents",
]
