"""What was found: the answer in a sentence and in tiles, the hot places, the units with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pilotwatch.disposal.hot import ref_of
from pilotwatch.store import hotspots as shelf
from pilotwatch.store.hotspots import Run
from ui import blocks
from ui.hotspots import words
from ui.hotspots.choose import View
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.links import to_hotspot
from ui.screen import Screen

LISTED = 12  # hot places that are told at once
QUIET = 6  # of those that nobody inspected


@dataclass(frozen=True)
class Seen:
    """A test with its places in scope, in the unit looked at; the hot ones, the likeliest first."""

    view: View
    run: Run
    places: pd.DataFrame
    hot: pd.DataFrame


def load(screen: Screen, view: View) -> Seen | None:
    """None where nothing has been tested yet; the page then says how it comes to be."""
    if view.run is None:
        st.html(blocks.empty(screen.say("hotspots.empty"), screen.say("hotspots.empty_body")))
        if st.button(screen.say("hotspots.test_now"), type="primary"):
            with st.spinner(screen.say("hotspots.testing")):
                from pilotwatch.hotspots import keep

                house = screen.house
                keep.update(house.store, house.registry, house.places, domain=view.domain.name)
            st.rerun()
        return None
    return of(screen, view, view.run)


def of(screen: Screen, view: View, run: Run) -> Seen:
    places = shelf.places(screen.desk, run.domain, run.measure, run.layer, run.period)
    if view.unit:
        places = places[places["report_unit"] == view.unit].reset_index(drop=True)
    return Seen(view, run, places, places[places["hot"]].sort_values(["p", "place"], ignore_index=True))


def judge(screen: Screen, seen: Seen) -> None:
    run, hot, places = seen.run, seen.hot, seen.places
    where = screen.where(seen.view.unit)
    what = words.measures(screen, seen.view.domain)[seen.view.measure]
    layer = words.layer(screen, run.layer)
    if hot.empty:
        said = screen.say("hotspots.judge_none", where=where, what=what, n=f"{len(places):,}", layer=layer)
    else:
        names = screen.listed([words.place(screen, run.layer, r) for r in hot.head(3).to_dict("records")])
        said = screen.say("hotspots.judge", where=where, what=what, n=f"{len(hot):,}", layer=layer, names=names)
    st.html(tag("p", said, cls="pw-judge"))
    observed, at_risk = places["observed"].sum(), places["at_risk"].sum()
    city = run.observed / run.subjects if run.subjects else np.nan
    unit = "%" if run.since is None else screen.say("hotspots.cases")
    in_hot = hot["observed"].sum() / observed if observed else np.nan
    st.html(
        blocks.tiles(
            blocks.tile(screen.say("hotspots.hot"), f"{len(hot):,}", screen.say("hotspots.of", n=f"{len(places):,}"),
                        [screen.say("hotspots.tested_at", day=f"{run.on_day:%Y-%m-%d}")], cls="pw-tile-red" if len(hot) else ""),
            blocks.tile(screen.say("hotspots.rate"), _per_100(observed, at_risk), unit, [screen.say("hotspots.city_rate", rate=f"{100 * city:.1f}", unit=unit)]),
            blocks.tile(screen.say("hotspots.in_hot"), "—" if np.isnan(in_hot) else f"{100 * in_hot:.0f}", "%", [screen.say("hotspots.in_hot_note", share=_share_of_subjects(seen))]),
            _unlooked(screen, seen),
        )
    )  # fmt: skip
    _headline(screen, seen)


def _unlooked(screen: Screen, seen: Seen) -> Html:
    """Where nobody was in the year before: that nothing was found there says nothing."""
    quiet = seen.places[seen.places["state"] == "not_inspected"]
    note = screen.say(
        "hotspots.unlooked_note", subjects=f"{quiet['subjects'].sum():,}", unplaced=f"{seen.run.unplaced:,}"
    )
    return blocks.tile(
        screen.say("hotspots.unlooked"), f"{len(quiet):,}", screen.say("hotspots.of", n=f"{len(seen.places):,}"), [note]
    )


def _per_100(observed: float, at_risk: float) -> str:
    return f"{100 * observed / at_risk:.1f}" if at_risk else "—"


def _share_of_subjects(seen: Seen) -> str:
    total = seen.places["subjects"].sum()
    return f"{100 * seen.hot['subjects'].sum() / total:.0f}" if total else "0"


def _headline(screen: Screen, seen: Seen) -> None:
    """The one cluster whose p covers every window that was looked through, where there is one."""
    if seen.run.layer != "streets":
        return
    first = next((c for c in seen.run.headline if c["p"] <= 0.05), None)
    if first:
        said = screen.say(
            "hotspots.headline", names=_streets(screen, first), n=len(first["places"]), observed=f"{first['observed']:,.0f}",
            expected=f"{first['expected']:,.1f}", ratio=f"{first['ratio']:.1f}", p=f"{first['p']:.3f}",
        )  # fmt: skip
        st.html(blocks.note(said, "warn"))
    elif seen.run.elsewhere:
        st.html(blocks.note(screen.say("hotspots.elsewhere")))
    for start in [s for s in seen.run.started if s["p"] <= 0.05][:1]:
        said = screen.say(
            "hotspots.started", names=_streets(screen, start), n=len(start["places"]), weeks=start["weeks"],
            observed=f"{start['observed']:,.0f}", expected=f"{start['expected']:,.1f}", every=_every(screen, start["recurrence_weeks"]),
        )  # fmt: skip
        st.html(blocks.note(said, "warn"))


def _streets(screen: Screen, cluster: Mapping[str, Any]) -> str:
    streets = screen.house.places.streets
    return screen.listed([streets[p["place"]].name for p in cluster["places"][:4] if p["place"] in streets])


def _every(screen: Screen, weeks: float) -> str:
    """How seldom chance alone gives as much."""
    return (
        screen.say("hotspots.every_years", n=f"{weeks / 52:.0f}")
        if weeks >= 104
        else screen.say("hotspots.every_weeks", n=f"{weeks:.0f}")
    )


def hot_places(screen: Screen, seen: Seen) -> None:
    """The hot places, the likeliest first: how many, how many were expected, how sure, and what became of it."""
    with st.container(key="card-hot"):
        note = screen.say("hotspots.below", n=len(seen.hot) - LISTED) if len(seen.hot) > LISTED else None
        st.html(blocks.heading(screen.say("hotspots.list"), note))
        if seen.hot.empty:
            st.html(blocks.note(screen.say("hotspots.list_none")))
            return
        head = [screen.say(f"hotspots.{n}") for n in ("where", "observed", "expected", "ratio", "course")]
        rows = [
            [
                join([_to(screen, seen, r), tag("small", words.around(screen, seen.run.layer, r))]),
                f"{r['observed']:,.0f}", f"{r['expected']:,.1f}", _times(r), words.course(screen, r["course"]),
            ]
            for r in seen.hot.head(LISTED).to_dict("records")
        ]  # fmt: skip
        st.html(html_table(head, rows, numeric=(1, 2, 3), cls="pw-stack", alt=screen.say("hotspots.list")))


def _to(screen: Screen, seen: Seen, row: Any) -> Html:
    """A place's name as a link to it in this view."""
    return to_hotspot(ref_of(seen.run, row["place"]), words.place(screen, seen.run.layer, row), unit=seen.view.unit)


