"""Fixtures for all tests: a store on either engine, empty and of one's own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd  # noqa: F401 - imported here, so that no test's clock pays for it
import pytest
import sqlmodel  # noqa: F401
from sqlalchemy import create_engine, text

from pilotwatch.domain import Record
from pilotwatch.store import Store
from tests import servers

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a private PostgreSQL server, one for each worker of the tests."""
    with servers.postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of the test's own."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_server.rsplit("/", 1)[0] + "/" + name
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


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
