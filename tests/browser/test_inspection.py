"""综合查一次 from a plan to the ledger by four accounts: planned, edited, adopted; drawn; printed; visited; counted."""

from __future__ import annotations

import io
import os
import re
from datetime import date, datetime

import docx
import pypdf
import pytest

from pilotwatch.access import person
from pilotwatch.figures.ask import Period, measured
from pilotwatch.settings import Settings
from pilotwatch.workdays import Calendar
from pilotwatch.workspace import Workspace
from tests.browser import house
from tests.browser.house import press
from tests.browser.test_cases import choose
from tests.conftest import BEGINS

pytestmark = pytest.mark.browser

#: Joint visits that the market's bureau takes part in.
JOINT = "/inspection?view=plan&only=joint&department=SCJG"
PHONE = {"width": 390, "height": 844}
STICKS_OUT = (
    "Math.max(...[document.documentElement, document.querySelector('.stMain')].map(e => e.scrollWidth - e.clientWidth))"
)


@pytest.fixture
def var(tmp_path):
    house.make_city(tmp_path, 0.02)
    return tmp_path


def on(monkeypatch, day):
    """Lets the next server run by another day, at the hour at which the tests begin."""
    later = (datetime.combine(day, BEGINS.timetz()) - BEGINS).total_seconds()
    monkeypatch.setenv("TEST_CLOCK_SHIFT", str(float(os.environ["TEST_CLOCK_SHIFT"]) + later))


def saved(var):
    """REF-02 of the year for the whole city, as the indicators have it."""
    here = Workspace.open(Settings(var=var, database_url=None))
    try:
        rows = measured(
            here.desk(person(here.store, "city")), here.registry, ["REF-02"], Period.of("2026"), date(2026, 12, 31)
        )
        return int(rows.loc[rows["kind"] == "", "numerator"].sum())
    finally:
        here.store.close()


def tile(page, label):
    found = page.locator(".pw-tile").filter(has=page.get_by_text(label, exact=True)).first
    return int(re.sub(r"\D", "", found.locator("strong").inner_text()))


def note(page, words):
    page.locator(".pw-note", has_text=words).first.wait_for()


def fill(visit, label, words):
    """A field outside a form: what is typed counts once it is left."""
    field = visit.page.get_by_label(label, exact=True).first
    field.fill(words)
    field.press("Tab")
    visit.settle()


def test_a_joint_visit_from_the_plan_to_the_ledger(visit, var, monkeypatch):
    with house.serving(var) as base:
        office, cards = visit(base), visit(base)
        office.log_in("city")
        cards.log_in("cards")
        name, day, teams = arranged(office)
        number, nonce = sealed(office, cards)
    before = saved(var)
    on(monkeypatch, day)
    with house.serving(var) as base:
        office, cards, phone = visit(base), visit(base), visit(base, viewport=PHONE)
        office.log_in("city")
        cards.log_in("cards")
        drawn(cards, number, nonce)
        ledger = office.open("/inspection?view=ledger")
        assert tile(ledger, "减少入企") == before
        task = printed(office, name)
        phone.log_in("market")
        visited(phone, task, teams)
        ledger = office.open("/inspection?view=ledger")
        assert tile(ledger, "减少入企") == before + teams - 1
        assert "与 REF-02 一致" in ledger.locator(".pw-tile").first.inner_text()
        assert saved(var) == before + teams - 1
        row = ledger.locator("tr", has_text=task.rpartition("=")[2]).first.inner_text()
        assert name in row
        assert f"{day:%Y-%m-%d}" in row


def arranged(office):
    """A plan for December: one visit pinned and moved, another taken out, and the rest adopted. Gives the first one's name,
    its day, and how many departments go."""
    page = office.open("/inspection?view=plan")
    page.get_by_role("button", name="编制", exact=True).click()
    note(page, "LHJH-202612-0001")
    office.settle()
    visits = tile(page, "入企次数")

    office.open(JOINT)
    one = page.locator(".st-key-plan-visit")
    name = one.locator("a.pw-to").first.inner_text()
    teams = one.locator("tbody tr").count()
    one.get_by_role("button", name=re.compile("固定$")).first.click()
    one.get_by_role("button", name=re.compile("取消固定$")).first.wait_for()
    office.settle()
    one.get_by_text("改期", exact=True).click()
    form = one.locator("[data-testid=stForm]")
    first, last = re.search(r"(\d\d-\d\d) — (\d\d-\d\d)", form.locator(".pw-note").inner_text()).groups()
    part = form.get_by_role("spinbutton", name="day, 改到")
    was = int(part.inner_text())
    calendar = Calendar.load(house.ROOT / "data" / "calendars")
    within = range(int(first[3:]), int(last[3:]) + 1)
    day = next(d for d in (date(2026, 12, n) for n in within) if d.day != was and calendar.is_working_day(d))
    part.press_sequentially(f"{day.day:02}")
    form.get_by_label("理由").fill("企业请求")
    form.get_by_role("button", name="改期").click()
    note(page, "已改期并固定")
    office.settle()

    office.open("/inspection?view=plan")
    other = page.locator(".st-key-card-plan-visits tbody tr").filter(has_not_text=name).first
    dropped = other.locator("a.pw-to").inner_text()
    choose(page, "选择一次检查", f"{other.locator('b').first.inner_text()} {dropped}")
    office.settle()
    one.locator("a.pw-to", has_text=dropped).first.wait_for()
    one.get_by_text("取消", exact=True).click()
    form = one.locator("[data-testid=stForm]")
    form.get_by_label("理由").fill("已歇业")
    form.get_by_role("button", name="取消").click()
    note(page, "已取消")
    office.settle()
    assert tile(page, "入企次数") == visits - 1

    press(page, "plan-adopt")
    note(page, "已确定，日历已更新")
    office.settle()
    page.locator("summary", has_text="调整记录").click()
    story = page.locator(".pw-story").last
    story.get_by_text("企业请求").wait_for()
    told = story.inner_text()
    assert [act for act in ("固定", "改期", "取消检查") if act not in told] == []
    assert "已歇业" in told
    return name, day, teams


