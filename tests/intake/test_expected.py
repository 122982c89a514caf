"""Every workbook of the shared data gives exactly the findings and the values written beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from pilotwatch import registry
from pilotwatch.intake.model import Checked, Recognition
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.recognise import find_tables
from pilotwatch.intake.validate import check
from pilotwatch.places import Places

ROOT = Path(__file__).parents[2]
BOOKS = ROOT.parent / "shared" / "data" / "workbooks"
NAMES = sorted(path.name.removesuffix(".expected.json") for path in BOOKS.glob("*.expected.json"))
TODAY = date(2026, 11, 23)


def expected(name: str) -> Mapping:
    return json.loads((BOOKS / f"{name}.expected.json").read_text(encoding="utf-8"))


def parts(name: str) -> list[Mapping]:
    book = expected(name)
    return book.get("tables", [book])


@cache
def places() -> Places:
    return Places.load(ROOT / "data")


@cache
def records() -> tuple:
    return tuple(registry.load(ROOT / "domains").records)


@cache
def checked(name: str) -> tuple[Recognition, tuple[Checked, ...]]:
    """The file's tables, with the good rows of the files loaded before it as what is known."""
    book = expected(name)
    workbook = open_workbook(BOOKS / book["file"])
    found = find_tables(workbook, records())
    keys: dict[str, set[str]] = {}
    for other in book.get("loaded_before", ()):
        for before in checked(Path(other).stem)[1]:
            keys.setdefault(before.table.dataset, set()).update(
                before.frame["record_key"].filter(before.good).to_pylist()
            )
    tables = tuple(
        check(
            table,
            places=places(),
            known=lambda dataset, values: keys.get(dataset, set()),
            on=TODAY,
            date1904=workbook.date1904,
        )
        for table in found.tables
    )
    return found, tables


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_and_their_data_rows_are_found(name):
    _, tables = checked(name)
    found = [
        (t.table.sheet.name, t.table.dataset, t.table.header_row, list(t.table.header_rows), len(t.table.rows))
        for t in tables
    ]
    assert found == [(p["sheet"], p["dataset"], p["header_row"], p["header_rows"], p["data_rows"]) for p in parts(name)]


@pytest.mark.parametrize("name", NAMES)
def test_the_findings_are_exactly_those_expected(name):
    _, tables = checked(name)
    found = [[(f.row, f.field, f.rule, f.value, f.severity) for f in table.findings] for table in tables]
    wanted = [
        [
            (e["row"], e["field"], e["kind"], e["value"], severity)
            for key, severity in (("errors", "error"), ("warnings", "warning"))
            for e in part[key]
        ]
        for part in parts(name)
    ]
    assert [sorted(f, key=str) for f in found] == [sorted(w, key=str) for w in wanted]


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_are_read_as_their_values(name):
    _, tables = checked(name)
    for table, part in zip(tables, parts(name), strict=True):
        rows = {row["source_row"]: row for row in table.frame.to_pylist()}
        for sample in part["samples"]:
            got = {
                field: comparable(rows[sample["row"]].get(field), value) for field, value in sample["values"].items()
            }
            assert got == {field: near(field, value) for field, value in sample["values"].items()}


def comparable(got, wanted):
    """A stored value as the expected file writes it: lists from JSON, moments as ISO text."""
    if isinstance(wanted, list):
        return json.loads(got)
    if isinstance(got, datetime):
        return got.isoformat() if isinstance(wanted, str) and "T" in wanted else got.date().isoformat()
    if isinstance(got, date):
        return got.isoformat()
    if isinstance(got, str) and isinstance(wanted, int | float):
        return float(got)  # the raw coordinate is kept as it was written
    return got


def near(field, value):
    return pytest.approx(value, abs=1e-5) if field in ("lng", "lat") else value


@pytest.mark.parametrize("name", NAMES)
def test_what_is_beside_the_data_is_named_and_kept(name):
    found, tables = checked(name)
    book = expected(name)
    assert {i.sheet for i in found.ignored} == set(book.get("ignored_sheets", ()))
    for table, part in zip(tables, parts(name), strict=True):
        assert list(table.table.extra_columns) == part["extra_columns"]
        assert table.table.sheet.hidden_rows.intersection(table.table.rows.tolist()) == set(part.get("hidden_rows", ()))
