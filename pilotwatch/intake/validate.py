"""A found table → a checked one: every cell typed, every rule asked, what follows from a row added.

Rules are asked of whole columns; see `draft` for how a cell gets at most one error and `findings` for how many they
may be.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pilotwatch import identity
from pilotwatch.domain import Column, Text
from pilotwatch.intake import plausible, points
from pilotwatch.intake.derive import derived
from pilotwatch.intake.draft import Draft
from pilotwatch.intake.findings import Findings, Group
from pilotwatch.intake.messages import amount, bounds
from pilotwatch.intake.model import Checked, FoundTable
from pilotwatch.intake.totals import mismatches
from pilotwatch.places import Places

Known = Callable[[str, list[str]], Collection[str]]
History = Callable[[Column, pa.Array], np.ndarray]

#: A value this many times its usual one, or less than one such part of it, has a wrong unit (domain-rules E.4-7).
_OFF = 1000.0
_ENOUGH = 5  # values a median needs to say anything
_REQUIRED = Text("应填写，不能为空", "a value")
_REFERENCE = Text("应为“{list}”中已有的{title}", "a {title} that “{list}” has")
_SOME_LIST = Text("名录", "the list")


def check(
    table: FoundTable,
    *,
    places: Places,
    known: Known,
    on: date,
    history: History | None = None,
    earlier: Sequence[Checked] = (),
    units: Collection[str] | None = None,
    titles: Mapping[str, Text] = MappingProxyType({}),
    date1904: bool = False,
) -> Checked:
    """The table's rows as typed columns, which of them are good, and all that is wrong with the others.

    `known(dataset, values)` gives those of the values that exist in a dataset. `history(column, subject_ids)` gives
    per row the median of what is stored for its subject (NaN where nothing is). `earlier` are the tables of the same
    upload checked before: a row must not repeat theirs. `units` are those the person reports for (None: all).
    `titles`: dataset → what messages call it. `on` is today; a list without a date of its own takes it.
    """
    draft = Draft(table, places, on, date1904)
    draft.read()
    return judge(draft, known=known, history=history, earlier=earlier, units=units, titles=titles)


def judge(
    draft: Draft,
    *,
    known: Known,
    history: History | None = None,
    earlier: Sequence[Checked] = (),
    units: Collection[str] | None = None,
    titles: Mapping[str, Text] = MappingProxyType({}),
) -> Checked:
    """Every rule asked of a draft whose columns are read, and what follows from its rows; arguments as for `check`."""
    _required(draft)
    _bounds(draft)
    plausible.lengths(draft)
    plausible.twins(draft)
    _order(draft)
    _not_after_list(draft)
    place = points.check(draft)
    _references(draft, known, titles)
    subjects = _subjects(draft)
    keys = _keys(draft)
    _duplicates(draft, keys, earlier)
    _units(draft, subjects, history)
    _scope(draft, place.unit, units)
    frame = derived(draft, place, subjects, keys)
    groups = [*draft.groups, *mismatches(draft), *_missing_columns(draft), *_formulas(draft)]
    good = draft.good if not _missing_fields(draft) else np.zeros(len(draft), bool)
    return Checked(draft.table, frame, good, Findings(draft.table.sheet, groups))


# --- what must be there ------------------------------------------------------------------------------------------


def _required(draft: Draft) -> None:
    for column in draft.table.record.columns():
        if column.required and column.name in draft.values:
            draft.report(
                "required", column.name, draft.values[column.name].is_null().to_numpy(zero_copy_only=False), _REQUIRED
            )
    subject = [name for name in draft.table.record.spec.subject_fields if name in draft.values]
    if subject:
        filled = np.logical_or.reduce([_valid(draft.values[name]) | draft.failed[name] for name in subject])
        draft.report("required", subject[0], ~filled, _REQUIRED)


def _missing_fields(draft: Draft) -> list[str]:
    """Fields a table can't do without and that no column feeds: the required ones, and one that names the subject."""
    missing = list(draft.table.missing_fields)
    subject = draft.table.record.spec.subject_fields
    if not any(name in draft.values for name in subject) and subject[0] not in missing:
        missing.append(subject[0])
    return missing


def _missing_columns(draft: Draft) -> list[Group]:
    """One finding on the header for each of them, not one on every row."""
    row = np.array([draft.table.header_row])
    return [Group("required", row, _column_expected, draft.column(name), None) for name in _missing_fields(draft)]


def _column_expected(_: int) -> Text:
    return Text("表中应有这一列，但没有找到", "this column, which was not found in the table")


