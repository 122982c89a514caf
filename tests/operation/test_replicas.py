"""Two replicas of the app on one PostgreSQL: what happens at one is seen at the other at once."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from pilotwatch import access
from pilotwatch.demo.build import _batches
from pilotwatch.sampling import City
from pilotwatch.settings import Settings
from pilotwatch.store import SYSTEM, Arrived
from pilotwatch.workdays import today
from pilotwatch.workspace import Workspace
from tests.browser.house import server

pytestmark = pytest.mark.postgres

Replicas = list[tuple[str, subprocess.Popen]]  # addresses and processes


@pytest.fixture
def house(postgres_url: str, tmp_path: Path) -> Iterator[Workspace]:
    house = Workspace.open(Settings(var=tmp_path, database_url=postgres_url))
    house.store.mark_demo()
    access.create_demo_accounts(house.store)
    yield house
    house.store.close()


@pytest.fixture
def replicas(house: Workspace, tmp_path: Path) -> Iterator[Replicas]:
    """Two servers of the same store and folder."""
    settings = {"PILOTWATCH_DATABASE_URL": house.settings.url, "PILOTWATCH_PUSH": "false"}
    with server(tmp_path, **settings) as one, server(tmp_path, **settings) as other:
        yield [one, other]


def _seen(base: str, token: str, page: str = "") -> bytes:
    """All that a page sends to a browser with this log-in."""
    sent = b""
    headers = {"Cookie": f"pilotwatch_session={token}", "Origin": base}
    address = base.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(
        address, additional_headers=headers, subprotocols=["streamlit"], max_size=None, open_timeout=60
    ) as tab:
        asked = BackMsg()
        asked.rerun_script.page_name = page
        tab.send(asked.SerializeToString())
        while True:
            data = tab.recv(timeout=120)
            sent += data
            answer = ForwardMsg()
            answer.ParseFromString(data)
            assert not (answer.WhichOneof("type") == "delta" and answer.delta.new_element.HasField("exception"))
            if answer.WhichOneof("type") == "script_finished":
                return sent


def test_what_happens_at_one_is_seen_at_the_other(house: Workspace, replicas: Replicas) -> None:
    token = access.log_in(house.store, "city", access.demo.DEMO_PASSWORD)
    before = [_seen(base, token) for base, _ in replicas]
    assert all(len(page) > 5_000 for page in before)

    batches = _batches(City(house.places, today(), 7, 0, 0.002), house.registry)
    arrived = Arrived("第二副本也要看见.xlsx", on=today())
    house.desk(SYSTEM).commit(arrived, next(iter(batches)).tables)
    assert not any("第二副本也要看见".encode() in page for page in before)
    for base, _ in replicas:
        assert "第二副本也要看见".encode() in _seen(base, token)

    access.log_out(house.store, token)
    for base, _ in replicas:
        assert "第二副本也要看见".encode() not in _seen(base, token)  # the page only says that the log-in has ended


def test_a_replica_that_dies_takes_nothing_with_it(house: Workspace, replicas: Replicas) -> None:
    """The person goes on at the other one with the same cookie; the store holds no lock of the dead one."""
    token = access.log_in(house.store, "city", access.demo.DEMO_PASSWORD)
    assert len(_seen(replicas[0][0], token)) > 5_000
    with house.store._engine.connect() as connection:
        held = text(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
        )
        assert connection.scalar(held) == 0
    replicas[0][1].kill()
    replicas[0][1].wait()
    assert len(_seen(replicas[1][0], token)) > 5_000
