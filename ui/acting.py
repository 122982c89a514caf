"""What a button does: the act, then the page anew; a refusal is told in its own sentence where the button is."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pilotwatch.store import StoreRefused
from ui import blocks
from ui.screen import Screen


def attempt(screen: Screen, act: Callable[[], object]) -> None:
    """Does it and runs the page anew, so that nothing on it is from before."""
    try:
        act()
    except StoreRefused as no:
        st.html(blocks.note(screen.pick(no.message), "bad"))
        return
    st.rerun()
