"""100,000 × 18 cells: read → validate → commit, against merely reading them, and against row by row."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from bench.measure import Meter


def floor(path: str) -> None:
    """The fastest library, reading the same file into Arrow and doing nothing else."""
    import fastexcel

    with Meter() as meter:
        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=2)
        batch = sheet.to_arrow()
    meter.report(rows=batch.num_rows - 1)


def ours(path: str, how: str = "commit") -> None:
    """Read → validate → compare, and unless `how` is "dry" → commit, into a fresh store; "bare": without figures."""
    from pilotwatch.access import SYSTEM
    from pilotwatch.intake import prepare
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    if how == "bare":
        workspace.store.on_change.clear()
    with Meter() as meter:
        upload = prepare(workspace.desk(SYSTEM), Path(path), registry=workspace.registry, places=workspace.places)
        if how != "dry":
            upload.commit(good_rows=True)
    meter.report(rows=upload.rows_read, ready=upload.rows_ready, errors=upload.errors)


def row_by_row(path: str, rows: str) -> None:
    """The obvious way: openpyxl, one validated SQLModel object and one session.add per row, the first `rows` rows."""
    import openpyxl
    from pydantic import ValidationError
    from sqlalchemy import create_engine
    from sqlmodel import Session, SQLModel

    from bench.peer import House, columns

    limit = int(rows)
    with tempfile.TemporaryDirectory() as folder, Meter() as meter:
        engine = create_engine(f"sqlite:///{folder}/peer.db")
        SQLModel.metadata.create_all(engine, tables=[House.__table__])
        errors = 0
        with Session(engine) as session:
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            for i, row in enumerate(book.worksheets[0].iter_rows(min_row=4, values_only=True)):
                if i == limit:
                    break
                try:
                    session.add(House.model_validate(dict(zip(columns, row, strict=True))))
                except ValidationError as wrong:
                    errors += wrong.error_count()
            session.commit()
    meter.report(rows=limit, errors=errors)


if __name__ == "__main__":
    os.environ.setdefault("PILOTWATCH_VAR", tempfile.mkdtemp())
    {"floor": floor, "ours": ours, "row_by_row": row_by_row}[sys.argv[1]](*sys.argv[2:])
