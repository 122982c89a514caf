"""The pieces pages are put together from: level cells, tiles, headings, bars. They make HTML; pages place it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pilotwatch.domain import LEVELS, Language
from pilotwatch.workdays import BEIJING
from ui.html import Html, join, tag
from ui.texts import text


def level(name: str, language: Language) -> Html:
    """A solid cell with the word and the numeral of a level."""
    return tag("span", text(f"level.{name}")(language), cls=f"pw-level pw-{name}")


def heading(title: str, note: str | Html | None = None) -> Html:
    return tag("h3", title, tag("small", note) if note else None, cls="pw-heading")


def tile(label: object, value: str, unit: str = "", notes: Iterable[str] = (), *, cls: str = "") -> Html:
    """One figure: what it is, its value and unit, and what it is held against."""
    shown = tag("strong", value, tag("em", unit) if unit else None)
    return tag(
        "div",
        tag("span", label, cls="pw-tile-label"),
        shown,
        tag("p", join(notes, " · ")),
        cls=f"pw-tile {cls}".strip(),
    )


def tiles(*made: Html) -> Html:
    return tag("div", *made, cls="pw-tiles")


def bar(counts: Mapping[str, int], language: Language) -> Html:
    """How many subjects stand at which level, as a bar of one line; the numbers are its label."""
    total = sum(counts[name] for name in LEVELS) or 1
    parts = [
        tag("i", cls=f"pw-part-{name}", style=f"flex-grow:{counts[name] / total:.4f}")
        for name in LEVELS
        if counts[name]
    ]
    said = "，".join(f"{text(f'level.{name}')(language)} {counts[name]}" for name in LEVELS if counts[name])
    return tag("div", *parts, cls="pw-bar", role="img", aria_label=said)


def empty(title: str, body: str) -> Html:
    return tag("div", tag("b", title), tag("p", body), cls="pw-empty")


def note(said: object, kind: str = "plain") -> Html:
    """A quiet line (`plain`), or one with a coloured edge: `good`, `warn`, `bad`."""
    return tag("p", said, cls=f"pw-note pw-note-{kind}")


def moment(at: datetime) -> str:
    """A moment as it is told everywhere, in Beijing time: `2026-11-23 20:00`."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
