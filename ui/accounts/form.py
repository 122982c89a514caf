"""The form of an account: what it is called, its role, and where it may act. For a new one and for a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pilotwatch.access import administration as office
from pilotwatch.settings import settings
from pilotwatch.store import ROLES
from ui import blocks
from ui.acting import attempt
from ui.screen import Screen

#: What bounds a role: the others have no such bound to choose.
BOUNDS = {
    "district_leader": ("units",), "pilot_team": ("domains", "units"), "department_officer": ("departments", "domains", "units"),
    "city_office": ("units", "domains"), "administrator": (), "auditor": (),
}  # fmt: skip


def create(screen: Screen) -> None:
    """Makes an account; its first password is shown once."""
    told(screen, "new")
    with st.expander(screen.say("accounts.new"), icon=":material/person_add:"):
        st.html(blocks.note(screen.say("accounts.new_note")))
        with st.container(horizontal=True):
            username = st.text_input(screen.say("accounts.username"), key="new-username", max_chars=32, width=220,
                                     placeholder=screen.say("accounts.username_hint"))  # fmt: skip
            given = fields(screen, "new", {})
        local = True
        if settings().oidc_issuer:
            local = st.checkbox(screen.say("accounts.local"), settings().local_login, key="new-local")
        if st.button(screen.say("accounts.new_go"), type="primary", key="new-go"):
            attempt(screen, lambda: _create(screen, username.strip(), given, local))


def fields(screen: Screen, key: str, now: Mapping[str, Any]) -> dict[str, Any]:
    """Name, role and bounds, beginning with what they are now; as `administration.change` takes them."""
    name = st.text_input(screen.say("accounts.name"), now.get("name", ""), key=f"{key}-name", max_chars=60, width=180)
    roles = list(ROLES)
    role = st.selectbox(screen.say("accounts.role"), roles, roles.index(now["role"]) if now else 1, key=f"{key}-role", width=190,
                        format_func=lambda r: screen.pick(ROLES[r]))  # fmt: skip
    known = {
        "units": {u.code: screen.pick(u.title) for u in screen.house.places.units},
        "domains": {d.name: screen.pick(d.title) for d in screen.house.registry.domains},
        "departments": {c: screen.department(c) for c in screen.house.places.departments},
    }
    given: dict[str, Any] = {"name": name, "role": role, "units": None, "domains": None, "departments": None}
    for bound in BOUNDS[role]:
        titles = known[bound]
        chosen = st.multiselect(screen.say(f"accounts.{bound}"), list(titles), [c for c in now.get(bound) or () if c in titles],
                                key=f"{key}-{role}-{bound}", format_func=titles.get, placeholder=screen.say("accounts.unbound"), width=320)  # fmt: skip
        given[bound] = chosen or None
    return given


def _create(screen: Screen, username: str, given: Mapping[str, Any], local: bool) -> None:
    first = office.create(screen.house.store, screen.person, username=username, local=local, **given)
    st.session_state["accounts-told-new"] = (username, first)


def told(screen: Screen, key: str) -> None:
    """The password that was just made, this once: the next run of the page has forgotten it."""
    made = st.session_state.pop(f"accounts-told-{key}", None)
    if made is None:
        return
    username, password = made
    with st.container(key="card-account-told"):
        if password is None:
            st.html(blocks.note(screen.say("accounts.made_sso", username=username), "good"))
            return
        st.html(blocks.note(screen.say("accounts.told", username=username), "warn"))
        st.code(password, language=None)
