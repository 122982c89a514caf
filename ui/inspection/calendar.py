"""本月联合日历: the visits of a month, day by day, and those of one day with who goes where and why."""

from __future__ import annotations

import json
from calendar import Calendar as Weeks
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from pilotwatch.store import StoreRefused, plans
from pilotwatch.workdays import today
from ui import address, blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.inspection import words
from ui.links import to_subject
from ui.screen import Screen

_WEEKS = Weeks(firstweekday=0)
AHEAD, BACK = 6, 6  # months that can be chosen
SHOWN = 3  # visits named in a day's cell
LISTED = 40  # visits of a day that are listed


def show(screen: Screen) -> None:
    month, unit, department = _choose(screen)
    rows, draft = _visits(screen, month, unit)
    if department:
        rows = rows[rows["departments"].map(lambda t: department in json.loads(t))]
    if draft:
        st.html(blocks.note(screen.say("inspection.shows_draft", number=draft), "warn"))
    _judge(screen, rows, month, unit, department)
    if rows.empty:
        with st.container(key="card-calendar"):
            st.html(blocks.empty(screen.say("inspection.no_visits"), screen.say("inspection.no_visits_body")))
        return
    with st.container(key="card-calendar"):
        st.html(_month(screen, month, rows))
        st.html(blocks.note(screen.say("inspection.calendar_legend")))
    _day(screen, rows)


def _choose(screen: Screen) -> tuple[date, str | None, str | None]:
    here = today().replace(day=1)
    months = {f"{m:%Y-%m}": screen.say("inspection.month", year=m.year, month=m.month) for m in _around(here)}
    units = {
        u.code: screen.pick(u.title)
        for u in screen.house.places.units
        if screen.person.units is None or u.code in screen.person.units
    }
    departments = {c: screen.department(c) for c in screen.house.places.departments}
    with st.container(key="choose-month", horizontal=True, vertical_alignment="center", gap="small"):
        st.session_state.setdefault("month", st.query_params.get("month") or _busiest(screen, here, months))
        month = address.select("month", months, screen.say("inspection.choose_month"), width=150) or f"{here:%Y-%m}"
        unit = address.select("unit", units, screen.say("overview.unit"), placeholder=screen.everywhere, width=230)
        department = address.select(
            "department",
            departments,
            screen.say("inspection.department"),
            placeholder=screen.say("inspection.any_department"),
            width=230,
        )
    return date.fromisoformat(f"{month}-01"), unit, department


