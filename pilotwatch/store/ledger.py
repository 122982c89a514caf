"""The ledger in the store: visits that saved some, what past visits missed and repeated, and what befell subjects.

What is summed by month and place lies among the figures of periods under the name `ledger`, with the places and the
domains that REF-02 has, so that both add up to the same in every scope.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, or_, select, true

from pilotwatch.domain import Text
from pilotwatch.store import bulk, engine, scope, shelf
from pilotwatch.store.ledger_tables import MergeChance, SavedVisit
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.period_tables import SubjectPeriod
from pilotwatch.store.plan_tables import PlanCheck, PlanVisit
from pilotwatch.store.score_tables import Incident
from pilotwatch.store.shelf import PLACE, Where
from pilotwatch.store.signal_tables import PlaceCount
from pilotwatch.store.tables import Subject
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

NAME = "ledger"

_saved, _chance, _period, _subject = (t.__table__ for t in (SavedVisit, MergeChance, SubjectPeriod, Subject))
_visit, _check, _incident, _count = (t.__table__ for t in (PlanVisit, PlanCheck, Incident, PlaceCount))

_TEXT, _DAY, _INT, _REAL, _YES = pa.string(), pa.date32(), pa.int64(), pa.float64(), pa.bool_()

#: A row of the ledger.
SAVED: dict[str, pa.DataType] = {
    "subject_id": _TEXT, "id": _TEXT, "month": _TEXT, "day": _DAY, "task_no": _TEXT, "scan_id": _TEXT, "trigger": _TEXT,
    "planned": _YES, "departments": _TEXT, "saved": _INT, "rule": _TEXT, "replaced": _TEXT, "listed_in": _TEXT,
    **dict.fromkeys(PLACE, _TEXT),
}  # fmt: skip
_CHANCE = {
    "report_unit": _TEXT, "reach": _TEXT, "since": _DAY, "until": _DAY, "trips": _INT, "missed": _INT, "expected": _REAL,
    "low": _REAL, "high": _REAL, "runs": _INT, "seed": _INT,
}  # fmt: skip


# --- kept with every upload ------------------------------------------------------------------------------------------


def everyone(connection: Connection) -> list[str]:
    """Of whom the ledger has a row."""
    return bulk.read(connection, select(_saved.c.subject_id).distinct(), {"subject_id": _TEXT})[
        "subject_id"
    ].to_pylist()


def saved_of(connection: Connection, subjects: Sequence[str]) -> pa.Table:
    """The rows of these subjects."""
    mine = engine.among(connection, _saved.c.subject_id, subjects)
    return bulk.read(connection, select(*(_saved.c[n] for n in SAVED)).where(mine), SAVED)


def put_saved(connection: Connection, before: pa.Table, rows: pa.Table) -> None:
    """Puts `rows` in place of `before`, what the same subjects had; writes only what differs."""
    order = [(n, "ascending") for n in ("subject_id", "id")]
    old, new = (t.select(list(SAVED)).sort_by(order).to_pandas(date_as_object=True) for t in (before, rows))
    both = pd.concat([old, new], keys=("old", "new"))
    moved = both[~both.duplicated(list(SAVED), keep=False)]
    gone = moved.loc[["old"]] if "old" in moved.index.get_level_values(0) else moved.iloc[:0]
    come = moved.loc[["new"]] if "new" in moved.index.get_level_values(0) else moved.iloc[:0]
    if len(gone):
        pair = engine.among_pairs(
            connection, _saved.c.subject_id, _saved.c.id, gone["subject_id"].tolist(), gone["id"].tolist()
        )
        connection.execute(delete(_saved).where(pair))
    if len(come):
        bulk.insert(connection, _saved, {n: pa.array(come[n], t, from_pandas=True) for n, t in SAVED.items()})


def put_chance(store: Store, rows: Iterable[dict[str, Any]]) -> None:
    """Keeps what chance alone would have let merge, in place of what was kept."""
    with engine.writing(store._engine) as connection:
        connection.execute(delete(_chance))
        if made := [{**row, "at": now()} for row in rows]:
            connection.execute(_chance.insert(), made)


# --- what was saved --------------------------------------------------------------------------------------------------


def totals(
    desk: Desk, months: Sequence[str], *, by: Sequence[str] = (), where: Where | None = None
) -> pd.DataFrame:  # fmt: skip
    """What joint visits saved in the person's scope: `by` (of PLACE, month, rule, trigger), visits, saved."""
    columns = [_saved.c[n] for n in by]
    statement = (
        select(*columns, func.count(), func.sum(_saved.c.saved))
        .where(*_mine(desk, _saved, where), _saved.c.month.in_(months))
        .group_by(*columns)
        .order_by(*columns)
    )
    types = {**dict.fromkeys(by, _TEXT), "visits": _INT, "saved": _INT}
    with desk._reading() as connection:
        return bulk.read(connection, statement, types).to_pandas()


