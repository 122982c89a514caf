"""Accounts from a workbook: the empty one, what was read of a filled one, making them, their first passwords this once."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from pilotwatch.intake.model import FileRefused
from pilotwatch.operation import people
from pilotwatch.store import ROLES, StoreRefused
from ui import blocks
from ui.html import join, tag
from ui.html import table as html_table
from ui.screen import Screen

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTED = 200


def show(screen: Screen) -> None:
    st.html(tag("p", screen.say("accounts.workbook_judge"), cls="pw-judge"))
    _passwords(screen)
    with st.container(key="card-workbook"):
        st.download_button(
            screen.say("accounts.workbook_template"), lambda: people.workbook([], screen.person, screen.language), key="accounts-template",
            on_click="ignore", mime=XLSX, file_name=f"{screen.say('nav.accounts')}.xlsx", icon=":material/download:",
        )  # fmt: skip
        file = st.file_uploader(screen.say("accounts.workbook_file"), type=["xlsx", "xls", "csv", "et"], max_upload_size=5,
                                key=f"accounts-file-{st.session_state.get('accounts-files', 0)}")  # fmt: skip
        if file is None:
            return
        try:
            rows = _read(screen, file)
        except (FileRefused, StoreRefused) as no:
            st.html(blocks.note(screen.pick(no.message), "bad"))
            return
        _found(screen, rows)


def _read(screen: Screen, file: Any) -> list[people.Row]:
    with TemporaryDirectory(prefix="pilotwatch-") as folder:
        path = Path(folder) / "accounts"
        path.write_bytes(file.getvalue())
        return people.read(screen.house, screen.person, path, file.name)


def _found(screen: Screen, rows: list[people.Row]) -> None:
    good = [r for r in rows if not r.wrong]
    st.html(blocks.heading(screen.say("accounts.workbook_found", n=len(good), m=len(rows) - len(good))))
    head = [screen.say(f"accounts.{n}") for n in ("workbook_row", "who", "role", "workbook_wrong")]
    lines = [
        [
            str(r.number), join([r.values["name"], tag("small", r.values["username"], cls="pw-code")]),
            screen.pick(ROLES[r.values["role"]]) if r.values["role"] else "—",
            join([tag("div", screen.pick(w), cls="pw-bad-ink") for w in r.wrong]) if r.wrong else screen.say("accounts.is_good"),
        ]
        for r in sorted(rows, key=lambda r: not r.wrong)[:LISTED]
    ]  # fmt: skip
    st.html(html_table(head, lines, cls="pw-stack", alt=screen.say("accounts.workbook")))
    if good and st.button(screen.say("accounts.workbook_go", n=len(good)), type="primary", key="accounts-import"):
        made = people.take_in(screen.house, screen.person, rows)
        told = [dict(r.values) | {"password": first} for r, first in made]
        st.session_state["accounts-made"] = (
            len(made),
            people.workbook(told, screen.person, screen.language, passwords=True),
        )
        st.session_state["accounts-files"] = st.session_state.get("accounts-files", 0) + 1
        st.rerun()


def _passwords(screen: Screen) -> None:
    if made := st.session_state.get("accounts-made"):
        with st.container(key="card-accounts-made"):
            st.html(blocks.note(screen.say("accounts.workbook_made", n=made[0]), "warn"))
            st.download_button(screen.say("accounts.workbook_get"), made[1], key="accounts-passwords", mime=XLSX, icon=":material/key:",
                               file_name=f"{screen.say('accounts.workbook_get')}.xlsx", on_click="ignore")  # fmt: skip
