"""Eight thin lines, the pilots coloured, the start; beside them the difference of every way to draw the pilots, ours marked."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from pilotwatch.review import Effect
from ui import theme
from ui.screen import Screen

CONFIG = {"displayModeBar": False}


def drawn(screen: Screen, told: Effect, height: int = 300) -> go.Figure:
    """The months of all units on the left, the strip of differences on the right (where there are any)."""
    colours, panel, found = theme.COLOURS[screen.mode], told.found.panel, told.found
    percent = told.measure.value == "ratio" and told.measure.unit == "%"
    lines = []
    for pilot in (False, True):  # the pilots above the others
        for i, unit in enumerate(panel.units):
            if (panel.starts[i] is not None) == pilot:
                lines.append(
                    go.Scatter(
                        x=list(panel.months), y=panel.values[i], mode="lines", name=screen.unit(unit), connectgaps=True, showlegend=False,
                        line={"width": 2.2 if pilot else 1, "color": colours["accent"] if pilot else colours["soft"]},
                        opacity=1 if pilot else 0.55, hovertemplate=f"{screen.unit(unit)} %{{x}}：%{{y{':.1%' if percent else ':.2f'}}}<extra></extra>",
                    )
                )  # fmt: skip
    strip = found.placebos is not None
    axis = {
        "gridcolor": colours["line"],
        "tickfont": {"color": colours["soft"], "size": 12},
        "zeroline": False,
        "fixedrange": True,
    }
    layout = {
        "height": height, "margin": {"l": 44, "r": 10, "t": 26, "b": 24}, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False, "hovermode": "closest",
        "xaxis": {**axis, "showgrid": False, "nticks": 6, "domain": [0, 0.76 if strip else 1], "type": "category"},
        "yaxis": {**axis, "nticks": 5, "automargin": True, **({"tickformat": ".0%"} if percent else {})},
    }  # fmt: skip
    figure = go.Figure(lines, layout)
    start = panel.first_start
    if start is not None and start < len(panel.months):
        figure.add_vline(x=start - 0.5, line={"width": 1, "dash": "dot", "color": colours["ink"]})
        figure.add_annotation(
            x=start - 0.5,
            y=1.09,
            yref="paper",
            text=screen.say("review.starts"),
            showarrow=False,
            font={"size": 12, "color": colours["soft"]},
        )
    if strip:
        _strip(screen, figure, found.placebos, colours, axis, percent)
    return figure


def _strip(
    screen: Screen, figure: go.Figure, placebos: np.ndarray, colours: dict[str, str], axis: dict, percent: bool
) -> None:
    """Every way's difference as a dot, in columns of like ones; ours is large and coloured."""
    ours, others = placebos[0], np.sort(placebos[1:])
    span = float(np.ptp(placebos)) or 1.0
    bins = np.round((others - others.min()) / span * 40) if len(others) else others
    across = np.zeros(len(others))
    for b in np.unique(bins):
        here = np.flatnonzero(bins == b)
        across[here] = (np.arange(len(here)) - (len(here) - 1) / 2) * 0.14
    shown = ":+.1%" if percent else ":+.2f"
    for x, y, size, colour, name in (
        (across, others, 5, colours["soft"], screen.say("review.other_way")),
        ([0], [ours], 12, colours["accent"], screen.say("review.our_way")),
    ):
        figure.add_scatter(
            x=x, y=y, xaxis="x2", yaxis="y2", mode="markers", showlegend=False, name=name,
            marker={"size": size, "color": colour, "line": {"width": 0}}, hovertemplate=f"{name}：%{{y{shown}}}<extra></extra>",
        )  # fmt: skip
    most = max(1.0, float(np.abs(across).max()) * 1.2 if len(across) else 1.0)
    figure.update_layout(
        xaxis2={**axis, "domain": [0.85, 1], "showgrid": False, "showticklabels": False, "range": [-most, most], "anchor": "y2"},
        yaxis2={**axis, "anchor": "x2", "nticks": 5, "automargin": True, "zeroline": True, "zerolinecolor": colours["line"],
                **({"tickformat": "+.0%"} if percent else {})},
    )  # fmt: skip
    figure.add_annotation(x=1, y=-0.06, xref="paper", yref="paper", xanchor="right", yanchor="top", text=screen.say("review.strip"), showarrow=False,
                          font={"size": 12, "color": colours["soft"]})  # fmt: skip
