"""Fixtures for all tests: a store on either engine, empty and of one's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import pandas as pd  # noqa: F401 - imported here, so that no test's clock pays for it
import pytest
import sqlmodel  # noqa: F401

from pilotwatch.domain import Record
from pilotwatch.settings import Settings
from pilotwatch.store import SYSTEM, Store, move
from pilotwatch.workspace import Workspace
from tests import servers
from tests.clock import sitecustomize

#: When every test begins, whatever day the machine has: what a demo city holds, which digest is due and which year has
#: a calendar all follow the day. The clock runs on from there. `TEST_NOW` asks for another moment.
BEGINS = datetime.fromisoformat(os.environ.get("TEST_NOW", "2026-11-24T10:30:00+08:00"))


def pytest_configure() -> None:
    """Sets the clock of this process and of every one that a test starts."""
    if "TEST_CLOCK_SHIFT" not in os.environ:  # a worker of xdist has it from its parent, and runs by it already
        seconds = (BEGINS - datetime.now(UTC)).total_seconds()
        sitecustomize.shift(seconds)
        os.environ["TEST_CLOCK_SHIFT"] = str(seconds)
        os.environ["PYTHONPATH"] = os.pathsep.join(
            filter(None, [str(Path(sitecustomize.__file__).parent), os.environ.get("PYTHONPATH")])
        )


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a private PostgreSQL server, one for each worker of the tests; or of the one in `TEST_POSTGRES_URL`, a
    Citus cluster for instance."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    with servers.postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of the test's own."""
    with servers.database(postgres_server) as url:
        yield url


@pytest.fixture
def another_postgres_url(postgres_server: str) -> Iterator[str]:
    """A second one, for what goes from one to the other."""
    with servers.database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store: the test runs on SQLite and on PostgreSQL."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def open_store(store_url: str, tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """Opens the test's store with given records, as often as wanted; closes them all."""
    opened: list[Store] = []

    def open_(records: Sequence[type[Record]], **options) -> Store:
        opened.append(Store.open(store_url, records, files=tmp_path / "files", **options))
        return opened[-1]

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def other_engine(request: pytest.FixtureRequest) -> bool:
    """Whether the test, which asks for no engine of its own, runs on PostgreSQL: half of them do, told by their names, so
    that each file of tests sees both at the cost of one. `TEST_STORE` (sqlite, postgres) sends all of them to one."""
    return {"sqlite": False, "postgres": True}.get(
        os.environ.get("TEST_STORE", ""), crc32(request.node.nodeid.encode()) % 2 == 1
    )


@pytest.fixture(scope="session")
def postgres_copy(request: pytest.FixtureRequest) -> Iterator[Callable[[Path], AbstractContextManager[str]]]:
    """Opens a database with what the SQLite store of a folder holds: moved there once a session, then copied by the server."""
    with ExitStack() as stack:
        moved: dict[Path, str] = {}

        def copy(folder: Path) -> AbstractContextManager[str]:
            server = request.getfixturevalue("postgres_server")
            if folder not in moved:
                moved[folder] = stack.enter_context(servers.database(server))
                _move(folder, moved[folder])
            return servers.database(server, moved[folder])

        yield copy


def _move(folder: Path, url: str) -> None:
    house = Workspace.open(Settings(var=folder, database_url=None))
    move.move(house.desk(SYSTEM), url)
    move.abort(house.desk(SYSTEM))
    house.store.close()
