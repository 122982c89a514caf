"""Logging in by an identity provider, and 账号与权限, in a real browser."""

from __future__ import annotations

import pytest

from tests.access import idp as idps
from tests.browser import house
from tests.browser.house import Visit, press

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def idp():
    with idps.running() as running:
        yield running


@pytest.fixture(scope="module")
def address(tmp_path_factory, idp):
    var = tmp_path_factory.mktemp("sign-on")
    house.make_empty(var)
    known = {"ISSUER": idp.issuer, "CLIENT_ID": idps.CLIENT, "CLIENT_SECRET": idps.SECRET}
    with house.serving(
        var, PILOTWATCH_PUBLIC_URL="{base}", **{f"PILOTWATCH_OIDC_{n}": v for n, v in known.items()}
    ) as base:
        yield base


def test_an_administrator_links_somebody_who_then_logs_in_by_the_provider_and_out_again(browser, address, idp):
    admin, person = Visit(browser, address), Visit(browser, address)
    page = person.page
    page.goto(f"{address}/login")
    page.get_by_text("使用统一身份认证登录").click()
    assert (
        "还没有与您对应的账号" in page.locator(".error").inner_text()
        and "u-1001" in page.locator(".error").inner_text()
    )

    office = admin.log_in("admin")
    admin.open("/accounts?account=city")
    office.get_by_label("身份编号", exact=True).fill("u-1001")
    office.get_by_role("button", name="关联", exact=True).click()
    office.get_by_text("已绑定身份编号").wait_for()

    page.goto(f"{address}/login?next=%2Fdictionary")
    page.get_by_text("使用统一身份认证登录").click()
    page.wait_for_selector(".pw-stamps")
    assert page.url == f"{address}/dictionary"
    page.reload()
    page.wait_for_selector(".pw-stamps")
    person.open("/me")
    assert "统一身份认证" in page.locator(".st-key-card-sessions").inner_text()
    press(page, "pw-user")
    press(page, "pw-log-out")
    page.wait_for_url(f"{address}/login?out=1")
    assert "/bye" in [path for path, _ in idp.asked], "logged out there, too"
    page.goto(address)
    assert "/login" in page.url

    admin.open("/accounts?account=city")
    office.get_by_role("button", name="停用账号").click()
    office.get_by_role("button", name="确认停用").click()
    office.get_by_role("button", name="恢复使用").wait_for()
    page.goto(f"{address}/login")
    page.get_by_text("使用统一身份认证登录").click()
    assert "已停用" in page.locator(".error").inner_text()
    assert {u for u in person.outside if not u.startswith(idp.issuer)} == set() and admin.outside == []
    assert person.faults == admin.faults == []
    for visit in (admin, person):
        visit.close()
