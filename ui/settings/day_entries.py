"""Entering days off and worked from a notice, and the entries that were made, with the way to take one back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import streamlit as st

from pilotwatch.store import days
from pilotwatch.store.days import DayEntry, Notice
from pilotwatch.workdays import BEIJING, Calendar, today
from ui import blocks
from ui.acting import attempt
from ui.html import join, tag
from ui.html import table as html_table
from ui.screen import Screen


def enter(screen: Screen, calendar: Calendar, year: int) -> None:
    """The form of an entry: a run of days of one notice."""
    with st.container(key="card-day-form"):
        st.html(blocks.heading(screen.say("settings.enter")))
        if said := st.session_state.pop("days-said", None):
            st.html(blocks.note(said, "good"))
        regions = {r.code: r for r in calendar.regions}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            region = st.selectbox(
                screen.say("settings.region"), list(regions), index=len(regions) - 1, key="day-region",
                format_func=lambda c: screen.pick(regions[c].title),
            )  # fmt: skip
            kind = st.segmented_control(
                screen.say("settings.kind"), ["off", "work"], default="off", required=True, key="day-kind",
                format_func=lambda k: screen.say(f"settings.kind_{k}"),
            )  # fmt: skip
        begin = today() if year == today().year else date(year, 1, 1)
        with st.form("day-form", border=False):
            with st.container(horizontal=True):
                first = st.date_input(screen.say("settings.first"), value=begin, format="YYYY-MM-DD", key=f"day-first-{year}", width=170)  # fmt: skip
                last = st.date_input(screen.say("settings.last"), value=None, format="YYYY-MM-DD", key=f"day-last-{year}", width=170)  # fmt: skip
            names = {f.zh: screen.pick(f) for f in regions[region].festivals}
            festival = st.pills(
                screen.say("settings.festival"), list(names), selection_mode="multi", key=f"day-festival-{region}",
                format_func=names.get, help=screen.say("settings.festival_hint"),
            )  # fmt: skip
            number = st.text_input(screen.say("settings.notice_no"), key="day-notice", max_chars=60)
            attested = st.checkbox(screen.say("settings.attested"), value=True, key="day-attested")
            reason = st.text_input(screen.say("settings.day_reason"), key="day-reason", max_chars=200)
            if st.form_submit_button(screen.say("settings.enter_days"), type="primary"):
                notice = Notice(
                    first, last or first, region, kind, attested, "、".join(n for n in names if n in (festival or ())), number, reason
                )  # fmt: skip
                attempt(screen, lambda: _enter(screen, notice))


def _enter(screen: Screen, notice: Notice) -> None:
    made = days.enter(screen.desk, notice, folder=screen.house.settings.data / "calendars")
    st.session_state["days-said"] = screen.say("settings.entered", n=len(made))


# --- the entries -----------------------------------------------------------------------------------------------------


def show(screen: Screen, calendar: Calendar, entries: Sequence[DayEntry], year: int) -> None:
    """A year's entries, newest first, withdrawn ones too."""
    with st.container(key="card-day-entries"):
        st.html(blocks.heading(screen.say("settings.entries", year=year)))
        runs = list(_runs(entries))
        if not runs:
            st.html(blocks.note(screen.say("settings.entries_none")))
            return
        head = [screen.say(f"settings.{n}") for n in ("days", "says", "by")]
        st.html(html_table(head, [_line(screen, calendar, r) for r in reversed(runs)], cls="pw-stack", alt=head[0]))
        _withdraw(screen, calendar, [r for r in runs if r[0].withdrawn_at is None])


def _runs(entries: Sequence[DayEntry]) -> Iterator[list[DayEntry]]:
    """Entries made in one act and not withdrawn apart, as one."""
    for _, run in groupby(entries, lambda e: (e.at, e.by, e.withdrawn_at)):
        yield list(run)


def _days(run: Sequence[DayEntry]) -> str:
    first, last = run[0].entry.day, run[-1].entry.day
    return f"{first:%m-%d}" if first == last else f"{first:%m-%d} – {last:%m-%d}"


def _says(screen: Screen, calendar: Calendar, run: Sequence[DayEntry]) -> str:
    entry = run[0].entry
    region = next(r for r in calendar.regions if r.code == entry.region)
    festival = entry.festival if screen.language == "zh" else ", ".join(map(region.english, entry.festivals))
    return " · ".join(filter(None, (screen.pick(region.title), festival, screen.say(f"settings.kind_{entry.kind}"))))


def _line(screen: Screen, calendar: Calendar, run: Sequence[DayEntry]) -> list[object]:
    e = run[0]
    unsure = None if e.entry.attested else tag("span", screen.say("settings.unattested"), cls="pw-chip")
    gone = None
    if e.withdrawn_at:
        at = f"{e.withdrawn_at.astimezone(BEIJING):%Y-%m-%d}"
        gone = tag("small", screen.say("settings.withdrawn", who=e.withdrawn_by, at=at, reason=e.withdrawn_why), cls="pw-bad-ink")  # fmt: skip
    made = f"{e.at.astimezone(BEIJING):%Y-%m-%d}"
    return [
        tag("s" if gone else "b", _days(run), cls="pw-nowrap"),
        join([_says(screen, calendar, run), " ", unsure, tag("small", " · ".join(filter(None, (e.entry.notice_no, e.reason)))), gone]),
        join([e.by, tag("small", made, cls="pw-nowrap")]),
    ]  # fmt: skip


def _withdraw(screen: Screen, calendar: Calendar, runs: Sequence[Sequence[DayEntry]]) -> None:
    if not runs:
        return
    names: dict[str, Any] = {r[0].id: r for r in runs}
    with st.form("day-withdraw", border=False):
        chosen = st.selectbox(
            screen.say("settings.withdraw_which"), list(names), index=None, placeholder=screen.say("settings.withdraw_hint"),
            format_func=lambda i: f"{_days(names[i])} · {_says(screen, calendar, names[i])}", key="withdraw-which",
        )  # fmt: skip
        reason = st.text_input(screen.say("settings.withdraw_reason"), key="withdraw-reason", max_chars=200)
        if st.form_submit_button(screen.say("settings.withdraw")) and chosen:
            attempt(screen, lambda: days.withdraw(screen.desk, [e.id for e in names[chosen]], reason))
