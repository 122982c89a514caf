"""对象库: how the search stands, the pairs a person decides on with both sides and the reasons, and what was decided."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.inspection import objects
from pilotwatch.store import StoreRefused
from pilotwatch.store import objects as shelf
from ui import address, blocks
from ui.acting import attempt
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.jobs import Job, Progress
from ui.links import to_subject
from ui.screen import Screen

WHICH = ("clerical", "auto", "confirmed", "refused")
SHOWN = 12
_SIDE = ("name", "address", "phone", "person")


def show(screen: Screen) -> None:
    runs = shelf.runs(screen.desk, 1)
    with st.container(key="choose-objects", horizontal=True, vertical_alignment="center", gap="small"):
        unit = _unit(screen)
        which = address.segments(
            "zone", {n: screen.say(f"library.zone_{n}") for n in WHICH}, screen.say("library.zone")
        )
    counts = shelf.counts(screen.desk, unit=unit)
    _judge(screen, runs[0] if runs else None, counts, unit)
    _search(screen, bool(runs))
    if not runs:
        return
    left, right = st.columns([14, 8])
    with left:
        _pairs(screen, which, unit)
    with right:
        _method(screen, runs[0])


def _unit(screen: Screen) -> str | None:
    seen = screen.person.units
    titles = {u.code: screen.unit(u.code) for u in screen.house.places.units if seen is None or u.code in seen}
    if len(titles) == 1:
        return None
    return address.select("unit", titles, screen.say("library.unit"), placeholder=screen.everywhere, width=210)


def _judge(screen: Screen, run: shelf.Run | None, counts: dict[str, int], unit: str | None) -> None:
    if run is None:
        with st.container(key="card-library-empty"):
            st.html(blocks.empty(screen.say("library.not_searched"), screen.say("library.not_searched_body")))
        return
    where = screen.where(unit)
    key = "library.objects_judge" if counts["clerical"] else "library.objects_done"
    st.html(
        tag(
            "p",
            screen.say(
                key, where=where, auto=f"{counts['auto'] + counts['confirmed']:,}", clerical=f"{counts['clerical']:,}"
            ),
            cls="pw-judge",
        )
    )
    sure = run.measured
    st.html(
        blocks.tiles(
            blocks.tile(screen.say("library.zone_clerical"), f"{counts['clerical']:,}", screen.say("library.rows"), [screen.say("library.clerical_note")], cls="pw-warn" if counts["clerical"] else "pw-good"),
            blocks.tile(screen.say("library.zone_auto"), f"{counts['auto']:,}", screen.say("library.rows"), [screen.say("library.auto_note")]),
            blocks.tile(screen.say("library.decided"), f"{counts['confirmed'] + counts['refused']:,}", screen.say("library.rows"), [screen.say("library.decided_note", yes=f"{counts['confirmed']:,}", no=f"{counts['refused']:,}")]),
            blocks.tile(screen.say("library.precision"), f"{100 * sure['precision']:.1f}" if sure else "—", "%" if sure else "", [screen.say("library.recall", r=f"{100 * sure['recall']:.1f}", n=f"{sure['true']:,.0f}") if sure else screen.say("library.too_few")]),
        )
    )  # fmt: skip


# --- searching --------------------------------------------------------------------------------------------------------


def _search(screen: Screen, there: bool) -> None:
    """The search, run beside the page by the office; it can be cancelled."""
    job: Job[Any] | None = st.session_state.get("library-job")
    if job and job.done:
        del st.session_state["library-job"]
        if isinstance(job.error, StoreRefused):
            st.html(blocks.note(screen.pick(job.error.message), "warn"))
        elif job.error:
            raise job.error
    if job and not job.done:
        _progress(screen, job)
    elif screen.person.may("settings"):
        st.button(
            screen.say("library.search_again" if there else "library.search"), key="library-search", icon=":material/sync:",
            type="secondary" if there else "primary", on_click=_begin, args=(screen,),
        )  # fmt: skip


def _begin(screen: Screen) -> None:
    shelf.demand_search(screen.desk)
    house, who = screen.house, screen.person.username

    def work(progress: Progress) -> Any:
        return objects.update(house.store, house.registry, house.places, by=who, told=progress)

    st.session_state["library-job"] = Job(work, "library")


@st.fragment(run_every=0.5)
def _progress(screen: Screen, job: Job[Any]) -> None:
    if job.done:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(job.share, screen.pick(job.step))
        st.button(screen.say("library.cancel"), key="library-cancel", on_click=job.cancel)


# --- pairs ------------------------------------------------------------------------------------------------------------


def _pairs(screen: Screen, which: str, unit: str | None) -> None:
    rows = shelf.links(screen.desk, which, unit=unit, limit=SHOWN)
    with st.container(key="card-pairs"):
        st.html(blocks.heading(screen.say(f"library.zone_{which}"), screen.say(f"library.why_{which}")))
        if rows.empty:
            st.html(blocks.note(screen.say("library.none_in_zone")))
            return
        sides = _both(screen, rows)
        for place, row in enumerate(rows.to_dict("records")):
            with st.container(key=f"pair-{place}"):
                _pair(screen, row, sides)


def _both(screen: Screen, rows: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """What the lists say of every row that is shown, by dataset and key; a list is read once."""
    keys: dict[str, list[str]] = {}
    for dataset, key in (("dataset", "record_key"), ("object_dataset", "object_key")):
        for d, k in zip(rows[dataset], rows[key], strict=True):
            keys.setdefault(d, []).append(k)
    found = {}
    for dataset, wanted in keys.items():
        for r in shelf.rows(screen.desk, dataset, wanted, (*_SIDE, "uscc")).to_dict("records"):
            found[dataset, r["record_key"]] = r
    return found


def _pair(screen: Screen, row: dict[str, Any], sides: dict[tuple[str, str], dict[str, Any]]) -> None:
    mine = sides.get((row["dataset"], row["record_key"]), {})
    other = sides.get((row["object_dataset"], row["object_key"]), {})
    head = [
        "",
        screen.say("library.row_of", who=screen.department(row["row_dept"])),
        screen.say("library.row_of", who=screen.department(row["object_dept"])),
    ]
    reasons = json.loads(row["reasons"])
    lines = [
        [screen.say("library.name"), tag("b", _said(mine, "name")), to_subject(row["subject_id"], _said(other, "name"))]
    ]
    lines += [
        [screen.say(f"library.{n}"), _said(mine, n), _said(other, n)]
        for n in ("address", "phone", "person")
        if _there(mine, n) or _there(other, n)
    ]
    lines += [[screen.say("library.code"), _said(mine, "uscc"), tag("span", _said(other, "uscc"), cls="pw-code")]]
    st.html(html_table(head, lines, cls="pw-pair", alt=screen.say("library.pair")))
    st.html(_reasons(screen, reasons, row["probability"]))
    if row["verdict"]:
        said = screen.say(f"library.was_{row['verdict']}", who=row["decided_by"], at=blocks.moment(row["decided_at"]))
        st.html(blocks.note(said, "good" if row["verdict"] == "confirmed" else "plain"))
    if screen.person.may("handle"):
        _decide(screen, row)


def _there(row: dict[str, Any], name: str) -> bool:
    return isinstance(row.get(name), str) and bool(row[name])


def _said(row: dict[str, Any], name: str) -> str:
    return row[name] if _there(row, name) else "—"


def _reasons(screen: Screen, reasons: dict[str, list[float]], probability: float) -> Html:
    """The fields that speak for it and those that speak against, each with its level and bits."""
    fields = {f.name: f for f in objects.FIELDS}
    gap = "" if screen.language == "zh" else " "
    told = [
        tag("span", f"{screen.pick(fields[n].title)}{gap}{screen.pick(fields[n].levels[int(level)])} {bits:+.1f}", cls=f"pw-chip {_tone(bits)}".strip())
        for n, (level, bits) in sorted(reasons.items(), key=lambda item: -abs(item[1][1]))
        if n in fields
    ]  # fmt: skip
    share = tag("b", screen.say("library.probability", p=f"{100 * probability:.1f}"))
    return tag("div", share, *told, cls="pw-reasons")


def _tone(bits: float) -> str:
    return "" if abs(bits) < 0.1 else "pw-for" if bits > 0 else "pw-against"


def _decide(screen: Screen, row: dict[str, Any]) -> None:
    acts = ("confirm", "refuse") if not row["verdict"] else ("reopen",)
    with st.popover(screen.say("library.decide"), icon=":material/rule:"):
        reason = st.text_input(
            screen.say("library.reason"),
            key=f"why-{row['id']}",
            placeholder=screen.say("library.reason_hint"),
            max_chars=200,
        )
        with st.container(horizontal=True, gap="small"):
            for act in acts:
                if st.button(
                    screen.say(f"library.{act}"),
                    key=f"{act}-{row['id']}",
                    type="primary" if act == "confirm" else "secondary",
                ):
                    attempt(
                        screen,
                        lambda act=act: shelf.decide(
                            screen.desk, row["subject_id"], row["id"], act, reason, seen=row["verdict"]
                        ),
                    )
        past = shelf.history(screen.desk, row["subject_id"], row["id"])
        if len(past):
            st.html(
                html_table(
                    ["", "", ""],
                    [
                        [
                            blocks.moment(p["at"]),
                            screen.say(f"library.{p['act']}"),
                            join([p["by"], tag("small", p["reason"])]),
                        ]
                        for p in past.to_dict("records")
                    ],
                    cls="pw-plain",
                )
            )


def _method(screen: Screen, run: shelf.Run) -> None:
    """How the search decides, with the weights it found on this city's own lists."""
    with st.container(key="card-method"):
        st.html(
            blocks.heading(screen.say("library.method_title"), screen.say("library.searched", at=blocks.moment(run.at)))
        )
        facts = screen.say(
            "library.run",
            entries=f"{run.entries:,}",
            coded=f"{run.coded:,}",
            pairs=f"{run.pairs:,}",
            seconds=f"{run.seconds:.1f}",
        )
        st.html(join([tag("p", screen.say(f"library.method_{n}"), cls="pw-note") for n in (1, 2, 3)]))
        st.html(tag("p", facts, cls="pw-note"))
        bits = run.parameters.get("bits", {})
        fields = [f for f in objects.FIELDS if f.name in bits]
        head = [screen.say("library.field"), screen.say("library.against"), screen.say("library.for")]
        lines = [[screen.pick(f.title), f"{bits[f.name][0]:+.1f}", f"{bits[f.name][-1]:+.1f}"] for f in fields]
        st.html(html_table(head, lines, numeric=(1, 2), alt=screen.say("library.method_title")))
