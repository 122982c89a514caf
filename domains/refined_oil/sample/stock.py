"""The oil: simulated by tank and month, then told by gauge, pumps, trucks, invoices and declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from domains.refined_oil.volumes import PETROL, vcf
from pilotwatch.sampling import City, Days, months_of, numbered, ymd

NIGHTS = 4  # of hourly readings
_MONTHS_BY_LOAD = 4  # the last ones, of which every tank truck is kept
_MONTHS_OF_STOCK = 25  # the last ones, of which deliveries and month-end readings are kept
_RECENT_DAYS = 10  # of the month that has begun, of which sales are kept
_DECLARED_BY = 15  # the day by which a month is declared
_PUMP_DAYS = 7  # the last ones, of which the counters are kept

VAT = 0.13
DENSITY = {"92#": 735.0, "95#": 745.0, "0#": 840.0, "-35#": 815.0}
PRICE = {"92#": 7.35, "95#": 7.82, "0#": 6.98, "-35#": 7.71}
_SEASON = np.array([0.86, 0.84, 0.95, 1.0, 1.06, 1.08, 1.12, 1.14, 1.06, 1.02, 0.96, 0.91])
_GROUND = np.array([4, 3, 4, 7, 11, 15, 18, 19, 17, 13, 9, 6.0])  # °C in an underground tank
_AIR = np.array([-14, -11, -1, 10, 17, 22, 24, 23, 17, 8, -3, -11.0])


def draw_stock(city: City, tanks: pd.DataFrame, leaking: NDArray[np.intp]) -> dict[str, NDArray[np.float64]]:
    """Litres at 20 °C by tank and month, arrays of shape (tanks, 37): the last column is the month that has begun.

    `sold`, `bought`, `lost` (what a leak takes) and `close`; `pumped` is what was sold at the ground's temperature. A leak
    begins in the last or the last but one whole month.
    """
    rng = city.rng("stock")
    months = np.append(city.months, city.months[-1] + 1)
    n = len(tanks)
    part = np.ones(len(months))
    part[-1] = int((city.today - months[-1].astype("datetime64[D]")).astype(int) + 1) / 30
    season = _SEASON[months.astype(int) % 12]
    sold = tanks["monthly"].to_numpy()[:, None] * season * rng.lognormal(0, 0.07, (n, len(months))) * part
    winter_diesel = (tanks["product"] == "-35#").to_numpy()
    sold[winter_diesel] *= np.where(season < 0.97, 1.6, 0)  # is sold in the cold months only
    capacity = tanks["capacity_l"].to_numpy()
    aim = capacity[:, None] * rng.uniform(0.22, 0.8, (n, len(months)))  # to be in the tank when the month ends
    lost = np.zeros_like(sold)
    first = np.flatnonzero(np.isin(tanks["station"].to_numpy(), leaking) & (tanks["tank_no"].to_numpy(object) == "1"))
    began = rng.integers(len(months) - 3, len(months) - 1, len(first))
    rate = rng.uniform(0.9, 1.6, len(first))  # of litres an hour at night; by day the pumping line leaks as well
    for tank, month in zip(first, began, strict=True):
        lost[tank, month:] = sold[tank, month:] * rng.uniform(0.028, 0.055)
    city.plant(
        "leaking", "oil_station", tanks["uscc"].to_numpy(object)[first],
        tank_no="1", since=months_of(months[began]), litres_an_hour=rate.round(2),
    )  # fmt: skip
    bought, close, held = np.zeros_like(sold), np.zeros_like(sold), capacity * 0.5
    for m in range(len(months)):
        leaves = sold[:, m] * 1.0015 + lost[:, m]
        needed = aim[:, m] + leaves - held
        bought[:, m] = np.where(needed > 2_000, needed, 0)  # nobody sends a truck for less
        held = held + bought[:, m] - leaves
        close[:, m] = held
    leak = np.zeros(n)
    leak[first] = rate
    warmth = (_GROUND[(months.astype(int) - 1) % 12] + _GROUND[months.astype(int) % 12]) / 2
    pumped = sold / vcf(_petrol(tanks)[:, None], warmth)
    return {"sold": sold, "pumped": pumped, "bought": bought, "lost": lost, "close": close, "leak": leak}


def _petrol(frame: pd.DataFrame) -> NDArray[np.bool_]:
    return frame["product"].isin(PETROL).to_numpy()


def draw_readings(city: City, tanks: pd.DataFrame, stock: Mapping[str, NDArray[np.float64]]) -> pd.DataFrame:
    """The gauge at each month's end, and at one and five o'clock of the last nights; a few stations' line is down."""
    rng = city.rng("readings")
    months, n = city.months[-_MONTHS_OF_STOCK:], len(tanks)
    ends = (months + 1).astype("datetime64[s]") - np.timedelta64(1, "h")
    monthly = pd.DataFrame({
        "tank": np.repeat(np.arange(n), len(months)), "read_at": np.tile(ends, n), "v20_l": stock["close"][:, :-1][:, -_MONTHS_OF_STOCK:].ravel(),
    })  # fmt: skip
    nights = city.today - np.arange(NIGHTS)
    late, early = (
        nights.astype("datetime64[s]") + np.timedelta64(1, "h"),
        nights.astype("datetime64[s]") + np.timedelta64(5, "h"),
    )
    level = tanks["capacity_l"].to_numpy()[:, None] * rng.uniform(0.25, 0.85, (n, NIGHTS))
    dropped = level - stock["leak"][:, None] * 4 - np.abs(rng.normal(0, 0.25, (n, NIGHTS)))
    nightly = pd.DataFrame({
        "tank": np.tile(np.repeat(np.arange(n), NIGHTS), 2), "read_at": np.concatenate([np.tile(late, n), np.tile(early, n)]),
        "v20_l": np.concatenate([level.ravel(), dropped.ravel()]),
    })  # fmt: skip
    frame = pd.concat([monthly, nightly], ignore_index=True)
    at = frame["tank"].to_numpy()
    month = frame["read_at"].to_numpy().astype("datetime64[M]").astype(int) % 12
    temperature = (_GROUND[month] + np.repeat(rng.normal(0, 1.2, n), 1)[at]).round(1)
    volume = frame["v20_l"].to_numpy() / vcf(_petrol(tanks)[at], temperature)
    wet = np.isin(np.arange(n), rng.choice(n, max(1, n // 60), replace=False))
    frame = pd.DataFrame({
        "uscc": tanks["uscc"].to_numpy(object)[at], "tank_no": tanks["tank_no"].to_numpy(object)[at], "read_at": frame["read_at"],
        "product": tanks["product"].to_numpy(object)[at], "level_mm": (volume / tanks["capacity_l"].to_numpy()[at] * 2_600).round(0),
        "water_mm": np.where(wet[at], rng.integers(18, 45, len(at)), rng.choice([0, 0, 0, 3, 5, 8], len(at))).astype(float), "temp_c": temperature,
        "volume_l": volume.round(1), "v20_l": frame["v20_l"].round(1),
    })  # fmt: skip
    down = rng.choice([0, 1, 2], tanks["station"].max() + 1, p=[0.97, 0.015, 0.015])  # nights
    down[tanks["station"].to_numpy()[stock["leak"] > 0]] = 0
    heard = frame["read_at"].to_numpy() < city.today + 1 - down[tanks["station"].to_numpy()[at]].astype(
        "timedelta64[D]"
    )
    return frame[heard].reset_index(drop=True)


def draw_sales(
    city: City, nozzles: pd.DataFrame, tanks: pd.DataFrame, stock: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """Each nozzle's sales by day of the last whole months, which sum to the tank's sales, and of the last days.

    While the last month's declarations aren't in yet, the month before is kept as well.
    """
    rng = city.rng("sales")
    whole = 2 if city.on.day <= _DECLARED_BY else 1
    months = [*city.months[-whole:], city.months[-1] + 1]
    frames = []
    for back, month in zip(range(whole + 1, 0, -1), months, strict=True):
        last = min((month + 1).astype("datetime64[D]") - 1, city.today)
        days = np.arange(month.astype("datetime64[D]"), last + 1)
        kept = len(days) if back > 1 else _RECENT_DAYS + 1
        frames.append(_sales_of(rng, nozzles, tanks, days, stock["pumped"][:, -back], kept))
    frame = pd.concat(frames, ignore_index=True)
    return frame[(frame["litres"] > 0) & (frame["day"] < city.today)].reset_index(drop=True)


def _sales_of(
    rng: Generator, nozzles: pd.DataFrame, tanks: pd.DataFrame, days: Days, pumped: NDArray[np.float64], kept: int
) -> pd.DataFrame:
    """What was pumped from each tank in all the days, dealt out to nozzles and days; the last ones are kept."""
    tank = nozzles["tank"].to_numpy()
    share = rng.gamma(8, 1, (len(nozzles), len(days)))
    share /= np.bincount(tank, share.sum(axis=1), len(tanks))[tank][:, None]
    days, litres = days[-kept:], (share * pumped[tank][:, None])[:, -kept:].round(2).ravel()
    at = np.repeat(np.arange(len(nozzles)), len(days))
    price = np.array([PRICE[p] for p in nozzles["product"]])[at]
    return pd.DataFrame({
        "uscc": nozzles["uscc"].to_numpy(object)[at], "nozzle_no": nozzles["nozzle_no"].to_numpy(object)[at], "day": np.tile(days, len(nozzles)),
        "product": nozzles["product"].to_numpy(object)[at], "fillings": np.ceil(litres / 38).astype(int), "litres": litres,
        "amount": (litres * price).round(2), "avg_price": price,
    })  # fmt: skip


def draw_counters(city: City, sales: pd.DataFrame, tampered: Sequence[str]) -> pd.DataFrame:
    """The nozzles' counters a minute before midnight of the last days; tampered ones count more than was sold."""
    rng = city.rng("counters")
    recent = sales[sales["day"] >= city.today - np.timedelta64(_PUMP_DAYS, "D")]
    by_day = recent.pivot_table(
        index=["uscc", "nozzle_no"], columns="day", values="litres", aggfunc="sum", fill_value=0
    )
    by_day = by_day.reindex(columns=city.today - np.arange(_PUMP_DAYS, 0, -1), fill_value=0)
    n = len(by_day)
    hidden = np.where(
        by_day.index.get_level_values(0).isin(tampered), rng.uniform(0.007, 0.02, n), rng.normal(0, 0.0001, n)
    )
    start = rng.uniform(1e5, 3e6, n).round(2)
    counted = start[:, None] + np.cumsum(by_day.to_numpy() * (1 + hidden[:, None]), axis=1)
    read = np.column_stack([start, counted]).round(2)
    days = city.today - np.arange(_PUMP_DAYS + 1, 0, -1)
    at = np.repeat(np.arange(n), len(days))
    return pd.DataFrame({
        "uscc": by_day.index.get_level_values(0).to_numpy(object)[at], "nozzle_no": by_day.index.get_level_values(1).to_numpy(object)[at],
        "read_at": np.tile(days.astype("datetime64[s]") + np.timedelta64(24 * 60 - 1, "m"), n), "reading_l": read.ravel(),
    })  # fmt: skip


def draw_deliveries(
    city: City, stations: pd.DataFrame, tanks: pd.DataFrame, stock: Mapping[str, NDArray[np.float64]], wholesalers: pd.DataFrame,
    trucks: pd.DataFrame, unfiled: NDArray[np.intp],
) -> pd.DataFrame:  # fmt: skip
    """Tank trucks: purchases in loads of up to 32,000 litres; those of months long past are one waybill a tank."""
    rng = city.rng("deliveries")
    months = np.append(city.months, city.months[-1] + 1)
    loads = np.ceil(stock["bought"] / 32_000).astype(int)
    loads[:, :-_MONTHS_BY_LOAD] = np.minimum(loads[:, :-_MONTHS_BY_LOAD], 1)
    loads[:, :-_MONTHS_OF_STOCK] = 0
    tank, month = np.nonzero(loads)
    times = loads[tank, month]
    size = stock["bought"][tank, month] / times
    at, when, size = np.repeat(tank, times), np.repeat(months[month], times), np.repeat(size, times)
    n = len(at)
    last = np.minimum((when + 1).astype("datetime64[D]") - 1, city.today)
    day = when.astype("datetime64[D]") + (
        rng.random(n) * ((last - when.astype("datetime64[D]")).astype(int) + 1)
    ).astype(int)
    station = tanks["station"].to_numpy()[at]
    usual = rng.integers(1 if len(wholesalers) > 1 else 0, len(wholesalers), len(stations))[station]
    late = np.isin(station, unfiled) & (day > city.today - 100) & (rng.random(n) < 0.6)
    supplier = np.where(late, 0, usual)
    product = tanks["product"].to_numpy(object)[at]
    air = (_AIR[when.astype(int) % 12] + rng.normal(0, 4, n)).round(1).clip(-40, 45)
    density = np.array([DENSITY[p] for p in product])
    litres = size / vcf(np.isin(product, PETROL), air, density)
    return pd.DataFrame({
        "waybill_no": numbered("PS" + ymd(day), np.arange(n) + city.part * 1_000_000, 7), "uscc": tanks["uscc"].to_numpy(object)[at],
        "plate": trucks["plate"].to_numpy(object)[rng.integers(len(trucks), size=n)], "supplier_uscc": wholesalers["uscc"].to_numpy(object)[supplier],
        "product": product, "litres": litres.round(1), "tonnes": (size * density / 1e6).round(3), "temp_c": air, "density": density.round(1),
        "invoice_no": numbered("24650", np.arange(n) + city.part * 1_000_000, 15), "unloaded_at": day.astype("datetime64[s]") + rng.integers(6 * 60, 23 * 60, n).astype("timedelta64[m]"),
    })  # fmt: skip


def draw_invoices(city: City, deliveries: pd.DataFrame) -> pd.DataFrame:
    """The invoices of the last 95 days' deliveries; a few aren't there."""
    rng = city.rng("invoices")
    recent = deliveries[
        (deliveries["unloaded_at"] >= city.today - np.timedelta64(95, "D")).to_numpy()
        & (rng.random(len(deliveries)) < 0.995)
    ]
    price = np.array([PRICE[p] * 0.88 for p in recent["product"]])
    amount = (recent["litres"].to_numpy() * price).round(2)
    return pd.DataFrame({
        "direction": "in", "invoice_no": recent["invoice_no"].to_numpy(object), "uscc": recent["uscc"].to_numpy(object),
        "product": recent["product"].to_numpy(object), "date": recent["unloaded_at"].to_numpy().astype("datetime64[D]"),
        "litres": recent["litres"].to_numpy(), "tonnes": recent["tonnes"].to_numpy(), "amount": amount, "vat": (amount * VAT).round(2),
    })  # fmt: skip


def draw_declarations(
    city: City,
    stations: pd.DataFrame,
    tanks: pd.DataFrame,
    stock: Mapping[str, NDArray[np.float64]],
    under: NDArray[np.intp],
) -> pd.DataFrame:
    """Monthly sales without VAT declared to the tax office; the planted stations leave out a tenth and more for half a year."""
    rng = city.rng("declarations")
    months, n = city.months, len(stations)
    price = np.array([PRICE[p] for p in tanks["product"]])
    value = np.zeros((n, len(months)))
    np.add.at(value, tanks["station"].to_numpy(), stock["pumped"][:, :-1] * price[:, None] / (1 + VAT))
    told = np.where(
        np.isin(np.arange(n), under)[:, None] & (np.arange(len(months)) >= len(months) - 6),
        rng.uniform(0.8, 0.88, (n, 1)),
        rng.normal(0.996, 0.004, (n, len(months))),
    )
    month = np.tile(months, n)
    declared = (month + 1).astype("datetime64[D]") + rng.integers(4, 15, len(month))
    frame = pd.DataFrame({
        "uscc": np.repeat(stations["uscc"].to_numpy(object), len(months)), "period": months_of(month),
        "taxable_sales": (value * told).ravel().round(2), "declared_on": declared,
    })  # fmt: skip
    return frame[(frame["taxable_sales"] > 0).to_numpy() & (declared <= city.today)].reset_index(drop=True)
