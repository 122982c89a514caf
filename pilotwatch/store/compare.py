"""Rows on their way in against what is stored and who hands them in: new, changed, unchanged, missing, somebody else's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc
from sqlalchemy import Connection, func, select

from pilotwatch.domain import Text
from pilotwatch.store import scope
from pilotwatch.store.model import Difference, StoreRefused
from pilotwatch.store.rows import Rows, objects
from pilotwatch.store.scope import Person
from pilotwatch.store.subjects import listed_place
from pilotwatch.store.tables import Subject
from pilotwatch.store.versions import Match, match

_subject = Subject.__table__


def difference(connection: Connection, person: Person, rows: Rows, good: np.ndarray) -> Difference:
    """The masks over all rows of the checked table (good or not); rows in error are in none of them."""
    matched = match(connection, rows)

    def spread(mask: np.ndarray) -> np.ndarray:
        whole = np.zeros(len(good), bool)
        whole[np.flatnonzero(good)[mask]] = True
        return whole

    masks = (matched.new, matched.changed, matched.unchanged, foreign(connection, person, matched))
    new, changed, unchanged, outside = (spread(m) for m in masks)
    return Difference(new, changed, unchanged, missing(connection, person, rows, matched), foreign=outside)


def foreign(connection: Connection, person: Person, matched: Match) -> np.ndarray:
    """Rows whose key is held by a row of a unit that isn't the person's."""
    if person.units is None:
        return np.zeros(len(matched.at), bool)
    unit, subjects = (matched.found[n].combine_chunks() for n in ("report_unit", "subject_id"))
    unit = pc.coalesce(unit, listed_place(connection, subjects, pc.is_null(unit), ("report_unit",))["report_unit"])
    theirs = ~np.isin(objects(unit), [*person.units, None])
    return (matched.at >= 0) & np.append(theirs, False)[matched.at]


def missing(connection: Connection, person: Person, rows: Rows, matched: Match) -> int:
    """The listed subjects of the units the file speaks of that it doesn't have; asked of lists only, not of events."""
    if rows.record.spec.kind != "subject" or not len(rows):
        return 0
    units = [u for u in pc.unique(rows.column("report_unit")).to_pylist() if u]
    listed = connection.scalar(
        select(func.count()).where(
            _subject.c.dataset == rows.dataset, _subject.c.report_unit.in_(units), scope.rows_of(person, _subject)
        )
    )
    return int(listed or 0) - int(np.isin(objects(matched.found["report_unit"]), units).sum())


def placed(connection: Connection, person: Person, rows: Rows) -> Rows:
    """Rows that name no unit get the place where their subject is listed, else the person's unit if there is but one."""
    unit = rows.column("report_unit")
    if unit.null_count == 0:
        return rows
    names = ("division_code", "street_code", "report_unit", "zone", "jurisdiction")
    listed = listed_place(connection, rows.subjects, pc.is_null(unit), names)
    columns = dict(rows.columns) | {n: pc.coalesce(rows.column(n), listed[n]) for n in names}
    if person.units is not None and len(person.units) == 1:
        columns["report_unit"] = pc.fill_null(columns["report_unit"], next(iter(person.units)))
    return replace(rows, columns=columns)


def refuse_outside(connection: Connection, person: Person, rows: Rows, matched: Match) -> None:
    """Raises StoreRefused where a row isn't the person's to hand in."""
    if person.units is None:
        return
    units = objects(rows.column("report_unit"))
    _refuse_rows(
        rows, units == None,  # noqa: E711 - an array
        "scope",
        Text("{where}未注明区（县），其监管对象也不在名录中，无法判断由谁填报。请补填区（县）后重新上传。",
             "{where} name no district and their subject is in no list, so it can't be told whose they are. Fill in the district and upload again."),
    )  # fmt: skip
    _refuse_rows(
        rows, ~np.isin(units, list(person.units)), "scope",
        Text("{where}不在您的填报范围内。请删去这些行，由所属单位填报。",
             "{where} are outside what you report for. Take them out; the unit they belong to reports them."),
    )  # fmt: skip
    _refuse_rows(
        rows, foreign(connection, person, matched), "scope",
        Text("{where}的记录已由其他单位填报，不能覆盖。请核对编号，确属本单位的请联系市级专班办公室调整。",
             "{where} have keys that another unit has reported; they can't be overwritten. Check them, and ask the city office if they are yours."),
    )  # fmt: skip


def _refuse_rows(rows: Rows, mask: np.ndarray, rule: str, message: Text) -> None:
    at = np.flatnonzero(mask)
    if not len(at):
        return
    numbers = [rows.source_rows[int(i)].as_py() for i in at[:5]]
    sheet = rows.sheets[int(at[0])].as_py()
    listed = ", ".join(map(str, numbers)) + (" …" if len(at) > 5 else "")
    where = Text(
        (f"工作表“{sheet}”" if sheet else "") + f"第 {listed} 行（共 {len(at)} 行）",
        f"Rows {listed}" + (f" of sheet “{sheet}”" if sheet else "") + f" ({len(at)} in all)",
    )
    raise StoreRefused(rule, message.format(where=where))
