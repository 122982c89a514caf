"""The parts of 总览, in the order of the page. Each draws one part from a summary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from pilotwatch.places.boundaries import SHIPPED
from pilotwatch.store import BatchLine
from ui import blocks, cache, due, links, maps, theme, trends
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.indicators import bounds_of, value_of
from ui.screen import Screen
from ui.summary import Summary, Worry, class_label, judgement, number

FIRST_CONCERNS = 6
FIRST_CASES, MORE_CASES = 10, 100
MOST_POINTS = 800
ALL = "all"


# --- choose --------------------------------------------------------------------------------------------------------


def choose(screen: Screen) -> tuple[str | None, str | None]:
    """The domain and the unit looked at; None is all of them. Both stand in the address, so that a view can be sent."""
    for name, code in st.session_state.pop("look-at", {}).items():
        st.session_state[name] = code or ALL
    domains = [d.name for d in screen.domains]
    units = [u.code for u in screen.house.places.units if screen.person.units is None or u.code in screen.person.units]
    with st.container(key="choose", horizontal=True, vertical_alignment="center", gap="medium"):
        titles = {d.name: screen.pick(d.title) for d in screen.domains} | {ALL: screen.say("word.all_domains")}
        domain = _chosen(
            "domain", domains, lambda options: st.segmented_control(
                screen.say("overview.domain"), options, required=True, key="domain", format_func=titles.get,
                label_visibility="collapsed", wrap=True,
            ),
        )  # fmt: skip
        unit = _chosen(
            "unit", units, lambda options: st.selectbox(
                screen.say("overview.unit"), options, key="unit", width=230, label_visibility="collapsed",
                format_func=lambda code: screen.everywhere if code == ALL else screen.unit(code),
            ),
        )  # fmt: skip
    return domain, unit


def _chosen(name: str, codes: list[str], ask: Callable[[list[str]], str | None]) -> str | None:
    """Asks where there is more than one; begins with what the address says, and writes the answer there."""
    if len(codes) < 2:
        return codes[0] if codes else None
    if st.session_state.get(name) not in (ALL, *codes):
        asked = st.query_params.get(name)
        st.session_state[name] = asked if asked in codes else ALL
    answer = ask([ALL, *codes]) or ALL
    if answer != ALL:
        st.query_params[name] = answer
    elif name in st.query_params:
        del st.query_params[name]
    return None if answer == ALL else answer


# --- show ----------------------------------------------------------------------------------------------------------


def judge(screen: Screen, summary: Summary) -> None:
    """The scope in a sentence, then its figures."""
    where = screen.unit(summary.unit) if summary.unit else screen.say("word.all_city")
    if summary.domain:
        where = f"{where} · {screen.pick(screen.house.registry.domain(summary.domain).title)}"
    said = judgement(summary, where, screen.unit)
    st.html(tag("p", screen.pick(said), cls="pw-judge"))
    if not summary.subjects:
        return
    counts, unit_word = summary.counts, screen.say("overview.unit_word")
    judged = summary.subjects - counts["nodata"]
    share = f"{int(1000 * judged / summary.subjects) / 10:g}%"  # never rounded up to all of them
    on = screen.say("overview.on", day=f"{summary.overview.as_of:%Y-%m-%d}")
    st.html(
        blocks.tiles(
            blocks.tile(screen.say("overview.subjects"), f"{summary.subjects:,}", unit_word, [on]),
            *(_level_tile(screen, summary, level) for level in ("red", "orange", "yellow")),
            blocks.tile(blocks.level("nodata", screen.language), f"{counts['nodata']:,}", unit_word,
                        [screen.say("overview.share_judged", share=share)]),
        )
    )  # fmt: skip


def _level_tile(screen: Screen, summary: Summary, level: str) -> Html:
    count = summary.counts[level]
    rate = number(100 * count / summary.subjects if summary.subjects else None)
    notes = [screen.say("overview.per_100", rate=rate), trends.change(screen, summary, level)]
    return blocks.tile(
        blocks.level(level, screen.language), f"{count:,}", screen.say("overview.unit_word"), [n for n in notes if n]
    )


def concerns(screen: Screen, summary: Summary) -> None:
    """What is wrong, how much of it, where most, who acts and by when."""
    worries = summary.concerns
    with st.container(key="card-concerns"):
        total = sum(w.subjects for w in worries)
        note = screen.say("overview.concerns_count", n=len(worries), subjects=f"{total:,}") if worries else None
        st.html(blocks.heading(screen.say("overview.concerns"), note))
        if not worries:
            st.html(blocks.note(screen.say("overview.concerns_none")))
            return
        st.html(_concern_table(screen, worries[:FIRST_CONCERNS], summary.unit))
        if rest := worries[FIRST_CONCERNS:]:
            with st.expander(screen.say("overview.more_concerns", n=len(rest))):
                st.html(_concern_table(screen, rest, summary.unit))


def _concern_table(screen: Screen, worries: tuple[Worry, ...], unit: str | None) -> Html:
    head = [screen.say(f"overview.{n}") for n in ("level", "problem", "owner_due")]
    indicators = {i.code: i for i in screen.house.registry.indicators}
    rows = []
    for worry in worries:
        concern = worry.concern
        counts = [
            tag("div", blocks.level(level, screen.language), tag("b", f"{n:,}"), cls="pw-count")
            for level, n in (("red", worry.red), ("orange", worry.orange))
            if n
        ]
        where = None if unit else tag("small", _where(screen, worry))
        formula = screen.pick(indicators[concern.indicator].formula) if concern.indicator in indicators else None
        rows.append(
            [
                join(counts),
                join([tag("b", screen.pick(concern.title), title=formula), where]),
                join(
                    [
                        tag("b", screen.department(concern.owner)),
                        f" · {due.within(screen, indicators.get(concern.indicator), concern.level)}",
                        tag("small", screen.pick(concern.first_action)),
                    ]
                ),
            ]
        )
    return html_table(head, rows, cls="pw-stack pw-concerns", alt=screen.say("overview.concerns"))


def _where(screen: Screen, worry: Worry) -> str:
    if len(worry.where) == 1:
        return screen.say("overview.only_here", unit=short(screen.unit(worry.where[0][0])))
    first = [screen.say("overview.unit_count", unit=short(screen.unit(u)), n=f"{n:,}") for u, n in worry.where[:3]]
    return screen.say("overview.worst_units", units=screen.listed(first))


def risk_map(screen: Screen, summary: Summary) -> None:
    """The map: the units by their rate, and of a chosen unit its subjects at risk; a click on one turns to its page."""
    if subject := st.session_state.pop("to-subject", None):
        screen.go("subject", subject=subject)
    house, points = screen.house, _points(screen, summary) if summary.unit else None
    with st.container(key="card-map"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            hint = None if summary.unit else screen.say("overview.map_hint")
            st.html(blocks.heading(screen.say("overview.map"), hint), width="content")
            if summary.unit and len(summary.units) > 1:
                st.button(screen.say("overview.back"), key="map-back", type="tertiary", icon=":material/arrow_back:",
                          on_click=_choose_unit, args=(ALL,))  # fmt: skip
        names = {u.code: short(screen.pick(u.title)) for u in house.places.units}
        sheet = maps.Sheet(
            house.places, screen.mode, summary.units, names, _hovers(screen, summary.units), summary.unit
        )
        inner = maps.inner_districts(house.places)
        if summary.unit:
            _chart(screen, summary, "unit", sheet.of_unit(points))
        elif not inner:
            _chart(screen, summary, "city", sheet.of_city())
        else:
            left, right = st.columns([9, 11], gap="small")
            with left:
                _chart(screen, summary, "city", sheet.of_city(but=inner))
            with right:
                _chart(screen, summary, "inner", sheet.of_divisions(inner))
        st.html(_legend(screen, summary, points))


def _chart(screen: Screen, summary: Summary, part: str, figure: Figure) -> None:
    """A figure whose clicks choose the unit. Its key tells the choice, so that no old selection clings to it."""
    key = f"map-{part}-{summary.domain}-{summary.unit}-{screen.language}-{screen.mode}"
    st.plotly_chart(
        figure, key=key, theme=None, config=maps.CONFIG, selection_mode="points", alt=screen.say("overview.map_alt"),
        on_select=lambda: _follow_click(key),
    )  # fmt: skip


def _follow_click(key: str) -> None:
    """A click on a unit looks into it; one on a subject's point turns to that subject once the callback is over."""
    clicked = [p["customdata"] for p in st.session_state[key]["selection"]["points"] if p.get("customdata")]
    chosen = [c if isinstance(c, str) else c[0] for c in clicked]
    subjects = [c.removeprefix(maps.SUBJECT) for c in chosen if c.startswith(maps.SUBJECT)]
    if subjects:
        st.session_state["to-subject"] = subjects[0]
    elif chosen:
        _choose_unit(chosen[0])


