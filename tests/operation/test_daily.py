"""The day's work is done once, by whichever process comes first, and by another one where that one died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pilotwatch import figures
from pilotwatch.operation import daily
from pilotwatch.settings import Settings
from pilotwatch.store import leases
from pilotwatch.workdays import now, today
from pilotwatch.workspace import Workspace
from tests.small_city import fill


@pytest.fixture
def house(store_url: str, tmp_path: Path) -> Iterator[Workspace]:
    house = Workspace.open(Settings(var=tmp_path, database_url=store_url))
    yield house
    house.store.close()


def test_an_empty_store_has_nothing_to_do_and_a_day_is_done_once(house: Workspace) -> None:
    assert not daily.due(house)
    fill(house, today())
    assert daily.due(house)
    done = daily.if_due(house)
    assert sum(done["domains"].values()) > 50
    assert figures.noted_day(house.store) == today()
    assert not daily.due(house)
    assert daily.if_due(house) is None
    figures.note_day(house.store, today() - timedelta(days=3))
    assert figures.noted_day(house.store) == today()


def test_one_process_at_a_time_and_the_next_after_a_death(house: Workspace) -> None:
    """Who holds the lease keeps others away; who fails gives it back; whose lease ran out is replaced."""
    fill(house, today())

    def fails(_house: Workspace) -> dict:
        assert daily.if_due(house, lambda _: {"second": True}, holder="second") is None
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        daily.if_due(house, fails, holder="first")
    assert daily.due(house)  # nothing was noted
    leases.hold(house.store, daily.LEASE, "dead", now(), daily.LENGTH)
    assert daily.if_due(house, lambda _: {"done": True}, holder="third") is None
    later = now() + daily.LENGTH + timedelta(seconds=1)
    assert daily.if_due(house, lambda _: {"done": True}, holder="third", at=lambda: later) == {"done": True}


def test_a_killed_process_leaves_the_day_to_do(house: Workspace, store_url: str, tmp_path: Path) -> None:
    """SIGKILL in the middle: nothing half done is noted, and the work begun anew gives what one whole run gives."""
    fill(house, today())
    env = os.environ | {"PILOTWATCH_VAR": str(tmp_path), "PILOTWATCH_DATABASE_URL": store_url}
    child = subprocess.Popen([sys.executable, "-m", "pilotwatch.cli", "update", "--if-due", "--json"], env=env)
    until = time.monotonic() + 120
    while child.poll() is None and not _held(house) and time.monotonic() < until:
        time.sleep(0.05)
    assert child.poll() is None, "the work was over before it could be killed"
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert daily.due(house)
    later = now() + daily.LENGTH + timedelta(seconds=1)
    assert daily.if_due(house, at=lambda: later)["domains"]
    assert not daily.due(house)


def _held(house: Workspace) -> bool:
    """Whether somebody else is at the work: asked without taking it."""
    table = leases.Lease.__table__
    with house.store._engine.connect() as connection:
        return connection.execute(table.select().where(table.c.name == daily.LEASE)).first() is not None


def test_the_app_has_it_done_by_a_process_of_its_own(house: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []

    class Child:
        returncode = 0

        def __init__(self, command: list[str], **_given) -> None:
            begun.append(command)

        def poll(self) -> int | None:
            return None if len(begun) == 1 else 0

        def terminate(self) -> None:
            begun.append(["terminated"])

    monkeypatch.setattr(daily.subprocess, "Popen", Child)
    beside = daily.Background(house, seconds=0.01)
    beside._look(house)
    assert begun == []  # an empty store
    fill(house, today())
    beside._look(house)
    beside._look(house)  # it is under way: no second one
    assert [c[1:] for c in begun] == [["-m", "pilotwatch.cli", "update", "--if-due", "--json"]]
    beside.start()
    beside.stop()
    assert begun[-1] == ["terminated"]
