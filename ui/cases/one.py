"""One case: what it is, its limits, its story."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from pilotwatch import disposal
from pilotwatch.disposal import Case, Clock, hot
from pilotwatch.store import StoreRefused
from pilotwatch.workdays import now, today
from ui import blocks
from ui.cases import words
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.links import to_hotspot, to_subject, to_warning
from ui.screen import Screen


def chosen(screen: Screen) -> Case | None:
    """The case that the address names (`?case=…`); one that isn't in scope answers a sentence and nothing else."""
    number = st.query_params.get("case")
    if not number:
        return None
    try:
        return disposal.case(screen.desk, number)
    except StoreRefused as no:
        st.html(blocks.note(screen.pick(no.message), "bad"))
        _back(screen)
        st.stop()


def _back(screen: Screen) -> None:
    st.html(tag("a", screen.say("cases.back"), href="/cases", target="_self", cls="pw-to"))


def title(screen: Screen, case: Case) -> None:
    """Number, subject, where it stands and what ends next."""
    _back(screen)
    level = blocks.level(case.level, screen.language) if case.level else None
    marks = [screen.say(f"cases.mark_{n}") for n in ("supervised", "joint", "confidential") if getattr(case, n)]
    st.html(tag("p", level, " ", case.number, " · ", _who(case), " · ", words.state(screen, case.state),
                tag("small", screen.listed(marks)) if marks else None, cls="pw-judge"))  # fmt: skip
    steps = [s for s in disposal.WAY if s not in ("found", "transferred")]
    here = steps.index(case.state) if case.state in steps else -1
    st.html(tag("ol", *(
        tag("li", words.state(screen, s), cls="now" if i == here else "done" if s in case.reached and (here < 0 or i < here) else None)
        for i, s in enumerate(steps)
    ), cls="pw-way"))  # fmt: skip


def _who(case: Case) -> Html:
    """The subject; a case on a hot place leads to the map."""
    if case.channel == hot.CHANNEL:
        return to_hotspot(case.channel_ref, case.name)
    return to_subject(case.subject_id, case.name or "—")


def about(screen: Screen, case: Case) -> None:
    """What the clue says, whose it is, and the steps its domain declares."""
    with st.container(key="card-case-about"):
        st.html(blocks.heading(screen.say("cases.about")))
        rows = [
            ("facts", screen.listed([words.fact(screen, f) for f in case.facts])),
            ("content", case.content),
            ("kind", screen.pick(disposal.KINDS[case.kind]) if case.kind in disposal.KINDS else case.kind),
            ("channel", _channel(screen, case)),
            ("received", blocks.moment(case.received_at) if case.received_at else ""),
            ("domain", screen.listed([words.domain(screen, d) for d in case.domains])),
            ("place", screen.listed([screen.unit(u) for u in case.units])),
            ("owner", screen.department(case.owner) if case.owner else screen.say("cases.nobody")),
            ("others", screen.listed([screen.department(d) for d in case.others])),
            ("assignee", case.assignee),
            ("closing", screen.pick(disposal.CLOSINGS.titles[case.closing]) if case.closing else ""),
        ]
        st.html(
            tag(
                "dl", *(join([tag("dt", screen.say(f"cases.{n}")), tag("dd", v)]) for n, v in rows if v), cls="pw-facts"
            )
        )
        _procedure(screen, case)


def _channel(screen: Screen, case: Case) -> Html | str:
    told = (
        screen.pick(disposal.CHANNEL_TITLES[case.channel]) if case.channel in disposal.CHANNEL_TITLES else case.channel
    )
    if case.kind == "warning":
        return join([told, " ", to_warning(case.channel_ref, case.channel_ref)])
    if case.channel == hot.CHANNEL:
        return to_hotspot(case.channel_ref, screen.say("cases.from_hotspot"))
    return f"{told} {case.channel_ref}".strip()


def _procedure(screen: Screen, case: Case) -> None:
    found = screen.house.rulebook().procedure(case)
    if not found:
        return
    with st.expander(screen.say("cases.procedure")):
        st.html(
            tag("p", tag("b", screen.pick(found.first_action)), tag("small", f" {found.basis.source}"), cls="pw-note")
        )
        st.html(
            tag("ol", *(tag("li", screen.pick(s.text)) for s in found.steps if not s.levels or case.level in s.levels))
        )
        if found.close_when:
            st.html(
                tag(
                    "p",
                    tag("b", screen.say("cases.close_when")),
                    screen.listed([screen.pick(t) for t in found.close_when]),
                    cls="pw-note",
                )
            )