def _choose_unit(code: str) -> None:
    st.session_state["unit"] = code


def short(title: str) -> str:
    """高新区（新市区） → 新市区; the label has little room."""
    inside = title.partition("（")[2].rstrip("）") or title.partition(" (")[2].rstrip(")")
    return (inside or title).removesuffix(" District").removesuffix(" Zone")


def _hovers(screen: Screen, units: pd.DataFrame) -> dict[str, str]:
    shown = {u.code: screen.say("overview.hover_none", unit=screen.unit(u.code)) for u in screen.house.places.units}
    for row in units[units["subjects"] > 0].to_dict("records"):
        counts = {n: f"{row[n]:,}" for n in ("red", "orange", "yellow", "subjects")}
        unit = screen.unit(row["report_unit"])
        shown[row["report_unit"]] = screen.say("overview.hover", unit=unit, rate=number(row["rate"]), **counts)
    return shown


def _points(screen: Screen, summary: Summary) -> pd.DataFrame:
    found = [cache.points(screen.desk, d.name, summary.unit or "") for d in summary.domains]
    rows = pd.concat(found, ignore_index=True).sort_values("rank", kind="stable").head(MOST_POINTS)
    levels = rows["level"].map(lambda name: screen.say(f"level.{name}"))
    return rows.assign(label="<b>" + rows["name"].fillna(rows["code"]).map(str) + "</b><br>" + levels)


