"""Briefs that were issued: the list, and one of them with its documents, what moved since, and how it is taken back."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from pilotwatch import brief as briefs
from pilotwatch.brief import Moved
from pilotwatch.brief.words import APPROVALS
from pilotwatch.store import StoreRefused
from pilotwatch.store import briefs as shelf
from pilotwatch.store.briefs import AUDIENCES, Kept
from pilotwatch.workdays import today
from ui import address, blocks
from ui.acting import attempt
from ui.brief.choose import go
from ui.html import Html, join, table, tag
from ui.links import to_brief
from ui.review.choose import shown, unit_of
from ui.screen import Screen

_YEARS, _MOVED, _LISTED = 3, 40, 200


def show(screen: Screen) -> None:
    asked = st.query_params.get("kept")
    if asked:
        try:
            one = shelf.one(screen.desk, asked)
        except StoreRefused as no:
            st.html(blocks.note(screen.pick(no.message), "bad"))
        else:
            _one(screen, one)
    with st.container(key="choose", horizontal=True, vertical_alignment="center", gap="medium"):
        unit = unit_of(screen)
        years = {str(y): str(y) for y in range(today().year, today().year - _YEARS, -1)}
        year = address.select("year", years, screen.say("brief.year"), width=120) or str(today().year)
    found = shelf.listed(screen.desk, unit=unit, year=int(year), limit=_LISTED)
    with st.container(key="card-brief-list"):
        gone = sum(b.mark is not None for b in found)
        st.html(blocks.heading(screen.say("brief.kept"), screen.say("brief.kept_note", n=len(found), gone=gone)))
        if not found:
            st.html(blocks.empty(screen.say("brief.kept_none"), screen.say("brief.kept_none_body")))
            return
        head = [
            screen.say(f"brief.{n}") for n in ("number", "title", "of_period", "form", "audience", "issued", "state")
        ]
        st.html(table(head, [_row(screen, b) for b in found], wide=(3,), cls="pw-stack", alt=screen.say("brief.kept")))


def _row(screen: Screen, kept: Kept) -> list[object]:
    return [
        tag("span", screen.say("brief.nth", year=kept.year, n=kept.number), cls="pw-nowrap"),
        to_brief(kept.id, kept.title),
        shown(screen, kept.period),
        screen.say(f"brief.{kept.form}"),
        screen.pick(AUDIENCES[kept.audience]),
        join([tag("span", blocks.moment(kept.issued_at), cls="pw-nowrap"), tag("small", f" {kept.by_name}")]),
        _state(screen, kept),
    ]


def _state(screen: Screen, kept: Kept) -> Html:
    name = kept.mark.kind if kept.mark else "stands"
    kind = {"stands": "sent", "superseded": "waiting", "withdrawn": "failed"}[name]
    return tag("span", screen.say(f"brief.is_{name}"), cls=f"pw-state pw-state-{kind}")


# --- one -----------------------------------------------------------------------------------------------------------


def _one(screen: Screen, kept: Kept) -> None:
    with st.container(key="card-brief-one"):
        st.html(blocks.heading(f"{kept.title} · {screen.say('brief.nth', year=kept.year, n=kept.number)}"))
        _marked(screen, kept)
        facts = [
            (screen.say("brief.of_period"), shown(screen, kept.period)),
            (screen.say("brief.audience"), screen.pick(AUDIENCES[kept.audience])),
            (screen.say("brief.as_of"), blocks.moment(kept.as_of)),
            (screen.say("brief.issued_by"), kept.by_name),
            (screen.say("brief.approval"), screen.pick(APPROVALS[kept.approval])),
            (screen.say("brief.figures"), f"{kept.told:,}"),
            (screen.say("brief.data_version"), f"{kept.data_version:,}"),
        ]
        st.html(tag("dl", *(join([tag("dt", n), tag("dd", v)]) for n, v in facts), cls="pw-facts pw-brief-facts"))
        with st.container(horizontal=True, gap="small", key="brief-kept-take"):
            for kind, (digest, size) in kept.files.items():
                st.download_button(
                    screen.say(f"brief.kept_{kind}", kb=f"{size / 1000:,.0f}"), data=partial(shelf.document, screen.desk, kept.id, kind),
                    file_name=briefs.file_name(kept, kind), mime=briefs.KINDS[kind], on_click="ignore", key=f"brief-kept-{kind}",
                    icon=":material/download:", help=f"SHA-256 {digest}",
                )  # fmt: skip
            if st.button(
                screen.say("brief.live_view"), key="brief-live", type="tertiary", icon=":material/open_in_new:"
            ):
                go(view="read", form=kept.form, period=kept.period, unit=kept.unit or None)
            _take_back(screen, kept)
        _since(screen, kept)


def _marked(screen: Screen, kept: Kept) -> None:
    mark = kept.mark
    if mark is None:
        return
    said = screen.say(f"brief.told_{mark.kind}", by=mark.by_name, at=blocks.moment(mark.at), reason=mark.reason)
    more = join([" ", to_brief(mark.instead, screen.say("brief.instead"))]) if mark.instead else None
    st.html(blocks.note(join([said, more]), "bad" if mark.kind == "withdrawn" else "warn"))


def _take_back(screen: Screen, kept: Kept) -> None:
    """Withdraw it, or name the one that counts in its place: for whoever issued it and the city's office."""
    if kept.mark or (screen.person.username != kept.by and not screen.person.may("accept")):
        return
    with st.popover(screen.say("brief.take_back"), key="brief-back"):
        others = {
            b.id: f"{screen.say('brief.nth', year=b.year, n=b.number)} · {shown(screen, b.period)}"
            for b in shelf.listed(screen.desk, unit=kept.unit, limit=30)
            if b.id != kept.id and not b.mark
        }
        instead = st.selectbox(
            screen.say("brief.instead_of"), list(others), index=None, format_func=others.get, key="brief-instead",
            placeholder=screen.say("brief.no_instead"),
        )  # fmt: skip
        reason = st.text_area(screen.say("brief.reason"), max_chars=500, key="brief-reason")
        st.html(blocks.note(screen.say("brief.back_note")))
        if st.button(
            screen.say("brief.supersede" if instead else "brief.withdraw"), key="brief-back-do", type="primary"
        ):
            kind = "superseded" if instead else "withdrawn"
            attempt(screen, lambda: shelf.mark(screen.desk, kept.id, kind, reason, instead))


