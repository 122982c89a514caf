"""An upload under way, kept in the session: the file, what the user said of it, and how it stands.

arrived → (checking) → checked → (mended → checking → checked)* → (storing) → stored
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pandas as pd

from pilotwatch import intake
from pilotwatch.domain import Language, Text
from pilotwatch.intake import FileRefused, Upload, UploadRefused, mend, returned
from pilotwatch.intake.findings import Findings
from pilotwatch.intake.model import Checked, Finding
from pilotwatch.store import BatchLine, Desk, StoreRefused
from pilotwatch.workspace import Workspace
from ui.jobs import Job, Progress

Refused = (FileRefused, UploadRefused, StoreRefused)
Mapped = dict[str, dict[int, str | None]]  # sheet ("" for a CSV) → 0-based column → field
CSV_SHEET = "表"  # what the only sheet of a mended CSV is called
State = Literal["under_way", "refused", "checked", "stored"]
AT_ONCE = 0.8  # seconds a small file has to be done in, before progress is shown
LISTED = 2000  # findings that a page lists; the return workbook has them all
EDITED = 300  # cells that a page offers to mend at once


@dataclass
class Work:
    """One file on its way. `edits` are always about the file as it came (`original`)."""

    desk: Desk
    house: Workspace
    name: str
    dataset: str
    folder: TemporaryDirectory
    original: Path
    language: Language = "zh"
    mapping: Mapped = field(default_factory=dict)
    edits: dict[tuple[str | None, int, int], str | None] = field(default_factory=dict)
    job: Job[Any] | None = None
    upload: Upload | None = None
    batch: BatchLine | None = None
    refusal: Text | None = None
    cancelled: bool = False

    @classmethod
    def of(cls, house: Workspace, desk: Desk, name: str, content: Any, dataset: str, language: Language) -> Work:
        """Takes the bytes of a file (a file-like object) in; they are gone when the session is."""
        folder = TemporaryDirectory(prefix="pilotwatch-")
        path = Path(folder.name) / "original"
        with path.open("wb") as target:
            shutil.copyfileobj(content, target)
        return cls(desk, house, name, dataset, folder, path, language)

    @property
    def state(self) -> State:
        """How it stands now; a job that is done by now, or within the blink of an eye, is settled first."""
        if self.job and self.job.wait(AT_ONCE):
            self.settle()
        if self.job:
            return "under_way"
        return "stored" if self.batch else "checked" if self.upload else "refused"

    # --- checking ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Reads and checks the file, with what the user said of it so far."""
        self.upload, self.refusal, self.cancelled = None, None, False
        self.job = Job(self._check, "check")

    def _check(self, progress: Progress) -> Upload:
        path, name = self.original, self.name
        if self.edits:
            name = mend.name_of(self.name, self.language)
            path = Path(self.folder.name) / "mended.xlsx"
            path.write_bytes(mend.write(self.original, self.edits, self.name, self.language))
        mapping = self.mapping | ({CSV_SHEET: self.mapping[""]} if "" in self.mapping else {})
        return intake.prepare(
            self.desk, path, name, registry=self.house.registry, places=self.house.places, dataset=self.dataset,
            mapping=mapping or None, progress=progress,
        )  # fmt: skip

    def store(self, good_rows: bool, explanations: Mapping[str, str]) -> None:
        """Stores the checked upload as one batch."""
        assert self.upload is not None  # noqa: S101 - the page offers it for a checked upload only
        self.refusal, self.cancelled = None, False
        said = {rule: words.strip() for rule, words in explanations.items() if words.strip()}
        self.job = Job(partial(self._store, self.upload, good_rows, said), "store")

    def _store(self, upload: Upload, good_rows: bool, said: dict[str, str], progress: Progress) -> BatchLine:
        return upload.commit(good_rows, said or None, progress)

    def settle(self) -> None:
        """Takes over what a finished job brought. What nobody foresaw is raised."""
        job, self.job = self.job, None
        if job is None:
            return
        if isinstance(job.error, Refused):
            self.refusal = job.error.message
        elif job.error is not None:
            raise job.error
        elif job.cancelled:
            self.cancelled = True
        elif isinstance(job.result, Upload):
            self.upload = job.result
        else:
            self.batch = job.result

    # --- mending -----------------------------------------------------------------------------------------------

    def say(self, mended: Mapping[tuple[str | None, int, int], str | None]) -> None:
        """Takes over cells mended on the page, about the sheets as the original calls them."""
        for (sheet, row, column), text in mended.items():
            self.edits[self._as_came(sheet), row, column] = text

    def remap(self, sheet: str | None, fields: Mapping[int, str | None]) -> None:
        """What the user says the columns of a sheet are."""
        self.mapping.setdefault(self._as_came(sheet) or "", {}).update(fields)

    def _as_came(self, sheet: str | None) -> str | None:
        return None if self.edits and sheet == CSV_SHEET and self._is_csv() else sheet

    def _is_csv(self) -> bool:
        return not self.original.read_bytes()[:4].startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))

    def return_workbook(self) -> bytes:
        """The file with what is wrong in it marked."""
        assert self.upload is not None  # noqa: S101
        return returned.write(self.upload.path, self.upload.tables, self.language, self.upload.file)


