"""The typical cases that a closed case was written up in, and the button that writes it up."""

from __future__ import annotations

import streamlit as st

from pilotwatch import typical as written
from pilotwatch.disposal import Case
from ui import blocks
from ui.html import tag
from ui.screen import Screen
from ui.typical import words, write


def typical(screen: Screen, case: Case) -> None:
    """For closed cases that aren't confidential; the button is there until the case alone is written up."""
    if case.state not in write.typical_states() or case.confidential:
        return
    rows = written.listed(screen.desk, written.TypicalFilter("any", case_id=case.id), limit=10)
    may = screen.person.may("handle") and not any(r["cases"] == 1 for r in rows)
    if not rows and not may:
        return
    with st.container(key="card-case-typical"):
        st.html(blocks.heading(screen.say("cases.typical")))
        lines = (
            tag("li", tag("a", f"{r['number']} {r['title']}", href=f"/typical?typical={r['number']}", target="_self", cls="pw-to"),
                " ", words.state(screen, r["state"]))
            for r in rows
        )  # fmt: skip
        if rows:
            st.html(tag("ul", *lines, cls="pw-list"))
        if may:
            st.html(blocks.note(screen.say("cases.typical_note")))
            if st.button(screen.say("cases.typical_go"), key="case-typical", icon=":material/edit_note:"):
                write.draft(screen, [case.number])
