"""The return workbook: the team's own file with what is wrong in it marked where it stands.

Failed cells are coloured and carry the message as a comment, an extra column lists each row's messages, and a filter
shows only the rows in error; the first sheet sums it up. Mended and uploaded again, it is recognised as what it was: our
own sheet and column are left out. It never carries a live formula: a formula's value stands in its place.

A small .xlsx is written back as it came, with all its formats; .xls, .csv and large files are written anew with the
same cells, merges and hidden sheets.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from pilotwatch.domain import Language
from pilotwatch.intake.model import Checked, Workbook
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.returned import own, rebuilt
from pilotwatch.intake.returned.marks import marks_of
from pilotwatch.intake.returned.summary import summary_of

_KEPT_CELLS = 150_000  # some seconds; beyond that openpyxl would need minutes and gigabytes
_KEPT_BYTES = 30_000_000  # of XML, for the same reason


def write(
    path: Path, checked: Sequence[Checked], language: Language = "zh", name: str | None = None, *, remarks: Sequence[str] = ()
) -> bytes:  # fmt: skip
    """The return workbook of the file at `path` as .xlsx; `checked` are its tables, `name` is what it was called.

    `remarks`: why its figures were returned, told on the first sheet.

    Raises `FileRefused` where the file can't be read (any more).
    """
    workbook = open_workbook(path, name)
    marks = marks_of(workbook, checked, language)
    summary = summary_of(workbook, checked, language, remarks)
    kept = workbook.kind == "xlsx" and _is_small(Path(path), workbook)
    return (own.write if kept else rebuilt.write)(Path(path), workbook, marks, summary)


def _is_small(path: Path, workbook: Workbook) -> bool:
    """By its cells up to the last filled one, and by what it unpacks to: empty cells that are formatted cost as much."""
    if sum(sheet.height * sheet.width for sheet in workbook.sheets) > _KEPT_CELLS:
        return False
    if not zipfile.is_zipfile(path):  # a write-protected one is packed once more
        return True
    with zipfile.ZipFile(path) as package:
        return sum(p.file_size for p in package.infolist() if p.filename.endswith(".xml")) <= _KEPT_BYTES
