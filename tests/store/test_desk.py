"""The scope door: what each person sees and may hand in, and that values come back as they went in."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from pilotwatch.store import SYSTEM, Person, StoreRefused
from tests.store.made import (
    ADMIN,
    AUDITOR,
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
    warning,
)
from tests.store.uploads import arrived

TS, MD, GQP = "650102", "650109", "GQP"
NOBODY = Person("none", "无单位", "pilot_team", frozenset(), frozenset())
EVERYONE = {p.username: p for p in (CITY, OIL, OIL_TIANSHAN, CARDS, LEADER_TIANSHAN, ADMIN, AUDITOR, NOBODY, SYSTEM)}

#: Whose stations (owned by the oil domain) each may read: the units, all units, or none at all.
READS = {
    "city": {TS, MD, GQP}, "oil": {TS, MD, GQP}, "oil-ts": {TS}, "cards": None, "ts": {TS}, "admin": None, "audit": None,
    "none": None, "system": {TS, MD, GQP},
}  # fmt: skip
#: The same for visits, which no domain owns.
READS_SHARED = READS | {"cards": {TS, MD, GQP}, "none": set()}
WRITES = {"city": {TS, MD, GQP}, "oil": {TS, MD, GQP}, "oil-ts": {TS}, "system": {TS, MD, GQP}}


def visit(n: int, **values) -> dict:
    return {"visit_no": f"V{n}", "uscc": station(n)["uscc"], "on": date(2026, 1, n), **values}


@pytest.fixture
def store(open_store):
    """One station and one visit in each of three units, a visit that names no place, and one of an unlisted subject."""
    store = open_store(RECORDS, owners=OWNERS)
    places = {1: (TS, TS), 2: (MD, MD), 3: (MD, GQP)}
    stations = [station(n, division_code=d, report_unit=u) for n, (d, u) in places.items()]
    visits = [visit(n, division_code=d, report_unit=u) for n, (d, u) in places.items()]
    store.desk(SYSTEM).commit(arrived("stations"), [checked(Station, stations)])
    store.desk(SYSTEM).commit(arrived("visits"), [checked(Visit, visits)])
    return store


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("dataset", ["t_station", "t_visit"])
def test_each_reads_the_rows_of_their_units_and_domains_alone(store, who, dataset):
    desk, units = store.desk(EVERYONE[who]), (READS if dataset == "t_station" else READS_SHARED)[who]
    if units is None:
        for ask in (desk.frame, desk.count):
            with pytest.raises(StoreRefused):
                ask(dataset)
        return
    assert set(desk.frame(dataset).report_unit) == units
    assert desk.count(dataset)["rows"].sum() == len(units)
    assert set(desk.count(dataset, ["report_unit"]).report_unit) == units


@pytest.mark.parametrize("who", [w for w in EVERYONE if EVERYONE[w].may("read")])
def test_each_sees_the_listed_subjects_of_their_units_and_domains_alone(store, who):
    assert set(store.desk(EVERYONE[who]).subjects().report_unit) == (READS[who] or set())


@pytest.mark.parametrize("who", [w for w in EVERYONE if EVERYONE[w].may("read")])
def test_no_filter_reaches_outside_the_scope(store, who):
    desk = store.desk(EVERYONE[who])
    seen = set(desk.frame("t_visit").uscc)
    everything = store.desk(SYSTEM).frame("t_visit", ["subject_id", "id", "uscc"])
    assert set(desk.frame("t_visit", subjects=everything.subject_id).uscc) == seen
    assert set(desk.frame("t_visit", where={"report_unit": {TS, MD, GQP}}).uscc) == seen
    assert set(desk.frame("t_visit", where={"uscc": everything.uscc.tolist()}).uscc) == seen
    assert desk.known("t_station", set(everything.uscc)) <= (
        set(everything.uscc) if EVERYONE[who].units is None else {station(1)["uscc"]}
    )
    for row in everything.itertuples():
        if row.uscc in seen:
            assert desk.trace("t_visit", row.id, row.subject_id).current
        else:
            with pytest.raises(StoreRefused) as refused:
                desk.trace("t_visit", row.id, row.subject_id)
            assert refused.value.rule == "no_row"


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("unit", [TS, MD, GQP])
def test_each_hands_in_for_their_units_and_domains_alone(store, who, unit):
    desk, coming = store.desk(EVERYONE[who]), checked(Station, [station(9, report_unit=unit)])
    before = len(store.desk(SYSTEM).frame("t_station"))
    if unit in WRITES.get(who, set()):
        assert desk.commit(arrived(), [coming]).units == (unit,)
        return
    with pytest.raises(StoreRefused) as refused:
        desk.commit(arrived(), [coming])
    assert refused.value.rule in ("scope", "other_domain", "not_allowed")
    assert refused.value.message.zh and refused.value.message.en
    assert len(store.desk(SYSTEM).frame("t_station")) == before


def test_a_key_of_another_unit_is_not_overwritten(store):
    desk, coming = store.desk(OIL_TIANSHAN), checked(Station, [station(1, "改名"), station(2, "抢来")])
    assert desk.compare(coming).foreign.tolist() == [False, True]
    with pytest.raises(StoreRefused) as refused:
        desk.commit(arrived(), [coming])
    assert refused.value.rule == "scope" and "第 5 行" in refused.value.message.zh


def test_a_row_without_a_place_is_where_its_subject_is_listed(store):
    store.desk(CITY).commit(arrived(), [checked(Visit, [visit(n + 10, uscc=station(n)["uscc"]) for n in (1, 2, 3)])])
    placed = store.desk(CITY).frame("t_visit", ["visit_no", "report_unit"], where={"visit_no": ["V11", "V12", "V13"]})
    assert dict(placed.itertuples(index=False)) == {"V11": TS, "V12": MD, "V13": GQP}


def test_a_row_whose_subject_is_listed_later_is_seen_there(store):
    store.desk(CITY).commit(arrived(), [checked(Visit, [visit(20)])])
    desk = store.desk(LEADER_TIANSHAN)
    assert "V20" not in set(desk.frame("t_visit").visit_no)
    store.desk(CITY).commit(arrived(), [checked(Station, [station(20)])])
    assert "V20" in set(desk.frame("t_visit").visit_no)
    assert store.desk(OIL_TIANSHAN).compare(checked(Visit, [visit(20, note="x")])).foreign.tolist() == [False]


def test_a_team_of_one_unit_hands_in_unplaced_rows_as_its_own(store):
    store.desk(OIL_TIANSHAN).commit(arrived(), [checked(Visit, [visit(21)])])
    assert store.desk(CITY).frame("t_visit", ["report_unit"], where={"visit_no": "V21"}).report_unit.tolist() == [TS]


def test_a_team_of_two_units_has_to_say_whose_an_unplaced_row_is(store):
    two = Person("two", "两区专班", "pilot_team", frozenset({TS, MD}), frozenset({"oil"}))
    with pytest.raises(StoreRefused) as refused:
        store.desk(two).commit(arrived(), [checked(Visit, [visit(22)])])
    assert refused.value.rule == "scope" and "未注明区（县）" in refused.value.message.zh


def test_batches_are_listed_and_opened_in_scope_alone(store):
    stations = store.desk(CITY).batches(dataset="t_station")[0]
    midong = store.desk(CITY).commit(
        arrived("midong"), [checked(Station, [station(8, division_code=MD)], findings=[warning(4)])]
    )
    assert [b.file for b in store.desk(CITY).batches()] == ["midong", "visits", "stations"]
    assert [b.file for b in store.desk(LEADER_TIANSHAN).batches()] == ["visits", "stations"]
    assert [b.file for b in store.desk(CARDS).batches()] == ["visits"]
    assert [b.file for b in store.desk(OIL).batches(limit=2)] == ["midong", "visits"]
    assert store.desk(OIL).batch(stations.id) == stations
    for ask in (store.desk(LEADER_TIANSHAN).batch, store.desk(CARDS).findings, store.desk(LEADER_TIANSHAN).file_of):
        with pytest.raises(StoreRefused) as refused:
            ask(midong.id)
        assert refused.value.rule == "no_batch"
    for who in (ADMIN, AUDITOR):
        with pytest.raises(StoreRefused):
            store.desk(who).batches()


def test_a_batch_that_reaches_outside_the_scope_is_not_withdrawn(store):
    batch = store.desk(CITY).batches(dataset="t_station")[0]
    for who, rule in (
        (OIL_TIANSHAN, "scope"),
        (CARDS, "no_batch"),
        (LEADER_TIANSHAN, "not_allowed"),
        (ADMIN, "not_allowed"),
    ):
        with pytest.raises(StoreRefused) as refused:
            store.desk(who).withdraw(batch.id, "x")
        assert refused.value.rule == rule
    mixed = store.desk(CITY).commit(arrived(), [checked(Station, [station(7)]), checked(Visit, [visit(7)])])
    with pytest.raises(StoreRefused) as refused:
        store.desk(CARDS).withdraw(mixed.id, "x")
    assert refused.value.rule == "scope"
    assert store.desk(OIL).withdraw(mixed.id, "x").status == "withdrawn"


def test_values_come_back_as_they_went_in(open_store):
    desk = open_store(RECORDS).desk(CITY)
    texts = [
        "",
        " ",
        "\\N",
        "\\.",
        "a\n\\.\nb",
        '"',
        "a,b",
        "\t",
        "NULL",
        "'; DROP TABLE batch; --",
        "阿**·***",
        "𠮷",
        "a\r\nb",
    ]
    rows = [station(n, text, tags=[text]) for n, text in enumerate(texts)]
    rows[0] |= dict(
        capital=1234567890123.45,
        opened_on=date(1949, 10, 1),
        self_service=True,
        nozzles=2**53,
        lng=87.6168,
        lat=43.8256,
    )
    rows[1] |= dict(capital=-0.005, opened_on=date(2026, 2, 28), self_service=False, nozzles=0)
    desk.commit(arrived(), [checked(Station, rows)])
    back = desk.frame("t_station").sort_values("uscc").reset_index(drop=True)
    assert back.name.tolist() == texts
    assert [pd.io.json.ujson_loads(t) for t in back.tags] == [[t] for t in texts]
    first = back.iloc[0]
    assert (first.capital, first.opened_on, first.self_service) == (1234567890123.45, pd.Timestamp(1949, 10, 1), True)
    assert (first.nozzles, first.lng, first.lat) == (2**53, 87.6168, 43.8256)
    second = back.iloc[1]
    assert (second.capital, second.self_service, second.nozzles) == (-0.01, False, 0)
    third = back.iloc[2]
    assert pd.isna(third.capital) and pd.isna(third.opened_on) and third.self_service is pd.NA and pd.isna(third.lng)
    assert desk.compare(checked(Station, rows)).unchanged.all(), "what was stored is what was compared"


def test_times_and_volumes_come_back_as_they_went_in(open_store):
    desk = open_store(RECORDS).desk(CITY)
    moment = datetime(2026, 6, 10, 23, 59, 59)  # noqa: DTZ001 - the wall clock, as a file states it
    desk.commit(arrived(), [checked(Reading, [reading(1, 8369.1234, read_at=moment, ratio=0.1 + 0.2)])])
    row = desk.frame("t_reading").iloc[0]
    assert (row.read_at, row.volume, row.ratio) == (pd.Timestamp(moment), 8369.123, 0.1 + 0.2)


def test_the_types_of_a_frame_do_not_depend_on_its_rows(open_store):
    desk = open_store(RECORDS).desk(CITY)
    empty = desk.frame("t_station").dtypes
    desk.commit(
        arrived(), [checked(Station, [station(1, nozzles=1, capital=1, self_service=True, opened_on=date(2026, 1, 1))])]
    )
    assert desk.frame("t_station").dtypes.equals(empty)
    assert {str(t) for t in empty} == {"str", "float64", "int64", "boolean", "datetime64[s]"}


def test_filters_pick_rows_by_value_collection_range_and_emptiness(open_store):
    desk = open_store(RECORDS).desk(CITY)
    desk.commit(
        arrived(),
        [checked(Station, [station(n, f"站{n}", opened_on=date(2026, 1, n) if n < 4 else None) for n in range(1, 6)])],
    )

    def names(**where) -> set[str]:
        return set(desk.frame("t_station", ["name"], where=where).name)

    assert names(name="站1") == {"站1"}
    assert names(name=["站1", "站5", "没有"]) == {"站1", "站5"}
    assert names(name=[]) == set()
    assert names(opened_on=slice(date(2026, 1, 2), None)) == {"站2", "站3"}
    assert names(opened_on=slice(date(2026, 1, 1), date(2026, 1, 3))) == {"站1", "站2"}
    assert names(opened_on=None) == {"站4", "站5"}
    assert len(desk.frame("t_station", limit=2)) == 2
    subject = desk.frame("t_station", ["subject_id"], where={"name": "站3"}).subject_id[0]
    assert set(desk.frame("t_station", ["name"], subjects=[subject]).name) == {"站3"}
    assert desk.frame("t_station", ["name"], subjects=[]).empty


def test_known_values_are_those_of_current_rows(open_store):
    desk = open_store(RECORDS).desk(CITY)
    line = desk.commit(arrived(), [checked(Station, [station(1), station(2)]), checked(Visit, [visit(1)])])
    assert desk.known("t_station", [station(1)["uscc"], "x", ""]) == {station(1)["uscc"]}
    assert desk.known("t_visit", ["V1", "V2"]) == {"V1"}
    assert desk.known("t_station", []) == set()
    desk.withdraw(line.id, "x")
    assert desk.known("t_station", [station(1)["uscc"]]) == set()


def test_an_unknown_dataset_or_column_is_an_error(open_store):
    desk = open_store(RECORDS).desk(CITY)
    for ask in (
        lambda: desk.frame("nothing"),
        lambda: desk.frame("t_station", ["nothing"]),
        lambda: desk.frame("t_station", where={"nothing": 1}),
    ):
        with pytest.raises(KeyError):
            ask()
