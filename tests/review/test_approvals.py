"""Approval of figures: from open to accepted, who may do what, and what an accepted month lets through."""

from __future__ import annotations

import io
import json
import threading
from datetime import UTC, date, datetime, timedelta

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwatch import reform, review
from pilotwatch.domain import Text
from pilotwatch.figures.ask import Period, measured, measured_over, measures_of
from pilotwatch.figures.periods import groups_of
from pilotwatch.intake import prepare, returned
from pilotwatch.review import approvals as rules
from pilotwatch.settings import Settings
from pilotwatch.store import SYSTEM, Person, StoreRefused, approvals, shelf
from pilotwatch.store.approvals import SHARED, Cell, Decision, decide, decisions, standing
from pilotwatch.workdays import today
from pilotwatch.workspace import Workspace
from tests.review.test_review import visits
from tests.store.made import OWNERS, RECORDS, Reading, Station, Visit, checked, station
from tests.store.uploads import arrived
from tests.test_cli import run  # noqa: F401 - a fixture

TIANSHAN, SHAYIBAKE = "650102", "650103"
NAMES = {TIANSHAN: Text("天山区", "Tianshan"), SHAYIBAKE: Text("沙依巴克区", "Shayibake")}
LEADER = Person("l", "天山区领导", "district_leader", units=frozenset({TIANSHAN}))
CITY = Person("c", "市级专班办公室", "city_office")
OCTOBER = Cell("oil", TIANSHAN, "2026-10")


@pytest.fixture
def store(open_store):
    return open_store(RECORDS, owners=OWNERS)


def read(n: int, day: date, volume: float = 1.0, unit: str = TIANSHAN) -> dict:
    at = datetime(day.year, day.month, day.day, 8)  # noqa: DTZ001 - the wall clock
    return {"uscc": f"U{n:017d}", "tank": "1", "read_at": at, "volume": volume, "day": day, "report_unit": unit}


def visit(n: int, day: date, note: str = "", unit: str = TIANSHAN) -> dict:
    return {"visit_no": f"V{n}", "uscc": f"U{n:017d}", "on": day, "note": note, "day": day, "report_unit": unit}


def put(store, record, rows, who=SYSTEM, name="表.xlsx"):
    return store.desk(who).commit(arrived(name), [checked(record, rows)])


def act(store, who, kind, *cells, number=None, **more):
    known = decisions(store.desk(who))
    seen = {c: number if number is not None else standing(known.get(c, ())).number for c in cells}
    return decide(store.desk(who), kind, seen, names=NAMES, **more)


def accept(store, cell=OCTOBER):
    act(store, SYSTEM, "approve", cell)
    act(store, CITY, "accept", cell)


def state(store, cell=OCTOBER):
    return standing(decisions(store.desk(SYSTEM)).get(cell, ())).state


def refused(call, *arguments, **more) -> StoreRefused:
    with pytest.raises(StoreRefused) as no:
        call(*arguments, **more)
    return no.value


def days_stored(store, dataset="t_reading"):
    return sorted(store.desk(SYSTEM).table(dataset, ["day"])["day"].to_pylist())


def test_the_shared_records_are_the_reforms():
    assert SHARED == reform.NAME


def test_the_district_approves_and_the_city_accepts(store):
    assert state(store) == "open"
    (one,) = act(store, LEADER, "approve", OCTOBER, figures=lambda desk, cell: '{"x": 1}')
    assert (one.number, one.figures, state(store)) == (1, '{"x": 1}', "approved")
    assert refused(act, store, LEADER, "accept", OCTOBER).rule == "not_allowed"
    act(store, CITY, "accept", OCTOBER)
    assert state(store) == "accepted"
    assert refused(act, store, LEADER, "approve", OCTOBER).rule == "state"
    assert (
        refused(act, store, LEADER, "return", OCTOBER, remark="请核实数据").rule == "state"
    )  # only the city opens it again
    act(store, CITY, "return", OCTOBER, remark="请核实数据")
    assert state(store) == "returned"
    act(store, LEADER, "approve", OCTOBER)
    assert [d.kind for d in decisions(store.desk(LEADER))[OCTOBER]] == ["approve", "accept", "return", "approve"]


