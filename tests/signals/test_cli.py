"""`pilotwatch signals`, `pilotwatch contradictions` and what `pilotwatch update` says of both."""

from __future__ import annotations

import json
import sys

import openpyxl
import pytest

from pilotwatch import cli
from pilotwatch.settings import settings

USCC = "91650104XJ5TH2HU74"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command with `--json` on an empty store: its exit code and its document."""
    monkeypatch.setenv("PILOTWATCH_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("PILOTWATCH_DATABASE_URL", raising=False)
    settings.cache_clear()

    def run_(*arguments):
        monkeypatch.setattr(sys, "argv", ["pilotwatch", *map(str, arguments), "--json"])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, json.loads(capsys.readouterr().out)

    yield run_
    settings.cache_clear()


def _book(path, name, header, *rows):
    book = openpyxl.Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append(row)
    book.save(path / "made.xlsx")
    return (path / "made.xlsx").rename(path / name)


def test_of_an_empty_store_both_are_empty_documents(run):
    code, told = run("signals")
    assert code == 0 and (told["series"], told["signals"], told["false_alarms_a_year"]) == (0, [], 0)
    assert run("contradictions") == (0, {"total": 0, "contradictions": []})


def test_an_upload_that_contradicts_another_is_one_item_with_both_statements(run, tmp_path):
    """The list says grade A on 2026-06-01, the report of that day says C."""
    house = _book(
        tmp_path, "自建房排查台账.xlsx", ("房屋编码", "区县", "房屋坐落", "鉴定等级", "鉴定日期"),
        ("650104001ZJ00005", "新市区", "北京路1号", "A级", "2026-06-01"),
    )  # fmt: skip
    report = _book(
        tmp_path, "安全鉴定台账.xlsx", ("报告编号", "房屋编码", "区县", "鉴定机构", "出具日期", "鉴定等级"),
        ("JD1", "650104001ZJ00005", "新市区", "某鉴定公司", "2026-06-01", "C级"),
    )  # fmt: skip
    for path in (house, report):
        code, told = run("upload", "auto", path)
        assert code == 0, told
    code, told = run("contradictions", "--department", "FGJ")
    assert code == 0 and told["total"] == 1
    found = told["contradictions"][0]
    assert (found["code"], found["stated"], found["owners"]) == (
        "SBH-K02",
        {"report": "C", "listed": "A"},
        ["FGJ", "JSJ"],
    )
    code, told = run("signals", "--weeks")
    graded = {(s["measure"], s["kind"], s["place"]): s for s in told["signals"]}
    assert graded["dangerous_grade", "unit", "650104"]["observed"] in (0, 1)  # by how long ago 2026-06-01 is
    code, told = run("update")
    assert told["watched"]["self_built_housing"]["contradictions"] == 1