def _legend(screen: Screen, summary: Summary, points: pd.DataFrame | None) -> Html:
    fills, bounds = theme.FILL[screen.mode], theme.CLASSES
    scale = [tag("span", class_label(bounds, i), style=f"--fill:{fills[i]}") for i in range(len(bounds))]
    unplaced = int(summary.units.loc[summary.units["report_unit"] == "", "subjects"].sum()) if not summary.unit else 0
    lines = [
        tag("span", screen.say("overview.legend"), " · ", screen.say("overview.legend_bounds")),
        tag("div", *scale, cls="pw-scale"),
        tag("span", tag("i", cls="pw-swatch none"), screen.say("overview.legend_nodata")),
        tag("span", screen.say("overview.legend_unlocated", n=f"{summary.counts['unlocated']:,}")),
        tag("span", screen.say("overview.legend_unplaced", n=f"{unplaced:,}")) if unplaced else None,
    ]
    if points is not None:
        key = "overview.legend_cut" if len(points) == MOST_POINTS else "overview.legend_points"
        lines[0:2] = [
            *(tag("span", tag("i", cls=f"pw-swatch {n}"), screen.say(f"level.{n}")) for n in maps.SYMBOLS),
            tag("span", screen.say(key, n=f"{len(points):,}")),
        ]
    return join([tag("div", *lines, cls="pw-legend"), tag("p", source_of(screen), cls="pw-source")])


def source_of(screen: Screen) -> str:
    """Whose boundaries are drawn, and their 审图号: printed under every map."""
    path = screen.house.places.boundaries.path
    return screen.say("overview.source") if path.name == SHIPPED else screen.say("overview.source_own", file=path.name)


def units(screen: Screen, summary: Summary) -> None:
    """The units, the highest rate first; the city as the line of reference."""
    with st.container(key="card-units"):
        st.html(blocks.heading(screen.say("overview.units")))
        head = [
            screen.say("overview.unit"), screen.say("overview.rate"),
            *(screen.say(f"level.{n}") for n in ("red", "orange", "yellow", "nodata")), screen.say("overview.subjects"),
        ]  # fmt: skip
        most = summary.units["rate"].max() or 1
        rows = [
            [
                tag(
                    "span", screen.unit(r["report_unit"]), cls="pw-chosen" if r["report_unit"] == summary.unit else None
                ),
                _rate(r["rate"], most),
                *(f"{r[n]:,}" for n in ("red", "orange", "yellow", "nodata")),
                f"{r['subjects']:,}",
            ]
            for r in summary.units.to_dict("records")
        ]
        if summary.city_rate is not None:
            rows.append(
                [
                    tag("span", screen.say("word.all_city"), cls="pw-dim"),
                    _rate(summary.city_rate, most),
                    "",
                    "",
                    "",
                    "",
                    "",
                ]
            )
        st.html(html_table(head, rows, numeric=range(1, 7), alt=screen.say("overview.units")))