def test_who_decides_on_what(store):
    other = Cell("oil", SHAYIBAKE, "2026-10")
    assert refused(act, store, LEADER, "approve", other, number=0).rule == "other_unit"
    assert refused(act, store, Person("t", "专班", "pilot_team"), "approve", OCTOBER, number=0).rule == "not_allowed"
    assert refused(act, store, CITY, "accept", OCTOBER).rule == "state"  # before the district approved
    cards = Person("k", "预付卡", "district_leader", frozenset({TIANSHAN}), frozenset({"cards"}))
    assert refused(act, store, cards, "approve", OCTOBER, number=0).rule == "other_domain"
    act(store, SYSTEM, "approve", OCTOBER, other, Cell(SHARED, TIANSHAN, "2026-10"))
    assert set(decisions(store.desk(LEADER))) == {OCTOBER, Cell(SHARED, TIANSHAN, "2026-10")}
    assert set(decisions(store.desk(cards))) == {Cell(SHARED, TIANSHAN, "2026-10")}


def test_of_two_at_once_the_second_is_told_and_nothing_is_half_done(store):
    other = Cell("oil", TIANSHAN, "2026-09")
    act(store, LEADER, "return", OCTOBER, remark="缺两家加油站")
    no = refused(act, store, SYSTEM, "approve", OCTOBER, other, number=0)
    assert no.rule == "meanwhile" and "天山区 2026-10" in no.message.zh and "天山区领导" in no.message.zh
    assert (state(store), state(store, other)) == ("returned", "open")


def test_an_accepted_month_refuses_what_would_change_it(store):
    put(store, Station, [station(1), station(2)])
    put(store, Reading, [read(1, date(2026, 10, 5)), read(2, date(2026, 11, 5))])
    accept(store)
    no = refused(put, store, Reading, [read(3, date(2026, 10, 31))])
    assert no.rule == "locked" and "天山区 2026-10" in no.message.zh and "第 4 行" in no.message.zh
    assert refused(put, store, Reading, [read(1, date(2026, 10, 5), volume=9.0)]).rule == "locked"  # changed
    assert days_stored(store) == [date(2026, 10, 5), date(2026, 11, 5)]
    put(
        store, Reading, [read(1, date(2026, 10, 5)), read(3, date(2026, 11, 6))]
    )  # the stored one again, and another month
    put(store, Reading, [read(4, date(2026, 10, 5), unit=SHAYIBAKE)])  # another unit
    put(store, Station, [station(3)])  # a list has no month
    put(store, Visit, [visit(1, date(2026, 10, 5))])  # of no domain: the reform's cell is open
    assert len(days_stored(store)) == 4


def test_accepting_waits_for_a_commit_that_is_under_way(store):
    """What is accepted is what is stored then: the acceptance that begins within a commit sees all of its rows."""
    act(store, SYSTEM, "approve", OCTOBER)
    put(store, Station, [station(1)])
    begun: list[threading.Thread] = []
    kept: list[str] = []

    def count(desk, cell):
        return str(desk.table("t_reading").num_rows)

    def progress(step, _share):
        if step.en == "Storing the rows" and not begun:
            begun.append(
                threading.Thread(
                    target=lambda: kept.extend(d.figures for d in act(store, CITY, "accept", OCTOBER, figures=count))
                )
            )
            begun[0].start()

    rows = [read(1, date(2026, 10, 5)), read(2, date(2026, 10, 6))]
    store.desk(SYSTEM).commit(arrived(), [checked(Reading, rows)], progress=progress)
    begun[0].join()
    assert kept == ["2"] and state(store) == "accepted"


def test_a_row_can_be_moved_neither_into_nor_out_of_an_accepted_month(store):
    put(store, Visit, [visit(1, date(2026, 10, 5)), visit(2, date(2026, 11, 5))])
    accept(store, Cell(SHARED, TIANSHAN, "2026-10"))
    assert refused(put, store, Visit, [visit(1, date(2026, 11, 6))]).rule == "locked"
    assert refused(put, store, Visit, [visit(2, date(2026, 10, 6))]).rule == "locked"
    assert refused(put, store, Visit, [visit(1, date(2026, 10, 5), unit=SHAYIBAKE)]).rule == "locked"
    put(store, Visit, [visit(2, date(2026, 11, 7))])


def test_a_batch_in_an_accepted_month_cant_be_withdrawn(store):
    line = put(store, Visit, [visit(1, date(2026, 10, 5))])
    later = put(store, Visit, [visit(2, date(2026, 11, 5))])
    accept(store, Cell(SHARED, TIANSHAN, "2026-10"))
    desk = store.desk(SYSTEM)
    assert refused(desk.withdraw, line.id, "填错了").rule == "locked"
    assert desk.batch(line.id).status == "standing"
    assert desk.withdraw(later.id, "填错了").status == "withdrawn"


