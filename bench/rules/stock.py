"""Months of petrol stations whose truth is known, and which of four lines each crosses.

One tank of petrol, 8,000 L sold a day, a load a day; gauge ± 25 L, a load ± 0.08 %, a day's sales ± 0.06 %, the meters'
common bias ± 0.06 % (standard deviations), everything at 20 °C. Our two lines are computed by the product itself, from
the rows a station would upload.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domains.refined_oil.indicators.balance import (
    SIGMA_DAY,
    SIGMA_LOAD,
    SIGMA_METERS,
    SIGMA_READING,
    STOCK_BALANCE,
    stock_balance,
)
from domains.refined_oil.watched import bought_sold_and_in_tank
from pilotwatch.levels import level_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MONTH, ON = pd.Period("2026-10", "M"), date(2026, 11, 20)
DAYS, DAILY = MONTH.days_in_month, 8_000.0
EPA_SHARE, EPA_LITRES = 0.01, 492.0  # 40 CFR 280.43(a): 1 % of the throughput and 130 US gallons


@dataclass(frozen=True)
class Hidden:
    """What goes on at a station: litres that leak a day, unrecorded loads a month of so many litres, the share of sales the
    meters hide, the share by which a load is short."""

    name: str
    leak: float = 0.0
    loads: float = 0.0
    litres: float = 5_000.0
    hides: float = 0.0
    short: float = 0.0


SCENARIOS = (
    Hidden("clean"), Hidden("leak of 18 L a day", leak=18), Hidden("leak of 100 L a day", leak=100),
    Hidden("unrecorded load of 5,000 L, about one a week", loads=DAYS / 7),
    Hidden("unrecorded load of 5,000 L, about one a month", loads=1),
    Hidden("meters hide 1 % of the sales", hides=0.01), Hidden("loads are short by 1 %", short=0.01),
)  # fmt: skip


@dataclass(frozen=True)
class Months:
    """What N stations tell of one month: opening and closing gauge (N,), loads and sales by day (N, days)."""

    opened: Floats
    closed: Floats
    loads: Floats
    sales: Floats

    @property
    def balance(self) -> Floats:
        """Σ d of the method note: stock gained that nothing explains; below zero oil is missing."""
        return self.closed - self.opened - self.loads.sum(axis=1) + self.sales.sum(axis=1)


def draw(rng: np.random.Generator, hidden: Hidden, stations: int, loss: float) -> Months:
    """`loss`: each station truly loses a share of its sales between 0 and this."""
    shape = (stations, DAYS)
    truly_sold = DAILY * rng.uniform(0.8, 1.2, shape)
    truly_come = DAILY * rng.uniform(0.9, 1.1, shape)
    bias = 1 + rng.normal(0, SIGMA_METERS, (stations, 1))
    sales = truly_sold * (1 - hidden.hides) * bias * (1 + rng.normal(0, SIGMA_DAY, shape))
    loads = truly_come / (1 - hidden.short) * (1 + rng.normal(0, SIGMA_LOAD, shape))
    secret = hidden.litres * rng.poisson(hidden.loads, stations)
    opened = rng.uniform(20_000, 40_000, stations)
    lost = hidden.leak * DAYS + rng.uniform(0, loss, stations) * truly_sold.sum(axis=1)
    closed = opened + truly_come.sum(axis=1) + secret - truly_sold.sum(axis=1) - lost
    gauge = rng.normal(0, SIGMA_READING, (2, stations))
    least = np.minimum(closed, 0)  # no tank runs dry: the month began with so much more
    return Months(opened - least + gauge[0], closed - least + gauge[1], loads, sales)


def lines(months: Months) -> dict[str, Bools]:
    """Which stations cross each line."""
    sold, told = months.sales.sum(axis=1), months.balance
    spread = np.sqrt(
        2 * SIGMA_READING**2 + SIGMA_LOAD**2 * (months.loads**2).sum(axis=1)
        + SIGMA_METERS**2 * sold**2 + SIGMA_DAY**2 * (months.sales**2).sum(axis=1)
    )  # fmt: skip
    frames = as_rows(months)
    ranks = level_of(stock_balance(frames, ON), STOCK_BALANCE.levels).cat.codes.to_numpy()
    return {
        "1 % of sales + 492 L (40 CFR 280.43)": np.abs(told) > EPA_SHARE * sold + EPA_LITRES,
        "2.58 uncertainties of measurement": np.abs(told) > 2.58 * spread,
        "OIL-01, yellow or worse (1 %, allowed loss deducted)": ranks <= 2,
        "OIL-01, red (3 %)": ranks == 0,
        "OIL-K03 (0.5 % and 2.58 uncertainties beyond the allowed loss)": bought_sold_and_in_tank(frames, ON)[
            "size"
        ].to_numpy()
        > 1,
    }


def as_rows(months: Months) -> dict[str, pd.DataFrame]:
    """The month as the rows that would be uploaded."""
    n = len(months.opened)
    ids = np.array([f"{i:05}" for i in range(n)])
    days = pd.date_range(MONTH.start_time, periods=DAYS)

    def by_day(litres: Floats, **columns: object) -> pd.DataFrame:
        return pd.DataFrame({"subject_id": np.repeat(ids, DAYS), "litres": litres.ravel(), "product": "92#", **columns})

    ends = np.repeat([MONTH.start_time, (MONTH + 1).start_time], n)
    return {
        "oil_station": pd.DataFrame({"subject_id": ids, "business_status": "营业"}),
        "oil_tank_reading": pd.DataFrame(
            {"subject_id": np.tile(ids, 2), "tank_no": "1", "product": "92#", "read_at": ends, "temp_c": 20.0,
             "volume_l": np.concatenate([months.opened, months.closed])}
        ),
        "oil_delivery": by_day(months.loads, unloaded_at=np.tile(days + pd.Timedelta(hours=6), n), temp_c=20.0),
        "oil_sale_day": by_day(months.sales, nozzle_no="01", day=np.tile(days, n)),
    }  # fmt: skip


def flagged(stations: int, seed: int, loss: float) -> dict[str, dict[str, float]]:
    """By scenario and line the share of stations that cross it."""
    rng = np.random.default_rng(seed)
    found = {}
    for hidden in SCENARIOS:
        months = draw(rng, hidden, stations, loss)
        found[hidden.name] = {name: float(mask.mean()) for name, mask in lines(months).items()}
    return found
