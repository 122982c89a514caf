"""Figures made by several worker processes are those of one process, to the last digit, also when a worker is killed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from pilotwatch import spread, warnings
from pilotwatch.settings import Settings
from pilotwatch.spread import tasks
from pilotwatch.workspace import Workspace
from tests.small_city import fill

ON = date(2026, 11, 24)
KEPT = (
    "subject_level", "place_level", "subject_part", "place_sum", "subject_period", "place_period", "month_level", "warning",
)  # fmt: skip


@pytest.fixture(autouse=True)
def main(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of a page leaves that page as `__main__`, which a spawned process would run."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


@pytest.fixture
def house(store_url: str, tmp_path: Path) -> Iterator[Workspace]:
    """The records of a very small city, and no figure yet."""
    house = Workspace.open(Settings(var=tmp_path, database_url=store_url))
    fill(house, ON)
    yield house
    house.store.close()


def _kept(house: Workspace) -> dict[str, list[str]]:
    """Every row of the figures' tables but their ids, in an order of its own."""
    with house.store._engine.connect() as connection:
        frames = {n: pd.read_sql_query(f"SELECT * FROM {n}", connection) for n in KEPT}  # noqa: S608
    return {
        name: sorted(
            repr(row) for row in frame.drop(columns=[c for c in ("id",) if c in frame]).itertuples(index=False)
        )
        for name, frame in frames.items()
    }


def test_several_processes_make_the_figures_of_one(house: Workspace) -> None:
    """Parts of another size, workers of their own, one of them killed in between: nothing changes by a digit."""
    warnings.update(house.store, house.registry, on=ON, rebuild=True)
    alone = _kept(house)
    assert all(len(alone[n]) for n in ("subject_level", "place_level", "subject_period", "place_period", "warning"))

    with spread.local(house.settings, house.store, 2) as workers:
        workers.at_once = 20
        taken = _Killing(workers)
        warnings.update(house.store, house.registry, on=ON, rebuild=True, spread=taken)
    assert taken.parts > 4
    assert taken.killed is not None
    assert _kept(house) == alone


class _Killing:
    """Kills a worker process after the second part."""

    def __init__(self, inner: spread.Spreading):
        self.inner, self.at_once, self.parts = inner, inner.at_once, 0
        self.killed: int | None = None

    def levels(self, *given):
        yield from self._counted(self.inner.levels(*given))

    def periods(self, *given):
        yield from self._counted(self.inner.periods(*given))

    def _counted(self, parts):
        for part in parts:
            self.parts += 1
            if self.parts == 2:
                self.killed = next(iter(self.inner._client.run(os.getpid).values()))
                os.kill(self.killed, signal.SIGKILL)
            yield part


def test_what_fails_in_a_worker_undoes_the_update(house: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose store is behind the writer's refuses, and nothing is written."""
    monkeypatch.setattr(type(house.store), "data_version", lambda self: 10**9)
    with spread.local(house.settings, house.store, 1) as workers, pytest.raises(tasks.Behind):
        warnings.update(house.store, house.registry, on=ON, rebuild=True, spread=workers)
    assert not any(_kept(house).values())