def test_withdrawing_may_not_bring_a_row_back_into_an_accepted_month(store):
    put(store, Visit, [visit(1, date(2026, 10, 5))])
    moved = put(store, Visit, [visit(1, date(2026, 11, 5))])
    accept(store, Cell(SHARED, TIANSHAN, "2026-10"))
    assert refused(store.desk(SYSTEM).withdraw, moved.id, "填错了").rule == "locked"


def test_a_batch_whose_rows_stay_by_another_can_be_withdrawn(store):
    first = put(store, Visit, [visit(1, date(2026, 10, 5))])
    put(store, Visit, [visit(1, date(2026, 10, 5)), visit(2, date(2026, 10, 6))])  # states it again
    accept(store, Cell(SHARED, TIANSHAN, "2026-10"))
    store.desk(SYSTEM).withdraw(first.id, "重复报送")
    assert len(days_stored(store, "t_visit")) == 2


def test_an_exception_lets_changes_in_until_it_ends(store):
    put(store, Reading, [read(1, date(2026, 10, 5))])
    accept(store)
    soon = datetime.now(UTC) + timedelta(days=2)
    act(store, CITY, "except", OCTOBER, until=soon, remark="漏报一家")
    put(store, Reading, [read(1, date(2026, 10, 5), volume=7.0)])
    assert state(store) == "accepted"
    act(store, CITY, "close", OCTOBER)
    assert refused(put, store, Reading, [read(1, date(2026, 10, 5), volume=8.0)]).rule == "locked"
    act(store, CITY, "except", OCTOBER, until=datetime.now(UTC) - timedelta(seconds=1), remark="已过期")
    assert refused(put, store, Reading, [read(1, date(2026, 10, 5), volume=8.0)]).rule == "locked"
    act(store, CITY, "return", OCTOBER, remark="重新上报")
    put(store, Reading, [read(1, date(2026, 10, 5), volume=8.0)])


def test_every_decision_is_in_the_audit(store):
    act(store, LEADER, "return", OCTOBER, remark="缺两家加油站")
    with store.registers(write=False) as books:
        (line,) = books.audit_lines(act="approval.return")
    assert (line["username"], line["details"]["month"], line["details"]["remark"]) == ("l", "2026-10", "缺两家加油站")


def test_figures_are_kept_by_a_version_that_grows_with_decisions(store):
    before = store.data_version()
    act(store, LEADER, "approve", OCTOBER)
    assert store.data_version() == before + 1


def test_when_rows_came_in(store):
    put(store, Reading, [read(1, date(2026, 10, 5)), read(2, date(2026, 10, 6)), read(3, date(2026, 11, 1))])
    put(store, Reading, [read(4, date(2026, 10, 7), unit=SHAYIBAKE)])
    found = approvals.arrivals(store.desk(SYSTEM), "t_reading", date(2026, 10, 1), date(2026, 11, 1))
    assert {k: sum(v.values()) for k, v in found.items()} == {(TIANSHAN, "2026-10"): 2, (SHAYIBAKE, "2026-10"): 1}
    mine = approvals.arrivals(store.desk(LEADER), "t_reading", date(2026, 10, 1), date(2026, 11, 1))
    assert set(mine) == {(TIANSHAN, "2026-10")}
    (line,) = approvals.batches_of(store.desk(SYSTEM), Cell("oil", SHAYIBAKE, "2026-10"))
    assert line.units == (SHAYIBAKE,)


@given(
    st.lists(
        st.tuples(st.sampled_from([TIANSHAN, SHAYIBAKE, None]), st.dates(date(2026, 8, 1), date(2026, 12, 31)) | st.none()), max_size=30
    ),
    st.sets(st.tuples(st.sampled_from([TIANSHAN, SHAYIBAKE]), st.sampled_from(["2026-09", "2026-10"]))),
)  # fmt: skip
def test_whole_columns_are_judged_as_row_by_row(rows, pairs):
    units, days = pa.array([u for u, _ in rows], pa.string()), pa.array([d for _, d in rows], pa.date32())
    expected = [d is not None and (u, f"{d:%Y-%m}") in pairs for u, d in rows]
    assert approvals._among(units, days, pairs).tolist() == expected


