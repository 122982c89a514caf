"""What makes briefs: schedules, and one for each of several units at once, with how far that is."""

from __future__ import annotations

import streamlit as st

from pilotwatch import brief as briefs
from pilotwatch.store import brief_jobs
from pilotwatch.store.brief_jobs import RHYTHMS, Job, Schedule
from pilotwatch.store.briefs import AUDIENCES
from pilotwatch.workdays import now, today
from ui import blocks
from ui.acting import attempt
from ui.brief.choose import periods_of
from ui.html import Html, join, table, tag
from ui.links import to_brief
from ui.review.choose import shown
from ui.screen import Screen

_EVERY = 2  # seconds between two looks at what is being made
_JOBS = 3


def show(screen: Screen) -> None:
    mine = screen.person.units
    units = {u.code: screen.unit(u.code) for u in screen.house.places.units if mine is None or u.code in mine}
    _schedules(screen, units)
    _several(screen, units)


# --- schedules -----------------------------------------------------------------------------------------------------


def _schedules(screen: Screen, units: dict[str, str]) -> None:
    found = brief_jobs.schedules(screen.desk)
    with st.container(key="card-brief-schedules"):
        st.html(blocks.heading(screen.say("brief.schedules"), screen.say("brief.schedules_note")))
        if not found:
            st.html(blocks.empty(screen.say("brief.no_schedule"), screen.say("brief.no_schedule_body")))
        for one in found:
            _schedule(screen, one, units)
        with st.expander(screen.say("brief.add_schedule"), expanded=not found, icon=":material/add:"):
            _add(screen, units)


def _schedule(screen: Screen, one: Schedule, units: dict[str, str]) -> None:
    coming = briefs.next_one(one.rhythm, now(), screen.house.calendar())
    said = screen.say(
        "brief.schedule_says", rhythm=RHYTHMS[one.rhythm], units=_named(screen, one.units, units),
        form=screen.say(f"brief.{one.form}"), audience=AUDIENCES[one.audience],
    )  # fmt: skip
    then = screen.say("brief.next", at=blocks.moment(coming.at), period=shown(screen, coming.period), by=one.by_name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"brief-schedule-{one.id}"):
        st.html(
            tag("p", tag("b", said), tag("span", then, cls="pw-dim", style="display:block"), cls="pw-note"),
            width="stretch",
        )
        own = screen.person.username == one.by or screen.person.may("accept")
        if own and st.button(screen.say("brief.end"), key=f"brief-end-{one.id}", type="tertiary"):
            attempt(screen, lambda: brief_jobs.end_schedule(screen.desk, one.id))


def _named(screen: Screen, chosen: tuple[str, ...], units: dict[str, str]) -> str:
    if set(units) <= set(chosen) and len(units) > 1:
        return screen.say("brief.every_unit", n=len(chosen))
    return screen.listed([units.get(u, screen.everywhere if not u else screen.unit(u)) for u in chosen])


def _add(screen: Screen, units: dict[str, str]) -> None:
    with st.form("brief-schedule", border=False):
        with st.container(horizontal=True, gap="medium"):
            rhythm = st.selectbox(
                screen.say("brief.rhythm"), list(RHYTHMS), format_func=lambda r: screen.pick(RHYTHMS[r]), width=130
            )
            chosen, form, audience = _about(screen, units, "schedule")
        st.html(blocks.note(screen.say("brief.rhythm_note")))
        if st.form_submit_button(screen.say("brief.set"), type="primary"):
            attempt(
                screen,
                lambda: brief_jobs.add_schedule(screen.desk, rhythm, chosen, form=form, language=screen.language, audience=audience),
            )  # fmt: skip


def _about(screen: Screen, units: dict[str, str], place: str) -> tuple[list[str], str, str]:
    """Which units, which form, for whom; who has one unit isn't asked which."""
    chosen = list(units)
    if len(units) > 1:
        some = st.multiselect(
            screen.say("review.unit"), chosen, format_func=units.get, key=f"brief-{place}-units",
            placeholder=screen.say("brief.every_unit", n=len(units)),
        )  # fmt: skip
        chosen = some or chosen
    form = st.selectbox(
        screen.say("brief.form"), ("page", "long"), format_func=lambda f: screen.say(f"brief.{f}"), key=f"brief-{place}-form", width=120
    )  # fmt: skip
    audience = st.selectbox(
        screen.say("brief.audience"), list(AUDIENCES), format_func=lambda a: screen.pick(AUDIENCES[a]), key=f"brief-{place}-for", width=200
    )  # fmt: skip
    return chosen, form, audience


