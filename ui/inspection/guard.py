"""防重复: what past planned visits broke, by limit, and what a visit would break before it is arranged."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pilotwatch.inspection.ledger import NAME, ask
from pilotwatch.inspection.ledger.guard import Stop
from pilotwatch.inspection.ledger.limits import LIMITS
from pilotwatch.store import StoreRefused, lookup, shelf
from pilotwatch.store import ledger as kept
from pilotwatch.workdays import today
from ui import address, blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.inspection import words
from ui.inspection.period import About, choose, told
from ui.links import to_subject
from ui.screen import Screen

LISTED = 10
_KINDS = {"stop": "bad", "reason": "warn", "note": "plain"}


def show(screen: Screen) -> None:
    about = choose(screen)
    sums = _sums(screen, about)
    _judge(screen, about, sums)
    _look_ahead(screen)
    _limits(screen, sums)
    _broken(screen, about, sums)


def _sums(screen: Screen, about: About) -> pd.DataFrame:
    """By limit: how many planned visits broke it (numerator), and under `visits` how many there were (denominator)."""
    rows = shelf.period_sums(screen.desk, NAME, ["guard"], about.months, where=about.where, shared=True)
    rows = rows.groupby("kind")[["numerator", "denominator"]].sum()
    return rows.reindex([*LIMITS, "visits"]).fillna(0).astype(int)


def _judge(screen: Screen, about: About, sums: pd.DataFrame) -> None:
    visits = int(sums.at["visits", "denominator"])
    hard = {c: int(sums.at[c, "numerator"]) for c, limit in LIMITS.items() if limit.severity == "stop"}
    worst = max(hard, key=lambda c: hard[c])
    key = "guard.judge_none_planned" if not visits else "guard.judge" if hard[worst] else "guard.judge_good"
    st.html(tag("p", screen.say(key, where=screen.where(about.unit), period=told(screen, about.period), visits=f"{visits:,}",
                                title=LIMITS[worst].title, n=f"{hard[worst]:,}"), cls="pw-judge"))  # fmt: skip


# --- before a visit --------------------------------------------------------------------------------------------------


def _look_ahead(screen: Screen) -> None:
    """Asks the guard about one visit."""
    with st.container(key="card-guard-ask"):
        st.html(blocks.heading(screen.say("guard.ask"), screen.say("guard.ask_note")))
        with st.form("guard-ask", border=False):
            left, about, middle, right = st.columns([3, 3, 2, 2])
            who = left.text_input(screen.say("guard.who"), placeholder=screen.say("guard.who_hint"))
            matter = about.text_input(screen.say("guard.matter"), placeholder=screen.say("guard.matter_hint"))
            departments = {c: screen.department(c) for c in screen.house.places.departments}
            department = middle.selectbox(
                screen.say("guard.department"), list(departments), format_func=departments.get
            )
            day = right.date_input(screen.say("guard.day"), today(), format="YYYY-MM-DD")
            asked = st.form_submit_button(screen.say("guard.look"), type="primary")
        if asked:
            _answer(screen, who, day, department, matter)


def _answer(screen: Screen, who: str, day, department: str, matter: str) -> None:
    found = lookup.find(screen.desk, who, screen.house.places.leading_words, limit=1).rows if who.strip() else None
    if found is None or found.empty:
        st.html(blocks.note(screen.say("guard.nobody", who=who or "—"), "bad"))
        return
    subject = found.iloc[0]
    try:
        stops = ask.guard(
            screen.desk, str(subject["subject_id"]), day, department, [m for m in matter.split("、") if m]
        )
    except StoreRefused as no:
        st.html(blocks.note(screen.pick(no.message), "bad"))
        return
    name = to_subject(str(subject["subject_id"]), subject["name"] or subject["code"])
    if not stops:
        st.html(blocks.note(join([name, " ", screen.say("guard.free", day=f"{day:%Y-%m-%d}")]), "good"))
        return
    st.html(join([tag("p", name, cls="pw-note"), *(_line(screen, s) for s in stops)]))


def _line(screen: Screen, stop: Stop) -> Html:
    return tag("p", _severity(screen, stop.severity), " ", screen.pick(stop.said), cls="pw-note")


def _severity(screen: Screen, severity: str) -> Html:
    return tag("span", screen.say(f"guard.{severity}"), cls=f"pw-state pw-state-{_KINDS[severity]}")


# --- past visits -------------------------------------------------------------------------------------------------------


def _limits(screen: Screen, sums: pd.DataFrame) -> None:
    visits = int(sums.at["visits", "denominator"])
    with st.container(key="card-limits"):
        st.html(blocks.heading(screen.say("guard.limits"), screen.say("guard.limits_note")))
        head = [screen.say(f"guard.{n}") for n in ("limit", "effect", "broken", "share", "basis")]
        rows = [
            [
                tag("b", screen.pick(limit.title)), _severity(screen, limit.severity), f"{sums.at[code, 'numerator']:,}",
                f"{100 * sums.at[code, 'numerator'] / visits:.1f}%" if visits else "—", tag("small", screen.pick(limit.basis)),
            ]
            for code, limit in LIMITS.items()
        ]  # fmt: skip
        st.html(html_table(head, rows, numeric=(2, 3), cls="pw-stack", alt=screen.say("guard.limits")))


def _broken(screen: Screen, about: About, sums: pd.DataFrame) -> None:
    with st.container(key="card-broken"):
        st.html(blocks.heading(screen.say("guard.list"), screen.say("guard.list_note")))
        some = [c for c in LIMITS if sums.at[c, "numerator"]]
        if not some:
            st.html(blocks.note(screen.say("guard.none_broken"), "good"))
            return
        titles = {c: words.beside(screen, screen.pick(LIMITS[c].title), f"{sums.at[c, 'numerator']:,}") for c in some}
        code = address.select("limit", titles, screen.say("guard.limit"), width=420) or some[0]
        total, most = kept.most(screen.desk, "guard", code, about.months, where=about.where, limit=LISTED)
        st.html(blocks.note(screen.say("guard.subjects", n=f"{total:,}", shown=min(total, LISTED))))
        found = ask.broken_of(screen.desk, most["subject_id"].tolist(), code, about.months)
        last: dict[str, ask.Broken] = {}
        for one in found:
            last.setdefault(one.subject_id, one)
        head = [screen.say(f"guard.{n}") for n in ("subject", "times", "last", "said")]
        rows = [_row(screen, r, last.get(str(r["subject_id"]))) for r in most.to_dict("records")]
        st.html(html_table(head, rows, numeric=(1,), cls="pw-stack pw-could", alt=screen.say("guard.list")))


def _row(screen: Screen, row: dict, last: ask.Broken | None) -> list[object]:
    name = row["name"] if isinstance(row["name"], str) else screen.say("ledger.unlisted")
    who = join([to_subject(str(row["subject_id"]), name), tag("small", screen.unit(row["report_unit"]))])
    if last is None:
        return [who, str(row["n"]), "—", "—"]
    visit = last.visit
    when = join([tag("b", f"{visit.day:%Y-%m-%d}"), " ", screen.listed([screen.department(d) for d in sorted(visit.departments)]),
                 tag("small", visit.number)])  # fmt: skip
    return [who, str(row["n"]), when, join([screen.pick(s.said) for s in last.stops])]
