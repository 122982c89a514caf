"""Why here: the subjects at risk behind one hot place, what is wrong with them, and who acts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.store import shelf
from ui import blocks
from ui.hotspots.found import Seen, name_of
from ui.html import join, tag
from ui.html import table as html_table
from ui.links import to_subject
from ui.screen import Screen

SUBJECTS = 15
LOOKED_THROUGH = 400  # warnings of the street


def pick(screen: Screen, seen: Seen) -> Any:
    """The place looked at: of the hot ones, by its name; it stands in the address (`?place=…`)."""
    if seen.hot.empty:
        return None
    rows = {r["place"]: r for r in seen.hot.to_dict("records")}
    asked = st.query_params.get("place")
    if st.session_state.get("hot-place") not in rows:
        st.session_state["hot-place"] = asked if asked in rows else next(iter(rows))
    with st.container(key="card-hot-one"):
        st.html(blocks.heading(screen.say("hotspots.why")))
        chosen = st.selectbox(
            screen.say("hotspots.why"), list(rows), key="hot-place", label_visibility="collapsed",
            format_func=lambda p: f"{name_of(screen, rows[p])} · {screen.unit(rows[p]['report_unit'])}",
        )  # fmt: skip
        st.query_params["place"] = chosen
        one(screen, seen, rows[chosen])
    return rows[chosen]


def one(screen: Screen, seen: Seen, row: Any) -> None:
    """The place in a sentence, the indicators that are red or orange there with who acts, then the subjects."""
    st.html(tag("p", screen.say(
        "hotspots.why_said", name=name_of(screen, row), subjects=f"{row['subjects']:,}", observed=f"{row['observed']:,.0f}",
        expected=f"{row['expected']:,.1f}", ratio=f"{row['ratio']:.1f}", low=f"{row['low']:.1f}", high=f"{row['high']:.1f}",
    ), cls="pw-said"))  # fmt: skip
    worst = shelf.worst_subjects(
        screen.desk, domain=seen.run.domain, unit=row["report_unit"], street=row["street_code"], limit=LOOKED_THROUGH
    )
    if worst.empty:
        st.html(blocks.note(screen.say("hotspots.why_none")))
        return
    indicators = {i.code: i for i in screen.house.registry.indicators}
    known = worst[worst["indicator"].isin(indicators)]
    by = known.groupby("indicator")["subject_id"].nunique().sort_values(ascending=False)
    lines = [
        tag("li", join([tag("b", screen.pick(indicators[code].title)), tag("small", screen.department(indicators[code].owner))]),
            tag("span", screen.say("hotspots.subjects_n", n=f"{n:,}")))
        for code, n in by.items()
    ]  # fmt: skip
    st.html(tag("ul", *lines, cls="pw-list"))
    with st.expander(screen.say("hotspots.subjects_of", n=f"{known['subject_id'].nunique():,}")):
        st.html(_subjects(screen, known, indicators))


def _subjects(screen: Screen, known: pd.DataFrame, indicators: dict[str, Any]) -> Any:
    head = [screen.say(f"hotspots.{n}") for n in ("level", "subject", "what")]
    rows = []
    for subject, lines in list(known.groupby("subject_id", sort=False))[:SUBJECTS]:
        first = lines.iloc[0]
        codes = list(dict.fromkeys(lines["indicator"]))
        rows.append([
            blocks.level(first["level"], screen.language),
            to_subject(subject, first["name"] or first["code"] or subject),
            screen.listed([screen.pick(indicators[c].title) for c in codes[:3]]),
        ])  # fmt: skip
    return html_table(head, rows, cls="pw-stack", alt=screen.say("hotspots.subject"))