def _rate(rate: float, most: float) -> Html:
    width = 0 if pd.isna(rate) or not most else min(1, rate / most) * 4.5
    return tag("span", tag("i", style=f"width:{width:.2f}rem"), number(rate), cls="pw-rate")


def domains(screen: Screen, summary: Summary) -> None:
    """Subjects by level in each domain."""
    with st.container(key="card-domains"):
        st.html(blocks.heading(screen.say("overview.domains")))
        st.html(tag("div", *(_domain(screen, summary, d.name) for d in summary.domains), cls="pw-domains"))


def _domain(screen: Screen, summary: Summary, name: str) -> Html:
    title = tag("b", screen.pick(screen.house.registry.domain(name).title))
    if name not in summary.by_domain.index:
        return tag("div", title, tag("span", screen.say("overview.no_subject"), cls="pw-dim"), cls="pw-domain")
    counts = {n: int(v) for n, v in summary.by_domain.loc[name].items()}
    said = [f"{screen.say(f'level.{n}')} {counts[n]:,}" for n in ("red", "orange", "yellow", "nodata") if counts[n]]
    rate = number(100 * (counts["red"] + counts["orange"]) / counts["subjects"])
    said += [screen.say("overview.per_100", rate=rate), screen.say("overview.unlocated", n=f"{counts['unlocated']:,}")]
    total = tag("span", f"{counts['subjects']:,} {screen.say('overview.unit_word')}")
    return tag("div", title, total, blocks.bar(counts, screen.language), tag("p", " · ".join(said)), cls="pw-domain")


def cases(screen: Screen, summary: Summary) -> None:
    """The gravest subjects one by one, with who acts and by when."""
    shown = MORE_CASES if st.session_state.get("more_cases") else FIRST_CASES
    rows = cache.exceptions(screen.desk, summary.domain, summary.unit, shown)
    total = sum(w.subjects for w in summary.concerns)
    with st.container(key="card-cases"):
        note = screen.say("overview.worst_count", total=f"{total:,}", n=f"{len(rows):,}") if len(rows) else None
        st.html(blocks.heading(screen.say("overview.worst"), note))
        if rows.empty:
            st.html(blocks.note(screen.say("overview.worst_none")))
            return
        head = [
            screen.say(f"overview.{n}") for n in ("level", "subject", "problem", "value", "since", "place", "owner_due")
        ]
        st.html(
            html_table(
                head,
                _cases(screen, rows, summary.overview.as_of),
                numeric=(3,),
                cls="pw-stack",
                alt=screen.say("overview.worst"),
            )
        )
        if len(rows) == FIRST_CASES < total:
            st.button(
                screen.say("overview.show_more"), key="more_cases", type="tertiary", icon=":material/expand_more:"
            )


def _cases(screen: Screen, rows: pd.DataFrame, on: date) -> Iterator[list[object]]:
    indicators = screen.indicators
    for row in rows.to_dict("records"):
        indicator = indicators.get(row["indicator"])
        problem: object = row["indicator"]
        value, bound, owner = "—", None, ""
        if indicator:
            problem = tag("span", screen.pick(indicator.title), title=screen.pick(indicator.formula))
            value = value_of(row["value"], indicator, on, screen.language)
            bound = bounds_of(indicator, on, screen.language).get(row["level"])
            owner = screen.department(indicator.owner)
        yield [
            blocks.level(row["level"], screen.language),
            join(
                [
                    links.to_subject(row["subject_id"], row["name"] or row["code"], indicator=row["indicator"]),
                    tag("small", row["code"]) if row["name"] else None,
                ]
            ),
            problem,
            join([value, tag("small", screen.say(f"level.{row['level']}"), " ", bound) if bound else None]),
            tag("span", f"{row['since']:%Y-%m-%d}", cls="pw-nowrap"),
            join([screen.unit(row["report_unit"]), tag("small", " · ".join(_whereabouts(screen, row)))]),
            join([tag("b", owner), tag("small", due.within(screen, indicator, row["level"]))]),
        ]


