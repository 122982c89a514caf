"""Comparing, committing and withdrawing: what is stored afterwards, and what a user is told."""

from __future__ import annotations

import hashlib
import threading
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pilotwatch.intake.model import Cancelled
from pilotwatch.store import Arrived, StoreRefused
from pilotwatch.store.rows import content_hashes
from tests.store.made import (
    CITY,
    OIL,
    OWNERS,
    RECORDS,
    Reading,
    Station,
    Visit,
    checked,
    reading,
    station,
    warning,
)
from tests.store.uploads import arrived, rows_of


@pytest.fixture
def desk(open_store):
    return open_store(RECORDS, owners=OWNERS).desk(OIL)


def names(desk) -> set[tuple]:
    return rows_of(desk, "t_station", "uscc", "name")


def test_a_committed_row_can_be_traced_to_file_sheet_and_row(desk, tmp_path):
    path = tmp_path / "加油站.xlsx"
    path.write_bytes(b"the bytes of a workbook")
    line = desk.commit(Arrived("加油站.xlsx", path), [checked(Station, [station(1), station(2)], sheet="名录")])
    row = desk.frame("t_station", ["subject_id", "id"], where={"uscc": station(2)["uscc"]}).iloc[0]
    trace = desk.trace("t_station", row.id, row.subject_id)
    assert (trace.file, trace.sheet, trace.row, trace.batch, trace.current) == ("加油站.xlsx", "名录", 5, line, True)
    assert trace.path.read_bytes() == b"the bytes of a workbook"
    assert line.sha256 == hashlib.sha256(b"the bytes of a workbook").hexdigest() == trace.path.name
    assert desk.file_of(line.id) == ("加油站.xlsx", trace.path)


def test_the_difference_tells_new_changed_unchanged_and_missing(desk):
    desk.commit(arrived(), [checked(Station, [station(1), station(2), station(3)])])
    coming = checked(Station, [station(1), station(2, "改名"), station(4), station(5)], bad=[3])
    difference = desk.compare(coming)
    assert difference.unchanged.tolist() == [True, False, False, False]
    assert difference.changed.tolist() == [False, True, False, False]
    assert difference.new.tolist() == [False, False, True, False]
    assert difference.missing == 1


def test_what_is_missing_is_asked_of_the_units_the_file_speaks_of(desk):
    desk.commit(arrived(), [checked(Station, [station(1), station(2, division_code="650109")])])
    assert desk.compare(checked(Station, [station(3)])).missing == 1
    assert desk.compare(checked(Reading, [reading(1)])).missing == 0


def test_the_same_file_twice_changes_nothing_and_says_so(desk):
    desk.commit(arrived(), [checked(Station, [station(1), station(2)])])
    version, before = desk._store.data_version(), desk.frame("t_station", ["id", "batch_id"])
    line = desk.commit(arrived("again.xlsx"), [checked(Station, [station(2), station(1)])])
    assert (line.id, line.status, line.total("unchanged")) == (None, "unchanged", 2)
    assert "again.xlsx" in line.message.zh and "没有变化" in line.message.zh
    assert len(desk.batches()) == 1
    assert desk._store.data_version() == version
    assert desk.frame("t_station", ["id", "batch_id"]).equals(before)


def test_a_new_version_supersedes_and_a_withdrawal_brings_the_old_one_back(desk):
    desk.commit(arrived(), [checked(Station, [station(1, "甲"), station(2, "乙")])])
    before = desk.frame("t_station", ["id", "subject_id", "batch_id", "sheet", "source_row", "name"])
    line = desk.commit(arrived(), [checked(Station, [station(1, "甲甲"), station(3, "丙")])])
    assert {n for _, n in names(desk)} == {"甲甲", "乙", "丙"}
    withdrawn = desk.withdraw(line.id, "报错了")
    assert withdrawn.status == "withdrawn" and withdrawn.reason == "报错了" and withdrawn.withdrawn_by == "oil"
    assert desk.frame("t_station", list(before.columns)).equals(before)
    assert set(desk.subjects().name) == {"甲", "乙"}


