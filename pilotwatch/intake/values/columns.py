"""A whole column at once, with the same result as cell by cell.

A column is dictionary-encoded; of its distinct texts the clean ones (plain numbers, ISO dates, right codes, tidy words)
are read by Arrow kernels, and only the rest go one by one through the careful readers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pilotwatch.domain import Column, Kind
from pilotwatch.intake.model import Rule
from pilotwatch.intake.values import codes, dates, numbers, texts, words
from pilotwatch.intake.values.cells import Around, Value

#: Rules by number, as a column of results holds them; 0 is no rule.
RULES: tuple[Rule | None, ...] = (None, *get_args(Rule))
RULE_NUMBER: dict[Rule | None, int] = {rule: i for i, rule in enumerate(RULES)}

Reader = Callable[[str, Column, Around], Value]

READERS: dict[Kind, Reader] = {
    "text": texts.read_text, "integer": numbers.read_number, "real": numbers.read_number, "decimal": numbers.read_number,
    "boolean": words.read_boolean, "date": dates.read_date, "datetime": dates.read_datetime, "month": dates.read_month,
    "quarter": dates.read_quarter, "choice": words.read_choice, "choices": words.read_choices, "uscc": codes.read_uscc,
    "division": words.read_division, "department": words.read_department, "departments": words.read_departments,
    "texts": words.read_texts, "lng": texts.read_degrees, "lat": texts.read_degrees,
}  # fmt: skip

ARROW: dict[Kind, pa.DataType] = {
    "integer": pa.int64(), "real": pa.float64(), "decimal": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(),
    "datetime": pa.timestamp("s"), "lng": pa.float64(), "lat": pa.float64(),
}  # fmt: skip


class Cells(NamedTuple):
    """A column as read: typed values, and per row the number of the rule it breaks (see `RULES`)."""

    values: pa.Array
    rules: np.ndarray


def arrow_type(kind: Kind) -> pa.DataType:
    """The Arrow type of a column's values; lists are JSON text, everything else that is no number or date is text."""
    return ARROW.get(kind, pa.string())


def read_cell(text: str | None, column: Column, around: Around) -> Value:
    """One cell of any kind but a street (which needs its district: `words.read_street`)."""
    return Value() if text is None else READERS[column.kind](text, column, around)


def read_column(cells: pa.Array | pa.ChunkedArray, column: Column, around: Around) -> Cells:
    """The cells of a column (strings, null where empty) as typed values and broken rules, row by row."""
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    encoded = cells.dictionary_encode()
    distinct = _read_distinct(encoded.dictionary, column, around)
    rules = np.append(distinct.rules, np.int8(0))
    positions = encoded.indices.fill_null(len(distinct.rules)).to_numpy(zero_copy_only=False)
    return Cells(distinct.values.take(encoded.indices), rules[positions])


def _read_distinct(distinct: pa.StringArray, column: Column, around: Around) -> Cells:
    clean, values = _fast(distinct, column, around)
    rules = np.zeros(len(distinct), dtype=np.int8)
    if clean.all():
        return Cells(values, rules)
    slow = np.flatnonzero(~clean)
    reader = READERS[column.kind]
    found = [reader(text, column, around) for text in distinct.take(pa.array(slow)).to_pylist()]
    rules[slow] = [RULE_NUMBER[value.rule] for value in found]
    rest = pa.array([_stored(value.value) for value in found], arrow_type(column.kind))
    return Cells(pc.replace_with_mask(values, pa.array(~clean), rest), rules)


