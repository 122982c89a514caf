"""数据上报: a team's workbook is recognised, told what is wrong with it, mended, committed and withdrawn."""

from __future__ import annotations

import json
import re
import time

import pytest

from pilotwatch import access
from pilotwatch.domain import Text
from pilotwatch.intake import Cancelled
from tests.pages.conftest import WORKBOOKS, shown
from ui.jobs import Job

STATIONS = "加油站名录.xlsx"


@pytest.fixture
def drop(see):
    """Drops a file on the page and waits until it is checked."""

    def dropped(username, name, content=None, *, language="zh"):
        at = see("upload", username, language=language)
        at.file_uploader[0].upload(name, (WORKBOOKS / name).read_bytes() if content is None else content).run()
        return settled(at)

    return dropped


def settled(at):
    """The page once no job is under way."""
    for _ in range(200):
        if not at.session_state["work"].job:
            return at
        time.sleep(0.1)
        at.run()
    raise AssertionError("the job is still under way")


def button(at, key):
    return next(b for b in at.button if b.key == key)


def figure(at, label):
    """The figure of a tile."""
    return int(re.search(rf">{label}</span><strong>([\d,]+)", shown(at))[1].replace(",", ""))


def explain(at):
    for field in at.text_input:
        if field.key.startswith("explain-"):
            field.set_value("已核实")
    return at


@pytest.mark.parametrize(
    ("username", "name"),
    [("oil", STATIONS), ("cards", "预付卡发卡企业备案名单.xlsx"), ("housing", "自建房排查台账.xlsx")],
)
def test_the_page_finds_what_the_file_is_known_to_hold(empty, drop, username, name):
    expected = json.loads((WORKBOOKS / name).with_suffix(".expected.json").read_text())
    at = drop(username, name)
    assert not at.exception
    assert figure(at, "读取") == expected["data_rows"]
    assert figure(at, "错误") == len(expected["errors"])
    assert figure(at, "提示") == len(expected["warnings"])


def test_errors_keep_the_whole_file_out_until_the_team_says_otherwise(empty, drop):
    at = drop("oil", STATIONS)
    assert button(at, "commit").disabled
    at.checkbox(key="good-rows").check().run()
    assert button(at, "commit").disabled  # the notes aren't explained yet
    at = settled(explain(at).run())
    assert button(at, "commit").label == "只提交合格的 122 行"
    at = settled(button(at, "commit").click().run())
    batch = empty.desk(access.person(empty.store, "oil")).batches()[0]
    assert (batch.file, batch.rows, batch.left_out) == (STATIONS, 122, 10)
    assert batch.id in shown(at)
    assert "另有 10 行有错误未入库" in shown(at)


def test_what_the_team_says_to_its_notes_is_kept(empty, drop):
    at = drop("oil", STATIONS)
    at.checkbox(key="good-rows").check()
    at = settled(explain(at).run())
    settled(button(at, "commit").click().run())
    desk = empty.desk(access.person(empty.store, "oil"))
    found = desk.findings(desk.batches()[0].id)
    assert set(found.loc[found["severity"] == "warning", "explanation"]) == {"已核实"}


def test_cells_mended_on_the_page_are_checked_by_the_same_code(empty, drop):
    at = drop("oil", STATIONS)
    work = at.session_state["work"]
    wrong = {f.row: f for _, f in work.upload.findings if f.severity == "error"}
    quality = next(c.index for c in work.upload.tables[0].table.columns if c.field == "brand")
    work.say({(wrong[92].sheet, 92, quality): "民营", (wrong[51].sheet, 51, _column(work, "station_class")): "五级"})
    work.check()
    at = settled(at.run())
    assert not at.exception, at.exception
    assert figure(at, "错误") == 9  # 民营 is a brand, 五级 is no class
    assert "第 51 行「站级」：填写“五级”" in shown(at)
    assert "已在页面上修改 2 个单元格" in shown(at)
    assert at.session_state["work"].upload.file == "加油站名录（页面修改）.xlsx"
    at = settled(button(at, "mended-undo").click().run())
    assert figure(at, "错误") == 10


def _column(work, field):
    return next(c.index for c in work.upload.tables[0].table.columns if c.field == field)


def test_a_column_taken_wrongly_is_corrected_and_remembered(empty, drop):
    content = "加油站名称,统一社会信用代码,区县,说明\n天山一站,91650102MA00000156,天山区,民营\n".encode()
    at = drop("oil", "表.csv", content)
    work = at.session_state["work"]
    table = work.upload.tables[0].table
    remark = next(c for c in table.columns if c.header == "说明")
    assert remark.field is None
    work.remap(table.sheet.name, {remark.index: "brand"})
    work.check()
    settled(at.run())
    again = drop("oil", "又一张.csv", content).session_state["work"].upload.tables[0].table
    assert next((c.field, c.how) for c in again.columns if c.header == "说明") == ("brand", "remembered")


