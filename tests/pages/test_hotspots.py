"""风险热点 as its readers see it: nothing before a test, then the places of the own scope."""

from __future__ import annotations

import pytest

from pilotwatch.access import person
from pilotwatch.hotspots import keep
from pilotwatch.store import hotspots as shelf
from tests.pages.conftest import shown


def test_before_a_test_the_page_says_how_it_comes_to_be(city, see):
    at = see("hotspots", "city")
    assert not at.exception
    assert "还没有检验结果" in shown(at)
    assert "现在检验" in [b.label for b in at.button]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("layer", ["cells", "streets"])
def test_after_a_test_the_page_tells_the_hot_places_of_the_scope(city, see, layer, language):
    keep.update(city.store, city.registry, city.places, domain="self_built_housing")
    for username in ("city", "tianshan"):
        at = see("hotspots", username, language=language, query={"domain": "self_built_housing", "layer": layer})
        assert not at.exception
        desk = city.desk(person(city.store, username))
        found = shelf.places(desk, "self_built_housing", "risk", layer, shelf.runs(desk)[0].period)
        assert f"{len(found):,}" in shown(at)