def test_a_batch_between_two_others_can_be_withdrawn(desk):
    first = desk.commit(arrived(), [checked(Station, [station(1, "一")])])
    second = desk.commit(arrived(), [checked(Station, [station(1, "二")])])
    third = desk.commit(arrived(), [checked(Station, [station(1, "三")])])
    desk.withdraw(second.id, "x")
    assert {n for _, n in names(desk)} == {"三"}
    desk.withdraw(third.id, "x")
    assert {n for _, n in names(desk)} == {"一"}
    desk.withdraw(first.id, "x")
    assert names(desk) == set() and desk.subjects().empty


def test_rows_that_a_later_batch_stated_again_stay_with_it(desk):
    first = desk.commit(arrived("first.xlsx"), [checked(Station, [station(1), station(2)])])
    second = desk.commit(arrived("second.xlsx"), [checked(Station, [station(3), station(1)], sheet="二")])
    desk.withdraw(first.id, "x")
    assert {u for u, _ in names(desk)} == {station(1)["uscc"], station(3)["uscc"]}
    row = desk.frame("t_station", ["id", "subject_id"], where={"uscc": station(1)["uscc"]}).iloc[0]
    trace = desk.trace("t_station", row.id, row.subject_id)
    assert (trace.file, trace.sheet, trace.row) == ("second.xlsx", "二", 5)
    desk.withdraw(second.id, "x")
    assert names(desk) == set()


def test_a_corrected_code_moves_the_row_to_the_other_subject(desk):
    visit = {"visit_no": "V1", "uscc": station(1)["uscc"], "on": date(2026, 1, 1), "division_code": "650102"}
    desk.commit(arrived(), [checked(Visit, [visit])])
    line = desk.commit(arrived(), [checked(Visit, [visit | {"uscc": station(2)["uscc"]}])])
    assert rows_of(desk, "t_visit", "uscc") == {(station(2)["uscc"],)}
    desk.withdraw(line.id, "x")
    assert rows_of(desk, "t_visit", "uscc") == {(station(1)["uscc"],)}


def test_a_subject_that_another_row_names_too_is_listed_as_the_newest_says(desk):
    desk.commit(arrived(), [checked(Station, [station(1, "旧")])])
    again = checked(Station, [station(1, "新")])
    again = type(again)(again.table, again.frame.set_column(again.frame.schema.get_field_index("record_key"), "record_key", pa.array(["other"])), again.good, ())  # fmt: skip
    line = desk.commit(arrived(), [again])
    assert desk.subjects().name.tolist() == ["新"]
    desk.withdraw(line.id, "x")
    assert desk.subjects().name.tolist() == ["旧"]


def test_rows_in_error_refuse_the_whole_unless_the_good_rows_are_wanted(desk):
    coming = checked(Station, [station(1), station(2)], bad=[1])
    with pytest.raises(StoreRefused) as refused:
        desk.commit(arrived(), [coming])
    assert refused.value.rule == "errors" and "1 行" in refused.value.message.zh
    assert desk.frame("t_station").empty and desk.batches() == []
    line = desk.commit(arrived(), [coming], good_rows=True)
    assert (line.total("rows_read"), line.total("rows_ready"), line.good_rows) == (2, 1, True)
    assert "另有 1 行" in line.message.zh


def test_a_file_without_a_good_row_is_refused(desk):
    with pytest.raises(StoreRefused) as refused:
        desk.commit(arrived(), [checked(Station, [station(1)], bad=[0])], good_rows=True)
    assert refused.value.rule == "no_rows"


def test_explanations_of_warnings_are_kept(desk):
    coming = checked(Station, [station(1), station(2)], findings=[warning(4), warning(5, "date_precision")])
    line = desk.commit(
        arrived(), [coming], explanations={("Sheet1", 4, "nozzles", "approximate"): "电话核实", "*": "见附件"}
    )
    kept = desk.findings(line.id)
    assert kept.explanation.tolist() == ["电话核实", "见附件"]
    assert kept.message_zh.tolist() == ["约数", "约数"] and kept.header.tolist() == ["枪数", "枪数"]
    assert line.total("warnings") == 2


