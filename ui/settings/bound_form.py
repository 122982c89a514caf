"""Changing the bounds of one indicator: what is typed is checked as it is typed, its effect is shown, then it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from pilotwatch import warnings
from pilotwatch.bounds import Finding, LevelLine, Line, Proposal, Reading, inputs_of, normal
from pilotwatch.domain import LEVELS, ContractError
from pilotwatch.figures import Effect
from pilotwatch.levels import parse
from pilotwatch.store import StoreRefused
from pilotwatch.workdays import today
from ui import blocks, bounds
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.indicators import UNITS, in_words, with_unit
from ui.jobs import Job
from ui.screen import Screen

AT_ONCE = 0.8  # seconds that a job has to be done in, before progress is shown


def show(screen: Screen, lines: Sequence[Line]) -> None:
    """The form of an indicator; whoever may only read sees the bounds with who set them."""
    indicator = lines[0].indicator
    with st.container(key="card-bound-form"):
        st.html(blocks.heading(screen.pick(indicator.title), indicator.code))
        line = _which(screen, lines)
        formula = indicator.area.formula if line.judges == "area" else indicator.formula
        st.html(join([blocks.note(screen.pick(formula)), blocks.note(line.version.basis.source)]))
        if not screen.person.may("bounds"):
            st.html(bounds.levels(screen, line, told=True))
            st.html(blocks.note(screen.say("settings.bounds_read_only"), "warn"))
            return
        saving: Job[Any] | None = st.session_state.get("bound-saving")
        if saving is not None:
            _settle(screen, saving)
            return
        if said := st.session_state.pop("bound-said", None):
            st.html(blocks.note(*said))
        if st.session_state.get("bound-reset") == _of(line):
            st.html(blocks.note(screen.say("settings.reset_ready")))
        typed = {n.level: _bound(screen, line, n) for n in line.levels}
        _names(screen, line)
        _rest(screen, line, typed)


def _which(screen: Screen, lines: Sequence[Line]) -> Line:
    """Which rule version, and whether of subjects or of places, where there are several that may be set."""
    open_ = [n for n in lines if n.version.until is None or n.version.until >= today()]
    if len(open_) == 1:
        return open_[0]
    names = {f"{n.judges}:{n.key}": bounds.label(screen, n) for n in open_}
    chosen = st.segmented_control(
        screen.say("settings.which"), list(names), key=f"bound-which-{lines[0].indicator.code}", required=True, wrap=True,
        default=next(k for k, n in zip(names, open_, strict=True) if n.in_force), format_func=names.get,
        label_visibility="collapsed",
    )  # fmt: skip
    return open_[list(names).index(chosen)]


# --- what is typed ---------------------------------------------------------------------------------------------------


def _of(line: Line) -> str:
    return f"{line.indicator.code}-{line.judges}-{line.key}"


def _key(line: Line, name: str) -> str:
    """A widget's key; a new edition after each save, so that it begins from what counts then."""
    return f"bound-{name}-{_of(line)}-{st.session_state.get('bound-edition', 0)}"


def _begin_anew(line: Line | None = None) -> None:
    """Forgets what was typed; with a line, fills in its declared bounds."""
    st.session_state["bound-edition"] = st.session_state.get("bound-edition", 0) + 1
    st.session_state["bound-reset"] = _of(line) if line else None


