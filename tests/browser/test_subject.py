"""From a warning to its subject and down to the row of a file, in a real browser; and that another unit's subject is none."""

from __future__ import annotations

import re

import pytest

from tests.browser.house import press

pytestmark = pytest.mark.browser


def test_a_leader_goes_from_a_warning_to_the_subject_and_down_to_the_row_of_a_file(visit, city_address):
    leader = visit(city_address)
    page = leader.log_in("tianshan")
    leader.open("/warnings?level=red")
    page.wait_for_selector(".pw-sentences li")
    number = page.locator(".pw-warnings tbody td a.pw-to[href*=warning]").first
    assert re.search(r"warning=YJ-[A-Z]+-\d{8}-\d{5}", number.get_attribute("href"))
    number.click()
    page.wait_for_selector(".st-key-card-warning")
    name = page.locator(".st-key-card-warning .pw-name").inner_text()
    problem = page.locator(".st-key-card-warning .pw-who b").inner_text()
    leader.settle()
    press(page, "warning-subject")
    page.wait_for_selector(".st-key-card-subject")
    leader.settle()
    assert re.search(r"/subject\?subject=[0-9a-f-]{36}", page.url)
    assert problem in page.locator(".st-key-card-subject-why [data-testid=stSelectbox] input").input_value()
    assert page.locator(".st-key-card-subject .pw-name").inner_text() == name
    assert problem in page.locator(".st-key-card-subject-warnings").inner_text()
    assert page.locator(".st-key-card-subject-map .js-plotly-plot").count() == 1

    fold = page.locator(".st-key-card-subject-why [data-testid=stExpander]")
    fold.locator("summary").click()
    source = fold.locator(".pw-sources tbody tr").first
    source.wait_for()
    assert re.search(r"演示数据/.+第 \d+ 行", re.sub(r"\s+", " ", source.inner_text()))
    trace = page.locator(".pw-timeline details").first
    trace.locator("summary").click()
    assert "演示数据/" in trace.inner_text()


def test_another_units_subject_is_a_sentence(visit, city_address):
    city = visit(city_address)
    page = city.log_in("city")
    city.open("/warnings?unit=650109")
    page.wait_for_selector(".pw-sentences li")
    href = page.locator(".pw-sentences a[href*=subject]").first.get_attribute("href")
    leader = visit(city_address)
    other = leader.log_in("tianshan")
    leader.open(href)
    other.get_by_text("没有这个监管对象，或不在您的权限范围内").wait_for()
    assert other.locator(".st-key-card-subject").count() == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_the_subject_fits(visit, city_address, language):
    person = visit(city_address, viewport={"width": 390, "height": 844})
    page = person.log_in("city", language=language)
    person.open("/warnings")
    page.wait_for_selector(".pw-sentences li")
    person.open(page.locator(".pw-sentences a[href*=subject]").first.get_attribute("href"))
    page.wait_for_selector(".st-key-card-timeline")
    person.settle()
    sticks_out = "Math.max(...[document.documentElement, document.querySelector('.stMain')].map(e => e.scrollWidth - e.clientWidth))"
    assert page.evaluate(sticks_out) == 0
