"""One account: how it stands, its scope, and what an administrator does with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pilotwatch.access import administration as office
from pilotwatch.settings import settings
from pilotwatch.store import ROLES
from ui import blocks
from ui.accounts import form, listed, roles
from ui.acting import attempt
from ui.html import join, tag
from ui.screen import Screen

Account = Mapping[str, Any]


def show(screen: Screen, row: Account) -> None:
    query = "?lang=en" if screen.language == "en" else ""
    st.html(tag("a", screen.say("accounts.back"), href=f"/accounts{query}", target="_self", cls="pw-to"))
    st.html(
        tag("p", row["name"], " · ", screen.pick(ROLES[row["role"]]), " ", listed.badges(screen, row), cls="pw-judge")
    )
    form.told(screen, row["username"])
    left, right = st.columns([11, 10])
    with left:
        _facts(screen, row)
        _change(screen, row)
    with right:
        _acts(screen, row)
        if settings().oidc_issuer or row["link"]:
            _link(screen, row)


def _facts(screen: Screen, row: Account) -> None:
    own = row["link"] or {}
    facts = [
        ("username", tag("span", row["username"], cls="pw-code")), ("scope", listed.scope(screen, row)),
        ("may", " · ".join(screen.pick(t) for t in roles.rights(row["role"]))),
        ("seen", blocks.moment(row["seen_at"]) if row["seen_at"] else screen.say("accounts.seen_never")),
        ("sessions", str(row["sessions"])), ("since", blocks.moment(row["created_at"])),
        ("link", own.get("subject") or own.get("claim")), ("link_since", blocks.moment(own["bound_at"]) if own.get("bound_at") else None),
    ]  # fmt: skip
    with st.container(key="card-account-facts"):
        st.html(blocks.heading(screen.say("accounts.facts")))
        told = [join([tag("dt", screen.say(f"accounts.{n}")), tag("dd", v)]) for n, v in facts if v]
        st.html(tag("dl", *told, cls="pw-facts"))


def _change(screen: Screen, row: Account) -> None:
    store, person, username = screen.house.store, screen.person, row["username"]
    with st.container(key="card-account-change"):
        st.html(blocks.heading(screen.say("accounts.change"), screen.say("accounts.change_note")))
        with st.container(horizontal=True):
            given = form.fields(screen, f"change-{username}", row)
        if st.button(screen.say("accounts.change_go"), type="primary", key="account-change"):
            attempt(screen, lambda: office.change(store, person, username, **given))


def _acts(screen: Screen, row: Account) -> None:
    """The buttons; what can't be undone by another click asks once more."""
    store, person, username = screen.house.store, screen.person, row["username"]
    mine = username == person.username
    with st.container(key="card-account-acts"):
        st.html(blocks.heading(screen.say("accounts.acts")))
        if mine:
            st.html(blocks.note(screen.say("accounts.yourself")))
        if row["locked"]:
            _button(screen, "unlock", lambda: office.unlock(store, person, username))
        if row["sessions"]:
            _button(screen, "log_out", lambda: office.log_out(store, person, username))
        if not mine and not row["disabled"]:
            with st.popover(screen.say("accounts.reset"), icon=":material/key:"):
                st.html(blocks.note(screen.say("accounts.reset_note")))
                _button(screen, "reset_go", lambda: _reset(screen, username))
            with st.popover(screen.say("accounts.disable"), icon=":material/block:"):
                st.html(blocks.note(screen.say("accounts.disable_note")))
                _button(screen, "disable_go", lambda: office.set_disabled(store, person, username, True))
        if row["disabled"]:
            _button(screen, "enable", lambda: office.set_disabled(store, person, username, False))


def _button(screen: Screen, name: str, act: Callable[[], object]) -> None:
    if st.button(screen.say(f"accounts.{name}"), key=f"account-{name}"):
        attempt(screen, act)


def _reset(screen: Screen, username: str) -> None:
    st.session_state[f"accounts-told-{username}"] = (
        username,
        office.reset(screen.house.store, screen.person, username),
    )


def _link(screen: Screen, row: Account) -> None:
    store, person, username, issuer = screen.house.store, screen.person, row["username"], settings().oidc_issuer
    with st.container(key="card-account-link"):
        st.html(blocks.heading(screen.say("accounts.link"), issuer))
        if row["link"]:
            waits = row["link"]["subject"] is None
            said = "accounts.link_waits" if waits else "accounts.link_there"
            st.html(
                blocks.note(
                    screen.say(said, who=row["link"]["claim"] or row["link"]["subject"]), "warn" if waits else "good"
                )
            )
            _button(screen, "unlink", lambda: office.unlink(store, person, username))
        if not issuer:
            return
        with st.form("account-link", border=False):
            st.html(blocks.note(screen.say("accounts.link_note", claim=settings().oidc_claim)))
            subject = st.text_input(screen.say("accounts.link_subject"), key="link-subject", max_chars=255)
            claim = st.text_input(screen.say("accounts.link_claim"), key="link-claim", max_chars=255)
            if st.form_submit_button(screen.say("accounts.link_go")):
                attempt(screen, lambda: office.link(store, person, username, issuer, subject=subject, claim=claim))
