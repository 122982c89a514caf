"""事项清单: what may be planned and what is wrong with the rest; one matter in full; batches; what changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.inspection import matters
from pilotwatch.records import Matter
from pilotwatch.store import matters as kept
from pilotwatch.workdays import today
from ui import address, blocks
from ui.acting import attempt
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen

FIRST = 30
_INCOMPLETE = ("no_method", "no_content", "no_basis", "no_procedure")
_TONE = {"published": "good", "changed": "warn", "unpublished": "bad", "coming": "", "ended": ""}


def show(screen: Screen) -> None:
    rows = matters.listing(screen.desk, today())
    if rows.empty:
        with st.container(key="card-library-empty"):
            st.html(blocks.empty(screen.say("library.no_matters"), screen.say("library.no_matters_body")))
        return
    judge(screen, rows)
    chosen = narrow(screen, rows)
    left, right = st.columns([13, 9])
    with left:
        table(screen, chosen)
    with right:
        one(screen, chosen)
        batches(screen)
        changes(screen)


# --- the answer first -------------------------------------------------------------------------------------------------


def judge(screen: Screen, rows: pd.DataFrame) -> None:
    now = rows[~rows["state"].isin(("ended", "coming"))]
    told = now["state"].value_counts()
    waiting = int(told.get("unpublished", 0) + told.get("changed", 0))
    lacking = sum(bool(set(a) & set(_INCOMPLETE)) for a in now["alarms"])
    joint = matters.plannable(screen.desk, today())["mergeable"]
    key = "library.judge_bad" if waiting or lacking else "library.judge_good"
    said = screen.say(key, n=f"{int(told.get('published', 0)):,}", waiting=waiting, lacking=lacking)
    st.html(tag("p", said, cls="pw-judge"))
    releases = kept.releases(screen.desk)
    named = {r for r in now["told_in"] if r}
    st.html(
        blocks.tiles(
            blocks.tile(screen.say("library.published"), f"{int(told.get('published', 0)):,}", screen.say("library.items"), [screen.say("library.in_batches", n=len(named | {r.title for r in releases}))]),
            blocks.tile(screen.say("library.waiting"), f"{waiting:,}", screen.say("library.items"), [screen.say("library.waiting_note")], cls="pw-bad" if waiting else "pw-good"),
            blocks.tile(screen.say("library.lacking"), f"{lacking:,}", screen.say("library.items"), [screen.say("library.lacking_note")], cls="pw-warn" if lacking else "pw-good"),
            blocks.tile(screen.say("library.mergeable"), f"{100 * joint.mean():.0f}" if len(joint) else "—", "%", [screen.say("library.mergeable_note", n=f"{int(joint.sum()):,}")]),
        )
    )  # fmt: skip


def narrow(screen: Screen, rows: pd.DataFrame) -> pd.DataFrame:
    """The matters looked at: by scene, department and state; all of it stands in the address."""
    scenes = sorted({s for told in rows["scene"] for s in told})
    offices = {d: screen.department(d) for d in sorted(set(rows["dept"]))}
    states = {n: screen.pick(t) for n, t in matters.STATES.items() if n in set(rows["state"])}
    with st.container(key="choose-matters", horizontal=True, vertical_alignment="center", gap="small"):
        scene = address.select(
            "scene", {s: s for s in scenes}, screen.say("library.scene"), placeholder=screen.say("library.all_scenes")
        )
        office = address.select(
            "dept",
            offices,
            screen.say("library.department"),
            placeholder=screen.say("library.all_departments"),
            width=240,
        )
        state = address.select(
            "state", states, screen.say("library.state"), placeholder=screen.say("library.in_force"), width=160
        )
    if scene:
        rows = rows[[scene in told for told in rows["scene"]]]
    if office:
        rows = rows[rows["dept"] == office]
    rows = rows[rows["state"] == state] if state else rows[rows["state"] != "ended"]
    wrong = [len(a) for a in rows["alarms"]]
    return rows.assign(_wrong=wrong).sort_values(
        ["_wrong", "dept", "item_code"], ascending=[False, True, True], ignore_index=True
    )


def table(screen: Screen, rows: pd.DataFrame) -> None:
    with st.container(key="card-matters"):
        st.html(blocks.heading(screen.say("library.matters"), screen.say("library.matters_note", n=f"{len(rows):,}")))
        if rows.empty:
            st.html(blocks.note(screen.say("library.none_so")))
            return
        shown = rows if st.session_state.get("matters-all") else rows.head(FIRST)
        head = [screen.say(f"library.{n}") for n in ("matter", "department", "scene", "minutes", "how", "state")]
        st.html(
            html_table(
                head,
                [_line(screen, r) for r in shown.to_dict("records")],
                numeric=(3,),
                wide=(2,),
                cls="pw-stack pw-matters",
                alt=screen.say("library.matters"),
            )
        )
        if len(shown) < len(rows):
            st.button(screen.say("library.show_all", n=f"{len(rows):,}"), key="matters-show-all", type="tertiary",
                      on_click=lambda: st.session_state.update({"matters-all": True}))  # fmt: skip


def _line(screen: Screen, row: dict[str, Any]) -> list[object]:
    partners = screen.listed([screen.department(p) for p in row["partners"]])
    merged = row["mergeable"] if not pd.isna(row["mergeable"]) else row["joint"]
    apart = not pd.isna(merged) and not merged
    return [
        join([tag("b", row["name"]), tag("small", row["item_code"], cls="pw-code")]),
        join([screen.department(row["dept"]), tag("small", screen.say("library.with", who=partners)) if partners else None]),
        screen.listed(row["scene"]) or "—", "—" if pd.isna(row["minutes"]) else f"{row['minutes']:.0f}",
        join([row["method"] or "—", tag("small", screen.say("library.apart")) if apart else None]), state(screen, row),
    ]  # fmt: skip


def state(screen: Screen, row: dict[str, Any]) -> Html:
    """Where a matter stands, and what is wrong with it beside that."""
    tone = _TONE[row["state"]]
    cell = tag("span", screen.pick(matters.STATES[row["state"]]), cls=f"pw-state pw-state-{tone}" if tone else "pw-dim")
    others = [a for a in row["alarms"] if a not in ("unpublished", "changed")]
    told = screen.listed([screen.pick(matters.ALARMS[a]) for a in others])
    batch = row["told_in"] if row["state"] == "published" else ""
    return join([cell, tag("small", told, cls="pw-bad-ink") if told else None, tag("small", batch) if batch else None])


# --- one of them ------------------------------------------------------------------------------------------------------


def one(screen: Screen, rows: pd.DataFrame) -> None:
    """One matter in full; it stands in the address (`?matter=JC-…`)."""
    if rows.empty:
        return
    by = {r["item_code"]: r for r in rows.to_dict("records")}
    with st.container(key="card-matter"):
        st.html(blocks.heading(screen.say("library.one")))
        code = address.select(
            "matter",
            {c: f"{r['name']} · {screen.department(r['dept'])}" for c, r in by.items()},
            screen.say("library.one"),
            width=520,
        )
        row = by[code or next(iter(by))]
        wrong = [screen.pick(matters.ALARMS[a]) for a in row["alarms"]]
        if wrong:
            st.html(blocks.note(screen.listed(wrong), "bad"))
        cap = "—" if pd.isna(row["yearly_cap"]) else screen.say("library.times", n=int(row["yearly_cap"]))
        lines = [
            [screen.say("library.content"), row["content"] or "—"], [screen.say("library.method"), row["method"] or "—"],
            [screen.say("library.procedure"), _list(row["procedure"], "ol")], [screen.say("library.checklist"), _list(row["checklist"])],
            [screen.say("library.basis"), _list(row["basis"])], [screen.say("library.prepare"), _list(row["prepare"])],
            [screen.say("library.frequency"), join([row["frequency"] or "—", tag("small", screen.say("library.cap", cap=cap))])],
            [screen.say("library.valid"), _days(screen, row)],
        ]  # fmt: skip
        st.html(html_table(["", ""], lines, cls="pw-plain pw-attributes", alt=row["name"]))


def _list(text: str, kind: str = "ul") -> Html | str:
    parts = matters.steps(text)
    if len(parts) < 2:
        return parts[0] if parts else "—"
    return tag(kind, *(tag("li", p) for p in parts), cls="pw-parts-of")


def _days(screen: Screen, row: dict[str, Any]) -> str:
    until = screen.say("library.until", day=f"{row['valid_until']:%Y-%m-%d}") if not pd.isna(row["valid_until"]) else ""
    told = screen.say("library.told_on", day=f"{row['told_on']:%Y-%m-%d}") if not pd.isna(row["told_on"]) else ""
    since = screen.say("library.since", day=f"{row['valid_from']:%Y-%m-%d}")
    return screen.listed([part for part in (since, until, told) if part])


# --- batches and changes ----------------------------------------------------------------------------------------------


def batches(screen: Screen) -> None:
    """The batches that were published here, and the form by which the office publishes the next."""
    releases = kept.releases(screen.desk)
    office = screen.person.may("settings")
    ripe = matters.ripe(screen.desk, today()) if office else pd.DataFrame()
    if not releases and not office:
        return
    with st.container(key="card-batches"):
        st.html(blocks.heading(screen.say("library.batches"), screen.say("library.batches_note")))
        lines = [
            [tag("b", r.title), f"{r.published_on:%Y-%m-%d}", f"{r.matters:,}", r.document or "—"] for r in releases[:6]
        ]
        if lines:
            head = [screen.say(f"library.{n}") for n in ("batch", "published_on", "items_of", "document")]
            st.html(html_table(head, lines, numeric=(2,), cls="pw-stack", alt=screen.say("library.batches")))
        if not office:
            return
        if ripe.empty:
            st.html(blocks.note(screen.say("library.nothing_ripe")))
            return
        names = {r["item_code"]: f"{r['name']} · {screen.department(r['dept'])}" for r in ripe.to_dict("records")}
        with st.form("publish", border=False):
            title = st.text_input(
                screen.say("library.batch_title"), placeholder=screen.say("library.batch_hint"), max_chars=60
            )
            codes = st.multiselect(
                screen.say("library.which"),
                list(names),
                default=list(names),
                format_func=names.get,
                placeholder=screen.say("library.which"),
            )
            document = st.text_input(
                screen.say("library.document"), placeholder=screen.say("library.document_hint"), max_chars=80
            )
            if st.form_submit_button(screen.say("library.publish"), type="primary"):
                attempt(screen, lambda: matters.publish(screen.desk, title, codes, document=document))


def changes(screen: Screen) -> None:
    """What is another on the list today than a year, a quarter or a month before."""
    spans = {"365": 365, "90": 90, "30": 30, "730": 730}
    with st.container(key="card-changes"):
        st.html(blocks.heading(screen.say("library.changes"), screen.say("library.changes_note")))
        span = address.segments(
            "since", {n: screen.say(f"library.since_{n}") for n in spans}, screen.say("library.changes")
        )
        day = today()
        found = matters.between(screen.desk, day - timedelta(spans[span]), day)
        if not found:
            st.html(blocks.note(screen.say("library.no_changes")))
            return
        counts = {k: sum(c.kind == k for c in found) for k in matters.KINDS}
        said = screen.listed([f"{screen.pick(t)} {counts[k]}" for k, t in matters.KINDS.items() if counts[k]])
        st.html(tag("p", said, cls="pw-said"))
        titles = {c.name: screen.pick(c.title) for c in Matter.columns()}
        lines = [
            [
                tag("b", screen.pick(matters.KINDS[c.kind])),
                join([c.name, tag("small", screen.department(c.dept))]),
                _fields(screen, c, titles),
            ]
            for c in found[:20]
        ]
        head = [screen.say(f"library.{n}") for n in ("change", "matter", "what")]
        st.html(html_table(head, lines, cls="pw-stack", alt=screen.say("library.changes")))
        if len(found) > 20:
            st.html(blocks.note(screen.say("library.more", n=len(found) - 20)))


def _fields(screen: Screen, change: matters.Change, titles: dict[str, str]) -> Html:
    def said(value: Any) -> str:
        if value is None:
            return "—"
        if isinstance(value, tuple):
            return screen.listed([str(v) for v in value])
        return (
            f"{value:g}" if isinstance(value, float) else value.isoformat() if isinstance(value, date) else str(value)
        )

    told = [join([titles[n], "：", said(a), " → ", said(b)]) for n, (a, b) in change.fields.items()]
    return join([tag("div", t) for t in told]) if told else tag("span", change.item_code, cls="pw-code")
