"""异常波动: which counts are higher than they should be, as sentences; the weeks behind them; what isn't judged and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch import signals
from pilotwatch.aberration import Settings, describe
from pilotwatch.domain import Count
from pilotwatch.signals import KINDS, Filter
from ui import blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen
from ui.signals import chart

CHARTS = 6  # alarms that are drawn; the others stand in a table
_RANK = {"red": 0, "amber": 1, "creeping": 2}
_KINDS = {name: rank for rank, name in enumerate(KINDS)}
_SHOWN_AS = {"red": "red", "amber": "yellow", "creeping": "blue", "none": "normal", "grey": "nodata"}


@dataclass(frozen=True)
class Found:
    """All signals of the chosen scope, and of them those with an alarm that stands, the widest place first."""

    rows: pd.DataFrame
    alarms: pd.DataFrame
    counts: pd.DataFrame


def load(screen: Screen, domain: str | None, unit: str | None) -> Found:
    wanted = Filter(domain=domain, report_unit=unit)
    rows = signals.listed(screen.desk, wanted, limit=5000)
    rows = rows.assign(shown=rows["level"].mask(rows["creeping"].astype(bool) & (rows["level"] == "none"), "creeping"))
    standing = rows[rows["raised_on"].notna()]
    order = standing.assign(
        rank=standing["shown"].map(_RANK), wide=standing["kind"].map(_KINDS), low=-standing["score"]
    )
    order = order.sort_values(["wide", "rank", "low"]).index
    return Found(rows, standing.loc[order], signals.counted(screen.desk, wanted))


# --- words -----------------------------------------------------------------------------------------------------------


def place(screen: Screen, row: dict[str, Any]) -> str:
    """A place's name, whatever its kind."""
    kind, code, places = row["kind"], row["place"], screen.house.places
    if kind == "city":
        return screen.say("word.all_city")
    if kind == "unit":
        return screen.unit(code)
    if kind == "division":
        return (
            screen.say("signals.whole_division", name=places.divisions[code].title)
            if code in places.divisions
            else code
        )
    unit, _, street = code.partition("/")
    name = places.streets[street].name if street in places.streets else street
    return screen.say("signals.street_of", street=name, unit=screen.unit(unit))


def count_of(screen: Screen, domain: str, measure: str) -> Count | None:
    """What a signal counts; None for one that is no longer declared."""
    found = {d.name: d for d in screen.house.registry.domains}
    return next((c for c in signals.counts_of(found[domain]) if c.name == measure), None) if domain in found else None


def _title(screen: Screen, row: dict[str, Any]) -> str:
    count = count_of(screen, row["domain"], row["measure"])
    domain = screen.pick(screen.house.registry.domain(row["domain"]).title)
    return f"{domain} · {screen.pick(count.title) if count else row['measure']}"


def sentence(screen: Screen, row: dict[str, Any]) -> str:
    """新市区 成品油流通投诉举报 本周 14 件，往年同期预期 4.2 件（上限 9 件）."""
    count = count_of(screen, row["domain"], row["measure"])
    unit = f" {count.unit}" if count and screen.language == "zh" else ""
    numbers = {"n": f"{row['observed']:,}", "expected": f"{row['expected']:,.1f}", "bound": f"{row['bound']:,.0f}"}
    values = {n: told + unit for n, told in numbers.items()}
    key = "signals.sentence_creeping" if row["shown"] == "creeping" else f"signals.sentence_{row['tier']}"
    return screen.say(key, place=place(screen, row), what=_title(screen, row), **values)


def badge(screen: Screen, shown: str) -> Html:
    return tag("span", screen.say(f"signals.level_{shown}"), cls=f"pw-level pw-{_SHOWN_AS[shown]}")


# --- show ------------------------------------------------------------------------------------------------------------