def sealed(office, cards):
    """A draw that one account prepares and another one seals, before the public number is out: its number and the nonce."""
    page = cards.open("/inspection?view=draws")
    page.locator("summary", has_text="组织抽取").click()
    fill(cards, "抽取名称", "十二月抽查")
    fill(cards, "公共随机数来源", "福彩3D")
    press(page, "draw-freeze")
    page.wait_for_url(re.compile("draw=CQ-"))
    number = re.search(r"draw=(CQ-[\d-]+)", page.url).group(1)
    cards.settle()
    assert not page.get_by_role("button", name="生成随机数并封存").count()  # not by whoever prepared it

    page = office.open(f"/inspection?view=draws&draw={number}")
    press(page, "draw-seal")
    nonce = page.locator(".st-key-card-draw-slip code").inner_text().strip()
    assert re.fullmatch("[0-9a-f]{64}", nonce)
    office.settle()
    assert "之后才能抽取" in page.locator(".st-key-card-draw-act").inner_text()
    return number, nonce


def drawn(cards, number, nonce):
    page = cards.open(f"/inspection?view=draws&draw={number}")
    page.get_by_label("公共随机数", exact=True).fill("471")
    page.get_by_label("封存人的随机数（64 位）").fill(nonce)
    page.get_by_role("button", name="揭示并抽取").click()
    page.locator(".st-key-card-draw-picks tbody tr").first.wait_for()
    cards.settle()
    press(page, "draw-verify")
    note(page, "复核通过")


def printed(office, name):
    """The tasks of the plan are issued, and the sheet of one is taken out twice. Gives the address that stands on it."""
    page = office.open("/inspection?view=tasks")
    page.locator("summary", has_text="生成任务").click()
    choose(page, "依据", "联合检查方案 LHJH-202612-0001 · 12-01 — 12-31")
    office.settle()
    press(page, "issue-go")
    note(page, "已生成")
    office.settle()
    fill(office, "名称、代码或编号", name)
    row = page.locator(".st-key-card-tasks tr", has_text="联合检查方案").first
    number = row.locator("a.pw-to").first.inner_text()

    page = office.open(f"/visit?task={number}")
    taken = {}
    for kind in ("pdf", "docx"):
        with page.expect_download() as waiting:
            press(page, f"visit-{kind}")
        assert waiting.value.suggested_filename == f"{number}.{kind}"
        taken[kind] = waiting.value.path().read_bytes()
    (sheet, *_) = pypdf.PdfReader(io.BytesIO(taken["pdf"])).pages
    assert number in sheet.extract_text()
    paper = docx.Document(io.BytesIO(taken["docx"]))
    assert name in [c.text for t in paper.tables for r in t.rows for c in r.cells]
    (address,) = {a for p in paper.paragraphs for a in re.findall(r"/visit\?task=[\w-]+", p.text)}
    assert address == f"/visit?task={number}"
    return address


def visited(phone, address, teams):
    """The visit, by an officer of one of the departments, from the code on the sheet: everything is in order."""
    page = phone.open(address)
    assert page.evaluate(STICKS_OUT) == 0
    press(page, "visit-enter")
    save = page.locator(".st-key-card-visit-check [data-testid=stFormSubmitButton] button:visible")
    for left in range(teams, 0, -1):
        save.wait_for()
        assert page.evaluate(STICKS_OUT) == 0
        label = save.inner_text()
        page.locator(".st-key-card-visit-check label", has_text="未勾选的事项均符合").click()
        save.click()
        if left > 1:  # the next department's matters are shown
            page.locator(".st-key-card-visit-check button", has_text=label).wait_for(state="detached")
        phone.settle()
    page.get_by_label("现场负责人姓名").fill("李某")
    page.get_by_role("button", name="完成检查").click()
    note(page, "检查已完成并入库")
    phone.settle()
    assert page.locator(".st-key-card-visit-summary dd", has_text="未发现问题").count() == teams
    assert page.evaluate(STICKS_OUT) == 0
