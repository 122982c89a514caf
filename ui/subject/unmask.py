"""Looking behind a mask on the page: for whoever has the right, with a reason, once and for a short time.

The line in the audit is written before anything is read (`pilotwatch.operation.unmask`). The value is in no cache, no address,
no log and no state of the session: it is drawn once and goes with the next drawing, after SECONDS at the latest.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pilotwatch import operation
from pilotwatch.domain import Column
from pilotwatch.store import StoreRefused
from ui import blocks
from ui.html import tag
from ui.screen import Screen
from ui.texts import text

SECONDS, LEAST = 30, 4  # how long a value stands; characters of what is said beside the reason
REASONS = ("identity", "case", "contact", "correct", "other")


def offer(screen: Screen, dataset: str, row_id: str, subject_id: str, masked: Sequence[Column]) -> None:
    """A form for the masked fields of a row of a subject; nothing for who has no right."""
    if not masked or not screen.person.may("unmask"):
        return
    key = f"unmask-{dataset}"
    with st.popover(screen.say("subject.unmask"), icon=":material/visibility:", key=f"{key}-open"):
        st.html(blocks.note(screen.say("subject.unmask_note", seconds=SECONDS), "warn"))
        with st.form(key, border=False, clear_on_submit=True):
            titles = {c.name: screen.pick(c.title) for c in masked}
            field = st.selectbox(
                screen.say("subject.unmask_field"), list(titles), key=f"{key}-field", format_func=titles.get
            )
            reason = st.selectbox(screen.say("subject.unmask_reason"), REASONS, index=None, key=f"{key}-reason", placeholder="",
                                  format_func=lambda r: screen.say(f"subject.unmask_{r}"))  # fmt: skip
            said = st.text_input(
                screen.say("subject.unmask_said"), key=f"{key}-said", max_chars=200, autocomplete="off"
            )
            asked = st.form_submit_button(screen.say("subject.unmask_go"), type="primary")
    if not asked:
        return
    if reason is None or len(said.strip()) < LEAST:
        st.html(blocks.note(screen.say("subject.unmask_why", n=LEAST), "bad"))
        return
    why = f"{text(f'subject.unmask_{reason}').zh}：{said.strip()}"
    try:
        once = [operation.unmask(screen.desk, dataset, row_id, field, why, subject_id)]
    except StoreRefused as no:
        st.html(blocks.note(screen.pick(no.message), "bad"))
        return
    _once(screen, titles[field], once)


@st.fragment(run_every=SECONDS)
def _once(screen: Screen, title: str, once: list[str]) -> None:
    """What is in the list, which is empty afterwards; the next drawing says that it is hidden again."""
    if not once:
        st.html(blocks.note(screen.say("subject.unmask_gone")))
        return
    value = once.pop()
    st.html(tag("p", title, tag("b", value or screen.say("subject.unmask_empty")), tag("small", screen.say("subject.unmask_for", seconds=SECONDS)),
                cls="pw-unmasked"))  # fmt: skip
