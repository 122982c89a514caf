"""What is shown and for how long a slide; the way to the picture; one's screens that run, to be stopped."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from pilotwatch.access import screens
from pilotwatch.settings import settings
from ui import address, blocks
from ui.html import join, tag
from ui.html import table as html_table
from ui.screen import Screen
from ui.wall.routes import FIRST_SECONDS, SECONDS


def choose(screen: Screen) -> dict[str, str]:
    """What the address of the picture asks for."""
    st.html(tag("p", screen.say("wall.lead"), cls="pw-judge"))
    with st.container(key="choose", horizontal=True, vertical_alignment="bottom", gap="medium"):
        seen = screen.person.units
        titles = {u.code: screen.unit(u.code) for u in screen.house.places.units if seen is None or u.code in seen}
        unit = next(iter(titles)) if len(titles) == 1 else None
        if len(titles) > 1:
            unit = address.select("unit", titles, screen.say("wall.unit"), placeholder=screen.everywhere, width=240)
        every = st.slider(screen.say("wall.every"), *SECONDS, FIRST_SECONDS, 5, key="wall-every", width=300)
    return {"lang": screen.language, "every": str(every)} | ({"unit": unit} if unit else {})


def play(screen: Screen, asked: dict[str, str]) -> None:
    with st.container(key="card-wall"):
        with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
            play_ = tag(
                "a", screen.say("wall.start"), href=f"/wall/show?{urlencode(asked)}", target="_self", cls="pw-go"
            )
            there = {n: asked[n] for n in ("unit", "lang") if n in asked}
            keep = tag(
                "a", screen.say("wall.keep"), href=f"/wall/keep?{urlencode(there)}", target="_self", cls="pw-link"
            )
            st.html(tag("p", join([play_, keep], " "), cls="pw-wall-start"))
        st.html(blocks.note(screen.say("wall.start_note", hours=settings().session_hours)))
        st.html(blocks.note(screen.say("wall.keep_note", days=screens.LASTS.days)))


def running(screen: Screen) -> None:
    """The person's own screens, each of which can be stopped here."""
    store, mine = screen.house.store, screens.screens(screen.house.store, screen.person.username)
    with st.container(key="card-wall-mine"):
        st.html(blocks.heading(screen.say("wall.mine"), screen.say("wall.mine_note")))
        if done := st.session_state.pop("wall-stopped", None):
            st.html(blocks.note(done, "good"))
        if not mine:
            st.html(blocks.note(screen.say("wall.mine_none")))
            return
        head = [screen.say(f"wall.{n}") for n in ("label", "opened", "until")]
        rows = [[tag("b", s["label"]), blocks.moment(s["created_at"]), blocks.moment(s["expires_at"])] for s in mine]
        st.html(html_table(head, rows, cls="pw-stack", alt=screen.say("wall.mine")))
        names = {s["id"]: f"{s['label']} · {blocks.moment(s['created_at'])}" for s in mine}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            which = st.selectbox(screen.say("wall.which"), list(names), format_func=names.get, key="wall-which", width=320, label_visibility="collapsed")  # fmt: skip
            if st.button(screen.say("wall.stop"), key="wall-stop"):
                if screens.stop_screen(store, screen.person.username, which):
                    label = next(s["label"] for s in mine if s["id"] == which)
                    st.session_state["wall-stopped"] = screen.say("wall.stopped", label=label)
                st.rerun()
