"""口径冲突: what departments state differently of one thing, both statements side by side, and what each says to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.domain import Contradiction, Side
from pilotwatch.signals import contradictions
from pilotwatch.signals.contradictions import Filter
from pilotwatch.signals.sources import sources
from pilotwatch.workdays import BEIJING
from ui import blocks
from ui.acting import attempt
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen

FIRST, MOST = 12, 500


def kinds(screen: Screen) -> dict[str, Contradiction]:
    """The kinds of contradictions of the person's domains, by code."""
    return {c.code: c for d in screen.domains for c in d.contradictions}


# --- choose ----------------------------------------------------------------------------------------------------------


def ask(screen: Screen, domain: str | None, unit: str | None) -> Filter:
    """Which contradictions are looked at; kind, department and closed ones stand in the address."""
    known = {d.name: [c.code for c in d.contradictions] for d in screen.domains if domain in (None, d.name)}
    codes = [code for found in known.values() for code in found]
    offices = list(dict.fromkeys(o for code in codes for o in kinds(screen)[code].owners))
    with st.container(key="choose-conflicts", horizontal=True, vertical_alignment="center", gap="medium"):
        code = _select(
            screen, "code", codes, lambda c: f"{c} {screen.pick(kinds(screen)[c].title)}", "signals.all_kinds", 290
        )
        office = _select(screen, "department", offices, screen.department, "signals.all_departments", 240)
        closed = st.toggle(
            screen.say("signals.with_closed"), key="signals-closed", value=st.query_params.get("closed") == "1"
        )
    if closed:
        st.query_params["closed"] = "1"
    else:
        st.query_params.pop("closed", None)
    return Filter(domain=domain, report_unit=unit, code=code, department=office, closed=closed)


def _select(screen: Screen, name: str, options: list[str], told: Any, everything: str, width: int) -> str | None:
    asked = st.query_params.get(name)
    chosen = st.selectbox(
        screen.say(everything), [None, *options], index=1 + options.index(asked) if asked in options else 0, width=width,
        label_visibility="collapsed", format_func=lambda o: told(o) if o else screen.say(everything),
    )  # fmt: skip
    if chosen is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen
    return chosen


# --- show ------------------------------------------------------------------------------------------------------------


def judge(screen: Screen, wanted: Filter) -> None:
    """How many there are, between whom, in a sentence and in tiles by kind."""
    open_ones = Filter(**{**vars(wanted), "closed": False})
    counts = contradictions.counted(screen.desk, open_ones)
    where = screen.where(wanted.report_unit)
    by = counts.groupby("code")["items"].sum().sort_values(ascending=False, kind="stable")
    total = int(by.sum())
    if not total:
        st.html(tag("p", screen.say("signals.conflicts_none", where=where), cls="pw-judge"))
        return
    offices = list(dict.fromkeys(o for code in by.index if code in kinds(screen) for o in kinds(screen)[code].owners))
    named = screen.listed([screen.department(o) for o in offices])
    st.html(tag("p", screen.say("signals.conflicts", where=where, n=f"{total:,}", offices=named), cls="pw-judge"))
    st.html(
        blocks.tiles(
            *(
                blocks.tile(
                    screen.pick(kinds(screen)[code].title), f"{n:,}", screen.say("signals.item_unit"),
                    [screen.listed([screen.department(o) for o in kinds(screen)[code].owners])],
                )
                for code, n in by.items()
                if code in kinds(screen)
            )
        )
    )  # fmt: skip


def first(screen: Screen, wanted: Filter) -> pd.DataFrame:
    """The widest gaps for their tolerance, both statements side by side; gives all rows of the choice."""
    rows = contradictions.listed(screen.desk, wanted, limit=MOST)
    if rows.empty:
        st.html(blocks.empty(screen.say("signals.no_conflicts"), screen.say("signals.no_conflicts_body")))
        return rows
    shown = rows if st.session_state.get("conflicts-all") else rows.head(FIRST)
    with st.container(key="card-conflicts"):
        note = screen.say("signals.conflicts_note", shown=len(shown), below=f"{len(rows) - len(shown):,}")
        st.html(blocks.heading(screen.say("signals.conflicts_first"), note))
        head = [screen.say(f"signals.{n}") for n in ("subject", "statements", "gap", "since")]
        lines = (_line(screen, row) for row in shown.to_dict("records"))
        st.html(html_table(head, lines, cls="pw-stack pw-conflicts", alt=screen.say("signals.conflicts_first")))
        if len(shown) < len(rows):
            st.button(screen.say("signals.show_all", n=f"{len(rows):,}"), key="conflicts-show-all", type="tertiary",
                      on_click=lambda: st.session_state.update({"conflicts-all": True}))  # fmt: skip
    return rows


