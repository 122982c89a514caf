"""Making a plan, in the background: it shows how far it is and can be cancelled; nothing is kept before its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from pilotwatch.domain import Text
from pilotwatch.inspection import edits, propose
from pilotwatch.store import StoreRefused
from pilotwatch.workdays import today
from ui import blocks
from ui.jobs import Job, Progress
from ui.screen import Screen

AT_ONCE = 1.0  # seconds a small plan has to be made in, before progress is shown
_KEY = "plan-job"


@dataclass
class Making:
    """A job under way and what to do with its result."""

    job: Job[Any]
    title: str
    then: Callable[[Any], None]


def start(title: str, work: Callable[[Progress], Any], then: Callable[[Any], None]) -> None:
    st.session_state[_KEY] = Making(Job(work, "plan"), title, then)


def under_way(screen: Screen) -> bool:
    """Shows a job that is not done yet; settles one that is. Whether the page should wait for it."""
    making: Making | None = st.session_state.get(_KEY)
    if making is None:
        _said()
        return False
    if making.job.wait(AT_ONCE):
        _settle(screen, making)
        _said()
        return False
    _progress(screen, making)
    return True


def _settle(screen: Screen, making: Making) -> None:
    del st.session_state[_KEY]
    job = making.job
    if job.cancelled:
        st.session_state["plan-said"] = (screen.say("inspection.cancelled"), "warn")
    elif isinstance(job.error, StoreRefused):
        st.session_state["plan-said"] = (screen.pick(job.error.message), "bad")
    elif job.error is not None:
        raise job.error
    else:
        making.then(job.result)


def _said() -> None:
    if said := st.session_state.pop("plan-said", None):
        st.html(blocks.note(*said))


def say(words: str, kind: str = "good") -> None:
    """What the next run tells first."""
    st.session_state["plan-said"] = (words, kind)


@st.fragment(run_every=0.7)
def _progress(screen: Screen, making: Making) -> None:
    job = making.job
    if job.done:
        st.rerun()
    with st.container(key="card-plan-progress"):
        st.html(blocks.heading(making.title))
        step = screen.say("upload.step", step=job.step, share=round(100 * job.share))
        st.progress(job.share, screen.say("inspection.cancelling") if job.cancelling else step)
        st.button(screen.say("upload.cancel"), key="plan-cancel", on_click=job.cancel, disabled=job.cancelling)


# --- a new one -----------------------------------------------------------------------------------------------------


def make(screen: Screen, *, expanded: bool) -> None:
    """The form of a new plan, for whoever may make one."""
    if not screen.person.may("plan"):
        return
    with st.expander(screen.say("inspection.make"), expanded=expanded, icon=":material/edit_calendar:"):
        st.html(blocks.note(screen.say("inspection.make_note")))
        first, last = _next_month()
        units = {
            u.code: screen.pick(u.title)
            for u in screen.house.places.units
            if screen.person.units is None or u.code in screen.person.units
        }
        domains = {d.name: screen.pick(d.title) for d in screen.domains}
        with st.form("plan-new", border=False):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                begin = st.date_input(
                    screen.say("inspection.first"), value=first, format="YYYY-MM-DD", key="plan-first", width=170
                )
                end = st.date_input(
                    screen.say("inspection.last"), value=last, format="YYYY-MM-DD", key="plan-last", width=170
                )
                chosen = st.multiselect(screen.say("inspection.units"), list(units), key="plan-units", format_func=units.get,
                                        placeholder=screen.everywhere, width=280)  # fmt: skip
                fields = st.multiselect(screen.say("inspection.domains"), list(domains), key="plan-domains", format_func=domains.get,
                                        placeholder=screen.say("word.all_domains"), width=280)  # fmt: skip
            asked = st.form_submit_button(screen.say("inspection.make_now"), type="primary")
        if asked and begin and end:
            _begin(screen, begin, end, chosen, fields)


def _begin(screen: Screen, first: date, last: date, units: list[str], domains: list[str]) -> None:
    house, desk = screen.house, screen.desk

    def work(progress: Progress) -> Any:
        made = propose.propose(house, desk, first, last, units=units, domains=domains, progress=progress)
        progress(_KEEPING, 0.99)
        return edits.keep(desk, made)

    def then(kept: Any) -> None:
        st.session_state["plan"] = kept.id
        st.query_params["plan"] = kept.id
        say(screen.say("inspection.made", number=kept.number, visits=kept.result["visits"]))

    start(screen.say("inspection.making", first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}"), work, then)
    st.rerun()


def _next_month() -> tuple[date, date]:
    """The next month; in December what is left of the year, for a plan crosses none."""
    here = today()
    begin = (here.replace(day=1) + timedelta(days=32)).replace(day=1)
    if begin.year != here.year:
        begin = here + timedelta(days=1) if here < date(here.year, 12, 31) else begin
    end = min((begin.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1), date(begin.year, 12, 31))
    return begin, end


_KEEPING = Text("正在保存草案", "Keeping the draft")
