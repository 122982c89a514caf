"""The brief as it will be printed, its first sentence above it, and the files."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pilotwatch import brief as briefs
from pilotwatch.brief import Brief, BriefRefused, Kind, Sentence
from pilotwatch.brief.model import plain
from pilotwatch.store import StoreRefused
from pilotwatch.store.briefs import AUDIENCES
from ui import blocks
from ui.brief.choose import View, go
from ui.html import tag
from ui.review.choose import shown
from ui.screen import Screen

_PPI = {"page": 144, "long": 96}


def show(screen: Screen, view: View) -> None:
    try:
        made, picture = _seen(*screen.kept_by, screen.person.username, view, screen.language, _screen=screen)
    except BriefRefused as no:
        st.html(blocks.empty(screen.say("brief.none"), screen.pick(no.message)))
        return
    lead = next((b for b in made.blocks() if isinstance(b, Sentence) and b.weight == "lead"), None)
    if lead:
        st.html(tag("p", plain(lead.parts), cls="pw-judge"))
    _take_out(screen, view, made)
    with st.container(key="card-brief"):
        st.html(blocks.heading(screen.say("brief.preview"), screen.say(f"brief.preview_{view.form}")))
        with st.container(key="brief-paper"):
            st.image(picture, caption=f"{made.title} {made.subtitle}", width="stretch")
    st.html(blocks.note(screen.say("brief.numbers", n=f"{sum(1 for _ in made.numbers()):,}")))


def _take_out(screen: Screen, view: View, made: Brief) -> None:
    """The files, made anew when they are asked for: the audit is told who took which."""
    with st.container(key="brief-take", horizontal=True, gap="small"):
        for kind, mime in briefs.KINDS.items():
            st.download_button(
                screen.say(f"brief.take_{kind}"), data=partial(_file, screen, view, kind), mime=mime, on_click="ignore",
                file_name=f"{screen.say('nav.brief')}-{screen.where(view.unit)}-{shown(screen, view.period)}.{kind}",
                key=f"brief-take-{kind}", icon=":material/download:",
            )  # fmt: skip
        with st.popover(screen.say("brief.issue"), type="primary", icon=":material/inventory_2:", key="brief-issue"):
            _issue(screen, view)


def _issue(screen: Screen, view: View) -> None:
    """For whom, and the button that numbers and keeps it."""
    whole = not view.unit
    st.html(blocks.note(screen.say("brief.issue_note_all" if whole else "brief.issue_note")))
    audience = "office"
    if not whole:
        audience = st.radio(
            screen.say("brief.audience"), list(AUDIENCES), format_func=lambda a: screen.pick(AUDIENCES[a]), key="brief-audience"
        )  # fmt: skip
    if st.button(screen.say("brief.issue_do"), type="primary", key="brief-issue-do"):
        order = briefs.Order(view.unit, view.period, view.form, screen.language, audience)
        try:
            with st.spinner(screen.say("brief.issuing")):
                made = briefs.issue(screen.house, screen.person, order)
        except StoreRefused as no:
            st.html(blocks.note(screen.pick(no.message), "bad"))
            return
        go(view="kept", kept=made.id)


def _file(screen: Screen, view: View, kind: Kind) -> bytes:
    return briefs.take_out(screen.desk, make(screen, view), kind)


def make(screen: Screen, view: View) -> Brief:
    """The brief of what is chosen, through the person's desk."""
    house = screen.house
    about = briefs.House(house.registry, house.places, house.calendar(), house.settings.data, house.store.demo)
    return briefs.brief(screen.desk, about, view.period, unit=view.unit, form=view.form, language=screen.language)


@st.cache_resource(max_entries=24, ttl=120, show_spinner=False)
def _seen(
    role: str, units: str, domains: str, version: int, day: object, username: str, view: View, language: str, *, _screen: Screen
) -> tuple[Brief, bytes]:  # fmt: skip
    """The brief and its picture; for two minutes at most, for cases and tasks move without new data."""
    made = make(_screen, view)
    return made, briefs.picture(made, _PPI[view.form])
