"""One indicator's back-test: by level, and the trade-off of its bounds, drawn and in words; what was planted in a demo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pilotwatch.domain import Indicator
from pilotwatch.levels import VALUE
from pilotwatch.scorecard import ENOUGH, USEFUL, Score
from pilotwatch.workdays import today
from ui import blocks, theme
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.indicators import value_of
from ui.scorecard import Found, lead, percent, share
from ui.screen import Screen
from ui.why import amount

_ASKED = "indicator"


def asked(found: Found) -> bool:
    """Whether the address names one of the indicators."""
    return st.query_params.get(_ASKED) in {s.indicator.code for s in found.scores}


def show(screen: Screen, found: Found) -> None:
    """The back-test of the indicator that the address names, or that is chosen here."""
    codes = {s.indicator.code: s for s in found.scores}
    if not codes:
        return
    named = st.query_params.get(_ASKED)
    code = st.selectbox(
        screen.say("scorecard.choose"), list(codes), index=list(codes).index(named) if named in codes else 0, width=420,
        format_func=lambda c: f"{c} {screen.pick(codes[c].indicator.title)}",
    )  # fmt: skip
    if code != named and (named or code != next(iter(codes))):
        st.query_params[_ASKED] = code
    score, tested = codes[code], found.backtest(codes[code])
    left, right = st.columns([9, 11])
    with left, st.container(key="card-levels"):
        _levels(screen, score, tested)
    with right, st.container(key="card-tradeoff"):
        _tradeoffs(screen, score.indicator, tested)


# --- by level ------------------------------------------------------------------------------------------------------


def _levels(screen: Screen, score: Score, tested: dict[str, Any] | None) -> None:
    title = blocks.heading(screen.say("scorecard.levels"), screen.pick(score.indicator.title))
    if tested is None:
        st.html(join([title, blocks.note(screen.say("scorecard.not_tested"))]))
        return
    note = screen.say(
        "scorecard.run_note", first=tested["from"], last=tested["to"], step=tested["step_days"], weeks=tested["horizon_weeks"]
    )  # fmt: skip
    kinds = [screen.pick(i.title) for i in score.domain.incidents if i.code in tested["incidents"]]
    about = (
        screen.say("scorecard.incidents", kinds=screen.listed(kinds)) if kinds else screen.say("scorecard.no_incidents")
    )
    head = [screen.say(f"scorecard.{n}") for n in ("level", "per_week", "precision", "recall", "lead")]
    rows = [
        [
            blocks.level(level, screen.language), f"{row['per_week']:g}", share(screen, row["precision"]),
            share(screen, row["recall"]), lead(screen, row["lead_days"]),
        ]
        for level, row in tested["levels"].items()
    ]  # fmt: skip
    made = html_table(head, rows, numeric=(1, 4), cls="pw-stack pw-scores", alt=screen.say("scorecard.levels"))
    parts: list[Html] = [title, blocks.note(about), made, blocks.note(note)]
    if kinds and tested["chance"]["value"] is not None:
        chances = {n: _or_dash(tested[k]["value"]) for n, k in (("chance", "chance"), ("same", "same_list"))}
        parts.append(blocks.note(screen.say("scorecard.same_list", **chances)))
    st.html(join(parts))


def _or_dash(value: float | None) -> str:
    return "—" if value is None else percent(value)


# --- the trade-off -------------------------------------------------------------------------------------------------


def _tradeoffs(screen: Screen, indicator: Indicator, tested: dict[str, Any] | None) -> None:
    title = blocks.heading(screen.say("scorecard.tradeoff"), indicator.code)
    trades = tested["tradeoffs"] if tested else []
    if not trades:
        said = screen.say("scorecard.no_trade" if tested else "scorecard.not_tested")
        st.html(join([title, blocks.note(said)]))
        return
    st.html(title)
    names = [_title(screen, indicator, t) for t in trades]
    at = 0
    if len(trades) > 1:
        at = st.segmented_control(
            screen.say("scorecard.tradeoff"), range(len(trades)), default=0, required=True, wrap=True,
            key=f"trade-{indicator.code}", format_func=lambda n: names[n], label_visibility="collapsed",
        )  # fmt: skip
    trade = trades[at]
    st.plotly_chart(
        _curve(screen, indicator, trade), config={"displayModeBar": False}, key=f"curve-{indicator.code}-{at}"
    )
    st.html(join([tag("p", _words(screen, indicator, trade, tested["budget"]), cls="pw-said"), blocks.note(screen.say("scorecard.set_it"))]))  # fmt: skip


def _title(screen: Screen, indicator: Indicator, trade: dict[str, Any]) -> str:
    bound = _bound(screen, indicator, trade, trade["current"])
    return screen.say("scorecard.trade_level", level=screen.say(f"level.{trade['level']}"), bound=bound)


def _bound(screen: Screen, indicator: Indicator, trade: dict[str, Any], number: float) -> str:
    """`> 30 天`, `30日内投诉 ≥ 5 件`."""
    sign = {">=": "≥", "<=": "≤"}.get(trade["sign"], trade["sign"])
    if trade["name"] == VALUE:
        return f"{sign} {value_of(number, indicator, today(), screen.language)}"
    named = next(i for i in indicator.inputs if i.name == trade["name"])
    return f"{screen.pick(named.title)} {sign} {amount(number, named.unit)}"


def _words(screen: Screen, indicator: Indicator, trade: dict[str, Any], budget: float) -> str:
    """What would change, or why nothing is proposed."""
    proposed, points = trade["proposed"], {p["bound"]: p for p in trade["points"]}
    now = _bound(screen, indicator, trade, trade["current"])
    if proposed["bound"] is None:
        by_budget = proposed["by_budget"]
        return screen.say(
            f"scorecard.why_{proposed['why']}", **_asked(proposed["why"], trade["level"]), budget=f"{budget:g}",
            **({"by_budget": _bound(screen, indicator, trade, by_budget) if by_budget is not None else "—"} if proposed["why"] == "too_few" else {}),
        )  # fmt: skip
    if proposed["bound"] == trade["current"]:
        return screen.say("scorecard.keep", now=now)
    before, after = points[trade["current"]], points[proposed["bound"]]
    return screen.say(
        "scorecard.change", level=screen.say(f"level.{trade['level']}"), now=now,
        then=_bound(screen, indicator, trade, proposed["bound"]), week_now=f"{before['per_week']:g}",
        week_then=f"{after['per_week']:g}", precision_now=_with_counts(screen, before["precision"]),
        precision_then=_with_counts(screen, after["precision"]), events=before["recall"]["of"],
        caught_now=before["recall"]["hits"], caught_then=after["recall"]["hits"],
    )  # fmt: skip


def _with_counts(screen: Screen, told: dict[str, Any]) -> str:
    """`25 %（10/40）`: how much a share rests on decides how far one goes by it."""
    if not told["of"]:
        return "—"
    counts = screen.say("scorecard.of", hits=told["hits"], of=told["of"])
    return screen.say("scorecard.share_of", share=percent(told["value"]), counts=counts)


def _asked(why: str, level: str) -> dict[str, object]:
    return {"too_few": {"enough": ENOUGH}, "none_will_do": {"useful": percent(USEFUL[level])}}[why]


def _curve(screen: Screen, indicator: Indicator, trade: dict[str, Any]) -> go.Figure:
    """Precision and recall of each bound tried, over the new warnings a week it makes; the bound in force and the one
    proposed marked."""
    colours, points = theme.COLOURS[screen.mode], sorted(trade["points"], key=lambda p: p["bound"])
    shown = [value_of(p["bound"], indicator, today(), screen.language) if trade["name"] == VALUE else f"{p['bound']:g}" for p in points]  # fmt: skip
    at = list(range(len(points)))  # bounds lie unevenly: each gets the same room

    def line(name: str, dash: str, colour: str) -> go.Scatter:
        values = [None if p[name]["value"] is None else 100 * p[name]["value"] for p in points]
        return go.Scatter(
            x=at, y=values, name=screen.say(f"scorecard.{name}"), mode="lines+markers", marker={"size": 5},
            line={"width": 2, "dash": dash, "color": colour}, hovertemplate="%{y:.3g} %",
        )  # fmt: skip

    bars = go.Bar(
        x=at, y=[p["per_week"] for p in points], name=screen.say("scorecard.axis_week"), yaxis="y2",
        marker={"color": colours["accent-soft"], "line": {"width": 0}}, hovertemplate="%{y:.3g}",
    )  # fmt: skip
    figure = go.Figure([bars, line("precision", "solid", colours["accent"]), line("recall", "dot", colours["ink"])])
    ticks = at[:: max(1, len(at) // 8)]
    axis = {"gridcolor": colours["line"], "tickfont": {"color": colours["soft"], "size": 12}, "zeroline": False, "fixedrange": True}  # fmt: skip
    title = {"font": {"size": 12, "color": colours["soft"]}}
    figure.update_layout(
        height=300, margin={"l": 8, "r": 8, "t": 34, "b": 8}, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        hovermode="x unified", dragmode=False, bargap=0.3,
        legend={"orientation": "h", "y": -0.16, "x": 0, "font": {"color": colours["soft"]}},
        xaxis={**axis, "showgrid": False, "tickvals": ticks, "ticktext": [shown[i] for i in ticks]},
        yaxis={**axis, "ticksuffix": " %", "range": [0, _top(points)], "nticks": 5, "tickmode": "auto", "overlaying": "y2", "title": {**title, "text": screen.say("scorecard.axis_share")}},
        yaxis2={**axis, "showgrid": False, "side": "right", "rangemode": "tozero", "title": {**title, "text": screen.say("scorecard.axis_week")}},
    )  # fmt: skip
    for key, number, place in _marks(trade):
        x = next(i for i, p in enumerate(points) if p["bound"] == number)
        text = screen.say(f"scorecard.{key}", bound=shown[x])
        colour = colours["soft"] if key == "current" else colours["good"]
        figure.add_vline(x=x, line={"width": 1.5, "dash": "dash", "color": colour})
        figure.add_annotation(x=x, y=1, yref="paper", yanchor="bottom", xanchor=place, text=text, showarrow=False, font={"color": colour, "size": 13})  # fmt: skip
    return figure


def _top(points: list[dict[str, Any]]) -> float:
    """Where the axis of shares ends: above the highest of them, at most a little over 100."""
    highest = max((p[n]["value"] or 0 for p in points for n in ("precision", "recall")), default=0)
    return 100 * max(1.08 * highest, 0.02)


def _marks(trade: dict[str, Any]) -> Iterator[tuple[str, float, str]]:
    """The bounds that are marked, and on which side of its line each is told."""
    current, proposed = trade["current"], trade["proposed"]["bound"]
    apart = proposed is not None and proposed != current
    yield "current", current, ("left" if apart and current > proposed else "right" if apart else "center")
    if apart:
        yield "proposed", proposed, "right" if current > proposed else "left"


# --- planted -------------------------------------------------------------------------------------------------------


def planted(screen: Screen, found: Found) -> None:
    """Of a demo city: how much of what was planted in it is seen."""
    rows = [r for (_, code), done in found.backtests.items() if code == "*" for r in done["planted"]]
    if not rows:
        return
    titles = {p.kind: screen.pick(p.title) for d in screen.domains for p in d.planted}
    head = [screen.say(f"scorecard.{n}") for n in ("kind", "by", "count", "recall", "precision", "lead")]
    lines = [
        [
            tag("b", titles.get(r["kind"], r["kind"])) if first else "", r["indicator"] or screen.say("scorecard.together"),
            f"{r['planted']:,}", share(screen, r["recall"]), share(screen, r["precision"]), lead(screen, r["lead_days"]),
        ]
        for r, first in _grouped(rows)
    ]  # fmt: skip
    with st.container(key="card-planted"):
        title = blocks.heading(screen.say("scorecard.planted"), screen.say("scorecard.planted_note"))
        st.html(join([title, html_table(head, lines, numeric=(2, 5), cls="pw-stack pw-scores", alt=head[0])]))


def _grouped(rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each row, and whether it begins a kind; a kind that one indicator sees has one row."""
    several = {r["kind"] for r in rows if sum(o["kind"] == r["kind"] for o in rows) > 2}
    before = None
    for row in rows:
        if row["kind"] in several or row["indicator"]:
            yield row, row["kind"] != before
            before = row["kind"]
