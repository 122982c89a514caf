"""The map of hot spots in a real browser: drawn without WebGL, clicked, moved, and made a joint inspection."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.browser import house
from tests.browser.house import FLAGS, Visit, press

pytestmark = pytest.mark.browser

HOUSES = "/hotspots?domain=self_built_housing"
MAP = ".st-key-card-hot-map .map"

_TESTED = """
from pilotwatch.hotspots import keep
from pilotwatch.workspace import Workspace
from tests.pages.test_hotspots import HOUSES, heat
house = Workspace.open()
keep.update(house.store, house.registry, house.places, domain=HOUSES)
for layer in ("streets", "cells"):
    heat(house, layer, "650102", period="2026-09")
    heat(house, layer, "650102")
"""

#: How many colours the map shows, of pixels that are not too few to be seen.
_COLOURS = """(map) => {
  const canvas = map.querySelector('canvas'), data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data, seen = {};
  for (let i = 0; i < data.length; i += 4) { const key = data.slice(i, i + 4).join(); seen[key] = (seen[key] || 0) + 1; }
  return Object.entries(seen).filter(([, n]) => n > 30).map(([colour]) => colour);
}"""


@pytest.fixture(scope="module")
def tested_address(tmp_path_factory):
    """A demo city whose housing is tested, with a hot street and a hot cell in 天山区, served."""
    var = tmp_path_factory.mktemp("hot")
    house.make_city(var, 0.02)
    house._python(var, "-c", _TESTED)
    with house.serving(var) as base:
        yield base


def drawn(page):
    """The map, once it is drawn."""
    page.wait_for_selector(f"{MAP}[data-drawn]")
    return page.locator(MAP).last


def test_the_map_is_drawn_where_there_is_no_webgl(browser, tested_address):
    """As on a virtual desktop; red is the hot place, and whose boundaries they are stands on the map."""
    without = browser.browser_type.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, "--disable-3d-apis"])
    visit = Visit(without, tested_address)
    page = visit.log_in("city")
    visit.open(f"{HOUSES}&layer=streets")
    colours = drawn(page).evaluate(_COLOURS)
    assert "200,16,46,255" in colours and len(colours) >= 5
    assert re.search(r"审图号 GS\(\d{4}\)\d+号", page.locator(f"{MAP} .source").inner_text())
    assert (visit.outside, visit.faults) == ([], [])
    without.close()


def test_a_click_on_a_place_and_on_a_district_is_followed_by_the_rest(visit, tested_address):
    city = visit(tested_address)
    page = city.log_in("city")
    city.open(f"{HOUSES}&layer=streets")
    map_ = drawn(page)
    assert "place=650102" in page.url
    before = page.url
    box = map_.bounding_box()
    clicked = None
    for x, y in (
        (0.2, 0.8),
        (0.8, 0.75),
        (0.85, 0.4),
        (0.15, 0.3),
        (0.5, 0.9),
    ):  # until a district lies there that isn't a place
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        told = page.locator(f"{MAP} .tip")
        if told.is_visible() and "点击查看该区县" in told.inner_text():
            clicked = told.locator("b").inner_text()
            page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
            break
    assert clicked
    page.wait_for_url(re.compile(r"unit=6501"))
    city.settle()
    assert page.url != before
    assert page.locator(".pw-judge").inner_text().startswith(clicked)


def test_a_hot_place_becomes_a_joint_inspection_in_one_click_that_leads_back(visit, tested_address):
    city = visit(tested_address)
    page = city.log_in("city")
    city.open(f"{HOUSES}&layer=cells")
    drawn(page)
    place = re.search(r"place=(\w+)", page.url).group(1)
    press(page, "hot-joint")
    note = page.locator(".st-key-card-hot-one .pw-note-good a.pw-to")
    note.wait_for()
    number = note.inner_text()
    assert number.startswith("XS-SBH-")
    city.settle()
    note.click()
    page.locator(".st-key-card-case-about").get_by_text("风险热点联合检查").wait_for()
    page.locator(".pw-judge a.pw-to").first.click()
    page.wait_for_url(re.compile(rf"/hotspots.*place={place}"))
    drawn(page)
    assert number in page.locator(".st-key-card-hot-one").inner_text()


def test_two_months_move_together_and_points_are_drawn(visit, tested_address):
    city = visit(tested_address)
    page = city.log_in("city")
    city.open(f"{HOUSES}&layer=cells&beside=2026-09&points=1")
    maps = page.locator(f"{MAP}[data-drawn]")
    page.wait_for_function(
        "() => document.querySelectorAll('.st-key-card-hot-map [data-testid=stColumn]').length === 2"
    )
    drawn(page)
    assert maps.count() == 2
    assert int(maps.last.get_attribute("data-points")) > 100
    pixel = """(map) => { const c = map.querySelector('canvas'); return c.toDataURL().length; }"""
    was = [m.evaluate(pixel) for m in maps.all()]
    maps.first.locator("button[name=nearer]").click()
    page.wait_for_timeout(600)
    now = [m.evaluate(pixel) for m in maps.all()]
    assert all(a != b for a, b in zip(was, now, strict=True))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_the_map_and_the_lists_fit(visit, tested_address, language):
    person = visit(tested_address, viewport={"width": 390, "height": 844})
    page = person.log_in("tianshan", language=language)
    person.open(f"{HOUSES}&layer=streets")
    map_ = drawn(page)
    sticks_out = "Math.max(...[document.documentElement, document.querySelector('.stMain')].map(e => e.scrollWidth - e.clientWidth))"
    assert page.evaluate(sticks_out) == 0
    assert 300 < map_.bounding_box()["width"] < 390


def test_what_is_seen_can_be_taken_out(visit, tested_address):
    leader = visit(tested_address)
    page = leader.log_in("tianshan")
    leader.open(f"{HOUSES}&layer=streets")
    drawn(page)
    begins = {"png": b"\x89PNG", "xlsx": b"PK", "geojson": b'{"type": "Featur', "gpkg": b"SQLite format 3"}
    for form, head in begins.items():
        with page.expect_download() as waiting:
            press(page, f"hot-take-{form}")
        assert waiting.value.suggested_filename == f"hotspots-self_built_housing-risk-streets-650102-2026-11.{form}"
        assert waiting.value.path().read_bytes().startswith(head)
