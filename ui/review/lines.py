"""The lines of a period: each measure's value with its interval, held against its bound, the period before and the year
before, and what has to be looked at beside everything that says “fewer”."""

from __future__ import annotations

import streamlit as st

from pilotwatch.domain import Measure
from pilotwatch.figures.ask import measures_of
from pilotwatch.review import Line, Results
from ui import blocks, cache
from ui.approvals import marks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.indicators import with_unit
from ui.review.choose import View, shown
from ui.screen import Screen
from ui.trends import shown as value_of

_ARROWS = {
    "better": ("pw-better", "review.better"),
    "worse": ("pw-worse", "review.worse"),
    "same": ("pw-same", "review.same"),
}


_NUMBERS = ("value", "last", "baseline")


def load(screen: Screen, view: View) -> Results:
    return cache.results(screen.desk, view.group, view.unit, view.period)


def judge(screen: Screen, view: View, found: Results) -> None:
    """The period in a sentence, and whether less checking came with more risk."""
    told = [x for x in found.lines if x.value is not None]
    where, period = screen.where(view.unit), shown(screen, view.period)
    if not told:
        st.html(blocks.empty(screen.say("review.empty", where=where, period=period), screen.say("review.empty_body")))
        return
    moves = [x.moved(x.baseline) for x in told]
    graded = [x for x in told if x.level]
    bad = [x for x in graded if x.level in ("red", "orange", "yellow")]
    said = screen.say(
        "review.judge", where=where, period=period, n=len(told), better=moves.count("better"), worse=moves.count("worse"),
        graded=len(graded), good=len(graded) - len(bad),
    )  # fmt: skip
    notes = [blocks.note(_risk(screen, found))]
    fewer = next((x for x in found.lines if x.code == "REF-01"), None)
    now, _, before = found.risk
    if fewer and fewer.value and fewer.value > 0 and now is not None and before is not None and now > before:
        notes.append(blocks.note(screen.say("review.less_but_worse"), "warn"))
    notes.append(marks.left_out(screen, found))
    st.html(join([tag("p", said, cls="pw-judge"), *notes]))


def _risk(screen: Screen, found: Results) -> str:
    now, last, before = (None if r is None else f"{r:.1f}" for r in found.risk)
    if now is None:
        return screen.say("review.no_risk")
    said = screen.say("review.risk", now=now)
    if last is not None:
        said += screen.say("review.risk_last", last=last)
    return said + (screen.say("review.risk_before", before=before) if before is not None else "")


def table(screen: Screen, view: View, found: Results) -> None:
    """A line for each measure; those without anything to tell at the end, in one sentence."""
    measures = {c: m for c, (_, m) in measures_of(screen.house.registry).items()}
    told = [x for x in found.lines if x.value is not None]
    silent = [x for x in found.lines if x.value is None]
    if not told:
        return
    with st.container(key="card-results"):
        st.html(blocks.heading(screen.say("review.results"), screen.say("review.results_note")))
        names = ["measure", "value", "standing", "last", "baseline", "beside"]
        missing = marks.unapproved(screen, view.unit, view.period)
        every = {y.code: y for y in found.lines}
        rows = [_row(screen, measures[x.code], x, every, measures, hatched=missing[x.group] > 0) for x in told]
        if len(found.period) == 4:  # of a year, the period before is the year before
            names.remove("last")
            rows = [[c for i, c in enumerate(row) if i != 3] for row in rows]
        head = [screen.say(f"review.{n}") for n in names]
        st.html(
            html_table(
                head,
                rows,
                numeric=[i for i, n in enumerate(names) if n in _NUMBERS],
                cls="pw-stack pw-results",
                alt=screen.say("review.results"),
            )
        )
        if open_ := max(missing[x.group] for x in told):
            st.html(marks.legend(screen, open_))
        if silent:
            names = screen.listed([screen.pick(x.title) for x in silent])
            st.html(blocks.note(screen.say("review.silent", n=len(silent), names=names)))


def _row(
    screen: Screen, measure: Measure, line: Line, every: dict[str, Line], measures: dict[str, Measure], *, hatched: bool
) -> list[object]:
    interval = None
    if line.low is not None and line.high is not None:
        interval = screen.say(
            "review.interval", low=value_of(measure, line.low, screen), high=value_of(measure, line.high, screen)
        )
    parts = screen.say("review.parts", top=_plain(line.numerator), under=_plain(line.denominator))
    guard = every.get(line.guard or "")
    return [
        join([tag("b", screen.pick(line.title), title=screen.pick(measure.formula)), tag("small", f"{line.code} · {screen.department(line.owner)}")]),
        join([tag("b", value_of(measure, line.value, screen), cls="pw-unapproved" if hatched else None), tag("small", interval or parts, title=parts)]),
        _standing(screen, measure, line),
        _against(screen, measure, line, line.last),
        _against(screen, measure, line, line.baseline),
        _beside(screen, guard, measures) if guard else "",
    ]  # fmt: skip


def _plain(number: float | None) -> str:
    return "—" if number is None else f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}"


def _standing(screen: Screen, measure: Measure, line: Line) -> Html:
    """The level, and the bound beyond which it isn't as it should be; where there is none, what others reached."""
    if not line.target:
        return tag("small", screen.pick(line.reference) or screen.say("review.no_bound"))
    bound = screen.say("review.bound", bound=with_unit(line.target, measure, screen.language))
    return join([blocks.level(line.level or "nodata", screen.language), tag("small", bound)])


def _against(screen: Screen, measure: Measure, line: Line, other: float | None) -> Html:
    if other is None:
        return tag("small", screen.say("review.none"))
    moved = line.moved(other)
    told = tag("span", value_of(measure, other, screen))
    if moved is None:
        return told
    cls, key = _ARROWS[moved]
    return join([told, tag("small", screen.say(key), cls=cls)])


def _beside(screen: Screen, guard: Line, measures: dict[str, Measure]) -> Html:
    """What has to be looked at beside it: the guard's value, and how it moved."""
    measure = measures[guard.code]
    now = value_of(measure, guard.value, screen)
    then = value_of(measure, guard.baseline, screen)
    return join([tag("span", screen.pick(guard.title)), tag("small", screen.say("review.guard", now=now, then=then))])
