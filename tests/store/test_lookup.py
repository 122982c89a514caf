"""Looking subjects up: by the beginning of a name or code, in scope alone; what happened, whoever reported it unnamed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from pilotwatch.domain import Record, Spec, Uscc, column
from pilotwatch.identity import subject_id
from pilotwatch.store import SYSTEM, Arrived, StoreRefused, lookup
from tests.store.made import (
    ADMIN,
    CARDS,
    CITY,
    LEADER_TIANSHAN,
    OIL,
    OIL_TIANSHAN,
    OWNERS,
    RECORDS,
    Reading,
    Station,
    Visit,
    checked,
    reading,
    station,
)
from tests.store.uploads import arrived


class Report(Record):
    """What people report about a station."""

    spec = Spec("t_report", zh="举报", en="Reports", subject="uscc", day="on")
    no: str = column("编号", "Number", key=True, reporter=True)
    uscc: Uscc = column("代码", "Code")
    on: date = column("日期", "On")
    words: str | None = column("内容", "Words", reporter=True)
    kind: str | None = column("类别", "Kind")
    tags: list[str] | None = column("标签", "Tags")


BEGINNINGS = ("新疆", "天山区")
ONE, TWO, THREE = (str(subject_id("uscc", station(n)["uscc"])) for n in (1, 2, 3))


@pytest.fixture
def store(open_store, tmp_path):
    """Stations 1 and 3 in Tianshan, 2 in Midong; a visit and a report of each; the stations' list came as a file."""
    store = open_store((*RECORDS, Report), owners=OWNERS)
    names = {1: "新疆苒谷川加油站", 2: "苒谷加油站", 3: "新疆（苒）加油站"}
    units = {1: "650102", 2: "650109", 3: "650102"}
    stations = [station(n, names[n], division_code=u) for n, u in units.items()]
    visits = [
        {
            "visit_no": f"V{n}",
            "uscc": station(n)["uscc"],
            "on": date(2026, n, 9),
            "day": date(2026, n, 9),
            "note": "正常",
            "division_code": u,
        }
        for n, u in units.items()
    ]
    reports = [
        {"no": f"J{n}", "uscc": station(n)["uscc"], "on": date(2026, 5, n), "day": date(2026, 5, n), "words": "我住3号楼", "kind": "短量",
         "tags": ["计量", "价格"], "division_code": u}
        for n, u in units.items()
    ]  # fmt: skip
    kept = tmp_path / "stations.xlsx"
    kept.write_bytes(b"stations")
    desk = store.desk(SYSTEM)
    desk.commit(Arrived("stations.xlsx", kept), [checked(Station, stations)])
    desk.commit(arrived("visits"), [checked(Visit, visits)])
    desk.commit(arrived("reports"), [checked(Report, reports)])
    return store


def names(store, letters, person=CITY):
    return lookup.find(store.desk(person), letters, BEGINNINGS).rows["name"].tolist()


FOUND = {
    "苒谷": {"新疆苒谷川加油站", "苒谷加油站"},  # at the beginning, and behind a word that names begin with
    "新疆苒": {"新疆苒谷川加油站"},
    "(苒)": {"新疆（苒）加油站"},  # brackets of either width
    "u00000000000000002": {"苒谷加油站"},  # a code, in small letters
    "U0000000000000000": {"新疆苒谷川加油站", "新疆（苒）加油站", "苒谷加油站"},
    "加油站": set(),  # the middle of a name is no beginning
    "  ": set(),
    "%": set(),
}


def test_a_subject_is_found_by_the_beginning_of_its_name_or_code(store):
    assert {letters: set(names(store, letters)) for letters in FOUND} == FOUND


def test_whoever_has_exactly_the_code_comes_first_and_a_cut_list_says_so(store):
    desk = store.desk(CITY)
    found = lookup.find(desk, station(3)["uscc"])
    assert (found.rows["subject_id"].tolist(), found.more) == ([THREE], False)
    assert lookup.find(desk, "U", limit=2).more


def test_only_subjects_in_scope_are_found(store):
    assert names(store, "苒谷", LEADER_TIANSHAN) == ["新疆苒谷川加油站"]
    assert names(store, "苒谷", OIL_TIANSHAN) == ["新疆苒谷川加油站"]
    assert names(store, "苒谷", CARDS) == []  # the list belongs to another domain
    with pytest.raises(StoreRefused):
        names(store, "苒谷", ADMIN)


def test_a_subject_out_of_scope_is_as_good_as_none(store):
    nobody = str(subject_id("uscc", "nobody"))
    for person, subject in ((LEADER_TIANSHAN, TWO), (CARDS, ONE), (CITY, nobody), (CITY, "x")):
        with pytest.raises(StoreRefused, match="没有这个监管对象") as no:
            lookup.lists_of(store.desk(person), subject)
        assert no.value.rule == "no_subject"


def test_the_lists_of_a_subject_say_where_it_is(store):
    row = lookup.lists_of(store.desk(LEADER_TIANSHAN), ONE).iloc[0]
    assert (row["dataset"], row["code"], row["report_unit"]) == ("t_station", station(1)["uscc"], "650102")


