"""From counts by day to weeks: rolling periods of seven days, the last of which ends on the data day.

A week that ends today is full on every weekday, and nothing waits for Sunday (methods of daily counts below one a day
don't hold; weeks do).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotwatch.aberration.settings import Settings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

KEY = ["domain", "measure", "place"]
COLUMNS = [*KEY, "day", "count", "at_risk"]

#: The place of the row that stands for all places of a measure.
CITY = "*"


@dataclass(frozen=True)
class Weekly:
    """S series over W weeks in order; the last is the week in question.

    keys: frame of S rows (domain, measure, place). counts, at_risk (NaN where it isn't known), observed: (S, W).
    history (S,): weeks observed before the week in question, −1 where not even that is whole. until (S,): the last day
    the series is reported for, datetime64[D]. holiday (W,). last: the last day of the last week.
    """

    keys: pd.DataFrame
    counts: Floats
    at_risk: Floats
    observed: Bools
    history: NDArray[np.int64]
    until: NDArray[np.datetime64]
    holiday: Bools
    last: date

    @property
    def usable(self) -> Bools:
        """(S, W): the weeks a baseline may consist of."""
        return self.observed & ~self.holiday & (self.at_risk > 0)


def weekly(series: pd.DataFrame, on: date, settings: Settings, holidays: Iterable[date] = ()) -> Weekly:
    """Sums the rows of each series by week, back from `on` less the reporting delay.

    series: columns domain, measure, place, day, count, at_risk, and if wanted `until`. A series is observed from its
    first row's day on; a day without a row had no case, several rows of a day add up, and rows after the last day are
    not looked at. `at_risk` holds from its row's day until the next row that has one (and before the first such row);
    `until` is the last day the series is reported for, if that isn't `on`.

    Raises ValueError where a column is missing, a key or day is empty, or a count is negative or empty.

    >>> s = pd.DataFrame({"domain": "a", "measure": "b", "place": "c", "day": ["2027-01-01", "2027-01-13", "2027-01-15"],
    ...                   "count": [1, 2, 4], "at_risk": [50.0, None, 60.0]})
    >>> w = weekly(s, date(2027, 1, 15), Settings())
    >>> w.counts, w.at_risk, w.history
    (array([[0., 6.]]), array([[50., 60.]]), array([1]))

    Fifteen days are two weeks: the one case of January 1st lies before them.
    """
    _check(series)
    last = on - timedelta(days=settings.delay_days)
    ids, keys = _numbered(series)
    day = pd.to_datetime(series["day"]).to_numpy("datetime64[D]")
    end = np.datetime64(last, "D")
    first = np.full(len(keys), end + 1)
    np.minimum.at(first, ids, day)
    days = (end - first).astype(np.int64) + 1
    history = np.maximum(days // 7 - 1, -1)
    width = int(max(history.max(initial=0) + 1, 1))
    column = width - (end - day).astype(np.int64) // 7  # 0 is the begun week before the first whole one
    seen = day <= end
    counts = np.zeros((len(keys), width + 1))
    np.add.at(counts, (ids[seen], column[seen]), _numbers(series["count"])[seen])
    until = _until(series, ids, len(keys), end)
    ends = end - 7 * np.arange(width - 1, -1, -1)
    age = np.arange(width - 1, -1, -1)
    return Weekly(
        keys=keys,
        counts=counts[:, 1:],
        at_risk=_held(_numbers(series["at_risk"]), ids, column, day, seen, counts.shape)[:, 1:],
        observed=(age <= history[:, None]) & (ends <= until[:, None]),
        history=history,
        until=until,
        holiday=_holiday_weeks(holidays, ends, settings.holiday_days),
        last=last,
    )


def _check(series: pd.DataFrame) -> None:
    if missing := [c for c in COLUMNS if c not in series]:
        raise ValueError(f"the series need the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}")
    if (empty := series[[*KEY, "day"]].isna()).any(axis=None):
        row, column = np.argwhere(empty.to_numpy())[0]
        raise ValueError(f"row {row}: {empty.columns[column]} is empty; without it the row belongs to no series")
    counts = _numbers(series["count"])
    if not (counts >= 0).all():
        row = int(np.flatnonzero(~(counts >= 0))[0])
        raise ValueError(f"row {row}: the count is {counts[row]}; a count is 0 or more, a day not reported has no row")
    if (_numbers(series["at_risk"]) < 0).any():
        raise ValueError("at_risk is negative; it is a number of subjects, or empty where it isn't known")


def _numbers(values: pd.Series) -> Floats:
    return values.to_numpy("float64", na_value=np.nan)


def _numbered(series: pd.DataFrame) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Each row's series, numbered in the order of their keys, whatever the order of the rows."""
    grouped = series.groupby(KEY, sort=True, observed=True)
    return grouped.ngroup().to_numpy(), grouped.size().index.to_frame(index=False)


def _until(series: pd.DataFrame, ids: NDArray[np.int64], n: int, end: np.datetime64) -> NDArray[np.datetime64]:
    if "until" not in series:
        return np.full(n, end)
    told = pd.to_datetime(series["until"]).groupby(ids).max().reindex(range(n)).to_numpy("datetime64[D]")
    return np.where(np.isnat(told), end, np.minimum(told, end))


def _held(
    value: Floats,
    ids: NDArray[np.int64],
    column: NDArray[np.int64],
    day: NDArray[np.datetime64],
    seen: Bools,
    shape: tuple[int, ...],
) -> Floats:
    """A value that holds from its day on: the week's newest, else the week's before; the first also backwards."""
    told = np.full(shape, np.nan)
    rows = np.flatnonzero(seen & ~np.isnan(value))
    rows = rows[np.lexsort((value[rows], day[rows]))]
    told[ids[rows], column[rows]] = value[rows]
    return pd.DataFrame(told).ffill(axis=1).bfill(axis=1).to_numpy()


def _holiday_weeks(holidays: Iterable[date], ends: NDArray[np.datetime64], least: int) -> Bools:
    days = np.array(sorted(set(holidays)), dtype="datetime64[D]")
    inside = np.searchsorted(days, ends, side="right") - np.searchsorted(days, ends - 7, side="right")
    return inside >= least


def with_city(table: Weekly) -> Weekly:
    """The same with a series of the whole city (place `CITY`) for every measure that has several places.

    A place counts in the weeks it is observed in, if its subjects at risk are known: cases and subjects alike.
    """
    counted = table.observed & (table.at_risk > 0)
    groups = table.keys.groupby(KEY[:2], sort=True, observed=True)
    cities = [(key, rows) for key, rows in groups.indices.items() if len(rows) > 1]
    if not cities:
        return table
    width = table.counts.shape[1]

    def total(values: Floats) -> Floats:
        return np.array([np.where(counted[r], values[r], 0.0).sum(axis=0) for _, r in cities])

    observed = np.array([counted[rows].any(axis=0) for _, rows in cities])
    at_risk = total(table.at_risk)
    first = np.where(observed.any(axis=1), observed.argmax(axis=1), width)
    end = np.datetime64(table.last, "D")
    return replace(
        table,
        keys=pd.concat([table.keys, pd.DataFrame([(*key, CITY) for key, _ in cities], columns=KEY)], ignore_index=True),
        counts=np.vstack([table.counts, total(table.counts)]),
        at_risk=np.vstack([table.at_risk, np.where(at_risk > 0, at_risk, np.nan)]),
        observed=np.vstack([table.observed, observed]),
        history=np.concatenate([table.history, width - 1 - first]),
        until=np.concatenate([table.until, np.where(observed[:, -1], end, table.until.min())]),
    )