def clocks(screen: Screen, case: Case) -> None:
    """Each limit that runs or ran: until when, by which rule, paused and extended or not."""
    if not case.clocks:
        return
    at = now()
    with st.container(key="card-case-clocks"):
        st.html(blocks.heading(screen.say("cases.clocks")))
        head = [screen.say(f"cases.{n}") for n in ("limit", "until", "stands", "basis")]
        rows = []
        for clock in sorted(case.clocks, key=lambda c: (not c.runs, c.due_at is None, c.due_at)):
            rule = disposal.LIMITS[clock.rule]
            until = words.day(clock.due_at) if clock.due_at else screen.say("cases.light_unknown")
            unsure = tag("small", screen.say("cases.unconfirmed")) if clock.why else None
            name = _stands(clock, at)
            rows.append([
                join([tag("b", screen.pick(rule.title)), tag("small", screen.say("cases.extended", n=clock.extended)) if clock.extended else None]),
                join([until, unsure]), words.light(screen, name), join([tag("span", clock.level, cls="pw-basis"), tag("small", clock.basis)]),
            ])  # fmt: skip
        st.html(html_table(head, rows, cls="pw-stack", alt=screen.say("cases.clocks")))
        for why in dict.fromkeys(screen.pick(c.why) for c in case.clocks if c.why):
            st.html(blocks.note(why))


def _stands(clock: Clock, at: datetime) -> str:
    """How a limit stands or ended: one that was overrun stays late, whenever it was caught up with."""
    if clock.overran(at):
        return "overdue" if clock.runs else "caught_up"
    if not clock.runs:
        return "kept"
    return "paused" if clock.standing == "paused" else "fine" if clock.due_at else "unknown"


def systems(screen: Screen, case: Case) -> None:
    """The three systems' checks that the penalty decided in the case breaks."""
    if not case.penalty.get("decided_on"):
        return
    found = disposal.broken(pd.DataFrame([disposal.of_case(case)]), today(), screen.house.calendar())
    titles = {c.code: c for c in disposal.CHECKS}
    with st.container(key="card-case-systems"):
        st.html(blocks.heading(screen.say("cases.systems")))
        if not found:
            st.html(blocks.note(screen.say("cases.systems_kept"), "good"))
        lines = [
            tag("li", join([blocks.level(b.level, screen.language), " ", tag("b", f"{b.check} {screen.pick(titles[b.check].title)}")]),
                tag("small", titles[b.check].basis))
            for b in found
        ]  # fmt: skip
        st.html(tag("ul", *lines, cls="pw-list"))


def story(screen: Screen, case: Case) -> None:
    """Everything that happened, the newest first: who, when, what, why, with which files."""
    files = {f["id"]: f for f in disposal.attachments(screen.desk, case.subject_id, case.id)}
    with st.container(key="card-case-story"):
        st.html(blocks.heading(screen.say("cases.story"), screen.say("cases.story_note", n=case.version)))
        items = []
        for event in reversed(disposal.history(screen.desk, case)):
            names = [files[f]["name"] for f in event.files if f in files]
            to = screen.department(event.department) if event.department else None
            items.append(tag(
                "li", tag("b", screen.pick(disposal.TITLES.get(event.act) or disposal.STATES[event.state])), tag("span", f" → {words.state(screen, event.state)}"),
                tag("small", " · ".join(x for x in (blocks.moment(event.at), event.by, to) if x)),
                tag("p", event.reason) if event.reason else None,
                tag("small", screen.say("cases.files", names=screen.listed(names))) if names else None,
            ))  # fmt: skip
        st.html(tag("ul", *items, cls="pw-story"))
        _files(screen, case, list(files.values()))


def _files(screen: Screen, case: Case, files: list[dict]) -> None:
    if not files:
        return
    with st.popover(screen.say("cases.take_files", n=len(files))):
        for file in files:
            st.download_button(
                file["name"], file_name=file["name"], key=f"file-{file['id']}", on_click="ignore",
                data=partial(_bytes, screen, case, file["id"]),
            )  # fmt: skip


def _bytes(screen: Screen, case: Case, file: str) -> bytes:
    """The attachment, when it is asked for: each look is in the audit."""
    _, path = disposal.file_of(screen.desk, case.subject_id, case.id, file)
    return path.read_bytes()
