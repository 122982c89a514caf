"""How many cases there are, in a sentence and in tiles; the list, sorted and narrowed for oneself; several at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch import disposal
from pilotwatch.disposal import CaseFilter
from pilotwatch.disposal.measures import soon_until
from ui import address, blocks
from ui.cases import words
from ui.cases.board import board
from ui.cases.room import Room
from ui.html import join, tag
from ui.html import table as html_table
from ui.links import to_case, to_subject
from ui.screen import Screen

FIRST, MOST = 12, 200
_ORDERS = ("due", "new", "moved", "amount", "people")


def judge(screen: Screen, here: Room) -> None:
    seen, unit = here.seen, screen.say("cases.unit")
    where = screen.where(here.base.report_unit)
    share = "—" if seen.on_time.share is None else f"{100 * seen.on_time.share:.1f}%"
    key = "cases.judge_none" if not seen.open else "cases.judge_late" if seen.overdue else "cases.judge_fine"
    said = screen.say(
        key, where=where, open=f"{seen.open:,}", overdue=f"{seen.overdue:,}", soon=f"{seen.soon:,}", share=share
    )
    st.html(tag("p", said, cls="pw-judge"))
    on_time = screen.say("cases.on_time_note", kept=f"{seen.on_time.kept:,}", due=f"{seen.on_time.due:,}")
    st.html(
        blocks.tiles(
            blocks.tile(words.light(screen, "overdue"), f"{seen.overdue:,}", unit, [screen.say("cases.of_open", n=f"{seen.open:,}")]),
            blocks.tile(words.light(screen, "soon"), f"{seen.soon:,}", unit, [screen.say("cases.soon_note")]),
            blocks.tile(screen.say("cases.mine"), f"{seen.mine:,}", unit, [screen.say("cases.mine_note")]),
            blocks.tile(screen.say("cases.supervised"), f"{seen.supervised:,}", unit, [screen.say("cases.supervised_note")]),
            blocks.tile(screen.say("cases.on_time"), share, "", [on_time]),
        )
    )  # fmt: skip


def listing(screen: Screen, here: Room) -> None:
    """The list by its filters, all of which stand in the address and are nobody else's."""
    with st.container(key="card-cases"):
        st.html(blocks.heading(screen.say("cases.list")))
        wanted, order = _narrow(screen, here)
        rows = disposal.listed(screen.desk, wanted, order=order, limit=MOST)
        if rows.empty:
            st.html(blocks.empty(screen.say("cases.empty"), screen.say("cases.empty_body")))
            return
        note = screen.say("cases.shown" if len(rows) < MOST else "cases.shown_most", n=f"{len(rows):,}")
        st.html(blocks.note(note))
        _together(screen, here, rows)
        if address.pills("as", {"board": screen.say("cases.as_board")}, screen.say("cases.as_board")):
            board(screen, here, rows)
            return
        st.html(_table(screen, here, rows.head(FIRST)))
        if len(rows) > FIRST:
            with st.expander(screen.say("cases.more", n=len(rows) - FIRST)):
                st.html(_table(screen, here, rows.iloc[FIRST:]))


def _narrow(screen: Screen, here: Room) -> tuple[CaseFilter, str]:
    with st.container(key="choose-cases", horizontal=True, vertical_alignment="center", gap="small"):
        quick = address.pills(
            "show",
            {n: screen.say(f"cases.show_{n}") for n in ("overdue", "soon", "mine", "supervised", "closed")},
            screen.say("cases.show"),
        )
        states = {s: words.state(screen, s) for s in (*disposal.WAY, *disposal.ASIDE)}
        state = address.select(
            "state", states, screen.say("cases.state"), placeholder=screen.say("cases.any_state"), width=150
        )
        owners = {c: screen.department(c) for c in screen.house.places.departments}
        owner = address.select(
            "department", owners, screen.say("cases.owner"), placeholder=screen.say("cases.any_owner"), width=210
        )
        order = address.select(
            "order", {o: screen.say(f"cases.order_{o}") for o in _ORDERS}, screen.say("cases.order"), width=150
        )
        letters = st.text_input(
            screen.say("cases.words"),
            key="case-words",
            placeholder=screen.say("cases.words"),
            label_visibility="collapsed",
            width=200,
        )
    wanted = replace(
        here.base, states=(state,) if state else (), department=owner, words=letters.strip() or None, overdue=quick == "overdue",
        mine=quick == "mine", supervised=quick == "supervised", closed=quick == "closed" or state in ("closed", "archived", "merged"),
        due_before=soon_until(here.at, here.calendar) if quick == "soon" else None,
    )  # fmt: skip
    return wanted, order or "due"


def _table(screen: Screen, here: Room, rows: pd.DataFrame) -> Any:
    head = [screen.say(f"cases.{n}") for n in ("number", "subject", "state", "owner", "due")]
    return html_table(head, list(_lines(screen, here, rows)), cls="pw-stack", alt=screen.say("cases.list"))


def _lines(screen: Screen, here: Room, rows: pd.DataFrame) -> Iterator[list[object]]:
    for row in rows.to_dict("records"):
        marks = [screen.say(f"cases.mark_{n}") for n in ("supervised", "joint", "confidential") if row[n]]
        if row["urgency"] not in ("", "一般"):
            marks.insert(0, row["urgency"])
        level = blocks.level(row["level"], screen.language) if row["level"] else None
        said = row["content"] if row["fact"] not in screen.indicators else words.fact(screen, row["fact"])
        yield [
            join([to_case(row["number"], row["number"]), tag("small", screen.listed(marks)) if marks else None]),
            join(
                [
                    level,
                    " " if level else None,
                    to_subject(row["subject_id"], row["name"] or "—"),
                    tag("small", (said or "")[:60]),
                ]
            ),
            join(
                [
                    words.state(screen, row["state"]),
                    tag("small", screen.unit(row["report_unit"]) if row["report_unit"] else ""),
                ]
            ),
            join([screen.department(row["owner"]) if row["owner"] else "—", tag("small", row["assignee"] or "")]),
            words.due(screen, row, here.at, here.calendar),
        ]


def _together(screen: Screen, here: Room, rows: pd.DataFrame) -> None:
    """One act on all that the filters mean: first how many it would move and why the others can't, then the act."""
    if screen.person.role not in ("city_office", "pilot_team"):
        return
    with st.popover(screen.say("cases.together")):
        numbers = rows["number"].tolist()
        codes = {c.code: screen.pick(c.title) for c in screen.house.places.departments.values()}
        department = st.selectbox(
            screen.say("cases.assign_to"), list(codes), index=None, format_func=codes.get, key="cases-bulk-department"
        )
        values = {"department": department}
        if department is None:
            return
        tried = disposal.preview(screen.desk, here.rulebook, numbers, "assign", values)
        st.html(
            blocks.note(
                screen.say("cases.touches", n=len(tried.done), not_n=len(tried.refused)),
                "warn" if tried.done else "plain",
            )
        )
        if tried.done and st.button(
            screen.say("cases.assign_n", n=len(tried.done)), type="primary", key="cases-bulk-go"
        ):
            moved = [c.number for c in tried.done]
            done = disposal.do_many(screen.desk, here.rulebook, moved, "assign", values)
            st.session_state["cases-said"] = (len(done.done), len(done.refused))
            st.rerun()
    if said := st.session_state.pop("cases-said", None):
        st.html(blocks.note(screen.say("cases.bulk_done", n=said[0], not_n=said[1]), "good"))