def judge(screen: Screen, found: Found, unit: str | None) -> None:
    """How many series are unusual, in a sentence and in tiles, and how many of a year's alarms chance alone would give."""
    where = screen.where(unit)
    if found.rows.empty:
        st.html(blocks.empty(screen.say("signals.empty"), screen.say("signals.empty_body")))
        return
    by = found.alarms["shown"].value_counts()
    parts = list(_parts(screen, by))
    total = len(found.rows)
    said = screen.say(
        "signals.judge" if parts else "signals.judge_none", where=where, parts=screen.listed(parts), total=f"{total:,}"
    )
    st.html(tag("p", said, cls="pw-judge"))
    usual = int((found.rows["shown"] == "none").sum())
    grey_rows = int((found.rows["shown"] == "grey").sum())
    word = screen.say("signals.series_unit")
    st.html(
        blocks.tiles(
            *(blocks.tile(badge(screen, n), f"{int(by.get(n, 0)):,}", word) for n in _RANK),
            blocks.tile(badge(screen, "none"), f"{usual:,}", word),
            blocks.tile(badge(screen, "grey"), f"{grey_rows:,}", word),
            blocks.tile(
                screen.say("signals.by_chance"), f"{signals.expected_false_alarms(found.counts):,}",
                screen.say("signals.a_year"), [screen.say("signals.by_chance_note")],
            ),
        )
    )  # fmt: skip


def _parts(screen: Screen, by: pd.Series) -> Iterator[str]:
    for name in _RANK:
        if by.get(name):
            yield screen.say("signals.judge_part", level=screen.say(f"signals.level_{name}"), n=f"{by[name]:,}")


def alarms(screen: Screen, found: Found) -> None:
    """The alarms that stand: the first drawn with their weeks, the others as lines."""
    if found.alarms.empty:
        return
    first, rest = found.alarms.head(CHARTS), found.alarms.iloc[CHARTS:]
    behind = signals.weeks_of(screen.desk, first)
    rows = first.to_dict("records")
    for start in range(0, len(rows), 2):
        for column, row in zip(st.columns(2, gap="small"), rows[start : start + 2], strict=False):
            with column:
                _card(screen, row, behind)
    if len(rest):
        with st.container(key="card-alarms"):
            st.html(blocks.heading(screen.say("signals.more_alarms"), screen.say("signals.more_note", n=len(rest))))
            head = [screen.say(f"signals.{n}") for n in ("level", "what", "observed", "expected", "bound", "since")]
            lines = (_line(screen, row) for row in rest.to_dict("records"))
            st.html(html_table(head, lines, numeric=(2, 3, 4), cls="pw-stack", alt=screen.say("signals.more_alarms")))


def _card(screen: Screen, row: dict[str, Any], behind: dict[tuple[str, ...], str]) -> None:
    key = (row["domain"], row["measure"], row["kind"], row["place"])
    with st.container(key=f"card-signal-{'-'.join(key).replace('*', 'all').replace('/', '-')}"):
        days = screen.say("signals.days", first=f"{row['week_from']:%m-%d}", last=f"{row['week_to']:%m-%d}")
        raised = screen.say("signals.raised", day=f"{row['raised_on']:%Y-%m-%d}")
        st.html(
            join(
                [
                    tag(
                        "p", join([badge(screen, row["shown"]), " ", tag("small", f"{days} · {raised}", cls="pw-dim")])
                    ),
                    tag("p", sentence(screen, row), cls="pw-said"),
                ]
            )
        )
        if key in behind:
            st.plotly_chart(
                chart.weeks(screen, behind[key], row["week_to"].date()), config=chart.CONFIG, theme=None,
                key=f"weeks-{'-'.join(key)}-{screen.mode}-{screen.language}", alt=screen.say("signals.chart_alt", what=sentence(screen, row)),
            )  # fmt: skip
        st.html(blocks.note(_how(screen, row)))


def _how(screen: Screen, row: dict[str, Any]) -> str:
    """The reason in words where it says more than the sentence, then the method."""
    count = count_of(screen, row["domain"], row["measure"])
    owner = (count.owner if count else "") or screen.house.registry.domain(row["domain"]).lead
    method = row["method_zh" if screen.language == "zh" else "method_en"]
    told = [screen.say("signals.owner", who=screen.department(owner)), screen.say("signals.method_is", method=method)]
    if row["verdict"] in ("again", "one_of_many", "among_others"):
        told.insert(0, row["reason_zh" if screen.language == "zh" else "reason_en"])
    return " · ".join(told)


