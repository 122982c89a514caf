"""方案: one plan: what it comes to beside its bound, who is short, what stood in the way, its visits, and its changes."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.inspection import edits
from pilotwatch.store import plans
from pilotwatch.store.plans import KeptPlan
from ui import address, blocks
from ui.acting import attempt
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.inspection import editing, making, means, whatif, words
from ui.links import to_subject
from ui.screen import Screen

FIRST, MOST = 12, 200
SHORTAGES = 5
LISTED = 60  # checks of a reason that are listed


def show(screen: Screen) -> None:
    waiting = making.under_way(screen)
    kept = _choose(screen)
    if not waiting:
        making.make(screen, expanded=kept is None)
    if kept is None:
        with st.container(key="card-no-plan"):
            st.html(blocks.empty(screen.say("inspection.no_plan"), screen.say("inspection.no_plan_body")))
        means.show(screen)
        return
    _judge(screen, kept)
    if not waiting:
        _acts(screen, kept)
    left, right = st.columns([11, 10])
    with left:
        _force(screen, kept)
    with right:
        _in_the_way(screen, kept)
    _visits(screen, kept, waiting)
    whatif.show(screen, kept, waiting)
    _story(screen, kept)
    means.show(screen)


def _choose(screen: Screen) -> KeptPlan | None:
    """The plan looked at: the newest that stands, unless another is chosen."""
    every = plans.plans(screen.desk, limit=30)
    if not every:
        return None
    every = sorted(every, key=lambda p: p.state == "dropped")  # the order of making otherwise
    titles = {p.id: words.title(screen, p) for p in every}
    chosen = address.select("plan", titles, screen.say("inspection.choose_plan"), width=460)
    return next((p for p in every if p.id == chosen), every[0])


# --- the whole -----------------------------------------------------------------------------------------------------


def _judge(screen: Screen, kept: KeptPlan) -> None:
    r = kept.result
    where = screen.listed([screen.unit(u) for u in kept.units]) if kept.units else screen.say("word.all_city")
    share = words.percent(r["saved"] / r["apart"]) if r["apart"] else "—"
    undone = sum(r["unmet"].values())
    said = screen.say(
        "inspection.judge_plan", where=where, first=f"{kept.first:%Y-%m-%d}", last=f"{kept.last:%Y-%m-%d}", due=f"{r['due']:,}",
        visits=f"{r['visits']:,}", separate=f"{r['apart']:,}", saved=f"{r['saved']:,}", share=share,
    )  # fmt: skip
    st.html(tag("p", said, cls="pw-judge"))
    gap_note = screen.say("inspection.optimal" if r["optimal"] else "inspection.gap_note")
    if r.get("edited"):
        gap_note = screen.say("inspection.gap_before_edits")
    unit = screen.say("inspection.visit_unit")
    st.html(
        blocks.tiles(
            blocks.tile(screen.say("inspection.visits"), f"{r['visits']:,}", unit, [screen.say("inspection.joint_n", n=f"{r['joint']:,}")]),
            blocks.tile(screen.say("inspection.saved"), f"{r['saved']:,}", unit, [screen.say("inspection.saved_note", n=f"{r['apart']:,}")]),
            blocks.tile(screen.say("inspection.bound"), f"{r['lower_bound']:,}", unit, [screen.say("inspection.gap_before_edits" if r.get("edited") else "inspection.bound_note")]),
            blocks.tile(screen.say("inspection.gap"), words.percent(r["gap"], 2), "", [gap_note]),
            blocks.tile(screen.say("inspection.undone"), f"{undone:,}", screen.say("inspection.check_unit"),
                        [screen.say("inspection.undone_note")], cls="pw-warn" if undone else ""),
            blocks.tile(screen.say("inspection.trips"), f"{r['trips']:,}", screen.say("inspection.trip_unit"),
                        [screen.say("inspection.trips_note", n=f"{r['trips_bound']:,}")]),
        )
    )  # fmt: skip


def _acts(screen: Screen, kept: KeptPlan) -> None:
    """Adopt, plan anew, give up: for whoever may plan there."""
    if not screen.person.may("plan") or kept.state == "dropped":
        st.html(blocks.note(join([words.state(screen, kept.state), " ", _made(screen, kept)])))
        return
    with st.container(horizontal=True, vertical_alignment="center", key="plan-acts"):
        st.html(blocks.note(join([words.state(screen, kept.state), " ", _made(screen, kept)])), width="stretch")
        if kept.state == "draft":
            if st.button(screen.say("inspection.adopt"), type="primary", key="plan-adopt", icon=":material/task_alt:"):
                attempt(screen, lambda: _adopt(screen, kept))
            with st.popover(screen.say("inspection.again"), icon=":material/refresh:"):
                _again(screen, kept)
        with st.popover(screen.say("inspection.give_up"), icon=":material/delete:"):
            _give_up(screen, kept)


def _made(screen: Screen, kept: KeptPlan) -> str:
    made = screen.say("inspection.made_by", by=kept.made_by, at=blocks.moment(kept.made_at))
    if kept.adopted_at:
        made += " · " + screen.say("inspection.adopted_by", by=kept.adopted_by, at=blocks.moment(kept.adopted_at))
    return made


def _adopt(screen: Screen, kept: KeptPlan) -> None:
    edits.adopt(screen.house, screen.desk, kept)
    making.say(screen.say("inspection.adopted", number=kept.number))


def _again(screen: Screen, kept: KeptPlan) -> None:
    with st.form("plan-again", border=False):
        st.html(blocks.note(screen.say("inspection.again_note")))
        reason = st.text_input(screen.say("inspection.reason"), key="plan-again-reason", max_chars=200)
        if st.form_submit_button(screen.say("inspection.again"), type="primary"):
            if not reason.strip():
                st.html(blocks.note(screen.say("inspection.give_reason"), "bad"))
                return
            house, desk = screen.house, screen.desk
            making.start(
                screen.say("inspection.making_again", number=kept.number),
                lambda progress: edits.again(house, desk, kept, reason, progress=progress),
                lambda made: making.say(
                    screen.say("inspection.made", number=made.number, visits=made.result["visits"])
                ),
            )
            st.rerun()


def _give_up(screen: Screen, kept: KeptPlan) -> None:
    with st.form("plan-give-up", border=False):
        st.html(blocks.note(screen.say("inspection.give_up_note")))
        reason = st.text_input(screen.say("inspection.reason"), key="plan-give-up-reason", max_chars=200)
        if st.form_submit_button(screen.say("inspection.give_up")):
            attempt(screen, lambda: edits.give_up(screen.desk, kept, reason))


# --- who is short, what stood in the way ----------------------------------------------------------------------------


def _force(screen: Screen, kept: KeptPlan) -> None:
    """Hours by department, and who is short by how much and what one more inspector-day would buy."""
    hours = kept.result["hours"]
    scarce = [s for s in kept.result["scarce"] if s["short"] > 0 or s["worth"] > 0]
    with st.container(key="card-force"):
        st.html(blocks.heading(screen.say("inspection.force"), screen.say("inspection.force_note")))
        if not scarce:
            st.html(blocks.note(screen.say("inspection.nobody_short"), "good"))
        else:
            st.html(tag("ul", *(tag("li", _short(screen, s)) for s in scarce[:SHORTAGES]), cls="pw-list pw-short"))
            if len(scarce) > SHORTAGES:
                st.html(blocks.note(screen.say("inspection.more_short", n=len(scarce) - SHORTAGES)))
        head = [screen.say(f"inspection.{n}") for n in ("department", "load", "spent", "room")]
        order = sorted(hours.items(), key=lambda kv: -_load(kv[1]))
        rows = [
            [
                tag("b", screen.department(d)),
                _bar(h),
                f"{h['spent']:,.0f}",
                "—" if h["room"] is None else f"{h['room']:,.0f}",
            ]
            for d, h in order
        ]
        st.html(html_table(head, rows, numeric=(2, 3), cls="pw-stack pw-loads", alt=screen.say("inspection.force")))
        unlimited = [screen.department(d) for d, h in hours.items() if h["room"] is None]
        if unlimited:
            st.html(blocks.note(screen.say("inspection.unlimited", who=screen.listed(unlimited)), "warn"))


def _load(hours: dict[str, Any]) -> float:
    return hours["spent"] / hours["room"] if hours["room"] else 0.0


def _bar(hours: dict[str, Any]) -> Html:
    if not hours["room"]:
        return tag("span", "—", cls="pw-dim")
    share = _load(hours)
    level = " pw-load-full" if share > 0.95 else ""
    return tag(
        "span",
        tag("i", style=f"width:{min(100.0, 100 * share):.1f}%"),
        tag("b", words.percent(share, 0)),
        cls=f"pw-load{level}",
    )


def _short(screen: Screen, s: dict[str, Any]) -> Html:
    unit = screen.unit(s["unit"]) if s["unit"] else screen.say("inspection.city_pool")
    facts = {
        "who": screen.department(s["department"]),
        "unit": unit,
        "week": s["week"],
        "until": s["until"],
        "worth": f"{s['worth']:.2g}",
    }
    if s["short"] > 0:
        said = screen.say("inspection.short_by", **facts, hours=f"{s['short']:g}")
    else:
        said = screen.say("inspection.tight", **facts)
    return tag("span", said)


def _in_the_way(screen: Screen, kept: KeptPlan) -> None:
    """What stood in the way of the checks that are not planned, and of those that go alone."""
    r = kept.result
    with st.container(key="card-in-the-way"):
        st.html(blocks.heading(screen.say("inspection.in_the_way"), screen.say("inspection.in_the_way_note")))
        undone = {k: v for k, v in r["unmet"].items()}
        if not undone:
            st.html(blocks.note(screen.say("inspection.all_planned"), "good"))
        groups = [
            ("inspection.unmet", undone),
            ("inspection.left_out", r["left_out"]),
            ("inspection.not_merged", r["not_merged"]),
        ]
        for key, counts in groups:
            if counts:
                rows = [
                    [words.reason(screen, code), f"{n:,}"] for code, n in sorted(counts.items(), key=lambda kv: -kv[1])
                ]
                st.html(
                    html_table(
                        [screen.say(key), screen.say("inspection.count")], rows, numeric=(1,), alt=screen.say(key)
                    )
                )
        _undone(screen, kept)


def _undone(screen: Screen, kept: KeptPlan) -> None:
    with st.expander(screen.say("inspection.each_undone")):
        rows = plans.checks(screen.desk, kept.id, undone=True)
        if rows.empty:
            st.html(blocks.note(screen.say("inspection.none_undone")))
            return
        titles = {c: words.reason(screen, c) for c in rows["reason"].value_counts().index}
        code = address.select(
            "why", titles, screen.say("inspection.why"), placeholder=screen.say("inspection.any_reason"), width=260
        )
        mine = rows[rows["reason"] == code] if code else rows
        head = [screen.say(f"inspection.{n}") for n in ("subject", "check", "why")]
        shown = "why_zh" if screen.language == "zh" else "why_en"
        lines = [
            [
                join([to_subject(c["subject_id"], c["name"] or c["ref"]), tag("small", screen.unit(c["report_unit"]))]),
                join([screen.department(c["department"]), tag("small", f"{screen.listed(json.loads(c['matters'])) or '—'} · {words.source(screen, c['source'])}")]),
                c[shown] or words.reason(screen, c["reason"]),
            ]
            for c in mine.head(LISTED).to_dict("records")
        ]  # fmt: skip
        st.html(html_table(head, lines, cls="pw-stack", alt=screen.say("inspection.each_undone")))
        if len(mine) > LISTED:
            st.html(blocks.note(screen.say("inspection.more_checks", n=f"{len(mine) - LISTED:,}")))


# --- visits --------------------------------------------------------------------------------------------------------


def _visits(screen: Screen, kept: KeptPlan, waiting: bool) -> None:
    states = ("dropped",) if kept.state == "dropped" else ("proposed", "adopted")
    every = plans.visits(screen.desk, plan_id=kept.id, states=states)
    with st.container(key="card-plan-visits"):
        st.html(
            blocks.heading(
                screen.say("inspection.visits_of"), screen.say("inspection.visits_note", n=f"{len(every):,}")
            )
        )
        rows = _narrowed(screen, every)
        if rows.empty:
            st.html(blocks.empty(screen.say("inspection.no_such_visits"), screen.say("inspection.no_such_visits_body")))
            return
        left, right = st.columns([12, 9])
        with left:
            st.html(_table(screen, rows.head(FIRST)))
            if len(rows) > FIRST:
                with st.expander(screen.say("inspection.more_visits", n=f"{len(rows) - FIRST:,}")):
                    st.html(_table(screen, rows.iloc[FIRST:MOST]))
        with right:
            editing.show(screen, kept, rows, waiting)


def _narrowed(screen: Screen, rows: pd.DataFrame) -> pd.DataFrame:
    codes = sorted({d for t in rows["departments"] for d in json.loads(t)})
    units = {u: screen.unit(u) for u in sorted(rows["report_unit"].unique())}
    with st.container(key="choose-visits", horizontal=True, vertical_alignment="center", gap="small"):
        kind = address.pills(
            "only", {n: screen.say(f"inspection.only_{n}") for n in ("joint", "pinned")}, screen.say("inspection.only")
        )
        unit = address.select("unit", units, screen.say("overview.unit"), placeholder=screen.everywhere, width=210)
        department = address.select("department", {c: screen.department(c) for c in codes}, screen.say("inspection.department"),
                                    placeholder=screen.say("inspection.any_department"), width=210)  # fmt: skip
    if kind == "joint":
        rows = rows[rows["departments"].map(lambda t: len(json.loads(t)) > 1)]
    if kind == "pinned":
        rows = rows[rows["pinned"]]
    if unit:
        rows = rows[rows["report_unit"] == unit]
    if department:
        rows = rows[rows["departments"].map(lambda t: department in json.loads(t))]
    return rows


def _table(screen: Screen, rows: pd.DataFrame) -> Html:
    head = [screen.say(f"inspection.{n}") for n in ("day", "subject", "who", "checks", "hours")]
    lines = [
        [
            join([tag("b", f"{r['day']:%m-%d}", cls="pw-nowrap"), tag("small", words.weekday(screen, r["day"]))]),
            join([to_subject(r["subject_id"], r["name"] or r["code"]), tag("small", screen.unit(r["report_unit"]) + (f" · {screen.say('inspection.pinned')}" if r["pinned"] else ""))]),
            words.teams(screen, r["departments"]), f"{r['checks']}", f"{r['hours']:g}",
        ]
        for r in rows.to_dict("records")
    ]  # fmt: skip
    return html_table(head, lines, numeric=(3, 4), cls="pw-stack", alt=screen.say("inspection.visits_of"))


# --- what happened to it --------------------------------------------------------------------------------------------


def _story(screen: Screen, kept: KeptPlan) -> None:
    told = plans.edits(screen.desk, kept.id)
    with st.expander(screen.say("inspection.story", n=len(told))):
        st.html(tag("ul", *(tag("li", _event(screen, e)) for e in told[:100]), cls="pw-story"))


def _event(screen: Screen, e: dict[str, Any]) -> Html:
    said = screen.say(f"inspection.act_{e['act']}")
    data = e["data"]
    moved = f"{data['from']} → {data['to']}" if "from" in data else data.get("to", "")
    who = screen.department(data["department"]) if "department" in data else ""
    about = " · ".join(x for x in (e["name"], who, moved) if x)
    return join([tag("b", said), f" {about}" if about else "", tag("small", f"{blocks.moment(e['at'])} · {e['by']}"), tag("p", e["reason"]) if e["reason"] else None])  # fmt: skip
