"""Why here: one place in a sentence, its past, the subjects behind it with what is wrong, and who acts.

Without a place it is the unit looked at, so that a click on a district is answered, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.domain import Indicator
from pilotwatch.store import hot_points
from ui import blocks
from ui.hotspots import choose, joint, past, words
from ui.hotspots.found import Seen
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.links import to_subject, to_warning
from ui.screen import Screen

SUBJECTS = 15
WARNINGS = 5


@dataclass(frozen=True)
class Behind:
    """The subjects of a place (ids), what is red or orange of them, what a count says, the open warnings on them."""

    subjects: tuple[str, ...]
    wrong: pd.DataFrame
    happened: pd.DataFrame | None
    warned: pd.DataFrame


def one(screen: Screen, seen: Seen) -> None:
    """The place that is chosen: of the hot ones by its name, of all by a click on the map; it stands in the address."""
    if subject := st.session_state.pop("hot-subject", None):
        screen.go("subject", subject=subject)
    rows = {r["place"]: r for r in seen.places.to_dict("records")}
    chosen = _chosen(seen, rows)
    if chosen is None:
        return
    row = rows[chosen]
    with st.container(key="card-hot-one"):
        st.html(blocks.heading(screen.say("hotspots.why" if row["hot"] else "hotspots.why_quiet")))
        options = list(dict.fromkeys([*seen.hot["place"], chosen]))
        st.selectbox(
            screen.say("hotspots.why"), options, key=choose.PLACE, label_visibility="collapsed",
            format_func=lambda p: " · ".join(filter(None, (w(screen, seen.run.layer, rows[p]) for w in (words.place, words.around)))),
        )  # fmt: skip
        st.html(tag("p", _sentence(screen, seen, row), cls="pw-said"))
        past.show(screen, seen, row)
        behind = look(screen, seen, row)
        _indicators(screen, behind)
        _warnings(screen, behind)
        _subjects(screen, seen, behind)
        joint.offer(screen, seen, row, behind)


def _chosen(seen: Seen, rows: dict[str, Any]) -> str | None:
    """What was chosen, else what the address says, else the likeliest of the hot ones, else the unit looked at."""
    first = seen.hot["place"].iloc[0] if len(seen.hot) else seen.view.unit if seen.view.unit in rows else None
    asked = (st.session_state.get(choose.PLACE), st.query_params.get(choose.PLACE), first)
    chosen = next((p for p in asked if p in rows), None)
    if chosen is None:
        st.query_params.pop(choose.PLACE, None)
        return None
    st.session_state[choose.PLACE] = chosen
    st.query_params[choose.PLACE] = chosen
    return chosen


def _sentence(screen: Screen, seen: Seen, row: Any) -> str:
    """What is so of the place; of a quiet one why it is quiet."""
    name, state = words.place(screen, seen.run.layer, row), row["state"]
    values = {"name": name, "subjects": f"{row['subjects']:,}", "xpcc": f"{row['xpcc']:,}"}
    if state in ("hot", "found") and pd.notna(row["ratio"]):
        said = screen.say(
            "hotspots.why_said", **values, observed=f"{row['observed']:,.0f}", expected=f"{row['expected']:,.1f}",
            ratio=f"{row['ratio']:.1f}", low=f"{row['low']:.1f}", high=f"{row['high']:.1f}",
        )  # fmt: skip
        return said if state == "hot" else said + screen.say("hotspots.why_not_hot")
    return screen.say(f"hotspots.why_{state}", **values)


# --- what is behind it ---------------------------------------------------------------------------------------------


def look(screen: Screen, seen: Seen, row: Any) -> Behind:
    desk, run = screen.desk, seen.run
    ids = tuple(_members(screen, seen, row))
    happened = None
    if run.since is not None:
        happened = hot_points.happened(desk, run.domain, run.measure, run.since, run.on_day, ids)
    return Behind(
        ids, hot_points.wrong(desk, run.domain, ids), happened, hot_points.warned(desk, run.domain, ids)
    )  # fmt: skip


def _members(screen: Screen, seen: Seen, row: Any) -> list[str]:
    """The subjects of a place under the city; those of a cell by their own points."""
    domain, layer = seen.run.domain, seen.run.layer
    if layer not in words.CELLS:
        named = {"street": row["place"]} if layer == "streets" else {"unit": row["place"]}
        found = hot_points.members(screen.desk, hot_points.Where(domain, **named))
    else:
        from h3 import cell_to_boundary, get_resolution, latlng_to_cell

        corners = cell_to_boundary(row["place"])
        lat, lng = ([c[i] for c in corners] for i in (0, 1))
        box = (min(lng), min(lat), max(lng), max(lat))
        found = hot_points.points(screen.desk, hot_points.Where(domain, box=box))
        level = get_resolution(row["place"])
        within = [latlng_to_cell(y, x, level) == row["place"] for x, y in zip(found["lng"], found["lat"], strict=True)]
        found = found[within] if len(found) else found
    return found.loc[found["jurisdiction"] != "xpcc", "subject_id"].tolist()


def _indicators(screen: Screen, behind: Behind) -> None:
    """Which indicators are red or orange there, of how many subjects, and who acts."""
    known = _known(screen)
    by = behind.wrong.groupby("indicator")["subject_id"].nunique().sort_values(ascending=False)
    lines = [
        tag("li", tag("b", screen.pick(known[code].title)), tag("span", screen.say("hotspots.subjects_n", n=f"{n:,}")),
            tag("small", screen.department(known[code].owner)))
        for code, n in by.items() if code in known
    ]  # fmt: skip
    st.html(tag("ul", *lines, cls="pw-list") if lines else blocks.note(screen.say("hotspots.why_none")))


def _warnings(screen: Screen, behind: Behind) -> None:
    """The open warnings on subjects there, the worst first."""
    if behind.warned.empty:
        return
    known = _known(screen)
    rows = behind.warned.head(WARNINGS).to_dict("records")
    lines = [
        [
            blocks.level(r["level"], screen.language), to_warning(r["number"], r["number"]),
            join([tag("b", r["name"] or r["code"] or r["subject_id"]), tag("small", screen.pick(known[r["indicator"]].title) if r["indicator"] in known else r["indicator"])]),
        ]
        for r in rows
    ]  # fmt: skip
    more = len(behind.warned) - len(rows)
    st.html(
        blocks.heading(
            screen.say("hotspots.warned"), screen.say("hotspots.warned_more", n=f"{more:,}") if more else None
        )
    )
    head = [screen.say(f"hotspots.{n}") for n in ("level", "number", "subject")]
    st.html(html_table(head, lines, cls="pw-stack", alt=screen.say("hotspots.warned")))


def _subjects(screen: Screen, seen: Seen, behind: Behind) -> None:
    n = behind.wrong["subject_id"].nunique()
    counted = behind.happened is not None and len(behind.happened)
    if not n and not counted:
        return
    with st.expander(screen.say("hotspots.subjects_of", n=f"{n:,}", all=f"{len(behind.subjects):,}")):
        if counted:
            days = (seen.run.on_day - seen.run.since + timedelta(1)).days
            st.html(
                blocks.note(
                    screen.say(
                        "hotspots.happened", what=words.measures(screen, seen.view.domain)[seen.view.measure], days=days
                    )
                )
            )
            head = [screen.say("hotspots.subject"), screen.say("hotspots.times")]
            lines = [
                [to_subject(r["subject_id"], r["name"] or r["code"] or r["subject_id"]), f"{r['n']:,}"]
                for r in behind.happened.head(SUBJECTS).to_dict("records")
            ]
            st.html(html_table(head, lines, numeric=(1,), cls="pw-stack", alt=screen.say("hotspots.subject")))
        if n:
            st.html(_levels(screen, behind.wrong))


def _levels(screen: Screen, wrong: pd.DataFrame) -> Html:
    known = _known(screen)
    head = [screen.say(f"hotspots.{n}") for n in ("level", "subject", "what")]
    rows = []
    for subject, lines in list(wrong.groupby("subject_id", sort=False))[:SUBJECTS]:
        first, codes = lines.iloc[0], [c for c in dict.fromkeys(lines["indicator"]) if c in known]
        rows.append([
            blocks.level(first["level"], screen.language), to_subject(subject, first["name"] or first["code"] or subject),
            screen.listed([screen.pick(known[c].title) for c in codes[:3]]),
        ])  # fmt: skip
    return html_table(head, rows, cls="pw-stack", alt=screen.say("hotspots.subject"))


def _known(screen: Screen) -> dict[str, Indicator]:
    return {i.code: i for i in screen.house.registry.indicators}
