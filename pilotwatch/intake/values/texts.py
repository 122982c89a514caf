"""Free text, coded text with a pattern, and the two numbers of a point."""

from __future__ import annotations

import re
from functools import lru_cache

from pilotwatch.coordinates import degrees
from pilotwatch.domain import Column, Text
from pilotwatch.intake.values.cells import NULLS, Around, Value, squeeze, tidy
from pilotwatch.intake.values.numbers import read_number
from pilotwatch.intake.values.personal import mask, mask_in_prose


def is_code(column: Column) -> bool:
    """Whether a text column holds codes (no spaces, one width), not words."""
    return column.pattern is not None or column.key or column.refers_to is not None


def read_text(text: str, column: Column, around: Around) -> Value:
    """Free text tidied, or a code checked against its pattern. Rule: `format`."""
    kept = squeeze(text) if is_code(column) else tidy(text)
    if kept in NULLS or kept == "无":
        return Value()
    if column.mask:
        return Value(mask(kept, column.mask))
    if column.pattern is None:
        return Value(kept if is_code(column) else mask_in_prose(kept))
    match = _compiled(column.pattern).fullmatch(kept) or _compiled(column.pattern).fullmatch(kept.upper())
    if match is None:
        return Value(None, "format", pattern_expected(column))
    return Value(match[1] if match.re.groups and match[1] is not None else match[0])


def read_degrees(text: str, column: Column, around: Around) -> Value:
    """A longitude or latitude as it stands: degrees, `87°37′00″`, or projected metres. Rule: `number`."""
    found = degrees(squeeze(text))
    return read_number(text, column, around) if found is None else Value(round(found, 9))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def pattern_expected(column: Column) -> Text:
    """How a coded text should look: the column's own help and example, else the pattern itself."""
    looks = column.help or Text(f"格式为 {column.pattern}", f"the form {column.pattern}")
    example = Text(f"，如 {column.example}", f", such as {column.example}") if column.example else Text("", "")
    return Text(f"应符合规定格式：{looks.zh}{example.zh}", f"the right form: {looks.en}{example.en}")
