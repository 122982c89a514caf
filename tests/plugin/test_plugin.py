"""A domain that somebody else packaged: built, installed and found like any other, and the docs show exactly it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pilotwatch import conformance, registry
from pilotwatch.levels import level_of

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PACKAGE = HERE / "elevators"
ON = date(2026, 11, 23)


def install(source: Path, target: Path) -> Path:
    """Builds the wheel with the package's own build backend and unpacks it, which is what installing it is."""
    build = "import sys, hatchling.build; print(hatchling.build.build_wheel(sys.argv[1]))"
    target.mkdir()
    made = subprocess.run([sys.executable, "-c", build, target], cwd=source, check=True, capture_output=True, text=True)
    wheel = target / made.stdout.split()[-1]
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(target)
    wheel.unlink()
    return target


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    return install(PACKAGE, tmp_path_factory.mktemp("plugin") / "site")


@pytest.fixture
def found(installed, monkeypatch) -> Iterator[registry.Registry]:
    monkeypatch.syspath_prepend(str(installed))
    yield registry.load()
    sys.modules.pop("elevators", None)


def test_an_installed_domain_is_found_beside_the_pilots(found):
    assert [d.name for d in found.domains] == ["prepaid_cards", "refined_oil", "self_built_housing", "elevators"]
    assert found.broken == ()
    assert found.dataset("elevator").columns()[0].title.zh == "设备注册代码"


def test_it_passes_the_conformance_kit(found):
    assert conformance.check(found.domain("elevators")) == []


def test_its_indicators_are_judged_like_ours(found):
    days = ["2026-11-22", "2026-11-23", "2026-12-01", "2026-12-24", None]
    rows = pd.DataFrame({"subject_id": list("abcde"), "next_check_on": days, "trapped": [5, 4, 1, 0, None]})
    due, trapped = found.domain("elevators").indicators
    frames = {"elevator": rows}

    assert list(level_of(due.compute(frames, ON), due.levels)) == ["red", "orange", "yellow", "normal", "nodata"]
    assert list(level_of(trapped.compute(frames, ON), trapped.levels)) == [
        "red",
        "orange",
        "yellow",
        "normal",
        "nodata",
    ]


def test_checks_and_complaints_can_be_about_its_subjects(found):
    assert found.dataset("inspection").column("device_no").refers_to == "elevator"
    assert "device_no" in found.dataset("complaint").spec.subject_fields


def test_a_broken_installed_domain_is_named_and_the_pilots_go_on(tmp_path, monkeypatch):
    source = shutil.copytree(PACKAGE, tmp_path / "source", ignore=shutil.ignore_patterns("__pycache__"))
    (source / "elevators.py").write_text("import a_library_that_is_not_installed\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(install(source, tmp_path / "site")))

    found = registry.load()

    assert [d.name for d in found.domains] == ["prepaid_cards", "refined_oil", "self_built_housing"]
    (broken,) = found.broken
    assert broken.name == "elevators"
    assert "No module named 'a_library_that_is_not_installed'" in broken.reason.zh


def test_its_workbook_goes_the_whole_way_from_upload_to_store(installed, tmp_path):
    lifts = tmp_path / "电梯台账.csv"
    lifts.write_text(
        "设备注册代码,安装地点,区县,下次检验日期,近一年困人次数\n"
        "31106501022015080001,人民电影院,天山区,2026-11-22,无\n"
        "31106501032015080002,友好商场,沙区,2027.3.1,-1\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "pilotwatch.cli", "upload", "auto", lifts, "--json", "--good-rows"],
        env={**os.environ, "PYTHONPATH": str(installed), "PILOTWATCH_VAR": str(tmp_path / "var"),
             "PILOTWATCH_DATABASE_URL": ""},
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    told = json.loads(run.stdout)

    assert (told["dataset"], told["rows_read"], told["rows_ready"]) == ("elevator", 2, 1)
    assert [(f["row"], f["field"], f["rule"], f["value"]) for f in told["findings"] if f["severity"] == "error"] == [
        (3, "trapped", "range", "-1")
    ]
    assert told["batch"]


def blocks(text: str, language: str) -> list[str]:
    return [part.split("```")[0] for part in text.split(f"```{language}\n")[1:]]


def test_the_guide_shows_exactly_this_package():
    guide = (ROOT / "docs" / "add-a-domain.md").read_text(encoding="utf-8")

    assert blocks(guide, "toml") == [(PACKAGE / "pyproject.toml").read_text(encoding="utf-8")]
    assert blocks(guide, "python")[0] == (PACKAGE / "elevators.py").read_text(encoding="utf-8")
