"""One unit and domain of the month: what was decided, what has moved since, and which batches it came with."""

from __future__ import annotations

import streamlit as st

from pilotwatch.figures.ask import measures_of
from pilotwatch.review.approvals import Shown
from pilotwatch.store.approvals import Cell, Decision, batches_of, decisions
from ui import address, blocks
from ui.approvals.board import Found, badge
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen
from ui.trends import shown as value_of


def show(screen: Screen, found: Found) -> None:
    if not found.units:
        return
    with st.container(key="card-approvals-one"):
        st.html(blocks.heading(screen.say("approvals.one")))
        with st.container(horizontal=True, gap="medium"):
            units = {u: screen.unit(u) for u in found.units}
            unit = found.units[0]
            if len(units) > 1:
                unit = address.select("unit", units, screen.say("approvals.unit")) or unit
            groups = {g: screen.pick(t) for g, t in found.groups.items()}
            group = address.select("of", groups, screen.say("approvals.group")) or next(iter(groups))
        cell = Cell(group, unit, found.month)
        shown = found.cells[cell]
        st.html(tag("p", badge(screen, shown.standing), " ", tag("b", f"{units[unit]} · {groups[group]}")))
        _decided(screen, decisions(screen.desk, domain=group, unit=unit, months=[found.month]).get(cell, ()))
        _moved(screen, shown)
        _batches(screen, cell)


def _decided(screen: Screen, every: tuple[Decision, ...]) -> None:
    if not every:
        st.html(blocks.note(screen.say("approvals.nothing_yet")))
        return
    head = [screen.say(f"approvals.{n}") for n in ("at", "act", "by", "said")]
    rows = [
        [
            tag("span", blocks.moment(d.at), cls="pw-nowrap"),
            screen.say(f"approvals.act_{d.kind}"),
            d.by_name,
            _said(screen, d),
        ]
        for d in reversed(every)
    ]
    st.html(html_table(head, rows, cls="pw-stack", alt=screen.say("approvals.decided")))


def _said(screen: Screen, one: Decision) -> Html:
    until = tag("small", screen.say("approvals.let_in_until", at=blocks.moment(one.until))) if one.until else None
    return join([one.remark or "—", " " if until else None, until])


def _moved(screen: Screen, shown: Shown) -> None:
    """The difference from the figures that were approved or accepted."""
    if shown.moved is None:
        return
    if not shown.moved:
        st.html(blocks.note(screen.say("approvals.same"), "good"))
        return
    measures = {c: m for c, (_, m) in measures_of(screen.house.registry).items()}
    head = [screen.say(f"approvals.{n}") for n in ("measure", "kept", "now")]
    rows = [
        [
            join([tag("b", screen.pick(measures[m.code].title)), tag("small", f" {m.code}")])
            if m.code in measures
            else m.code,
            *(_numbers(screen, measures.get(m.code), n) for n in (m.kept, m.now)),
        ]
        for m in shown.moved
    ]
    st.html(join([tag("p", screen.say("approvals.differs", n=len(rows)), cls="pw-bad-ink"),
                  html_table(head, rows, numeric=(1, 2), cls="pw-stack", alt=screen.say("approvals.differs", n=len(rows)))]))  # fmt: skip


def _numbers(screen: Screen, measure: object, numbers: tuple) -> Html:
    top, under, value = numbers
    if value is None or measure is None:
        return tag("span", "—")
    parts = tag("small", f" {top:,.10g} / {under:,.10g}") if top is not None and under is not None else None
    return join([value_of(measure, value, screen), parts])


def _batches(screen: Screen, cell: Cell) -> None:
    lines = batches_of(screen.desk, cell)
    if not lines:
        st.html(blocks.note(screen.say("approvals.no_batch")))
        return
    with st.expander(screen.say("approvals.batches", n=len(lines))):
        head = [screen.say(f"approvals.{n}") for n in ("at", "file", "by")]
        rows = [[tag("span", blocks.moment(b.at), cls="pw-nowrap"), b.file, b.by_name] for b in lines]
        st.html(html_table(head, rows, cls="pw-stack", alt=screen.say("approvals.batches", n=len(lines))))
