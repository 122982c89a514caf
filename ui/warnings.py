"""The parts of 预警, in the order of the page: how many, which first, why this one, what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pilotwatch import warnings
from pilotwatch.figures import CLOCK
from pilotwatch.store import StoreRefused
from pilotwatch.warnings import VERDICTS, Explanation, Filter
from pilotwatch.workdays import BEIJING, today
from ui import blocks, bounds, theme
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.indicators import value_of
from ui.overview import choose
from ui.screen import Screen

FIRST, MORE, MOST = 10, 40, 200
_WARN = ("red", "orange", "yellow", "blue")


# --- choose --------------------------------------------------------------------------------------------------------


def ask(screen: Screen) -> Filter:
    """Which warnings are looked at; domain and unit stand in the address."""
    domain, unit = choose(screen)
    indicators = {
        i.code: f"{i.code} {screen.pick(i.title)}"
        for d in screen.domains
        if domain in (None, d.name)
        for i in d.indicators
    }
    with st.container(key="choose-warnings", horizontal=True, vertical_alignment="center", gap="medium"):
        level = st.pills(
            screen.say("warnings.level"), _WARN, key="warning-level", label_visibility="collapsed",
            format_func=lambda name: screen.say(f"level.{name}"),
        )  # fmt: skip
        indicator = st.selectbox(
            screen.say("warnings.indicator"), [None, *indicators], key="warning-indicator", width=260,
            label_visibility="collapsed",
            format_func=lambda code: indicators[code] if code else screen.say("warnings.all_indicators"),
        )  # fmt: skip
        mine = st.toggle(screen.say("warnings.mine"), key="warning-mine")
        closed = st.toggle(screen.say("warnings.with_closed"), key="warning-closed")
    return Filter(domain=domain, report_unit=unit, level=level, indicator=indicator, mine=mine, closed=closed)


# --- show ----------------------------------------------------------------------------------------------------------


def judge(screen: Screen, wanted: Filter) -> pd.DataFrame:
    """How many there are in a sentence and in tiles; gives the counts."""
    counts = warnings.counted(screen.desk, wanted)
    where = screen.unit(wanted.report_unit) if wanted.report_unit else screen.say("word.all_city")
    active = counts[~counts["eased"]]
    by_level = active.groupby("level")["warnings"].sum()
    total = int(by_level.sum())
    if not total:
        st.html(tag("p", screen.say("warnings.judge_none", where=where), cls="pw-judge"))
    else:
        levels = [
            screen.say("warnings.level_count", level=screen.say(f"level.{n}"), n=f"{int(by_level[n]):,}")
            for n in _WARN
            if n in by_level
        ]
        said = screen.say(
            "warnings.judge", where=where, n=f"{total:,}", levels=screen.listed(levels), new=f"{active['new'].sum():,}",
            unseen=f"{active['unseen'].sum():,}",
        )  # fmt: skip
        st.html(tag("p", said, cls="pw-judge"))
    unit = screen.say("warnings.count_unit")
    eased = int(counts.loc[counts["eased"], "warnings"].sum())
    st.html(
        blocks.tiles(
            *(blocks.tile(blocks.level(n, screen.language), f"{int(by_level.get(n, 0)):,}", unit) for n in _WARN),
            blocks.tile(screen.say("warnings.eased"), f"{eased:,}", unit),
        )
    )
    return counts


def first(screen: Screen, wanted: Filter, total: int) -> pd.DataFrame:
    """The subjects that matter most, each with its worst warning, and how many warnings stand below; gives all warnings
    of the subjects that are shown."""
    subjects = MORE if st.session_state.get("warnings-more") else FIRST
    every = warnings.listed(screen.desk, wanted, limit=MOST)
    shown = every.drop_duplicates("subject_id").head(subjects)
    rows = every[every["subject_id"].isin(shown["subject_id"])]
    with st.container(key="card-warnings"):
        if rows.empty:
            st.html(blocks.empty(screen.say("warnings.empty"), screen.say("warnings.empty_body")))
            return rows
        below = max(0, total - len(rows))
        counts = {"subjects": len(shown), "shown": len(rows), "below": f"{below:,}"}
        note = screen.say("warnings.first_note" if below else "warnings.first_all", **counts)
        st.html(blocks.heading(screen.say("warnings.first"), note))
        head = [screen.say(f"warnings.{n}") for n in ("level", "subject", "problem", "since", "place", "who")]
        st.html(html_table(head, _lines(screen, shown), cls="pw-stack", alt=screen.say("warnings.first")))
        if below and subjects == FIRST:
            st.button(screen.say("warnings.more"), key="warnings-show-more", type="tertiary",
                      on_click=lambda: st.session_state.update({"warnings-more": True}))  # fmt: skip
    return rows


def _lines(screen: Screen, rows: pd.DataFrame) -> Iterator[list[object]]:
    indicators = screen.indicators
    for row in rows.to_dict("records"):
        indicator = indicators.get(row["indicator"])
        title = screen.pick(indicator.title) if indicator else row["indicator"]
        value = value_of(row["value"], indicator, row["on_day"].date(), screen.language) if indicator else "—"
        owner = screen.department(row["owner"])
        together = screen.say("warnings.together", n=row["together"]) if row["together"] > 1 else None
        state = screen.say("warnings.eased_short") if row["eased"] else None
        yield [
            join([blocks.level(row["level"], screen.language), tag("small", state) if state else None]),
            join([tag("b", row["name"] or row["code"] or "—"), tag("small", " · ".join(filter(None, [row["number"], together])))]),
            join([tag("b", title), tag("small", f"{row['indicator']} · {value}")]),
            tag("span", f"{row['since']:%Y-%m-%d}", cls="pw-nowrap"),
            join([screen.unit(row["report_unit"]), tag("small", _street(screen, row["street_code"]))]),
            join([tag("b", row["assignee"] if isinstance(row["assignee"], str) else owner), tag("small", screen.pick(CLOCK[row["level"]]))]),
        ]  # fmt: skip


def _street(screen: Screen, code: str) -> str:
    streets = screen.house.places.streets
    return streets[code].name if code in streets else ""


# --- one warning ---------------------------------------------------------------------------------------------------


def pick(screen: Screen, rows: pd.DataFrame) -> dict[str, Any] | None:
    """The warning that is looked at: chosen from those shown, or named by the address (`?warning=YJ-…`)."""
    numbers = rows["number"].tolist()
    asked = st.query_params.get("warning")
    if asked and asked not in numbers:
        found = warnings.listed(screen.desk, Filter(closed=True), limit=MOST).query("number == @asked")
        if found.empty:
            st.html(blocks.note(screen.say("warnings.no_such", number=asked), "warn"))
        rows = pd.concat([found, rows], ignore_index=True)
        numbers = rows["number"].tolist()
    names = dict(zip(numbers, rows["name"].fillna(rows["code"]), strict=True))
    chosen = st.selectbox(
        screen.say("warnings.choose"), numbers, index=numbers.index(asked) if asked in numbers else None,
        placeholder=screen.say("warnings.choose_hint"), format_func=lambda n: f"{n} · {names.get(n) or ''}",
    )  # fmt: skip
    if chosen is None:
        st.query_params.pop("warning", None)
        return None
    st.query_params["warning"] = chosen
    return rows[rows["number"] == chosen].iloc[0].to_dict()


def why(screen: Screen, row: dict[str, Any]) -> None:
    """The formula with the subject's numbers, the bound and its basis, the trend, the rows behind it."""
    on = today()
    told = warnings.explain(screen.desk, screen.house.registry, row["indicator"], row["subject_id"], on)
    with st.container(key="card-why"):
        st.html(
            join(
                [
                    blocks.heading(screen.say("warnings.why"), row["number"]),
                    tag(
                        "p",
                        join([blocks.level(row["level"], screen.language), " ", tag("b", row["name"] or row["code"])]),
                    ),
                    html_table(["", ""], _reasons(screen, told, row), cls="pw-plain", alt=screen.say("warnings.why")),
                ]
            )
        )
        if told.level == "nodata":
            st.html(blocks.note(screen.say("warnings.cannot_judge"), "warn"))
        if any(value is not None for _, value, _ in told.trend):
            st.html(blocks.heading(screen.say("warnings.trend")))
            st.plotly_chart(_trend(told, screen.mode), config={"displayModeBar": False}, key=f"trend-{row['number']}")
        with st.expander(
            f"{screen.say('warnings.sources')} · {screen.say('warnings.sources_note', n=len(told.sources))}"
        ):
            st.html(_sources(screen, told.sources))


