"""我的登录: where I am logged in, ending the others, and what I may do."""

from __future__ import annotations

import streamlit as st

from pilotwatch import access
from pilotwatch.settings import settings
from pilotwatch.store import ROLES
from ui import blocks
from ui.accounts import roles
from ui.acting import attempt
from ui.html import join, tag
from ui.html import table as html_table
from ui.screen import Screen


def show(screen: Screen) -> None:
    store, person, token = screen.house.store, screen.person, st.user["session"]
    mine = access.my_sessions(store, person.username, token)
    others = sum(not s["here"] for s in mine)
    st.html(tag("p", screen.say("me.judge", n=len(mine)) if others else screen.say("me.judge_here"), cls="pw-judge"))
    left, right = st.columns([11, 10])
    with left, st.container(key="card-sessions"):
        st.html(
            blocks.heading(screen.say("me.sessions"), screen.say("me.sessions_note", hours=settings().session_hours))
        )
        head = [screen.say(f"me.{n}") for n in ("device", "since", "until", "how")]
        lines = [
            [
                join([s["device"] or screen.say("me.unknown_device"), tag("span", screen.say("me.here"), cls="pw-state pw-state-good") if s["here"] else None], " "),
                tag("span", blocks.moment(s["created_at"]), cls="pw-nowrap"), tag("span", blocks.moment(s["expires_at"]), cls="pw-nowrap"),
                settings().oidc_name if s["by"] == "oidc" else screen.say("me.by_password"),
            ]
            for s in mine
        ]  # fmt: skip
        st.html(html_table(head, lines, cls="pw-stack", alt=screen.say("me.sessions")))
        if others and st.button(screen.say("me.end_others"), key="me-end-others", icon=":material/logout:"):
            attempt(screen, lambda: access.log_out_elsewhere(store, person.username, token))
        st.html(blocks.note(screen.say("me.strange")))
    with right, st.container(key="card-me"):
        st.html(blocks.heading(screen.say("me.account")))
        facts = [
            ("accounts.name", person.name), ("accounts.username", person.username), ("accounts.role", screen.pick(ROLES[person.role])),
            ("accounts.may", " · ".join(screen.pick(t) for t in roles.rights(person.role))),
        ]  # fmt: skip
        st.html(tag("dl", *(join([tag("dt", screen.say(n)), tag("dd", v)]) for n, v in facts), cls="pw-facts"))
        if settings().local_login or person.username == settings().emergency_account:
            st.html(
                tag(
                    "p",
                    tag("a", screen.say("frame.password"), href="/password", target="_self", cls="pw-link"),
                    cls="pw-links",
                )
            )
