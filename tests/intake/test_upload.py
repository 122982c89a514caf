"""A file's way through: prepared without a trace, committed whole or not at all, and what is said about it."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from pilotwatch import registry
from pilotwatch.intake.model import Cancelled
from pilotwatch.intake.upload import UploadRefused, prepare
from pilotwatch.places import Places
from pilotwatch.store import Person, Store
from pilotwatch.store.scope import SYSTEM

ROOT = Path(__file__).parents[2]
BOOKS = ROOT.parent / "shared" / "data" / "workbooks"
DOMAINS = registry.load(ROOT / "domains")
PLACES = Places.load(ROOT / "data")
TODAY = date(2026, 11, 23)

CITY = Person("city", "市级专班办公室", "city_office")
TIANSHAN = Person("ts", "天山区专班", "pilot_team", frozenset({"650102"}))
CARDS = Person("cards", "预付卡专班", "pilot_team", None, frozenset({"prepaid_cards"}))

STATION = {
    "加油站名称": "甲站", "统一社会信用代码": "91650104XJ5TH2HU74", "所属区县": "天山区", "品牌": "民营", "站级": "三级", "经营状态": "营业",
    "年销量（吨）": "3200", "备注": "新站",
}  # fmt: skip
CODES = (
    "91650104XJ5TH2HU74",
    "91650000XJFTUQJ76D",
    "91650105XJ941AMC02",
    "91650000XJ71WTF29L",
    "91650103XJRAEK4H3B",
    "91650106XJ7N06M934",
)


@pytest.fixture
def store(tmp_path):
    owners = {r.spec.dataset: {d.name} for d in DOMAINS.domains for r in d.records}
    opened = Store.open(f"sqlite:///{tmp_path / 'store.db'}", DOMAINS.records, owners=owners, files=tmp_path / "files")
    yield opened
    opened.close()


@pytest.fixture
def write(tmp_path):
    """Writes rows (header → cell) as a CSV file, the headers being those of the first row."""

    def write_(*rows, name="加油站名录.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write_


def stations(n: int, **values) -> list[dict]:
    return [STATION | {"统一社会信用代码": CODES[i], "加油站名称": f"第{i + 1}站"} | values for i in range(n)]


def read(store, path, person=CITY, **options):
    return prepare(store.desk(person), path, registry=DOMAINS, places=PLACES, on=TODAY, **options)


def test_preparing_stores_nothing(store, write):
    upload = read(store, write(*stations(3)))
    assert (upload.rows_read, upload.rows_ready, upload.errors) == (3, 3, 0)
    assert store.is_empty()


def test_what_was_committed_is_there_and_traced_to_its_row(store, write):
    upload = read(store, write(*stations(3)))
    line = upload.commit()
    desk = store.desk(CITY)
    frame = desk.frame(
        "oil_station", ["subject_id", "id", "name", "annual_sales_t", "division_code", "report_unit", "extra"]
    )
    assert sorted(frame["name"]) == ["第1站", "第2站", "第3站"]
    assert set(frame["division_code"]) == {"650102"} and set(frame["report_unit"]) == {"650102"}
    assert json.loads(frame["extra"][0]) == {"备注": "新站"}
    second = frame[frame["name"] == "第2站"].iloc[0]
    trace = desk.trace("oil_station", second["id"])
    assert (trace.file, trace.row, trace.batch.id) == ("加油站名录.csv", 3, line.id)


def test_the_same_file_twice_changes_nothing(store, write):
    path = write(*stations(3))
    read(store, path).commit()
    again = read(store, path)
    assert [int(d.unchanged.sum()) for d in again.differences] == [3]
    assert again.commit().status == "unchanged"
    assert len(store.desk(CITY).batches()) == 1


def test_before_the_commit_the_user_sees_what_is_new_changed_unchanged_and_missing(store, write):
    read(store, write(*stations(4))).commit()
    rows = stations(6)
    rows[1]["经营状态"] = "歇业"
    table = read(store, write(*rows[1:])).as_json()["tables"][0]
    assert {k: table[k] for k in ("new", "changed", "unchanged", "missing")} == {
        "new": 2,
        "changed": 1,
        "unchanged": 2,
        "missing": 1,
    }


def test_one_wrong_row_stores_nothing_unless_the_good_rows_are_wanted(store, write):
    rows = stations(3)
    rows[1]["品牌"] = "国营"
    upload = read(store, write(*rows))
    with pytest.raises(UploadRefused) as refused:
        upload.commit()
    assert refused.value.message.zh == "有 1 行存在错误，未入库任何数据。请修改后重新上传，或明确选择“只提交正确的行”。"
    assert store.is_empty()
    line = upload.commit(good_rows=True)
    assert (line.rows, line.left_out, line.good_rows) == (2, 1, True)
    assert sorted(store.desk(CITY).frame("oil_station", ["name"])["name"]) == ["第1站", "第3站"]


def test_a_withdrawn_batch_is_gone_and_what_it_replaced_is_back(store, write):
    read(store, write(*stations(2))).commit()
    line = read(store, write(*stations(2, 经营状态="关闭"))).commit()
    desk = store.desk(CITY)
    assert set(desk.frame("oil_station", ["business_status"])["business_status"]) == {"关闭"}
    desk.withdraw(line.id, "传错了")
    assert set(desk.frame("oil_station", ["business_status"])["business_status"]) == {"营业"}


def test_warnings_may_be_submitted_with_an_explanation_that_is_kept(store, write):
    rows = stations(2)
    rows[0]["年销量（吨）"] = "约3200"
    upload = read(store, write(*rows))
    assert (upload.errors, upload.warnings) == (0, 1)
    line = upload.commit(explanations={"approximate": "企业口头报送"})
    kept = store.desk(CITY).findings(line.id)
    assert list(kept["explanation"]) == ["企业口头报送"]


def test_a_reference_is_found_in_the_store_or_in_the_same_file(store, tmp_path):
    upload = read(store, BOOKS / "加油机检定台账.xls")
    assert {f.rule for _, f in upload.findings if f.field == "uscc"} >= {"reference"}
    read(store, BOOKS / "加油站名录.xlsx").commit(good_rows=True)
    after = read(store, BOOKS / "加油机检定台账.xls")
    assert [f.row for _, f in after.findings if f.rule == "reference"] == [94]


def test_every_shared_workbook_goes_in_and_comes_out(store):
    desk = store.desk(SYSTEM)
    order = ["加油站名录.xlsx", "加油机检定台账.xls", "油罐月度进销存.xlsx", "预付卡发卡企业备案名单.xlsx", "预付卡季度报告.csv",
             "自建房排查台账.xlsx", "自建房鉴定与整治.xlsx", "涉企检查记录.xlsx"]  # fmt: skip
    lines = [read(store, BOOKS / name, SYSTEM).commit(good_rows=True) for name in order]
    stored = {d: len(desk.frame(d, ["subject_id"])) for line in lines for d in line.datasets}
    assert stored["oil_station"] == 132 - 10 and stored["sbh_house"] == 400 - 10 and stored["ppc_issuer"] == 93 - 10
    for line in reversed(lines):
        desk.withdraw(line.id, "测试")
    assert all(len(desk.frame(d, ["subject_id"])) == 0 for d in stored)


def test_the_json_document_says_all_there_is_to_say(store):
    document = read(store, BOOKS / "油罐月度进销存.xlsx").as_json(dry_run=True)
    assert json.loads(json.dumps(document, ensure_ascii=False)) == document
    assert document["batch"] is None and document["dry_run"] and document["dataset"] == "oil_tank_reading"
    assert [t["sheet"] for t in document["tables"]] == ["7月", "8月", "9月"]
    assert document["rows_read"] == 292 and [i["sheet"] for i in document["ignored"]] == ["填报说明"]
    finding = next(f for f in document["findings"] if f["field"] == "temp_c")
    assert finding == {
        "dataset": "oil_tank_reading", "sheet": "7月", "row": 36, "field": "temp_c", "column": finding["column"], "value": 158,
        "expected": "应在 −50 至 60 之间", "rule": "range", "severity": "error",
        "message": "第 36 行「油温（℃）」：填写“158”，应在 −50 至 60 之间。请核实后改正。",
    }  # fmt: skip


def test_a_file_without_a_table_says_why_and_stores_nothing(store, write):
    upload = read(store, write({"日期": "7月1日", "带班领导": "王**", "值班人员": "赵**"}, name="值班表.csv"))
    assert upload.tables == ()
    with pytest.raises(UploadRefused) as refused:
        upload.commit(good_rows=True)
    assert refused.value.rule == "no_table" and "值班表.csv" in refused.value.message.zh


def test_a_file_in_which_every_row_is_wrong_is_never_stored(store, write):
    with pytest.raises(UploadRefused) as refused:
        read(store, write(*stations(2, 品牌="国营"))).commit(good_rows=True)
    assert refused.value.rule == "no_rows"


def test_progress_is_told_and_cancelling_leaves_nothing(store, write):
    steps = []

    def progress(step, share):
        steps.append((step.zh, share))
        if "核对“" in step.zh:
            raise Cancelled

    with pytest.raises(Cancelled):
        read(store, write(*stations(2)), progress=progress)
    assert [s for s, _ in steps] == ["正在读取文件", "正在识别表格", "正在核对“加油站名录”"]
    assert [share for _, share in steps] == sorted(share for _, share in steps)

    def stop_at_writing(step, share):
        if share > 0.8:
            raise Cancelled

    with pytest.raises(Cancelled):
        read(store, write(*stations(2))).commit(progress=stop_at_writing)
    assert store.is_empty()


def test_a_mapping_the_team_corrected_is_remembered_for_that_team_alone(store, write):
    rows = [{**{k: v for k, v in row.items() if k != "年销量（吨）"}, "去年卖了多少": "3200"} for row in stations(2)]
    path = write(*rows)
    index = list(rows[0]).index("去年卖了多少")
    assert "去年卖了多少" in read(store, path).tables[0].table.extra_columns
    read(store, path, mapping={"": {index: "annual_sales_t"}})
    remembered = read(store, path).tables[0]
    assert remembered.frame["annual_sales_t"].to_pylist() == [3200, 3200]
    assert [c.how for c in remembered.table.columns if c.field == "annual_sales_t"] == ["remembered"]
    assert "annual_sales_t" not in read(store, path, TIANSHAN).tables[0].frame.column_names


def test_rows_of_another_unit_are_errors_of_scope(store, write):
    rows = stations(2)
    rows[1]["所属区县"] = "米东区"
    upload = read(store, write(*rows), TIANSHAN)
    assert [(f.row, f.field, f.rule, f.value) for _, f in upload.findings] == [(3, "division_code", "scope", "米东区")]


def test_a_row_that_another_unit_holds_cannot_be_taken_over(store, write):
    read(store, write(*stations(2, 所属区县="米东区"))).commit()
    upload = read(store, write(*stations(2)), TIANSHAN)
    assert [(f.row, f.field, f.rule) for _, f in upload.findings] == [(2, "uscc", "scope"), (3, "uscc", "scope")]
    assert upload.rows_ready == 0


def test_a_table_of_another_domain_is_refused_by_name(store, write):
    upload = read(store, write(*stations(2)), CARDS)
    assert upload.tables == () and "加油站名录" in upload.ignored[0].reason.zh


def test_a_value_far_from_its_own_history_is_a_wrong_unit_though_its_column_is_new(store, write):
    read(store, write(*stations(2))).commit()
    later = stations(2)
    later[0]["年销量（吨）"] = "3200000"
    upload = read(store, write(*later))
    assert [(f.row, f.rule) for _, f in upload.findings] == [(2, "unit")]
    assert "约 3,200 吨" in next(upload.findings)[1].expected.zh


def test_a_row_must_not_repeat_one_of_another_sheet_of_the_file(store, tmp_path):
    import xlsxwriter

    path = tmp_path / "两张表.xlsx"
    book = xlsxwriter.Workbook(path)
    for name in ("天山区", "米东区"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, list(STATION))
        sheet.write_row(1, 0, list((STATION | {"所属区县": name}).values()))
    book.close()
    upload = read(store, path)
    assert [(t.table.sheet.name, f.row, f.rule, f.expected.zh) for t, f in upload.findings] == [
        ("米东区", 2, "duplicate", "同一记录只应填报一次，与工作表“天山区”第 2 行重复")
    ]


def test_on_a_terminal_the_upload_is_told_in_lines(store, write):
    rows = stations(3)
    rows[1]["品牌"] = "国营"
    lines = list(read(store, write(*rows)).lines())
    assert lines[0].startswith("加油站名录.csv〔加油站名录〕：读取 3 行，可入库 2 行；错误 1 项")
    assert "不在规定选项内" in lines[1] and "第 3 行" in lines[1]