def _whereabouts(screen: Screen, row: dict[str, Any]) -> Iterator[str]:
    """The street, whose jurisdiction it is, and how well the subject is located."""
    streets = screen.house.places.streets
    if row["street_code"] in streets:
        yield streets[row["street_code"]].name
    if row["jurisdiction"] == "xpcc":
        yield screen.say("overview.xpcc")
    if row["located"] != "point":
        yield screen.say(f"overview.located_{row['located']}")


def batches(screen: Screen, summary: Summary) -> None:
    """The newest batches: file, who, when, rows."""
    with st.container(key="card-batches"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.html(blocks.heading(screen.say("overview.batches")), width="content")
            seen = screen.person.may("write") and summary.overview.batches
            if seen and st.button(
                screen.say("overview.to_history"), key="to-history", type="tertiary", icon=":material/history:"
            ):
                screen.go("upload")
        lines = [b for b in summary.overview.batches if summary.domain is None or _is_of(screen, b, summary.domain)]
        if not lines:
            st.html(blocks.note(screen.say("overview.batches_none")))
            return
        st.html(tag("ul", *(_batch(screen, b) for b in lines), cls="pw-list"))


def _is_of(screen: Screen, batch: BatchLine, domain: str) -> bool:
    owners = (screen.house.registry.domain_of(d) for d in batch.datasets)
    return any(o is None or o.name == domain for o in owners)


def _batch(screen: Screen, batch: BatchLine) -> Html:
    if batch.status == "withdrawn":
        done = screen.say("overview.batch_withdrawn")
    else:
        done = screen.say("overview.batch_new", **{n: f"{batch.total(n):,}" for n in ("new", "changed")})
    when = blocks.moment(batch.at)
    return tag(
        "li", tag("b", batch.file), tag("span", done),
        tag("small", f"{when} · {batch.by_name} · {datasets_of(screen, batch)}"),
    )  # fmt: skip


def datasets_of(screen: Screen, batch: BatchLine) -> str:
    titles = [screen.pick(screen.house.registry.dataset(d).spec.title) for d in batch.datasets]
    if len(titles) <= 2:
        return screen.listed(titles)
    more = screen.say("overview.batch_more", n=len(titles))
    return f"{screen.listed(titles[:2])} {more}"


def missing(screen: Screen, summary: Summary) -> None:
    """Which datasets nobody has reported yet, and which units have no subject at all."""
    with st.container(key="card-missing"):
        lines = [(d, n) for d, n in summary.overview.missing if summary.domain in (None, d)]
        of = sum(len(screen.house.registry.domain(d.name).records) for d in summary.domains)
        note = screen.say("overview.missing_count", n=len(lines), of=of) if lines else None
        st.html(blocks.heading(screen.say("overview.missing"), note))
        if not lines:
            st.html(blocks.note(screen.say("overview.missing_none")))
        for line in summary.domains:
            names = [screen.pick(screen.house.registry.dataset(n).spec.title) for d, n in lines if d == line.name]
            if names:
                st.html(tag("div", tag("small", screen.pick(line.title), cls="pw-dim"),
                            tag("div", *(tag("span", n) for n in names), cls="pw-tags")))  # fmt: skip
        silent = _silent(screen, summary)
        if silent:
            st.html(blocks.note(screen.say("overview.units_missing", units=screen.listed(silent))))


def _silent(screen: Screen, summary: Summary) -> list[str]:
    there = set(summary.units.loc[summary.units["subjects"] > 0, "report_unit"])
    mine = screen.person.units
    seen = [u.code for u in screen.house.places.units if mine is None or u.code in mine]
    return [screen.unit(code) for code in seen if code not in there]


def empty(screen: Screen) -> None:
    """The page before anything was reported of the choice."""
    writes = screen.person.may("write")
    with st.container(key="card-empty", horizontal_alignment="center"):
        body = screen.say("overview.empty_write" if writes else "overview.empty_read")
        st.html(blocks.empty(screen.say("overview.empty_title"), body))
        if writes and st.button(
            screen.say("overview.empty_go"), key="go-upload", type="primary", icon=":material/upload_file:"
        ):
            screen.go("upload")
