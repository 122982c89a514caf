"""The parts of 审计, in the order of the page: the chain, the filters, the lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from pilotwatch import access
from pilotwatch.access.acts import KINDS
from pilotwatch.access.audit import MOST_OUT, workbook
from pilotwatch.disposal import TITLES
from pilotwatch.store import Desk, audit
from pilotwatch.store.audit import Verdict, Wanted
from pilotwatch.workdays import BEIJING, today
from ui import address, blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.jobs import Job, Progress
from ui.screen import Screen

LISTED = 100  # lines of a page
SAID = 12  # breaches told in the page
_DAYS = {"1": 0, "7": 6, "30": 29, "365": 364}  # days before today that a choice reaches back
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- the chain -----------------------------------------------------------------------------------------------------


def judge(screen: Screen) -> None:
    """How far the chain goes, whether it was found whole, and the way to verify it."""
    number, seen = audit.head(screen.desk)
    job: Job[Verdict] | None = st.session_state.get("audit-job")
    if job and job.wait(0.5) and job.error:
        del st.session_state["audit-job"]
        raise job.error
    found = job.result if job and job.done else None
    st.html(tag("p", _sentence(screen, number, found), cls="pw-judge"))
    with st.container(key="card-chain"):
        st.html(
            blocks.tiles(
                blocks.tile(screen.say("audit.lines"), f"{number:,}"),
                blocks.tile(screen.say("audit.end"), seen[:12], notes=[screen.say("audit.end_note", number=number)]),
                blocks.tile(screen.say("audit.state"), *_state(screen, found)),
            )
        )
        if job and not job.done:
            _progress(screen, job)
        else:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(
                    screen.say("audit.verify"), key="audit-verify", icon=":material/link:", type="primary",
                    on_click=_verify, args=(screen.desk,),
                )  # fmt: skip
                st.html(tag("span", screen.say("audit.verify_note"), cls="pw-dim"))
    if found and not found.intact:
        rest = len(found.breaches) - SAID + found.more
        told = [tag("li", screen.pick(b.message)) for b in found.breaches[:SAID]]
        more = tag("p", screen.say("audit.more", n=f"{rest:,}")) if rest > 0 else None
        st.html(blocks.note(join([tag("b", screen.say("audit.broken_what")), tag("ul", *told), more]), "bad"))


def _sentence(screen: Screen, number: int, found: Verdict | None) -> str:
    if found is None:
        return screen.say("audit.judge", n=f"{number:,}")
    if found.intact:
        return screen.say("audit.intact", n=f"{found.lines:,}", anchors=f"{found.anchors:,}")
    return screen.say("audit.broken", n=f"{len(found.breaches) + found.more:,}")


def _state(screen: Screen, found: Verdict | None) -> tuple[str, str, list[str]]:
    if found is None:
        return screen.say("audit.not_yet"), "", []
    key = "audit.whole" if found.intact else "audit.not_whole"
    return screen.say(key), "", [screen.say("audit.anchors", n=f"{found.anchors:,}")]


def _verify(desk: Desk) -> None:
    """Begins to go through the chain, beside the page; that it was done is a line itself."""

    def work(progress: Progress) -> Verdict:
        found = audit.verify(desk, told=lambda done, of: progress(access.words("audit.verify"), done / max(1, of)))
        audit.told_of(desk, "audit.verify", None, {"intact": found.intact, "lines": found.lines})
        return found

    st.session_state["audit-job"] = Job(work, "audit")


@st.fragment(run_every=0.5)
def _progress(screen: Screen, job: Job[Verdict]) -> None:
    if job.done:
        st.rerun()
    st.progress(job.share, screen.say("audit.verifying", share=round(100 * job.share)))


# --- which lines ---------------------------------------------------------------------------------------------------


def choose(screen: Screen) -> Wanted:
    """Who, what, when and which words; all of it stands in the address."""
    users, acts = audit.choices(screen.desk)
    names = {a["username"]: a["name"] for a in access.accounts(screen.house.store)}
    people = {u: f"{names[u]} · {u}" if u in names else u for u in sorted(users, key=lambda u: (u not in names, u))}
    kinds = {k: screen.pick(KINDS[k]) if k in KINDS else k for k in sorted({a.partition(".")[0] for a in acts})}
    spans = {n: screen.say(f"audit.days_{n}") for n in ("7", "1", "30", "365", "all")}
    with st.container(key="choose-audit", horizontal=True, vertical_alignment="center", gap="small"):
        days = address.select("days", spans, screen.say("audit.when"), width=130)
        user = address.select("by", people, screen.say("audit.who"), placeholder=screen.say("audit.anybody"), width=230)
        kind = address.select(
            "act", kinds, screen.say("audit.what"), placeholder=screen.say("audit.anything"), width=190
        )
        words = _words(screen)
    since = _start(today() - timedelta(days=_DAYS[days])) if days in _DAYS else None
    return Wanted(user, kind, words or None, since)


def _words(screen: Screen) -> str:
    if "audit-words" not in st.session_state:
        st.session_state["audit-words"] = st.query_params.get("words", "")[:80]
    typed = st.text_input(
        screen.say("audit.words"), key="audit-words", placeholder=screen.say("audit.words"), max_chars=80, width=260,
        label_visibility="collapsed",
    ).strip()  # fmt: skip
    if typed:
        st.query_params["words"] = typed
    else:
        st.query_params.pop("words", None)
    return typed


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


# --- the lines -----------------------------------------------------------------------------------------------------


def table(screen: Screen, wanted: Wanted) -> None:
    """The lines that fit, newest first, with the way to older ones and to a workbook."""
    before = st.query_params.get("before", "")
    if st.session_state.get("audit-of") != wanted:  # another choice begins at its newest line
        if "audit-of" in st.session_state:
            before = ""
            st.query_params.pop("before", None)
        st.session_state["audit-of"] = wanted
    found = audit.lines(screen.desk, wanted, before=int(before) if before.isdecimal() else None, limit=LISTED + 1)
    total = audit.count(screen.desk, wanted)
    with st.container(key="card-audit"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(blocks.heading(screen.say("audit.found"), screen.say("audit.found_note", n=f"{total:,}")))
            if total:
                st.download_button(
                    screen.say("audit.export"), lambda: workbook(screen.desk, wanted, screen.language, demo=screen.house.store.demo),
                    key="audit-export", mime=_XLSX, file_name=screen.say("audit.export_name", day=f"{today():%Y%m%d}"),
                    on_click="ignore", icon=":material/download:", type="tertiary",
                    help=screen.say("audit.export_help", n=f"{MOST_OUT:,}"),
                )  # fmt: skip
        if not found:
            st.html(blocks.empty(screen.say("audit.none"), screen.say("audit.none_body")))
            _paging(screen, bool(before), None)
            return
        head = [screen.say(f"audit.{n}") for n in ("at", "who", "what", "on", "details", "number")]
        rows = [_row(screen, line) for line in found[:LISTED]]
        st.html(html_table(head, rows, numeric=(5,), cls="pw-stack pw-audit", alt=screen.say("audit.found")))
        _paging(screen, bool(before), found[LISTED - 1]["number"] if len(found) > LISTED else None)


def _row(screen: Screen, line: Mapping[str, Any]) -> list[object]:
    at = line["at"].astimezone(BEIJING)
    moment = join([f"{at:%Y-%m-%d} ", tag("b", f"{at:%H:%M:%S}")])
    number = join([f"{line['number']:,}", tag("small", line["hash"][:8], title=line["hash"], cls="pw-hash")])
    return [
        moment,
        line["username"],
        _what(screen, line["act"]),
        line["object"] or "—",
        _details(line["details"]),
        number,
    ]


def _what(screen: Screen, act: str) -> Html:
    kind, _, rest = act.partition(".")
    title = screen.pick(access.words(act))
    if kind == "case" and rest in TITLES:
        title = f"{screen.pick(KINDS['case'])} · {screen.pick(TITLES[rest])}"
    return join([title, tag("small", act)])


def _details(details: Mapping[str, Any]) -> Html | str:
    told = [tag("span", f"{n}：{_short(v)}") for n, v in details.items() if v not in (None, "", [], {})]
    return tag("div", *told, cls="pw-details") if told else ""


def _short(value: Any) -> str:
    told = "、".join(map(str, value)) if isinstance(value, list) else str(value)
    return told if len(told) <= 120 else f"{told[:119]}…"


def _paging(screen: Screen, later: bool, before: int | None) -> None:
    with st.container(horizontal=True, gap="small"):
        if later:
            st.button(screen.say("audit.newest"), key="audit-newest", type="tertiary", on_click=_turn, args=(None,))
        if before is not None:
            st.button(screen.say("audit.older"), key="audit-older", type="tertiary", on_click=_turn, args=(before,))


def _turn(before: int | None) -> None:
    if before is None:
        st.query_params.pop("before", None)
    else:
        st.query_params["before"] = str(before)
