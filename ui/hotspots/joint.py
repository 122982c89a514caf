"""“Make this a joint inspection”: one click opens a joint case on a hot place, which then leads back to the map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from pilotwatch.disposal import hot
from ui import blocks
from ui.acting import attempt
from ui.hotspots import words
from ui.hotspots.found import Seen
from ui.html import join
from ui.links import to_case
from ui.screen import Screen

if TYPE_CHECKING:
    from ui.hotspots.one import Behind


def offer(screen: Screen, seen: Seen, row: Any, behind: Behind) -> None:
    """The button with who will be there; or the case that was made of the place already."""
    if not row["hot"]:
        return
    if made := hot.case_of(screen.desk, seen.run, row["place"]):
        st.html(blocks.note(join([screen.say("hotspots.joint_made"), to_case(made.number, made.number)], " "), "good"))
        return
    if not screen.person.may("handle"):
        return
    spot, rulebook = _spot(screen, seen, row, behind), screen.house.rulebook()
    who = screen.listed([screen.department(d) for d in hot.departments(rulebook, spot)])
    if st.button(screen.say("hotspots.joint"), type="primary", key="hot-joint", help=screen.say("hotspots.joint_help")):
        attempt(screen, lambda: hot.open_joint(screen.desk, rulebook, spot))
    st.html(blocks.note(screen.say("hotspots.joint_who", who=who) if who else screen.say("hotspots.joint_nobody")))


def _spot(screen: Screen, seen: Seen, row: Any, behind: Behind) -> hot.HotSpot:
    wrong = behind.wrong
    subjects = wrong.drop_duplicates("subject_id")
    named = [r["name"] or r["code"] or r["subject_id"] for r in subjects.to_dict("records")]
    codes = wrong.groupby("indicator")["subject_id"].nunique().sort_values(ascending=False, kind="stable").index
    files = replace(screen, language="zh")  # what a case says is read by everybody
    measure = words.measures(files, seen.view.domain)[seen.view.measure]
    return hot.HotSpot(seen.run, row, words.place(files, seen.run.layer, row), measure, named, list(codes))
