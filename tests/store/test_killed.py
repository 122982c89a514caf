"""Killed at any moment of a large commit: all of it or nothing, and the store goes on."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from pilotwatch.store import Desk, files
from tests.store.made import CITY, RECORDS, Station, checked, station
from tests.store.uploads import arrived

ROWS = 100_000
#: How much of its work the commit has told when it is killed: before a row is sent, among the rows, while the figures
#: are brought up to date, and when only the end of the transaction is left.
MOMENTS = (0.05, 0.4, 0.85, 1.0)


def killed_at(moment: float, url: str, folder: Path, chance: random.Random) -> None:
    """Starts a process that commits ROWS rows and kills it shortly after it has told of so much."""
    command = [sys.executable, "-m", "tests.store.killed", url, str(folder), str(ROWS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        told = (float(line) for line in process.stdout)
        assert any(share >= moment for share in told), "it ended by itself"
        time.sleep(chance.uniform(0, 0.05))
        process.kill()


def settled(desk: Desk) -> None:
    """Waits until PostgreSQL has ended the dead client's transaction, one way or the other."""
    if desk._store._engine.dialect.name != "postgresql":
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    with desk._store._engine.connect() as connection:
        while connection.exec_driver_sql(others).scalar():
            time.sleep(0.05)
            connection.rollback()  # the view is read once per transaction


def test_a_killed_commit_leaves_all_or_nothing(open_store, store_url, tmp_path):
    open_store(RECORDS).desk(CITY).commit(arrived("before"), [checked(Station, [station(n, "先") for n in range(7)])])
    chance = random.Random(20231110)
    outcomes = []
    for moment in MOMENTS:
        killed_at(moment, store_url, tmp_path, chance)
        desk = open_store(RECORDS).desk(CITY)
        settled(desk)
        rows, subjects = desk.frame("t_station", ["uscc", "name"]), desk.subjects(["code"])
        mine = [b for b in desk.batches() if b.file == "killed" and b.status == "standing"]
        assert len(rows) == (ROWS if mine else 7) == len(subjects)
        assert set(rows.name.str[0]) == ({"站"} if mine else {"先"})
        assert [b.total("rows_ready") for b in mine] in ([], [ROWS])
        outcomes.append(bool(mine))

        line = desk.commit(arrived("after"), [checked(Station, [station(1, f"后{moment}")])])
        assert line.rows == 1
        desk.withdraw(line.id, "x")
        for batch in mine:
            desk.withdraw(batch.id, "x")
        assert len(desk.frame("t_station", ["uscc"])) == 7
    assert outcomes[:2] == [False, False], "these were killed among their rows"


def test_an_unfinished_copy_of_a_file_is_not_taken_for_the_file(open_store, tmp_path):
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"whole")
    target = files.path_of(tmp_path / "files", files.sha256(source))
    target.parent.mkdir(parents=True)
    (target.parent / ".cut-off").write_bytes(b"wh")  # what a kill while copying leaves
    assert not target.exists()
    assert files.keep(tmp_path / "files", source) == (files.sha256(source), 5)
    assert target.read_bytes() == b"whole"
