"""How cases flow: the funnel, closed on time and days in each stage by department and unit; guards; joint cases."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from pilotwatch import disposal
from ui import blocks
from ui.acting import attempt
from ui.cases import words
from ui.cases.room import Room
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.links import to_case, to_subject
from ui.screen import Screen

FUNNEL = ("registered", "assigned", "signed", "verifying", "disposing", "feedback", "reviewed", "closed")
SHOWN = 10


def flow(screen: Screen, here: Room) -> None:
    """The last twelve months: how far cases came, how many were closed in time, and the days each stage took."""
    left, right = st.columns([5, 7])
    with left, st.container(key="card-funnel"):
        st.html(blocks.heading(screen.say("cases.funnel"), screen.say("cases.twelve_months")))
        most = max(1, *here.seen.funnel.values())
        rows = [
            tag("li", tag("b", words.state(screen, s)), tag("span", tag("i", style=f"width:{100 * here.seen.funnel[s] / most:.1f}%"), cls="pw-funnel"),
                tag("em", f"{here.seen.funnel[s]:,}"))
            for s in FUNNEL
        ]  # fmt: skip
        st.html(tag("ul", *rows, cls="pw-funnels"))
        st.html(_stages(screen, here))
    with right, st.container(key="card-flow"):
        by = st.segmented_control(
            screen.say("cases.by"), ["department", "report_unit"], required=True, key="cases-by", label_visibility="collapsed",
            format_func=lambda n: screen.say(f"cases.by_{n}"), default="department",
        )  # fmt: skip
        st.html(blocks.heading(screen.say("cases.flow"), screen.say("cases.flow_note")))
        st.html(_by(screen, here, by or "department"))


def _stages(screen: Screen, here: Room) -> Html:
    """Days in each stage: the median with its quartiles, and the mean beside it."""
    head = [screen.say(f"cases.{n}") for n in ("stage", "median", "quartiles", "mean")]
    rows = [
        [
            screen.say(f"cases.stage_{r['stage']}"),
            f"{r['median']:.0f}",
            f"{r['p25']:.0f}–{r['p75']:.0f}",
            f"{r['mean']:.1f}",
        ]
        for r in here.seen.flow.to_dict("records")
    ]
    return (
        html_table(head, rows, numeric=(1, 2, 3), alt=screen.say("cases.flow"))
        if rows
        else blocks.note(screen.say("cases.no_flow"))
    )


def _by(screen: Screen, here: Room, by: str) -> Html:
    name = screen.department if by == "department" else screen.unit
    times = disposal.flow_by(screen.desk, by, wanted=here.base, at=here.at)
    total = times[times["stage"] == "total"].set_index(by)
    shares = disposal.on_time_by(screen.desk, by, wanted=here.base, at=here.at)
    head = [screen.say(f"cases.{n}") for n in ("who", "on_time", "late_open", "median_total", "cases_n")]
    rows = []
    for key, share in sorted(shares.items(), key=lambda item: (item[1].share is None, item[1].share or 0)):
        days = total.loc[key] if key in total.index else None
        rows.append([
            tag("b", name(key) if key else screen.say("cases.nobody")),
            "—" if share.share is None else f"{100 * share.share:.0f}%（{share.kept:,}/{share.due:,}）", f"{share.overdue:,}",
            "—" if days is None else f"{days['median']:.0f}（{days['p25']:.0f}–{days['p75']:.0f}）", "—" if days is None else f"{days['cases']:,.0f}",
        ])  # fmt: skip
    return (
        html_table(head, rows, numeric=(1, 2, 3, 4), cls="pw-stack", alt=screen.say("cases.flow"))
        if rows
        else blocks.note(screen.say("cases.no_flow"))
    )


def guards(screen: Screen, here: Room) -> None:
    """Against repeated checks and double fines: each finding with the rows behind it. Delay has its own filter above."""
    with st.container(key="card-guards"):
        st.html(blocks.heading(screen.say("cases.guards"), screen.say("cases.guards_note")))
        for kind in disposal.GUARDS:
            found = [f for f in disposal.guarded(screen.desk, kind) if _here(f, here)]
            with st.expander(screen.say("cases.guard_n", what=screen.pick(disposal.GUARDS[kind]), n=len(found))):
                if not found:
                    st.html(blocks.note(screen.say("cases.guard_none"), "good"))
                    continue
                st.html(_findings(screen, found[:SHOWN]))
                if len(found) > SHOWN:
                    st.html(blocks.note(screen.say("cases.guard_more", n=len(found) - SHOWN)))


def _here(finding: dict[str, Any], here: Room) -> bool:
    return here.base.report_unit in (None, finding["report_unit"]) and here.base.domain in (None, "", finding["domain"])


def _findings(screen: Screen, found: list[dict[str, Any]]) -> Html:
    head = [screen.say(f"cases.{n}") for n in ("day", "subject", "departments", "rows")]
    lines = [
        [
            f"{f['day']:%Y-%m-%d}", to_subject(f["subject_id"], f.get("name") or screen.say("cases.subject")),
            screen.listed([screen.department(d) for d in f["departments"]]),
            join([tag("small", _row(screen, r)) for r in f["rows"]]),
        ]
        for f in found
    ]  # fmt: skip
    return html_table(head, lines, cls="pw-stack", alt=screen.say("cases.guards"))


def _row(screen: Screen, row: dict[str, Any]) -> str:
    told = [
        row["day"],
        screen.listed([screen.department(d) for d in row["departments"]]),
        row.get("no"),
        row.get("trigger"),
        row.get("act"),
    ]
    if row.get("fine"):
        told.append(screen.say("cases.fine", n=f"{row['fine']:,.0f}"))
    return " · ".join(str(x) for x in told if x)


def joint(screen: Screen, here: Room) -> None:
    """Cases that belong together, proposed as one; a person says so."""
    every = disposal.listed(screen.desk, here.base, limit=2000)
    found = disposal.proposals(every)
    if not found:
        return
    with st.container(key="card-joint"):
        st.html(blocks.heading(screen.say("cases.joint"), screen.say("cases.joint_note", n=len(found))))
        for proposal in found[:5]:
            numbers = join([to_case(n, n) for n in proposal.numbers], " + ")
            domains = screen.listed([words.domain(screen, d) for d in proposal.domains if d])
            with st.container(horizontal=True, vertical_alignment="center", key=f"joint-{proposal.numbers[0]}"):
                st.html(
                    tag(
                        "p",
                        tag("b", proposal.name),
                        f"（{domains}，{screen.say(f'cases.joint_by_{proposal.why}')}）",
                        " ",
                        numbers,
                        cls="pw-note",
                    ),
                    width="stretch",
                )
                if screen.person.role in ("city_office", "pilot_team") and st.button(
                    screen.say("cases.join"), key=f"join-{proposal.numbers[0]}"
                ):
                    attempt(screen, partial(_join, screen, here, proposal))


def _join(screen: Screen, here: Room, proposal: Any) -> None:
    main, *others = (disposal.case(screen.desk, n) for n in proposal.numbers)
    disposal.join(screen.desk, here.rulebook, main, others, screen.say("cases.joint_reason"))


__all__ = ["flow", "guards", "joint"]
