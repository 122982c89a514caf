"""工作日历: which years have their notices, a year's days off and worked by source, and the entries over them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import streamlit as st

from pilotwatch.store import days
from pilotwatch.workdays import Calendar, ClockRefused, deadline, today
from ui import blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen
from ui.settings import day_entries, year

BEFORE, AFTER = 2, 1  # years shown around this one


def show(screen: Screen) -> None:
    """The years, one of them as months, and on the right what is entered."""
    st.html(blocks.note(screen.say("settings.calendar_lead")))
    calendar = screen.house.calendar()
    entries = days.entries(screen.desk)
    this = today().year
    years = range(this - BEFORE, this + AFTER + 1)
    with st.container(key="card-notices"):
        st.html(blocks.heading(screen.say("settings.notices")))
        head = [screen.say(f"settings.{n}") for n in ("year", "notices_of", "state")]
        st.html(html_table(head, [_year(screen, calendar, y) for y in years], cls="pw-stack", alt=head[1]))
    chosen = _choose(screen, list(years))
    left, right = st.columns([12, 8])
    with left:
        with st.container(key="card-year"):
            st.html(blocks.heading(screen.say("settings.days_off"), str(chosen)))
            mine = {e.entry.day for e in entries if e.withdrawn_at is None}
            st.html(year.legend(screen, calendar))
            st.html(year.months(screen, calendar, chosen, mine))
        _try(screen, calendar)
    with right:
        day_entries.enter(screen, calendar, chosen)
        day_entries.show(screen, calendar, [e for e in entries if e.entry.day.year == chosen], chosen)


def _choose(screen: Screen, years: list[int]) -> int:
    if st.session_state.get("settings-year") not in years:
        asked = st.query_params.get("year", "")
        st.session_state["settings-year"] = int(asked) if asked.isdigit() and int(asked) in years else today().year
    chosen = st.segmented_control(
        screen.say("settings.year"), years, key="settings-year", required=True, label_visibility="collapsed",
        format_func=str,
    )  # fmt: skip
    st.query_params["year"] = str(chosen)
    return chosen


def _year(screen: Screen, calendar: Calendar, year: int) -> list[object]:
    """A year, what its notices lack by region, and what that means for limits."""
    state = "settled" if year in calendar.settled else "unconfirmed" if year in calendar.years else "unknown"
    kind = {"settled": "good", "unconfirmed": "warn", "unknown": "bad"}[state]
    word = tag("span", screen.say(f"settings.state_{state}"), cls=f"pw-state pw-state-{kind}")
    return [
        tag("b", str(year)),
        join(_notices(screen, calendar, year)),
        join([word, tag("small", screen.say(f"settings.depends_{state}"))]),
    ]


def _notices(screen: Screen, calendar: Calendar, year: int) -> Iterator[Html]:
    for region in calendar.regions:
        gone = calendar.missing(region, year)
        names = list(gone) if screen.language == "zh" else [region.english(f) for f in gone]
        said = screen.say("settings.missing", what=screen.listed(names)) if gone else screen.say("settings.complete")
        yield tag("div", tag("span", screen.pick(region.title), cls="pw-dim"), " ", tag("b" if gone else "span", said))


def _try(screen: Screen, calendar: Calendar) -> None:
    """A limit counted by the calendar as it is now."""
    with st.container(key="card-try"):
        st.html(blocks.heading(screen.say("settings.try")))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            begin: date = st.date_input(
                screen.say("settings.try_from"), value=today(), format="YYYY-MM-DD", key="try-from", width=170
            )
            number = st.number_input(screen.say("settings.try_limit"), 1, 999, 7, key="try-number", width=120)
            unit = st.segmented_control(
                screen.say("settings.try_unit"), ["wd", "d", "m"], default="wd", required=True, key="try-unit",
                format_func=lambda u: screen.say(f"settings.unit_{u}"), label_visibility="collapsed",
            )  # fmt: skip
        try:
            st.html(blocks.note(screen.pick(deadline(calendar, begin, f"{number}{unit}").explain())))
        except ClockRefused as no:
            st.html(blocks.note(screen.pick(no.message), "bad"))
