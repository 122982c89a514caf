"""Figures kept in step with every commit and withdrawal are the figures made anew from the records."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial

import pandas as pd
import pytest

from pilotwatch import figures
from pilotwatch.domain import LEVELS, Area, Basis, Domain, Indicator, Input, Levels, Text
from pilotwatch.figures import evaluate
from pilotwatch.registry import Registry
from pilotwatch.store import SYSTEM, Arrived, shelf
from pilotwatch.workdays import today
from tests.store.made import CITY, LEADER_TIANSHAN, OIL, Reading, Station, checked, reading, station

ON = date(2026, 6, 1)


def _nozzles(frames, on):
    """Nozzles per station; empty where the list has none."""
    return frames["t_station"].set_index("subject_id")["nozzles"].astype("float64")


def _volume(frames, on):
    """The largest volume read at a station."""
    return frames["t_reading"].groupby("subject_id")["volume"].max()


def _age(frames, on):
    """Days since a station opened."""
    opened = frames["t_station"].set_index("subject_id")["opened_on"]
    return (pd.Timestamp(on) - opened).dt.days


def _self_service(frames, on):
    """A place's share of self-service stations; in neither sum where it isn't known."""
    known = frames["t_station"].set_index("subject_id")["self_service"].astype("float64")
    return pd.DataFrame({"value": known, "n": known, "of": known.notna().astype("float64").where(known.notna())})


def _indicator(code, needs, compute, **levels):
    return Indicator(
        code, zh=code, en=code, per=Station, needs=needs, compute=compute, levels=Levels(**levels),
        basis=Basis("PRAC", "test"), owner="SWJ",
    )  # fmt: skip


DOMAIN = Domain(
    "oil", zh="油", en="Oil", code="OIL", lead="SWJ", records=(Station, Reading),
    indicators=(
        _indicator("T-01", (Station,), _nozzles, red="> 8", yellow="> 4"),
        _indicator("T-02", (Station, Reading), _volume, orange=">= 50"),
        _indicator("T-03", (Station,), _age, red="> 90", yellow="> 30"),
        Indicator(
            "T-04", zh="自助", en="Self-service", per=Station, needs=(Station,), compute=_self_service, levels=None,
            basis=Basis("PRAC", "test"), owner="SWJ", inputs=(Input("n", "自助", "Self-service"), Input("of", "已知", "Known")),
            area=Area("n", "of", Levels(red="< 50 %"), Basis("PRAC", "test"), Text("比例", "Share"), at_least=2),
        ),
    ),
)  # fmt: skip
FOUND = Registry((DOMAIN,), shared=())


@pytest.fixture
def store(open_store):
    opened = open_store((Station, Reading), owners={"t_station": {"oil"}, "t_reading": {"oil"}})
    opened.on_change.append(partial(figures.follow, FOUND, opened))
    return opened


def _commit(store, record, rows, person=OIL):
    return store.desk(person).commit(Arrived("f.xlsx"), [checked(record, rows)])


def _on_the_shelf(store):
    desk = store.desk(SYSTEM)
    levels = shelf.worst_subjects(desk, ranks=range(6), limit=10_000)
    key = ["domain", "subject_id", "indicator"]
    places = shelf.place_levels(desk)
    return (
        levels.sort_values(key, ignore_index=True).drop(columns="since"),
        places.sort_values(list(places.columns), ignore_index=True),
        shelf.place_sums(desk).sort_values(["indicator", "report_unit"], ignore_index=True),
        shelf.row_tally(desk).query("rows > 0").sort_values(["dataset", "report_unit"], ignore_index=True),
    )


def test_a_value_gets_its_level_and_the_worst_of_a_subject_counts_for_it():
    """Station 1: 9 nozzles > 8 → red, 10 L < 50 → normal, worst red. Station 2: neither known → nodata."""
    frames = {
        "t_station": pd.DataFrame(
            {
                "subject_id": ["1", "2"],
                "nozzles": [9.0, None],
                "opened_on": pd.to_datetime([None, None]),
                "self_service": [True, None],
            }
        ),
        "t_reading": pd.DataFrame({"subject_id": ["1"], "volume": [10.0]}),
    }
    done = evaluate(DOMAIN, frames, ON)
    assert dict(zip(done.subjects, (LEVELS[r] for r in done.worst), strict=True)) == {"1": "red", "2": "nodata"}
    judged = {
        j.indicator: {done.subjects[i]: LEVELS[r] for i, r in zip(j.at, j.ranks, strict=True)} for j in done.judged
    }
    assert judged == {"T-01": {"1": "red"}, "T-02": {"1": "normal"}, "T-03": {}}


@pytest.mark.parametrize("seed", range(4))
def test_following_random_commits_and_withdrawals_gives_what_a_rebuild_gives(store, seed, monkeypatch):
    monkeypatch.setattr("pilotwatch.figures.keep._AT_ONCE", 4)  # the rebuild goes in several parts
    rng, standing = random.Random(seed), []
    for _ in range(14):
        act = rng.choice(("stations", "stations", "readings", "withdraw"))
        if act == "withdraw" and standing:
            store.desk(OIL).withdraw(standing.pop(rng.randrange(len(standing))), "错报")
            continue
        if act == "readings":
            rows = [reading(n, rng.choice((1.0, 49.9, 50.0, 80.0))) for n in rng.sample(range(40), 6)]
            line = _commit(store, Reading, rows)
        else:
            rows = [
                station(
                    n,
                    nozzles=rng.choice((None, 4, 5, 9)),
                    self_service=rng.choice((None, True, False)),
                    division_code=rng.choice(("650102", "650109")),
                )
                for n in rng.sample(range(9), rng.randint(1, 5))
            ]
            line = _commit(store, Station, rows)
        if line.id:
            standing.append(line.id)
    followed = _on_the_shelf(store)
    figures.update(store, FOUND, rebuild=True)
    for kept, anew in zip(followed, _on_the_shelf(store), strict=True):
        pd.testing.assert_frame_equal(kept, anew)


def test_an_upload_is_judged_by_the_indicators_that_read_what_it_changed(store, monkeypatch):
    """T-02 alone reads readings. Evaluated yesterday, a station is judged by all; so is one whose list changed."""
    judged = []
    monkeypatch.setattr(
        "pilotwatch.figures.keep.evaluate", lambda *a: judged.append([i.code for i in a[3]]) or evaluate(*a)
    )
    every = ["T-01", "T-02", "T-03", "T-04"]
    _commit(store, Station, [station(1, nozzles=9)])
    _commit(store, Reading, [reading(1, 80.0)])
    assert judged == [every, ["T-02"]]
    worst = shelf.worst_subjects(store.desk(SYSTEM), indicator="*", ranks=range(6))
    assert worst["level"].tolist() == ["red"]  # by T-01, which was not asked again
    figures.update(store, FOUND, on=today() - timedelta(1))
    _commit(store, Reading, [reading(1, 20.0)])
    _commit(store, Station, [station(1, nozzles=5)])
    assert judged[2:] == [every, every, every]


def test_what_is_as_it_was_is_not_written_again(store, monkeypatch):
    _commit(store, Station, [station(1, nozzles=9), station(2, nozzles=1)])
    written = []
    monkeypatch.setattr(
        shelf.Rollup, "change", lambda self, c, domain, gone, come: written.append((len(gone), len(come)))
    )
    figures.update(store, FOUND)
    assert written == [(0, 0), (0, 0)]  # levels, parts
    _commit(store, Station, [station(2, nozzles=5)])  # T-01 and the worst of station 2
    assert written[2:] == [(2, 2), (0, 0)]


def test_a_commit_that_fails_in_its_figures_stores_nothing(store):
    def refuse(connection, change):
        raise RuntimeError("no")

    store.on_change.append(refuse)
    with pytest.raises(RuntimeError):
        _commit(store, Station, [station(1, nozzles=9)])
    assert store.is_empty()
    assert shelf.place_levels(store.desk(SYSTEM)).empty


def test_since_stays_while_a_level_lasts_and_begins_anew_when_it_gets_worse(store):
    """T-03 counts days from the opening, 2027-01-01: yellow from 31 days on, red from 91."""

    def level_and_since(on):
        figures.update(store, FOUND, on=on)
        rows = shelf.worst_subjects(store.desk(SYSTEM), indicator="T-03", ranks=range(6))
        return rows["level"].iloc[0], rows["since"].iloc[0].date()

    _commit(store, Station, [station(1, opened_on=date(2027, 1, 1))])
    assert level_and_since(date(2027, 2, 10)) == ("yellow", date(2027, 2, 10))
    assert level_and_since(date(2027, 3, 10)) == ("yellow", date(2027, 2, 10))
    assert level_and_since(date(2027, 4, 20)) == ("red", date(2027, 4, 20))
    assert level_and_since(date(2027, 5, 20)) == ("red", date(2027, 4, 20))


def test_a_leader_sees_the_own_unit_and_the_city_as_a_line_of_reference(store):
    _commit(
        store, Station,
        [station(1, nozzles=9), station(2, nozzles=1), station(3, nozzles=9, division_code="650109")],
    )  # fmt: skip
    seen = figures.overview(store.desk(LEADER_TIANSHAN), FOUND, on=ON)
    line = seen.domains[0]
    assert (line.subjects, line.red, line.normal) == (2, 1, 1)
    assert (line.city_subjects, line.city_risky) == (3, 2)
    assert set(seen.places["report_unit"]) == {"650102"}
    assert figures.exceptions_of(store.desk(LEADER_TIANSHAN))["report_unit"].tolist() == ["650102"]
    city = figures.overview(store.desk(CITY), FOUND, on=ON)
    assert city.concerns[0].where == (("650102", 1), ("650109", 1))


def test_an_empty_store_has_an_overview_that_says_what_is_missing(store):
    seen = figures.overview(store.desk(CITY), FOUND, on=ON)
    assert seen.missing == (("oil", "t_station"), ("oil", "t_reading"))
    assert seen.domains[0].per_100 is None
    assert seen.concerns == () and figures.exceptions_of(store.desk(CITY)).empty and seen.places.empty


def test_a_place_is_judged_by_its_sums_and_not_where_too_little_is_known(store):
    """Tianshan: 1 of 3 known stations is self-service, 0.333 < 0.5 → red. Midong: 1 of 1, fewer than 2 known → nodata."""
    _commit(
        store, Station,
        [
            station(1, self_service=True), station(2, self_service=False), station(3, self_service=False), station(4),
            station(5, self_service=True, division_code="650109"),
        ],
    )  # fmt: skip
    rows = figures.areas(store.desk(CITY), FOUND).set_index("report_unit")
    assert rows.loc["650102", ["numerator", "denominator", "level"]].tolist() == [1.0, 3.0, "red"]
    assert rows.loc["650102", "value"] == pytest.approx(1 / 3)
    assert rows.loc["650109", "level"] == "nodata"
    whole = figures.areas(store.desk(CITY), FOUND, by=())
    assert whole[["numerator", "denominator"]].to_numpy().tolist() == [[2.0, 4.0]]
    assert set(figures.areas(store.desk(LEADER_TIANSHAN), FOUND)["report_unit"]) == {"650102"}
