"""What follows from a checked row: its subject, place, day, source row, and the columns nobody declared."""

from __future__ import annotations

import calendar
import json
from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pilotwatch.intake.draft import Draft
from pilotwatch.intake.points import Place
from pilotwatch.intake.values.personal import kind_of_header, mask, mask_in_prose
from pilotwatch.intake.values.words import is_nothing


def derived(draft: Draft, place: Place, subjects: pa.Array, keys: pa.Array) -> pa.Table:
    """The frame of a checked table: the fields, and the columns that every record has (see `model.Checked`)."""
    columns = {
        **draft.values,
        "subject_id": subjects,
        "record_key": keys,
        "division_code": pa.array(place.division, pa.string()),
        "street_code": pa.array(place.street, pa.string()),
        "zone": pa.array(place.zone, pa.string()),
        "report_unit": pa.array(place.unit, pa.string()),
        "jurisdiction": pa.array(draft.places.jurisdictions(place.street), pa.string()),
        "lng": pa.array(place.lng, from_pandas=True),
        "lat": pa.array(place.lat, from_pandas=True),
        "lng_raw": place.lng_raw,
        "lat_raw": place.lat_raw,
        "crs_raw": pa.array(place.crs_raw, pa.string()),
        "located": pa.array(draft.places.located(place.lng, place.street, place.division), pa.string()),
        "day": _day(draft),
        "source_row": pa.array(draft.table.rows, pa.int64()),
        "extra": _extra(draft),
    }
    return pa.table(columns)


def _day(draft: Draft) -> pa.Array:
    """The day of each row: the first filled of the record's day fields, else the list's own date."""
    days = [_as_day(draft, name) for name in draft.table.record.spec.day_fields if name in draft.values]
    return (
        pc.coalesce(*days, pa.scalar(draft.list_date, pa.date32()))
        if days
        else pa.array([draft.list_date] * len(draft), pa.date32())
    )


def _as_day(draft: Draft, name: str) -> pa.Array:
    """A month or a quarter is dated by its last day."""
    values, kind = draft.values[name], draft.column(name).kind
    if kind == "month":
        return _each(values, lambda m: _last_day(int(m[:4]), int(m[5:])), pa.date32())
    if kind == "quarter":
        return _each(values, lambda q: _last_day(int(q[:4]), int(q[5]) * 3), pa.date32())
    return (
        values.cast(pa.date32(), safe=False) if pa.types.is_temporal(values.type) else pa.nulls(len(draft), pa.date32())
    )


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


# --- columns beside the record's own -----------------------------------------------------------------------------


def _extra(draft: Draft) -> pa.Array:
    """The unknown columns of a row as JSON text, `{"备注": "…"}`; empty cells are left out, personal data is masked."""
    parts = []
    for found in draft.table.columns:
        name = found.label or found.header
        if found.field is None and name:
            cells = _each(draft.cells(found), _cleaner(name), pa.string())
            parts.append(pc.binary_join_element_wise(", " + json.dumps(name, ensure_ascii=False), cells, ": "))
    if not parts:
        return pa.nulls(len(draft), pa.string())
    # not null_handling="skip": Arrow 26 drops a row whose parts are all null, and the rows below move up
    inside = pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")
    whole = pc.binary_join_element_wise("{", pc.utf8_slice_codeunits(inside, 2), "}", "")
    return pc.if_else(pc.equal(inside, ""), None, whole)


def _cleaner(header: str) -> Callable[[str], str | None]:
    kind = kind_of_header(header)

    def clean(text: str) -> str | None:
        if is_nothing(text):
            return None
        return json.dumps(mask(text, kind) if kind else mask_in_prose(text), ensure_ascii=False)

    return clean


def _each(values: pa.Array, make: Callable[[str], object], wanted: pa.DataType) -> pa.Array:
    """`make` of every distinct text; null stays null."""
    encoded = values.dictionary_encode()
    made = pa.array([*(make(text) for text in encoded.dictionary.to_pylist()), None], wanted)
    return made.take(encoded.indices.fill_null(len(made) - 1))
