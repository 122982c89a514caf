"""Words of a closed set: yes and no, enumerations, lists of them, and the names of places and departments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from pilotwatch.domain import Choices, Column, Text
from pilotwatch.intake.values.cells import LONGEST, NONE, Around, Value, is_null, squeeze, tidy

_YES = ("是", "有", "√", "✓", "✔", "☑", "Y", "YES", "TRUE", "T", "1", "对", "已")
_NO = ("否", "无", "没有", "×", "✗", "✘", "X", "☒", "N", "NO", "FALSE", "F", "0", "不是", "未")
_BOOLEANS = {word.casefold(): True for word in _YES} | {word.casefold(): False for word in _NO}

#: Separators of a list; not inside brackets, where 高新区（新市区、…） is one name.
_SEPARATORS = re.compile(r"[、,，;；/|\n\r]+(?![^（(]{0,60}[）)])")
_LONGEST_LIST = 10 * LONGEST
_SHOWN = 12  # names of an enumeration that a message lists


def key_of(word: str) -> str:
    """What two spellings of a word have in common: folded width, case, spaces."""
    return squeeze(word).casefold()


@lru_cache(maxsize=512)
def _spellings(choices: Choices) -> dict[str, str]:
    return {key_of(word): value for word, value in choices.by_word.items()}


def read_boolean(text: str, column: Column, around: Around) -> Value:
    """是/否, 有/无, √/× and the column's own two words. Rule: `enum`."""
    key = key_of(text)
    if column.choices and key in _spellings(column.choices):
        return Value(_spellings(column.choices)[key] == "true")
    if key in _BOOLEANS:
        return Value(_BOOLEANS[key])
    if is_null(text):
        return Value()
    sides = [title.zh for title in column.choices.titles.values()] if column.choices else ["是", "否"]
    return Value(None, "enum", Text(f"应为“{'”或“'.join(sides)}”", "yes or no (是 or 否)"))


def read_choice(text: str, column: Column, around: Around) -> Value:
    """One word of the column's enumeration, as its stored value. Rule: `enum`."""
    value = _spellings(column.choices).get(key_of(text))
    if value is not None:
        return Value(value)
    if is_null(text) or squeeze(text) == NONE:
        return Value()
    return Value(None, "enum", _choices_expected(text, column.choices))


def read_choices(text: str, column: Column, around: Around) -> Value:
    """Several words of the enumeration, as a tuple of stored values in their order."""
    found, unknown = _each(text, lambda word: _spellings(column.choices).get(key_of(word)))
    if unknown:
        return Value(None, "enum", _choices_expected(unknown[0], column.choices))
    return Value(found or None)


def read_texts(text: str, column: Column, around: Around) -> Value:
    """A free list: its parts as a tuple."""
    parts = tuple(dict.fromkeys(part for part in _parts(text) if not is_nothing(part)))
    return Value(parts or None)


def read_department(text: str, column: Column, around: Around) -> Value:
    """One department, as its code at the date of the list. Rule: `enum`."""
    if is_nothing(text):
        return Value()
    code = _department(text, around)
    return Value(code) if code else Value(None, "enum", _department_expected(text))


def read_departments(text: str, column: Column, around: Around) -> Value:
    """Several departments, as a tuple of codes in their order. Rule: `enum`."""
    if is_nothing(text) or around.places is None:
        return Value()
    if len(text) > _LONGEST_LIST:
        return Value(None, "enum", _department_expected(text))
    found, unknown = around.places.department_list(tidy(text), around.on)
    unknown = [word for word in unknown if not is_nothing(word)]
    return (
        Value(None, "enum", _department_expected(unknown[0])) if unknown else Value(tuple(dict.fromkeys(found)) or None)
    )


def read_division(text: str, column: Column, around: Around) -> Value:
    """A district or county, as its six-digit code. Rule: `enum`. Streets need the district: see `read_street`."""
    if is_nothing(text):
        return Value()
    code = around.places.division(squeeze(text)) if around.places and len(text) <= LONGEST else None
    if code:
        return Value(code)
    return Value(
        None,
        "enum",
        Text("应为本市的区（县），如天山区、米东区、乌鲁木齐县", "a district or county of the city, such as 天山区"),
    )


def read_street(text: str, division: str | None, around: Around) -> Value:
    """A street, town or township of a district, as its nine-digit code. Rule: `reference`."""
    if is_nothing(text):
        return Value()
    code = around.places.street(squeeze(text), division) if around.places else None
    return Value(code) if code else Value(None, "reference")


def is_nothing(text: str) -> bool:
    return is_null(text) or squeeze(text) == NONE


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that was probably meant, or None where nothing is near enough to be named."""
    found = process.extractOne(squeeze(word), list(words), scorer=fuzz.ratio, score_cutoff=60)
    return found[0] if found else None


def _parts(text: str) -> list[str]:
    return [tidy(part) for part in _SEPARATORS.split(text)]


def _each(text: str, read: Any) -> tuple[tuple[str, ...], list[str]]:
    """The parts read, without repeats, and the parts that could not be read."""
    whole = read(text)
    if whole is not None:
        return (whole,), []
    found: dict[str, None] = {}
    unknown = []
    for part in _parts(text):
        value = read(part)
        if value is not None:
            found[value] = None
        elif " " in part and all(read(piece) is not None for piece in part.split(" ")):
            found.update(dict.fromkeys(read(piece) for piece in part.split(" ")))
        elif not is_nothing(part):
            unknown.append(part)
    return tuple(found), unknown


def _department(word: str, around: Around) -> str | None:
    if around.places is None or len(word) > LONGEST or is_nothing(word):
        return None
    return around.places.department(squeeze(word), around.on)


def _department_expected(word: str) -> Text:
    word = tidy(word[:LONGEST])
    return Text(f"应为部门名录中的单位，“{word}”不在其中", f"departments of the list; {word} is not one of them")


@lru_cache(maxsize=4096)
def _choices_expected(word: str, choices: Choices) -> Text:
    titles = choices.titles
    zh = "、".join(title.zh for title in list(titles.values())[:_SHOWN]) + ("等" if len(titles) > _SHOWN else "")
    en = ", ".join(title.en for title in list(titles.values())[:_SHOWN]) + (" …" if len(titles) > _SHOWN else "")
    expected = Text(f"应为以下之一：{zh}", f"one of: {en}")
    meant = nearest(word, choices.by_word)
    if meant is None:
        return expected
    title = titles[choices.by_word[meant]]
    return Text(f"{expected.zh}（是否为“{title.zh}”？）", f"{expected.en} (did you mean {title.en}?)")
