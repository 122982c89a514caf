"""Looking back (回看): which past day a session looks at, its banner, and the choice of the day.

The day stands in the address (`?as_of=2026-10-31`) and in the session, so it goes along from page to page. While it does,
the workspace, the clock and every link of this session are those of that day; log-ins and the audit stay in the present.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pilotwatch import asof
from pilotwatch.store import Person, StoreRefused
from pilotwatch.workdays import clock, end_of, standing
from pilotwatch.workspace import Workspace
from ui import html
from ui.html import Html, tag
from ui.jobs import Job
from ui.texts import text

if TYPE_CHECKING:
    from ui.screen import Screen

NAME = "as_of"
_KEPT = "as_of_day"  # the day the session looks back to; only once its copy is open
_TOLD = "as_of_told"  # the days of which the audit knows
_SAID = "as_of_said"  # why a day can't be looked back to
_MOST_OPEN = 6
#: Where the days of the present are meant whoever looks back: nothing there is of a past day.
PRESENT_ONLY = frozenset({"upload", "audit", "accounts", "settings", "messages", "me"})
_NOT_CARRIED = ("/login", "/logout", "/password", "/assets", "/wall")

_lock = threading.Lock()
_open: OrderedDict[tuple[date, int], Workspace] = OrderedDict()
_jobs: dict[date, Job[asof.Copy]] = {}
_checked: dict[date, tuple[float, Workspace]] = {}  # when each was last found to be good
_GOOD_FOR = 5.0  # seconds


# --- which day -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def present() -> Workspace:
    """The open workspace of this process."""
    return Workspace.open()


def day() -> date | None:
    """The past day that the session of this run looks back to."""
    return st.session_state.get(_KEPT) if get_script_run_ctx(suppress_warning=True) else None


def workspace() -> Workspace:
    """The workspace that is looked at: that of the session's past day, or the present."""
    looked = day()
    return _past(looked) if looked else present()


def forget() -> None:
    """What a process keeps for its one store."""
    with _lock:
        for house in _open.values():
            house.store.close()
        _open.clear()
        _jobs.clear()
        _checked.clear()
    present.cache_clear()


def _moment() -> datetime | None:
    looked = day()
    return end_of(looked) if looked else None


def carried(href: str) -> str:
    """A link to a page of ours, to the same past day."""
    looked = day()
    if looked is None or not href.startswith("/") or href.startswith(_NOT_CARRIED) or f"{NAME}=" in href:
        return href
    path, mark, rest = href.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{NAME}={looked}{mark}{rest}"


clock.asked_first(_moment)
html.carry_links(carried)


def _past(looked: date) -> Workspace:
    """The open workspace of a past day, shared by all sessions; few are kept open. Raises StoreRefused where there is no copy."""
    at, house = _checked.get(looked, (0.0, None))
    if house is None or time.monotonic() - at > _GOOD_FOR:
        house = _opened(looked)
        _checked[looked] = time.monotonic(), house
    return house


def _opened(looked: date) -> Workspace:
    with standing(None):
        copy = asof.at_hand(present(), looked)
        if copy is None:
            raise StoreRefused("no_copy", text("asof.gone").format(day=looked))
        key = (looked, copy.file.stat().st_ino)
        with _lock:
            if key not in _open:
                _open[key] = asof.house(present(), looked)
                while len(_open) > _MOST_OPEN:
                    _open.popitem(last=False)[1].store.close()
            _open.move_to_end(key)
            return _open[key]


# --- at the begin of each run ---------------------------------------------------------------------------------------


def settle(person: Person) -> date | None:
    """Reads from the address which day is asked for, and keeps it there; the day whose copy has yet to be made, else None."""
    asked = st.query_params.get(NAME) or st.session_state.get(_KEPT)
    if asked is None:
        return None
    try:
        wanted = asked if isinstance(asked, date) else date.fromisoformat(asked)
        if not person.may("read"):
            raise StoreRefused("not_allowed", text("asof.no_right"))
        if st.session_state.get(_KEPT) != wanted:
            asof.refuse_day(present(), wanted)
        ready = _is_ready(wanted)
    except (ValueError, StoreRefused) as no:
        go_back()
        st.session_state[_SAID] = (
            no.message if isinstance(no, StoreRefused) else text("asof.no_day").format(day=str(asked))
        )
        return None
    if st.query_params.get(NAME) != wanted.isoformat():
        st.query_params[NAME] = wanted.isoformat()
    if not ready:
        st.session_state.pop(_KEPT, None)
        return wanted
    _tell(person, wanted)
    st.session_state[_KEPT] = wanted
    return None


