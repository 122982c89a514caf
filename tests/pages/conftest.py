"""A small demo city, a page of it as some person sees it, and an empty house."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import plotly  # noqa: F401 - imported here, so that no test's clock pays for it
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pilotwatch import access, demo
from pilotwatch.settings import ROOT, Settings, settings
from pilotwatch.workspace import Workspace
from ui import asof, cache

PASSWORD = access.demo.DEMO_PASSWORD
WORKBOOKS = ROOT.parent / "shared" / "data" / "workbooks"


@pytest.fixture(scope="session")
def made_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo city of some hundred subjects."""
    folder = tmp_path_factory.mktemp("city")
    workspace = Workspace.open(Settings(var=folder, database_url=None))
    demo.build(workspace, size=0.02)
    workspace.store.close()
    return folder


def forget() -> None:
    """What a process keeps for its one store."""
    settings.cache_clear()
    asof.forget()
    st.cache_resource.clear()


@pytest.fixture
def open_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Workspace]]:
    """Opens the workspace the pages then use, in the test's own folder."""
    monkeypatch.setenv("PILOTWATCH_VAR", str(tmp_path))
    monkeypatch.delenv("PILOTWATCH_DATABASE_URL", raising=False)
    forget()
    yield cache.workspace
    cache.workspace().store.close()
    forget()


@pytest.fixture
def city(
    made_city: Path, tmp_path: Path, open_house: Callable[[], Workspace], other_engine: bool,
    postgres_copy: Callable[[Path], AbstractContextManager[str]], monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Workspace]:  # fmt: skip
    """The demo city, the test's own copy, on one engine or the other."""
    shutil.copytree(made_city, tmp_path, dirs_exist_ok=True)
    if not other_engine:
        yield open_house()
        return
    with postgres_copy(made_city) as url:
        monkeypatch.setenv("PILOTWATCH_DATABASE_URL", url)
        forget()
        house = open_house()
        yield house
        house.store.close()


@pytest.fixture
def empty(
    request: pytest.FixtureRequest,
    open_house: Callable[[], Workspace],
    other_engine: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> Workspace:
    """A store without any data, with the demo accounts, on one engine or the other."""
    if other_engine:
        monkeypatch.setenv("PILOTWATCH_DATABASE_URL", request.getfixturevalue("postgres_url"))
        forget()
    house = open_house()
    house.store.mark_demo()
    access.create_demo_accounts(house.store)
    return house


@pytest.fixture
def see() -> Callable[..., AppTest]:
    """Runs a page as a person sees it: `see("overview", "city")`."""

    def run(page: str, username: str | None, *, language: str = "zh", query: dict[str, str] | None = None) -> AppTest:
        at = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
        at.session_state["language"] = language
        for name, value in (query or {}).items():
            at.query_params[name] = value
        token = access.log_in(cache.workspace().store, username, PASSWORD) if username else ""
        at.user = {"session": token}
        return at.run()

    return run


def shown(at: AppTest) -> str:
    """All that the page says in HTML of ours, and in notices."""
    html = [h.body for h in at.get("html") if not h.body.startswith("<style")]
    return "\n".join([*html, *(i.value for i in (*at.info, *at.warning, *at.error))])
