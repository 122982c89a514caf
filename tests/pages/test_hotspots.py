"""风险热点 as its readers see it: nothing before a test, then the places of the own scope, and what a click leads to."""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilotwatch import disposal, hotspots
from pilotwatch.access import person
from pilotwatch.hotspots import keep
from pilotwatch.settings import Settings
from pilotwatch.store import SYSTEM, hot_points
from pilotwatch.store import hotspots as shelf
from pilotwatch.workspace import Workspace
from tests.pages.conftest import shown
from ui.hotspots import canvas, sheet, words
from ui.texts import text

HOUSES = "self_built_housing"


@pytest.fixture(scope="module")
def tested_city(made_city, tmp_path_factory) -> Path:
    """The folder of the demo city with its housing tested."""
    folder = tmp_path_factory.mktemp("tested")
    shutil.copytree(made_city, folder, dirs_exist_ok=True)
    workspace = Workspace.open(Settings(var=folder, database_url=None))
    keep.update(workspace.store, workspace.registry, workspace.places, domain=HOUSES)
    workspace.store.close()
    return folder


@pytest.fixture
def tested(tested_city, tmp_path, open_house):
    """It, the test's own copy."""
    shutil.copytree(tested_city, tmp_path, dirs_exist_ok=True)
    return open_house()


def heat(house, layer: str, unit: str, *, period: str | None = None) -> str:
    """Makes the place of a unit with most subjects a hot one, as a test would have kept it; its name."""
    desk = house.desk(SYSTEM)
    run = next(r for r in shelf.runs(desk) if (r.domain, r.measure, r.layer) == (HOUSES, "risk", layer))
    places = shelf.places(desk, HOUSES, "risk", layer, run.period)
    at = places[places["report_unit"] == unit].sort_values(["subjects", "place"], ascending=[False, True]).index[0]
    places.loc[at, ["observed", "ratio", "low", "high", "p"]] = [9.0, 3.2, 1.4, 6.1, 0.0001]
    places.loc[at, ["hot", "state"]] = [True, "hot"]
    kept = {n: v for n, v in asdict(run).items() if n not in ("at", "elsewhere")} | {
        "period": period or run.period,
        "hot": 1,
    }
    shelf.put(house.store, kept, places)
    return str(places.loc[at, "place"])


def test_before_a_test_the_page_says_how_it_comes_to_be(city, see):
    at = see("hotspots", "city")
    assert not at.exception
    assert "还没有检验结果" in shown(at)
    assert "现在检验" in [b.label for b in at.button]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("layer", words.LAYERS)
def test_after_a_test_the_page_tells_the_places_of_the_scope(tested, see, layer, language):
    for username in ("city", "tianshan"):
        at = see("hotspots", username, language=language, query={"domain": HOUSES, "layer": layer})
        assert not at.exception
        desk = tested.desk(person(tested.store, username))
        found = shelf.places(desk, HOUSES, "risk", layer, shelf.runs(desk)[0].period)
        assert f"{len(found):,}" in shown(at)
        for state, n in found["state"].value_counts().items():  # the legend tells every state with its number
            assert f"{text(f'hotspots.state_{state}')(language)} {n:,}" in shown(at) or state == "found"


def test_a_hot_place_is_told_with_what_is_behind_it(tested, see):
    place = heat(tested, "streets", "650102")
    at = see("hotspots", "tianshan", query={"domain": HOUSES, "layer": "streets"})
    assert not at.exception
    name = tested.places.streets[place].name
    assert f"最突出的是{name}" in shown(at)
    assert at.query_params["place"] in (place, [place])
    assert "为 3.2 倍（95% 区间 1.4–6.1）" in shown(at)
    assert "只有一期检验结果" in shown(at)