def _line(screen: Screen, row: dict[str, Any]) -> list[object]:
    kind = kinds(screen)[row["code"]]
    state = tag("small", screen.say("signals.closed_on", day=f"{row['closed_on']:%Y-%m-%d}")) if _closed(row) else None
    return [
        join([tag("b", row["name"] or row["code_of_subject"] or "—"), tag("small", f"{screen.unit(row['report_unit'])} · {row['number']}")]),
        join([tag("small", f"{screen.pick(kind.title)} · {period(screen, row['period'])}"), _statements(screen, kind, row["stated"])]),
        join([tag("b", gap(screen, kind, row["gap"])), tag("small", screen.pick(kind.tolerance))]),
        join([tag("span", f"{row['opened_on']:%Y-%m-%d}", cls="pw-nowrap"), state]),
    ]  # fmt: skip


def _closed(row: dict[str, Any]) -> bool:
    return not pd.isna(row["closed_on"])


def _statements(screen: Screen, kind: Contradiction, stated: dict[str, Any]) -> Html:
    """Each side in a cell of its own: whose it is, what it says, of what."""
    cells = [
        tag("div", tag("span", screen.department(s.owner)), tag("b", said(screen, s, stated.get(s.name))), tag("small", screen.pick(s.title)))
        for s in kind.sides
    ]  # fmt: skip
    return tag("div", *cells, cls="pw-sides")


def said(screen: Screen, side: Side, value: Any) -> str:
    """A statement as people write it: 5,656,178 元, C级."""
    if value is None:
        return "—"
    if side.choices:
        titles = side.choices.titles
        return screen.pick(titles[value]) if value in titles else str(value)
    return _amount(screen, float(value), side.unit)


def gap(screen: Screen, kind: Contradiction, value: float) -> str:
    return screen.say("signals.differ", amount=_amount(screen, abs(value), kind.unit))


def _amount(screen: Screen, value: float, unit: str) -> str:
    shown = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:,.4g}"
    return f"{shown} {unit if screen.language == 'zh' else _ENGLISH.get(unit, unit)}".strip()


_ENGLISH = {"元": "yuan", "级": "step(s)"}


def period(screen: Screen, told: str) -> str:
    """2026-08-26/2026-11-23 → 2026-08-26 至 2026-11-23."""
    first_day, _, last_day = told.partition("/")
    return screen.say("signals.from_to", first=first_day, last=last_day) if last_day else told


# --- one of them -----------------------------------------------------------------------------------------------------


def one(screen: Screen, rows: pd.DataFrame) -> None:
    """The one that is looked at: chosen from the list, or named by the address (`?conflict=KJ-…`)."""
    numbers = rows["number"].tolist() if len(rows) else []
    asked = st.query_params.get("conflict")
    if asked and asked not in numbers:
        found = contradictions.listed(screen.desk, Filter(number=asked, closed=True), limit=1)
        if found.empty:
            st.html(blocks.note(screen.say("signals.no_such", number=asked), "warn"))
        rows = found if rows.empty else pd.concat([found, rows], ignore_index=True)
        numbers = rows["number"].tolist()
    if not numbers:
        return
    names = dict(zip(numbers, rows["name"].fillna(rows["code_of_subject"]), strict=True))
    chosen = st.selectbox(
        screen.say("signals.choose"), numbers, index=numbers.index(asked) if asked in numbers else None,
        placeholder=screen.say("signals.choose_hint"), format_func=lambda n: f"{n} · {names.get(n) or ''}",
    )  # fmt: skip
    if chosen is None:
        st.query_params.pop("conflict", None)
        return
    st.query_params["conflict"] = chosen
    row = rows[rows["number"] == chosen].iloc[0].to_dict()
    left, right = st.columns([11, 10])
    with left:
        _told(screen, row)
    with right:
        _answer(screen, row)
        _story(screen, row)


