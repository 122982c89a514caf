"""Who takes the practice over, and noting that one's own unit or department does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from pilotwatch import typical
from ui import blocks
from ui.acting import attempt
from ui.html import Html, tag
from ui.screen import Screen
from ui.typical import words


def show(screen: Screen, found: Mapping[str, Any], may: bool) -> None:
    if not found["shown"] and not found["adopted"]:
        return
    with st.container(key="card-typical-taken"):
        st.html(blocks.heading(screen.say("typical.taken"), screen.say("typical.adopted_by", n=found["adoptions"])))
        if found["adopted"]:
            st.html(tag("ul", *(_line(screen, a) for a in found["adopted"]), cls="pw-story"))
        if may:
            _take(screen, found)
            _give_up(screen, found)


def _line(screen: Screen, one: Mapping[str, Any]) -> Html:
    ended = one["ended_at"] is not None
    name = tag("s" if ended else "b", words.taker(screen, one["taker"]))
    back = screen.say("typical.given_up", why=one["ended_why"]) if ended else None
    return tag(
        "li", name, tag("small", f"{blocks.moment(one['at'])} · {one['by']}"), tag("p", one["note"]),
        tag("small", back, cls="pw-bad-ink") if back else None,
    )  # fmt: skip


def _take(screen: Screen, found: Mapping[str, Any]) -> None:
    house = words.house(screen)
    live = {a["taker"] for a in found["adopted"] if a["ended_at"] is None}
    offered = typical.takers(screen.desk, house, {*live, *found["units"], *found["departments"]})
    if not offered:
        return
    titles = {c: screen.pick(t) for c, t in offered.items()}
    with st.form(f"typical-adopt-{found['number']}-{found['adoptions']}", border=False):
        only = next(iter(titles))
        chosen = only
        if len(titles) > 1:
            chosen = st.selectbox(
                screen.say("typical.who"),
                list(titles),
                index=None,
                format_func=titles.get,
                placeholder=screen.say("typical.who"),
            )
        note = st.text_area(
            screen.say("typical.note"), max_chars=500, placeholder=screen.say("typical.note_hint"), height=80
        )
        label = screen.say("typical.adopt_as", who=titles[only]) if len(titles) == 1 else screen.say("typical.adopt")
        if st.form_submit_button(label, type="primary"):
            attempt(screen, partial(typical.adopt, screen.desk, house, found["number"], chosen or "", note))


def _give_up(screen: Screen, found: Mapping[str, Any]) -> None:
    mine = typical.takers(screen.desk, words.house(screen))
    live = {
        a["id"]: words.taker(screen, a["taker"])
        for a in found["adopted"]
        if a["ended_at"] is None and a["taker"] in mine
    }
    if not live:
        return
    with st.expander(screen.say("typical.give_up")), st.form("typical-give-up", border=False):
        chosen = st.selectbox(screen.say("typical.who"), list(live), format_func=live.get)
        reason = st.text_input(screen.say("typical.reason"), max_chars=300)
        if st.form_submit_button(screen.say("typical.give_up")):
            attempt(screen, partial(typical.give_up, screen.desk, found["number"], chosen, reason))
