"""Warnings follow the levels in the transaction of an upload, and people close them with a verdict."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from pilotwatch import warnings
from pilotwatch.store import Arrived, Person, StoreRefused
from pilotwatch.warnings import Filter
from pilotwatch.workdays import today
from tests.figures.test_keep import FOUND
from tests.store.made import CITY, LEADER_TIANSHAN, OIL, Reading, Station, checked, station

TOMORROW, DAY_AFTER = today() + timedelta(1), today() + timedelta(2)


@pytest.fixture
def store(open_store):
    opened = open_store((Station, Reading), owners={"t_station": {"oil"}, "t_reading": {"oil"}})
    opened.on_change.append(partial(warnings.follow, FOUND, opened))
    return opened


def _upload(store, *rows):
    return store.desk(OIL).commit(Arrived("f.xlsx"), [checked(Station, rows)])


def _open(store, person=CITY, **wanted):
    rows = warnings.listed(store.desk(person), Filter(**wanted))
    return list(zip(rows["code"].str[-1], rows["level"], rows["eased"], strict=True))


def _one(store):
    return warnings.listed(store.desk(CITY)).iloc[0]


def _acts(store, row):
    return warnings.history(store.desk(CITY), row["subject_id"], row["id"])["act"].tolist()


def test_an_upload_opens_one_warning_per_subject_and_indicator_and_the_next_only_moves_it(store):
    """9 nozzles > 8 → red, 5 > 4 → yellow, 4 → none."""
    _upload(store, station(1, nozzles=9), station(2, nozzles=5), station(3, nozzles=4))
    assert _open(store) == [("1", "red", False), ("2", "yellow", False)]
    _upload(store, station(1, nozzles=10), station(2, nozzles=9))
    assert _open(store) == [("1", "red", False), ("2", "red", False)]
    assert _acts(store, warnings.listed(store.desk(CITY)).set_index("code").loc["U" + "0" * 16 + "2"]) == [
        "open",
        "rise",
    ]


def test_an_upload_of_which_nothing_can_be_judged_opens_none_and_is_stored(store):
    assert _upload(store, station(1), station(2)).rows == 2
    assert _open(store) == []
    assert _upload(store, station(1, nozzles=1)).rows == 1
    assert _upload(store, station(1)).rows == 1
    assert _open(store) == []


def test_numbers_run_on_per_domain_and_day(store):
    _upload(store, station(1, nozzles=9), station(2, nozzles=9))
    _upload(store, station(3, nozzles=9))
    numbers = sorted(warnings.listed(store.desk(CITY))["number"])
    assert numbers == [f"YJ-OIL-{today():%Y%m%d}-{n:05d}" for n in (1, 2, 3)]


def test_a_withdrawn_upload_eases_what_it_raised_after_two_days_and_never_closes_it(store):
    _upload(store, station(1, nozzles=1))
    batch = _upload(store, station(1, nozzles=9))
    store.desk(OIL).withdraw(batch.id, "错报")
    assert _open(store) == [("1", "red", False)]
    warnings.update(store, FOUND, on=TOMORROW)
    assert _open(store) == [("1", "red", True)]
    assert _acts(store, _one(store)) == ["open", "ease"]


def test_closing_needs_a_verdict_and_a_note_and_is_told_in_history_and_audit(store):
    _upload(store, station(1, nozzles=9))
    row, desk = _one(store), store.desk(CITY)
    with pytest.raises(StoreRefused, match="结论"):
        warnings.close(desk, row["subject_id"], row["id"], "fine", "查过了", today())
    with pytest.raises(StoreRefused, match="核查情况"):
        warnings.close(desk, row["subject_id"], row["id"], "true", " ", today())
    warnings.acknowledge(desk, row["subject_id"], row["id"])
    warnings.assign(desk, row["subject_id"], row["id"], "oil", "请核")
    warnings.close(desk, row["subject_id"], row["id"], "true", "现场核实", today())
    assert _open(store) == []
    assert _acts(store, row) == ["open", "acknowledge", "assign", "close:true"]
    with store.registers() as books:
        acts = [line["act"] for line in books.audit_lines()]
    assert "warning.close:true" in acts


def test_the_second_to_close_is_told_and_nothing_is_lost(store):
    _upload(store, station(1, nozzles=9))
    row = _one(store)
    warnings.close(store.desk(CITY), row["subject_id"], row["id"], "true", "属实", today())
    with pytest.raises(StoreRefused, match="已由 city 办结"):
        warnings.close(store.desk(OIL), row["subject_id"], row["id"], "false", "误报", today())
    assert warnings.listed(store.desk(CITY), Filter(closed=True)).iloc[0]["verdict"] == "true"


def test_it_is_not_raised_again_within_seven_days_and_then_it_is(store):
    _upload(store, station(1, nozzles=9))
    row = _one(store)
    warnings.close(store.desk(CITY), row["subject_id"], row["id"], "false", "误报", today())
    warnings.update(store, FOUND, on=DAY_AFTER)
    assert _open(store) == []
    warnings.update(store, FOUND, on=today() + warnings.QUIET)
    assert _open(store) == [("1", "red", False)]


def test_a_person_sees_and_handles_the_own_scope_only(store):
    _upload(store, station(1, nozzles=9), station(2, nozzles=9, division_code="650109"))
    assert _open(store, LEADER_TIANSHAN) == [("1", "red", False)]
    other = warnings.listed(store.desk(CITY)).set_index("report_unit").loc["650109"]
    with pytest.raises(StoreRefused, match="没有这条预警"):
        warnings.acknowledge(store.desk(LEADER_TIANSHAN), other["subject_id"], other["id"])
    nobody = Person("audit", "审计员", "auditor")
    with pytest.raises(StoreRefused, match="没有此项权限"):
        warnings.acknowledge(store.desk(nobody), other["subject_id"], other["id"])


def test_a_warning_explains_itself_with_the_subjects_numbers_and_source_rows(store):
    batch = _upload(store, station(1, nozzles=9))
    row = _one(store)
    told = warnings.explain(store.desk(CITY), FOUND, "T-01", row["subject_id"], today())
    assert (told.value, told.level, told.bound, told.bound_basis) == (9.0, "red", "> 8", "PRAC")
    assert told.sources[["dataset", "batch_id", "sheet", "source_row"]].to_numpy().tolist() == [
        ["t_station", batch.id, "Sheet1", 4]
    ]
    assert len(told.trend) == 12 and told.trend[0][0] < told.trend[-1][0] < today()
    share = warnings.explain(store.desk(CITY), FOUND, "T-04", row["subject_id"], today())
    assert [(i.name, v) for i, v in share.inputs] == [("n", None), ("of", None)]
    assert share.level == "nodata"
