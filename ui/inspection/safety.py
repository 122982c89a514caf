"""减检不减安: visits and what befell the same subjects, side by side, by domain and unit."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pilotwatch.inspection.ledger.safety import VERDICTS, Change, Held, Verdict, compare
from pilotwatch.workdays import today
from ui import address, blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.inspection import words
from ui.screen import Screen

_KINDS: dict[Verdict, str] = {"amber": "warn", "watch": "watch", "held": "good", "more": "plain", "nodata": "none"}
_ORDER: tuple[Verdict, ...] = ("amber", "watch", "held", "more", "nodata")
_SPANS = {"12": 12, "6": 6, "3": 3}


def show(screen: Screen) -> None:
    titles = {n: screen.say("safety.months", n=n) for n in _SPANS}
    span = _SPANS[address.segments("span", titles, screen.say("safety.span"))]
    found = compare(screen.desk, screen.domains, today(), months=span)
    _judge(screen, found, span)
    for domain in screen.domains:
        _domain(screen, domain.name, screen.pick(domain.title), [h for h in found if h.domain == domain.name])
    with st.expander(screen.say("safety.method")):
        st.html(
            join(
                [
                    tag("p", screen.say(f"safety.method_{n}"), cls="pw-note")
                    for n in ("what", "test", "checking", "limits")
                ]
            )
        )


def _judge(screen: Screen, found: Sequence[Held], span: int) -> None:
    units = [h for h in found if h.unit]
    amber = [h for h in units if h.verdict == "amber"]
    fewer = [h for h in units if h.verdict in ("amber", "watch", "held")]
    titles = {d.name: screen.pick(d.title) for d in screen.domains}
    names = screen.listed([words.beside(screen, screen.unit(h.unit), titles[h.domain]) for h in amber[:4]])
    key = "safety.judge_none" if not fewer else "safety.judge_amber" if amber else "safety.judge_good"
    said = screen.say(
        key, n=span, fewer=len(fewer), amber=len(amber), names=names, watch=sum(h.verdict == "watch" for h in units)
    )
    st.html(tag("p", said, cls="pw-judge"))


def _domain(screen: Screen, name: str, title: str, found: Sequence[Held]) -> None:
    with st.container(key=f"card-safety-{name}"):
        st.html(blocks.heading(title, screen.say("safety.against")))
        if not any(h.visits.before or h.visits.now for h in found):
            st.html(blocks.note(screen.say("safety.no_visits")))
            return
        head = [
            screen.say(f"safety.{n}")
            for n in ("unit", "verdict", "visits", "complaints", "incidents", "by_checking", "course")
        ]
        whole = [h for h in found if not h.unit]
        units = sorted((h for h in found if h.unit), key=lambda h: (_ORDER.index(h.verdict), h.unit))
        shown = units if len(units) == 1 else [*whole, *units]
        rows = [
            [
                tag("b", screen.unit(h.unit) if h.unit else screen.everywhere), _verdict(screen, h.verdict), _change(h.visits),
                _change(h.complaints, chance=h.complaints.rose, screen=screen),
                _change(h.incidents, chance=h.incidents.rose, screen=screen), _change(h.by_checking), _course(screen, h),
            ]
            for h in shown
        ]  # fmt: skip
        st.html(html_table(head, rows, numeric=(2, 3, 4, 5), cls="pw-stack pw-safety", alt=title))


def _verdict(screen: Screen, verdict: Verdict) -> Html:
    return tag("span", screen.pick(VERDICTS[verdict]), cls=f"pw-state pw-state-{_KINDS[verdict]}")


def _change(change: Change, *, chance: bool = False, screen: Screen | None = None) -> Html:
    """`73 → 60` with its share; of a rise how likely it is by chance."""
    share = "" if change.share is None else f"{100 * change.share:+.0f}%".replace("-", "−")
    notes = [share] if share else []
    if chance and screen is not None:
        notes.append(screen.say("safety.p", p="<0.001" if change.p < 0.001 else f"{change.p:.3f}"))
    return join([tag("b", f"{change.before:,} → {change.now:,}"), tag("small", " ".join(notes))])


def _course(screen: Screen, held: Held) -> Html:
    """Visits upwards and harm downwards by month, each on its own scale; the year before is paler."""
    half = len(held.visits_by_month) // 2
    rows = []
    for counts, cls in ((held.visits_by_month, "pw-up"), (held.harm_by_month, "pw-down")):
        most = max(1, *counts)
        bars = [
            tag("i", style=f"height:{100 * n / most:.0f}%", cls="pw-was" if i < half else None)
            for i, n in enumerate(counts)
        ]
        rows.append(tag("div", *bars, cls=cls))
    said = screen.say(
        "safety.course_said", visits=screen.listed([str(n) for n in held.visits_by_month]),
        harm=screen.listed([str(n) for n in held.harm_by_month]),
    )  # fmt: skip
    return tag("div", *rows, cls="pw-course", role="img", aria_label=said, title=said)
