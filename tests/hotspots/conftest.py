"""A demo city of a fifth of the size, tested for hot spots once for all tests of this folder."""

from __future__ import annotations

import json

import pytest

from pilotwatch import demo
from pilotwatch.hotspots import keep
from pilotwatch.settings import ROOT, Settings
from pilotwatch.workspace import Workspace


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    """The workspace, and the streets planted hot."""
    var = tmp_path_factory.mktemp("hot")
    workspace = Workspace.open(
        Settings(var=var, database_url=f"sqlite:///{var / 'demo.db'}", data=ROOT / "data", domains=ROOT / "domains")
    )
    demo.build(workspace, size=0.2)
    keep.update(workspace.store, workspace.registry, workspace.places)
    planted = json.loads((var / "demo-truth.json").read_text())["planted"]
    yield workspace, {p["street"] for p in planted if p["kind"] == "hot_street"}
    workspace.store.close()