def test_two_tables_of_one_dataset_are_one_batch(desk):
    tables = [
        checked(Station, [station(1), station(2)], sheet="甲"),
        checked(Station, [station(3), station(1)], sheet="乙"),
    ]
    line = desk.commit(arrived(), tables)
    assert [(t.sheet, t.rows_ready, t.new) for t in line.tables] == [("甲", 2, 2), ("乙", 2, 1)]
    assert len(names(desk)) == 3


def test_the_same_key_with_different_content_in_one_file_is_refused_by_row(desk):
    tables = [
        checked(Station, [station(1, "甲")], sheet="甲"),
        checked(Station, [station(2), station(1, "乙")], sheet="乙"),
    ]
    with pytest.raises(StoreRefused) as refused:
        desk.commit(arrived(), tables)
    assert refused.value.rule == "duplicate"
    assert "“甲”第 4 行" in refused.value.message.zh and "“乙”第 5 行" in refused.value.message.zh
    assert names(desk) == set()


def test_cancelling_leaves_nothing(desk):
    def progress(_step, share):
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        desk.commit(arrived(), [checked(Station, [station(n) for n in range(50)])], progress=progress)
    assert names(desk) == set() and desk.batches() == [] and desk.subjects().empty


def test_a_hook_that_fails_undoes_the_commit(desk):
    def fail(_connection, _change):
        raise RuntimeError("no figures")

    desk._store.on_change.append(fail)
    with pytest.raises(RuntimeError):
        desk.commit(arrived(), [checked(Station, [station(1)])])
    assert names(desk) == set() and desk.batches() == []


def test_hooks_hear_what_was_touched_and_read_it_in_the_same_transaction(desk):
    heard = []

    def hook(_connection, change):
        heard.append((change.act, change.datasets, change.subjects.tolist(), len(change.desk.frame("t_station"))))

    desk._store.on_change.append(hook)
    line = desk.commit(arrived(), [checked(Station, [station(1), station(2)])])
    subjects = sorted(desk.subjects().subject_id)
    desk.withdraw(line.id, "x")
    assert heard == [("commit", ("t_station",), subjects, 2), ("withdraw", ("t_station",), subjects, 0)]


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_withdrawal_without_a_reason_is_refused(desk, reason):
    line = desk.commit(arrived(), [checked(Station, [station(1)])])
    with pytest.raises(StoreRefused) as refused:
        desk.withdraw(line.id, reason)
    assert refused.value.rule == "reason"


@pytest.mark.parametrize("batch", ["", "1", "00000000-0000-0000-0000-000000000000"])
def test_withdrawing_what_is_not_there_is_refused(desk, batch):
    with pytest.raises(StoreRefused) as refused:
        desk.withdraw(batch, "x")
    assert refused.value.rule == "no_batch"


def test_withdrawing_twice_is_refused_and_changes_nothing(desk):
    first = desk.commit(arrived(), [checked(Station, [station(1, "一")])])
    second = desk.commit(arrived(), [checked(Station, [station(1, "二")])])
    desk.withdraw(second.id, "x")
    version = desk._store.data_version()
    with pytest.raises(StoreRefused) as refused:
        desk.withdraw(second.id, "y")
    assert refused.value.rule == "withdrawn" and "oil" in refused.value.message.zh
    assert {n for _, n in names(desk)} == {"一"} and desk._store.data_version() == version
    assert desk.batch(first.id).status == "standing"


def test_versions_grow_with_what_changes(desk):
    store = desk._store
    line = desk.commit(arrived(), [checked(Station, [station(1)])])
    assert (store.version("t_station"), store.version("t_reading"), store.data_version()) == (1, 0, 1)
    desk.commit(arrived(), [checked(Reading, [reading(1)])])
    desk.withdraw(line.id, "x")
    assert (store.version("t_station"), store.version("t_reading"), store.data_version()) == (2, 1, 3)


def test_every_upload_and_withdrawal_has_its_line_in_the_audit(desk):
    line = desk.commit(arrived("a.xlsx"), [checked(Station, [station(1)])])
    desk.commit(arrived("a.xlsx"), [checked(Station, [station(1)])])
    desk.withdraw(line.id, "错")
    with desk._store.registers(write=False) as books:
        lines = books.audit_lines()
    assert [(a["username"], a["act"]) for a in lines] == [
        ("oil", "withdraw"),
        ("oil", "upload.unchanged"),
        ("oil", "upload"),
    ]
    assert lines[0]["details"]["reason"] == "错" and lines[2]["details"]["new"] == 1 and lines[2]["object"] == line.id