def _since(screen: Screen, kept: Kept) -> None:
    """What the same brief would say otherwise now."""
    with st.spinner(screen.say("brief.comparing")):
        moved = _moved(*screen.kept_by, screen.person.username, kept.id, _screen=screen, _kept=kept)
    if not moved:
        st.html(blocks.note(screen.say("brief.same", n=f"{kept.told:,}"), "good"))
        return
    st.html(tag("p", screen.say("brief.moved", n=len(moved), of=f"{kept.told:,}"), cls="pw-brief-moved"))
    head = [screen.say(f"brief.{n}") for n in ("figure", "then", "now")]
    rows = [[_figure(screen, m), m.then or "—", m.now or "—"] for m in moved[:_MOVED]]
    st.html(
        table(head, rows, numeric=(1, 2), cls="pw-stack", alt=screen.say("brief.moved", n=len(moved), of=kept.told))
    )
    if len(moved) > _MOVED:
        st.html(blocks.note(screen.say("brief.more_moved", n=len(moved) - _MOVED)))


def _figure(screen: Screen, moved: Moved) -> Html:
    part = briefs.said_of(screen.house, moved.fact, screen.language)
    return join([tag("b", moved.title), f" {part}" if part else None, tag("small", f" {moved.code} · {moved.note}")])


@st.cache_data(max_entries=50, ttl=120, show_spinner=False)
def _moved(
    role: str, units: str, domains: str, version: int, day: date, username: str, brief_id: str, *, _screen: Screen, _kept: Kept
) -> list[Moved]:  # fmt: skip
    return briefs.since(_screen.house, _screen.desk, _kept)
