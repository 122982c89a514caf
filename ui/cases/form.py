"""Acting on a case: the next step as the one primary button, with what it asks for; the other acts below it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pilotwatch import disposal
from pilotwatch.disposal import Case, Need, Possible
from ui import blocks
from ui.acting import attempt
from ui.screen import Screen


def act(screen: Screen, case: Case) -> None:
    """What this person may do now. Two at once: the second is told who did what in the meantime, and nothing is lost."""
    ways = disposal.possible(case, screen.person)
    with st.container(key="card-case-act"):
        told = st.empty()  # its place is kept, or what stands below would be made anew when it goes
        if said := st.session_state.pop("case-said", None):
            told.html(blocks.note(said, "good"))
        if not ways:
            st.html(blocks.heading(screen.say("cases.next")))
            st.html(blocks.note(screen.say("cases.nothing")))
            return
        first, others = (ways[0], ways[1:]) if ways[0].primary else (None, ways)
        if first:
            st.html(blocks.heading(screen.say("cases.next"), screen.pick(first.title)))
            _form(screen, case, first, primary=True)
        if others:
            titles = {w.act: screen.pick(w.title) for w in others}
            with st.expander(screen.say("cases.other_acts"), expanded=first is None):
                code = st.selectbox(screen.say("cases.other_acts"), list(titles), index=None, format_func=titles.get,
                                    placeholder=screen.say("cases.choose_act"), label_visibility="collapsed", key=f"other-{case.number}-{case.version}")  # fmt: skip
                if code:
                    _form(screen, case, next(w for w in others if w.act == code), primary=False)


def _form(screen: Screen, case: Case, way: Possible, *, primary: bool) -> None:
    with st.form(f"case-{way.act}-{case.version}", border=False):
        values, files = {}, []
        for need in way.needs:
            found = _ask(screen, case, way, need)
            if need.kind == "file":
                files = [(f.name, f.getvalue()) for f in found or ()]
            elif found not in (None, "", []):
                values[need.name] = found
        if st.form_submit_button(screen.pick(way.title), type="primary" if primary else "secondary"):
            attempt(screen, lambda: _do(screen, case, way, values, files))


def _do(screen: Screen, case: Case, way: Possible, values: dict[str, Any], files: list[tuple[str, bytes]]) -> None:
    after = disposal.do(screen.desk, screen.house.rulebook(), case, way.act, values, files=files)
    st.session_state["case-said"] = screen.say("cases.done", act=way.title, state=disposal.STATES[after.state])


def _ask(screen: Screen, case: Case, way: Possible, need: Need) -> Any:
    label = screen.pick(need.title) + ("" if need.required else screen.say("cases.optional"))
    key = f"need-{way.act}-{need.name}-{case.version}"
    hint = screen.pick(need.help) if need.help else None
    departments = {c: screen.department(c) for c in screen.house.places.departments}
    options: dict[str, dict[str, str]] = {
        "choice": {v: screen.pick(t) for v, t in need.choices.items()},
        "department": departments,
        "unit": {u.code: screen.unit(u.code) for u in screen.house.places.units},
        "clock": {c.rule: screen.pick(disposal.LIMITS[c.rule].title) for c in case.running},
        "complainant": {w: w for w in case.waiting},
    }
    if need.kind in options:
        titles = options[need.kind]
        usual = _usual(screen, case, need, list(titles))
        return st.selectbox(
            label,
            list(titles),
            index=usual,
            format_func=titles.get,
            key=key,
            help=hint,
            placeholder=screen.say("cases.choose"),
        )
    if need.kind == "departments":
        return st.multiselect(
            label,
            list(departments),
            default=[d for d in case.others if d in departments],
            format_func=departments.get,
            key=key,
            placeholder=screen.say("cases.choose"),
        )
    if need.kind == "file":
        kinds = sorted({ending for k in disposal.FILE_KINDS for ending in k.endings})
        return st.file_uploader(label, accept_multiple_files=True, key=key, type=kinds, help=hint)
    if need.kind == "date":
        day = st.date_input(label, value=None, key=key, format="YYYY-MM-DD", help=hint)
        return day.isoformat() if day else None
    if need.kind == "number":
        return st.number_input(label, value=None, key=key, help=hint)
    if need.kind == "yes":
        return st.checkbox(label, key=key, help=hint)
    if need.kind in ("user", "case") or need.name in ("fact", "closing"):
        return st.text_input(label, key=key, help=hint, max_chars=200)
    return st.text_area(label, key=key, help=hint, max_chars=2000, height=90)


def _usual(screen: Screen, case: Case, need: Need, codes: list[str]) -> int | None:
    """What is most likely meant: the department that the procedure names, the clock asked about, the closing proposed."""
    likely: str | None = {"closing": case.proposed, "clock": case.asked}.get(need.name)
    if need.name == "department" and case.state in ("triaged", "registered"):
        likely = case.owner or screen.house.rulebook().owner(case)
    return codes.index(likely) if likely in codes else None