def _line(screen: Screen, row: dict[str, Any]) -> list[object]:
    return [
        badge(screen, row["shown"]),
        join([tag("b", place(screen, row)), tag("small", _title(screen, row))]),
        f"{row['observed']:,}",
        f"{row['expected']:.1f}",
        f"{row['bound']:.0f}",
        tag("span", f"{row['raised_on']:%Y-%m-%d}", cls="pw-nowrap"),
    ]


# --- one series ------------------------------------------------------------------------------------------------------


def any_series(screen: Screen, found: Found) -> None:
    """Any series of the scope, looked up by its name; it stands in the address (`?series=…`)."""
    rows = found.rows
    if rows.empty:
        return
    keys = ["/".join((r["domain"], r["measure"], r["kind"], r["place"])) for r in rows.to_dict("records")]
    by = dict(zip(keys, rows.to_dict("records"), strict=True))
    order = sorted(by, key=lambda k: (_KINDS[by[k]["kind"]], by[k]["domain"], by[k]["measure"], by[k]["place"]))
    asked = st.query_params.get("series")
    with st.container(key="card-any-series"):
        st.html(blocks.heading(screen.say("signals.any"), screen.say("signals.any_note")))
        chosen = st.selectbox(
            screen.say("signals.any"), order, index=order.index(asked) if asked in by else None, label_visibility="collapsed",
            placeholder=screen.say("signals.any_hint"), format_func=lambda k: f"{place(screen, by[k])} · {_title(screen, by[k])}",
        )  # fmt: skip
        if chosen is None:
            st.query_params.pop("series", None)
            return
        st.query_params["series"] = chosen
        row = by[chosen]
        told = signals.weeks_of(screen.desk, pd.DataFrame([row]))
        st.html(
            tag("p", badge(screen, row["shown"]), " ", row["reason_zh" if screen.language == "zh" else "reason_en"])
        )
        for text in told.values():
            figure = chart.weeks(screen, text, row["week_to"].date(), height=220)
            st.plotly_chart(
                figure, config=chart.CONFIG, theme=None, key=f"series-{chosen}-{screen.mode}-{screen.language}"
            )
        st.html(
            blocks.note(
                screen.say("signals.method_is", method=row["method_zh" if screen.language == "zh" else "method_en"])
            )
        )


def grey(screen: Screen, found: Found) -> None:
    """What isn't judged, by count and reason: never taken for normal."""
    rows = found.rows[found.rows["shown"] == "grey"]
    if rows.empty:
        return
    with st.expander(screen.say("signals.grey", n=f"{len(rows):,}")):
        head = [screen.say(f"signals.{n}") for n in ("what", "where", "why")]
        lines = []
        for _, same in rows.groupby(["domain", "measure", "verdict"], sort=True):
            widest = same.loc[same["kind"].map(_KINDS).sort_values(kind="stable").index[0]].to_dict()
            kinds = same["kind"].value_counts()
            where = [
                screen.say("signals.so_many", kind=screen.pick(KINDS[k]), n=f"{kinds[k]:,}")
                for k in KINDS
                if k in kinds
            ]
            lines.append([tag("b", _title(screen, widest)), screen.listed(where), _why_grey(screen, widest)])
        st.html(html_table(head, lines, cls="pw-stack", alt=screen.say("signals.grey", n=len(rows))))


def _why_grey(screen: Screen, row: dict[str, Any]) -> str:
    return screen.say(f"signals.grey_{row['verdict']}", weeks=row["history"], needed=Settings().least_weeks,
                      day=f"{row['week_to']:%Y-%m-%d}")  # fmt: skip


def method(screen: Screen) -> None:
    """How it is judged, in words, with every setting."""
    with st.expander(screen.say("signals.method")):
        paragraphs = [screen.say(f"signals.method_{n}") for n in ("tiers", "city", "delay", "repeat", "creeping")]
        st.html(join([tag("p", p, cls="pw-note") for p in paragraphs]))
        head = [screen.say(f"signals.{n}") for n in ("setting", "value", "means")]
        lines = [[screen.pick(d.title), _number(d.value), screen.pick(d.about)] for d in describe(Settings())]
        st.html(html_table(head, lines, numeric=(1,), cls="pw-stack", alt=screen.say("signals.method")))


def _number(value: float) -> str:
    return f"{value:,.4g}"


__all__ = ["CHARTS", "Found", "alarms", "any_series", "grey", "judge", "load", "method", "place", "sentence"]