def _formulas(draft: Draft) -> list[Group]:
    """Cells whose formula was never calculated: nothing is known of their value."""
    expected = Text(
        "应为数值；公式没有计算结果，按空值处理",
        "a value; the formula was never calculated, so the cell counts as empty",
    )
    by_index = {found.index: (name, found) for name, found in draft.found.items()}
    rows_of: dict[int, list[int]] = {}
    data = set(draft.table.rows.tolist()) if draft.table.sheet.formulas else set()
    for row, column in draft.table.sheet.formulas:
        if column - 1 in by_index and row in data:
            rows_of.setdefault(column - 1, []).append(row)
    return [
        Group(
            "formula", np.array(sorted(rows)), lambda _: expected, draft.column(by_index[index][0]), by_index[index][1]
        )
        for index, rows in rows_of.items()
    ]


# --- ranges ------------------------------------------------------------------------------------------------------


def _bounds(draft: Draft) -> None:
    for name, values in draft.values.items():
        column = draft.column(name)
        if not (pa.types.is_floating(values.type) or pa.types.is_integer(values.type)):
            continue
        outside = np.zeros(len(draft), bool)
        for bound, beyond in (
            (column.ge, pc.less),
            (column.gt, pc.less_equal),
            (column.le, pc.greater),
            (column.lt, pc.greater_equal),
        ):
            if bound is not None:
                outside |= pc.fill_null(beyond(values, bound), False).to_numpy(zero_copy_only=False)
        draft.report("range", name, outside, bounds(column))


def _order(draft: Draft) -> None:
    """An end that comes before its start; the error is on the end."""
    for name in draft.values:
        column = draft.column(name)
        start = column.not_before
        if start is None or start not in draft.values:
            continue
        ends, starts = (draft.values[n].cast(pa.timestamp("s")) for n in (name, start))
        before = pc.fill_null(pc.less(ends, starts), False).to_numpy(zero_copy_only=False)
        draft.report("range", name, before & draft.ok(start), _order_expected(draft, start))


def _order_expected(draft: Draft, start: str) -> Callable[[int], Text]:
    title, values = draft.column(start).title, draft.values[start]
    return lambda i: Text("应不早于{title} {value}", "not before {title} {value}").format(
        title=title, value=values[i].as_py()
    )


def _not_after_list(draft: Draft) -> None:
    """What can't lie after the list was made; a list of a month is made when the month is over."""
    limit, context = draft.list_date, draft.table.context
    if context.year and context.month:
        limit = max(limit, date(context.year, context.month, calendar.monthrange(context.year, context.month)[1]))
    for name, values in draft.values.items():
        if not draft.column(name).not_after_list:
            continue
        if pa.types.is_integer(values.type):
            later, shown = pc.greater(values, limit.year), f"{limit.year}"
        elif pa.types.is_string(values.type):
            later, shown = pc.greater(values, f"{limit:%Y-%m}"), f"{limit:%Y-%m}"
        else:
            later, shown = pc.greater(values.cast(pa.date32()), pa.scalar(limit)), str(limit)
        expected = Text(f"应不晚于本表日期 {shown}", f"not after the list's own date {shown}")
        draft.report("range", name, pc.fill_null(later, False).to_numpy(zero_copy_only=False), expected)


# --- identity ----------------------------------------------------------------------------------------------------


def _references(draft: Draft, known: Known, titles: Mapping[str, Text]) -> None:
    for name, values in draft.values.items():
        dataset = draft.column(name).refers_to
        if dataset is None:
            continue
        ok = draft.ok(name)
        encoded = values.filter(pa.array(ok)).dictionary_encode()
        words = encoded.dictionary.to_pylist()
        existing = set(known(dataset, words)) if words else set()
        lost = np.array([word not in existing for word in words], bool)
        mask = np.zeros(len(draft), bool)
        mask[ok] = lost[encoded.indices.to_numpy()] if len(words) else False
        expected = _REFERENCE.format(title=draft.column(name).title, list=titles.get(dataset, _SOME_LIST))
        draft.report("reference", name, mask, expected)


def _subjects(draft: Draft) -> pa.Array:
    """The subject id per row; null where the field that names it is empty or wrong."""
    named = {n: _without_failed(draft, n) for n in draft.table.record.spec.subject_fields if n in draft.values}
    return identity.subjects_of(draft.table.record, named) if named else pa.nulls(len(draft), pa.string())


