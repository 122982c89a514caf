"""What this person may do now with a typical case: hand it in, publish it, return it, withdraw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from pilotwatch import typical
from ui import blocks
from ui.acting import attempt
from ui.html import tag
from ui.screen import Screen
from ui.typical import words


def show(screen: Screen, found: Mapping[str, Any], may: Sequence[str]) -> None:
    said = st.session_state.pop("typical-said", None)
    returned = found["state"] == "returned" and found["within"]
    if not (set(may) - {"save", "adopt"} or said or returned):
        return
    with st.container(key="card-typical-act"):
        if said:
            st.html(blocks.note(said, "good"))
        if returned:
            remark = next((e["remark"] for e in reversed(found["events"]) if e["act"] == "return"), "")
            st.html(blocks.note(screen.say("typical.returned_for", remark=remark), "bad"))
        if "submit" in may:
            _submit(screen, found)
        if "approve" in may:
            _decide(screen, found)
        elif "recall" in may:
            _recall(screen, found)
        if "withdraw" in may:
            _withdraw(screen, found)


def _do(screen: Screen, act: str, doing: Callable[[], object]) -> None:
    def both() -> None:
        doing()
        st.session_state["typical-said"] = screen.say("typical.done", act=typical.ACTS[act])

    attempt(screen, both)


def _submit(screen: Screen, found: Mapping[str, Any]) -> None:
    """What is still asked for, then the button."""
    desk, house = screen.desk, words.house(screen)
    st.html(blocks.heading(screen.say("typical.submit"), screen.say("typical.submit_note")))
    missing, leaks = typical.problems(desk, house, found)
    items = [screen.pick(m) for m in missing] + [_leak(screen, leak) for leak in leaks]
    if items:
        st.html(tag("ul", *(tag("li", i) for i in items), cls="pw-list"))
    held = bool(missing) or any(leak.kind != "perhaps" for leak in leaks)
    if st.button(screen.say("typical.submit_go"), type="primary", disabled=held, key="typical-submit"):
        _do(screen, "submit", partial(typical.submit, desk, house, found["number"], found["moves"]))


def _leak(screen: Screen, leak: typical.Leak) -> str:
    section = typical.SECTIONS.get(leak.section)
    where = screen.pick(section) if section else screen.say("typical.title")
    return screen.say("typical.leak", where=where, words=leak.words, kind=typical.LEAKS[leak.kind])


def _decide(screen: Screen, found: Mapping[str, Any]) -> None:
    desk, number, seen = screen.desk, found["number"], found["moves"]
    st.html(blocks.heading(screen.say("typical.decide"), screen.say("typical.decide_note")))
    _, leaks = typical.problems(desk, words.house(screen), found)
    if leaks:
        st.html(tag("ul", *(tag("li", _leak(screen, leak)) for leak in leaks), cls="pw-list"))
    with st.form(f"typical-decide-{seen}", border=False):
        checked = st.checkbox(screen.say("typical.checked"))
        remark = st.text_area(
            screen.say("typical.remark"), max_chars=500, placeholder=screen.say("typical.remark_hint"), height=80
        )
        with st.container(horizontal=True, gap="small"):
            publish = st.form_submit_button(screen.say("typical.approve"), type="primary")
            back = st.form_submit_button(screen.say("typical.return"))
        if publish:
            _do(screen, "approve", partial(typical.approve, desk, number, seen, checked=checked, remark=remark))
        if back:
            _do(screen, "return", partial(typical.send_back, desk, number, seen, remark))


def _recall(screen: Screen, found: Mapping[str, Any]) -> None:
    st.html(blocks.note(screen.say("typical.waits")))
    if st.button(screen.say("typical.recall"), key="typical-recall"):
        _do(screen, "recall", partial(typical.recall, screen.desk, found["number"], found["moves"]))


def _withdraw(screen: Screen, found: Mapping[str, Any]) -> None:
    published = found["shown"] == found["version"]
    label = screen.say("typical.withdraw_shown" if published else "typical.withdraw")
    with st.expander(label), st.form(f"typical-withdraw-{found['moves']}", border=False):
        st.html(blocks.note(screen.say("typical.withdraw_note" if published else "typical.withdraw_note_draft")))
        reason = st.text_input(screen.say("typical.reason"), max_chars=300)
        if st.form_submit_button(screen.say("typical.withdraw_go")):
            _do(screen, "withdraw", partial(typical.withdraw, screen.desk, found["number"], found["moves"], reason))