def _told(screen: Screen, row: dict[str, Any]) -> None:
    """Both statements, how they are compared, on what basis, and the rows they come from."""
    kind = kinds(screen)[row["code"]]
    with st.container(key="card-conflict"):
        lines = [
            [screen.say("signals.period"), period(screen, row["period"])],
            [screen.say("signals.statements"), _statements(screen, kind, row["stated"])],
            [screen.say("signals.gap"), tag("b", gap(screen, kind, row["gap"]))],
            [screen.say("signals.tolerance"), screen.pick(kind.tolerance)],
            [screen.say("signals.compared"), screen.pick(kind.formula)],
            [screen.say("signals.basis"), join([kind.basis.source, tag("small", screen.say(f"signals.basis_{kind.basis.level}"))])],
        ]  # fmt: skip
        st.html(blocks.heading(f"{row['name'] or row['code_of_subject']} · {screen.pick(kind.title)}", row["number"]))
        st.html(html_table(["", ""], lines, cls="pw-plain", alt=screen.pick(kind.title)))
        found = sources(screen.desk, kind, row["subject_id"], row["period"])
        for side in kind.sides:
            mine = found[side.name]
            title = screen.say(
                "signals.rows_of",
                who=screen.department(side.owner),
                what=screen.pick(side.record.spec.title),
                n=len(mine),
            )
            with st.expander(title):
                st.html(_sources(screen, mine))


def _sources(screen: Screen, rows: pd.DataFrame) -> Html:
    if rows.empty:
        return blocks.note(screen.say("signals.no_rows"))
    files = {b: screen.desk.batch(b).file for b in rows["batch_id"].unique()}
    head = [screen.say(f"signals.{n}") for n in ("file", "row", "day")]
    lines = [
        [
            files[r.batch_id], " · ".join(str(p) for p in (r.sheet, r.source_row) if p is not None and not pd.isna(p)),
            "" if pd.isna(r.day) else f"{r.day:%Y-%m-%d}",
        ]
        for r in rows.itertuples()
    ]  # fmt: skip
    return html_table(head, lines)


def _answer(screen: Screen, row: dict[str, Any]) -> None:
    """Either department takes note, or says why its figure is as it is."""
    if not screen.person.may("handle"):
        return
    with st.container(key="card-answer"):
        st.html(blocks.heading(screen.say("signals.answer"), screen.say("signals.answer_note")))
        if _closed(row):
            st.html(blocks.note(screen.say("signals.closed_by_itself", day=f"{row['closed_on']:%Y-%m-%d}"), "good"))
            return
        mine = screen.person.departments
        offices = [o for o in row["owners"] if mine is None or o in mine]
        if not offices:
            st.html(blocks.note(screen.say("signals.not_yours")))
            return
        with st.form("conflict-answer", border=False):
            office = st.radio(screen.say("signals.for_whom"), offices, horizontal=True, format_func=screen.department)
            note = st.text_area(screen.say("signals.note"), placeholder=screen.say("signals.note_hint"), max_chars=2000)
            if st.form_submit_button(screen.say("signals.submit"), type="primary"):
                attempt(screen, lambda: contradictions.say(screen.desk, row["subject_id"], row["id"], office, note))


def _story(screen: Screen, row: dict[str, Any]) -> None:
    """What happened, oldest first, with what was stated then."""
    kind = kinds(screen)[row["code"]]
    events = contradictions.history(screen.desk, row["subject_id"], row["id"])
    with st.container(key="card-story"):
        lines = list(_events(screen, kind, events))
        st.html(join([blocks.heading(screen.say("signals.history")), html_table(["", "", ""], lines, cls="pw-plain")]))


def _events(screen: Screen, kind: Contradiction, events: pd.DataFrame) -> Iterator[list[object]]:
    for e in events.to_dict("records"):
        at = e["at"].replace(tzinfo=e["at"].tzinfo or BEIJING).astimezone(BEIJING)
        who = screen.say("signals.by_system") if e["by"] == "system" else e["by"]
        office = screen.department(e["department"]) if isinstance(e["department"], str) else None
        then = (
            [f"{screen.department(s.owner)} {said(screen, s, e['stated'].get(s.name))}" for s in kind.sides]
            if e["stated"]
            else []
        )
        told = [office, e["note"] if isinstance(e["note"], str) else None, screen.listed(then) or None]
        yield [
            f"{at:%Y-%m-%d %H:%M}",
            join([tag("b", screen.say(f"signals.act_{e['act']}")), *(tag("small", t) for t in told if t)]),
            who,
        ]
