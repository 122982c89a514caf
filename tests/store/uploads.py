"""Uploading in the tests of the store: a file that arrives, and the state that it leaves."""

from __future__ import annotations

import pandas as pd

from pilotwatch.store import Arrived, Desk


def arrived(name: str = "file.xlsx") -> Arrived:
    return Arrived(name)


def rows_of(desk: Desk, dataset: str, *columns: str) -> set[tuple]:
    """The current rows as tuples of the columns; empty cells as None."""
    frame: pd.DataFrame = desk.frame(dataset, columns)
    return {tuple(None if pd.isna(v) else v for v in row) for row in frame.itertuples(index=False)}
