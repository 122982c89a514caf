"""One task of one unit: its text, what the figures say, what was told of it, and telling more."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pilotwatch.figures.ask import measures_of
from pilotwatch.reform import NAME as REFORM
from pilotwatch.review import policy
from pilotwatch.review.policy import KINDS, Task
from pilotwatch.store.policy import PolicySaid, policy_entries
from pilotwatch.workdays import today
from ui import address, blocks, cache
from ui.acting import attempt
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.policy.board import Found, badge
from ui.screen import Screen
from ui.trends import shown as value_of


def show(screen: Screen, found: Found) -> None:
    if not found.units:
        return
    with st.container(key="card-policy-one"):
        st.html(blocks.heading(screen.say("policy.one")))
        with st.container(horizontal=True, gap="medium"):
            titles = {t.number: f"{t.number} {screen.pick(t.title)}" for t in found.tasks}
            number = address.select("task", titles, screen.say("policy.task"), width=340) or found.tasks[0].number
            units = {u: screen.unit(u) for u in found.units}
            unit = found.units[0]
            if len(units) > 1:
                unit = address.select("unit", units, screen.say("policy.unit")) or unit
        task = next(t for t in found.tasks if t.number == number)
        standing = found.standings[number, unit]
        st.html(join([tag("p", badge(screen, standing), " ", tag("b", screen.unit(unit))), blocks.note(task.text)]))
        _figures(screen, task, unit)
        entries = policy_entries(screen.desk, task=number, unit=unit)
        _told(screen, entries)
        if screen.person.may("approve"):
            _tell(screen, number, unit)
            _take_back(screen, [e for e in entries if e.withdrawn is None])


def _figures(screen: Screen, task: Task, unit: str) -> None:
    """What the system knows itself of this year, next to what is told."""
    found = cache.results(screen.desk, REFORM, unit, f"{today().year}")
    measures = {c: m for c, (_, m) in measures_of(screen.house.registry).items()}
    cells = [
        tag("div", tag("span", screen.pick(line.title), cls="pw-tile-label"), tag("b", value_of(measures[line.code], line.value, screen)),
            blocks.level(line.level, screen.language) if line.target and line.level else None)
        for line in found.lines if line.code in task.measures
    ]  # fmt: skip
    if "risk" in task.measures and found.risk[0] is not None:
        cells.append(
            tag("div", tag("span", screen.say("policy.risk"), cls="pw-tile-label"), tag("b", f"{found.risk[0]:.1f}"))
        )
    if cells:
        st.html(
            join(
                [
                    tag("p", screen.say("policy.known", year=today().year), cls="pw-dim"),
                    tag("div", *cells, cls="pw-strip"),
                ]
            )
        )
    else:
        st.html(blocks.note(screen.say("policy.nothing_known")))


def _told(screen: Screen, entries: Sequence[PolicySaid]) -> None:
    if not entries:
        st.html(blocks.empty(screen.say("policy.none"), screen.say("policy.none_body")))
        return
    head = [screen.say(f"policy.{n}") for n in ("day", "kind", "text", "by")]
    st.html(
        html_table(
            head, [_line(screen, e) for e in reversed(entries)], cls="pw-stack", alt=screen.say("policy.entries")
        )
    )


def _line(screen: Screen, entry: PolicySaid) -> list[object]:
    gone = (
        tag("small", screen.say("policy.withdrawn", reason=entry.withdrawn), cls="pw-bad-ink")
        if entry.withdrawn
        else None
    )
    return [
        tag("s" if gone else "span", f"{entry.day:%Y-%m-%d}", cls="pw-nowrap"),
        screen.pick(KINDS[entry.kind]),
        join([entry.text, tag("small", entry.document) if entry.document else None, gone]),
        _made(entry),
    ]  # fmt: skip


def _made(entry: PolicySaid) -> Html:
    return join([entry.by, tag("small", blocks.moment(entry.at), cls="pw-nowrap") if entry.at else None])


def _tell(screen: Screen, number: str, unit: str) -> None:
    with st.expander(screen.say("policy.tell", unit=screen.unit(unit))), st.form(f"tell-{number}-{unit}", border=False):
        kind = st.segmented_control(
            screen.say("policy.kind"),
            list(KINDS),
            default="evidence",
            required=True,
            format_func=lambda k: screen.pick(KINDS[k]),
        )
        day = st.date_input(screen.say("policy.day"), value=today(), format="YYYY-MM-DD", width=170)
        said = st.text_area(screen.say("policy.text"), placeholder=screen.say("policy.text_hint"), max_chars=1000)
        document = st.text_input(
            screen.say("policy.document"), placeholder=screen.say("policy.document_hint"), max_chars=200
        )
        if st.form_submit_button(screen.say("policy.save"), type="primary"):
            data = screen.house.settings.data
            attempt(screen, lambda: policy.tell(screen.desk, data, number, unit, kind, day, said, today(), document))


def _take_back(screen: Screen, entries: Sequence[PolicySaid]) -> None:
    if not entries:
        return
    names = {
        e.id: f"{e.day:%Y-%m-%d} · {screen.pick(KINDS[e.kind])} · {e.text[:30]}" for e in reversed(entries)
    }  # the newest first
    by_id = {e.id: e for e in entries}
    with st.expander(screen.say("policy.take_back")), st.form("policy-back", border=False):
        chosen = st.selectbox(screen.say("policy.which"), list(names), format_func=names.get)
        reason = st.text_input(screen.say("policy.why"), max_chars=200)
        if st.form_submit_button(screen.say("policy.take_back")):
            attempt(screen, lambda: policy.take_back(screen.desk, by_id[chosen], reason, today()))
