"""Finding a subject: by the beginning of its name or code; the one that is looked at stands in the address."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pilotwatch import warnings
from pilotwatch.domain import Domain
from pilotwatch.store import StoreRefused, lookup
from ui import blocks
from ui.html import Html, join, tag
from ui.screen import Screen
from ui.subject import About, about

FOUND, OFFERED = 15, 8


def choose(screen: Screen) -> About | None:
    """The subject of the address (`?subject=…`), else what a search finds, else who needs a look; None for the latter."""
    with st.container(key="choose-subject", horizontal=True, vertical_alignment="center", gap="medium"):
        letters = st.text_input(
            screen.say("subject.search"), key="find", bind="query-params", label_visibility="collapsed", width=460,
            placeholder=screen.say("subject.search_hint"), on_change=_leave, icon=":material/search:",
        )  # fmt: skip
    asked = st.query_params.get("subject")
    if asked:
        try:
            return about(screen, asked)
        except StoreRefused as no:
            st.html(blocks.note(screen.pick(no.message), "warn"))
            return None
    if letters and letters.strip():
        _found(screen, letters)
    else:
        _offered(screen)
    return None


def _leave() -> None:
    st.query_params.pop("subject", None)


def _look_at(subject_id: str) -> None:
    st.session_state["find"] = ""
    st.query_params["subject"] = subject_id


def _found(screen: Screen, letters: str) -> None:
    found = lookup.find(screen.desk, letters, screen.house.places.leading_words, limit=FOUND)
    with st.container(key="card-found"):
        if found.rows.empty:
            st.html(blocks.empty(screen.say("subject.none", letters=letters), screen.say("subject.none_body")))
            return
        note = screen.say("subject.found_more" if found.more else "subject.found_all", n=len(found.rows))
        st.html(blocks.heading(screen.say("subject.found"), note))
        _rows(screen, found.rows)


def _offered(screen: Screen) -> None:
    """Whom somebody who came without a name may want to look at: those with the gravest warnings."""
    rows = warnings.listed(screen.desk, limit=60).drop_duplicates("subject_id").head(OFFERED)
    with st.container(key="card-found"):
        if rows.empty:
            st.html(blocks.empty(screen.say("subject.start"), screen.say("subject.start_body")))
            return
        st.html(blocks.heading(screen.say("subject.offered"), screen.say("subject.offered_note")))
        _rows(screen, rows.assign(dataset=None))


def _rows(screen: Screen, rows: pd.DataFrame) -> None:
    for n, row in enumerate(rows.to_dict("records")):
        with st.container(key=f"found-{n}", horizontal=True, vertical_alignment="center", gap="small"):
            level = row["level"] if isinstance(row["level"], str) else "nodata"
            st.html(blocks.level(level, screen.language), width="content")
            st.button(
                row["name"] if isinstance(row["name"], str) else row["code"] or "—", key=f"found-go-{n}", type="tertiary",
                on_click=_look_at, args=(row["subject_id"],),
            )  # fmt: skip
            st.html(_place(screen, row), width="content")


def _place(screen: Screen, row: dict[str, object]) -> Html:
    streets = screen.house.places.streets
    domain: Domain | None = (
        screen.house.registry.domain_of(str(row["dataset"]))
        if row["dataset"]
        else screen.house.registry.domain(str(row["domain"]))
    )
    listed = screen.house.registry.dataset(str(row["dataset"])).spec.title if row["dataset"] else None
    street = streets[row["street_code"]].name if row["street_code"] in streets else None
    unit = screen.unit(row["report_unit"]) if isinstance(row["report_unit"], str) else screen.say("word.no_unit")
    parts = [screen.pick(domain.title) if domain else None, screen.pick(listed) if listed else None, unit, street]
    return join(
        [tag("span", row["code"], cls="pw-code"), " ", tag("span", " · ".join(filter(None, parts)), cls="pw-dim")]
    )
