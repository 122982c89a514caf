"""Which setting is looked at; it stands in the address."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.screen import Screen
from ui.settings import bounds, calendar

#: The tabs in their order: name → what draws it. Its title is the text `settings.tab_<name>`.
TABS: dict[str, Callable[[Screen], None]] = {"bounds": bounds.show, "calendar": calendar.show}


def choose(screen: Screen) -> str:
    if st.session_state.get("settings-tab") not in TABS:
        asked = st.query_params.get("tab")
        st.session_state["settings-tab"] = asked if asked in TABS else next(iter(TABS))
    chosen = st.segmented_control(
        screen.say("settings.tab"), list(TABS), key="settings-tab", required=True, label_visibility="collapsed",
        format_func=lambda name: screen.say(f"settings.tab_{name}"),
    )  # fmt: skip
    if st.query_params.get("tab", chosen) != chosen:  # what the other tab wrote there is not this one's
        st.query_params.from_dict({n: v for n, v in st.query_params.items() if n == "lang"})
    st.query_params["tab"] = chosen
    return chosen


def show(screen: Screen, tab: str) -> None:
    TABS[tab](screen)
