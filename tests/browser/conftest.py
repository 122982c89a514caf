"""A server of each worker's own and one browser for all of its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import house
from tests.browser.house import Visit


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with house.chromium() as found:
        yield found


@pytest.fixture(scope="module")
def city_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo city of some hundred subjects, served."""
    var = tmp_path_factory.mktemp("city")
    house.make_city(var, 0.02)
    with house.serving(var) as base:
        yield base


@pytest.fixture(scope="module")
def empty_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo store that begins empty, served."""
    var = tmp_path_factory.mktemp("empty")
    house.make_empty(var)
    with house.serving(var) as base:
        yield base


# Plotly, interrupted while it draws by a page that is left, looks for its own parts after they are gone ("typesetMath"
# of undefined): nobody sees it, and it says nothing about our pages.
@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens a browser at an address; at the end no request may have left the server and no page have failed."""
    visits: list[Visit] = []

    def opened(base: str, **options) -> Visit:
        visits.append(Visit(browser, base, **options))
        return visits[-1]

    yield opened
    outside = [url for v in visits for url in v.outside]
    faults = [fault for v in visits for fault in v.faults if "typesetMath" not in fault]
    for v in visits:
        v.close()
    assert outside == []
    assert faults == []
