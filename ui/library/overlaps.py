"""多部门重合: whom two and more departments supervise, and for whom no joint task brings them there yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.store import objects as shelf
from pilotwatch.store import plan_means
from pilotwatch.workdays import today
from ui import address, blocks
from ui.acting import attempt
from ui.html import join, tag
from ui.html import table as html_table
from ui.library.objects import _unit
from ui.links import to_subject
from ui.screen import Screen

FIRST, MOST = 20, 200
AHEAD = 60  # days within which the joint visit is asked for
REF = "REF-16"


def show(screen: Screen) -> None:
    with st.container(key="choose-overlaps", horizontal=True, vertical_alignment="center", gap="small"):
        titles = {d.name: screen.pick(d.title) for d in screen.domains}
        domain = (
            address.select(
                "domain", titles, screen.say("library.domain"), placeholder=screen.say("library.all_domains")
            )
            if len(titles) > 1
            else None
        )
        unit = _unit(screen)
        with_task = address.toggle("done", screen.say("library.with_task_too"))
    counts = shelf.overlap_counts(screen.desk, domain=domain, unit=unit)
    if counts.empty:
        told = ("library.no_overlaps", "library.no_overlaps_body")
        if not shelf.runs(screen.desk, 1):
            told = ("library.not_searched", "library.not_searched_body")
        with st.container(key="card-library-empty"):
            st.html(blocks.empty(screen.say(told[0]), screen.say(told[1])))
        return
    _judge(screen, counts, unit)
    rows = shelf.overlaps(screen.desk, domain=domain, unit=unit, task=None if with_task else False, limit=MOST)
    left, right = st.columns([14, 8])
    with left:
        _list(screen, rows, int(counts["objects"].sum() - (0 if with_task else counts["with_task"].sum())))
    with right:
        _ask(screen, rows)
        _units(screen, counts)


def _judge(screen: Screen, counts: pd.DataFrame, unit: str | None) -> None:
    total, done = int(counts["objects"].sum()), int(counts["with_task"].sum())
    planned, kept = int(counts["counted"].sum()), int(counts["counted_with_task"].sum())
    key = "library.overlap_judge" if total > done else "library.overlap_done"
    st.html(
        tag("p", screen.say(key, where=screen.where(unit), n=f"{total:,}", left=f"{total - done:,}"), cls="pw-judge")
    )
    many = int(counts.loc[counts["departments"] >= 4, "objects"].sum())
    st.html(
        blocks.tiles(
            blocks.tile(screen.say("library.without_task"), f"{total - done:,}", screen.say("library.subjects"), [screen.say("library.of_all", n=f"{total:,}")], cls="pw-bad" if total > done else "pw-good"),
            blocks.tile(screen.say("library.task_share"), f"{100 * done / total:.1f}", "%", [screen.say("library.target")]),
            blocks.tile(screen.say("library.by_plans"), f"{100 * kept / planned:.1f}" if planned else "—", "%" if planned else "", [screen.say("library.by_plans_note", kept=f"{kept:,}", n=f"{planned:,}")]),
            blocks.tile(screen.say("library.four"), f"{many:,}", screen.say("library.subjects"), [screen.say("library.four_note")]),
        )
    )  # fmt: skip


def _list(screen: Screen, rows: pd.DataFrame, total: int) -> None:
    with st.container(key="card-overlaps"):
        shown = rows if st.session_state.get("overlaps-all") else rows.head(FIRST)
        note = screen.say("library.shown", shown=len(shown), n=f"{total:,}")
        st.html(blocks.heading(screen.say("library.overlap_list"), note))
        if rows.empty:
            st.html(blocks.note(screen.say("library.all_have"), "good"))
            return
        head = [screen.say(f"library.{n}") for n in ("object", "number", "by_lists", "by_plans_of", "task")]
        st.html(
            html_table(
                head,
                [_line(screen, r) for r in shown.to_dict("records")],
                numeric=(1,),
                cls="pw-stack pw-overlaps",
                alt=screen.say("library.overlap_list"),
            )
        )
        if len(shown) < len(rows):
            words = "library.show_all" if len(rows) == total else "library.show_first"
            st.button(screen.say(words, n=f"{len(rows):,}"), key="overlaps-show-all", type="tertiary",
                      on_click=lambda: st.session_state.update({"overlaps-all": True}))  # fmt: skip


def _line(screen: Screen, row: dict[str, Any]) -> list[object]:
    task = (
        tag("span", row["task_no"] or screen.say("library.joint_visit"), cls="pw-code")
        if row["task"]
        else tag("span", screen.say("library.none_yet"), cls="pw-state pw-state-bad")
    )
    lists = screen.listed([screen.department(d) for d in row["lists"]])
    plans = screen.listed([screen.department(d) for d in row["plans"]])
    return [
        join([to_subject(row["subject_id"], row["name"] or row["code"]), tag("small", screen.unit(row["report_unit"]))]), str(row["departments"]),
        tag("span", lists or "—", cls="pw-small", data_label=screen.say("library.by_lists")), tag("span", plans or "—", cls="pw-small"), task,
    ]  # fmt: skip


def _ask(screen: Screen, rows: pd.DataFrame) -> None:
    """A wish that the next plan takes up: the departments of each object visit it together."""
    rows = rows[~rows["task"] & (rows["domain"] != "")]
    if not screen.person.may("handle") or rows.empty:
        return
    day = today()
    with st.container(key="card-ask"):
        st.html(
            blocks.heading(screen.say("library.ask"), screen.say("library.ask_note", n=f"{len(rows):,}", days=AHEAD))
        )
        with st.form("overlap-ask", border=False):
            most = st.number_input(
                screen.say("library.how_many"), min_value=1, max_value=len(rows), value=min(10, len(rows)), step=1
            )
            reason = st.text_input(
                screen.say("library.ask_reason"), value=screen.say("library.ask_reason_default"), max_chars=200
            )
            if st.form_submit_button(screen.say("library.ask_do"), type="primary"):
                attempt(screen, lambda: _request(screen, rows.head(int(most)), reason))
        asked = plan_means.requests(screen.desk, day, day + timedelta(AHEAD))
        mine = asked[asked["ref"] == REF]
        if len(mine):
            st.html(blocks.note(screen.say("library.asked", n=f"{len(mine):,}"), "good"))


def _request(screen: Screen, rows: pd.DataFrame, reason: str) -> None:
    day = today()
    for row in rows.to_dict("records"):
        departments = sorted({*row["lists"], *row["plans"]})
        plan_means.request(
            screen.desk,
            [row["subject_id"]],
            departments,
            day,
            day + timedelta(AHEAD),
            reason,
            domain=row["domain"],
            ref=REF,
        )


def _units(screen: Screen, counts: pd.DataFrame) -> None:
    sums = counts.groupby("report_unit")[["objects", "with_task"]].sum()
    known = [u.code for u in screen.house.places.units if u.code in sums.index]
    if len(known) < 2:
        return
    with st.container(key="card-overlap-units"):
        st.html(blocks.heading(screen.say("library.by_unit")))
        head = [screen.say(f"library.{n}") for n in ("unit", "subjects_of", "without_task", "task_share")]
        lines = [
            [tag("b", screen.unit(u)), f"{sums.loc[u, 'objects']:,}", f"{sums.loc[u, 'objects'] - sums.loc[u, 'with_task']:,}", f"{100 * sums.loc[u, 'with_task'] / sums.loc[u, 'objects']:.0f}%"]
            for u in known
        ]  # fmt: skip
        st.html(html_table(head, lines, numeric=(1, 2, 3), alt=screen.say("library.by_unit")))
