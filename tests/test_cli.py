"""The command line: one document or one sentence for whatever happens, and an exit code that fits."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import sys

import openpyxl
import psycopg
import pytest
import sqlalchemy.exc

from pilotwatch import cli, failures
from pilotwatch.settings import settings

HEADERS = ("加油站名称", "统一社会信用代码", "所属区县", "站级")
ROW = ("甲站", "91650104XJ5TH2HU74", "天山区", "三级")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command on an empty store: its exit code, what it printed, what it complained of."""
    monkeypatch.setenv("PILOTWATCH_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("PILOTWATCH_DATABASE_URL", raising=False)
    settings.cache_clear()

    def run_(*arguments):
        monkeypatch.setattr(sys, "argv", ["pilotwatch", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        return end.value.code, out, err

    yield run_
    settings.cache_clear()


@pytest.fixture
def ledger(tmp_path):
    """Writes rows of stations as a workbook of that name."""

    def write(*rows, name="加油站名录.xlsx"):
        book = openpyxl.Workbook()
        book.active.append(HEADERS)
        for row in rows:
            book.active.append(row)
        path = tmp_path / name
        book.save(tmp_path / "made.xlsx")
        (tmp_path / "made.xlsx").rename(path)
        return path

    return write


@pytest.mark.parametrize(
    ("arguments", "rule", "code"),
    [
        (("upload", "nosuch", "{file}"), "no_dataset", 2),
        (("upload", "auto", "{file}", "--on", "2026-13-01"), "no_date", 2),
        (("upload", "auto", "{file}", "--as", "nobody"), "no_account", 1),
        (("upload", "auto", "{file}.gone"), "no_file", 1),
        (("upload", "auto", "{folder}"), "no_file", 1),
        (("upload", "auto", "{file}", "--dry-run", "--return", "{folder}/none/r.xlsx"), "not_found", 1),
        (("withdraw", "nosuch", "--reason", "x"), "no_batch", 1),
        (("domains", "check", "nosuch"), "no_domain", 1),
    ],
)
def test_with_json_a_refusal_is_a_document_too(run, ledger, tmp_path, arguments, rule, code):
    file = ledger(ROW)
    given = [a.format(file=file, folder=tmp_path) for a in arguments]
    ended, out, err = run(*given, "--json")
    document = json.loads(out)
    assert ended == code
    assert document["refused"] == rule
    assert document["message"] and document["message_en"] and not err


def test_a_folder_is_called_a_folder(run, tmp_path):
    _, _, err = run("upload", "auto", tmp_path)
    assert "是文件夹" in err and "is a folder" in err


def test_a_dry_run_of_what_could_not_be_stored_ends_with_one(run, tmp_path, ledger):
    note = tmp_path / "说明.csv"
    note.write_text("请各区按时报送\n", encoding="utf-8")
    assert run("upload", "auto", note, "--dry-run")[0] == 1
    code, out, _ = run("upload", "auto", ledger(), "--dry-run", "--json")
    assert code == 1 and "没有数据行" in json.loads(out)["message"]
    assert run("upload", "auto", ledger(ROW), "--dry-run")[0] == 0


def test_a_line_names_the_sheet_and_the_rows_it_speaks_of(run, ledger):
    _, out, _ = run("upload", "auto", ledger(ROW, (*ROW[:1], "x", *ROW[2:])), "--dry-run")
    assert "Sheet〔加油站名录〕：读取 2 行" in out
    assert "1 处（第 3 行）" in out


def test_a_file_name_that_is_no_unicode_is_read_and_can_be_printed(run, ledger, tmp_path):
    path = os.fsencode(ledger(ROW)).replace("名录".encode(), b"\xff\xfe")
    os.rename(os.fsencode(tmp_path / "加油站名录.xlsx"), path)
    code, out, _ = run("upload", "auto", os.fsdecode(path), "--dry-run", "--json")
    assert code == 0
    assert json.loads(out)["file"] == "加油站\ufffd\ufffd.xlsx"


def test_a_wrong_setting_is_named(run, monkeypatch):
    monkeypatch.setenv("PILOTWATCH_PORT", "abc")
    code, out, err = run("batches")
    assert code == 1 and not out
    assert "PILOTWATCH_PORT=abc" in err and "Traceback" not in err


def test_a_secret_setting_that_wont_do_is_named_but_not_said(run, monkeypatch):
    monkeypatch.setenv("PILOTWATCH_SECRET_KEY", "too-short")
    code, _, err = run("batches")
    assert code == 1 and "PILOTWATCH_SECRET_KEY" in err and "too-short" not in err


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("postgresql://u:p@127.0.0.1:1/none", "no_database"),
        ("mysql://u:p@127.0.0.1/none", "database_url"),
        ("nonsense", "database_url"),
    ],
)
def test_a_database_that_cannot_be_reached_is_a_sentence(run, monkeypatch, url, rule):
    monkeypatch.setenv("PILOTWATCH_DATABASE_URL", url)
    code, out, err = run("batches", "--json")
    assert code == 1 and not err
    assert json.loads(out)["refused"] == rule


def test_a_damaged_database_file_is_a_sentence(run, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "pilotwatch.db").write_bytes(b"no database at all" * 500)
    code, out, _ = run("batches", "--json")
    assert code == 1 and json.loads(out)["refused"] == "not_a_database"


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x"), "disk_full"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "not_permitted"),
        (OSError(errno.EROFS, "Read-only file system", "/x"), "read_only"),
        (sqlalchemy.exc.OperationalError("", None, Exception("database or disk is full")), "disk_full"),
        (sqlalchemy.exc.OperationalError("", None, Exception("attempt to write a readonly database")), "read_only"),
        (sqlalchemy.exc.OperationalError("", None, Exception("database is locked")), "busy"),
        (sqlite3.OperationalError("database or disk is full"), "disk_full"),
        (sqlite3.OperationalError("disk I/O error"), "disk_full"),
        (psycopg.errors.DiskFull("could not extend file: No space left on device"), "disk_full"),
        (MemoryError(), "no_memory"),
    ],
)
def test_a_failing_machine_is_told_in_both_languages(error, rule):
    found, message = failures.told(error)
    assert found == rule
    assert "请" in message.zh and message.en and "{" not in message.zh + message.en


def test_what_nobody_foresaw_is_logged_and_told_without_a_traceback(run, monkeypatch, tmp_path):
    def broken(_):
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("pilotwatch.registry.load", broken)
    code, out, err = run("batches")
    assert code == 1 and not out
    assert "errors.log" in err and "Traceback" not in err
    assert "on purpose" in (tmp_path / "var" / "errors.log").read_text(encoding="utf-8")


def test_an_interrupted_command_says_what_became_of_its_work(run, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pilotwatch.registry.load", interrupted)
    code, _, err = run("batches")
    assert code == 130 and "已中断" in err and "Interrupted" in err


def test_an_upload_names_the_domain_that_is_switched_off(run, ledger, tmp_path, monkeypatch):
    folder = tmp_path / "domains" / "broken_one"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("def (\n", encoding="utf-8")
    monkeypatch.setenv("PILOTWATCH_DOMAINS", str(tmp_path / "domains"))
    settings.cache_clear()
    code, _, err = run("upload", "auto", ledger(ROW), "--dry-run")
    assert code == 1 and "broken_one" in err and "SyntaxError" in err
