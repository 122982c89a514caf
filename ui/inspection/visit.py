"""One visit, made for a phone at the door: what to check, tick, result, problem, sign; done in a minute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

import streamlit as st

from pilotwatch.access import marks
from pilotwatch.inspection import tasks
from pilotwatch.inspection.tasks import sheet
from pilotwatch.inspection.tasks.office import GRAVITY, NOTHING, TICKS
from pilotwatch.records.checks import EXEMPTIONS, RESULTS
from pilotwatch.store import StoreRefused, visit_tasks
from pilotwatch.store.visit_tasks import TaskFilter
from pilotwatch.workdays import BEIJING, now, today
from ui import blocks
from ui.acting import attempt
from ui.html import join, tag
from ui.inspection import words
from ui.inspection.tasks import state, to_task
from ui.links import to_subject
from ui.screen import Screen

Task = Mapping[str, Any]
MINE = 30


def show(screen: Screen) -> None:
    number = st.query_params.get("task")
    with st.container(key="visit-page"):
        if not number:
            _mine(screen)
            return
        st.html(tag("a", screen.say("tasks.back"), href="/inspection?view=tasks", target="_self", cls="pw-to"))
        try:
            task = visit_tasks.find(screen.desk, number)
        except StoreRefused as no:
            st.html(blocks.note(screen.pick(no.message), "bad"))
            return
        _head(screen, task)
        if said := st.session_state.pop("visit-said", None):
            st.html(blocks.note(said, "good"))
        {"issued": _door, "entered": _checking, "recorded": _after, "published": _after, "cancelled": _cancelled}[
            task["state"]
        ](screen, task)
        _papers(screen, task)


def _mine(screen: Screen) -> None:
    rows = visit_tasks.listed(screen.desk, TaskFilter(visit_tasks.OPEN), limit=MINE)
    if not rows:
        with st.container(key="card-visit-none"):
            st.html(blocks.empty(screen.say("tasks.my_none"), screen.say("tasks.my_none_body")))
        return
    counts = visit_tasks.counts(screen.desk)
    every = sum(counts[s] for s in visit_tasks.OPEN)
    st.html(tag("p", screen.say("tasks.my_visits", n=f"{every:,}"), cls="pw-judge"))
    cards = []
    for row in rows:
        late = row["until"] < today()
        window = tag("span", f"{row['since']:%m-%d} — {row['until']:%m-%d}", cls="pw-light-overdue" if late else None)
        who = screen.listed([screen.department(d) for d in row["departments"]])
        cards.append(
            tag("div", tag("b", to_task(row["number"], row["name"] or row["code"])), " ", state(screen, row["state"]),
                tag("small", row["address"] or screen.unit(row["report_unit"])), tag("small", window, " · ", who), cls="pw-card pw-visit")
        )  # fmt: skip
    st.html(join(cards))
    if every > len(rows):
        st.html(blocks.note(screen.say("tasks.my_first", n=len(rows))))


def _head(screen: Screen, task: Task) -> None:
    name = task["name"] or task["code"]
    st.html(
        tag("p", to_subject(task["subject_id"], name), " ", state(screen, task["state"]), cls="pw-judge pw-visit-name")
    )
    officers = [words.beside(screen, o["name"] or "—", screen.department(o["department"])) for o in task["officers"]]
    rows = [
        ("number", tag("span", task["number"], cls="pw-code")), ("address", task["address"]),
        ("who", screen.listed([screen.department(d) for d in task["departments"]])),
        ("officers", screen.listed(officers) or screen.say("tasks.nobody")),
        ("window", f"{task['since']} — {task['until']}"), ("trigger", f"{words.trigger(screen, task['trigger'])} · {screen.say('tasks.origin_' + task['origin'])}"),
    ]  # fmt: skip
    with st.container(key="card-visit-head"):
        st.html(
            tag(
                "dl", *(join([tag("dt", screen.say(f"tasks.{n}")), tag("dd", v)]) for n, v in rows if v), cls="pw-facts"
            )
        )


# --- at the door --------------------------------------------------------------------------------------------------------


def _door(screen: Screen, task: Task) -> None:
    if not screen.person.may("handle"):
        return
    with st.container(key="card-visit-door"):
        st.html(blocks.heading(screen.say("tasks.enter")))
        st.html(blocks.note(screen.say("tasks.enter_note")))
        if st.button(screen.say("tasks.enter_now"), type="primary", key="visit-enter", width="stretch"):
            attempt(screen, lambda: tasks.enter(screen.desk, task))
        with st.expander(screen.say("tasks.late_enter")), st.form("visit-late", border=False):
            day = st.date_input(screen.say("tasks.entered_on"), today(), format="YYYY-MM-DD", key="late-day")
            hour = st.time_input(screen.say("tasks.entered_time"), time(11), step=300, key="late-hour")
            reason = st.text_input(screen.say("tasks.late_reason"), max_chars=200, key="late-reason")
            exempt = st.selectbox(screen.say("tasks.exempt"), ["", *EXEMPTIONS.values], key="late-exempt",
                                  format_func=lambda v: screen.pick(EXEMPTIONS.titles[v]) if v else screen.say("tasks.exempt_none"))  # fmt: skip
            if st.form_submit_button(screen.say("tasks.late_go")):
                when = datetime.combine(day, hour, BEIJING)
                attempt(
                    screen,
                    lambda: tasks.enter(screen.desk, task, entered_at=when, late_reason=reason, exempt_reason=exempt),
                )
    with st.popover(screen.say("tasks.cancel")), st.form("visit-cancel", border=False):
        why = st.text_input(screen.say("tasks.cancel_reason"), max_chars=200, key="cancel-why")
        if st.form_submit_button(screen.say("tasks.cancel")):
            attempt(screen, lambda: tasks.cancel(screen.desk, task, why))


def _cancelled(screen: Screen, task: Task) -> None:
    st.html(blocks.note(screen.say("tasks.cancelled", why=task["why"]), "warn"))


# --- checking -----------------------------------------------------------------------------------------------------------


def _checking(screen: Screen, task: Task) -> None:
    at = blocks.moment(task["entered_at"])
    how = {
        "late": screen.say("tasks.entered_late", reason=task["late_reason"]),
        "import": screen.say("tasks.entered_import"),
    }
    st.html(blocks.note(" · ".join(filter(None, (screen.say("tasks.entered", at=at), how.get(task["entered_how"]))))))
    parts = visit_tasks.parts(screen.desk, task)
    if not screen.person.may("handle"):
        _summary(screen, task, parts)
        return
    open_ = [d for d, p in parts.items() if not p["result"]]
    with st.container(key="card-visit-check"):
        st.html(blocks.heading(screen.say("tasks.check")))
        department = _department(screen, task, parts, open_)
        _form(screen, task, department, parts[department])
    with st.container(key="card-visit-sign"):
        st.html(blocks.heading(screen.say("tasks.finish")))
        if open_:
            st.html(
                blocks.note(screen.say("tasks.left", departments=screen.listed([screen.department(d) for d in open_])))
            )
            return
        with st.form("visit-sign", border=False):
            signed = st.text_input(screen.say("tasks.signed_by"), max_chars=40, key="visit-signed")
            refused = st.checkbox(screen.say("tasks.refused"), key="visit-refused")
            if st.form_submit_button(screen.say("tasks.finish_go"), type="primary", width="stretch"):
                attempt(screen, lambda: _finish(screen, task, signed, refused))


def _department(screen: Screen, task: Task, parts: Mapping[str, Any], open_: list[str]) -> str:
    """Whose matters are shown: one's own, else the first that hasn't said anything."""
    codes = task["departments"]
    if len(codes) == 1:
        return codes[0]
    mine = [d for d in open_ if screen.person.departments and d in screen.person.departments]
    key = f"visit-department-{task['version']}"
    st.session_state.setdefault(key, next(iter((*mine, *open_, codes[0]))))

    def told(code: str) -> str:
        name = screen.department(code)
        return screen.say("tasks.done_mark", name=name) if parts[code]["result"] else name

    return st.segmented_control(screen.say("tasks.choose_department"), codes, key=key, format_func=told, required=True,
                                label_visibility="collapsed", wrap=True)  # fmt: skip


def _form(screen: Screen, task: Task, department: str, part: Mapping[str, Any]) -> None:
    titles = {code: screen.pick(t) for code, t in TICKS.items()}
    base = f"{task['number']}-{department}"
    with st.form(f"visit-{base}", border=False):
        ticks: dict[str, list[str]] = {}
        for matter in (m for m in task["matters"] if m["department"] == department):
            code, known = matter["code"], part["ticks"].get(matter["code"], [])
            st.html(tag("div", tag("b", matter["name"]), tag("small", matter["content"]), cls="pw-matter"))
            tick = st.segmented_control(matter["name"], list(titles), key=f"tick-{base}-{code}", format_func=titles.get,
                                        default=known[0] if known else None, label_visibility="collapsed", width="stretch")  # fmt: skip
            if tick:
                ticks[code] = [tick]
        rest = st.checkbox(screen.say("tasks.rest_ok"), key=f"rest-{base}")
        problems = st.text_area(
            screen.say("tasks.problems"), part["problems"], key=f"problems-{base}", max_chars=1000, height=80
        )
        names = {v: screen.pick(t) for v, t in RESULTS.titles.items()}
        start = list(names).index(part["result"]) if part["result"] else None
        result = st.selectbox(
            screen.say("tasks.result"),
            list(names),
            index=start,
            format_func=names.get,
            key=f"result-{base}",
            placeholder="",
        )
        label = screen.say("tasks.save", department=screen.department(department))
        if st.form_submit_button(label, type="primary", width="stretch"):
            attempt(screen, lambda: _save(screen, task, department, ticks, rest, problems, result))


def _save(
    screen: Screen,
    task: Task,
    department: str,
    ticks: dict[str, list[str]],
    rest: bool,
    problems: str,
    result: str | None,
) -> None:
    """What isn't ticked is in order only where the officer says so; without a result of their own the ticks give it."""
    if rest:
        ticks = {m["code"]: ticks.get(m["code"], ["ok"]) for m in task["matters"] if m["department"] == department}
    wrong = any(t[0] == "problem" for t in ticks.values())
    found = result or (GRAVITY[1] if wrong else NOTHING if rest or ticks else "")
    tasks.save(screen.desk, task, department, result=found, problems=problems, ticks=ticks)
    st.session_state["visit-said"] = screen.say("tasks.saved")