def _bound(screen: Screen, line: Line, n: LevelLine) -> str:
    """One colour's bound as typed, with what it means in words and what was declared."""
    back = st.session_state.get("bound-reset") == _of(line)
    with st.container(key=f"bound-edit-{n.level}", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(join([blocks.level(n.level, screen.language), bounds.chip(screen, n.basis)]), width="content")
        typed = st.text_input(
            screen.say("settings.bound", level=screen.say(f"level.{n.level}")), value=str(n.declared if back else n.bound),
            key=_key(line, n.level), max_chars=200, label_visibility="collapsed",
        )  # fmt: skip
    told = []
    if words := _in_words(screen, line, typed):
        told.append(screen.say("settings.means", words=words))
    if n.set_:
        told.append(screen.say("settings.declared", bound=with_unit(n.declared, line.indicator, screen.language)))
    if told:
        st.html(tag("p", " · ".join(told), cls="pw-note pw-under"))
    return typed


def _in_words(screen: Screen, line: Line, typed: str) -> str | None:
    written = normal(typed)
    try:
        parse(written)
    except ContractError:
        return None
    words = in_words(written, line.indicator, screen.language)
    return None if words.replace("≥", ">=").replace("≤", "<=") == written else words


def _names(screen: Screen, line: Line) -> None:
    inputs = inputs_of(line.indicator)
    if line.judges == "area" or not inputs:
        return
    with st.expander(screen.say("settings.names")):
        given = [("value", screen.say("settings.the_value"), line.indicator.unit)]
        given += [(i.name, screen.pick(i.title), i.unit) for i in inputs]
        rows = [
            [tag("code", name), " · ".join(filter(None, (title, _unit(screen, unit))))] for name, title, unit in given
        ]
        head = [screen.say("settings.name"), screen.say("settings.meaning")]
        st.html(join([html_table(head, rows), blocks.note(screen.say("settings.names_hint"))]))


def _unit(screen: Screen, unit: str) -> str:
    return UNITS.get(unit, unit) if screen.language == "en" else unit


# --- check, effect, save ---------------------------------------------------------------------------------------------


def _rest(screen: Screen, line: Line, typed: dict[str, str]) -> None:
    since: date = st.date_input(
        screen.say("settings.from"),
        value=today(),
        min_value=today(),
        format="YYYY-MM-DD",
        key=_key(line, "since"),
        width=180,
    )
    changed = {n.level: typed[n.level] for n in line.levels if normal(typed[n.level]) != normal(n.bound)}
    if not changed:
        if line.is_set:
            st.button(screen.say("settings.reset"), key=f"bound-reset-{_of(line)}", on_click=_begin_anew, args=(line,))
        return
    proposal = Proposal(
        line.domain.name, line.indicator.code, changed, since, "", line.judges, line.key,
        line.newest,
    )  # fmt: skip
    reading = warnings.read_proposal(screen.desk, screen.house.registry, proposal)
    _findings(screen, reading.findings)
    if reading.errors:
        _discard(screen)
        return
    _effect(screen, proposal, reading)
    reset = st.session_state.get("bound-reset") == _of(line)
    reason = st.text_area(
        screen.say("settings.reason"), value=screen.say("settings.reset_reason") if reset else "", height=68, max_chars=500,
        placeholder=screen.say("settings.reason_hint"), key=_key(line, "reason"),
    )  # fmt: skip
    with st.container(horizontal=True):
        if st.button(screen.say("settings.save"), key="bound-save", type="primary"):
            _save(screen, proposal, reason)
        _discard(screen)


def _discard(screen: Screen) -> None:
    st.button(screen.say("settings.undo"), key="bound-undo", type="tertiary", on_click=_begin_anew)


def _findings(screen: Screen, findings: Sequence[Finding]) -> None:
    for f in findings:
        st.html(blocks.note(screen.pick(f.message), "bad" if f.kind == "error" else "warn"))


def _effect(screen: Screen, proposal: Proposal, reading: Reading) -> None:
    """Computes the effect beside the page where it takes longer, and shows it."""
    asked = (proposal, tuple(proposal.bounds.items()), screen.house.store.data_version(), screen.person.username)
    if st.session_state.get("bound-effect-of") != asked:
        if before := st.session_state.get("bound-effect"):
            before.cancel()
        work = partial(warnings.effect, screen.desk, screen.house.registry, proposal, reading)
        st.session_state["bound-effect"], st.session_state["bound-effect-of"] = Job(work, "effect"), asked
    job: Job[Effect] = st.session_state["bound-effect"]
    if not job.wait(AT_ONCE):
        _progress(screen, job, "settings.computing")
        return
    if isinstance(job.error, StoreRefused):
        st.html(blocks.note(screen.pick(job.error.message), "bad"))
    elif job.error:
        raise job.error
    elif job.result is not None:
        st.html(_told(screen, job.result, proposal))


@st.fragment(run_every=0.5)
def _progress(screen: Screen, job: Job[Any], key: str) -> None:
    if job.done:
        st.rerun()
    st.progress(job.share, screen.say(key, share=round(100 * job.share)))


def _told(screen: Screen, effect: Effect, proposal: Proposal) -> Html:
    """Per colour before and after, and the sentence that sums it up."""
    n = effect.worse + effect.better
    none = "settings.effect_none" if effect.of == "subject" else "settings.effect_none_unit"
    said = screen.say(f"settings.effect_{effect.of}", n=f"{n:,}", worse=f"{effect.worse:,}", better=f"{effect.better:,}") if n else screen.say(none)  # fmt: skip
    more = []
    if proposal.since > effect.on:
        more.append(screen.say("settings.effect_later", day=proposal.since))
    if effect.better and effect.of == "subject":
        more.append(screen.say("settings.effect_fall"))
    if not effect.total:
        said = screen.say("settings.effect_nothing")
    head = [screen.say(f"settings.{k}") for k in ("level", "before", "after", "change")]
    rows = [
        [blocks.level(k, screen.language), f"{effect.before[k]:,}", f"{effect.after[k]:,}", _difference(effect.after[k] - effect.before[k])]
        for k in LEVELS
        if effect.before[k] or effect.after[k]
    ]  # fmt: skip
    return tag(
        "div",
        blocks.heading(screen.say("settings.effect"), screen.say("settings.effect_on", day=f"{effect.on:%Y-%m-%d}")),
        tag("p", tag("b", said)),
        html_table(head, rows, numeric=(1, 2, 3), alt=screen.say("settings.effect")) if rows else None,
        tag("p", " ".join(more), cls="pw-note") if more else None,
        cls="pw-box",
    )


def _difference(n: int) -> str:
    return f"{n:+,}".replace("-", "−") if n else "0"


def _save(screen: Screen, proposal: Proposal, reason: str) -> None:
    if not reason.strip():
        st.html(blocks.note(screen.say("settings.reason"), "bad"))
        return
    given = Proposal(**{**proposal.__dict__, "reason": reason})
    work: Callable[..., Any] = partial(
        warnings.set_bounds, screen.house.store, screen.person, screen.house.registry, given
    )
    st.session_state["bound-saving"] = Job(work, "bounds")
    st.rerun()


def _settle(screen: Screen, job: Job[Any]) -> None:
    """Waits for a save, then begins anew from what counts now, with what is to be said of it."""
    if not job.wait(AT_ONCE):
        _progress(screen, job, "settings.saving")
        return
    del st.session_state["bound-saving"]
    if isinstance(job.error, StoreRefused):
        st.session_state["bound-said"] = (screen.pick(job.error.message), "bad")
    elif job.error:
        raise job.error
    elif job.result is not None:
        st.session_state["bound-said"] = (screen.say("settings.saved", n=f"{job.result.subjects:,}"), "good")
    _begin_anew()
    st.rerun()
