"""The parts of 异常与口径: `surges` (异常波动) and `conflicts` (口径冲突); which of them stands in the address."""

from __future__ import annotations

import streamlit as st

from ui.screen import Screen

VIEWS = ("surges", "conflicts")


def which(screen: Screen) -> str:
    """The view that is looked at: `?view=conflicts`, or surges."""
    if st.session_state.get("signals-view") not in VIEWS:
        asked = st.query_params.get("view")
        st.session_state["signals-view"] = asked if asked in VIEWS else VIEWS[0]
    view = st.segmented_control(
        screen.say("signals.view"), VIEWS, required=True, key="signals-view", label_visibility="collapsed",
        format_func=lambda name: screen.say(f"signals.view_{name}"),
    )  # fmt: skip
    if view == VIEWS[0]:
        st.query_params.pop("view", None)
    else:
        st.query_params["view"] = view
    return view