# --- findings as tables --------------------------------------------------------------------------------------------


def pick(table: Checked, *, severity: str | None = None, rule: str | None = None) -> Findings:
    """The findings of one severity, of one rule."""
    findings = table.findings
    groups = [g for g in findings.groups if severity in (None, g.severity) and rule in (None, g.rule)]
    return Findings(table.table.sheet, groups)


def listed(upload: Upload, language: Language, *, severity: str | None = None, rule: str | None = None,
           sheet: str | None = None, most: int = LISTED) -> tuple[pd.DataFrame, int]:  # fmt: skip
    """The findings of a choice as a table, at most so many; and how many there are."""
    chosen = [(t, pick(t, severity=severity, rule=rule)) for t in upload.tables if sheet in (None, t.table.sheet.name)]
    rows = []
    for table, findings in chosen:
        rows += [_row(table, f, language) for f in findings[: most - len(rows)]]
    columns = ["severity", "sheet", "row", "column", "value", "expected", "message", "rule"]
    return pd.DataFrame(rows, columns=columns), sum(len(f) for _, f in chosen)


def _row(table: Checked, finding: Finding, language: Language) -> dict[str, Any]:
    return {
        "severity": finding.severity, "sheet": finding.sheet or "", "row": finding.row,
        "column": _one_line(finding.column) or _title(table, finding.field, language),
        "value": "" if finding.value is None else str(finding.value), "expected": finding.expected(language),
        "message": finding.message(language), "rule": finding.rule,
    }  # fmt: skip


def mendable(
    upload: Upload, language: Language, most: int = EDITED
) -> tuple[pd.DataFrame, list[tuple[str | None, int, int]]]:
    """The failed cells as a table to mend them in, and where each stands; a cell comes once.

    Errors come first, and the rarest of them: what is wrong in every row is hardly a slip of the pen.
    """
    rows: dict[tuple[str | None, int, int], dict[str, Any]] = {}
    for table, finding in _by_rarity(upload):
        at = _cell(table, finding)
        if at is None or at in rows:
            continue
        if len(rows) == most:
            break
        rows[at] = _row(table, finding, language) | {"subject": _subject(table, finding.row), "mended": None}
    return pd.DataFrame(list(rows.values())), list(rows)


def _by_rarity(upload: Upload) -> Iterator[tuple[Checked, Finding]]:
    groups = [(table, group) for table in upload.tables for group in table.findings.groups]
    for table, group in sorted(groups, key=lambda pair: (pair[1].severity != "error", len(pair[1].rows))):
        for finding in Findings(table.table.sheet, [group]):
            yield table, finding


def _cell(table: Checked, finding: Finding) -> tuple[str | None, int, int] | None:
    """Where the cell of a finding is; None where the sheet has no such column. A merged cell is its first one."""
    found = next((c for c in table.table.columns if c.header == finding.column), None)
    if found is None or finding.rule == "total_mismatch":
        return None
    row, column = finding.row, found.index
    for top, left, bottom, right in table.table.sheet.merges:
        if top <= row <= bottom and left <= column + 1 <= right:
            row, column = top, left - 1
    return finding.sheet, row, column


def _subject(table: Checked, row: int) -> str:
    """What a reader knows the row by: the subject's name, else its code, as it stands in the sheet."""
    spec = table.table.record.spec
    for name in (spec.name, *spec.subject_fields):
        found = next((c for c in table.table.columns if c.field == name), None) if name else None
        if found and (text := table.table.sheet.cells.column(found.index)[row - 1].as_py()):
            return text
    return ""


def _title(table: Checked, field: str | None, language: Language) -> str:
    return table.table.record.column(field).title(language) if field else ""


def _one_line(header: str | None) -> str:
    return " ".join((header or "").split())
