"""试点有效果吗: the pilots against the other units, one sentence, one figure, and the method with its data."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import streamlit as st

from pilotwatch import access, evaluation, review
from pilotwatch.access import marks
from pilotwatch.figures.ask import measures_of
from pilotwatch.review import CHOSEN, EVALUATED
from pilotwatch.workdays import now, today
from ui import acting, address, blocks, cache
from ui.html import join, tag
from ui.html import table as html_table
from ui.review import chart
from ui.review.choose import View
from ui.screen import Screen

_EDGE = {"fell": "good", "rose": "good", "no_evidence": "plain", "cant_tell": "warn"}


def show(screen: Screen, view: View) -> None:
    """For those who see the whole city; the others are told in a line."""
    if not screen.person.may("accept"):
        st.html(blocks.note(screen.say("review.effect_not_yours")))
        return
    measures = {c: m for c, (g, m) in measures_of(screen.house.registry).items() if g.name == view.group}
    first = [c for c in EVALUATED if c in measures]
    codes = [*first, *(c for c in measures if c not in first)]
    with st.container(key="card-effect"):
        st.html(blocks.heading(screen.say("review.effect"), screen.say("review.effect_note")))
        if not codes:
            st.html(blocks.empty(screen.say("review.no_measures"), screen.say("review.no_measures_body")))
            return
        titles = {c: f"{screen.pick(measures[c].title)} · {c}" for c in codes}
        code = address.select("effect", titles, screen.say("review.measure"), width=320) or codes[0]
        told = cache.effect(screen.desk, code, view.group)
        found = told.found
        st.html(join([tag("p", screen.pick(evaluation.headline(found)), cls="pw-said"),
                      blocks.note(screen.pick(told.sentence), _EDGE[found.verdict])]))  # fmt: skip
        if found.panel.units:
            st.plotly_chart(
                chart.drawn(screen, told), config=chart.CONFIG, theme=None, alt=screen.pick(told.sentence),
                key=f"effect-{code}-{view.group}-{screen.mode}-{screen.language}",
            )  # fmt: skip
        out = screen.listed([screen.unit(u) for u in found.left_out])
        known = [*(screen.pick(c) for c in told.caveats), *([screen.say("review.left_out", names=out)] if out else [])]
        st.html(tag("ul", *(tag("li", c) for c in known), cls="pw-list"))
        _appendix(screen, told, code)
        _pilots(screen, view, told)


def _appendix(screen: Screen, told: review.Effect, code: str) -> None:
    """How it was reckoned, each unit before and after, and the months to take out."""
    panel = told.found.panel
    with st.expander(screen.say("review.appendix")):
        st.html(
            tag("p", screen.say("review.method", most=review.effects.MONTHS, least=evaluation.MONTHS), cls="pw-dim")
        )
        if not panel.units or panel.first_start is None or not 0 < panel.first_start < len(panel.months):
            return
        before, after = evaluation.windows(panel, panel.first_start)
        show_ = told.words.shown
        apart = told.words.apart
        rows = [
            [screen.unit(u), screen.say("review.pilot_since", month=told.pilots[u].month) if u in told.pilots else "",
             *(show_(v) if np.isfinite(v) else "—" for v in (b, a)), _signed(a - b, lambda v: screen.pick(apart(v)))]
            for u, b, a in zip(panel.units, before, after, strict=True)
        ]  # fmt: skip
        head = [screen.say(f"review.{n}") for n in ("unit", "pilot", "before", "after", "change")]
        st.html(html_table(head, rows, numeric=(2, 3, 4), cls="pw-stack", alt=screen.say("review.appendix")))
        st.download_button(
            screen.say("review.take_data"), lambda: _csv(screen, told, code), file_name=f"{code}.csv", mime="text/csv", key="effect-data",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _signed(value: float, show_: object) -> str:
    if not np.isfinite(value):
        return "—"
    return ("+" if value > 0 else "−" if value < 0 else "±") + show_(abs(value))  # type: ignore[operator]


def _csv(screen: Screen, told: review.Effect, code: str) -> bytes:
    """Every month of every unit, as it was reckoned with; marked, and a line of the audit before it is out."""
    panel = told.found.panel
    rows = [
        {screen.say("review.unit"): screen.unit(u), screen.say("review.pilot"): told.pilots[u].month if u in told.pilots else "",
         screen.say("review.period"): m, screen.say("review.numerator"): panel.numerators[i, j],
         screen.say("review.denominator"): panel.denominators[i, j]}
        for i, u in enumerate(panel.units) for j, m in enumerate(panel.months)
    ]  # fmt: skip
    access.record(screen.house.store, screen.person, "export.effect", code, {"rows": len(rows)})
    out = io.StringIO()
    csv.writer(out).writerow([marks.safe_cell(marks.mark(screen.person, now())(screen.language))])
    pd.DataFrame(rows).to_csv(out, index=False)
    return out.getvalue().encode("utf-8-sig")


def _pilots(screen: Screen, view: View, told: review.Effect) -> None:
    """Who is a pilot, and setting it."""
    names = screen.listed(
        [
            screen.say("review.pilot_named", unit=screen.unit(u), month=p.month, how=CHOSEN[p.chosen])
            for u, p in told.pilots.items()
        ]
    )
    with st.expander(screen.say("review.pilots_are", names=names) if names else screen.say("review.no_pilots")):
        if not screen.person.may("pilots"):
            return
        units = {u.code: screen.unit(u.code) for u in screen.house.places.units}
        with st.form("set-pilots", border=False):
            chosen = st.multiselect(
                screen.say("review.units"), list(units), default=list(told.pilots), format_func=units.get
            )
            months = [None, *(f"{y}-{m:02}" for y in range(today().year, 2022, -1) for m in range(12, 0, -1))]
            since = st.selectbox(
                screen.say("review.since"), months, index=months.index(next(iter(told.pilots.values())).month) if told.pilots else 1,
                format_func=lambda m: m or screen.say("review.not_pilot"),
            )  # fmt: skip
            how = st.selectbox(screen.say("review.how"), list(CHOSEN), format_func=lambda c: screen.pick(CHOSEN[c]))
            reason = st.text_input(screen.say("review.reason"), placeholder=screen.say("review.reason_hint"))
            if st.form_submit_button(screen.say("review.set"), icon=":material/flag:"):
                house = screen.house
                acting.attempt(
                    screen,
                    lambda: review.set_pilots(
                        screen.desk, house.registry, house.places, view.group, chosen, since, how, reason
                    ),
                )