def _reasons(screen: Screen, told: Explanation, row: dict[str, Any]) -> Iterator[list[object]]:
    indicator, language = told.indicator, screen.language
    shown = value_of(told.value if told.value is not None else row["value"], indicator, told.on, language)
    parts = [f"{screen.pick(i.title)} {amount(v, i.unit)}" for i, v in told.inputs]
    yield [screen.say("warnings.formula"), screen.pick(told.formula)]
    yield [
        screen.say("warnings.value"),
        join([tag("b", shown), tag("small", screen.listed(parts)) if parts else None,
              tag("small", screen.say("warnings.as_of", day=f"{told.on:%Y-%m-%d}"))]),
    ]  # fmt: skip
    yield [screen.say("warnings.bound"), bounds.in_force(screen, indicator, told.on) or "—"]
    if told.basis:
        yield [
            screen.say("warnings.basis"),
            join([told.basis.source, tag("small", screen.say(f"warnings.basis_level.{told.bound_basis or told.basis.level}"))]),
        ]  # fmt: skip
    yield [screen.say("warnings.since"), f"{row['since']:%Y-%m-%d}"]
    yield [
        screen.say("warnings.who"),
        join([tag("b", screen.department(row["owner"])), " · ", screen.pick(CLOCK[row["level"]]),
              tag("small", screen.pick(indicator.first_action))]),
    ]  # fmt: skip