def test_a_table_that_wasnt_recognised_can_be_named_column_by_column(empty, drop):
    at = drop("oil", "表.csv", "甲,乙,丙\n天山一站,91650102MA00000156,天山区\n".encode())
    assert "没有可以上报的表" in shown(at)
    work = at.session_state["work"]
    work.dataset = "oil_station"
    work.remap(None, {0: "name", 1: "uscc", 2: "division_code"})
    work.check()
    at = settled(at.run())
    assert (figure(at, "读取"), figure(at, "错误")) == (1, 0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("empty.xlsx", b""),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("broken.xlsx", b"PK\x03\x04" + bytes(50)),
    ],
)
def test_a_file_that_cant_be_read_is_refused_in_a_sentence_and_the_page_stays(empty, drop, name, content):
    at = drop("oil", name, content)
    assert not at.exception
    assert "这个文件没有入库" in shown(at)
    assert at.session_state["work"].refusal.zh in shown(at)
    assert empty.store.is_empty()
    button(at, "other-file").click().run()
    assert "work" not in at.session_state


def test_a_file_of_another_domain_is_refused_by_name(empty, drop):
    at = drop("cards", STATIONS)
    assert not at.exception
    assert "不属于您所在的试点领域" in shown(at)
    assert not [b for b in at.button if b.key == "commit"]


def test_the_same_file_again_is_said_to_be_known_and_changes_nothing(empty, drop):
    content = "加油站名称,统一社会信用代码,区县\n天山一站,91650102MA00000156,天山区\n".encode()
    first = drop("oil", "一座站.csv", content)
    settled(button(explain(first).run(), "commit").click().run())
    at = drop("oil", "一座站.csv", content)
    assert "上报过（批次" in shown(at)
    assert "完全一致，不需要提交" in shown(at)


def test_a_batch_is_withdrawn_with_a_reason_and_listed_so(empty, drop, see):
    content = "加油站名称,统一社会信用代码,区县\n天山一站,91650102MA00000156,天山区\n".encode()
    settled(button(explain(drop("oil", "一座站.csv", content)).run(), "commit").click().run())
    desk = empty.desk(access.person(empty.store, "oil"))
    desk.withdraw(desk.batches()[0].id, "误传")
    at = see("upload", "oil")
    assert at.dataframe[0].value["状态"].tolist() == ["已撤回"]


def test_who_only_reads_is_told_who_uploads(city, see):
    at = see("upload", "tianshan")
    assert "数据由试点专班和市级专班办公室上报" in shown(at)
    assert not at.get("file_uploader")


def test_a_team_is_offered_its_own_datasets_and_the_shared_ones(city, see):
    offered = "\n".join(see("upload", "oil").selectbox(key="upload-dataset").options)
    assert "加油站名录" in offered
    assert "涉企检查记录" in offered
    assert "自建房" not in offered


def test_the_whole_page_is_there_in_english(empty, drop):
    page = shown(drop("oil", STATIONS, language="en"))
    assert "Row 92, Brand: found “国营”, expected" in page
    assert "必须改正" not in page


# --- jobs ----------------------------------------------------------------------------------------------------------


def test_a_job_tells_how_far_it_is_and_gives_its_result():
    def work(progress):
        progress(Text("读", "Reading"), 0.5)
        return "done"

    job = Job(work)
    assert job.wait(5)
    assert (job.result, job.share, job.step.en) == ("done", 0.5, "Reading")


def test_a_cancelled_job_ends_at_its_next_step():
    def work(progress):
        for i in range(1000):
            progress(Text("", ""), i / 1000)
            time.sleep(0.01)

    job = Job(work)
    job.cancel()
    assert job.wait(5)
    assert job.cancelled
    assert job.result is None


def test_what_a_job_raises_is_handed_on():
    def work(progress):
        raise ValueError("unforeseen")

    job = Job(work)
    assert job.wait(5)
    assert isinstance(job.error, ValueError)


def test_a_cancelled_check_stores_nothing_and_can_be_begun_again(empty, drop, monkeypatch):
    import ui.work

    def cancelled(*args, **kwargs):
        raise Cancelled

    real = ui.work.intake.prepare
    monkeypatch.setattr(ui.work.intake, "prepare", cancelled)
    at = drop("oil", STATIONS)
    assert "已取消，没有入库任何数据" in shown(at)
    monkeypatch.setattr(ui.work.intake, "prepare", real)
    at = settled(button(at, "check-again").click().run())
    assert figure(at, "读取") == 132