def test_two_commits_at_once_leave_one_current_row_per_key(open_store):
    stores = [open_store(RECORDS) for _ in range(4)]
    ready = threading.Barrier(4)
    failed: list[BaseException] = []

    def commit(i: int) -> None:
        try:
            ready.wait()
            for turn in range(3):
                stores[i].desk(CITY).commit(
                    arrived(), [checked(Station, [station(n, f"{i}-{turn}") for n in range(40)])]
                )
        except BaseException as error:  # seen by the test, below
            failed.append(error)

    threads = [threading.Thread(target=commit, args=(i,)) for i in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    desk = stores[0].desk(CITY)
    assert failed == []
    assert len(desk.frame("t_station")) == 40 == len(desk.subjects())
    assert len(set(desk.frame("t_station").name)) == 1, "the last batch is whole"
    assert len(desk.batches()) == 12 == stores[0].version("t_station")


def test_a_commit_and_a_withdrawal_at_once_leave_what_either_order_would(open_store):
    stores = [open_store(RECORDS) for _ in range(2)]
    first = stores[0].desk(CITY).commit(arrived(), [checked(Station, [station(n, "一") for n in range(30)])])
    second = checked(Station, [station(n, "二") for n in range(15)])
    threads = [
        threading.Thread(target=lambda: stores[0].desk(CITY).withdraw(first.id, "x")),
        threading.Thread(target=lambda: stores[1].desk(CITY).commit(arrived(), [second])),
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert {n for _, n in names(stores[0].desk(CITY))} == {"二"}
    assert len(stores[0].desk(CITY).subjects()) == 15


def test_a_file_is_kept_once_and_whole(desk, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x" * 100)
    desk.commit(Arrived("a.xlsx", path), [checked(Station, [station(1)])])
    kept = [p for p in Path(desk._store.files).rglob("*") if p.is_file()]
    kept[0].write_bytes(b"x" * 50)  # as a copy that was cut off by an older program would be
    desk.commit(Arrived("b.xlsx", path), [checked(Station, [station(2)])])
    assert [p.read_bytes() for p in Path(desk._store.files).rglob("*") if p.is_file()] == [b"x" * 100]


def test_the_hash_of_a_row_is_stable_and_tells_fields_apart():
    def hash_of(**cells) -> int:
        columns = {n: pa.array([v]) for n, v in cells.items()}
        return content_hashes(columns, list(columns), 1)[0].as_py()

    defined = int.from_bytes(hashlib.blake2b(b"a=1\x1fb=2", digest_size=8).digest(), "little", signed=True)
    assert hash_of(a="1", b="2") == hash_of(b="2", a="1") == defined
    assert len({hash_of(a="1", b="2"), hash_of(a="2", b="1"), hash_of(a="1"), hash_of(b="1"), hash_of(a="12")}) == 5
    columns = {"a": pa.array(["1"]), "b": pa.array([None], pa.string())}
    assert content_hashes(columns, ["a", "b"], 1)[0].as_py() == hash_of(a="1")
    assert np.iinfo(np.int64).min <= hash_of(a="x") <= np.iinfo(np.int64).max


def test_mappings_are_remembered_per_team_and_headers(open_store):
    store = open_store(RECORDS, owners=OWNERS)
    store.desk(OIL).remember_mapping("t_station", ["站名", "代码"], {"站名": "name", "代码": None})
    store.desk(OIL).remember_mapping("t_station", ["站名", "代码"], {"站名": "name", "代码": "uscc"})
    assert store.desk(OIL).recall_mapping("t_station", ["站名", "代码"]) == {"站名": "name", "代码": "uscc"}
    assert store.desk(OIL).recall_mapping("t_station", ["代码", "站名"]) is None
    assert store.desk(CITY).recall_mapping("t_station", ["站名", "代码"]) is None
