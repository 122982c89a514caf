"""Who set which bounds of an indicator, when and why; and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from pilotwatch.bounds import BoundEntry
from pilotwatch.domain import Indicator, Measure
from ui import blocks
from ui.html import join, tag
from ui.html import table as html_table
from ui.indicators import with_unit
from ui.screen import Screen


def show(screen: Screen, indicator: Indicator | Measure, entries: Sequence[BoundEntry]) -> None:
    """The entries, newest first."""
    with st.container(key="card-bound-history"):
        st.html(blocks.heading(screen.say("settings.history"), indicator.code))
        if not entries:
            st.html(blocks.note(screen.say("settings.history_none")))
            return
        head = [screen.say(f"settings.{n}") for n in ("when", "what", "why")]
        st.html(
            html_table(head, _lines(screen, indicator, entries), cls="pw-stack", alt=screen.say("settings.history"))
        )


def _lines(screen: Screen, indicator: Indicator | Measure, entries: Sequence[BoundEntry]) -> Iterator[list[object]]:
    for e in reversed(entries):
        at = blocks.moment(e.at) if e.at else "—"
        to = with_unit(e.bound, indicator, screen.language) if e.bound else screen.say("settings.reset_reason")
        who = screen.say("bounds.by_system") if e.by == "system" else e.by
        yield [
            join([tag("span", at, cls="pw-nowrap"), tag("small", who)]),
            join([blocks.level(e.level, screen.language), " ", tag("s", with_unit(e.before, indicator, screen.language)), " → ",
                  tag("b", to), tag("small", screen.say("settings.in_force_from", day=e.since))]),
            e.reason,
        ]  # fmt: skip
