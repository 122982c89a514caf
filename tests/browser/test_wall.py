"""大屏轮播 and what is printed: slides on a screen of its own, and pages on paper."""

from __future__ import annotations

import io
import re
import unicodedata

import pypdf
import pytest

pytestmark = pytest.mark.browser
WALL = {"width": 1920, "height": 1080}
TOO_LARGE = """[...document.querySelectorAll('#main section')].filter(s => s.scrollHeight > s.clientHeight + 2
  || s.scrollWidth > s.clientWidth + 2).map(s => s.dataset.name)"""
SMALLEST = """Math.min(...[...document.querySelectorAll('#main section *')].filter(e => e.children.length === 0 && e.textContent.trim()
  && !e.closest('svg, .source')).map(e => parseFloat(getComputedStyle(e).fontSize))) / innerHeight"""


def shown(page):
    return page.locator("section.shown").get_attribute("data-name")


def ready(page):
    page.locator("section.shown[data-name]").wait_for()
    return page


def test_slides_turn_over_stay_and_outlive_the_server(visit, city_address):
    wall = visit(city_address, viewport=WALL)
    page = wall.log_in("city")
    asked = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(f"{city_address}/wall/show?every=10")
    ready(page)
    names = page.evaluate("[...document.querySelectorAll('#main section')].map(s => s.dataset.name)")
    assert names[:7] == ["judged", "map", "red", "cases", "joint", "reports", "policy"]
    assert len([n for n in names if n.startswith("unit-")]) >= 8  # the city's office sees all units, one after another
    page.wait_for_timeout(600)
    assert page.evaluate(TOO_LARGE) == []
    assert page.evaluate(SMALLEST) > 0.017
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert shown(page) == "red" and "slide=red" in page.url
    page.reload()  # it stays where it was
    ready(page)
    page.wait_for_function("document.querySelector('section.shown')?.dataset.name === 'red'")
    n = len(asked)
    page.wait_for_function(
        "document.querySelector('section.shown').dataset.name === 'cases'", timeout=30_000
    )  # by itself
    assert [u for u in asked[n:] if not u.endswith("/assets/icon.svg")] == []  # which asks the server nothing
    page.keyboard.press(" ")
    assert "已暂停" in page.locator("#state").inner_text()
    page.route("**/wall/slides*", lambda route: route.abort())
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("#banner", has_text="与服务器失去联系").wait_for()
    assert page.locator("section.shown .said").first.inner_text()  # the last picture stays


def test_names_are_masked_and_a_leader_sees_the_own_unit(visit, city_address):
    wall = visit(city_address, viewport=WALL)
    page = wall.log_in("tianshan")
    page.goto(f"{city_address}/wall/show?slide=red")
    ready(page)
    told = page.evaluate("document.getElementById('main').textContent")
    assert "有限公司" not in told and "沙依巴克区" not in told and "天山区" in told
    assert not page.evaluate(
        "[...document.querySelectorAll('#main section')].some(s => s.dataset.name.startsWith('unit-'))"
    )
    answer = page.request.get(f"{city_address}/wall/slides?unit=650109")
    assert answer.status == 401
    first = page.request.get(f"{city_address}/wall/slides")
    again = page.request.get(f"{city_address}/wall/slides", headers={"if-none-match": first.headers["etag"]})
    assert (first.status, again.status, again.body()) == (200, 304, b"")


def test_a_screen_keeps_playing_without_a_log_in_until_it_is_stopped(visit, city_address):
    wall, office = visit(city_address, viewport=WALL), visit(city_address)
    page = wall.log_in("city")
    page.goto(f"{city_address}/wall/keep?unit=650102")
    page.get_by_label("给这块大屏起个名字").fill("三楼会议室")
    page.get_by_role("button", name="开始播放").click()
    page.wait_for_url(re.compile("/wall/show"))
    ready(page)
    assert "天山区" in page.locator("#scope").inner_text()
    page.goto(
        f"{city_address}/warnings"
    )  # the log-in on this machine has ended, and the screen's is good for nothing else
    page.wait_for_url(re.compile("/login"))
    assert page.request.get(f"{city_address}/wall/slides").status == 200
    desk = office.log_in("city")
    office.open("/wall")
    desk.locator(".st-key-card-wall-mine", has_text="三楼会议室").wait_for()
    desk.locator(".st-key-wall-stop button").click()
    desk.locator(".pw-note", has_text="已停止").wait_for()
    assert page.request.get(f"{city_address}/wall/slides").status == 401


def plain(words: str) -> str:
    """Without spaces, and with the characters that a font draws by a radical's glyph as they are written."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words))


def printed(page) -> list[str]:
    paper = page.pdf(prefer_css_page_size=True)
    return [plain(p.extract_text()) for p in pypdf.PdfReader(io.BytesIO(paper)).pages]


def test_pages_on_paper(visit, city_address):
    office = visit(city_address)
    office.log_in("city")
    for path, title, whole in (
        ("/", "总览", ".pw-concerns"),
        ("/policy", "政策任务台账", ".pw-policy"),
    ):
        page = office.open(path)
        page.locator(whole).first.wait_for()
        asked = plain(page.locator(whole).first.locator("b").last.inner_text())
        sheets = printed(page)
        assert title in sheets[0] and "打印人" in sheets[0] and "(city)" in sheets[0]
        assert f"{len(sheets)}/{len(sheets)}" in sheets[-1]  # pages are numbered
        told = "".join(sheets)
        assert asked in told  # the last of a list isn't cut
        assert "退出登录" not in told and "English" not in told
    wide = pypdf.PdfReader(io.BytesIO(office.open("/policy").pdf(prefer_css_page_size=True))).pages[0].mediabox
    assert wide.width > wide.height