def quiet_places(screen: Screen, seen: Seen) -> None:
    """Where nobody was in the year before, those with most subjects first: an empty map there means nothing."""
    quiet = seen.places[seen.places["state"] == "not_inspected"].sort_values(
        ["subjects", "place"], ascending=[False, True]
    )
    if quiet.empty:
        return
    with st.container(key="card-hot-quiet"):
        note = screen.say("hotspots.quiet_below", n=f"{len(quiet) - QUIET:,}") if len(quiet) > QUIET else None
        st.html(blocks.heading(screen.say("hotspots.quiet"), note))
        lines = [
            tag("li", _to(screen, seen, r), tag("span", screen.say("hotspots.quiet_n", n=f"{r['subjects']:,}")),
                tag("small", words.around(screen, seen.run.layer, r)))
            for r in quiet.head(QUIET).to_dict("records")
        ]  # fmt: skip
        st.html(tag("ul", *lines, cls="pw-list"))


def _times(row: Any) -> Html:
    """A ratio with its exact limits."""
    return join([tag("b", f"{row['ratio']:.1f}"), tag("small", f"{row['low']:.1f}–{row['high']:.1f}")])


def units(screen: Screen, seen: Seen) -> None:
    """The reporting units held against the city: ratios with exact intervals, never a bare rank, never Gi*. 甘泉堡 is a unit
    by itself and in no other; what is under the XPCC is in none."""
    run = seen.run
    if seen.view.unit or not run.subjects:
        return
    rows = shelf.places(screen.desk, run.domain, run.measure, "units", run.period)
    rows = rows[rows["subjects"] > 0].sort_values("ratio", ascending=False, na_position="last", ignore_index=True)
    if rows.empty:
        return
    from pilotwatch.hotspots import funnel  # with all it needs: after what is told first

    inner, outer = (funnel(rows["expected"].fillna(0).to_numpy(), level) for level in (0.95, 0.998))
    with st.container(key="card-units"):
        st.html(blocks.heading(screen.say("hotspots.units"), screen.say("hotspots.units_note")))
        head = [screen.say(f"hotspots.{n}") for n in ("unit", "observed", "expected", "interval", "verdict", "xpcc")]
        lines = []
        for i, row in enumerate(rows.to_dict("records")):
            verdict = _verdict(row["ratio"], [edge[i] for edge in (outer[0], inner[0], inner[1], outer[1])])
            lines.append([
                tag("b", screen.unit(row["place"])), f"{row['observed']:,.0f}", f"{row['expected']:,.1f}",
                _interval(row["ratio"], row["low"], row["high"]), screen.say(verdict), f"{row['xpcc']:,}" if row["xpcc"] else "",
            ])  # fmt: skip
        st.html(html_table(head, lines, numeric=(1, 2, 5), cls="pw-stack pw-ratios", alt=screen.say("hotspots.units")))


_VERDICTS = (
    "hotspots.funnel_out_low", "hotspots.funnel_edge_low", "hotspots.funnel_in", "hotspots.funnel_edge_high",
    "hotspots.funnel_out_high",
)  # fmt: skip


def _verdict(value: float, edges: list[float]) -> str:
    """Where a ratio lies among the funnel's edges: of 99.8 and 95 % below, of 95 and 99.8 % above."""
    low_out, low, high, high_out = edges
    beyond = int(value < low) + int(value < low_out)
    above = int(value > high) + int(value > high_out)
    return _VERDICTS[2 - beyond + above]


def _interval(value: float, low: float, high: float) -> Html:
    """A ratio as a point on a line from 0 to 3, with its limits as a bar; 1 is the city."""
    if np.isnan(value):
        return Html("—")
    at = [min(max(v / 3, 0.0), 1.0) * 100 for v in (low, high, value)]
    bar = tag("i", style=f"left:{at[0]:.1f}%;width:{max(at[1] - at[0], 0.8):.1f}%")
    return tag("div", tag("span", bar, tag("u"), tag("b", style=f"left:{at[2]:.1f}%"), cls="pw-ratio"),
               tag("small", f"{value:.2f}（{low:.2f}–{high:.2f}）"), cls="pw-ratio-cell")  # fmt: skip