def test_a_click_on_a_district_is_followed_by_lists_and_the_map(tested, see):
    heat(tested, "streets", "650109")
    at = see("hotspots", "city", query={"domain": HOUSES, "layer": "streets"})
    assert "全市「红橙风险对象」" in shown(at)
    at.session_state["hot-wanted"] = {"unit": "650102", "place": None}  # what the component's click leaves
    at.run()
    assert not at.exception
    assert at.query_params["unit"] in ("650102", ["650102"])
    assert "天山区「红橙风险对象」" in shown(at)
    at.session_state["hot-wanted"] = {"unit": "650109", "place": None}
    at.run()
    assert "米东区「红橙风险对象」：1 个街道" in shown(at)


@pytest.mark.parametrize("layer", ["cells", "streets"])
def test_a_click_on_a_quiet_place_says_why_it_is_quiet(tested, see, layer):
    desk = tested.desk(person(tested.store, "city"))
    found = shelf.places(desk, HOUSES, "risk", layer, shelf.runs(desk)[0].period)
    for state, said in (("not_inspected", "未发现不等于没有问题"), ("nothing", "未发现问题"), ("xpcc", "由兵团管辖")):
        for place in found.loc[found["state"] == state, "place"].head(1):
            at = see("hotspots", "city", query={"domain": HOUSES, "layer": layer, "place": place})
            assert not at.exception
            assert said in shown(at)
            assert "发起联合检查" not in [b.label for b in at.button]


def test_a_joint_inspection_takes_one_click_and_is_there_once(tested, see):
    place = heat(tested, "streets", "650102")
    desk = tested.desk(person(tested.store, "city"))
    before = len(disposal.listed(desk))
    query = {"domain": HOUSES, "layer": "streets", "place": place}
    at = see("hotspots", "city", query=query)
    next(b for b in at.button if b.label == "发起联合检查").click().run()
    assert not at.exception
    made = disposal.listed(desk)
    made = made[made["channel"] == "风险热点(本系统)"]
    assert len(disposal.listed(desk)) == before + 1 and made["joint"].tolist() == [True]
    assert "已发起联合检查" in shown(at) and made["number"].iloc[0] in shown(at)
    again = see("hotspots", "tianshan", query=query)
    assert made["number"].iloc[0] in shown(again)
    assert "发起联合检查" not in [b.label for b in again.button]
    case = see("cases", "city", query={"case": made["number"].iloc[0]})
    assert not case.exception
    assert f"place={place}" in shown(case)  # the way back to the map


def test_the_months_that_are_kept_can_be_slid_through_and_laid_side_by_side(tested, see):
    place = heat(tested, "streets", "650102", period="2026-09")
    at = see("hotspots", "city", query={"domain": HOUSES, "layer": "streets", "period": "2026-09", "beside": "2026-11"})
    assert not at.exception
    assert at.select_slider[0].options == ["2026-09", "2026-11"] and at.select_slider[0].value == "2026-09"
    assert tested.places.streets[place].name in shown(at)
    assert "近 2 期检验中 1 期为热点" in shown(at)
    assert len(at.get("bidi_component")) == 2
    at.select_slider[0].set_value("2026-11").run()
    assert "没有显著高于全市水平的" in shown(at)


def test_points_are_told_by_their_kinds(tested, see):
    at = see("hotspots", "city", query={"domain": HOUSES, "layer": "streets", "points": "1"})
    assert not at.exception
    desk = tested.desk(person(tested.store, "city"))
    points = hot_points.points(desk, hot_points.Where(HOUSES))
    assert f"红色 {(points['rank'] == 0).sum():,}" in shown(at)


# --- what is told first ------------------------------------------------------------------------------------------


