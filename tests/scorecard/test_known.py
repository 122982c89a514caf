"""A look back knows only what was known: no record, no version and no cell that came later reaches an indicator."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pilotwatch import registry
from pilotwatch.frames import subjects, table
from pilotwatch.scorecard.known import Past, known_from
from pilotwatch.store import past
from tests.scorecard.made import DOMAIN, OWNERS, RECORDS, Cash, Shop, cash, commit, day, shop
from tests.store.made import CITY


@pytest.fixture
def store(open_store):
    opened = open_store(RECORDS, owners=OWNERS)
    commit(opened, Shop, [shop(1, state="开业"), shop(2)])
    return opened


def history(store, by="record") -> Past:
    desk = store.desk(CITY)
    return Past(lambda dataset, columns, force: past.versions(desk, dataset, columns, force=force), RECORDS, by)


def readings(store, on: int, by="record") -> list[float]:
    frames = history(store, by).at(day(on))
    return sorted(table(frames, Cash, "left")["left"].tolist())


def test_an_event_is_known_when_it_was_told_or_its_lag_is_over(store):
    """Read on day 10: told on day 12, so known from then; without a telling from day 13, three days later."""
    commit(store, Cash, [cash(1, 10, 5.0, told_on=day(12)), cash(2, 10, 7.0)], arrived=300)
    assert readings(store, 11) == []
    assert readings(store, 12) == [5.0]
    assert readings(store, 13) == [5.0, 7.0]


def test_by_arrival_nothing_counts_before_it_came(store):
    commit(store, Cash, [cash(1, 10, 5.0)], arrived=40)
    assert readings(store, 39, by="arrival") == []
    assert readings(store, 40, by="arrival") == [5.0]


def test_a_correction_counts_from_the_day_it_came_and_the_earlier_version_until_then(store):
    commit(store, Cash, [cash(1, 10, 5.0)], arrived=20)
    commit(store, Cash, [cash(1, 10, 50.0)], arrived=60)
    assert readings(store, 59) == [5.0]
    assert readings(store, 60) == [50.0]


def test_a_list_is_as_it_was_uploaded_by_then(store):
    commit(store, Shop, [shop(1, state="歇业"), shop(3)], arrived=100)

    def listed(on: int) -> dict[str, str]:
        found = subjects(history(store).at(day(on)), Shop, "name", "state")
        return dict(zip(found["name"], found["state"].fillna("—"), strict=True))

    assert listed(-1) == {}
    assert listed(99) == {"店1": "开业", "店2": "—"}
    assert listed(100) == {"店1": "歇业", "店2": "—", "店3": "—"}


def test_what_was_written_into_a_row_afterwards_is_empty_until_then(store):
    """Settled on day 30: the day and what came with it are unknown on day 29."""
    commit(store, Cash, [cash(1, 10, 5.0, settled_on=day(30), settled="yes")])

    def settled(on: int) -> list[object]:
        row = table(history(store).at(day(on)), Cash, "settled_on", "settled").iloc[0]
        return [None if pd.isna(v) else v for v in row[["settled_on", "settled"]]]

    assert settled(29) == [None, None]
    assert settled(30) == [pd.Timestamp(day(30)), "yes"]


def test_a_withdrawn_batch_was_never_there(store):
    line = commit(store, Cash, [cash(1, 10, 5.0)])
    store.desk(CITY).withdraw(line.id, "错报")
    assert readings(store, 200) == []


@pytest.mark.parametrize("by", ["record", "arrival"])
def test_planting_later_records_changes_nothing_an_indicator_said_before(store, by):
    """The leak test: whatever comes later, be it a reading, a correction or a list, day 50 stays as it was."""
    commit(store, Cash, [cash(1, 10, 5.0), cash(2, 20, 30.0)], arrived=21)
    indicator = DOMAIN.indicators[0]

    def said() -> pd.Series:
        return indicator.compute(history(store, by).at(day(50)), day(50)).sort_index()

    before = said()
    commit(store, Cash, [cash(1, 48, 999.0), cash(2, 51, 999.0), cash(1, 10, 999.0)], arrived=60)  # 48 + 3 days > 50
    commit(store, Cash, [cash(2, 40, 999.0, told_on=day(51))], arrived=61)
    commit(store, Shop, [shop(2, state="关店"), shop(9)], arrived=62)
    pd.testing.assert_series_equal(said(), before)


def test_no_row_that_a_look_back_gives_was_known_later(store):
    """Over random days: the law itself, on the arrays."""
    rng = np.random.default_rng(1)
    commit(store, Cash, [cash(int(n), int(d), 1.0, told_on=day(int(d + t)) if t else None)
                         for n, d, t in {(int(a), int(b)): (a, b, c) for a, b, c in rng.integers(0, 60, (80, 3))}.values()])  # fmt: skip
    desk = store.desk(CITY)
    rows = past.versions(desk, "s_cash", ["subject_id", "day", "told_on"])
    known = known_from(Cash.spec, rows)
    for on in rng.integers(-5, 130, 12):
        frames = history(store).at(day(int(on)))
        assert len(table(frames, Cash, "left")) == int((known <= np.datetime64(day(int(on)), "D")).sum())


def test_every_field_that_the_records_say_is_known_later_is_theirs():
    for record in registry.load().records:
        spec, fields = record.spec, {c.name: c.kind for c in record.columns()}
        told = [f for n in ([spec.known] if spec.known else []) for f in (n,)]
        days = [*told, *spec.ahead, *spec.later]
        assert {fields.get(d) for d in days} <= {"date", "datetime"}, spec.dataset
        assert {f for fs in spec.later.values() for f in fs} <= set(fields), spec.dataset
        assert spec.lag >= 0 and isinstance(spec.lag, int)


def test_a_dataset_that_only_a_deadline_dates_is_known_when_it_arrived(store):
    permit = registry.load().dataset("permit")
    arrived = np.datetime64(date(2026, 1, 5), "D")
    rows = _rows(day=date(2030, 1, 1), arrived=date(2026, 1, 5))
    assert known_from(permit.spec, rows).tolist() == [arrived.item()]


def _rows(**values: date):
    return pa.table({**{n: pa.array([v], pa.date32()) for n, v in values.items()}, "corrects": pa.array([False])})
