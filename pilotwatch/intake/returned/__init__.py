"""The return workbook: the team's own file with what is wrong in it marked where it stands.

Failed cells are coloured and carry the message as a comment, an extra column lists each row's messages, and a filter
shows only the rows in error; the first sheet sums it up. Mended and uploaded again, it is recognised as what it was: our
own sheet and column are left out. It never carries a live formula: a formula's value stands in its place.

A small .xlsx is written back as it came, with all its formats; .xls, .csv and large files are written anew with the
same cells, merges and hidden sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pilotwatch.domain import Language
from pilotwatch.intake.model import Checked
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.returned import own, rebuilt
from pilotwatch.intake.returned.marks import marks_of
from pilotwatch.intake.returned.summary import summary_of

_KEPT_CELLS = 150_000  # some seconds; beyond that openpyxl would need minutes and gigabytes


def write(path: Path, checked: Sequence[Checked], language: Language = "zh", name: str | None = None) -> bytes:
    """The return workbook of the file at `path` as .xlsx; `checked` are its tables, `name` is what it was called.

    Raises `FileRefused` where the file can't be read (any more).
    """
    workbook = open_workbook(path, name)
    marks = marks_of(workbook, checked, language)
    summary = summary_of(workbook, checked, language)
    size = sum(sheet.height * sheet.width for sheet in workbook.sheets)
    small = workbook.kind == "xlsx" and size <= _KEPT_CELLS
    return (own.write if small else rebuilt.write)(Path(path), workbook, marks, summary)
