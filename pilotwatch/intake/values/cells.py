"""What every reader of a cell begins with: folding what people and spreadsheets do to letters, and what is "empty"."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from pilotwatch.domain import Text
from pilotwatch.intake.model import Rule
from pilotwatch.places import Places


class Value(NamedTuple):
    """One cell as read. An error has no value; a warning has a value and says in `expected` how it was understood."""

    value: Any = None
    rule: Rule | None = None
    expected: Text | None = None


EMPTY_VALUE = Value()


class Around(NamedTuple):
    """What a cell can't say by itself: the list's date, its year and month, the unit and who knows the place names."""

    on: date
    year: int | None = None
    month: int | None = None
    unit: str | None = None
    date1904: bool = False
    places: Places | None = None


_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # they make a text look like another one
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad" + _DIRECTIONS))
_HALF_WIDTH = {
    **{code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)},
    **{code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))},
    **{ord(wide): ord(narrow) for wide, narrow in zip("＃＋－．／＿＆＠＊％", "#+-./_&@*%", strict=True)},
    0x3000: " ", 0xA0: " ",
}  # fmt: skip
_DASHES = re.compile("[−–‐‑‒―]")
_SPACES = re.compile(r"\s+")

#: Words that say "there is nothing here" (domain-rules E.4-5), as `plain` leaves them. 无 is apart: it can mean 0 or 否.
NULLS = frozenset(
    {
        "", "空", "-", "--", "---", "—", "——", "―", "/", "//", "\\", "暂无", "不详", "未知", "未填", "未填写", "无数据",
        "N/A", "n/a", "NA", "null", "NULL", "Null", "None", "none", "nan", "NaN",
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!",
    }
)  # fmt: skip
NONE = "无"
#: No number and no date is written longer; what is longer is prose, and isn't searched for one.
LONGEST = 80


def tidy(text: str) -> str:
    """Free text as it is stored: no invisible characters, one space for any gap, half-width letters and digits.

    Chinese punctuation stays as written: a company's （） are part of its name.
    """
    if not text.isascii():
        text = text.translate(_INVISIBLE).translate(_HALF_WIDTH)
    return _trim(text)


@lru_cache(maxsize=1024)  # a reader asks two or three times for the same cell
def plain(text: str) -> str:
    """Text as it is read: compatibility forms folded (NFKC), dashes alike, no invisible characters, trimmed."""
    if not text.isascii():
        if not text.isprintable():
            text = text.translate(_INVISIBLE)
        text = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return _trim(text)


def _trim(text: str) -> str:
    return _SPACES.sub(" ", text).strip().removeprefix("'").strip()


def squeeze(text: str) -> str:
    """`plain` without any space: codes, dates, words of a list."""
    return plain(text).replace(" ", "")


def is_null(text: str) -> bool:
    """Whether the cell says that there is nothing; 无 is asked separately, since a count reads it as 0."""
    return squeeze(text) in NULLS
