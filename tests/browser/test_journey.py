"""The first journey, as a new user goes it: log in, upload each domain's workbook, mend, see it on the map, withdraw."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.house import ROOT, press

pytestmark = pytest.mark.browser

WORKBOOKS = ROOT.parent / "shared" / "data" / "workbooks"
FILES = {"oil": "加油站名录.xlsx", "cards": "预付卡发卡企业备案名单.xlsx", "housing": "自建房排查台账.xlsx"}
MENDS = {"oil": ("国营", "民营"), "cards": ("大型", "规模"), "housing": ("砖土", "砖木")}


def upload(visit, name):
    """Drops a file and waits until it is checked."""
    page = visit.page
    page.set_input_files("input[type=file]", WORKBOOKS / name)
    page.wait_for_selector(".st-key-card-commit")
    return visit.settle()


def figures(page):
    """The figures of the check: read, ready, errors, warnings."""
    return [
        int(t.replace(",", "").split("行")[0].split("处")[0])
        for t in page.locator(".st-key-card-found .pw-tile strong").all_inner_texts()
    ]


def mend(visit, found, right):
    """Writes `right` beside the failed cell that says `found`, as one does: walk there, type, Enter."""
    page = visit.page
    grid = page.locator(".st-key-card-findings [data-testid=stDataFrame]").first
    grid.scroll_into_view_if_needed()
    grid.locator("td").first.wait_for(state="attached")  # drawn on a canvas; the table beneath is for screen readers
    heads = grid.locator("th").all_text_contents()
    says, into = heads.index("填写"), heads.index("改为")
    texts = grid.locator(f"td[aria-colindex='{says + 1}']").all_text_contents()
    grid.locator(".dvn-scroller").click(position={"x": 30, "y": 52})
    for key, times in (("ArrowDown", texts.index(found)), ("ArrowRight", into)):
        for _ in range(times):
            page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.locator(".gdg-input").fill(right)
    page.keyboard.press("Enter")
    visit.settle()


def commit_good_rows(visit):
    page = visit.page
    for field in page.locator(".st-key-card-commit input[type=text]").all():
        field.fill("已与企业核实")
        field.press("Tab")
        visit.settle()
    page.locator(".st-key-good-rows label").click()
    visit.settle()
    press(page, "commit")
    page.wait_for_selector(".st-key-card-done")
    return visit.settle()


def test_teams_hand_in_the_city_office_sees_the_map_and_a_batch_is_withdrawn(visit, empty_address):
    for username in FILES:
        a_team_uploads_mends_commits_and_sees_it_on_the_map(visit(empty_address), username)
    the_city_office_looks_into_a_district(visit(empty_address))
    a_team_withdraws_and_the_overview_follows(visit(empty_address))


def a_team_uploads_mends_commits_and_sees_it_on_the_map(team, username):
    name = FILES[username]
    expected = json.loads((WORKBOOKS / name).with_suffix(".expected.json").read_text())
    errors, warnings = len(expected["errors"]), len(expected["warnings"])
    page = team.log_in(username)
    team.open("/upload")
    upload(team, name)
    assert figures(page) == [expected["data_rows"], expected["data_rows"] - errors, errors, warnings]

    mend(team, *MENDS[username])
    press(page, "mend-check")
    page.wait_for_selector(".st-key-mended-undo")
    team.settle()
    assert figures(page)[2] == errors - 1

    commit_good_rows(team)
    stored = expected["data_rows"] - errors + 1
    assert f"新增 {stored} 行" in page.locator(".st-key-card-done").inner_text()
    press(page, "to-map")
    page.wait_for_selector(".pw-judge")
    page.wait_for_selector(".st-key-card-map .choroplethlayer path")
    team.settle()
    subjects = re.search(r"([\d,]+) 户监管对象", page.locator(".pw-judge").inner_text())[1]
    assert int(subjects.replace(",", "")) == stored
    assert "（页面修改）" in page.locator(".st-key-card-batches").inner_text()


def the_city_office_looks_into_a_district(office):
    page = office.log_in("city")
    page.wait_for_selector(".st-key-card-map .choroplethlayer path")
    office.settle()
    assert page.locator(".st-key-card-domains .pw-bar").count() == len(FILES)
    assert page.locator(".st-key-card-map .choroplethlayer path").count() == 2 * 8  # the city, and its inner districts
    before = page.locator(".pw-judge").inner_text()
    inner = page.locator(".st-key-card-map .js-plotly-plot").nth(1)
    label = inner.locator("text", has_text="沙依巴克区").bounding_box()
    page.mouse.move(label["x"] + label["width"] / 2, label["y"] + 5)
    page.mouse.click(label["x"] + label["width"] / 2, label["y"] + 8, delay=80)
    page.wait_for_selector(".st-key-map-back")
    office.settle()
    assert page.locator(".pw-judge").inner_text().startswith("沙依巴克区 ")
    assert "unit=650103" in page.url
    press(page, "map-back")
    page.wait_for_selector(".st-key-map-back", state="detached")
    office.settle()
    assert page.locator(".pw-judge").inner_text() == before


def a_team_withdraws_and_the_overview_follows(team):
    page = team.log_in("oil")
    team.open("/upload")
    page.locator(".st-key-card-history [data-testid=stDataFrame] .dvn-scroller").click(position={"x": 20, "y": 52})
    page.wait_for_selector(".st-key-withdraw")
    team.settle()
    press(page, "withdraw")
    page.wait_for_selector(".st-key-withdraw-reason")
    press(page, "withdraw-do")
    page.get_by_text("请填写撤回原因").wait_for()
    page.locator(".st-key-withdraw-reason input").fill("误传了旧名录")
    page.locator(".st-key-withdraw-reason input").press("Tab")
    press(page, "withdraw-do")
    page.get_by_text("被其替换的数据已恢复").wait_for()
    team.settle()
    team.open("/")
    page.wait_for_selector(".pw-judge")
    assert "还没有监管对象" in page.locator(".pw-judge").inner_text()


@pytest.mark.parametrize(
    ("name", "content"),
    [("照片.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(500)), ("空.xlsx", b""), ("坏.xlsx", b"PK\x03\x04" + bytes(90))],
    ids=["a picture", "an empty file", "a broken archive"],
)
def test_a_hostile_file_gets_a_sentence_and_the_app_stays_up(visit, empty_address, name, content):
    team = visit(empty_address)
    page = team.log_in("oil")
    team.open("/upload")
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_text("这个文件没有入库").wait_for()
    team.settle()
    assert page.locator(".st-key-card-commit").count() == 0
    press(page, "other-file")
    page.get_by_text("这个文件没有入库").wait_for(state="detached")
    assert page.request.get(f"{empty_address}/healthz").json()["status"] == "ok"


def test_a_file_over_the_limit_is_refused_before_it_is_sent(visit, empty_address, tmp_path):
    big = tmp_path / "big.xlsx"
    with big.open("wb") as file:
        file.truncate(300 * 2**20)
    team = visit(empty_address)
    page = team.log_in("oil")
    team.open("/upload")
    page.set_input_files("input[type=file]", big)
    page.wait_for_selector("[data-testid=stFileUploaderDropzone]:has([aria-invalid=true])")
    said = page.locator("[data-testid=stFileUploaderDropzone]").evaluate("e => getComputedStyle(e, '::after').content")
    assert "超过大小上限" in said


def test_a_template_is_downloaded_and_recognised(visit, empty_address):
    team = visit(empty_address)
    page = team.log_in("oil")
    team.open("/upload")
    with page.expect_download() as arriving:
        press(page, "template-get")
    assert arriving.value.suggested_filename.endswith(".xlsx")
    page.set_input_files("input[type=file]", arriving.value.path())
    page.wait_for_selector(".st-key-card-commit, .pw-note-bad")
    team.settle()
    assert "没有一行可以入库" in page.locator(".stMainBlockContainer").inner_text()