def _stored(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else value


# --- clean cells -------------------------------------------------------------------------------------------------

_DAY = (
    r"(?:19[5-9]\d|20\d\d)-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_CLEAN_DAY = rf"^{_DAY}$"
_CLEAN_MOMENT = rf"^{_DAY}[ T](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$"
_CLEAN_SERIAL = r"^(?:[2-6]\d{4})$"
_CLEAN_NUMBER = r"^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,12})?$"
_GROUPED_NUMBER = r"^-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$"
_EPOCH_SERIAL = 25569  # 1970-01-01
#: A text that `tidy` leaves as it is and that holds no personal number: no edge or double spaces, nothing full-width.
_UNTIDY = r"^'|^\s|\s$|\s\s|[\t\r\n\v\f\x{a0}\x{ad}\x{1680}\x{2000}-\x{200f}\x{2028}\x{2029}\x{202f}\x{205f}\x{2060}\x{3000}\x{feff}\x{ff03}\x{ff05}\x{ff06}\x{ff0a}\x{ff0b}\x{ff0d}-\x{ff0f}\x{ff10}-\x{ff19}\x{ff20}-\x{ff3a}\x{ff3f}\x{ff41}-\x{ff5a}\x{85}\x{1c}-\x{1f}]|\d{11}"
_CLEAN_CODE = r"^[A-Z0-9\x{4e00}-\x{9fff}()#.,:_*+-]{2,}$"


def _fast(distinct: pa.StringArray, column: Column, around: Around) -> tuple[np.ndarray, pa.Array]:
    """Which texts are clean, and the values of those; the others are null for now."""
    fast = _FAST.get(column.kind)
    if fast is None or not len(distinct):
        return np.zeros(len(distinct), dtype=bool), pa.nulls(len(distinct), arrow_type(column.kind))
    return fast(distinct, column, around)


def _matches(distinct: pa.StringArray, pattern: str) -> np.ndarray:
    return pc.match_substring_regex(distinct, pattern).fill_null(False).to_numpy(zero_copy_only=False)


def _only(values: pa.Array, mask: np.ndarray) -> pa.Array:
    return pc.if_else(pa.array(mask), values, pa.scalar(None, values.type))


def _fast_number(distinct: pa.StringArray, column: Column, around: Around) -> tuple[np.ndarray, pa.Array]:
    is_degree = column.kind in ("lng", "lat")
    bare, clean = _bare_numbers(distinct)
    raw = bare.cast(pa.float64()).to_numpy(zero_copy_only=False)
    settled = raw if is_degree else numbers.settle(raw, numbers.factor_of(column.unit, around.unit), column)
    if column.kind == "integer":
        with np.errstate(invalid="ignore"):
            clean &= (settled == np.round(settled)) & (np.abs(settled) < 2**53)
        settled = np.where(clean, settled, 0).astype("int64")
    return clean, pa.array(settled, arrow_type(column.kind), mask=~clean)


def _bare_numbers(distinct: pa.StringArray) -> tuple[pa.Array, np.ndarray]:
    """The plain numbers among the texts, null elsewhere; full-width digits and grouping commas are folded."""
    clean = _matches(distinct, _CLEAN_NUMBER)
    bare = _only(distinct, clean)
    if clean.all():
        return bare, clean
    folded = pc.utf8_normalize(_only(distinct, ~clean), form="NFKC")
    folded = pc.replace_substring(_only(folded, _matches(folded, _GROUPED_NUMBER)), ",", "")
    folded = _only(folded, _matches(folded, _CLEAN_NUMBER))
    return pc.coalesce(bare, folded), clean | folded.is_valid().to_numpy(zero_copy_only=False)


def _fast_date(distinct: pa.StringArray, column: Column, around: Around) -> tuple[np.ndarray, pa.Array]:
    iso = _matches(distinct, _CLEAN_DAY)
    values = _only(distinct, iso).cast(pa.date32())
    serial = _matches(distinct, _CLEAN_SERIAL)
    if not serial.any():
        return iso, values
    return iso | serial, pc.coalesce(values, _serial_days(distinct, serial, around).cast(pa.date32()))


def _fast_datetime(distinct: pa.StringArray, column: Column, around: Around) -> tuple[np.ndarray, pa.Array]:
    day, moment = _matches(distinct, _CLEAN_DAY), _matches(distinct, _CLEAN_MOMENT)
    iso = day | moment
    return iso, _only(distinct, iso).cast(pa.timestamp("s"))


def _serial_days(distinct: pa.StringArray, serial: np.ndarray, around: Around) -> pa.Array:
    zero = _EPOCH_SERIAL - (1462 if around.date1904 else 0)
    return pc.subtract(_only(distinct, serial).cast(pa.int32()), pa.scalar(zero, pa.int32()))


def _fast_uscc(distinct: pa.StringArray, column: Column, around: Around) -> tuple[np.ndarray, pa.Array]:
    clean = codes.valid_codes(distinct)
    return clean, _only(distinct, clean)


def _fast_text(distinct: pa.StringArray, column: Column, around: Around) -> tuple[np.ndarray, pa.Array]:
    if column.mask:
        clean = np.zeros(len(distinct), dtype=bool)
    elif column.pattern is not None:
        clean = (
            _matches(distinct, rf"^(?:{column.pattern})$")
            if _plain_pattern(column.pattern)
            else np.zeros(len(distinct), bool)
        )
        clean &= _matches(distinct, _CLEAN_CODE)
    elif texts.is_code(column):
        clean = _matches(distinct, _CLEAN_CODE)
    else:
        clean = ~_matches(distinct, _UNTIDY)
    clean &= ~np.asarray(pc.is_in(distinct, value_set=_NOTHING))
    return clean, _only(distinct, clean)


def _plain_pattern(pattern: str) -> bool:
    """Whether Arrow's regular expressions read the pattern as Python's do: no groups to pick, no look-around."""
    return "(" not in pattern.replace("(?:", "")


_NOTHING = pa.array(sorted({*texts.NULLS, "无"}))

_FAST = {
    "integer": _fast_number, "real": _fast_number, "decimal": _fast_number, "lng": _fast_number, "lat": _fast_number,
    "date": _fast_date, "datetime": _fast_datetime, "uscc": _fast_uscc, "text": _fast_text,
}  # fmt: skip
