"""A small house with accounts that have channels, and the servers that their messages go to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pilotwatch import access, push, warnings
from pilotwatch.places import Places
from pilotwatch.push import Subscription
from pilotwatch.settings import ROOT, Settings
from pilotwatch.store import Arrived, Person, Store
from pilotwatch.workdays import BEIJING, today
from tests.figures.test_keep import FOUND
from tests.push import servers
from tests.store.made import OIL, OWNERS, Reading, Station, checked

PASSWORD = "Waerdt-4711-x"
TOKEN = "73febdcb-1b38-4d1b-a994-790f21fc8d30"
DING = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9"
SECRET = "SECb1946ac92492d2347c6235b4d2611184"
AT_ONCE = frozenset({"red", "reminder"})
TOMORROW = today() + timedelta(1)


def at(hour: int, minute: int = 0, day: date = TOMORROW) -> datetime:
    """A moment after everything that was set just now."""
    return datetime.combine(day, time(hour, minute), BEIJING)


@dataclass
class House:
    """What the post office works with, and shorthands for the tests."""

    settings: Settings
    registry: Any
    places: Places
    store: Store
    robots: servers.Robots
    post: servers.Post

    def person(self, username: str) -> Person:
        return access.person(self.store, username)

    def desk(self, username: str) -> Any:
        return self.store.desk(self.person(username))

    def subscribe(self, username: str, **wanted: Any) -> None:
        push.save(self.desk(username), Subscription(**{"kinds": AT_ONCE, **wanted}))

    def channel(self, username: str, kind: str = "wecom", typed: str = TOKEN, secret: str = "") -> None:
        push.set_channel(self.desk(username), kind, typed, secret, self.settings)

    def upload(self, *rows: dict[str, Any], record: Any = Station) -> None:
        self.store.desk(OIL).commit(Arrived("f.xlsx"), [checked(record, rows)])

    def told(self, username: str) -> list[push.Told]:
        return push.listed(self.desk(username))

    def states(self, username: str) -> list[tuple[str, str, int, str | None]]:
        return [(t.channel, t.state, t.tries, t.rule) for t in self.told(username)]


ACCOUNTS = (
    ("tianshan", "天山区领导", "district_leader", ["650102"], None),
    ("midong", "米东区领导", "district_leader", ["650109"], None),
    ("cards", "预付卡专班", "pilot_team", None, ["cards"]),
    ("city", "市级专班办公室", "city_office", None, None),
    ("admin", "系统管理员", "administrator", None, None),
    ("auditor", "审计员", "auditor", None, None),
)


@pytest.fixture(scope="session")
def places() -> Places:
    return Places.load(ROOT / "data")


@pytest.fixture
def house(open_store: Callable[..., Store], tmp_path: Path, places: Places, monkeypatch) -> Iterator[House]:
    """A store (on either engine) with accounts of two districts, of another domain, of the city; a mail server and the
    platforms."""
    with _house(open_store((Station, Reading), owners=OWNERS), tmp_path, places, monkeypatch) as made:
        yield made


@pytest.fixture
def lite(tmp_path: Path, places: Places, monkeypatch) -> Iterator[House]:
    """The same on SQLite alone: for what no engine does otherwise."""
    store = Store.open(f"sqlite:///{tmp_path / 'lite.db'}", (Station, Reading), owners=OWNERS, files=tmp_path / "files")
    with _house(store, tmp_path, places, monkeypatch) as made:
        yield made
    store.close()


@contextmanager
def _house(store: Store, tmp_path: Path, places: Places, monkeypatch) -> Iterator[House]:
    store.on_change.append(partial(warnings.follow, FOUND, store))
    store.on_warnings.append(partial(push.tell_red, places))
    monkeypatch.setattr(access.passwords, "hashed", lambda password: "x")  # nobody logs in here, and it takes its time
    for username, name, role, units, domains in ACCOUNTS:
        access.create_account(
            store, username=username, name=name, role=role, units=units, domains=domains, password=PASSWORD, by="system"
        )
    with servers.robots() as robots, servers.mail() as post:
        knobs = Settings(
            var=tmp_path, database_url=None, public_url="https://jg.example.gov.cn/", smtp_host="127.0.0.1",
            smtp_port=post.port, smtp_security="none", smtp_from="监测平台 <jc@urumqi.gov.cn>", wecom_url=robots.url,
            dingtalk_url=robots.url, feishu_url=f"{robots.url}/relay",
        )  # fmt: skip
        yield House(knobs, FOUND, places, store, robots, post)


def changed(house: House, **knobs: Any) -> SimpleNamespace:
    """The house with other settings."""
    return replace(house, settings=house.settings.model_copy(update=knobs))
