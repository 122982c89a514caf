"""What each role may do, in words, as the store has it: nothing here is written down a second time."""

from __future__ import annotations

import streamlit as st

from pilotwatch.domain import Text
from pilotwatch.store import ROLES
from pilotwatch.store.scope import MAY, acts
from ui import blocks
from ui.html import Html, tag
from ui.html import table as html_table
from ui.screen import PAGES, Screen


def rights(role: str) -> list[Text]:
    """What a role may do, in the order of the list of rights."""
    return [title for act, title in acts().items() if act in MAY[role]]


def show(screen: Screen) -> None:
    st.html(tag("p", screen.say("accounts.roles_judge"), cls="pw-judge"))
    with st.container(key="card-roles"):
        st.html(blocks.heading(screen.say("accounts.rights"), screen.say("accounts.rights_note")))
        head = [screen.say("accounts.may"), *(screen.pick(t) for t in ROLES.values())]
        lines = [[screen.pick(t), *(_tick(screen, act in MAY[r]) for r in ROLES)] for act, t in acts().items()]
        st.html(html_table(head, lines, cls="pw-rights", alt=screen.say("accounts.rights")))
    with st.container(key="card-pages"):
        st.html(blocks.heading(screen.say("accounts.pages"), screen.say("accounts.pages_note")))
        lines = [
            [screen.say(f"nav.{p.name}"), *(_tick(screen, p.opens(MAY[r].__contains__)) for r in ROLES)] for p in PAGES
        ]
        head = [screen.say("accounts.page"), *(screen.pick(t) for t in ROLES.values())]
        st.html(html_table(head, lines, cls="pw-rights", alt=screen.say("accounts.pages")))
    with st.container(key="card-bounds"):
        st.html(blocks.heading(screen.say("accounts.bounds")))
        for name in ("units", "domains", "departments", "personal"):
            st.html(blocks.note(screen.say(f"accounts.bounds_{name}")))


def _tick(screen: Screen, may: bool) -> Html:
    said = screen.say("word.yes" if may else "word.no")
    return tag("span", "✓" if may else "·", cls="pw-yes" if may else "pw-no", title=said, aria_label=said)
