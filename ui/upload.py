"""The parts of 数据上报, in the order of the page: choose → check → what was found → mend → commit → done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import cycle
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.domain import Record
from pilotwatch.intake import template
from pilotwatch.intake.model import Checked, Context, Sheet
from pilotwatch.intake.own import OWN_SHEETS
from pilotwatch.intake.rules import RULES
from pilotwatch.store import BatchLine, Difference
from ui import blocks, work
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen
from ui.work import Work

AUTO = "auto"
SEVERITIES = ("error", "warning")


def records(screen: Screen) -> list[type[Record]]:
    """The records the person may hand in: those of the own domains, then the shared ones."""
    return [*(r for d in screen.domains for r in d.records), *screen.house.registry.shared]


# --- choose --------------------------------------------------------------------------------------------------------


def choose(screen: Screen) -> Work | None:
    """The dataset and the file; a new file is taken in and its check begun."""
    titles = dataset_titles(screen)
    with st.container(key="card-choose"):
        st.html(blocks.heading(screen.say("upload.title"), screen.say("upload.lead")))
        left, right = st.columns([7, 4], gap="medium")
        with left:
            dataset = st.selectbox(
                screen.say("upload.dataset"), [AUTO, *titles], key="upload-dataset",
                format_func=lambda d: titles.get(d, screen.say("upload.auto")),
            )  # fmt: skip
            number = st.session_state.setdefault("upload-number", 0)
            file = st.file_uploader(
                screen.say("upload.file"), key=f"upload-file-{number}", label_visibility="collapsed",
                max_upload_size=screen.house.settings.max_upload_mb, on_change=_file_changed,
            )  # fmt: skip
        with right:
            _template(screen, titles, dataset)
    current: Work | None = st.session_state.get("work")
    if file is None:
        return current
    asked = (file.file_id, dataset)
    if st.session_state.get("work-of") != asked:
        if current and current.job:
            current.job.cancel()
        current = Work.of(screen.house, screen.desk, file.name, file, dataset, screen.language)
        current.check()
        st.session_state["work"], st.session_state["work-of"] = current, asked
    return current


def dataset_titles(screen: Screen) -> dict[str, str]:
    """The datasets of the person with their titles, said with their domain."""
    shared = screen.say("word.shared")
    found = {}
    for record in records(screen):
        domain = screen.house.registry.domain_of(record.spec.dataset)
        found[record.spec.dataset] = (
            f"{screen.pick(record.spec.title)} · {screen.pick(domain.title) if domain else shared}"
        )
    return found


def _template(screen: Screen, titles: dict[str, str], dataset: str) -> None:
    st.html(
        tag("div", tag("b", screen.say("upload.template")), tag("p", screen.say("upload.template_hint"), cls="pw-note"))
    )
    if dataset == AUTO:
        dataset = st.selectbox(screen.say("upload.template_for"), list(titles), key="template-of", format_func=titles.get,
                               label_visibility="collapsed")  # fmt: skip
    template_button(screen, dataset, key="template-get")


def template_button(screen: Screen, dataset: str, key: str) -> None:
    """Downloads the template of a dataset; it is made when asked for."""
    record = screen.house.registry.dataset(dataset)
    st.download_button(
        screen.say("upload.template_get"), lambda: template.write(record, screen.language), key=key, on_click="ignore",
        file_name=f"{screen.pick(record.spec.title)}.xlsx", mime=XLSX, icon=":material/download:", width="stretch",
    )  # fmt: skip


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file_changed() -> None:
    """A file that is taken off the page is forgotten; one that only left with its page is not."""
    if st.session_state[f"upload-file-{st.session_state['upload-number']}"] is None:
        start_anew()


def start_anew() -> None:
    """Forgets the file, so that another one can be dropped."""
    current: Work | None = st.session_state.pop("work", None)
    if current and current.job:
        current.job.cancel()
    st.session_state.pop("work-of", None)
    st.session_state["upload-number"] = st.session_state.get("upload-number", 0) + 1


# --- under way -----------------------------------------------------------------------------------------------------


@st.fragment(run_every=0.5)
def progress(screen: Screen, current: Work) -> None:
    """How far a job is, with a way to cancel."""
    job = current.job
    if job is None or job.done:
        st.rerun()
    with st.container(key="card-progress"):
        key = "upload.storing" if current.upload else "upload.checking"
        st.html(blocks.heading(screen.say(key, file=current.name)))
        step = screen.say("upload.step", step=job.step, share=round(100 * job.share))
        st.progress(job.share, screen.say("upload.cancelling") if job.cancelling else step)
        st.button(screen.say("upload.cancel"), key="upload-cancel", on_click=job.cancel, disabled=job.cancelling)


def told(screen: Screen, current: Work) -> None:
    """What a refused or cancelled job has to say."""
    if current.refusal:
        body = join([tag("b", screen.say("upload.refused")), tag("br"), screen.pick(current.refusal)])
        st.html(blocks.note(body, "bad"))
    if current.cancelled:
        st.html(blocks.note(screen.say("upload.cancelled"), "warn"))
    if current.upload is None:
        with st.container(horizontal=True):
            if current.cancelled:
                st.button(screen.say("upload.again"), key="check-again", on_click=current.check)
            st.button(screen.say("upload.other_file"), key="other-file", on_click=start_anew)


# --- what was found ------------------------------------------------------------------------------------------------


def found(screen: Screen, current: Work) -> None:
    """The figures of the check, then each table: what it was taken for and what it would change."""
    upload = current.upload
    with st.container(key="card-found"):
        st.html(blocks.heading(screen.say("upload.result"), upload.file))
        _known(screen, current)
        left, rows = upload.rows_read - upload.rows_ready, screen.say("upload.rows")
        ready = screen.say("upload.left_note", n=f"{left:,}") if left else screen.say("upload.all_good")
        st.html(
            blocks.tiles(
                blocks.tile(screen.say("upload.read"), f"{upload.rows_read:,}", rows,
                            [screen.say("upload.tables_n", n=len(upload.tables))]),
                blocks.tile(screen.say("upload.ready"), f"{upload.rows_ready:,}", rows, [ready], cls="" if left else "pw-good"),
                blocks.tile(screen.say("upload.errors"), f"{upload.errors:,}", screen.say("upload.places"),
                            [screen.say("upload.errors_note")] if upload.errors else [], cls="pw-bad" if upload.errors else ""),
                blocks.tile(screen.say("upload.warnings"), f"{upload.warnings:,}", screen.say("upload.places"),
                            [screen.say("upload.warnings_note")] if upload.warnings else [],
                            cls="pw-warn" if upload.warnings else ""),
            )
        )  # fmt: skip
        if upload.tables:
            head = [screen.say(f"upload.{n}") for n in (
                "table", "recognised", "header", "context", "read", "ready", "errors", "warnings", "new", "changed",
                "unchanged", "missing")]  # fmt: skip
            lines = [_table_line(screen, t, d) for t, d in zip(upload.tables, upload.differences, strict=True)]
            st.html(html_table(head, lines, numeric=range(4, 12), cls="pw-stack", alt=screen.say("upload.result")))
        if any(d.missing for d in upload.differences):
            st.html(blocks.note(screen.say("upload.missing_note")))
        for ignored in upload.ignored:
            sheet = ignored.sheet or upload.file
            st.html(blocks.note(screen.say("upload.ignored", sheet=sheet, reason=ignored.reason)))


def _known(screen: Screen, current: Work) -> None:
    """Says so where this very file was handed in before."""
    sha256 = current.upload.workbook.sha256
    before = next((b for b in screen.desk.batches(limit=50) if b.sha256 == sha256 and b.status == "standing"), None)
    if before:
        said = screen.say("upload.known", at=blocks.moment(before.at), by=before.by_name, batch=before.id)
        st.html(blocks.note(said, "warn"))


def _table_line(screen: Screen, table: Checked, difference: Difference) -> list[object]:
    rows = "–".join(str(r) for r in sorted({table.table.header_rows[0], table.table.header_rows[-1]}))
    counts = (len(table.good), int(table.good.sum()), table.errors, table.warnings,
              int(difference.new.sum()), int(difference.changed.sum()), int(difference.unchanged.sum()), difference.missing)  # fmt: skip
    return [
        tag("b", table.table.sheet.name or screen.say("upload.csv")), screen.pick(table.table.record.spec.title),
        tag("span", screen.say("upload.header_row", rows=rows), cls="pw-nowrap"),
        tag("span", _context(screen, table.table.context), cls="pw-dim"), *(f"{n:,}" for n in counts),
    ]  # fmt: skip


def _context(screen: Screen, context: Context) -> str:
    said = [
        screen.say(f"upload.{name}", value=str(value))
        for name in ("reporter", "as_of", "unit", "crs")
        if (value := getattr(context, name))
    ]
    return " · ".join(said) or "—"


# --- columns -------------------------------------------------------------------------------------------------------


def columns(screen: Screen, current: Work) -> None:
    """Which column was taken for which field; what the user corrects is checked again and remembered."""
    upload = current.upload
    unread = [s for s in upload.workbook.sheets if s.name in {i.sheet for i in upload.ignored if not i.hidden}]
    unread = [s for s in unread if s.name not in OWN_SHEETS and s.height and s.width]
    if not upload.tables and not unread:
        return
    with st.expander(screen.say("upload.columns"), expanded=not upload.tables):
        if upload.tables:
            st.html(blocks.note(screen.say("upload.columns_help")))
        for i, table in enumerate(upload.tables):
            _columns_of(screen, current, table, f"columns-{i}-{id(upload)}")
        for i, sheet in enumerate(unread):
            _unread(screen, current, sheet, f"unread-{i}-{id(upload)}", wanted=not upload.tables)


def _unread(screen: Screen, current: Work, sheet: Sheet, key: str, *, wanted: bool) -> None:
    """A sheet that was not recognised: the user may say what it is, column by column."""
    name = sheet.name or screen.say("upload.csv")
    if not st.checkbox(screen.say("upload.unread", sheet=name), key=key, value=wanted):
        return
    titles = dataset_titles(screen)
    known = current.dataset if current.dataset in titles else None
    dataset = st.selectbox(screen.say("upload.dataset"), list(titles), key=f"{key}-dataset", format_func=titles.get,
                           index=list(titles).index(known) if known else None, width=420,
                           placeholder=screen.say("upload.unread_choose"))  # fmt: skip
    if dataset is None:
        return
    record, kept = screen.house.registry.dataset(dataset), screen.say("upload.not_stored")
    fields = {screen.pick(c.title): c.name for c in record.columns()}
    texts = [[t for t in sheet.cells.column(i).slice(0, 200).to_pylist() if t] for i in range(sheet.width)]
    filled = [i for i, column in enumerate(texts) if column]
    frame = pd.DataFrame(
        {
            "letter": [_letter(i) for i in filled],
            "first": [" ｜ ".join(" ".join(t.split()) for t in texts[i][:4]) for i in filled],
            "field": [kept] * len(filled),
        }
    )
    edited = st.data_editor(
        frame, key=f"{key}-{dataset}", hide_index=True, disabled=["letter", "first"],
        column_config={
            "letter": st.column_config.TextColumn(screen.say("upload.letter"), width=60),
            "first": st.column_config.TextColumn(screen.say("upload.first"), width="large"),
            "field": st.column_config.SelectboxColumn(screen.say("upload.field"), options=[kept, *fields], required=True),
        },
    )  # fmt: skip
    said = {filled[i]: fields[title] for i, title in enumerate(edited["field"]) if title in fields}
    st.button(screen.say("upload.remap"), key=f"{key}-do", disabled=not said, on_click=_remap,
              args=(current, sheet.name, said, dataset))  # fmt: skip


def _letter(index: int) -> str:
    """The column as a spreadsheet calls it: 0 → A, 26 → AA."""
    letters = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        letters, index = chr(65 + rest) + letters, index - 1
    return letters


def _columns_of(screen: Screen, current: Work, table: Checked, key: str) -> None:
    shown = [c for c in table.table.columns if c.header]
    sheet = table.table.sheet
    counts = {"known": sum(c.field is not None for c in shown), "extra": sum(c.field is None for c in shown)}
    st.html(tag("b", screen.say("upload.columns_note", sheet=sheet.name or screen.say("upload.csv"), **counts)))
    if table.table.missing_fields:
        lacks = screen.listed([screen.pick(table.table.record.column(f).title) for f in table.table.missing_fields])
        st.html(blocks.note(screen.say("upload.lacks", fields=lacks), "bad"))
    kept = screen.say("upload.not_stored")
    fields = {c.name: screen.pick(c.title) for c in table.table.record.columns()}
    first = int(table.table.rows[0]) if len(table.table.rows) else None
    frame = pd.DataFrame(
        {
            "column": [" ".join(c.header.split()) for c in shown],
            "example": [_cell(sheet, first, c.index) for c in shown],
            "field": [fields.get(c.field, kept) for c in shown],
            "how": [screen.say(f"upload.how_{c.how or 'kept'}") for c in shown],
        }
    )
    edited = st.data_editor(
        frame, key=key, hide_index=True, disabled=["column", "example", "how"], height=min(420, 38 + 35 * len(frame)),
        column_config={
            **{n: st.column_config.TextColumn(screen.say(f"upload.{n}")) for n in ("column", "example", "how")},
            "field": st.column_config.SelectboxColumn(
                screen.say("upload.field"), options=[kept, *fields.values()], required=True
            ),
        },
    )  # fmt: skip
    names = {title: name for name, title in fields.items()}
    changed = {
        shown[i].index: names.get(new)
        for i, (old, new) in enumerate(zip(frame["field"], edited["field"], strict=True))
        if old != new
    }
    twice = [
        t
        for t, n in Counter(edited["field"]).items()
        if n > 1
        and t in set(frame.loc[edited["field"] != frame["field"], "field"]) | {fields.get(f) for f in changed.values()}
    ]
    for title in twice:
        if title != kept and not _takes_several(table, names.get(title)):
            st.html(blocks.note(screen.say("upload.twice", field=title), "warn"))
    st.button(
        screen.say("upload.remap"),
        key=f"{key}-do",
        disabled=not changed,
        on_click=_remap,
        args=(current, sheet.name, changed),
    )


def _takes_several(table: Checked, field: str | None) -> bool:
    """Whether several columns may give the field: those of lists."""
    return field is not None and table.table.record.column(field).kind in ("texts", "choices", "departments")


def _remap(current: Work, sheet: str | None, fields: dict[int, str | None], dataset: str | None = None) -> None:
    current.dataset = dataset or current.dataset
    current.remap(sheet, fields)
    current.check()


def _cell(sheet: Any, row: int | None, index: int) -> str:
    return (sheet.cells.column(index)[row - 1].as_py() or "") if row else ""


# --- findings ------------------------------------------------------------------------------------------------------


def findings(screen: Screen, current: Work) -> None:
    """What is wrong: grouped by rule, then one by one, then to be mended here."""
    upload = current.upload
    if not upload.tables:
        return
    with st.container(key="card-findings"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.html(blocks.heading(screen.say("upload.findings")), width="content")
            if upload.errors or upload.warnings:
                return_button(screen, current)
        if not (upload.errors or upload.warnings):
            st.html(blocks.note(screen.say("upload.findings_none"), "good"))
        else:
            st.html(_groups(screen, current))
            _mend(screen, current)
            with st.expander(screen.say("upload.list")):
                _list(screen, current)
        if current.edits:
            _mended(screen, current)


def return_button(screen: Screen, current: Work) -> None:
    stem = current.upload.file.rpartition(".")[0] or current.upload.file
    st.download_button(
        screen.say("upload.return"), current.return_workbook, key="return-get", on_click="ignore", mime=XLSX,
        file_name=screen.say("upload.return_name", file=stem), icon=":material/assignment_return:",
        help=screen.say("upload.return_help"),
    )  # fmt: skip


def _groups(screen: Screen, current: Work) -> Html:
    head = [screen.say(f"upload.{n}") for n in ("severity", "rule", "column", "count", "at_rows", "one_example")]
    several = len(current.upload.tables) > 1
    rows = []
    for table, line in current.upload.summary():
        at = screen.listed([str(f.row) for f in line.examples])
        column = " ".join((line.column or "").split()) or (
            screen.pick(table.table.record.column(line.field).title) if line.field else ""
        )
        rows.append(
            [
                severity_cell(screen, line.severity), tag("b", screen.pick(line.title)),
                join([column, tag("small", table.table.sheet.name) if several else None]),
                f"{line.count:,}", screen.say("upload.rows_and_more", rows=at) if line.count > len(line.examples) else at,
                screen.pick(line.examples[0].message),
            ]
        )  # fmt: skip
    return html_table(head, rows, numeric=(3,), wide=(4,), cls="pw-stack", alt=screen.say("upload.findings"))


def severity_cell(screen: Screen, severity: str) -> Html:
    return tag("span", screen.say(f"upload.{severity}"), cls=f"pw-level pw-{severity}")


def _mend(screen: Screen, current: Work) -> None:
    """The failed cells, to be written anew; what is written is checked by the same code as a file."""
    frame, places = work.mendable(current.upload, screen.language)
    if not places:
        return
    with st.expander(screen.say("upload.mend"), expanded=current.upload.errors > 0):
        st.html(blocks.note(screen.say("upload.mend_help")))
        if len(places) == work.EDITED:
            st.html(blocks.note(screen.say("upload.mend_more", n=work.EDITED)))
        several = frame["sheet"].nunique() > 1
        shown = [*(["sheet"] if several else []), "row", "subject", "column", "value", "mended", "expected"]
        frame["mended"] = frame["mended"].astype("str").where(frame["mended"].notna(), None)
        edited = st.data_editor(
            frame[shown], key=f"mend-{id(current.upload)}", hide_index=True, disabled=[n for n in shown if n != "mended"], placeholder="",
            height=min(460, 38 + 35 * len(frame)), row_height=35,
            column_config={
                "row": st.column_config.NumberColumn(screen.say("upload.row"), width=60),
                "sheet": st.column_config.TextColumn(screen.say("upload.table"), width="small"),
                "mended": st.column_config.TextColumn(screen.say("upload.mended"), width="medium"),
                "expected": st.column_config.TextColumn(screen.say("upload.expected"), width="large"),
                **{n: st.column_config.TextColumn(screen.say(f"upload.{n}")) for n in ("subject", "column", "value")},
            },
        )  # fmt: skip
        new = {places[i]: text.strip() or None for i, text in enumerate(edited["mended"]) if isinstance(text, str)}
        st.button(screen.say("upload.mend_check"), key="mend-check", type="primary", icon=":material/refresh:",
                  disabled=not new, help=None if new else screen.say("upload.mend_none"), on_click=_check_mended,
                  args=(current, new))  # fmt: skip


def _check_mended(current: Work, new: dict[tuple[str | None, int, int], str | None]) -> None:
    current.say(new)
    current.check()


def _mended(screen: Screen, current: Work) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(blocks.note(screen.say("upload.mended_n", n=len(current.edits))), width="content")
        st.download_button(screen.say("upload.mended_get"), current.upload.path.read_bytes, key="mended-get", mime=XLSX,
                           file_name=current.upload.file, on_click="ignore", type="tertiary", icon=":material/download:")  # fmt: skip
        st.button(screen.say("upload.mended_undo"), key="mended-undo", type="tertiary", icon=":material/undo:",
                  on_click=_undo_mended, args=(current,))  # fmt: skip


def _undo_mended(current: Work) -> None:
    current.edits.clear()
    current.check()


def _list(screen: Screen, current: Work) -> None:
    upload = current.upload
    everything = screen.say("upload.all")
    with st.container(horizontal=True, vertical_alignment="center"):
        severity = st.segmented_control(
            screen.say("upload.severity"), ["", *SEVERITIES], default="", key="list-severity", required=True,
            label_visibility="collapsed", format_func=lambda s: screen.say(f"upload.{s}") if s else everything,
        )  # fmt: skip
        rules = list(dict.fromkeys(line.rule for _, line in upload.summary() if severity in ("", line.severity)))
        rule = st.selectbox(
            screen.say("upload.rule"), ["", *rules], key="list-rule", label_visibility="collapsed", width=220,
            format_func=lambda r: screen.pick(RULES[r].title) if r else screen.say("upload.all_rules"),
        )  # fmt: skip
        sheets = [t.table.sheet.name for t in upload.tables]
        sheet = None
        if len(set(sheets)) > 1:
            sheet = st.selectbox(
                screen.say("upload.table"), [None, *dict.fromkeys(sheets)], key="list-sheet", width=220,
                label_visibility="collapsed", format_func=lambda s: s or screen.say("upload.all_sheets"),
            )  # fmt: skip
    frame, total = work.listed(upload, screen.language, severity=severity or None, rule=rule or None, sheet=sheet)
    if total > len(frame):
        st.html(blocks.note(screen.say("upload.listed", n=f"{len(frame):,}", total=f"{total:,}")))
    frame["severity"] = frame["severity"].map(lambda s: screen.say(f"upload.{s}"))
    names = {"severity": "severity", "sheet": "table", "row": "row", "column": "column", "value": "value",
             "expected": "expected", "message": "message"}  # fmt: skip
    st.dataframe(
        frame[list(names)], hide_index=True, height=min(420, 38 + 35 * max(1, len(frame))), alt=screen.say("upload.list"),
        column_config={n: st.column_config.Column(screen.say(f"upload.{k}")) for n, k in names.items()}
        | {"message": st.column_config.TextColumn(screen.say("upload.message"), width="large")},
    )  # fmt: skip


# --- commit --------------------------------------------------------------------------------------------------------


def commit(screen: Screen, current: Work) -> None:
    """All rows or none; or, where it is chosen in so many words, the good rows. Notes want an explanation first."""
    upload = current.upload
    if not upload.tables:
        st.html(blocks.note(screen.pick(upload.refusal().message), "bad"))
        return
    left = upload.rows_read - upload.rows_ready
    with st.container(key="card-commit"):
        st.html(blocks.heading(screen.say("upload.commit"), screen.say("upload.atomic")))
        if not upload.rows_ready:
            st.html(blocks.note(screen.say("upload.no_rows"), "bad"))
            return
        if not left and not any(d.new.any() or d.changed.any() for d in upload.differences):
            st.html(blocks.note(screen.say("upload.nothing_to_do"), "good"))
            return
        said = _explanations(screen, current)
        silent = sum(not words.strip() for words in said.values())
        if silent:
            st.html(blocks.note(screen.say("upload.explain_missing", n=silent), "warn"))
        good_rows = False
        if left:
            st.html(blocks.note(screen.say("upload.commit_blocked", n=f"{left:,}"), "bad"))
            good_rows = st.checkbox(
                screen.say("upload.good_choice", ready=f"{upload.rows_ready:,}", left=f"{left:,}"), key="good-rows"
            )
        key = "upload.commit_good" if left else "upload.commit_all"
        st.button(
            screen.say(key, n=f"{upload.rows_ready:,}"), key="commit", type="primary", icon=":material/check:",
            disabled=bool(silent) or (left > 0 and not good_rows), on_click=current.store, args=(good_rows, said),
        )  # fmt: skip


def _explanations(screen: Screen, current: Work) -> dict[str, str]:
    """What the team says to its notes, by rule."""
    counts: Counter[str] = Counter()
    for _, line in current.upload.summary():
        if line.severity == "warning":
            counts[line.rule] += line.count
    if counts:
        st.html(blocks.note(screen.say("upload.explain")))
    said = {}
    for column, (rule, n) in zip(cycle(st.columns(2)), counts.items(), strict=False):
        said[rule] = column.text_input(
            screen.say("upload.explain_rule", rule=RULES[rule].title, n=f"{n:,}"), key=f"explain-{rule}",
            placeholder=screen.say("upload.explain_hint"), max_chars=500,
        )  # fmt: skip
    return said


# --- done ----------------------------------------------------------------------------------------------------------


def done(screen: Screen, current: Work) -> None:
    """What became of the file, and where to see it."""
    batch = current.batch
    with st.container(key="card-done"):
        title = screen.say("upload.done" if batch.id else "upload.unchanged_title")
        number = tag("p", screen.say("upload.batch"), " ", tag("code", batch.id), cls="pw-note") if batch.id else None
        st.html(join([blocks.heading(title, batch.file), blocks.note(screen.pick(batch.message), "good"), number]))
        with st.container(horizontal=True):
            if batch.id and st.button(screen.say("upload.to_map"), key="to-map", type="primary", icon=":material/map:"):
                _show_on_map(screen, batch)
            if batch.left_out:
                return_button(screen, current)
            st.button(screen.say("upload.next"), key="next", on_click=start_anew)


def _show_on_map(screen: Screen, batch: BatchLine) -> None:
    """Turns to the overview of what the batch is about: its domain, and its unit where it is but one."""
    owners = {o.name for d in batch.datasets if (o := screen.house.registry.domain_of(d))}
    st.session_state["look-at"] = {
        "domain": owners.pop() if len(owners) == 1 else None, "unit": batch.units[0] if len(batch.units) == 1 else None
    }  # fmt: skip
    screen.go("overview")


#: What is shown of a file, however it stands.
PARTS: dict[work.State, tuple[Callable[[Screen, Work], None], ...]] = {
    "under_way": (progress,),
    "refused": (told,),
    "checked": (told, found, columns, findings, commit),
    "stored": (done,),
}
