"""风险评分 of one subject: the bar of its points with words, its classes, how often it may be visited, re-grading."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from pilotwatch import risk
from pilotwatch.amounts import UNITS
from pilotwatch.risk import CLASSES, Risk
from pilotwatch.store import StoreRefused
from ui import blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen

_SHADES = ("1", ".84", ".68", ".54", ".42", ".3")  # of the parts in the bar, in their order


def show(screen: Screen, subject_id: str) -> None:
    """The subject's risk in each of its domains; nothing where no card is in the person's scope."""
    for found in risk.risk_of(screen.desk, screen.house.registry, subject_id, risk.signer(screen.house.settings)):
        with st.container(key=f"card-risk-{found.domain.name}"):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                note = join(
                    [screen.pick(found.domain.title), screen.say("risk.as_of", day=f"{found.on:%Y-%m-%d}")], " · "
                )
                st.html(blocks.heading(screen.say("risk.title"), note), width="content")
                if screen.person.may("grade"):
                    _regrade(screen, found)
            st.html(join([_figures(screen, found), _bar(screen, found), _parts(screen, found), *_notes(screen, found)]))
            if found.gradings:
                st.html(_history(screen, found))


# --- the card ------------------------------------------------------------------------------------------------------


def _figures(screen: Screen, found: Risk) -> Html:
    signed = ""
    if found.risk_class != found.computed_class:
        signed = screen.say("risk.signed", computed=found.computed_class, given=found.risk_class)
    return blocks.tiles(
        blocks.tile(screen.say("risk.title"), f"{found.score:g}", "/ 100"),
        blocks.tile(screen.say("risk.class"), found.risk_class, notes=[signed] if signed else ()),
        blocks.tile(screen.say("risk.credit"), found.credit_class or screen.say("risk.unknown")),
        blocks.tile(screen.say("risk.consequence"), str(found.consequence), "/ 4", [_exposure(screen, found)]),
        blocks.tile(screen.say("risk.priority"), f"{found.priority:g}", notes=[screen.say("risk.priority_note")]),
    )


def _exposure(screen: Screen, found: Risk) -> str:
    stake = found.domain.stake
    if stake is None:
        return ""
    if found.exposure is None:
        return screen.say("risk.no_exposure", what=stake.title)
    unit = UNITS.get(stake.unit, stake.unit) if screen.language == "en" else stake.unit
    return screen.say("risk.exposure", what=stake.title, n=f"{found.exposure:,.0f}", unit=unit)


def _bar(screen: Screen, found: Risk) -> Html:
    """The points of each part, side by side on a line of 100."""
    parts = [
        tag(
            "i",
            style=f"width:{line.points:.2f}%;opacity:{shade}",
            title=f"{screen.pick(line.part.title)} {line.points:g}",
        )
        for line, shade in zip(found.lines, _SHADES, strict=True)
        if line.points
    ]
    said = screen.listed([f"{screen.pick(line.part.title)} {line.points:g}" for line in found.lines])
    return tag("div", *parts, cls="pw-points", role="img", aria_label=said)


def _parts(screen: Screen, found: Risk) -> Html:
    rows = [
        [
            tag("span", tag("i", cls="pw-shade", style=f"opacity:{shade}"), screen.pick(line.part.title), cls="pw-nowrap"),
            join([tag("b", f"{line.points:g}"), tag("span", f" / {line.part.most:g}", cls="pw-dim")]),
            screen.pick(line.why),
        ]
        for line, shade in zip(found.lines, _SHADES, strict=True)
    ]  # fmt: skip
    return html_table(["", "", ""], rows, numeric=(1,), cls="pw-plain pw-parts", alt=screen.say("risk.title"))


def _notes(screen: Screen, found: Risk) -> Iterator[Html]:
    if found.composite is not None and found.domain.composite and found.composite_level:
        said = screen.say("risk.composite", title=found.domain.composite.title, n=f"{found.composite:g}")
        yield tag("p", said, " ", blocks.level(found.composite_level, screen.language), cls="pw-said")
    often = found.frequency
    yield tag(
        "p",
        screen.say("risk.frequency", ratio=f"{100 * often.ratio:g} %", visits=often.most_visits, note=often.note),
        cls="pw-said",
    )
    yield blocks.note(screen.say("risk.method"))


# --- re-grading ----------------------------------------------------------------------------------------------------


def _regrade(screen: Screen, found: Risk) -> None:
    given = found.gradings[-1].to_class if found.gradings else ""
    choices = [c for c in (*CLASSES, "") if c != found.risk_class and (c or given)]
    with (
        st.popover(screen.say("risk.regrade"), key=f"grade-{found.domain.name}-{len(found.gradings)}", width="content"),
        st.form(f"grade-form-{found.domain.name}", border=False),
    ):
        to = st.selectbox(
            screen.say("risk.to"), choices, index=None, format_func=lambda c: c or screen.say("risk.back"),
            placeholder=screen.say("risk.choose"),
        )  # fmt: skip
        reason = st.text_area(screen.say("risk.reason"), placeholder=screen.say("risk.reason_hint"), max_chars=500)
        st.html(blocks.note(screen.say("risk.sign_note", name=screen.person.name)))
        if st.form_submit_button(screen.say("risk.sign"), type="primary"):
            _sign(screen, found, to, reason)


def _sign(screen: Screen, found: Risk, to: str | None, reason: str) -> None:
    if to is None:
        st.error(screen.say("risk.choose"))
        return
    sign = risk.signer(screen.house.settings)
    try:
        risk.regrade(screen.desk, found.subject_id, found.domain.name, to, reason, sign)
    except StoreRefused as no:
        st.error(screen.pick(no.message))
    else:
        st.rerun()


def _history(screen: Screen, found: Risk) -> Html:
    rows = []
    for g in reversed(found.gradings):
        to = g.to_class or screen.say("risk.back")
        kept = tag("small", screen.say("risk.intact"), cls="pw-dim") if g.intact else tag("small", screen.say("risk.broken"), cls="pw-bad-word")  # fmt: skip
        rows.append(
            [
                join([blocks.moment(g.at), tag("small", g.by_name)]),
                join([tag("b", f"{g.from_class} → {to}"), tag("small", screen.say("risk.card", n=f"{g.score:g}"))]),
                join([g.reason, kept]),
            ]
        )
    title = screen.say("risk.history")
    return join([blocks.heading(title), html_table(["", "", ""], rows, cls="pw-plain", alt=title)])
