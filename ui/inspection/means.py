"""What plans are made with: inspectors by department and unit, quiet days, frequencies; the city office sets them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.inspection import force, frequencies
from pilotwatch.inspection.frequencies import CLASSES, Rules, Share
from pilotwatch.store import StoreRefused, plan_means
from ui import blocks
from ui.acting import attempt
from ui.html import join, tag
from ui.html import table as html_table
from ui.screen import Screen


def show(screen: Screen) -> None:
    """The three settings, each in a drawer of its own; readers see them, the city office changes them."""
    mine = screen.person.may("plan") and screen.person.units is None and screen.person.domains is None
    with st.expander(screen.say("inspection.set_force"), icon=":material/groups:"):
        _force(screen, mine)
    with st.expander(screen.say("inspection.set_quiet"), icon=":material/do_not_disturb_on:"):
        _quiet(screen, mine)
    with st.expander(screen.say("inspection.set_rules"), icon=":material/rule:"):
        _rules(screen, mine)


# --- inspectors ----------------------------------------------------------------------------------------------------


def _force(screen: Screen, mine: bool) -> None:
    there = plan_means.force(screen.desk)
    st.html(blocks.note(screen.say("inspection.force_help")))
    if not mine:
        head = [screen.say(f"inspection.{n}") for n in ("department", "unit", "inspectors", "hours_a_day")]
        rows = [[screen.department(r.department), screen.unit(r.unit) if r.unit else screen.say("inspection.city_pool"), r.inspectors, f"{r.hours:g}"] for r in there.itertuples()]  # fmt: skip
        st.html(html_table(head, rows, numeric=(2, 3), cls="pw-stack", alt=screen.say("inspection.set_force")) if rows else blocks.note(screen.say("inspection.no_force")))  # fmt: skip
        return
    departments = {c: screen.department(c) for c in screen.house.places.departments}
    units = {"": screen.say("inspection.city_pool")} | {u.code: screen.pick(u.title) for u in screen.house.places.units}
    shown = st.session_state.get("force-estimate", there)
    edited = st.data_editor(
        pd.DataFrame({"department": shown["department"].map(departments), "unit": shown["unit"].map(units), "inspectors": shown["inspectors"], "hours": shown["hours"]}),
        key=f"force-editor-{len(shown)}-{'force-estimate' in st.session_state}", hide_index=True, num_rows="dynamic", height=min(460, 76 + 35 * max(3, len(shown))),
        column_config={
            "department": st.column_config.SelectboxColumn(screen.say("inspection.department"), options=list(departments.values()), required=True, width="medium"),
            "unit": st.column_config.SelectboxColumn(screen.say("inspection.unit"), options=list(units.values()), default=units[""], width="medium"),
            "inspectors": st.column_config.NumberColumn(screen.say("inspection.inspectors"), min_value=0, max_value=2000, step=1, required=True),
            "hours": st.column_config.NumberColumn(screen.say("inspection.hours_a_day"), min_value=0.5, max_value=12.0, step=0.5, default=frequencies.DAY_HOURS),
        },
    )  # fmt: skip
    with st.container(horizontal=True):
        if st.button(screen.say("inspection.save"), type="primary", key="force-save"):
            attempt(screen, lambda: _save_force(screen, edited, departments, units))
        if st.button(
            screen.say("inspection.estimate"), key="force-estimate-now", help=screen.say("inspection.estimate_help")
        ):
            st.session_state["force-estimate"] = force.estimate(screen.desk)
            st.rerun()
    if "force-estimate" in st.session_state:
        st.html(blocks.note(screen.say("inspection.estimated"), "warn"))


def _save_force(screen: Screen, edited: pd.DataFrame, departments: dict[str, str], units: dict[str, str]) -> None:
    codes = {v: k for k, v in departments.items()}
    places = {v: k for k, v in units.items()}
    rows: list[dict[str, Any]] = []
    for r in edited.dropna(subset=["department", "inspectors"]).to_dict("records"):
        unit = places.get(r["unit"], "") if isinstance(r["unit"], str) else ""
        hours = float(r["hours"]) if pd.notna(r["hours"]) else frequencies.DAY_HOURS
        rows.append(
            {"department": codes[r["department"]], "unit": unit, "inspectors": int(r["inspectors"]), "hours": hours}
        )
    twice = pd.DataFrame(rows, columns=["department", "unit", "inspectors", "hours"]).duplicated(["department", "unit"])
    if twice.any():
        one = rows[int(twice.idxmax())]
        raise StoreRefused("twice", _twice(screen, one))
    plan_means.set_force(screen.desk, rows, whole=True)
    st.session_state.pop("force-estimate", None)


def _twice(screen: Screen, row: dict[str, Any]) -> Any:
    from ui.texts import text

    return text("inspection.twice").format(
        department=screen.department(row["department"]),
        unit=screen.unit(row["unit"]) if row["unit"] else screen.say("inspection.city_pool"),
    )


# --- quiet days ----------------------------------------------------------------------------------------------------


def _quiet(screen: Screen, mine: bool) -> None:
    st.html(blocks.note(screen.say("inspection.quiet_help")))
    domains = {d.name: screen.pick(d.title) for d in screen.house.registry.domains}
    for row in plan_means.quiet(screen.desk):
        where = screen.unit(row["unit"]) if row["unit"] else screen.say("word.all_city")
        what = domains.get(row["domain"], screen.say("word.all_domains"))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(
                tag(
                    "p",
                    join([tag("b", f"{row['first']} — {row['last']}"), f" {where} · {what} · {row['reason']}"]),
                    cls="pw-note",
                ),
                width="stretch",
            )
            if mine and st.button(screen.say("inspection.end_quiet"), key=f"quiet-{row['id']}", type="tertiary"):
                attempt(screen, lambda i=row["id"]: plan_means.end_quiet(screen.desk, i))
    if not mine:
        return
    units = {"": screen.say("word.all_city")} | {u.code: screen.pick(u.title) for u in screen.house.places.units}
    fields = {"": screen.say("word.all_domains")} | domains
    with st.form("quiet-form", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            first = st.date_input(screen.say("inspection.first"), value=None, format="YYYY-MM-DD", width=160)
            last = st.date_input(screen.say("inspection.last"), value=None, format="YYYY-MM-DD", width=160)
            unit = st.selectbox(screen.say("inspection.unit"), list(units), format_func=units.get, width=220)
            domain = st.selectbox(screen.say("inspection.domains"), list(fields), format_func=fields.get, width=200)
        reason = st.text_input(screen.say("inspection.reason"), max_chars=200)
        if st.form_submit_button(screen.say("inspection.add_quiet")):
            if first is None or last is None:
                st.html(blocks.note(screen.say("inspection.give_days"), "bad"))
            else:
                attempt(
                    screen, lambda: plan_means.add_quiet(screen.desk, first, last, reason, unit=unit, domain=domain)
                )


# --- frequencies ---------------------------------------------------------------------------------------------------


def _rules(screen: Screen, mine: bool) -> None:
    now = frequencies.rules(screen.desk)
    st.html(blocks.note(frequencies.BASIS.source))
    frame = pd.DataFrame(
        {"of_class": [screen.say(f"inspection.class_{c}") for c in CLASSES], "ratio": [100 * now.shares[c].ratio for c in CLASSES],
         "most": [now.shares[c].most for c in CLASSES]}
    )  # fmt: skip
    if not mine:
        head = [screen.say(f"inspection.{n}") for n in ("of_class", "ratio", "most")]
        st.html(
            html_table(
                head, [[r.of_class, f"{r.ratio:g}", r.most] for r in frame.itertuples()], numeric=(1, 2), alt=head[0]
            )
        )
        return
    with st.form("rules-form", border=False):
        edited = st.data_editor(
            frame, key="rules-editor", hide_index=True, disabled=["of_class"],
            column_config={
                "of_class": st.column_config.TextColumn(screen.say("inspection.of_class"), width="large"),
                "ratio": st.column_config.NumberColumn(screen.say("inspection.ratio"), min_value=0.0, max_value=100.0),
                "most": st.column_config.NumberColumn(screen.say("inspection.most"), min_value=0, max_value=52, step=1),
            },
        )  # fmt: skip
        with st.container(horizontal=True):
            cap = st.number_input(
                screen.say("inspection.overall_cap"), min_value=1, max_value=52, value=now.overall_cap, width=220
            )
            days = st.number_input(
                screen.say("inspection.recognised_days"),
                min_value=0,
                max_value=730,
                value=now.recognised_days,
                width=220,
            )
        reason = st.text_input(screen.say("inspection.reason"), max_chars=200)
        if st.form_submit_button(screen.say("inspection.save")):
            shares = {
                c: Share(float(r) / 100, int(m))
                for c, r, m in zip(CLASSES, edited["ratio"], edited["most"], strict=True)
            }
            made = Rules(shares, now.of_department, int(cap), int(days), now.day_hours)
            attempt(screen, lambda: frequencies.set_rules(screen.desk, made, reason))
