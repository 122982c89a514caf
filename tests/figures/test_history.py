"""How months ended, evaluated afterwards: by what was known by then, each month once."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pilotwatch import figures, scorecard
from pilotwatch.figures import ask
from pilotwatch.store import SYSTEM, Arrived, shelf
from tests.figures.test_periods import FOUND, Station, store  # noqa: F401 - the fixture
from tests.store.made import CITY, checked, station


def test_the_last_months_are_evaluated_without_looking_ahead_and_once(store):  # noqa: F811
    """Station 1 isn't self-service (red, of the area 0 ÷ 1) until the list of 15 October says it is; station 2, with 5
    nozzles, is listed since then. September is evaluated as of its end, before that list came."""

    def upload(moment, *rows):
        store.desk(SYSTEM).commit(Arrived("f.xlsx", at=moment), [checked(Station, rows)])

    upload(datetime(2026, 8, 10, 12, tzinfo=UTC), station(1, self_service=False, nozzles=3))
    upload(
        datetime(2026, 10, 15, 12, tzinfo=UTC),
        station(1, self_service=True, nozzles=3), station(2, self_service=True, nozzles=5),
    )  # fmt: skip
    november = date(2026, 11, 2)
    done = figures.history(store, FOUND, 2, scorecard.look_back, on=november)
    assert done["oil"] == ["2026-09", "2026-10"]
    desk = store.desk(CITY)
    rows = shelf.month_levels(desk, ["OIL-01"], ["2026-08", "2026-09", "2026-10"], by=())
    assert sorted(map(tuple, rows[["month", "level", "subjects"]].to_numpy())) == [
        ("2026-09", "red", 1), ("2026-10", "normal", 2),
    ]  # fmt: skip
    indicator = FOUND.indicators[0]
    for month, sums in (("2026-09", [0, 1, 0.0]), ("2026-10", [2, 2, 1.0])):
        area = ask.area_of(desk, FOUND, indicator, ask.Period.of(month), november)
        assert area[["numerator", "denominator", "value"]].to_numpy().tolist() == [sums]
        large = ask.measured(desk, FOUND, ["OIL-M02"], ask.Period.of(month), november)
        assert large["value"].tolist() == [sums[2]]  # stations with more than 4 nozzles: none, then one
    assert figures.history(store, FOUND, 2, scorecard.look_back, on=november)["oil"] == []
