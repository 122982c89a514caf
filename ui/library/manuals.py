"""一业一册: the manual of a scene as a page, with its PDF and Word document."""

from __future__ import annotations

import streamlit as st

from pilotwatch.inspection import matters
from pilotwatch.inspection.matters import booklet
from pilotwatch.inspection.matters.manuals import NOTICE, Entry, Manual, frequencies
from pilotwatch.store import matters as kept
from pilotwatch.workdays import now, today
from ui import address, blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show(screen: Screen) -> None:
    day = today()
    scenes = matters.scenes(screen.desk, day)
    if not scenes:
        with st.container(key="card-library-empty"):
            st.html(blocks.empty(screen.say("library.no_scenes"), screen.say("library.no_scenes_body")))
        return
    titles = {s: screen.say("library.scene_of", scene=s, n=n) for s, n in scenes.items()}
    with st.container(key="choose-manual", horizontal=True, vertical_alignment="center", gap="small"):
        scene = address.select("scene", titles, screen.say("library.scene"), width=300) or next(iter(scenes))
        leads = {d.lead for d in screen.house.registry.domains}
        told = matters.manual(screen.desk, scene, day, leads)
        if told is None:
            return
        _take_out(screen, told)
    _judge(screen, told)
    left, right = st.columns([13, 8])
    with left:
        _checked(screen, told)
    with right:
        _who(screen, told)
        _often(screen)
        _notice(screen, told)


def _take_out(screen: Screen, told: Manual) -> None:
    """PDF and Word, each with who took it out and when, and a line in the audit."""
    name = f"{screen.say('library.manual')}-{told.scene}-{told.day:%Y%m%d}"

    def made(kind: str) -> bytes:
        kept.exported(screen.desk, told.scene, kind)
        stamp = screen.say("library.stamp", who=screen.person.name, at=blocks.moment(now()))
        if screen.house.store.demo:
            stamp += f" · {screen.say('badge.demo')}"
        make = booklet.pdf if kind == "pdf" else booklet.docx
        return make(told, screen.department, screen.language, stamp)

    st.download_button(
        screen.say("library.take_pdf"),
        lambda: made("pdf"),
        file_name=f"{name}.pdf",
        mime="application/pdf",
        on_click="ignore",
        icon=":material/picture_as_pdf:",
    )
    st.download_button(screen.say("library.take_docx"), lambda: made("docx"), file_name=f"{name}.docx", mime=_WORD, on_click="ignore", icon=":material/description:")  # fmt: skip


def _judge(screen: Screen, told: Manual) -> None:
    departments = len({e.dept for e in told.entries})
    said = screen.say(
        "library.manual_judge",
        scene=told.scene,
        n=len(told.entries),
        departments=departments,
        together=told.together,
        separately=told.separately,
    )
    st.html(tag("p", said, cls="pw-judge"))
    if told.waiting:
        st.html(blocks.note(screen.say("library.manual_waiting", names=screen.listed(told.waiting)), "warn"))


def _checked(screen: Screen, told: Manual) -> None:
    with st.container(key="card-manual"):
        st.html(blocks.heading(screen.say("library.one_form"), screen.say("library.one_form_note")))
        for department in dict.fromkeys(e.dept for e in told.entries):
            mine = told.of(department)
            role = screen.say("library.leads") if department == told.lead else screen.say("library.takes_part")
            st.html(
                tag(
                    "h4",
                    screen.department(department),
                    tag("small", screen.say("library.minutes_of", role=role, n=sum(e.minutes for e in mine))),
                    cls="pw-office",
                )
            )
            st.html(tag("ul", *(tag("li", _entry(screen, e)) for e in mine), cls="pw-entries"))


def _entry(screen: Screen, e: Entry) -> Html:
    facts = [
        e.method,
        e.frequency,
        screen.say("library.at_most", n=e.yearly_cap) if e.yearly_cap else "",
        screen.say("library.min", n=e.minutes),
    ]
    facts += [screen.say("library.off_site")] if e.off_site else []
    facts += [screen.say("library.apart")] if not e.mergeable else []
    return join([
        tag("b", e.name), tag("span", " · ".join(f for f in facts if f), cls="pw-dim"), tag("p", e.content),
        tag("ul", *(tag("li", p) for p in e.checklist), cls="pw-ticks"),
        tag("small", screen.say("library.basis_of", basis="；".join(e.basis))),
    ])  # fmt: skip


def _who(screen: Screen, told: Manual) -> None:
    with st.container(key="card-who"):
        st.html(blocks.heading(screen.say("library.who")))
        lines = [
            [screen.say("library.leads"), tag("b", screen.department(told.lead))],
            [screen.say("library.takes_part"), screen.listed([screen.department(d) for d in told.participants]) or "—"],
            [screen.say("library.prepare"), tag("ul", *(tag("li", p) for p in told.prepare), cls="pw-parts-of") if told.prepare else "—"],
        ]  # fmt: skip
        st.html(html_table(["", ""], lines, cls="pw-plain pw-attributes", alt=screen.say("library.who")))


def _often(screen: Screen) -> None:
    with st.container(key="card-often"):
        st.html(blocks.heading(screen.say("library.often"), screen.say("library.often_note")))
        head = [screen.say(f"library.{n}") for n in ("class", "ratio", "most")]
        lines = [[screen.pick(title), f"{100 * ratio:g}%", str(most)] for title, ratio, most in frequencies()]
        st.html(html_table(head, lines, numeric=(1, 2), alt=screen.say("library.often")))


def _notice(screen: Screen, told: Manual) -> None:
    with st.container(key="card-notice"):
        st.html(blocks.heading(screen.say("library.notice"), screen.say("library.notice_note")))
        st.html(tag("ol", *(tag("li", screen.pick(t)) for t in NOTICE), cls="pw-parts-of"))
