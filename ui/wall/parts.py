"""What slides are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ui.html import Html, join, tag

MOST_BARS = 8


@dataclass(frozen=True)
class Slide:
    """`name` stands in the address; `unit`: whose it is, None for the whole of what is shown."""

    name: str
    title: str
    html: Html
    unit: str | None = None


def said(sentence: str, cls: str = "") -> Html:
    """The message of a slide."""
    return tag("p", sentence, cls=f"said {cls}".strip())


def who(label: str, text: str) -> Html:
    """Who acts by when."""
    return tag("p", tag("b", label), tag("span", text), cls="who")


def number(label: object, value: str, unit: str = "", note: str = "", cls: str = "") -> Html:
    shown = tag("strong", value, tag("em", unit) if unit else None)
    return tag("div", tag("span", label), shown, tag("small", note) if note else None, cls=f"number {cls}".strip())


def numbers(*made: Html) -> Html:
    return tag("div", *made, cls="numbers")


def bars(rows: Iterable[tuple[str, int, str, str]]) -> Html:
    """Bars: name, length, what stands beside it, class."""
    rows = list(rows)[:MOST_BARS]
    most = max((n for _, n, _, _ in rows), default=0) or 1
    lines = [
        tag("li", tag("span", name), tag("i", tag("b", style=f"width:{100 * n / most:.1f}%")), tag("em", beside), cls=cls or None)
        for name, n, beside, cls in rows
    ]  # fmt: skip
    return tag("ul", *lines, cls="bars")


def lines(rows: Sequence[Sequence[Any]], cls: str = "") -> Html:
    """Large lines of a list."""
    return tag("ol", *(tag("li", *row) for row in rows), cls=f"lines {cls}".strip())


def halves(left: Html, right: Html) -> Html:
    return tag("div", tag("div", left), tag("div", right), cls="halves")


def level(name: str, word: str) -> Html:
    return tag("span", word, cls=f"level {name}")


def masked(name: str) -> str:
    """A name as it may hang on a wall: its ends only.

    >>> masked("新疆皓野医疗美容有限公司"), masked("王某某"), masked("")
    ('新疆＊＊＊公司', '王＊＊', '—')
    """
    if not name:
        return "—"
    return f"{name[:2]}＊＊＊{name[-2:]}" if len(name) > 6 else f"{name[0]}＊＊"


def together(*parts: Html | None) -> Html:
    return join([p for p in parts if p])
