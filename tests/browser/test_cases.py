"""One clue from 登记 to 结案 by four accounts, through return, pause, extension and review."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

import pytest
from playwright.sync_api import TimeoutError

from tests.browser import house
from tests.browser.house import ROOT

pytestmark = pytest.mark.browser

_CLUE = """
from pilotwatch import disposal
from pilotwatch.disposal.leads import Lead, unknown_subject
from pilotwatch.store import SYSTEM
from pilotwatch.workdays import now
from pilotwatch.workspace import Workspace
house = Workspace.open()
lead = Lead(unknown_subject("某健身中心"), "某健身中心", now(), "门店关闭，余额不退", domain="prepaid_cards", fact="PPC-06",
            kind="clue", channel="12345", unit="650102", division_code="650102")
print(disposal.open_case(house.desk(SYSTEM), disposal.Rulebook.of(house.registry, house.calendar()), lead).number)
"""


@pytest.fixture
def clue(tmp_path):
    """A store with the accounts and one registered clue, served: the address and the clue's number."""
    house.make_empty(tmp_path)
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("PILOTWATCH_", "STREAMLIT_"))}
    done = subprocess.run([sys.executable, "-c", _CLUE], cwd=ROOT, env=environment | {"PILOTWATCH_VAR": str(tmp_path)},
                          check=True, capture_output=True, text=True)  # fmt: skip
    with house.serving(tmp_path) as base:
        yield base, done.stdout.split()[-1]


def choose(page, label, option):
    """Opens the list of a choice and takes an option, again where a redraw of the page closed the list meanwhile."""
    box = page.get_by_role("combobox", name=label).first
    options = page.get_by_role("option")
    listed = page.get_by_role("option", name=option, exact=True)
    for _ in range(20):
        with contextlib.suppress(TimeoutError):
            if not options.count():
                box.click(timeout=5000)
            options.first.wait_for(timeout=3000)
            for _ in range(60):  # a long list draws only what is in sight
                if listed.count():
                    break
                page.keyboard.press("ArrowDown")
            listed.first.click(timeout=3000)
            return
    raise AssertionError(f"{option} could not be chosen in {label}")


def do(visit, act, *, state, says="", choices=(), file=None, other=False):
    """Fills in the form of an act as it is shown, presses its button, and waits for the state it leads to."""
    page = visit.page
    if other:
        if not page.locator(".st-key-card-case-act details[open]").count():
            page.locator(".st-key-card-case-act summary").click()
        page.get_by_role("combobox", name="其他办理").first.wait_for()
        choose(page, "其他办理", act)
        visit.settle()
    form = (
        page.locator(".st-key-card-case-act [data-testid=stForm]")
        .filter(has=page.get_by_role("button", name=act, exact=True))
        .first
    )
    for label, option in choices:
        choose(page, label, option)
    if says:
        form.locator("textarea").first.fill(says)
    if file:
        form.locator("input[type=file]").set_input_files(file)
        form.locator("[data-testid=stFileChip]").wait_for()
    form.get_by_role("button", name=act, exact=True).click()
    page.locator(".pw-judge", has_text=state).wait_for()
    return visit.settle()


def test_a_clue_goes_from_registration_to_closing_through_four_hands(visit, clue, tmp_path):
    base, number = clue
    team, commerce, market, office = (visit(base) for _ in range(4))
    for person, name in ((team, "cards"), (commerce, "commerce"), (market, "market"), (office, "city")):
        person.log_in(name)
    address = f"/cases?case={number}"

    team.open(address)
    do(team, "研判", state="研判", says="线索具体，可核查")
    do(team, "分办", state="分办", choices=[("承办部门", "市商务局")])

    commerce.open(address)
    do(
        commerce,
        "退回",
        state="退回",
        says="属广告宣传问题",
        choices=[("应由哪个部门承办", "市市场监督管理局")],
        other=True,
    )

    team.open(address)
    do(team, "分办", state="分办", choices=[("承办部门", "市市场监督管理局")])

    market.open(address)
    do(market, "签收", state="签收")
    do(market, "开始核查", state="核查", says="已到现场核查")
    do(market, "挂起", state="挂起", says="送检", choices=[("挂起事由", "抽样检测")], other=True)
    do(market, "恢复办理", state="核查", says="检测报告已出")
    do(market, "申请延期", state="核查", says="情况复杂", choices=[("时限", "核查并决定是否立案")], other=True)

    page = office.open(address)
    do(office, "批准延期", state="核查", says="同意", other=True)
    page.locator(".st-key-card-case-clocks", has_text="已延期 1 次").wait_for()  # the state is what it was before

    evidence = tmp_path / "核查笔录.pdf"
    evidence.write_bytes(b"%PDF-1.4\n%%EOF\n")
    market.open(address)
    do(market, "作出处置决定", state="处置", says="责令退款", choices=[("处置措施", "责令改正")])
    do(market, "反馈结果", state="反馈", says="已退款", choices=[("拟办结方式", "责令改正")], file=evidence)

    page = team.open(address)
    do(team, "复核通过", state="复核", says="材料齐全")
    do(team, "结案销号", state="结案", says="已办结")

    story = page.locator(".st-key-card-case-story").inner_text()
    for act in (
        "登记",
        "研判",
        "分办",
        "退回",
        "签收",
        "挂起",
        "恢复办理",
        "批准延期",
        "反馈结果",
        "复核通过",
        "结案销号",
    ):
        assert act in story
    assert "核查笔录.pdf" in story
    overview = team.open("/cases?show=closed")
    assert "没有在办案件" in overview.locator(".pw-judge").inner_text()
    listed = overview.locator(".st-key-card-cases").inner_text()
    assert number in listed
    assert "按期" in listed