def test_decisions_come_to_a_state():
    at = datetime(2026, 11, 1, tzinfo=UTC)

    def one(number, kind, until=None):
        return Decision(OCTOBER, number, kind, at, "c", "市", "", until, "")

    until = at + timedelta(days=3)
    found = standing([one(1, "approve"), one(2, "accept"), one(3, "except", until)])
    assert (found.state, found.number, found.until, found.last.number) == ("accepted", 3, until, 2)
    assert not found.locked(at) and found.locked(until)
    assert standing([one(1, "approve"), one(2, "accept"), one(3, "except", until), one(4, "accept")]).locked(at)
    assert standing([]).number == 0


# --- of figures ----------------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path):
    """Eight units with four visits a month, see tests/review/test_review.py."""
    workspace = Workspace.open(Settings(var=tmp_path / "var", database_url=None))
    file = tmp_path / "检查记录.csv"
    file.write_text(visits(), encoding="utf-8-sig")
    options = {"dataset": "inspection", "registry": workspace.registry, "places": workspace.places}
    prepare(workspace.desk(SYSTEM), file, **options).commit(explanations="试")
    yield workspace
    workspace.store.close()


def lines(house, period, unit=None, who=SYSTEM):
    found = review.results(house.desk(who), house.registry, period, today(), unit=unit, group="reform")
    return {x.code: (x.numerator, x.denominator) for x in found.lines if x.value is not None}, found


def names_of(house):
    return {u.code: u.title for u in house.places.units}


def test_what_is_returned_doesnt_count(house):
    desk, months = house.desk(SYSTEM), ("2026-08", "2026-09", "2026-10")
    quarter, _ = lines(house, "2026Q3")
    own = {m: lines(house, m, TIANSHAN)[0] for m in months}
    before = {p: lines(house, p)[0] for p in ("2026-10", "2026")}
    seen = {Cell("reform", TIANSHAN, m): 0 for m in ("2026-08", "2026-10")}
    rules.send_back(desk, names_of(house), seen, "扫码编号重复，请核实")
    after, found = lines(house, "2026Q3")
    assert [c.month for c in found.left_out] == ["2026-08"]
    flows = {c for c in quarter if c in own["2026-08"] and c in ("REF-02", "REF-03", "REF-05")}
    assert len(flows) == 3
    for code in flows:
        assert after[code] == tuple(a - b for a, b in zip(quarter[code], own["2026-08"][code], strict=True))
        gone = [own[m][code] for m in ("2026-08", "2026-10")]
        year = tuple(a - sum(g) for a, g in zip(before["2026"][code], zip(*gone, strict=True), strict=True))
        assert lines(house, "2026")[0][code] == year
    assert lines(house, "2026-10", TIANSHAN)[0] == own["2026-10"]  # the unit itself sees what it has to mend
    assert lines(house, "2026-09")[1].left_out == ()
    leader = Person("l", "天山区领导", "district_leader", units=frozenset({TIANSHAN}))
    assert lines(house, "2026-10", who=leader)[0] == own["2026-10"]


def test_a_returned_month_is_in_no_comparison_of_pilots(house):
    desk, cell = house.desk(SYSTEM), Cell("reform", TIANSHAN, "2026-08")
    known = {TIANSHAN: review.Pilot(TIANSHAN, "2026-01", "lottery", "抽签产生", "system")}

    def panel():
        found = review.panel_of(desk, house.registry, "REF-03", known, today())
        return found, (found.units.index(TIANSHAN), found.months.index("2026-08"))

    before, at = panel()
    rules.send_back(desk, names_of(house), {cell: 0}, "扫码编号重复，请核实")
    after, _ = panel()
    assert before.numerators[at] > 0 and np.isnan(after.numerators[at]) and np.isnan(after.denominators[at])
    assert np.isfinite(after.numerators).sum() == np.isfinite(before.numerators).sum() - 1
    rules.approve(desk, house.registry, names_of(house), {cell: 1}, today())
    assert np.array_equal(panel()[0].numerators, before.numerators, equal_nan=True)  # approved, it counts again


def _levels(months):
    """Two units of the oil domain as a month ended: of 10 subjects each, 4 and 1 at red."""
    rows = [("oil", m, u, level, n) for m in months for u, red in ((TIANSHAN, 4), (SHAYIBAKE, 1)) for level, n in (("red", red), ("normal", 10 - red))]  # fmt: skip
    return pd.DataFrame(rows, columns=["domain", "month", "report_unit", "level", "subjects"])