# --- several at once -----------------------------------------------------------------------------------------------


def _several(screen: Screen, units: dict[str, str]) -> None:
    with st.container(key="card-brief-batch"):
        st.html(blocks.heading(screen.say("brief.batch"), screen.say("brief.batch_note")))
        with st.form("brief-batch", border=False):
            with st.container(horizontal=True, gap="medium"):
                periods = periods_of(today())
                period = st.selectbox(
                    screen.say("review.period"), periods, format_func=lambda p: shown(screen, p), width=170
                )
                chosen, form, audience = _about(screen, units, "batch")
            if st.form_submit_button(screen.say("brief.make"), type="primary"):
                attempt(screen, lambda: _begin(screen, chosen, period, form, audience))
        if any(j.under_way for j in brief_jobs.jobs(screen.desk, limit=_JOBS)):
            st.fragment(_progress, run_every=_EVERY)(screen)
        else:
            _jobs(screen)


def _begin(screen: Screen, chosen: list[str], period: str, form: str, audience: str) -> None:
    about = {"form": form, "language": screen.language, "audience": audience}
    brief_jobs.begin(screen.house.store, screen.person, chosen, period, **about)  # type: ignore[arg-type]
    briefs.start(screen.house)


def _progress(screen: Screen) -> None:
    """Looked at again and again until all is made; then the page is drawn anew, without looking on."""
    found = _jobs(screen)
    if not any(j.under_way for j in found):
        st.rerun(scope="app")


def _jobs(screen: Screen) -> list[Job]:
    found = brief_jobs.jobs(screen.desk, limit=_JOBS)
    for job in found:
        _job(screen, job)
    return found


def _job(screen: Screen, job: Job) -> None:
    made, all_, failed = job.count("made"), len(job.items), job.count("failed")
    own = screen.person.username == job.by or screen.person.may("accept")
    about = screen.say("brief.job", period=shown(screen, job.period), by=job.by_name, at=blocks.moment(job.at))
    with st.container(key=f"brief-job-{job.id}", gap="small"):
        if job.under_way:
            st.progress(made / all_, text=f"{screen.say('brief.made_of', made=made, n=all_)} · {about}")
            if own and st.button(screen.say("brief.cancel"), key=f"brief-cancel-{job.id}"):
                attempt(screen, lambda: brief_jobs.cancel(screen.desk, job.id))
        else:
            kind = "bad" if failed else "warn" if job.count("cancelled") else "good"
            said = screen.say("brief.ended", made=made, n=all_, failed=failed, cancelled=job.count("cancelled"))
            st.html(blocks.note(join([tag("b", said), f" {about}"]), kind))
            if failed and own and st.button(screen.say("brief.again"), key=f"brief-again-{job.id}"):
                attempt(screen, lambda: _again(screen, job))
        with st.expander(screen.say("brief.each"), expanded=bool(failed)):
            rows = [[screen.unit(i.unit) if i.unit else screen.everywhere, _state(screen, i)] for i in job.items]
            st.html(table([screen.say("review.unit"), screen.say("brief.state")], rows, cls="pw-stack", alt=about))


def _again(screen: Screen, job: Job) -> None:
    brief_jobs.again(screen.desk, job.id)
    briefs.start(screen.house)


def _state(screen: Screen, item: brief_jobs.Item) -> Html:
    kind = {"made": "sent", "waiting": "waiting", "failed": "failed", "cancelled": "dropped"}[item.state]
    said = tag("span", screen.say(f"brief.item_{item.state}"), cls=f"pw-state pw-state-{kind}")
    link = join([" ", to_brief(item.brief_id, screen.say("brief.open"))]) if item.brief_id else None
    return join([said, link, tag("small", f" {screen.pick(item.reason)}") if item.reason else None])