def _keys(draft: Draft) -> pa.Array:
    """The record key per row; null where a part of it failed."""
    parts = [draft.values.get(name, pa.nulls(len(draft), pa.string())) for name in draft.table.record.key()]
    if not parts:
        return pa.nulls(len(draft), pa.string())
    keys = identity.record_keys(parts)
    broken = [draft.failed[name] for name in draft.table.record.key() if name in draft.failed]
    return pc.if_else(pa.array(~np.logical_or.reduce(broken)), keys, None) if broken else keys


def _duplicates(draft: Draft, keys: pa.Array, earlier: Sequence[Checked]) -> None:
    """The later of two rows with one key. It is reported where a reader looks for it: on the part of the key that
    numbers things (罐号), not on the one that dates them, though both are parts.
    """
    fed = [n for n in draft.table.record.key() if n in draft.values]
    fields = [n for n in fed if draft.column(n).kind not in ("date", "datetime")] or fed
    if not fields:
        return
    encoded = keys.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    first_row = first[inverse]
    again = (codes >= 0) & (first_row != np.arange(len(codes)))
    draft.report("duplicate", fields[-1], again, lambda i: _repeats(None, int(draft.table.rows[first_row[i]])))
    for other in earlier:
        theirs = other.frame["record_key"].combine_chunks()
        at = pc.index_in(keys, value_set=theirs.filter(theirs.is_valid())).fill_null(-1).to_numpy(zero_copy_only=False)
        rows = other.table.rows[theirs.is_valid().to_numpy(zero_copy_only=False)]
        sheet = other.table.sheet.name
        draft.report(
            "duplicate", fields[-1], (at >= 0) & (codes >= 0),
            lambda i, at=at, rows=rows, sheet=sheet: _repeats(sheet, int(rows[at[i]])),
        )  # fmt: skip


def _repeats(sheet: str | None, row: int) -> Text:
    where = (
        Text(f"工作表“{sheet}”第 {row} 行", f"row {row} of sheet {sheet}")
        if sheet
        else Text(f"第 {row} 行", f"row {row}")
    )
    return Text("同一记录只应填报一次，与{where}重复", "each record once; it repeats {where}").format(where=where)


def _scope(draft: Draft, unit: np.ndarray, units: Collection[str] | None) -> None:
    """Rows of a unit that isn't the person's own. A row that names no place is judged by where its subject is listed."""
    if units is None:
        return
    name = (
        "division_code"
        if "division_code" in draft.values
        else "street_code"
        if "street_code" in draft.values
        else "lng"
    )
    if name not in draft.values:
        return
    foreign = (unit != None) & ~np.isin(unit.astype(str), list(units))  # noqa: E711 — elementwise
    titles = [u.title for u in draft.places.units if u.code in units]
    own = Text("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))
    draft.report(
        "scope", name, foreign, Text("应为本单位（{own}）的记录", "a record of your own unit ({own})").format(own=own)
    )


# --- magnitudes --------------------------------------------------------------------------------------------------


def _units(draft: Draft, subjects: pa.Array, history: History | None) -> None:
    """Values a thousand times off: off their subject's own history where it has one, else off their column's median."""
    for name in draft.values:
        column = draft.column(name)
        if not column.history:
            continue
        values = draft.values[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
        values = np.where(draft.failed[name] | ~(values > 0), np.nan, values)
        filled = np.isfinite(values)
        median = float(np.median(values[filled])) if filled.sum() >= _ENOUGH else np.nan
        own = history(column, subjects) if history else np.full(len(draft), np.nan)
        usual = np.where(np.isfinite(own) & (own > 0), own, median)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = values / usual
            off = (ratio >= _OFF) | (ratio <= 1 / _OFF)
        draft.report("unit", name, off, _unit_expected(column, values, usual))


def _unit_expected(column: Column, values: np.ndarray, usual: np.ndarray) -> Callable[[int], Text]:
    unit = Text(" {unit}", " {unit}").format(unit=column.unit_title) if column.unit_title else Text("", "")

    def expected(i: int) -> Text:
        ratio = values[i] / usual[i]
        times = (
            Text(f"{ratio:,.0f} 倍", f"{ratio:,.0f} times")
            if ratio > 1
            else Text(f"1/{1 / ratio:,.0f}", f"1/{1 / ratio:,.0f} of")
        )
        return Text(
            "应与通常数值相当（约 {usual}{unit}），现为其 {times}", "about the usual {usual}{unit}; this is {times} it"
        ).format(usual=amount(usual[i]), unit=unit, times=times)

    return expected


def _without_failed(draft: Draft, name: str) -> pa.Array:
    return pc.if_else(pa.array(~draft.failed[name]), draft.values[name], None)


def _valid(values: pa.Array) -> np.ndarray:
    return values.is_valid().to_numpy(zero_copy_only=False)