def amount(value: float | None, unit: str) -> str:
    """A number as people write it: `1,483,560 元`, `20 %` for the fraction 0.2, `0.0123`; `—` for none."""
    if value is None:
        return "—"
    if unit == "%":
        return f"{100 * value:,.4g} %"
    shown = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 10_000 else f"{value:,.4g}"
    return f"{shown} {unit}".strip()


def _trend(told: Explanation, mode: theme.Mode) -> go.Figure:
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


def _sources(screen: Screen, sources: pd.DataFrame) -> Html:
    files = {b: screen.desk.batch(b).file for b in sources["batch_id"].unique()}
    head = [screen.say(f"warnings.{n}") for n in ("dataset", "file", "row", "day")]
    rows = [
        [
            r.title,
            files[r.batch_id],
            " · ".join(str(p) for p in (r.sheet, r.source_row) if p is not None and not pd.isna(p)),
            "" if pd.isna(r.day) else f"{r.day:%Y-%m-%d}",
        ]
        for r in sources.head(MOST).itertuples()
    ]
    return html_table(head, rows)


def story(screen: Screen, row: dict[str, Any]) -> None:
    """What happened to the warning, newest last."""
    events = warnings.history(screen.desk, row["subject_id"], row["id"])
    with st.container(key="card-history"):
        lines = []
        for e in events.itertuples():
            act, _, verdict = e.act.partition(":")
            said = screen.say(f"warnings.act.{act}") + (f"：{screen.pick(VERDICTS[verdict])}" if verdict else "")
            who = screen.say("warnings.by_system") if e.by == "system" else e.by
            at = e.at.replace(tzinfo=e.at.tzinfo or BEIJING).astimezone(BEIJING)
            level = blocks.level(e.level, screen.language) if e.level else None
            lines.append([f"{at:%Y-%m-%d %H:%M}", join([tag("b", said), " ", level, tag("small", e.note) if e.note else None]), who])  # fmt: skip
        st.html(join([blocks.heading(screen.say("warnings.history")), html_table(["", "", ""], lines, cls="pw-plain")]))


# --- act -----------------------------------------------------------------------------------------------------------


def handle(screen: Screen, row: dict[str, Any]) -> None:
    """Take it on, assign it, or close it with a verdict."""
    if not screen.person.may("handle"):
        return
    with st.container(key="card-handle"):
        st.html(blocks.heading(screen.say("warnings.handle")))
        if not pd.isna(row["closed_on"]):
            verdict = screen.pick(VERDICTS[row["verdict"]])
            said = screen.say(
                "warnings.closed_by", who=row["closed_by"], day=f"{row['closed_on']:%Y-%m-%d}", verdict=verdict
            )
            st.html(blocks.note(said, "good"))
            return
        _acknowledge(screen, row)
        _assign(screen, row)
        _close(screen, row)


def _acknowledge(screen: Screen, row: dict[str, Any]) -> None:
    if isinstance(row["acknowledged_by"], str):
        st.html(blocks.note(screen.say("warnings.acknowledged", who=row["acknowledged_by"])))
    elif st.button(screen.say("warnings.acknowledge"), key="warning-acknowledge"):
        _do(screen, lambda: warnings.acknowledge(screen.desk, row["subject_id"], row["id"]))


def _assign(screen: Screen, row: dict[str, Any]) -> None:
    with st.form("warning-assign", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        who = st.text_input(
            screen.say("warnings.assignee"),
            value=row["assignee"] if isinstance(row["assignee"], str) else "",
            max_chars=60,
        )
        if st.form_submit_button(screen.say("warnings.assign")) and who.strip():
            _do(screen, lambda: warnings.assign(screen.desk, row["subject_id"], row["id"], who.strip()))


def _close(screen: Screen, row: dict[str, Any]) -> None:
    with st.form("warning-close", border=False):
        verdict = st.radio(
            screen.say("warnings.verdict"), list(VERDICTS), index=None, horizontal=True,
            format_func=lambda v: screen.pick(VERDICTS[v]),
        )  # fmt: skip
        note = st.text_area(screen.say("warnings.note"), placeholder=screen.say("warnings.note_hint"), max_chars=2000)
        if st.form_submit_button(screen.say("warnings.close"), type="primary"):
            _do(
                screen,
                lambda: warnings.close(screen.desk, row["subject_id"], row["id"], verdict or "", note, today()),
            )


def _do(screen: Screen, act: Callable[[], None]) -> None:
    """Does it and shows the page anew; a refusal is told where the button is."""
    try:
        act()
    except StoreRefused as no:
        st.html(blocks.note(screen.pick(no.message), "bad"))
        return
    st.rerun()
