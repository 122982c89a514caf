"""The accounts: how they stand in a sentence, filters, the list; one of them on the page of its own address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import streamlit as st

from pilotwatch.access import administration as office
from pilotwatch.store import ROLES
from pilotwatch.workdays import now
from ui import address, blocks
from ui.accounts import form, one
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen

Account = Mapping[str, Any]
STATES = ("locked", "disabled", "never", "first", "quiet", "sso")
MOST = 300  # accounts listed; a search finds the others
_QUIET = timedelta(days=90)


def show(screen: Screen) -> None:
    rows = office.listed(screen.house.store, screen.person)
    chosen = st.query_params.get("account")
    if chosen and (found := next((r for r in rows if r["username"] == chosen), None)):
        one.show(screen, found)
        return
    _judge(screen, rows)
    found = _filtered(screen, rows)
    with st.container(key="card-accounts"):
        st.html(
            blocks.heading(screen.say("accounts.list"), screen.say("accounts.list_note", n=len(found), m=len(rows)))
        )
        if found:
            head = [screen.say(f"accounts.{n}") for n in ("who", "role", "scope", "seen", "state")]
            st.html(
                html_table(
                    head, [_line(screen, r) for r in found[:MOST]], cls="pw-stack", alt=screen.say("accounts.list")
                )
            )
        else:
            st.html(blocks.note(screen.say("accounts.none_found")))
    form.create(screen)


def _judge(screen: Screen, rows: Sequence[Account]) -> None:
    n = {s: sum(s in states(r) for r in rows) for s in STATES}
    trouble = [
        screen.say(f"accounts.judge_{s}", n=n[s]) for s in ("locked", "first", "never", "quiet", "disabled") if n[s]
    ]
    said = screen.say("accounts.judge", n=len(rows), online=sum(r["sessions"] > 0 for r in rows))
    st.html(tag("p", said, screen.listed(trouble) if trouble else screen.say("accounts.judge_good"),
                screen.say("accounts.stop"), cls="pw-judge"))  # fmt: skip
    if sum(r["role"] == "administrator" and not r["disabled"] for r in rows) == 1:
        st.html(blocks.note(screen.say("accounts.one_administrator"), "warn"))


def states(row: Account) -> set[str]:
    """How an account stands: of STATES, those that hold."""
    lately = row["seen_at"] and now() - row["seen_at"] <= _QUIET
    told = {
        "locked": row["locked"], "disabled": row["disabled"], "never": not row["seen_at"] and not row["disabled"], "sso": bool(row["link"]),
        "first": row["must_change"] and bool(row["seen_at"]), "quiet": bool(row["seen_at"]) and not lately and not row["disabled"],
    }  # fmt: skip
    return {n for n, holds in told.items() if holds}


def _filtered(screen: Screen, rows: Sequence[Account]) -> list[Account]:
    there = {r["role"] for r in rows}
    with st.container(horizontal=True):
        sought = st.text_input(screen.say("accounts.search"), key="accounts-search", label_visibility="collapsed", width=240,
                               placeholder=screen.say("accounts.search"), max_chars=60)  # fmt: skip
        role = address.select("role", {r: screen.pick(t) for r, t in ROLES.items() if r in there}, screen.say("accounts.role"),
                              placeholder=screen.say("accounts.every_role"))  # fmt: skip
        unit = address.select("unit", {u.code: screen.pick(u.title) for u in screen.house.places.units}, screen.say("accounts.unit"),
                              placeholder=screen.say("accounts.every_unit"))  # fmt: skip
        state = address.select("state", {s: screen.say(f"accounts.is_{s}") for s in STATES}, screen.say("accounts.state"),
                               placeholder=screen.say("accounts.every_state"))  # fmt: skip
    word = sought.strip().lower()
    return [
        r
        for r in rows
        if (not word or word in r["username"] or word in r["name"].lower())
        and role in (None, r["role"])
        and (unit is None or (r["units"] is not None and unit in r["units"]))
        and (state is None or state in states(r))
    ]


def _line(screen: Screen, row: Account) -> list[object]:
    query = f"&lang={screen.language}" if screen.language == "en" else ""
    link = tag("a", row["name"], href=f"/accounts?account={row['username']}{query}", target="_self", cls="pw-to")
    seen = blocks.moment(row["seen_at"]) if row["seen_at"] else screen.say("accounts.seen_never")
    return [
        join([link, tag("small", row["username"], cls="pw-code")]), screen.pick(ROLES[row["role"]]), scope(screen, row),
        join([tag("span", seen, cls="pw-nowrap"), tag("small", screen.say("accounts.open", n=row["sessions"])) if row["sessions"] else None]),
        badges(screen, row),
    ]  # fmt: skip


def scope(screen: Screen, row: Account) -> Html:
    """Where an account may act, in words; what is bound by nothing says so."""
    domains = {d.name: screen.pick(d.title) for d in screen.house.registry.domains}
    told = [
        screen.listed([screen.unit(u) for u in row["units"]]) if row["units"] is not None else None,
        screen.listed([domains.get(d, d) for d in row["domains"]]) if row["domains"] is not None else None,
        screen.listed([screen.department(d) for d in row["departments"]]) if row["departments"] is not None else None,
    ]
    if row["role"] in ("administrator", "auditor"):
        return tag("span", screen.say("accounts.no_data"))
    return join([tag("span", t) for t in told if t] or [tag("span", screen.say("frame.scope_all"))], " · ")


def badges(screen: Screen, row: Account) -> Html:
    kinds = {"locked": "bad", "disabled": "plain", "never": "warn", "first": "warn", "quiet": "warn", "sso": "good"}
    held = states(row)
    made = [
        tag("span", screen.say(f"accounts.is_{s}"), cls=f"pw-state pw-state-{kinds[s]}") for s in STATES if s in held
    ]
    if not held & {"locked", "disabled", "never", "first", "quiet"}:
        made.insert(0, tag("span", screen.say("accounts.is_good"), cls="pw-state pw-state-good"))
    return join(made, " ")
