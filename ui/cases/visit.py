"""The visits that a case led to, and issuing one where the case has come to be looked into on site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pilotwatch.disposal import Case
from pilotwatch.store import visit_tasks
from pilotwatch.store.visit_tasks import TaskFilter
from ui import blocks
from ui.acting import attempt
from ui.html import Html, join, tag
from ui.screen import Screen

#: Where whoever has the case goes to see for themselves.
ON_SITE = ("signed", "verifying")


def visits(screen: Screen, case: Case) -> None:
    """The case's visits with where they stand; the button is there until one stands that isn't cancelled."""
    rows = visit_tasks.listed(screen.desk, TaskFilter(origin_ref=case.id, subject_id=case.subject_id))
    may = (
        case.state in ON_SITE
        and screen.person.may("handle")
        and all(r["state"] == "cancelled" for r in rows)
        and not screen.desk.subjects(["subject_id"], where={"subject_id": [case.subject_id]}).empty
    )
    if not rows and not may:
        return
    with st.container(key="card-case-visits"):
        st.html(blocks.heading(screen.say("cases.visits")))
        if rows:
            st.html(tag("ul", *(_line(screen, r) for r in rows), cls="pw-list"))
        if may:
            st.html(blocks.note(screen.say("cases.visits_note")))
            if st.button(screen.say("cases.visits_go"), key="case-visit", icon=":material/assignment:"):
                attempt(screen, lambda: _issue(screen, case))


def _line(screen: Screen, row: Mapping[str, Any]) -> Html:
    shown = tag("a", row["number"], href=f"/visit?task={row['number']}", target="_self", cls="pw-to")
    state = tag("b", screen.pick(visit_tasks.STATES[row["state"]]))
    who = screen.listed([screen.department(d) for d in row["departments"]])
    about = " · ".join(x for x in (f"{row['since']} — {row['until']}", who, row["result"] or row["why"]) if x)
    return tag("li", join([shown, " ", state]), tag("small", about))


def _issue(screen: Screen, case: Case) -> None:
    from pilotwatch.inspection import tasks  # heavy, and few who look at a case issue one

    (number,) = tasks.issue(screen.desk, [tasks.of_case(screen.desk, screen.house.registry, case)])
    st.session_state["case-said"] = screen.say("cases.visits_issued", number=number)