@pytest.mark.parametrize(
    ("period", "returned_month", "risk"),
    [
        ("2026-10", None, (25, 25, 25)), ("2026-10", "2026-10", (10, 25, 25)), ("2026-10", "2026-09", (25, 10, 25)),
        ("2026-11", "2026-10", (10, 10, 25)), ("2026Q3", "2026-08", (25, 25, 25)), ("2026Q3", "2026-09", (10, 25, 25)),
    ],
)  # fmt: skip
def test_what_is_returned_is_in_no_share_of_subjects_at_risk(house, monkeypatch, period, returned_month, risk):
    """As a period ends, by its last month; as of today, by the month before."""
    monkeypatch.setattr(shelf, "month_levels", lambda _desk, _codes, months, where=None: _levels(months))
    monkeypatch.setattr(shelf, "place_levels", lambda _desk, _code: _levels(["2026-11"]).drop(columns="month"))
    if returned_month:
        rules.send_back(house.desk(SYSTEM), names_of(house), {Cell("oil", TIANSHAN, returned_month): 0}, "缺两家加油站")
    assert review.results(house.desk(SYSTEM), house.registry, period, today(), group="oil").risk == risk


def test_without_anything_returned_the_sums_are_the_same(house):
    """The way round the returned months, walked with nothing on it, gives what the usual way gives."""
    desk = house.desk(SYSTEM)
    (group,) = [g for g in groups_of(house.registry) if g.name == "reform"]
    codes = [m.code for m in group.measures]
    for text in ("2026-10", "2026Q3", "2026"):
        period = Period.of(text)
        usual = measured(desk, house.registry, codes, period, today())
        ours = rules.sums_without(desk, group, group.measures, period, today(), [Cell("reform", TIANSHAN, "1999-01")])
        key = ["indicator", "kind"]
        a, b = (
            f.sort_values(key).reset_index(drop=True)[[*key, "numerator", "denominator", "value"]]
            for f in (usual, ours)
        )
        assert (
            a.astype(object).where(a.notna(), None).values.tolist()
            == b.astype(object).where(b.notna(), None).values.tolist()
        )


def test_several_periods_at_once_are_as_each_alone(house):
    codes = list(measures_of(house.registry))
    periods = [Period.of(p) for p in ("2026-11", "2026Q3", "2025", "2024", "2025")]
    for where in (None, {"report_unit": TIANSHAN}):
        over = measured_over(house.desk(SYSTEM), house.registry, codes, periods, today(), where=where)
        for period in periods:
            alone = measured(house.desk(SYSTEM), house.registry, codes, period, today(), where=where)
            assert len(alone) or period.text == "2024"
            key = ["indicator", "kind"]
            both = (f.sort_values(key).reset_index(drop=True)[alone.columns].astype(object) for f in (alone, over[period.text]))  # fmt: skip
            one, other = (f.where(f.notna(), None).values.tolist() for f in both)
            assert one == other


def test_figures_are_kept_as_they_were_and_what_moves_is_told(house):
    desk, cell = house.desk(SYSTEM), Cell("reform", TIANSHAN, "2026-10")
    (one,) = rules.approve(desk, house.registry, names_of(house), {cell: 0}, today())
    kept = json.loads(one.figures)
    shown = lines(house, "2026-10", TIANSHAN)[0]
    assert {c: tuple(v[:2]) for c, v in kept.items()} == shown  # the very lines of the results

    def compare():
        board = rules.board(desk, house.registry, [TIANSHAN], ["2026-10"])
        return {s.cell: s for s in rules.compared(desk, house.registry, board, today())}[cell]

    assert compare().moved == ()
    batch = desk.batches()[0]
    desk.withdraw(batch.id, "试撤回")
    moved = {m.code: m for m in compare().moved}
    assert moved["REF-03"].kept[:2] == shown["REF-03"] and moved["REF-03"].now == (None, None, None)


def test_what_is_not_approved_is_counted(house):
    desk, period = house.desk(SYSTEM), Period.of("2026Q3")
    units = [TIANSHAN, SHAYIBAKE]
    missing = rules.unapproved(desk, units, period, today())
    assert (missing["reform"], missing["oil"]) == (6, 6)
    cells = {Cell("reform", u, m): 0 for u in units for m in period.months}
    rules.approve(desk, house.registry, names_of(house), cells, today())
    rules.send_back(desk, names_of(house), {Cell("reform", TIANSHAN, "2026-09"): 1}, "重复报送，请核实")
    missing = rules.unapproved(desk, units, period, today())
    assert (missing["reform"], missing["oil"]) == (1, 6)
    assert rules.unapproved(desk, [SHAYIBAKE], period, today())["reform"] == 0
    assert (
        rules.unapproved(desk, units, Period.of("2026Q4"), date(2026, 10, 9))["reform"] == 2
    )  # months to come don't count


