"""A sample's frames as checked tables: typed by their record, judged by the rules of an upload, placed and keyed alike.

A sample may leave out any column; lists are JSON text. A row that an upload would refuse is a mistake of the sample and
stops the build with the place to look at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from pilotwatch.domain import Column, Kind, Record
from pilotwatch.intake.draft import Draft
from pilotwatch.intake.model import Checked, Context, FoundColumn, FoundTable, Sheet
from pilotwatch.intake.validate import judge
from pilotwatch.intake.values import arrow_type
from pilotwatch.places import Places

_FARTHEST = 900  # times the median; an upload asks at 1,000


class SampleError(ValueError):
    """A sample gives what an upload would refuse."""


def checked(
    record: type[Record], frame: pd.DataFrame, *, places: Places, on: date, known: Mapping[str, Collection[str]]
) -> Checked:
    """The frame as the checked table of an upload made on that day; raises SampleError where one would find an error.

    Beside the record's own columns the frame may have `division_code`, `street_code`, `zone`, `lng` and `lat`. `known`:
    dataset → the codes that references may name.
    """
    columns = {c.name: _column(_usual(frame[c.name], c), c.kind, record) for c in record.columns() if c.name in frame}
    names = sorted(columns, key=lambda name: name not in ("lng", "lat"))  # the sheet's cells are needed of these alone
    found = {
        name: FoundColumn(i, record.column(name).title.zh, name, "title", crs="CGCS2000")
        for i, name in enumerate(names)
    }
    rows = len(frame)
    cells = {str(found[n].index): _shown(columns[n]) for n in ("lng", "lat") if n in columns}
    table = FoundTable(
        Sheet(record.spec.zh, pa.table(cells)),
        record,
        1,
        (1,),
        tuple(found.values()),
        np.arange(2, rows + 2),
        Context(as_of=on),
    )
    draft = Draft(table, places, on)
    draft.values, draft.found = columns, found
    draft.failed = {name: np.zeros(rows, bool) for name in names}
    if "division_code" in columns:
        draft.areas = _areas(columns["division_code"], frame.get("zone"), places)
    result = judge(draft, known=lambda dataset, words: set(words) & set(known.get(dataset, ())))
    if not result.good.all():
        _complain(record, result)
    return result


def _usual(values: pd.Series, column: Column) -> pd.Series:
    """Values within a thousand times of their median: of many millions drawn some lie beyond, where an upload would ask
    whether they are in 万元."""
    if not column.history or not pd.api.types.is_numeric_dtype(values):
        return values
    places = 0 if column.kind == "integer" else 2
    positive = values.where(values > 0)
    median = positive.median()
    beyond = (positive > median * _FARTHEST) | (positive < median / _FARTHEST)
    return (
        values.where(~beyond, positive.clip(median / _FARTHEST, median * _FARTHEST).round(places))
        if beyond.any()
        else values
    )


def _column(values: pd.Series, kind: Kind, record: type[Record]) -> pa.Array:
    wanted = arrow_type(kind)
    try:
        if pa.types.is_date(wanted):
            return pa.array(values.to_numpy("datetime64[D]"), wanted)
        if pa.types.is_timestamp(wanted):
            return pa.array(values.to_numpy("datetime64[s]"), wanted)
        array = pa.array(values, from_pandas=True)
        return array.combine_chunks().cast(wanted) if isinstance(array, pa.ChunkedArray) else array.cast(wanted)
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise SampleError(f"{record.spec.dataset}.{values.name}: {error}") from error


def _shown(column: pa.Array) -> pa.Array:
    """The column as a sheet would have it: texts, below the row of the header."""
    return pa.concat_arrays([pa.nulls(1, pa.string()), column.cast(pa.string())])


def _areas(division: pa.Array, zone: pd.Series | None, places: Places) -> dict[str, np.ndarray]:
    """Division, zone and reporting unit of each row, as the words of a district column would give them."""
    divisions = division.to_numpy(zero_copy_only=False)
    zones = (
        np.full(len(divisions), None, object)
        if zone is None
        else zone.astype(object).where(zone.notna(), None).to_numpy()
    )
    codes, pairs = pd.MultiIndex.from_arrays([divisions, zones]).factorize()
    units = [places.unit_of(d, z if isinstance(z, str) else None) if isinstance(d, str) else None for d, z in pairs]
    return {"division": divisions, "zone": zones, "unit": np.array([*units, None], object)[codes]}


def _complain(record: type[Record], result: Checked) -> None:
    wrong = [g for g in result.findings.groups if g.severity == "error"]
    told = "; ".join(
        f"{g.rule} in {len(g.rows)} rows of {g.column.name if g.column else '?'}, first {g.rows[0]}: {g.expected(0).en}"
        for g in wrong
    )
    raise SampleError(f"the sample's {record.spec.dataset} would be refused: {told}")