def _finish(screen: Screen, task: Task, signed: str, refused: bool) -> None:
    house = screen.house
    done = tasks.finish(
        screen.desk, house.registry, house.places, house.calendar(), task, signed_by=signed, refused=refused
    )
    st.session_state["visit-said"] = screen.say("tasks.finished", by=_until(screen, done))


def _until(screen: Screen, task: Task) -> str:
    return str(task["publish_by"] or screen.say("tasks.no_date"))


# --- afterwards -----------------------------------------------------------------------------------------------------------


def _after(screen: Screen, task: Task) -> None:
    house, desk = screen.house, screen.desk
    if task["batch_id"] is None and screen.person.may("handle"):
        st.html(blocks.note(screen.say("tasks.not_stored"), "bad"))
        if st.button(screen.say("tasks.store_again"), key="visit-store"):
            attempt(screen, lambda: tasks.store_record(desk, house.registry, house.places, task["number"]))
    _summary(screen, task, visit_tasks.parts(desk, task))
    with st.container(key="card-visit-rate"):
        st.html(blocks.heading(screen.say("tasks.rate")))
        if visit_tasks.was_rated(desk, task):
            st.html(blocks.note(screen.say("tasks.rated"), "good"))
        elif screen.person.may("handle"):
            st.html(blocks.note(screen.say("tasks.rate_note")))
            with st.form("visit-rate", border=False):
                stars = st.feedback("stars", key="visit-stars")
                words = st.text_input(screen.say("tasks.rate_words"), max_chars=500, key="visit-words")
                if st.form_submit_button(screen.say("tasks.rate_go")) and stars is not None:
                    attempt(screen, lambda: tasks.rate(desk, house.registry, house.places, task, stars + 1, words))
    with st.container(key="card-visit-publish"):
        st.html(blocks.heading(screen.say("tasks.publish")))
        if task["published_on"]:
            st.html(blocks.note(screen.say("tasks.is_published", on=task["published_on"]), "good"))
            return
        late = task["publish_by"] is not None and task["publish_by"] < today()
        st.html(blocks.note(screen.say("tasks.publish_by", by=_until(screen, task)), "bad" if late else "plain"))
        if screen.person.may("handle"):
            with st.form("visit-publish", border=False):
                on = st.date_input(
                    screen.say("tasks.published_on"), today(), format="YYYY-MM-DD", key="visit-published"
                )
                if st.form_submit_button(screen.say("tasks.publish_go")):
                    attempt(screen, lambda: tasks.publish(desk, house.registry, house.places, task, on))


