"""What was handed in: the list of batches, and of a chosen one its details, its file, and the way to withdraw it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from pilotwatch import intake
from pilotwatch.intake import returned
from pilotwatch.store import BatchLine, StoreRefused
from pilotwatch.workdays import BEIJING
from ui import blocks, paper, taking
from ui.approvals import returns
from ui.html import table as html_table
from ui.html import tag
from ui.overview import datasets_of
from ui.screen import Screen
from ui.upload import XLSX, severity_cell

SHOWN = 50


def history(screen: Screen) -> None:
    """The newest batches; a chosen one is told below."""
    lines = screen.desk.batches(limit=SHOWN)
    with st.container(key="card-history"):
        st.html(blocks.heading(screen.say("upload.history"), screen.say("upload.history_hint") if lines else None))
        if said := st.session_state.pop("withdrawn", None):
            st.html(blocks.note(screen.say("upload.withdrawn", file=said), "good"))
        if not lines:
            st.html(blocks.note(screen.say("upload.history_none")))
            return
        chosen = st.dataframe(
            _frame(screen, lines), hide_index=True, height=min(400, 38 + 35 * len(lines)), on_select="rerun",
            selection_mode="single-row", key=f"history-{screen.language}", alt=screen.say("upload.history"),
        ).selection.rows  # fmt: skip
        paper.whole(screen, _frame(screen, lines), screen.say("upload.history"))
        if chosen and chosen[0] < len(lines):
            _detail(screen, lines[chosen[0]])


def _frame(screen: Screen, lines: list[BatchLine]) -> pd.DataFrame:
    say = screen.say
    return pd.DataFrame(
        {
            say("upload.at"): [blocks.moment(b.at) for b in lines],
            say("upload.file_name"): [b.file for b in lines],
            say("upload.dataset"): [datasets_of(screen, b) for b in lines],
            say("upload.by"): [b.by_name for b in lines],
            **{say(f"upload.{n}"): [b.total(n) for b in lines] for n in ("new", "changed", "unchanged")},
            say("upload.left_out"): [b.left_out for b in lines],
            say("upload.status"): [say(f"upload.status_{b.status}") for b in lines],
        }
    )


def _detail(screen: Screen, batch: BatchLine) -> None:
    st.html(tag("p", screen.say("upload.batch"), " ", tag("code", batch.id), cls="pw-note"))
    if batch.status == "withdrawn":
        said = screen.say(
            "upload.batch_withdrawn", by=batch.withdrawn_by, at=blocks.moment(batch.withdrawn_at), reason=batch.reason
        )
        st.html(blocks.note(said, "warn"))
    head = [
        screen.say(f"upload.{n}")
        for n in ("table", "dataset", "read", "ready", "errors", "warnings", "new", "changed", "unchanged", "missing")
    ]
    rows = [
        [
            t.sheet or screen.say("upload.csv"), screen.pick(screen.house.registry.dataset(t.dataset).spec.title),
            *(f"{n:,}" for n in (t.rows_read, t.rows_ready, t.errors, t.warnings, t.new, t.changed, t.unchanged, t.missing)),
        ]
        for t in batch.tables
    ]  # fmt: skip
    st.html(html_table(head, rows, numeric=range(2, 10), cls="pw-stack", alt=batch.file))
    if batch.units:
        st.html(blocks.note(f"{screen.say('upload.units')}：{screen.listed([screen.unit(u) for u in batch.units])}"))
    _explained(screen, batch)
    said = returns.said(screen, batch) if batch.status == "standing" else []
    for one in said:
        st.html(blocks.note(one, "warn"))
    with st.container(horizontal=True, vertical_alignment="center"):
        _files(screen, batch, said)
        if batch.status == "standing":
            st.button(
                screen.say("upload.withdraw"), key="withdraw", icon=":material/undo:", on_click=_ask, args=(batch.id,)
            )
    if st.session_state.get("withdrawing") == batch.id:
        _withdraw(screen, batch)


def _explained(screen: Screen, batch: BatchLine) -> None:
    """The notes the batch was committed with and what was said of them, and the rows that were left out."""
    found = screen.desk.findings(batch.id)
    if found.empty:
        return
    with st.expander(screen.say("upload.explained")):
        head = [screen.say(f"upload.{n}") for n in ("severity", "table", "row", "message", "explanation")]
        message = f"message_{screen.language}"
        rows = [
            [severity_cell(screen, f["severity"]), f["sheet"] or "", f["row"], f[message], f["explanation"] or "—"]
            for f in found.head(200).fillna({"sheet": "", "explanation": ""}).to_dict("records")
        ]
        st.html(html_table(head, rows, numeric=(2,), cls="pw-stack", alt=screen.say("upload.explained")))


def _files(screen: Screen, batch: BatchLine, said: list[str]) -> None:
    try:
        kept = screen.desk.file_of(batch.id)
    except StoreRefused as no:
        st.html(blocks.note(screen.pick(no.message)), width="content")
        return
    if kept is None:
        st.html(blocks.note(screen.say("upload.no_file")), width="content")
        return
    name, path = kept
    st.download_button(screen.say("upload.original"), lambda: taking.original(screen, batch, path), file_name=name, key="original-get",
                       on_click="ignore", icon=":material/download:")  # fmt: skip
    if said or batch.total("errors") or batch.total("warnings"):
        stem = name.rpartition(".")[0] or name
        st.download_button(
            screen.say("upload.return"), lambda: _return_workbook(screen, batch, name, path, said), key="batch-return-get",
            file_name=screen.say("upload.return_name", file=stem), mime=XLSX, on_click="ignore",
            icon=":material/assignment_return:", help=screen.say("upload.return_help"),
        )  # fmt: skip


def _return_workbook(screen: Screen, batch: BatchLine, name: str, path: Path, said: list[str]) -> bytes:
    """The kept file, checked again as of the day it came, with what was said when its figures were returned."""
    taking.noted(screen, "export.return", batch)
    upload = intake.prepare(
        screen.desk, path, name, registry=screen.house.registry, places=screen.house.places, remember=False,
        on=batch.at.astimezone(BEIJING).date(),
    )  # fmt: skip
    return returned.write(path, upload.tables, screen.language, name, remarks=said)


def _ask(batch_id: str) -> None:
    st.session_state["withdrawing"] = batch_id


def _withdraw(screen: Screen, batch: BatchLine) -> None:
    """Asks for the reason, then takes the batch back."""

    @st.dialog(screen.say("upload.withdraw_title"), on_dismiss=_ask_no_more)
    def ask() -> None:
        st.html(blocks.note(screen.say("upload.withdraw_what", file=batch.file, rows=f"{batch.rows:,}"), "warn"))
        reason = st.text_input(screen.say("upload.withdraw_reason"), key="withdraw-reason", max_chars=500,
                               placeholder=screen.say("upload.withdraw_hint"))  # fmt: skip
        with st.container(horizontal=True):
            go = st.button(screen.say("upload.withdraw_do"), key="withdraw-do", type="primary")
            keep = st.button(screen.say("upload.withdraw_keep"), key="withdraw-keep")
        if go:
            try:
                screen.desk.withdraw(batch.id, reason)
            except StoreRefused as no:
                st.html(blocks.note(screen.pick(no.message), "bad"))
                return
            st.session_state["withdrawn"] = batch.file
        if go or keep:
            _ask_no_more()
            st.rerun()

    ask()


def _ask_no_more() -> None:
    st.session_state.pop("withdrawing", None)
