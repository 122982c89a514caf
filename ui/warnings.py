"""The parts of 预警中心: how many, the few that matter in sentences, the list with its filters; and one warning, whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch import warnings
from pilotwatch.domain import Indicator
from pilotwatch.warnings import Filter
from pilotwatch.workdays import BEIJING, Calendar, now
from ui import address, blocks, cache, due, links, why
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.indicators import value_of
from ui.overview import choose, short
from ui.screen import Screen

MATTER = 8  # exceptions told in sentences
FIRST, MOST = 30, 200  # lines of the list
_WARN = ("red", "orange", "yellow", "blue")
_STATES = ("untaken", "taken", "late", "near", "eased", "closed")


@dataclass(frozen=True)
class Room:
    """What all parts of the page work with: the filter of domain and unit, and when it is by which calendar."""

    base: Filter
    calendar: Calendar
    at: datetime


def room(screen: Screen) -> Room:
    """The domain and unit that are looked at; both stand in the address."""
    domain, unit = choose(screen)
    calendar, at = screen.house.calendar(), now()
    clocks = warnings.clocks(screen.house.registry.indicators, calendar, at)
    return Room(Filter(domain=domain, report_unit=unit, clocks=clocks), calendar, at)


# --- how many ----------------------------------------------------------------------------------------------------


def judge(screen: Screen, here: Room) -> int:
    """How many there are, in a sentence and in tiles; gives how many are open."""
    counts = warnings.counted(screen.desk, here.base)
    where = screen.unit(here.base.report_unit) if here.base.report_unit else screen.say("word.all_city")
    active = counts[~counts["eased"]]
    by_level = active.groupby("level")["warnings"].sum()
    sums = {n: f"{int(active[n].sum()):,}" for n in ("new", "unseen", "late", "near")}
    if not by_level.sum():
        st.html(tag("p", screen.say("warnings.judge_none", where=where), cls="pw-judge"))
    else:
        levels = [
            screen.say("warnings.level_count", level=screen.say(f"level.{n}"), n=f"{int(by_level[n]):,}")
            for n in _WARN
            if n in by_level
        ]
        said = screen.say(
            "warnings.judge", where=where, n=f"{int(by_level.sum()):,}", levels=screen.listed(levels), **sums
        )
        st.html(tag("p", said, cls="pw-judge"))
    unit = screen.say("warnings.count_unit")
    eased = int(counts.loc[counts["eased"], "warnings"].sum())
    st.html(
        blocks.tiles(
            *(blocks.tile(blocks.level(n, screen.language), f"{int(by_level.get(n, 0)):,}", unit) for n in _WARN),
            *(blocks.tile(f"{due.SIGNS[n]} {screen.say(f'warnings.state.{n}')}", sums[n], unit) for n in ("late", "near")),
            blocks.tile(screen.say("warnings.eased"), f"{eased:,}", unit),
        )
    )  # fmt: skip
    return int(counts["warnings"].sum())


# --- the few that matter -----------------------------------------------------------------------------------------


def exceptions(screen: Screen, here: Room, total: int) -> None:
    """The subjects that matter most, each in a sentence by its worst warning, and how many warnings stand below."""
    every = warnings.listed(screen.desk, here.base, limit=MOST)
    first = every.drop_duplicates("subject_id").head(MATTER)
    with st.container(key="card-exceptions"):
        if first.empty:
            st.html(blocks.empty(screen.say("warnings.empty"), screen.say("warnings.empty_body")))
            return
        below = max(0, total - len(first))
        note = screen.say("warnings.first_note" if below else "warnings.first_all", n=len(first), below=f"{below:,}")
        st.html(blocks.heading(screen.say("warnings.first"), note))
        st.html(tag("ol", *(_sentence(screen, here, r) for r in first.to_dict("records")), cls="pw-sentences"))


def _sentence(screen: Screen, here: Room, row: dict[str, Any]) -> Html:
    """乌鲁木齐某商贸有限公司（天山区）存管资金达标率 0.62，持续 3 天，由市商务局办理；另有 9 条预警。"""
    indicator = screen.indicators.get(row["indicator"])
    days = (here.at.astimezone(BEIJING).date() - row["since"].date()).days
    said = screen.say(
        "warnings.sentence", unit=short(screen.unit(row["report_unit"])), problem=_problem(screen, row, indicator),
        value=_value(screen, row, indicator), owner=screen.department(row["owner"]),
        since=screen.say("warnings.days", n=days) if days else screen.say("warnings.since_today"),
    )  # fmt: skip
    others = screen.say("warnings.others", n=row["together"] - 1) if row["together"] > 1 else None
    name = links.to_subject(row["subject_id"], _name(row))
    found = due.cell(screen, due.due(row, indicator, here.calendar, here.at))
    text = tag("p", name, said, others, " ", links.to_warning(row["number"], screen.say("warnings.look")))
    return tag("li", blocks.level(row["level"], screen.language), text, tag("div", found, cls="pw-by"))


def _name(row: dict[str, Any]) -> str:
    return next((row[n] for n in ("name", "code") if isinstance(row[n], str)), "—")


def _problem(screen: Screen, row: dict[str, Any], indicator: Indicator | None) -> str:
    return screen.pick(indicator.title) if indicator else row["indicator"]


def _value(screen: Screen, row: dict[str, Any], indicator: Indicator | None) -> str:
    return value_of(row["value"], indicator, row["on_day"].date(), screen.language) if indicator else "—"


# --- the list ----------------------------------------------------------------------------------------------------


def narrow(screen: Screen, here: Room) -> tuple[Filter, str]:
    """The list's own filters and its order; all of them stand in the address, so that a view can be sent, and are
    nobody else's."""
    base = here.base
    indicators = {
        i.code: f"{i.code} {screen.pick(i.title)}"
        for d in screen.domains
        if base.domain in (None, d.name)
        for i in d.indicators
    }
    streets = _streets(screen, base.report_unit)
    with st.container(key="choose-warnings", horizontal=True, vertical_alignment="center", gap="small"):
        levels = {name: screen.say(f"level.{name}") for name in _WARN}
        level = address.pills("level", levels, screen.say("warnings.level"))
        states = {name: screen.say(f"warnings.state.{name}") for name in _STATES}
        state = _select(screen, "state", states, 170)
        indicator = _select(screen, "indicator", indicators, 230)
        street = _select(screen, "street", streets, 170) if streets else None
        mine = address.toggle("mine", screen.say("warnings.mine"))
        orders = {name: screen.say(f"warnings.sort.{name}") for name in warnings.ORDERS}
        order = address.select("sort", orders, screen.say("warnings.sort"), width=190) or warnings.ORDERS[0]
    wanted = replace(base, level=level, state=state, indicator=indicator, street_code=street, mine=mine)
    return wanted, order