def _summary(screen: Screen, task: Task, parts: Mapping[str, Mapping[str, Any]]) -> None:
    with st.container(key="card-visit-summary"):
        signed = task["signed_by"] or (screen.say("tasks.refused") if task["refused_to_sign"] else "")
        st.html(blocks.heading(screen.say("tasks.summary"), signed))
        rows = []
        for department, part in parts.items():
            result = screen.pick(RESULTS.titles[part["result"]]) if part["result"] else "—"
            rows.append(
                join([tag("dt", screen.department(department)), tag("dd", tag("b", result), " ", part["problems"])])
            )
        st.html(tag("dl", *rows, cls="pw-facts"))


def _papers(screen: Screen, task: Task) -> None:
    """The sheet to print, and what happened so far."""
    desk = screen.desk
    with st.container(horizontal=True, gap="small"):
        title, number = screen.say("tasks.sheet"), task["number"]
        st.download_button(f"{title} PDF", lambda: _print(screen, task, "pdf"), file_name=f"{number}.pdf", mime="application/pdf",
                           key="visit-pdf", on_click="ignore", icon=":material/print:")  # fmt: skip
        st.download_button(f"{title} Word", lambda: _print(screen, task, "docx"), file_name=f"{number}.docx", key="visit-docx",
                           mime="application/vnd.openxmlformats-officedocument.wordprocessingml.document", on_click="ignore")  # fmt: skip
    with st.expander(screen.say("tasks.story")):
        lines = [
            tag("li", tag("b", screen.say(f"tasks.act_{e['act']}")), tag("small", f"{blocks.moment(e['at'])} · {e['by']}"),
                tag("p", e["reason"]) if e["reason"] else None)
            for e in visit_tasks.events(desk, task)
        ]  # fmt: skip
        st.html(tag("ul", *lines, cls="pw-story"))


def _print(screen: Screen, task: Task, kind: str) -> bytes:
    """The sheet with the mark of whoever takes it; that they did is in the audit."""
    parts, places = visit_tasks.parts(screen.desk, task), screen.house.places
    visit_tasks.exported(screen.desk, task, kind)
    mark = marks.mark(screen.person, now())("zh")
    return (sheet.pdf if kind == "pdf" else sheet.docx)(places, task, parts, mark)
