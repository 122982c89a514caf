"""The forms of 双随机: a draw that is prepared, with what it would be; who may inspect, and who doesn't go where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import streamlit as st

from pilotwatch.inspection.draw import office, plans
from pilotwatch.risk.grid import BASIS, BY_CLASS
from pilotwatch.store import StoreRefused, draws
from pilotwatch.workdays import BEIJING, today
from ui import blocks
from ui.acting import attempt
from ui.html import join, tag
from ui.html import table as html_table
from ui.screen import Screen

_RUNS_OUT = timedelta(days=60)


def prepare(screen: Screen) -> None:
    """A new draw: its scope, who goes, the shares; what it would draw is told before it is frozen."""
    with st.expander(screen.say("draws.prepare")):
        st.html(blocks.note(screen.say("draws.prepare_note")))
        domains = {d.name: d for d in screen.domains}
        units = [
            u.code for u in screen.house.places.units if screen.person.units is None or u.code in screen.person.units
        ]
        there = sorted({c["department"] for c in draws.inspectors(screen.desk)})
        with st.container(horizontal=True):
            domain = st.selectbox(screen.say("draws.domain"), list(domains), key="draw-domain", width=220,
                                  format_func=lambda n: screen.pick(domains[n].title))  # fmt: skip
            choices = units if screen.person.units is not None else ["", *units]
            unit = st.selectbox(screen.say("draws.unit"), choices, key="draw-unit", width=200,
                                format_func=lambda c: screen.unit(c) if c else screen.say("word.all_city"))  # fmt: skip
            lists = {r.spec.dataset: screen.pick(r.spec.title) for r in domains[domain].subjects}
            chosen = st.multiselect(screen.say("draws.lists"), list(lists), default=list(lists)[:1], format_func=lists.get, placeholder="",
                                    key=f"draw-lists-{domain}", width=260)  # fmt: skip
            title = st.text_input(
                screen.say("draws.name"), key="draw-title", placeholder=screen.say("draws.name_hint"), max_chars=80
            )
        with st.container(horizontal=True):
            departments = st.multiselect(screen.say("draws.departments"), there, key="draw-departments", format_func=screen.department,
                                         default=[d for d in (domains[domain].lead,) if d in there], placeholder="")  # fmt: skip
            officers = st.number_input(screen.say("draws.officers"), 2, 6, 2, key="draw-officers", width=130)
            until = st.date_input(
                screen.say("draws.until"),
                today() + timedelta(days=60),
                key="draw-until",
                format="YYYY-MM-DD",
                width=170,
            )
        with st.container(horizontal=True):
            source = st.text_input(
                screen.say("draws.source"), key="draw-source", placeholder=screen.say("draws.source_hint"), max_chars=80
            )
            day = st.date_input(
                screen.say("draws.public_day"),
                today() + timedelta(days=1),
                key="draw-day",
                format="YYYY-MM-DD",
                width=170,
            )
            hour = st.time_input(screen.say("draws.public_time"), time(21, 30), key="draw-hour", width=130, step=60)
        with st.container(horizontal=True):
            shares = {
                c: st.number_input(
                    screen.say("draws.share", c=c),
                    0.0,
                    100.0,
                    100 * BY_CLASS[c].ratio,
                    key=f"draw-share-{c}",
                    width=130,
                )
                / 100
                for c in BY_CLASS
            }
            reserve = st.number_input(
                screen.say("draws.reserve"), 0.0, 50.0, 100 * plans.RESERVE_SHARE, key="draw-reserve", width=150
            )
        weighted = st.checkbox(screen.say("draws.weighted"), key="draw-weighted")
        st.html(blocks.note(join([screen.say("draws.shares_note"), tag("small", f" {BASIS.source}")])))
        asked = office.Asked(
            domains[domain], title, source, datetime.combine(day, hour, BEIJING), until, tuple(departments), unit or None, int(officers),
            {c: round(s, 6) for c, s in shares.items()}, round(reserve / 100, 6), weighted, tuple(chosen),
        )  # fmt: skip
        _outlook(screen, asked)
        if st.button(screen.say("draws.freeze"), type="primary", key="draw-freeze"):
            attempt(screen, lambda: _freeze(screen, asked))


def _outlook(screen: Screen, asked: office.Asked) -> None:
    from ui.inspection.draws import strata

    try:
        would = office.outlook(screen.desk, asked)
    except StoreRefused as no:
        st.html(blocks.note(screen.pick(no.message), "bad"))
        return
    n = sum(would.sizes.values())
    said = screen.say(
        "draws.outlook", n=f"{n:,}", m=f"{would.drawn:,}", r=f"{would.reserve:,}", x=f"{would.left_out:,}"
    )
    staff = [
        screen.say("draws.outlook_staff", department=screen.department(d), n=k) for d, k in would.inspectors.items()
    ]
    st.html(blocks.note(f"{said} {screen.listed(staff)}", "plain"))
    st.html(strata(screen, would.sizes, would.counts, would.reserve, office.shares_of(asked)))


def _freeze(screen: Screen, asked: office.Asked) -> None:
    number = office.prepare(screen.desk, asked)
    st.session_state["draws-said"] = screen.say("draws.frozen", number=number)
    st.query_params["draw"] = number


# --- who may inspect ----------------------------------------------------------------------------------------------------


def inspectors(screen: Screen) -> None:
    rows = draws.inspectors(screen.desk)
    with st.container(key="card-inspectors"):
        soon = sum(r["valid_until"] <= today() + _RUNS_OUT for r in rows)
        note = screen.say("draws.inspectors_note", n=f"{len(rows):,}", expired=soon) if rows else None
        st.html(blocks.heading(screen.say("draws.inspectors"), note))
        if not rows:
            st.html(blocks.note(screen.say("draws.inspectors_none"), "warn"))
        else:
            st.html(_by_department(screen, rows))
        if screen.person.may("draw"):
            _add(screen)


def _by_department(screen: Screen, rows: Sequence[Mapping[str, Any]]) -> Any:
    lines = []
    for department in dict.fromkeys(r["department"] for r in rows):
        mine = [r for r in rows if r["department"] == department]
        city = sum(not r["report_unit"] for r in mine)
        lines.append(
            [
                screen.department(department),
                f"{len(mine):,}",
                f"{city:,}",
                tag("span", min(r["valid_until"] for r in mine).isoformat(), cls="pw-nowrap"),
            ]
        )
    head = [screen.say(f"draws.{n}") for n in ("department", "people", "city_wide", "valid_until")]
    return html_table(head, lines, numeric=(1, 2), alt=screen.say("draws.inspectors"))


def _add(screen: Screen) -> None:
    units = [u.code for u in screen.house.places.units if screen.person.units is None or u.code in screen.person.units]
    with st.expander(screen.say("draws.add")), st.form("inspector", border=False):
        with st.container(horizontal=True):
            number = st.text_input(screen.say("draws.certificate"), key="inspector-id", max_chars=40, width=200)
            name = st.text_input(screen.say("draws.person"), key="inspector-name", max_chars=40, width=160)
            codes = list(screen.house.places.departments)
            department = st.selectbox(screen.say("draws.department"), codes, index=None, format_func=screen.department, key="inspector-department",
                                      placeholder="", width=220)  # fmt: skip
            unit = st.selectbox(screen.say("draws.unit"), units if screen.person.units is not None else ["", *units], key="inspector-unit",
                                format_func=lambda c: screen.unit(c) if c else screen.say("draws.city_wide"), width=200)  # fmt: skip
            valid = st.date_input(
                screen.say("draws.valid_until"),
                today() + timedelta(days=365),
                format="YYYY-MM-DD",
                key="inspector-valid",
                width=170,
            )
            most = st.number_input(screen.say("draws.most"), 1, 200, 40, key="inspector-most", width=130)
        gone = st.checkbox(screen.say("draws.retired"), key="inspector-gone")
        if st.form_submit_button(screen.say("draws.add_go")) and number.strip() and department:
            row = {
                "id": number.strip(),
                "name": name.strip(),
                "department": department,
                "report_unit": unit,
                "valid_until": valid,
                "most": int(most),
            }
            attempt(screen, lambda: draws.put_inspectors(screen.desk, [{**row, "retired": gone}]))
    with st.expander(screen.say("draws.conflict")), st.form("conflict", border=False):
        with st.container(horizontal=True):
            number = st.text_input(screen.say("draws.certificate"), key="conflict-id", max_chars=40, width=200)
            code = st.text_input(screen.say("draws.conflict_code"), key="conflict-code", max_chars=40, width=220)
            why = st.text_input(screen.say("draws.conflict_reason"), key="conflict-why", max_chars=200)
        if st.form_submit_button(screen.say("draws.add_go")) and number.strip() and code.strip():
            attempt(screen, lambda: _conflict(screen, number.strip(), code.strip(), why))


def _conflict(screen: Screen, number: str, code: str, why: str) -> None:
    found = screen.desk.subjects(["subject_id"], where={"code": code})["subject_id"].tolist()
    draws.put_conflict(screen.desk, number, found[0] if found else "", why)