def _select(screen: Screen, name: str, titles: dict[str, str], width: int) -> str | None:
    label, all_ = screen.say(f"warnings.{name}"), screen.say(f"warnings.any_{name}")
    return address.select(name, titles, label, placeholder=all_, width=width)


def _streets(screen: Screen, unit: str | None) -> dict[str, str]:
    """The streets of the unit that is looked at; of the whole city they would be too many to choose from."""
    division = next((u.division for u in screen.house.places.units if u.code == unit), None)
    return {s.code: s.name for s in screen.house.places.streets.values() if s.division == division}


def listing(screen: Screen, here: Room, wanted: Filter, order: str, n: int) -> None:
    """The warnings of the filters, so many of the `n` at first."""
    rows = warnings.listed(screen.desk, wanted, order=order, limit=MOST)
    more = st.session_state.get("warnings-more")
    shown = rows.head(MOST if more else FIRST)
    if shown.empty:
        st.html(blocks.note(screen.say("warnings.none_such")))
        return
    head = [screen.say(f"warnings.{n}") for n in ("level", "subject", "problem", "since", "place", "who", "due")]
    st.html(html_table(head, _lines(screen, here, shown), cls="pw-stack pw-warnings", alt=screen.say("warnings.list")))
    if len(shown) < len(rows):
        st.button(screen.say("warnings.more"), key="warnings-show-more", type="tertiary",
                  on_click=lambda: st.session_state.update({"warnings-more": True}))  # fmt: skip
    elif n > len(shown):
        st.html(blocks.note(screen.say("warnings.cut", shown=len(shown), n=f"{n:,}")))
    st.html(due.legend(screen))


