"""任务: how the visits stand, the list of them, and issuing new ones from what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pilotwatch.inspection import tasks
from pilotwatch.inspection.tasks.orders import Order
from pilotwatch.store import draws, plans, visit_tasks
from pilotwatch.store.visit_tasks import TaskFilter
from pilotwatch.workdays import BEIJING, today
from ui import address, blocks
from ui.acting import attempt
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.links import to_subject
from ui.screen import Screen

FIRST, MOST = 20, 200
_KINDS = {"issued": "waiting", "entered": "waiting", "recorded": "waiting", "published": "sent", "cancelled": "failed"}


def show(screen: Screen) -> None:
    counts = visit_tasks.counts(screen.desk, TaskFilter(on=today()))
    if sum(counts[s] for s in visit_tasks.STATES) == 0:
        st.html(tag("p", screen.say("tasks.judge_none"), cls="pw-judge"))
    else:
        _judge(screen, counts)
    if said := st.session_state.pop("tasks-said", None):
        st.html(blocks.note(said, "good"))
    _list(screen)
    if screen.person.may("draw") or screen.person.may("plan"):
        _issue(screen)


def _judge(screen: Screen, counts: Mapping[str, int]) -> None:
    told = {
        "open": counts["issued"],
        "under_way": counts["entered"],
        "to_publish": counts["recorded"],
        "published": counts["published"],
        "late": counts["late"],
    }
    st.html(tag("p", screen.say("tasks.judge", **{n: f"{v:,}" for n, v in told.items()}), cls="pw-judge"))
    unit = screen.say("tasks.unit")
    made = [
        blocks.tile(screen.say("tasks.late"), f"{counts['late']:,}", unit, [screen.say("tasks.late_note")], cls="pw-bad" if counts["late"] else ""),
        *(
            blocks.tile(screen.pick(visit_tasks.STATES[s]), f"{counts[s]:,}", unit, [screen.say(f"tasks.{n}")])
            for s, n in (("issued", "open_note"), ("entered", "entered_note"), ("recorded", "recorded_note"))
        ),
    ]  # fmt: skip
    st.html(blocks.tiles(*made))


def state(screen: Screen, code: str) -> Html:
    return tag("span", screen.pick(visit_tasks.STATES[code]), cls=f"pw-state pw-state-{_KINDS[code]}")


def to_task(number: str, shown: object) -> Html:
    return tag("a", shown, href=f"/visit?task={number}", target="_self", cls="pw-to")


def _list(screen: Screen) -> None:
    with st.container(key="card-tasks"):
        st.html(blocks.heading(screen.say("tasks.list")))
        with st.container(key="choose-tasks", horizontal=True, vertical_alignment="center", gap="small"):
            late = address.pills("show", {"late": screen.say("tasks.late")}, screen.say("tasks.late"))
            states = {s: screen.pick(t) for s, t in visit_tasks.STATES.items()}
            chosen = address.select(
                "state", states, screen.say("tasks.state"), placeholder=screen.say("tasks.any_state"), width=150
            )
            departments = {c: screen.department(c) for c in screen.house.places.departments}
            department = address.select(
                "department",
                departments,
                screen.say("tasks.who"),
                placeholder=screen.say("tasks.any_department"),
                width=220,
            )
            words = st.text_input(screen.say("tasks.words"), key="task-words", placeholder=screen.say("tasks.words"), label_visibility="collapsed",
                                  width=220)  # fmt: skip
            if st.button(screen.say("tasks.scans"), key="task-scans", type="tertiary"):
                attempt(screen, lambda: _scans(screen))
        wanted = TaskFilter(
            (chosen,) if chosen else (),
            department=department,
            words=words.strip() or None,
            late=late == "late",
            on=today(),
        )
        rows = visit_tasks.listed(screen.desk, wanted, limit=MOST)
        if not rows:
            st.html(blocks.empty(screen.say("tasks.empty"), screen.say("tasks.empty_body")))
            return
        st.html(blocks.note(screen.say("tasks.shown", n=len(rows))))
        st.html(_table(screen, rows[:FIRST]))
        if len(rows) > FIRST:
            with st.expander(screen.say("draws.more", n=len(rows) - FIRST)):
                st.html(_table(screen, rows[FIRST:]))


def _scans(screen: Screen) -> None:
    done = tasks.take_scans(screen.desk, visit_tasks.listed(screen.desk, TaskFilter(("issued",)), limit=2000))
    st.session_state["tasks-said"] = screen.say("tasks.scans_done", n=len(done))


def _table(screen: Screen, rows: Sequence[Mapping[str, Any]]) -> Html:
    head = [screen.say(f"tasks.{n}") for n in ("number", "subject", "who", "window", "result")]
    return html_table(head, [_line(screen, r) for r in rows], cls="pw-stack", alt=screen.say("tasks.list"))


def _line(screen: Screen, row: Mapping[str, Any]) -> list[object]:
    late = row["state"] in visit_tasks.OPEN and row["until"] < today()
    window = tag(
        "span", f"{row['since']:%m-%d} — {row['until']:%m-%d}", cls="pw-due pw-light-overdue" if late else "pw-due"
    )
    due = f"{screen.say('tasks.due')} {row['publish_by']}" if row["state"] == "recorded" and row["publish_by"] else None
    entered = f"{row['entered_at'].astimezone(BEIJING):%m-%d %H:%M}" if row["entered_at"] else None
    return [
        join([to_task(row["number"], row["number"]), tag("small", screen.say(f"tasks.origin_{row['origin']}"))]),
        join([to_subject(row["subject_id"], row["name"] or row["code"]), tag("small", screen.unit(row["report_unit"]))]),
        screen.listed([screen.department(d) for d in row["departments"]]),
        join([window, tag("small", entered) if entered else None]),
        join([state(screen, row["state"]), tag("small", row["result"] or row["why"] or ""), tag("small", due) if due else None]),
    ]  # fmt: skip


# --- issuing ------------------------------------------------------------------------------------------------------------


def _issue(screen: Screen) -> None:
    with st.expander(screen.say("tasks.issue")):
        st.html(blocks.note(screen.say("tasks.issue_note")))
        origins = {f"plan:{p.number}": f"{screen.say('tasks.origin_plan')} {p.number} · {p.first:%m-%d} — {p.last:%m-%d}"
                   for p in plans.plans(screen.desk) if p.state == "adopted"}  # fmt: skip
        origins |= {f"draw:{d['number']}": f"{screen.say('tasks.origin_draw')} {d['number']} · {d['title']}"
                    for d in draws.listed(screen.desk) if d["state"] == "drawn"}  # fmt: skip
        which = st.selectbox(screen.say("tasks.issue_from"), list(origins), index=None, format_func=origins.get, key="issue-from",
                             placeholder=screen.say("tasks.issue_choose"))  # fmt: skip
        if not which:
            return
        kind, _, ref = which.partition(":")
        made = (tasks.of_plan if kind == "plan" else tasks.of_draw)(screen.desk, screen.house.registry, ref)
        _offer(screen, made)


def _offer(screen: Screen, made: Sequence[Order]) -> None:
    if not made:
        st.html(blocks.note(screen.say("tasks.nothing_to_issue")))
        return
    whole = [o for o in made if o["matters"] and o["departments"]]
    stops = tasks.stops_of(screen.desk, whole)
    stopped = sum(bool(s) for s in stops)
    st.html(blocks.note(screen.say("tasks.issue_count", n=len(whole), stopped=stopped, bare=len(made) - len(whole))))
    silent = dict.fromkeys(d for o in made for d in o["silent"])
    if silent:
        st.html(
            blocks.note(
                screen.say("tasks.silent", departments=screen.listed([screen.department(d) for d in silent])), "warn"
            )
        )
    if stopped:
        told = [(o["name"], s) for o, found in zip(whole, stops, strict=True) for s in found]
        with st.expander(screen.say("tasks.stops")):
            st.html(
                tag(
                    "ul", *(tag("li", tag("b", name), " ", screen.pick(s.said)) for name, s in told[:30]), cls="pw-list"
                )
            )
    every = stopped > 0 and st.checkbox(screen.say("tasks.issue_all"), key="issue-all")
    going = [o for o, found in zip(whole, stops, strict=True) if every or not found]
    if going and st.button(screen.say("tasks.issue_go", n=len(going)), type="primary", key="issue-go"):
        attempt(screen, lambda: _go(screen, going))


def _go(screen: Screen, orders: Sequence[Order]) -> None:
    numbers = tasks.issue(screen.desk, orders)
    st.session_state["tasks-said"] = screen.say("tasks.issued", n=len(numbers), first=numbers[0])
