"""风险分级: the published grid of credit class × risk class with how many are in each cell, and who comes first."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from pilotwatch import risk
from ui import blocks, links
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.scorecard import percent
from ui.screen import Screen

_FIRST = 15


def show(screen: Screen, domain: str | None) -> None:
    cells = risk.cells(screen.desk)
    cells = cells[cells["domain"] == domain] if domain else cells
    if cells.empty:
        st.html(blocks.empty(screen.say("scorecard.no_risk"), screen.say("scorecard.no_risk_body")))
        return
    by = cells.groupby("risk_class")["subjects"].sum()
    counts = {"n": f"{by.sum():,}", "d": f"{by.get('D', 0):,}", "c": f"{by.get('C', 0):,}"}
    st.html(tag("p", screen.say("scorecard.risk_judge", **counts), cls="pw-judge"))
    left, right = st.columns([9, 11])
    with left, st.container(key="card-grid"):
        title = blocks.heading(screen.say("scorecard.grid"))
        st.html(
            join(
                [
                    title,
                    _grid(screen, cells),
                    blocks.note(screen.say("scorecard.grid_note")),
                    blocks.note(risk.BASIS.source),
                ]
            )
        )
    with right, st.container(key="card-foremost"):
        title = blocks.heading(screen.say("scorecard.foremost"), screen.say("scorecard.foremost_note"))
        head = [
            screen.say(f"scorecard.{n}") for n in ("subject", "score", "classes", "consequence", "priority", "place")
        ]
        rows = _foremost(screen, risk.foremost(screen.desk, domain, limit=_FIRST))
        st.html(
            join(
                [title, html_table(head, rows, numeric=(1, 3, 4), cls="pw-stack", alt=screen.say("scorecard.foremost"))]
            )
        )


def _grid(screen: Screen, cells: pd.DataFrame) -> Html:
    counts = cells.groupby(["credit_class", "risk_class"])["subjects"].sum()
    credits = [*risk.CLASSES, *([""] if "" in counts.index.get_level_values(0) else [])]
    head = ["", *(screen.say("scorecard.risk_class", name=r) for r in risk.CLASSES)]
    rows = []
    for credit in credits:
        named = screen.say("scorecard.credit_class", name=credit) if credit else screen.say("scorecard.no_credit")
        rows.append(
            [tag("b", named), *(_cell(screen, credit, r, int(counts.get((credit, r), 0))) for r in risk.CLASSES)]
        )
    return html_table(head, rows, cls="pw-grid", alt=screen.say("scorecard.grid"))


def _cell(screen: Screen, credit: str, risk_class: str, count: int) -> Html:
    found = risk.frequency(credit, risk_class)
    said = (
        screen.say("scorecard.cell_ratio", ratio=percent(found.ratio)),
        screen.say("scorecard.cell_visits", visits=found.most_visits),
    )
    worst = max(credit or "A", risk_class)
    return tag(
        "div", tag("strong", f"{count:,}"), *(tag("small", part) for part in said), cls=f"pw-cell pw-class-{worst}"
    )


def _foremost(screen: Screen, rows: pd.DataFrame) -> Iterator[list[object]]:
    for row in rows.to_dict("records"):
        yield [
            join([links.to_subject(row["subject_id"], row["name"] or row["code"] or "—"), tag("small", screen.pick(screen.house.registry.domain(row["domain"]).title))]),
            f"{row['score']:g}",
            f"{row['risk_class']} / {row['credit_class'] or '—'}",
            str(row["consequence"]),
            f"{row['priority']:g}",
            screen.unit(row["report_unit"]),
        ]  # fmt: skip