def test_events_are_those_that_such_a_subject_can_have(store):
    desk = store.desk(CITY)
    assert {r.spec.dataset for r in lookup.events_of(desk, ["t_station"])} == {"t_reading", "t_visit", "t_report"}
    assert {r.spec.dataset for r in lookup.events_of(store.desk(CARDS), ["t_station"])} == {"t_visit", "t_report"}


def test_what_happened_is_told_across_datasets_without_who_reported_it(store):
    """Station 1 was visited on 2026-01-09 and reported on 2026-05-01: the newest first."""
    wanted = {"t_visit": ["note"], "t_report": ["no", "words", "kind", "tags"]}
    rows = lookup.happened(store.desk(CITY), ONE, wanted)
    assert list(zip(rows["dataset"], rows["day"].dt.date, rows["source_row"], strict=True)) == [
        ("t_report", date(2026, 5, 1), 4),
        ("t_visit", date(2026, 1, 9), 4),
    ]
    assert rows["facts"].tolist() == [{"kind": "短量", "tags": ["计量", "价格"]}, {"note": "正常"}]
    assert "3号楼" not in rows.to_csv()


def test_rows_of_another_unit_are_not_told(store):
    assert lookup.happened(store.desk(LEADER_TIANSHAN), TWO, {"t_visit": ["note"]}).empty
    assert lookup.tally(store.desk(LEADER_TIANSHAN), TWO, {"t_visit": None}).empty


def test_a_dataset_of_another_domain_is_refused(store):
    with pytest.raises(StoreRefused):
        lookup.happened(store.desk(CARDS), ONE, {"t_reading": ["volume"]})


def test_months_are_counted_with_the_least_and_the_most(store):
    """Readings 0, 7, 14 of tank 1 belong to one station: 2026-01-01 00:00, 07:00 and 14:00, of 5, 9 and 7 L."""
    desk = store.desk(SYSTEM)
    desk.commit(
        arrived("readings"),
        [checked(Reading, [reading(n, v, day=date(2026, 1, 1)) for n, v in ((0, 5.0), (7, 9.0), (14, 7.0))])],
    )
    of = str(subject_id("uscc", reading(0)["uscc"]))
    rows = lookup.tally(store.desk(CITY), of, {"t_reading": "volume", "t_visit": None})
    row = rows.iloc[0]
    assert (row["dataset"], row["month"], row["rows"], row["low"], row["high"]) == ("t_reading", 2026 * 12, 3, 5.0, 9.0)


def test_the_cost_is_flat_in_the_number_of_rows_and_batches(store):
    desk, statements = store.desk(CITY), []
    event.listen(store._engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    def cost():
        statements.clear()
        rows = lookup.happened(desk, ONE, {"t_visit": ["note"], "t_report": ["kind"]})
        lookup.tally(desk, ONE, {"t_visit": None, "t_report": None})
        assert len(lookup.batches(desk, rows["batch_id"])) == rows["batch_id"].nunique()
        return len(statements)

    before = cost()
    for n in range(4, 9):
        more = {"visit_no": f"W{n}", "uscc": station(1)["uscc"], "on": date(2026, n, 1), "division_code": "650102"}
        store.desk(SYSTEM).commit(arrived(f"more {n}"), [checked(Visit, [more])])
    assert cost() == before


def test_the_batches_of_many_rows_come_at_once_and_those_out_of_scope_not_at_all(store):
    ids = [b.id for b in store.desk(CITY).batches()]
    assert set(lookup.batches(store.desk(CITY), [*ids, *ids])) == set(ids)
    assert len(lookup.batches(store.desk(CARDS), ids)) == len(ids) - 1
    assert lookup.batches(store.desk(CITY), []) == {}


def test_the_original_file_is_for_those_who_hand_in_and_see_all_of_it(store):
    batch = next(b for b in store.desk(CITY).batches() if b.sha256)
    name, path = lookup.original(store.desk(OIL), batch.id)
    assert (name, path.read_bytes()) == (batch.file, b"stations")
    with pytest.raises(StoreRefused) as no:
        lookup.original(store.desk(LEADER_TIANSHAN), batch.id)
    assert no.value.rule == "not_allowed"
    with pytest.raises(StoreRefused) as no:
        lookup.original(store.desk(OIL_TIANSHAN), batch.id)
    assert no.value.rule == "scope"


def test_a_file_that_may_tell_who_reported_is_not_handed_out(store):
    batch = next(b for b in store.desk(CITY).batches() if "t_report" in b.datasets)
    with pytest.raises(StoreRefused) as no:
        lookup.original(store.desk(CITY), batch.id)
    assert no.value.rule == "reporters"


def test_the_command_line_finds_a_subject_by_its_id_and_by_its_code(open_store):
    from pilotwatch.cli.common import subject_of

    desk = open_store(RECORDS).desk(CITY)
    desk.commit(arrived(), [checked(Station, [station(1)])])
    (subject,) = desk.subjects(["subject_id", "code"]).itertuples()
    assert subject_of(desk, subject.subject_id) == subject_of(desk, subject.code) == subject.subject_id
    assert subject_of(desk, "00000000-0000-0000-0000-000000000000") is subject_of(desk, "x") is None
