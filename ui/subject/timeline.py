"""What happened to it, by whichever department: the newest first, each with the row that says so."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from pilotwatch.store import BatchLine
from pilotwatch.subjects import Counts, Event, Run, Timeline
from ui import address, blocks, cache, why
from ui.html import Html, join, tag
from ui.screen import Screen
from ui.subject import About, words

FIRST = 30
FACTS = 4  # in the line itself; the others are under it


def show(screen: Screen, subject: About, counted: Counts) -> None:
    """The filters, which stand in the address, and what happened."""
    with st.container(key="card-timeline"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.html(
                blocks.heading(screen.say("subject.timeline"), screen.say("subject.timeline_note")), width="content"
            )
            with st.container(horizontal=True, width="content"):
                dataset = _dataset(screen, counted)
                story = cache.timeline(screen.desk, screen.kept_by, subject.id, counted, dataset)
                department = _department(screen, story)
        _months(screen, subject, story, department)


def _dataset(screen: Screen, counted: Counts) -> str | None:
    titles = {d: f"{screen.pick(counted.records[d].spec.title)}（{n:,}）" for d, n in counted.all.items()}
    label, all_ = screen.say("subject.dataset"), screen.say("subject.all_datasets")
    return address.select("dataset", titles, label, placeholder=all_, width=240)


def _department(screen: Screen, story: Timeline) -> str | None:
    titles = {code: screen.department(code) for code in story.departments}
    label, all_ = screen.say("subject.department"), screen.say("subject.all_departments")
    return address.select("department", titles, label, placeholder=all_, width=240)


def _months(screen: Screen, subject: About, story: Timeline, department: str | None) -> None:
    lines = [line for line in story.lines if department is None or department in line.departments]
    most = len(lines) if st.session_state.get("timeline-more") == subject.id else FIRST
    shown = lines[:most]
    if not shown:
        st.html(blocks.note(screen.say("subject.nothing")))
        return
    files = cache.batches(screen.desk, screen.kept_by, [line.batch_id for line in shown if isinstance(line, Event)])
    for month, group in groupby(shown, key=lambda line: f"{line.day:%Y-%m}" if line.day else ""):
        items = (_line(screen, subject, line, files) for line in group)
        title = tag("h4", month or screen.say("subject.undated"), cls="pw-month")
        st.html(join([title, tag("ul", *items, cls="pw-timeline")]))
    if below := len(lines) - len(shown):
        st.button(
            screen.say("subject.more", n=below), key="timeline-show-more", type="tertiary",
            on_click=lambda: st.session_state.update({"timeline-more": subject.id}),
        )  # fmt: skip
    elif story.left:
        st.html(blocks.note(screen.say("subject.left", n=f"{story.left:,}")))


def _line(screen: Screen, subject: About, line: Event | Run, files: dict[str, BatchLine]) -> Html:
    title = tag("b", screen.pick(line.record.spec.title))
    who = tag("span", screen.listed([screen.department(d) for d in line.departments]), cls="pw-dim")
    if isinstance(line, Run):
        return tag(
            "li",
            tag("time", screen.say("subject.month"), cls="pw-nowrap"),
            tag("div", title, " ", who, tag("p", _run(screen, line))),
        )
    said = words.facts(screen, line.facts)
    row = {"batch_id": line.batch_id, "sheet": line.sheet, "source_row": line.source_row}
    file, where, by = why.origin(screen, row, files)
    ahead = tag("span", screen.say("subject.ahead"), cls="pw-chip") if line.day and line.day > subject.on else None
    more = [tag("p", text) for text in said[FACTS:]]
    trace = tag("p", screen.say("subject.source", file=file, where=where, who=by), cls="pw-dim")
    fold = tag("details", tag("summary", screen.say("subject.trace")), *more, trace)
    day = tag("time", f"{line.day:%m-%d}" if line.day else "—", cls="pw-nowrap")
    return tag(
        "li", day, tag("div", title, " ", ahead, who, tag("p", " · ".join(said[:FACTS])) if said else None, fold)
    )


def _run(screen: Screen, run: Run) -> str:
    """`31 次，加油量 1,200–5,400 L`."""
    times = screen.say("subject.run", n=run.rows)
    if run.measure is None or run.low is None or run.high is None:
        return times
    low, high = (words.value(screen, run.measure, n) for n in (run.low, run.high))
    amount = low if low == high else f"{low} – {high}"
    return screen.say("subject.run_amount", times=times, what=run.measure.title, amount=amount)