def _around(here: date) -> list[date]:
    found = []
    for n in range(-BACK, AHEAD + 1):
        at = here.year * 12 + here.month - 1 + n
        found.append(date(at // 12, at % 12 + 1, 1))
    return found


def _busiest(screen: Screen, here: date, months: dict[str, str]) -> str:
    """This month; where nothing is arranged in it, the one of the newest plan."""
    this = f"{here:%Y-%m}"
    newest = next((p for p in plans.plans(screen.desk, limit=5) if p.state != "dropped"), None)
    wanted = f"{newest.first:%Y-%m}" if newest else this
    if wanted in months and not len(_of_month(screen, here, None, ("adopted",))):
        return wanted
    return this


def _of_month(
    screen: Screen, month: date, unit: str | None, states: tuple[str, ...], plan_id: str | None = None
) -> pd.DataFrame:
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return plans.visits(screen.desk, plan_id=plan_id, first=month, last=last, unit=unit, states=states)


def _visits(screen: Screen, month: date, unit: str | None) -> tuple[pd.DataFrame, str]:
    """What is adopted for the month; where that is nothing, the newest draft, with its number."""
    rows = _of_month(screen, month, unit, ("adopted",))
    if len(rows):
        return rows, ""
    for kept in plans.plans(screen.desk):
        if kept.state == "draft" and kept.first <= (month + timedelta(days=31)).replace(day=1) and kept.last >= month:
            return _of_month(screen, month, unit, ("proposed",), kept.id), kept.number
    return rows, ""


def _judge(screen: Screen, rows: pd.DataFrame, month: date, unit: str | None, department: str | None) -> None:
    joint = rows["departments"].map(lambda t: len(json.loads(t)) > 1) if len(rows) else pd.Series([], dtype=bool)
    teams = int(rows["departments"].map(lambda t: len(json.loads(t))).sum()) if len(rows) else 0
    said = screen.say(
        "inspection.judge_month", where=screen.where(unit), who=screen.department(department) if department else "",
        year=month.year, month=month.month, n=f"{len(rows):,}", joint=f"{int(joint.sum()):,}", saved=f"{teams - len(rows):,}",
    )  # fmt: skip
    st.html(
        tag(
            "p",
            said
            if len(rows)
            else screen.say("inspection.judge_none", where=screen.where(unit), year=month.year, month=month.month),
            cls="pw-judge",
        )
    )


def _month(screen: Screen, month: date, rows: pd.DataFrame) -> Html:
    by_day = dict(list(rows.groupby(rows["day"].dt.date)))
    calendar = screen.house.calendar()
    head = tag("div", *(tag("b", d) for d in screen.say("inspection.weekdays").split(",")), cls="pw-cal-head")
    cells = [
        _cell(screen, d, by_day.get(d), calendar.is_working_day(d))
        if d.month == month.month
        else tag("div", cls="pw-cal-out")
        for week in _WEEKS.monthdatescalendar(month.year, month.month)
        for d in week
    ]
    return tag("div", head, tag("div", *cells, cls="pw-cal-days"), cls="pw-cal")


def _cell(screen: Screen, day: date, rows: pd.DataFrame | None, works: bool) -> Html:
    classes = ["pw-cal-day", "" if works else "pw-cal-off", "pw-cal-today" if day == today() else ""]
    number = tag("span", str(day.day), tag("small", words.weekday(screen, day)), cls="pw-cal-no")
    if rows is None or rows.empty:
        return tag("div", number, cls=" ".join(c for c in [*classes, "pw-cal-none"] if c))
    joint = rows["departments"].map(lambda t: len(json.loads(t)) > 1)
    first = rows[joint] if joint.any() else rows
    named = [_line(screen, r) for r in first.head(SHOWN).to_dict("records")]
    more = tag("em", screen.say("inspection.more_visits", n=len(rows) - len(named))) if len(rows) > len(named) else None
    count = tag(
        "strong",
        f"{len(rows):,}",
        tag("small", screen.say("inspection.of_them_joint", n=int(joint.sum()))) if joint.any() else None,
    )
    return tag("div", number, count, *named, more, cls=" ".join(c for c in classes if c))


def _line(screen: Screen, row: dict[str, object]) -> Html:
    many = len(json.loads(str(row["departments"])))
    mark = tag("small", screen.say("inspection.n_departments", n=many)) if many > 1 else None
    return tag(
        "p", mark, str(row["name"]), title=f"{row['name']}：{words.departments(screen, str(row['departments']))}"
    )


def _day(screen: Screen, rows: pd.DataFrame) -> None:
    """One day's visits: the next one that has any, unless another is chosen."""
    days = sorted(rows["day"].dt.date.unique())
    at = next((d for d in days if d >= today()), days[0])
    order = [at, *(d for d in days if d != at)]
    titles = {f"{d:%Y-%m-%d}": f"{d:%Y-%m-%d} {words.weekday(screen, d)}" for d in order}
    with st.container(key="card-day"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(blocks.heading(screen.say("inspection.one_day")), width="content")
            chosen = address.select("day", titles, screen.say("inspection.one_day"), width=190) or f"{at:%Y-%m-%d}"
        mine = rows[rows["day"] == pd.Timestamp(chosen)].sort_values(["report_unit", "street_code", "name"])
        head = [screen.say(f"inspection.{n}") for n in ("subject", "who", "what", "hours")]
        st.html(
            html_table(
                head,
                [_row(screen, r) for r in mine.head(LISTED).to_dict("records")],
                numeric=(3,),
                cls="pw-stack",
                alt=head[0],
            )
        )
        if len(mine) > LISTED:
            st.html(blocks.note(screen.say("inspection.more_visits", n=len(mine) - LISTED)))


def _row(screen: Screen, row: dict[str, object]) -> list[object]:
    street = screen.house.places.streets.get(str(row["street_code"]))
    place = " · ".join(x for x in (screen.unit(str(row["report_unit"])), street.name if street else "") if x)
    try:
        checks = plans.checks(screen.desk, str(row["plan_id"]), visit_id=str(row["id"]))
    except StoreRefused:
        checks = pd.DataFrame(columns=["matters"])
    matters = list(dict.fromkeys(m for t in checks["matters"] for m in json.loads(t)))
    marks = [screen.say("inspection.pinned")] if row["pinned"] else []
    marks += [] if row["announced"] else [screen.say("inspection.unannounced")]
    return [
        join([to_subject(str(row["subject_id"]), row["name"] or row["code"]), tag("small", " · ".join([place, *marks]))]),
        words.teams(screen, str(row["departments"])), screen.listed(matters), f"{row['hours']:g}",
    ]  # fmt: skip