def listed(
    desk: Desk, months: Sequence[str], *, where: Where | None = None, rule: str | None = None, limit: int = 50,
    skip: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """Rows of the ledger in scope, the newest first: the columns of SAVED, and the subject's `name` and `code`."""
    statement = select(*(_saved.c[n] for n in SAVED)).where(*_mine(desk, _saved, where), _saved.c.month.in_(months))
    if rule is not None:
        statement = statement.where(_saved.c.rule == rule)
    statement = statement.order_by(_saved.c.day.desc(), _saved.c.subject_id, _saved.c.id).limit(limit).offset(skip)
    with desk._reading() as connection:
        rows = bulk.read(connection, statement, SAVED).to_pandas(date_as_object=False)
        return _named(connection, rows)


def one(desk: Desk, row_id: str) -> dict[str, Any] | None:
    """A row of the ledger in scope by its id, with the subject's name and code; None: there is none."""
    try:
        wanted = UUID(str(row_id))
    except ValueError:
        return None
    statement = select(*(_saved.c[n] for n in SAVED)).where(*_mine(desk, _saved, None), _saved.c.id == wanted)
    with desk._reading() as connection:
        rows = _named(connection, bulk.read(connection, statement, SAVED).to_pandas(date_as_object=False))
    return rows.to_dict("records")[0] if len(rows) else None


def most(
    desk: Desk, code: str, kind: str, months: Sequence[str], *, where: Where | None = None, limit: int = 50
) -> tuple[int, pd.DataFrame]:
    """How many subjects missed merges (`code` "missed", `kind` a reach) or broke a limit ("guard", a limit's code) in
    these months, and those that did most: subject_id, PLACE, n, visits, name, code."""
    n, visits = func.sum(_period.c.numerator), func.sum(_period.c.denominator)
    columns = [_period.c.subject_id, *(_period.c[p] for p in PLACE)]
    mine = (
        *_mine(desk, _period, where), _period.c.domain == NAME, _period.c.indicator == code, _period.c.kind == kind,
        _period.c.period.in_(months), _period.c.numerator > 0,
    )  # fmt: skip
    asked = select(*columns, n, visits).where(*mine).group_by(*columns)
    counted = select(func.count()).select_from(asked.subquery())
    types = {**dict.fromkeys(("subject_id", *PLACE), _TEXT), "n": _INT, "visits": _INT}
    with desk._reading() as connection:
        total = connection.scalar(counted) or 0
        found = bulk.read(connection, asked.order_by(n.desc(), _period.c.subject_id).limit(limit), types).to_pandas()
        found = _named(connection, found)
    return total, found.assign(**{c: found[c] // shelf.PART_SCALE for c in ("n", "visits")})


def chances(desk: Desk) -> pd.DataFrame:
    """What chance alone would have let merge, in the person's units; the whole city ("") for those who see all of it.
    It is of all domains together, so nobody who works in some of them sees it."""
    scope.demand(desk.person, "read")
    if desk.person.domains is not None:
        return pd.DataFrame({n: pd.Series(dtype=object) for n in _CHANCE})
    statement = select(*(_chance.c[n] for n in _CHANCE))
    if desk.person.units is not None:
        statement = statement.where(_chance.c.report_unit.in_(sorted(desk.person.units)))
    with desk._reading() as connection:
        return bulk.read(connection, statement, _CHANCE).to_pandas(date_as_object=False)


# --- before a visit --------------------------------------------------------------------------------------------------


def for_all_of(desk: Desk, subjects: Collection[str]) -> Desk:
    """A desk that reads all rows about these subjects, whoever they are of: how often somebody was visited is no part's
    secret. Raises StoreRefused where one of them isn't in the person's scope."""
    scope.demand(desk.person, "read")
    wanted = {str(s) for s in subjects}
    with desk._reading() as connection:
        mine = select(_subject.c.subject_id).where(
            scope.rows_of(desk.person, _subject), engine.among(connection, _subject.c.subject_id, sorted(wanted))
        )
        there = set(bulk.read(connection, mine.distinct(), {"subject_id": _TEXT})["subject_id"].to_pylist())
        if len(there) < len(wanted):
            listed_ = select(_subject.c.subject_id).where(
                engine.among(connection, _subject.c.subject_id, sorted(wanted - there))
            )
            others = bulk.read(connection, listed_.distinct(), {"subject_id": _TEXT})["subject_id"].to_pylist()
            if others:
                raise StoreRefused("scope", _NOT_YOURS.format(n=len(others)))
    return type(desk)(desk._store, replace(desk.person, units=None, domains=None), desk._connection)


def coming(desk: Desk, subjects: Collection[str], since: date, *, but: Collection[str] = ()) -> pd.DataFrame:
    """Visits of adopted plans from a day on, of these subjects: subject_id, id, day, departments, matters (JSON lists).

    `but`: ids of visits that don't count. For a desk of `for_all_of`.
    """
    if not subjects:
        return pd.DataFrame(columns=["subject_id", "id", "day", "departments", "matters"])
    with desk._reading() as connection:
        mine = engine.among(connection, _visit.c.subject_id, [str(s) for s in subjects])
        asked = (
            select(_visit.c.subject_id, _visit.c.id, _visit.c.day, _visit.c.departments, _check.c.matters)
            .select_from(
                _visit.outerjoin(
                    _check, and_(_check.c.subject_id == _visit.c.subject_id, _check.c.visit_id == _visit.c.id)
                )
            )
            .where(mine, _visit.c.state == "adopted", _visit.c.day >= since)
            .order_by(_visit.c.day, _visit.c.id)
        )
        rows = [dict(r) for r in connection.execute(asked).mappings()]
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if str(row["id"]) in but:
            continue
        one_ = found.setdefault(
            str(row["id"]), {**row, "subject_id": str(row["subject_id"]), "id": str(row["id"]), "matters": []}
        )
        one_["matters"] += json.loads(row["matters"] or "[]")
    made = [{**row, "matters": json.dumps(sorted(set(row["matters"])), ensure_ascii=False)} for row in found.values()]
    return pd.DataFrame(made, columns=["subject_id", "id", "day", "departments", "matters"])


# --- what befell subjects ----------------------------------------------------------------------------------------------


def visited(desk: Desk, domain: str, months: Sequence[str]) -> pd.DataFrame:
    """Visits to a domain's subjects in scope, as the reform's measures count them: report_unit, month, kind, n."""
    sums = shelf.PERIODS.into
    mine = _mine(desk, sums, None)
    columns = [sums.c.report_unit, sums.c.period]
    statement = (
        select(*columns, func.sum(sums.c.denominator))
        .where(*mine, sums.c.domain == "reform", sums.c.indicator == "REF-02", sums.c.period.in_(months))
        .where(sums.c.listed_in.contains(f",{domain},", autoescape=True))
        .group_by(*columns)
    )
    if domain not in scope.domains_of(desk):
        return _nothing()
    with desk._reading() as connection:
        types = {"report_unit": _TEXT, "month": _TEXT, "n": _INT}
        rows = bulk.read(connection, statement, types).to_pandas()
    rows = rows.astype({"report_unit": object, "month": object})
    return rows.assign(kind="visit", n=rows["n"] // shelf.PART_SCALE)[["report_unit", "month", "kind", "n"]]


def befell(desk: Desk, domain: str, since: date, until: date) -> pd.DataFrame:
    """Incidents of a domain's subjects in scope: report_unit, month, kind, n. A subject is where its first list has it."""
    scope.demand(desk.person, "read")
    lists = [d for d, owners in desk._store.owners.items() if domain in owners]
    at = (
        select(_subject.c.subject_id, func.min(func.coalesce(_subject.c.report_unit, "")).label("report_unit"))
        .where(_subject.c.dataset.in_(lists), scope.rows_of(desk.person, _subject))
        .group_by(_subject.c.subject_id)
        .subquery()
    )
    statement = (
        select(at.c.report_unit, _incident.c.day, _incident.c.kind, func.count())
        .join(at, at.c.subject_id == _incident.c.subject_id)
        .where(_incident.c.domain == domain, _incident.c.day >= since, _incident.c.day <= until)
        .group_by(at.c.report_unit, _incident.c.day, _incident.c.kind)
    )
    return _by_month(desk, domain, statement)


def reported(desk: Desk, domain: str, measures: Sequence[str], since: date, until: date) -> pd.DataFrame:
    """What is counted of a domain's subjects (complaints) in scope: report_unit, month, kind, n."""
    scope.demand(desk.person, "read")
    statement = (
        select(_count.c.report_unit, _count.c.day, _count.c.measure, func.sum(_count.c.n))
        .where(
            _count.c.domain == domain, _count.c.measure.in_(measures), _count.c.day >= since, _count.c.day <= until,
            scope.own(desk, _count),
        )
        .group_by(_count.c.report_unit, _count.c.day, _count.c.measure)
    )  # fmt: skip
    return _by_month(desk, domain, statement)


def _by_month(desk: Desk, domain: str, statement: Any) -> pd.DataFrame:
    if domain not in scope.domains_of(desk):
        return _nothing()
    types = {"report_unit": _TEXT, "day": _DAY, "kind": _TEXT, "n": _INT}
    with desk._reading() as connection:
        rows = bulk.read(connection, statement, types).to_pandas(date_as_object=False)
    rows = rows.assign(month=rows["day"].dt.strftime("%Y-%m").astype(object)).astype(
        {"report_unit": object, "kind": object}
    )
    return rows.groupby(["report_unit", "month", "kind"], as_index=False)["n"].sum()


def _nothing() -> pd.DataFrame:
    texts = {c: pd.Series(dtype=object) for c in ("report_unit", "month", "kind")}
    return pd.DataFrame({**texts, "n": pd.Series(dtype="int64")})


# --- within ------------------------------------------------------------------------------------------------------------


def _mine(desk: Desk, table: Table, where: Where | None) -> list[ColumnElement[bool]]:
    """The rows (with PLACE and `listed_in`) of the person's units, about subjects of the person's domains."""
    scope.demand(desk.person, "read")
    about: ColumnElement[bool] = true()
    if desk.person.domains is not None:
        listed_in = [table.c.listed_in.contains(f",{d},", autoescape=True) for d in sorted(desk.person.domains)]
        about = or_(*listed_in) if listed_in else ~true()
    return [about, scope.rows_of(desk.person, table), *(table.c[n] == code for n, code in (where or {}).items())]


def _named(connection: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the name and code under which the first list has their subject."""
    asked = select(_subject.c.subject_id, func.min(_subject.c.name), func.min(_subject.c.code)).group_by(
        _subject.c.subject_id
    )
    asked = asked.where(engine.among(connection, _subject.c.subject_id, rows["subject_id"].unique().tolist()))
    names = (
        bulk.read(connection, asked, dict.fromkeys(("subject_id", "name", "code"), _TEXT)).to_pandas().astype(object)
    )
    return rows.astype({"subject_id": object}).merge(names, on="subject_id", how="left")


_NOT_YOURS = Text(
    "{n} 个检查对象不在您的权限范围内。请由其所在单位办理，或联系市级专班办公室。",
    "{n} of the subjects are outside your scope. Their unit has to deal with them; ask the city office.",
)