def test_the_screen_loads_none_of_the_libraries_behind_a_test():
    said = "import sys, ui.hotspots; print([m for m in ('scipy', 'h3', 'esda', 'pymannkendall', 'pilotwatch.hotspots') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_told_before_the_map_needs_none_of_them(tested, see, monkeypatch):
    """The sentence, the list and what is behind a street come out of the store alone."""
    heat(tested, "streets", "650102")
    for name in [m for m in sys.modules if m.startswith("pilotwatch.hotspots")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pilotwatch.hotspots", None)  # whoever imports it fails
    monkeypatch.setattr("ui.hotspots.units", lambda *_: None)
    at = see("hotspots", "city", query={"domain": HOUSES, "layer": "streets"})
    assert "最突出的是" in shown(at) and "为 3.2 倍" in shown(at)
    assert len(at.get("bidi_component")) == 1


def test_the_words_of_the_screen_are_those_of_the_tests(tested):
    assert tuple(hotspots.STATES) == words.STATES and set(words.LAYERS) <= set(hotspots.LAYERS)
    for names, prefix in ((hotspots.STATES, "state"), (hotspots.COURSES, "course")):
        for name, told in names.items():
            if name != "none":
                assert text(f"hotspots.{prefix}_{name}") == told
    for domain in tested.registry.domains:
        told = keep.measures(domain)
        assert list(told) == list(words.measures(_Chinese(), domain))
        assert [t.zh for t in told.values()] == list(words.measures(_Chinese(), domain).values())


class _Chinese:
    say = staticmethod(lambda key: text(key).zh)
    pick = staticmethod(lambda told: told.zh)


# --- what is sent ------------------------------------------------------------------------------------------------


def test_the_square_keeps_places_to_a_few_metres(tested):
    square = canvas.square_of(tested.places)
    assert 2 < square.metre < 5
    west, south, east, north = (87.60, 43.80, 87.61, 43.81)
    (x0, y0), (x1, y1) = square.at([west, east], [south, north]).astype(float)
    # at 43.8° a hundredth of a degree is 803 m eastwards and 1,111 m northwards
    assert (x1 - x0) * square.metre == pytest.approx(803, rel=0.02)
    assert (y1 - y0) * square.metre == pytest.approx(1111, rel=0.02)
    assert square.at([0.0, 180.0], [0.0, 80.0]).tolist() == [[0, 0], [65535, 65535]]


def test_numbers_are_packed_as_the_component_reads_them():
    assert base64.b64decode(canvas.packed(np.array([[1, 256]], "<u2"))) == b"\x01\x00\x00\x01"
    assert base64.b64decode(canvas.packed(np.array([7, 255], np.uint8))) == b"\x07\xff"


def test_of_too_many_points_all_that_stand_out_stay_and_the_others_are_thinned_evenly():
    rows = pd.DataFrame({"n": range(1000), "mark": np.where(np.arange(1000) % 100 == 0, 0, 2)})
    kept = sheet.thinned(rows, 100)
    assert len(kept) == 100 and (kept["mark"] == 0).sum() == 10
    others = kept.loc[kept["mark"] == 2, "n"]
    assert others.iloc[0] == 1 and others.iloc[-1] == 999 and others.diff().max() <= 14
    assert sheet.thinned(rows, 1000) is rows
    assert (sheet.thinned(rows, 5)["mark"] == 0).all() and len(sheet.thinned(rows, 5)) == 5


def test_a_fill_says_how_much_of_the_citys_rate_or_why_there_is_none():
    run = shelf.Run("d", "risk", "cells", "2026-11", None, None, None, 100, 0, 10.0, 0, None, {}, (), False)
    rows = pd.DataFrame(
        [
            ("found", 0.079),
            ("found", 0.0801),
            ("found", 0.125),
            ("found", 0.2),
            ("hot", 0.5),
            ("nothing", 0.1),
            ("not_inspected", 0.1),
            ("no_data", 0.1),
            ("xpcc", np.nan),
        ],
        columns=["state", "smoothed"],
    )
    fills = sheet._fills(rows, sheet.Seen(None, run, rows, rows))
    # the city's rate is 0.1: 0.79, 0.801, 1.25 and 2 times it lie in the four classes, a bound in the upper one
    assert fills.tolist() == [0, 1, 2, 3, 5, 4, 4, 6, 7]
    assert sheet._marks(rows).tolist() == [0, 0, 0, 0, 1, 0, 2, 0, 4]