def _lines(screen: Screen, here: Room, rows: pd.DataFrame) -> Iterator[list[object]]:
    for row in rows.to_dict("records"):
        indicator = screen.indicators.get(row["indicator"])
        together = screen.say("warnings.together", n=row["together"]) if row["together"] > 1 else None
        assignee = (
            tag("small", screen.say("warnings.assigned", who=row["assignee"]))
            if isinstance(row["assignee"], str)
            else None
        )
        yield [
            join([blocks.level(row["level"], screen.language), _state(screen, row)]),
            join([links.to_subject(row["subject_id"], _name(row)), tag("small", together) if together else None]),
            join([links.to_warning(row["number"], _problem(screen, row, indicator)),
                  tag("small", f"{_value(screen, row, indicator)} · {row['number']}")]),
            tag("span", f"{row['since']:%Y-%m-%d}", cls="pw-nowrap"),
            join([screen.unit(row["report_unit"]), tag("small", _street(screen, row["street_code"]))]),
            join([screen.department(row["owner"]), assignee]),
            due.cell(screen, due.due(row, indicator, here.calendar, here.at)),
        ]  # fmt: skip


def _state(screen: Screen, row: dict[str, Any]) -> Html | None:
    """What is to be known of a line beside its level."""
    state = "closed" if not pd.isna(row["closed_on"]) else "eased" if row["eased"] else None
    return tag("small", screen.say(f"warnings.state.{state}")) if state else None


def _street(screen: Screen, code: str) -> str:
    streets = screen.house.places.streets
    return streets[code].name if code in streets else ""


# --- one warning -------------------------------------------------------------------------------------------------


def chosen(screen: Screen) -> dict[str, Any] | None:
    """The warning that the address names (`?warning=YJ-…`), if the person may see it."""
    asked = st.query_params.get("warning")
    if not asked:
        return None
    found = warnings.listed(screen.desk, Filter(number=asked, closed=True), limit=1)
    if found.empty:
        st.html(blocks.note(screen.say("warnings.no_such", number=asked), "warn"))
        return None
    return found.iloc[0].to_dict()


def title(screen: Screen, here: Room, row: dict[str, Any]) -> None:
    """Whose warning it is, about what, and the ways on: to the list and to the subject."""
    indicator = screen.indicators.get(row["indicator"])
    with st.container(key="card-warning"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(screen.say("warnings.back"), key="warning-back", type="tertiary", icon=":material/arrow_back:",
                      on_click=lambda: st.query_params.pop("warning", None))  # fmt: skip
            if st.button(screen.say("warnings.to_subject"), key="warning-subject", icon=":material/manage_search:"):
                screen.go("subject", subject=row["subject_id"], indicator=row["indicator"])
        said = [screen.unit(row["report_unit"]), _street(screen, row["street_code"]), row["number"]]
        st.html(
            join(
                [
                    tag("h2", _name(row), cls="pw-name"),
                    tag("p", blocks.level(row["level"], screen.language), tag("b", _problem(screen, row, indicator)),
                        tag("span", " · ".join(filter(None, said)), cls="pw-dim"), cls="pw-who"),
                    due.cell(screen, due.due(row, indicator, here.calendar, here.at)),
                ]
            )
        )  # fmt: skip


def reasons(screen: Screen, row: dict[str, Any]) -> None:
    """The formula with the subject's numbers, the bound and its basis, the trend, the rows behind it."""
    told = cache.explained(screen.desk, screen.kept_by, row["indicator"], row["subject_id"])
    with st.container(key="card-why"):
        st.html(blocks.heading(screen.say("warnings.why")))
        who = join([tag("b", screen.department(row["owner"])), tag("small", screen.pick(told.indicator.first_action))])
        more = ((screen.say("why.since"), f"{row['since']:%Y-%m-%d}"), (screen.say("why.who"), who))
        st.html(why.reasons(screen, told, *more, known=None if pd.isna(row["value"]) else row["value"]))
        why.trend(screen, told, key=f"trend-{row['number']}")
        why.sources(screen, told.sources, key=f"sources-{row['number']}")


def story(screen: Screen, row: dict[str, Any]) -> None:
    """What happened to the warning, newest last."""
    events = warnings.history(screen.desk, row["subject_id"], row["id"])
    with st.container(key="card-story"):
        lines = []
        for e in events.itertuples():
            act, _, verdict = e.act.partition(":")
            said = screen.say(f"warnings.act.{act}")
            if verdict:
                said = f"{said} · {screen.pick(warnings.VERDICTS[verdict])}"
            who = screen.say("warnings.by_system") if e.by == "system" else e.by
            at = e.at.replace(tzinfo=e.at.tzinfo or BEIJING).astimezone(BEIJING)
            level = blocks.level(e.level, screen.language) if e.level else None
            lines.append([f"{at:%Y-%m-%d %H:%M}", join([tag("b", said), " ", level, tag("small", e.note) if e.note else None]), who])  # fmt: skip
        st.html(join([blocks.heading(screen.say("warnings.history")), html_table(["", "", ""], lines, cls="pw-plain")]))
