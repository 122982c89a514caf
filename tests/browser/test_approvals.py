"""数据审核: the district approves, the city accepts, lets changes in for a while, and returns with a remark."""

from __future__ import annotations

import re

import pytest

from tests.browser.test_cases import choose

pytestmark = pytest.mark.browser

MONTH = "2026-10"
HERE = f"/approvals?month={MONTH}"
SIZES = ({"width": 1440, "height": 900}, {"width": 1920, "height": 1080}, {"width": 390, "height": 844})
STICKS_OUT = (
    "Math.max(...[document.documentElement, document.querySelector('.stMain')].map(e => e.scrollWidth - e.clientWidth))"
)


def board(page):
    """The row of 天山区: by domain how it stands."""
    return page.locator(".pw-approvals tbody tr", has_text="天山区").first.inner_text()


def act(visit, name, *, group="综合监管改革", words=None):
    """One act on the reform's figures of 天山区."""
    page = visit.open(HERE)
    page.locator(".st-key-approvals-act button", has_text=re.compile(f"^{name}$")).first.click()
    visit.settle()
    card = page.locator(".st-key-card-approvals-decide")
    if card.locator(".st-key-approvals-units").count():
        choose(page, "单位", "天山区")
        page.keyboard.press("Escape")  # a list of several stays open, and hides the rest from who can't see
        visit.settle()
    choose(page, "领域范围", group)
    page.keyboard.press("Escape")
    visit.settle()
    if words:
        card.locator("textarea").fill(words)
    card.locator("[data-testid=stFormSubmitButton] button:visible").click()
    page.locator(".pw-note-good, .stAlert").first.wait_for()
    visit.settle()
    return page


def test_from_the_district_to_the_city_and_back(visit, city_address):
    district, office = visit(city_address), visit(city_address)
    district.log_in("tianshan")
    office.log_in("city")
    assert "区县已审核" in board(act(district, "审核通过"))
    assert "市级已验收" in board(act(office, "验收"))
    page = act(office, "开放限期修改", words="漏报一家，补报后关闭")
    assert "限期修改至" in page.locator(".pw-approvals").inner_text()
    page = act(office, "退回", words="扫码编号重复，请核实后重报")
    assert "已退回" in board(page)
    page = district.open(f"{HERE}&of=reform")
    assert "扫码编号重复，请核实后重报" in page.locator(".st-key-card-approvals-one").inner_text()


def test_the_screen_holds_at_three_sizes_in_both_languages(visit, city_address):
    for size in SIZES:
        for language in ("zh", "en"):
            here = visit(city_address, viewport=size)
            here.log_in("city", language=language)
            page = here.open(HERE + ("&lang=en" if language == "en" else ""))
            assert page.evaluate(STICKS_OUT) == 0, (size, language)
            assert page.locator(".pw-approvals tbody tr").count() == 9