def _is_ready(wanted: date) -> bool:
    with standing(None):
        return asof.at_hand(present(), wanted) is not None


def _tell(person: Person, wanted: date) -> None:
    """The audit hears of each day that somebody looks back to, once in a session."""
    told = st.session_state.setdefault(_TOLD, set())
    if wanted not in told:
        asof.looked(present().store, person, wanted)
        told.add(wanted)


def go_back() -> None:
    """Back to today."""
    st.session_state.pop(_KEPT, None)
    st.query_params.pop(NAME, None)


def wait(screen: Screen, wanted: date) -> None:
    """Makes the copy of a day in the background, once for all who ask for it, and shows how far it is; ends the run."""
    with _lock:
        job = _jobs.get(wanted)
        if job is None:
            house = present()
            job = _jobs[wanted] = Job(lambda progress: asof.make(house, wanted, progress), name=f"as-of-{wanted}")
    _progress(screen, wanted, job)
    st.stop()


@st.fragment(run_every=0.7)
def _progress(screen: Screen, wanted: date, job: Job[asof.Copy]) -> None:
    if job.done:
        with _lock:
            _jobs.pop(wanted, None)
        if job.error:
            go_back()
            if not isinstance(job.error, StoreRefused):
                raise job.error
            st.session_state[_SAID] = job.error.message
        st.rerun()
    with st.container(key="card-asof-progress"):
        st.html(tag("h3", screen.say("asof.making", day=wanted), cls="pw-heading"))
        st.html(tag("p", screen.say("asof.making_note"), cls="pw-note"))
        st.progress(job.share, screen.say("upload.step", step=job.step, share=round(100 * job.share)))
        st.button(screen.say("asof.back"), key="asof-stop", on_click=go_back)


# --- what is seen --------------------------------------------------------------------------------------------------


def banner(screen: Screen) -> None:
    """Which day is looked at, on every page, with one click back; or why a day couldn't be."""
    if said := st.session_state.pop(_SAID, None):
        st.warning(screen.pick(said), icon=":material/history:")
    looked = day()
    if looked is None:
        return
    with st.container(key="pw-lookback", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_words(screen, looked), width="stretch")
        with st.popover(screen.say("asof.untold"), key="pw-asof-untold", type="tertiary"):
            st.html(tag("ul", *(tag("li", screen.pick(t)) for t in asof.untold()), cls="pw-untold"))
        st.button(screen.say("asof.back"), key="pw-asof-back", type="primary", icon=":material/undo:", on_click=go_back)


def _words(screen: Screen, looked: date) -> Html:
    since = screen.house.store.made.get("warnings_since")  # type: ignore[attr-defined]
    none = tag("span", screen.say("asof.no_warnings", since=since)) if since and since > looked.isoformat() else None
    return tag("div", tag("b", screen.say("asof.banner", day=looked)), tag("span", screen.say("asof.read_only")), none,
               cls="pw-lookback-words", role="status")  # fmt: skip


def choose(screen: Screen) -> None:
    """The choice of the day, in the header, for whoever reads."""
    if not screen.person.may("read"):
        return
    with standing(None):
        last = clock.today() - timedelta(1)
    with st.popover(screen.say("asof.choose"), key="pw-asof-choose", icon=":material/history:", type="tertiary",
                    help=screen.say("asof.help")):  # fmt: skip
        asked = st.date_input(
            screen.say("asof.day"), value=day() or last, max_value=last, format="YYYY-MM-DD", key="as_of_asked"
        )
        if st.button(screen.say("asof.look"), key="as_of_look", type="primary", width="stretch") and asked:
            st.query_params[NAME] = asked.isoformat()
            st.rerun()
        st.html(tag("p", screen.say("asof.help"), cls="pw-note"))


def refuse_present_only(screen: Screen, page: str) -> None:
    """Ends the run on pages that are of the present alone."""
    if day() and page in PRESENT_ONLY:
        st.info(screen.say("asof.present_only"), icon=":material/history:")
        st.stop()
