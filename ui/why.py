"""这个数怎么来的: an indicator's formula with the subject's own numbers, the bound, the trend, and the rows down to the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pilotwatch.domain import Language
from pilotwatch.store import BatchLine, StoreRefused, lookup
from pilotwatch.warnings import Explanation
from pilotwatch.workdays import BEIJING
from ui import blocks, bounds, cache, taking, theme
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.indicators import UNITS, value_of
from ui.screen import Screen

SHOWN = 60  # rows that are listed; of a year's readings nobody reads more


def reasons(screen: Screen, told: Explanation, *more: tuple[str, object], known: float | None = None) -> Html:
    """Formula, the subject's numbers, bound and basis, as a table; `more`: further lines, (title, what it says).

    `known`: the value that stands where the data of today can't tell it any more.
    """
    return html_table(["", ""], [*_reasons(screen, told, known), *more], cls="pw-plain", alt=screen.say("why.title"))


def _reasons(screen: Screen, told: Explanation, known: float | None) -> Iterator[tuple[str, object]]:
    indicator, language = told.indicator, screen.language
    value = told.value if told.value is not None else known
    shown = value_of(value, indicator, told.on, language) if value is not None else "—"
    parts = [f"{screen.pick(i.title)} {amount(v, i.unit, language)}" for i, v in told.inputs]
    yield screen.say("why.formula"), screen.pick(told.formula)
    yield (
        screen.say("why.value"),
        join([tag("b", shown), tag("small", screen.listed(parts)) if parts else None,
              tag("small", screen.say("why.as_of", day=f"{told.on:%Y-%m-%d}"))]),
    )  # fmt: skip
    yield screen.say("why.bound"), bounds.in_force(screen, indicator, told.on) or "—"
    if told.basis:
        yield (
            screen.say("why.basis"),
            join([told.basis.source, tag("small", screen.say(f"why.basis_level.{told.bound_basis or told.basis.level}"))]),
        )  # fmt: skip


def amount(value: float | None, unit: str, language: Language = "zh") -> str:
    """A number as people write it: `1,483,560 元`, `20 %` for the fraction 0.2, `0.0123`; `—` for none."""
    if value is None:
        return "—"
    if unit == "%":
        return f"{100 * value:,.4g} %"
    shown = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 10_000 else f"{value:,.4g}"
    return f"{shown} {UNITS.get(unit, unit) if language == 'en' else unit}".strip()


def trend(screen: Screen, told: Explanation, key: str) -> None:
    """The value at the ends of the last months; nothing where it was never known."""
    if told.level == "nodata":
        st.html(blocks.note(screen.say("why.cannot_judge"), "warn"))
    if any(value is not None for _, value, _ in told.trend):
        st.html(blocks.heading(screen.say("why.trend")))
        st.plotly_chart(_line(told, screen.mode), config={"displayModeBar": False}, key=key)


def _line(told: Explanation, mode: theme.Mode) -> go.Figure:
    days = [day for day, *_ in told.trend] + [told.on]
    values = [value for _, value, _ in told.trend] + [told.value]
    colours = theme.COLOURS[mode]
    line = go.Scatter(
        x=days, y=values, mode="lines+markers", line={"width": 2, "color": colours["accent"]},
        hovertemplate="%{x|%Y-%m-%d}　%{y:.4g}<extra></extra>",
    )  # fmt: skip
    axis = {"gridcolor": colours["line"], "tickfont": {"color": colours["soft"]}, "zeroline": False}
    layout = {
        "height": 150, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "xaxis": {**axis, "tickformat": "%Y-%m", "showgrid": False}, "yaxis": axis,
    }  # fmt: skip
    return go.Figure(line, layout)


# --- down to the file --------------------------------------------------------------------------------------------


def sources(screen: Screen, found: pd.DataFrame, key: str) -> None:
    """The rows behind a figure: dataset, file, sheet and row, and who handed it in; their files for those who may."""
    newest = found.sort_values("day", ascending=False, kind="stable").head(SHOWN)
    files = cache.batches(screen.desk, screen.kept_by, newest["batch_id"])
    with st.expander(f"{screen.say('why.sources')} · {screen.say('why.sources_note', n=f'{len(found):,}')}", key=key):
        head = [screen.say(f"why.{n}") for n in ("dataset", "day", "file", "row", "handed_in")]
        st.html(
            html_table(head, (_source(screen, r, files) for r in newest.to_dict("records")), cls="pw-stack pw-sources")
        )
        if len(found) > len(newest):
            st.html(blocks.note(screen.say("why.sources_cut", n=len(newest))))
        originals(screen, files.values(), f"{key}-original")


def _source(screen: Screen, row: dict[str, Any], files: dict[str, BatchLine]) -> list[object]:
    title = screen.pick(screen.house.registry.dataset(row["dataset"]).spec.title)
    file, where, who = origin(screen, row, files)
    return [title, day_of(row["day"]), file, where, who]


def origin(screen: Screen, row: dict[str, Any], files: dict[str, BatchLine]) -> tuple[str, str, str]:
    """File, sheet and row, and who handed it in when."""
    batch = files.get(row["batch_id"])
    sheet = row["sheet"] if isinstance(row["sheet"], str) else None
    line = screen.say("why.line", n=int(row["source_row"]))
    where = " · ".join(filter(None, (sheet, line)))
    if batch is None:
        return screen.say("why.other_scope"), where, ""
    return batch.file, where, f"{batch.by_name} · {blocks.moment(batch.at)}"


def day_of(day: Any) -> str:
    return "" if day is None or pd.isna(day) else f"{day:%Y-%m-%d}"


def originals(screen: Screen, batches: Iterable[BatchLine], key: str) -> None:
    """Offers the original files to those who hand in data; the store decides about each."""
    kept = {str(b.id): b for b in batches if b.sha256}
    if not screen.person.may("write") or not kept:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            screen.say("why.original"), list(kept), key=f"{key}-which", width=360,
            format_func=lambda i: f"{kept[i].file} · {kept[i].at.astimezone(BEIJING):%Y-%m-%d}",
        )  # fmt: skip
        try:
            found = lookup.original(screen.desk, chosen)
        except StoreRefused as no:
            st.html(blocks.note(screen.pick(no.message)))
            return
        if found:
            name, path = found
            st.download_button(
                screen.say("why.download"), lambda: taking.original(screen, kept[chosen], path), file_name=name, key=key, on_click="ignore", icon=":material/download:"
            )  # fmt: skip
