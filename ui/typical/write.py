"""Writing: a draft from closed cases with one click, and its text to be written on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pilotwatch import disposal, typical
from pilotwatch.disposal import CaseFilter
from pilotwatch.store import StoreRefused
from pilotwatch.typical.acts import MOST_CASES
from pilotwatch.typical.model import MOST_LETTERS, MOST_TITLE
from ui import blocks
from ui.acting import attempt
from ui.screen import Screen
from ui.typical import words

_OFFERED = 200
_HIGH = {"practice": 150, "lessons": 150, "process": 130}


def begin(screen: Screen) -> None:
    """From one or several closed cases together; free texts there are none."""
    if not screen.person.may("handle"):
        return
    with st.container(key="card-typical-begin"):
        st.html(blocks.heading(screen.say("typical.begin"), screen.say("typical.begin_note")))
        wanted = CaseFilter(states=typical_states(), closed=True)
        rows = disposal.listed(screen.desk, wanted, order="moved", limit=_OFFERED)
        if rows.empty:
            st.html(blocks.note(screen.say("typical.no_closed")))
            return
        titles = {r["number"]: _named(screen, r) for r in rows.to_dict("records")}
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            numbers = st.multiselect(
                screen.say("typical.cases"), list(titles), format_func=titles.get, max_selections=MOST_CASES, key="typical-cases",
                placeholder=screen.say("typical.choose_cases"), label_visibility="collapsed",
            )  # fmt: skip
            if st.button(screen.say("typical.draft"), type="primary", key="typical-draft", disabled=not numbers):
                draft(screen, numbers)


def typical_states() -> tuple[str, ...]:
    return ("closed", "archived")


def draft(screen: Screen, numbers: Sequence[str]) -> None:
    """Drafts and turns to the draft; a refusal is told where the button is."""
    try:
        number = typical.draft(screen.desk, words.house(screen), numbers, screen.language)
    except StoreRefused as no:
        st.html(blocks.note(screen.pick(no.message), "bad"))
        return
    screen.go("typical", typical=number)


def _named(screen: Screen, row: Mapping[str, Any]) -> str:
    closing = disposal.CLOSINGS.titles.get(row["closing"])
    parts = (row["number"], row["name"], row["fact"], screen.pick(closing) if closing else "")
    return " · ".join(p for p in parts if isinstance(p, str) and p)


def edit(screen: Screen, found: Mapping[str, Any]) -> None:
    """The form. Of what is published or was returned saving begins a new version; the old one stays."""
    new = found["state"] != "draft"
    label = screen.say("typical.edit_new" if new else "typical.edit")
    with st.expander(label, expanded=found["state"] in ("draft", "returned"), key="typical-edit"):
        if new:
            st.html(blocks.note(screen.say("typical.edit_new_note")))
        with st.form(f"typical-{found['number']}-{found['moves']}", border=False):
            title = st.text_input(screen.say("typical.title"), value=found["title"], max_chars=MOST_TITLE)
            names = {c: screen.pick(t) for c, t in typical.TAGS.items()}
            tags = st.multiselect(
                screen.say("typical.tags"), list(names), default=list(found["tags"]), format_func=names.get,
                placeholder=screen.say("typical.any_tag"),
            )  # fmt: skip
            order = [*typical.BY_PEOPLE, *(s for s in typical.SECTIONS if s not in typical.BY_PEOPLE)]
            body = {s: _ask(screen, found, s) for s in order}
            kept = st.text_input(
                screen.say("typical.kept_names"), value=found["kept_names"], max_chars=200,
                placeholder=screen.say("typical.kept_names_hint"),
            )  # fmt: skip
            if st.form_submit_button(screen.say("typical.save"), type="primary"):
                content = typical.Content(title, body, tuple(tags), kept)
                attempt(screen, lambda: _save(screen, found, content))


def _ask(screen: Screen, found: Mapping[str, Any], section: str) -> str:
    people = section in typical.BY_PEOPLE
    label = screen.pick(typical.SECTIONS[section]) + (screen.say("typical.asked_for") if people else "")
    hint = screen.say(f"typical.hint_{section}") if people else None
    return st.text_area(
        label,
        value=found["body"].get(section, ""),
        height=_HIGH.get(section, 100),
        max_chars=MOST_LETTERS,
        placeholder=hint,
    )


def _save(screen: Screen, found: Mapping[str, Any], content: typical.Content) -> None:
    typical.save(screen.desk, found["number"], found["moves"], content)
    st.query_params.pop("version", None)
    st.session_state["typical-said"] = screen.say("typical.saved")