def test_what_cant_be_decided_is_refused_in_a_sentence(house):
    desk, names = house.desk(SYSTEM), names_of(house)
    cell = {Cell("reform", TIANSHAN, "2026-10"): 0}
    for rule, call in (
        ("running", lambda: rules.approve(desk, house.registry, names, {Cell("reform", TIANSHAN, "2026-11"): 0}, today())),
        ("none", lambda: rules.accept(desk, house.registry, names, {}, today())),
        ("remark", lambda: rules.send_back(desk, names, cell, " ")),
        ("reason", lambda: rules.let_in(desk, names, cell, today(), "")),
        ("until", lambda: rules.let_in(desk, names, cell, today() - timedelta(days=1), "漏报一家")),
        ("until", lambda: rules.let_in(desk, names, cell, today() + timedelta(days=31), "漏报一家")),
        ("state", lambda: rules.let_in(desk, names, cell, today(), "漏报一家")),
    ):  # fmt: skip
        no = refused(call)
        assert no.rule == rule and no.message.zh.endswith("。") and no.message.en


def test_an_exception_lasts_to_the_end_of_its_day(house):
    desk, names, cell = house.desk(SYSTEM), names_of(house), Cell("reform", TIANSHAN, "2026-10")
    rules.approve(desk, house.registry, names, {cell: 0}, today())
    rules.accept(desk, house.registry, names, {cell: 1}, today())
    (one,) = rules.let_in(desk, names, {cell: 2}, date(2026, 11, 25), "漏报一家")
    assert one.until == datetime(2026, 11, 25, 16, tzinfo=UTC)  # midnight in Beijing


def test_a_remark_comes_in_the_return_workbook(house, tmp_path):
    """Of the batches whose rows fall into the month, and as long as it stands returned."""
    desk, cell = house.desk(SYSTEM), Cell("reform", TIANSHAN, "2026-10")
    (batch,) = desk.batches()
    assert rules.remarks(desk, house.registry, batch) == ()
    rules.send_back(desk, names_of(house), {cell: 0, Cell("oil", TIANSHAN, "2026-10"): 0}, "=扫码编号重复，请核实")
    (told,) = rules.remarks(desk, house.registry, batch)
    assert told.cell == cell
    name, path = desk.file_of(batch.id)
    again = prepare(desk, path, name, registry=house.registry, places=house.places, remember=False)
    book = openpyxl.load_workbook(io.BytesIO(returned.write(path, again.tables, "zh", name, remarks=[told.remark])))
    first = book.worksheets[0]
    cells = [c for row in first.iter_rows() for c in row if c.value in ("退回意见", told.remark)]
    assert [c.value for c in cells] == ["退回意见", told.remark] and cells[1].data_type == "s"  # no formula
    rules.approve(desk, house.registry, names_of(house), {cell: 1}, today())
    assert rules.remarks(desk, house.registry, batch) == ()


def test_the_command_line_decides_and_lists(run):  # noqa: F811
    code, out, _ = run("approvals", "decide", "approve", "2026-10", "--unit", TIANSHAN, "--json")
    assert (code, json.loads(out)["decided"]) == (0, 4)
    code, out, _ = run("approvals", "list", "2026-10", "--json")
    cells = json.loads(out)["cells"]
    assert (code, len(cells), sum(c["state"] == "approved" for c in cells)) == (0, 36, 4)
    for arguments, rule, status in (
        (("decide", "approve", "2026-11"), "running", 1), (("decide", "praise", "2026-10"), "no_act", 2),
        (("list", "2026Q3"), "no_month", 2), (("decide", "accept", "2026-09"), "none", 1),
        (("decide", "return", "2026-10"), "remark", 1),
    ):  # fmt: skip
        code, out, _ = run("approvals", *arguments, "--json")
        assert (code, json.loads(out)["refused"]) == (status, rule)
    code, out, _ = run("approvals", "reporting", "2026-10", "--json")
    assert (code, json.loads(out)["teams"]) == (0, [])
    code, out, _ = run("approvals", "burden", "--json")
    assert code == 0 and {t["dataset"] for t in json.loads(out)["templates"]} >= {"inspection", "oil_station"}
