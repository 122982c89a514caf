"""One series by week: the cases as columns, what was expected with its bound as a band, alarm weeks in the alarm's colour."""

from __future__ import annotations

import json
from datetime import date, timedelta

import plotly.graph_objects as go

from ui import theme
from ui.screen import Screen

CONFIG = {"displayModeBar": False, "staticPlot": False}


def weeks(screen: Screen, told: str, last: date, height: int = 150) -> go.Figure:
    """`told`: the weeks as the store keeps them; `last`: the last day of the newest."""
    kept, colours, levels = json.loads(told), theme.COLOURS[screen.mode], theme.LEVEL
    observed, judged = kept["observed"], len(kept["expected"])
    days = [last - timedelta(days=7 * n) for n in reversed(range(len(observed)))]
    expected, bound = kept["expected"], kept["bound"]
    lately = days[-judged:]
    alarm = {
        d
        for d, y, b in zip(lately, observed[-judged:], bound, strict=True)
        if y is not None and b is not None and y > b
    }
    fills = [levels["red"][0] if d in alarm else colours["accent"] for d in days]
    opacity = [1.0 if d in alarm or d in lately else 0.45 for d in days]
    known = [(d, e, b) for d, e, b in zip(lately, expected, bound, strict=True) if e is not None and b is not None]
    band_days, means, bounds = (list(v) for v in zip(*known, strict=True)) if known else ([], [], [])
    week = screen.say("signals.hover_week")
    figure = go.Figure(
        [
            go.Bar(
                x=days, y=observed, marker={"color": fills, "opacity": opacity, "line": {"width": 0}}, width=5 * 86_400_000,
                hovertemplate=f"{week} %{{x|%Y-%m-%d}}：%{{y}}<extra></extra>", showlegend=False,
            ),
            go.Scatter(
                x=band_days, y=bounds, mode="lines", line={"width": 1, "dash": "dot", "color": colours["soft"], "shape": "hv"},
                hovertemplate=f"{screen.say('signals.bound')} %{{y}}<extra></extra>", showlegend=False,
            ),
            go.Scatter(
                x=band_days, y=means, mode="lines", line={"width": 1.5, "color": colours["soft"]}, fill="tonexty",
                fillcolor=_clear(colours["soft"]), hovertemplate=f"{screen.say('signals.expected')} %{{y:.1f}}<extra></extra>",
                showlegend=False,
            ),
        ]
    )  # fmt: skip
    axis = {"gridcolor": colours["line"], "tickfont": {"color": colours["soft"], "size": 12}, "zeroline": False}
    top = max([y for y in (*observed, *bounds) if y is not None], default=1)
    figure.update_layout(
        height=height, margin={"l": 30, "r": 8, "t": 6, "b": 22}, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        hovermode="x unified", bargap=0, dragmode=False,
        xaxis={**axis, "showgrid": False, "tickformat": "%Y-%m", "nticks": 5, "fixedrange": True},
        yaxis={**axis, "automargin": True, "rangemode": "tozero", "nticks": 4, "fixedrange": True, "range": [0, max(1.08 * top, 2)]},
    )  # fmt: skip
    return figure


def _clear(colour: str, share: float = 0.16) -> str:
    """The colour with most of the ground behind it shining through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
