"""Choices that stand in the page's address by their codes, so that a view can be sent, in whatever language it is read.

Streamlit's own binding writes what a widget shows, not what it means; so the address is read and written here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st


def select(
    name: str, titles: Mapping[str, str], label: str, *, placeholder: str | None = None, width: int = 200
) -> str | None:  # fmt: skip
    """A select box over code → title. With a placeholder it may be empty (None); without, the first is chosen."""
    _seed(name, titles)
    chosen = st.selectbox(
        label, list(titles), index=None if placeholder else 0, key=name, width=width, placeholder=placeholder,
        format_func=lambda code: titles.get(code, code), label_visibility="collapsed",
    )  # fmt: skip
    first = None if placeholder else next(iter(titles), None)
    return _write(name, chosen, None if chosen == first else chosen)


def segments(name: str, titles: Mapping[str, str], label: str) -> str:
    """A segmented control over code → title, of which one is always chosen: at first the first."""
    _seed(name, titles)
    first = next(iter(titles))
    st.session_state.setdefault(name, first)
    chosen = st.segmented_control(
        label, list(titles), key=name, format_func=titles.get, required=True, label_visibility="collapsed", wrap=True
    )
    return _write(name, chosen, None if chosen == first else chosen) or first


def pills(name: str, titles: Mapping[str, str], label: str) -> str | None:
    """Pills over code → title, of which one or none is chosen."""
    _seed(name, titles)
    chosen = st.pills(label, list(titles), key=name, format_func=titles.get, label_visibility="collapsed")
    return _write(name, chosen, chosen)


def toggle(name: str, label: str) -> bool:
    """A switch; `?name=1` where it is on."""
    if name not in st.session_state:
        st.session_state[name] = st.query_params.get(name) == "1"
    chosen = st.toggle(label, key=name)
    _write(name, None, "1" if chosen else None)
    return chosen


def _seed(name: str, codes: Collection[str]) -> None:
    """Begins with what the address says; what is no option any more is forgotten."""
    if name not in st.session_state:
        asked = st.query_params.get(name)
        if asked in codes:
            st.session_state[name] = asked
    elif st.session_state[name] is not None and st.session_state[name] not in codes:
        del st.session_state[name]


def _write(name: str, chosen: str | None, said: str | None) -> str | None:
    if said is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != said:
        st.query_params[name] = said
    return chosen
