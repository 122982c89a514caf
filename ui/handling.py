"""Acting on warnings: one, to take it on, assign it or close it with a verdict; or all of a filter; or taking the list out."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
import streamlit as st

from pilotwatch import warnings
from pilotwatch.store import StoreRefused
from pilotwatch.warnings import VERDICTS, Filter
from pilotwatch.warnings.workbook import Naming, workbook
from pilotwatch.workdays import today
from ui import blocks, cache
from ui.acting import attempt
from ui.html import tag
from ui.screen import Screen
from ui.upload import XLSX
from ui.warnings import Room

Act = Literal["acknowledge", "assign"]


# --- one ---------------------------------------------------------------------------------------------------------


def handle(screen: Screen, row: dict[str, Any]) -> None:
    """Take it on, assign it, or close it with a verdict."""
    if not screen.person.may("handle"):
        return
    with st.container(key="card-handle"):
        st.html(blocks.heading(screen.say("warnings.handle")))
        if not pd.isna(row["closed_on"]):
            verdict = screen.pick(VERDICTS[row["verdict"]])
            said = screen.say(
                "warnings.closed_by", who=row["closed_by"], day=f"{row['closed_on']:%Y-%m-%d}", verdict=verdict
            )
            st.html(blocks.note(said, "good"))
            return
        _acknowledge(screen, row)
        _assign(screen, row)
        _close(screen, row)


def _acknowledge(screen: Screen, row: dict[str, Any]) -> None:
    if isinstance(row["acknowledged_by"], str):
        st.html(blocks.note(screen.say("warnings.acknowledged", who=row["acknowledged_by"])))
    elif st.button(screen.say("warnings.acknowledge"), key="warning-acknowledge"):
        attempt(screen, lambda: warnings.acknowledge(screen.desk, row["subject_id"], row["id"]))


def _assign(screen: Screen, row: dict[str, Any]) -> None:
    with st.form("warning-assign", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        who = st.text_input(
            screen.say("warnings.assignee"),
            value=row["assignee"] if isinstance(row["assignee"], str) else "",
            max_chars=60,
        )
        if st.form_submit_button(screen.say("warnings.assign")) and who.strip():
            attempt(screen, lambda: warnings.assign(screen.desk, row["subject_id"], row["id"], who.strip()))


def _close(screen: Screen, row: dict[str, Any]) -> None:
    with st.form("warning-close", border=False):
        verdict = st.radio(
            screen.say("warnings.verdict"), list(VERDICTS), index=None, horizontal=True,
            format_func=lambda v: screen.pick(VERDICTS[v]),
        )  # fmt: skip
        note = st.text_area(screen.say("warnings.note"), placeholder=screen.say("warnings.note_hint"), max_chars=2000)
        if st.form_submit_button(screen.say("warnings.close"), type="primary"):
            attempt(
                screen,
                lambda: warnings.close(screen.desk, row["subject_id"], row["id"], verdict or "", note, today()),
            )


# --- all of a filter ---------------------------------------------------------------------------------------------


def together(screen: Screen, here: Room, wanted: Filter, order: str, n: int) -> None:
    """How many the filters mean, and what can be done with all of them: take on, assign, take out as a workbook."""
    with st.container(key="warnings-all", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(tag("span", screen.say("warnings.meant", n=f"{n:,}"), cls="pw-dim"), width="content")
        if not n or not screen.person.may("handle"):
            return
        if wanted.state != "closed":
            for act in ("acknowledge", "assign"):
                st.button(
                    screen.say(f"warnings.all_{act}"), key=f"all-{act}", on_click=_ask, args=(screen, wanted, act)
                )
        st.download_button(
            screen.say("warnings.export"), lambda: _workbook(screen, here, wanted, order), key="warnings-export", mime=XLSX,
            file_name=screen.say("warnings.export_name", day=f"{today():%Y%m%d}"), on_click="ignore",
            icon=":material/download:", type="tertiary",
        )  # fmt: skip
    if said := st.session_state.pop("all-done", None):
        st.html(blocks.note(said, "good"))
    if "all-asked" in st.session_state:
        _confirm(screen, wanted)


def _workbook(screen: Screen, here: Room, wanted: Filter, order: str) -> bytes:
    house = screen.house
    naming = Naming(house.places, here.calendar, screen.language, here.at)
    return workbook(
        screen.desk,
        house.registry,
        naming,
        wanted,
        order=order,
        data_at=cache.newest(screen.desk),
        demo=house.store.demo,
    )


def _ask(screen: Screen, wanted: Filter, act: Act) -> None:
    """Remembers what was asked for, and how many that is: the number that is told is the number that is done."""
    st.session_state["all-asked"] = (act, *warnings.touched(screen.desk, wanted))


def _ask_no_more() -> None:
    st.session_state.pop("all-asked", None)


def _confirm(screen: Screen, wanted: Filter) -> None:
    act, n, subjects = st.session_state["all-asked"]

    @st.dialog(screen.say(f"warnings.all_{act}"), on_dismiss=_ask_no_more)
    def confirm() -> None:
        st.html(blocks.note(screen.say(f"warnings.will_{act}", n=f"{n:,}", subjects=f"{subjects:,}"), "warn"))
        who = note = ""
        if act == "assign":
            who = st.text_input(screen.say("warnings.assignee"), key="all-assignee", max_chars=60)
            note = st.text_input(screen.say("warnings.assign_note"), key="all-note", max_chars=500)
        with st.container(horizontal=True):
            go = st.button(screen.say("warnings.all_do", n=f"{n:,}"), key="all-do", type="primary")
            keep = st.button(screen.say("warnings.all_keep"), key="all-keep")
        if go:
            try:
                done = warnings.act_on_all(screen.desk, wanted, act, expected=n, assignee=who, note=note)
            except StoreRefused as no:
                st.html(blocks.note(screen.pick(no.message), "bad"))
                return
            st.session_state["all-done"] = screen.say(f"warnings.did_{act}", n=f"{done:,}")
        if go or keep:
            _ask_no_more()
            st.rerun()

    confirm()
