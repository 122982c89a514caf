"""What a stored value says, in the reader's language: a choice by its title, an amount with its unit, a name masked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from pilotwatch.domain import Column
from pilotwatch.intake.values.personal import mask
from ui.screen import Screen

LONGEST = 80  # characters of a text in a line


def value(screen: Screen, column: Column, raw: Any) -> str:
    """A value of a column as a reader knows it; "" for none. Personal data is masked, again if it was before."""
    if raw is None or (not isinstance(raw, list) and pd.isna(raw)):
        return ""
    listed = [raw] if not isinstance(raw, list) else raw
    if isinstance(raw, str) and column.kind in ("texts", "choices", "departments") and raw.startswith("["):
        listed = json.loads(raw)
    words = [_word(screen, column, part) for part in listed if part is not None]
    return screen.listed([mask(w, column.mask) if column.mask else w for w in words if w])


def _word(screen: Screen, column: Column, raw: Any) -> str:
    if column.choices and str(_plain(raw)) in column.choices.titles:
        return screen.pick(column.choices.titles[str(_plain(raw))])
    return _KINDS.get(column.kind, _text)(screen, column, raw)


def _plain(raw: Any) -> Any:
    """A boolean as its choices are called."""
    return str(bool(raw)).lower() if isinstance(raw, bool | int) and raw in (0, 1) and not isinstance(raw, str) else raw


def _text(screen: Screen, column: Column, raw: Any) -> str:
    return str(raw)


def _number(screen: Screen, column: Column, raw: Any) -> str:
    unit = screen.pick(column.unit_title) if column.unit_title else ""
    shown = f"{raw:,.0f}" if float(raw).is_integer() else f"{raw:,.2f}"
    return f"{shown} {unit}".strip()


def _boolean(screen: Screen, column: Column, raw: Any) -> str:
    return screen.say("word.yes" if raw else "word.no")


def _day(screen: Screen, column: Column, raw: Any) -> str:
    return str(raw)[: 10 if column.kind == "date" else 16].replace("T", " ")


def _named(find: Callable[[Screen, str], str]) -> Callable[[Screen, Column, Any], str]:
    return lambda screen, column, raw: find(screen, str(raw))


def _street(screen: Screen, code: str) -> str:
    streets = screen.house.places.streets
    return streets[code].name if code in streets else code


_KINDS: Mapping[str, Callable[[Screen, Column, Any], str]] = {
    "boolean": _boolean, "integer": _number, "real": _number, "decimal": _number, "date": _day, "datetime": _day,
    "department": _named(Screen.department), "departments": _named(Screen.department), "division": _named(Screen.unit),
    "street": _named(_street), "lng": _text, "lat": _text,
}  # fmt: skip


def facts(screen: Screen, told: Iterable[tuple[Column, Any]]) -> list[str]:
    """`检查结果：发现问题`, each of those that say something; a long text is cut."""
    said = ((screen.pick(c.title), value(screen, c, raw)) for c, raw in told)
    colon = "：" if screen.language == "zh" else ": "
    return [f"{title}{colon}{text if len(text) <= LONGEST else text[:LONGEST] + '…'}" for title, text in said if text]
