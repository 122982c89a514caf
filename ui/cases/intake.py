"""Leads that wait: rows of 投诉举报 and 问题线索 that no case was made of yet, taken over by the team."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from pilotwatch import disposal
from ui import blocks
from ui.cases import words
from ui.cases.room import Room
from ui.html import tag
from ui.screen import Screen

MOST = 200
SHOWN = 6
DATASETS = ("complaint", "clue")


def intake(screen: Screen, here: Room) -> None:
    """How many wait, by domain, the newest of them, and taking them over as cases, so many as were told."""
    if screen.person.role not in ("city_office", "pilot_team"):
        return
    titles = {
        r.spec.dataset: screen.pick(r.spec.title) for r in screen.house.registry.shared if r.spec.dataset in DATASETS
    }
    with st.container(key="card-intake"), st.expander(screen.say("cases.intake")):
        dataset = st.segmented_control(
            screen.say("cases.intake"),
            list(titles),
            format_func=titles.get,
            key="intake-dataset",
            label_visibility="collapsed",
        )
        if said := st.session_state.pop("intake-said", None):
            st.html(blocks.note(screen.say("cases.intake_done", n=said[0], not_n=said[1]), "good"))
        if not dataset:
            return
        leads = disposal.waiting(screen.desk, screen.house.registry, dataset, limit=MOST)
        mine = [
            lead
            for lead in leads
            if here.base.domain in (None, lead.domain) and here.base.report_unit in (None, lead.unit)
        ]
        if not mine:
            st.html(blocks.note(screen.say("cases.intake_none")))
            return
        by = Counter(words.domain(screen, lead.domain) or screen.say("cases.no_domain") for lead in mine)
        st.html(
            blocks.note(
                screen.say("cases.intake_n", n=len(mine), by=screen.listed([f"{d} {n}" for d, n in by.most_common()]))
            )
        )
        st.html(
            tag(
                "ul",
                *(
                    tag("li", tag("b", lead.name or "—"), tag("small", blocks.moment(lead.received_at)))
                    for lead in mine[:SHOWN]
                ),
                cls="pw-list",
            )
        )
        if st.button(screen.say("cases.intake_take", n=len(mine)), type="primary", key="intake-take"):
            done = disposal.take_over(screen.desk, here.rulebook, mine)
            st.session_state["intake-said"] = (len(done.done), len(done.refused))
            st.rerun()
