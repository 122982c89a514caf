"""Health, the log without anybody in it, and the commands of the operator."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections import namedtuple
from datetime import timedelta

import pytest

from pilotwatch import access, cli, operation
from pilotwatch.operation.log import clean
from pilotwatch.settings import settings
from pilotwatch.store import SYSTEM, backup
from pilotwatch.workdays import now
from pilotwatch.workspace import Workspace


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("PILOTWATCH_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("PILOTWATCH_DATABASE_URL", raising=False)
    settings.cache_clear()
    opened = Workspace.open()
    yield opened
    opened.store.close()
    settings.cache_clear()


@pytest.fixture
def run(house, monkeypatch, capsys):
    def run_(*arguments):
        monkeypatch.setattr(sys, "argv", ["pilotwatch", *map(str, arguments), "--json"])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, json.loads(capsys.readouterr().out)

    return run_


def states(found) -> dict[str, str]:
    return {c.name: c.state for c in found.checks}


def test_a_new_house_is_well_but_was_never_backed_up(house):
    found = operation.health(house)
    assert states(found)["store"] == states(found)["audit"] == "good"
    assert states(found)["backup"] == found.state == "warn"


def test_a_backup_is_old_after_two_days(house, tmp_path):
    backup.take(house.desk(SYSTEM), tmp_path / "a.tar")
    assert states(operation.health(house))["backup"] == "good"
    late = operation.health(house, at=now() + timedelta(days=2, hours=1))
    assert (
        states(late)["backup"] == "warn" and "2.0 天前" in next(c for c in late.checks if c.name == "backup").message.zh
    )


@pytest.mark.parametrize(("free", "state"), [(10 * 2**30, "good"), (2**30, "warn"), (2**20, "bad")])
def test_a_disk_that_fills_up_is_told(house, monkeypatch, free, state):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(0, 0, free))
    assert states(operation.health(house))["disk"] == state


def test_an_audit_cut_short_is_bad(house):
    access.record(house.store, SYSTEM, "test.act")
    with house.store._engine.connect().execution_options(writes=True) as connection:
        connection.exec_driver_sql("DELETE FROM audit")
        connection.commit()
    assert operation.health(house).state == "bad"


def test_the_operator_backs_up_checks_and_restores_from_the_command_line(run, house, tmp_path, monkeypatch):
    access.create_account(
        house.store, username="li", name="李", role="city_office", password="tian-shan-2026", by="root"
    )
    file = tmp_path / "a.tar"
    code, made = run("backup", file)
    assert code == 0 and made["rows"] > 0 and made["end"]["number"] == 1
    assert run("restore", file, "--check")[1]["rows"] == made["rows"]
    assert run("restore", file)[1]["refused"] == "store_there"
    assert run("backup", file)[1]["refused"] == "file_exists"
    monkeypatch.setenv("PILOTWATCH_VAR", str(tmp_path / "other"))
    settings.cache_clear()
    code, back = run("restore", file)
    assert code == 0 and back["audit_intact"] and back["rows"] == made["rows"]
    code, lines = run("audit", "list")
    assert [line["act"] for line in lines["lines"]] == ["store.restore", "account.create"]
    assert run("audit", "verify") == (0, {"intact": True, "lines": 2, "end": lines["lines"] and run("audit", "anchor")[1], "anchors": 1, "more": 0, "breaches": []})  # fmt: skip
    code, found = run("health")
    assert code == 0 and found["state"] in ("good", "warn")
    assert run("restore", tmp_path / "nothing.tar")[0] == 2
    (tmp_path / "no.tar").write_text("nothing")
    assert run("restore", tmp_path / "no.tar", "--check")[1]["refused"] == "damaged_backup"


def test_verify_from_the_command_line_ends_with_1_where_the_audit_was_changed(run, house):
    for n in range(3):
        access.record(house.store, SYSTEM, "test.act", str(n))
    code, end = run("audit", "anchor")
    assert run("audit", "verify", "--anchor", f"{end['number']}:{end['hash']}")[0] == 0
    assert run("audit", "verify", "--anchor", "3:zz")[0] == 2
    with house.store._engine.connect().execution_options(writes=True) as connection:
        connection.exec_driver_sql("UPDATE audit SET object = 'x' WHERE number = 2")
        connection.commit()
    code, found = run("audit", "verify")
    assert code == 1 and [(b["kind"], b["number"]) for b in found["breaches"]] == [("changed", 2)]


# --- the log -------------------------------------------------------------------------------------------------------

PERSONAL = ("11010519491231002X", "650102190001010016", "13812345678", "+86 138-1234-5678", "0991-1234567",
            "6222020200112345678", "li.ming@example.cn", "password=hunter2", "postgresql://pw:geheim@host/db")  # fmt: skip
SECRETS = re.compile(r"1949|1900|1234|5678|6222|ming|hunter|geheim")


@pytest.fixture
def log():
    out = io.StringIO()
    handler = operation.set_up_log(out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logging.getLogger("pilotwatch").removeHandler(handler)
    logging.getLogger("pilotwatch").propagate = True


@pytest.mark.parametrize("told", PERSONAL)
def test_what_may_be_somebodys_is_blotted_out(told):
    assert not SECRETS.search(clean(f"诉求人{told}，请回复"))


def test_numbers_that_are_nobodys_stay():
    assert clean("批次 01a2095c-cefc-75b5-b806-bc3c49a0dbe0，15600 行，GB 32100-2015，YJ-PPC-20261123-00001") == (
        "批次 01a2095c-cefc-75b5-b806-bc3c49a0dbe0，15600 行，GB 32100-2015，YJ-PPC-20261123-00001"
    )


def test_a_line_is_json_with_known_fields_only(log):
    logging.getLogger("pilotwatch.test").info("读入 %s", "13812345678", extra={"rows": 7, "name_of_reporter": "李明"})
    (line,) = log()
    assert line.pop("at").startswith("2026-11-24T")
    assert line == {"level": "info", "logger": "pilotwatch.test", "event": "读入 [phone]", "rows": 7}


def test_an_error_tells_its_type_and_place_but_not_what_was_in_it(log):
    try:
        raise ValueError("李明 13812345678 住在天山区")
    except ValueError:
        logging.getLogger("pilotwatch.test").exception("failed")
    (line,) = log()
    assert line["error"] == "ValueError" and any("test_an_error" in w for w in line["where"])
    assert "李明" not in json.dumps(line, ensure_ascii=False)


def test_every_anchor_is_in_the_log(log, house):
    access.record(house.store, SYSTEM, "test.act", "李明 13812345678")
    (line,) = [entry for entry in log() if entry["event"] == "audit anchor"]
    assert line["number"] == 1 and len(line["hash"]) == 64
    assert "李明" not in json.dumps(line, ensure_ascii=False)


def test_an_error_of_the_database_hides_the_values_of_its_statement(house):
    with pytest.raises(Exception) as failed, house.store.registers() as books:
        books.add_account(username="李明 13812345678")
    assert "13812345678" not in str(failed.value)
