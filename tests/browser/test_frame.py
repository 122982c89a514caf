"""The frame around the pages in a real browser: log-in, language, roles, theme, and a phone."""

from __future__ import annotations

import pytest

from tests.browser.house import press

pytestmark = pytest.mark.browser

PAGES = ("/", "/warnings", "/subject", "/upload", "/dictionary")
PHONE = {"viewport": {"width": 390, "height": 844}}


def overflow(page):
    """How many pixels of the page stick out on the right."""
    return page.evaluate(
        "Math.max(...[document.documentElement, document.querySelector('.stMain')].map(e => e ? e.scrollWidth - e.clientWidth : 0))"
    )


def test_a_reload_and_a_second_tab_stay_logged_in_and_a_log_out_ends_both(visit, city_address):
    person = visit(city_address)
    page = person.log_in("city")
    page.wait_for_selector(".pw-judge")
    page.reload()
    page.wait_for_selector(".pw-judge")
    second = person.context.new_page()
    second.goto(city_address)
    second.wait_for_selector(".pw-judge", timeout=90_000)
    person.settle()
    press(page, "pw-user")
    press(page, "pw-log-out")
    page.get_by_text("您已退出登录").first.wait_for()
    second.locator(".st-key-domain button").nth(1).click()
    second.get_by_text("登录已结束").wait_for(timeout=90_000)
    second.goto(city_address)
    assert "/login" in second.url


def test_a_wrong_password_is_said_on_the_page(visit, city_address):
    person = visit(city_address)
    page = person.page
    page.goto(f"{city_address}/login")
    page.fill("input[name=username]", "city")
    page.fill("input[name=password]", "wrong-password-1")
    page.locator("button.primary").click()
    assert "用户名或密码不正确" in page.locator(".error").inner_text()
    assert page.input_value("input[name=username]") == "city"
    assert "password" not in page.url


def test_the_language_is_switched_in_place_and_remembered(visit, city_address):
    person = visit(city_address)
    page = person.log_in("city")
    page.wait_for_selector(".pw-judge")
    person.settle()
    press(page, "pw-language")
    page.get_by_text("Whole city: of ").wait_for()
    person.settle()
    links = page.locator("[data-testid=stTopNavLink]").all_inner_texts()
    assert {"Overview", "Upload", "Data dictionary"} <= {t.strip() for t in links}
    assert all(t.isascii() for t in links)
    assert "lang=en" in page.url
    page.goto(city_address)
    page.get_by_text("Whole city: of ").wait_for()
    page.locator("[data-testid=stTopNavLink]", has_text="Data dictionary").click()
    page.get_by_text("Also called").wait_for()


def test_a_deep_link_leads_through_the_log_in_to_its_view(visit, city_address):
    person = visit(city_address)
    page = person.page
    page.goto(f"{city_address}/upload")
    assert "/login?next=%2Fupload" in page.url
    page.click("button[value=oil]")
    page.wait_for_selector("[data-testid=stFileUploaderDropzone]")
    assert page.url.startswith(f"{city_address}/upload")


def test_the_auditor_sees_neither_the_overview_nor_the_upload_in_the_navigation(visit, city_address):
    person = visit(city_address)
    page = person.log_in("auditor")
    page.wait_for_selector(".st-key-card-audit")  # their first page
    person.open("/upload")
    page.get_by_text("数据由试点专班和市级专班办公室上报").wait_for()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_nothing_sticks_out(visit, city_address, path, language):
    person = visit(city_address, **PHONE)
    page = person.page
    page.goto(f"{city_address}/login?lang={language}")
    assert overflow(page) == 0
    person.log_in("city", language=language)
    person.open(path)
    page.wait_for_selector("[class*='st-key-card']")
    person.settle()
    assert overflow(page) == 0
    top = page.locator(".st-key-pw-top").bounding_box()
    assert top["x"] >= 0
    assert top["x"] + top["width"] <= 390


def test_the_dark_theme_reaches_what_we_draw(visit, city_address):
    person = visit(city_address, color_scheme="dark")
    page = person.log_in("city")
    page.wait_for_selector(".st-key-card-concerns")
    person.settle()
    colours = page.evaluate(
        "['.stApp', '.st-key-card-concerns'].map(s => getComputedStyle(document.querySelector(s)).backgroundColor)"
    )
    assert colours == ["rgb(15, 22, 30)", "rgb(24, 34, 45)"]


def test_every_page_says_that_the_data_is_synthetic(visit, city_address):
    person = visit(city_address)
    person.log_in("city")
    for path in PAGES:
        page = person.open(path)
        page.wait_for_selector(".pw-demo")
        assert page.locator(".pw-demo").inner_text() == "演示数据 · 合成"
