"""OIL-01, the stock balance: what was there and came in, against what was sold and is left, at 20 °C."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domains.refined_oil.indicators.common import (
    GRADE_NUMBERS,
    GRADES,
    IS_PETROL,
    Bools,
    Codes,
    Floats,
    first_known,
    grade_codes,
    judged,
    months_before,
    only,
    ratio,
    rows_of,
    stations,
)
from domains.refined_oil.indicators.sales import Sales
from domains.refined_oil.records import Delivery, Nozzle, SaleDay, Station, Tank, TankReading
from domains.refined_oil.volumes import litres_at_20, vcf
from pilotwatch.domain import Basis, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, table

#: Allowed loss in dispensing, share of the sales (GB/T 11085-1989, 待核实).
ALLOWED_LOSS = np.where(IS_PETROL, 0.0029, 0.0008)

#: Standard deviations of the error propagation: a gauge reading in L; shares of a load, of a day's sales, of all sales
#: (the meters' common bias within ±0.30 %). Assumed; a station's own take six months without a fault to estimate.
SIGMA_READING, SIGMA_LOAD, SIGMA_DAY, SIGMA_METERS = 25.0, 0.0008, 0.0006, 0.0006

_NEAR = pd.Timedelta(hours=6)  # how far from midnight a month-end reading may lie
_MONTHS = 2  # whole months back that are tried, the newest first: the last one's papers come late


def stock_balance(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-01: of the newest of the last two whole months that can be judged, D of the product with the largest |D|.

    A product is judged where each of its tanks was read at both ends of the month, sales are there for every day and
    deliveries for the station. Volumes are at 20 °C; where no volume of the product can be converted they are taken as
    told, where only some can be the product isn't judged. While another product is unknown only a D beyond 1 % stands.
    """
    index = stations(frames)
    told = _Told(frames, index)
    return judged(frames, first_known(_worst(told.month(m), m, index) for m in months_before(on, _MONTHS)))


@dataclass(frozen=True)
class _Month:
    """Litres by (station, grade), at 20 °C where they can be; `known`: can be judged, `present`: there is such a product."""

    opened: Floats
    bought: Floats
    sold: Floats
    closed: Floats
    spread: Floats  # the standard deviation of their balance
    known: Bools
    present: Bools


def _worst(month: _Month, period: pd.Period, index: pd.Index) -> pd.DataFrame:
    base, allowed = month.opened + month.bought, month.sold * ALLOWED_LOSS
    missing = base - month.sold - month.closed - allowed
    share = np.where(month.known, ratio(missing, base), np.nan)
    at = np.arange(len(index)), np.where(np.isnan(share), -1, np.abs(share)).argmax(axis=1)
    worst = share[at]
    idle = month.known & (base == 0) & (month.sold == 0) & (month.closed == 0)  # winter diesel's tank in summer
    complete = (~np.isnan(share) | ~month.present | idle).all(axis=1)
    z = np.divide(missing, month.spread, out=np.full_like(missing, np.nan), where=month.spread > 0)
    parts = {
        "value": worst, "missing_l": missing[at], "base_l": base[at], "open_l": month.opened[at], "bought_l": month.bought[at],
        "sold_l": month.sold[at], "close_l": month.closed[at], "allowed_l": allowed[at], "z": z[at],
        "grade": GRADE_NUMBERS[at[1]], "month": float(period.month),
    }  # fmt: skip
    return only(pd.DataFrame(parts, index), (np.abs(worst) > 0.01) | (complete & ~np.isnan(worst)))


@dataclass(frozen=True)
class _Stock:
    """The gauge at both ends of a month, arrays of shape (stations, grades) but for `nameless` (stations,)."""

    readings: Floats  # how many, and how many of them could be converted to 20 °C
    converted: Floats
    litres: tuple[Floats, Floats]
    litres_20: tuple[Floats, Floats]
    moments: tuple[NDArray[np.datetime64], NDArray[np.datetime64]]
    lacking: Bools  # a tank of the grade wasn't read at both ends
    nameless: Bools  # a tank's grade isn't known


@dataclass(frozen=True)
class _Loads:
    """What the trucks brought between the readings, arrays of shape (stations, grades) but for `any` (stations,)."""

    loads: Floats
    converted: Floats
    litres: Floats
    litres_20: Floats
    squares: Floats
    any: Bools


class _Told:
    """What tanks, trucks and nozzles told of the stations in the index."""

    def __init__(self, frames: Frames, index: pd.Index):
        self._index, self._sales = index, Sales(frames, index)
        self._tanks = table(frames, Tank, "tank_no", "product")
        self._readings = table(frames, TankReading, "tank_no", "read_at", "product", "volume_l", "v20_l", "temp_c")
        self._loads = table(frames, Delivery, "unloaded_at", "product", "litres", "tonnes", "temp_c", "density")

    def month(self, month: pd.Period) -> _Month:
        sold, stock = self._sales.of(month), self._stock(month)
        loads = self._loads_between(month, stock)
        converted, told = stock.converted + loads.converted, stock.readings + loads.loads
        at_20 = converted == told
        opened, closed = (np.where(at_20, v, raw) for v, raw in zip(stock.litres_20, stock.litres, strict=True))
        in_tank = sum(stock.litres)
        # The pumps draw from the tanks: their litres have the tanks' temperature. An empty tank tells none.
        factor = np.divide(opened + closed, in_tank, out=np.ones_like(opened), where=in_tank > 0)
        litres = sold.litres * factor
        bought = np.where(at_20, loads.litres_20, loads.litres)
        variance = (
            stock.readings * SIGMA_READING**2 + SIGMA_LOAD**2 * loads.squares
            + SIGMA_METERS**2 * litres**2 + SIGMA_DAY**2 * factor**2 * sold.squares
        )  # fmt: skip
        judgeable = (sold.whole & loads.any & ~stock.nameless)[:, None]
        return _Month(
            opened, bought, litres, closed, np.sqrt(variance),
            known=judgeable & (stock.readings > 0) & ~stock.lacking & (at_20 | (converted == 0)),
            present=(stock.readings > 0) | stock.lacking | (loads.loads > 0) | (sold.litres > 0),
        )  # fmt: skip

    def _cells(self, at: Codes, grade: Codes, weights: Floats | None = None) -> Floats:
        """Sums by (station, grade)."""
        shape = len(self._index), len(GRADES)
        return np.bincount(at * shape[1] + grade, weights, shape[0] * shape[1]).reshape(shape).astype(float)

    def _stock(self, month: pd.Period) -> _Stock:
        bounds = month.start_time, (month + 1).start_time
        ends = [_read_at(self._readings, bound) for bound in bounds]
        rows = pd.concat([self._tanks, *ends], keys=(-1, 0, 1), names=["end"]).reset_index("end")
        at, grade = rows_of(self._index, rows["subject_id"]), grade_codes(rows["product"])
        rows, grade = rows[at >= 0], grade[at >= 0]
        at, end = at[at >= 0], rows["end"].to_numpy()
        names, known = pd.factorize(rows["tank_no"])
        tank, tanks = pd.factorize(at * (len(known) + 1) + names)
        usual = np.full(len(tanks), -1)
        np.maximum.at(usual, tank, grade)
        grade = np.where(grade < 0, usual[tank], grade)  # by the register, or by the tank's other reading
        once = np.bincount(tank[end >= 0], minlength=len(tanks))[tank] != 2
        named = grade >= 0

        read = named & (end >= 0)
        litres, litres_20 = rows["volume_l"].to_numpy(), _stock_at_20(rows, grade)
        by_end = [read & (end == e) for e in (0, 1)]
        return _Stock(
            readings=self._cells(at[read], grade[read]),
            converted=self._cells(at[read], grade[read], (~np.isnan(litres_20[read])).astype(float)),
            litres=tuple(self._cells(at[m], grade[m], litres[m]) for m in by_end),
            litres_20=tuple(self._cells(at[m], grade[m], litres_20[m]) for m in by_end),
            moments=tuple(self._latest(at[m], grade[m], rows["moment"].to_numpy()[m], b) for m, b in zip(by_end, bounds, strict=True)),
            lacking=self._cells(at[named & once], grade[named & once]) > 0,
            nameless=np.bincount(at[~named], minlength=len(self._index)) > 0,
        )  # fmt: skip

    def _latest(self, at: Codes, grade: Codes, moments: NDArray, bound: pd.Timestamp) -> NDArray[np.datetime64]:
        """When the last tank of each cell was read; the bound itself where none was."""
        found = np.full((len(self._index), len(GRADES)), np.datetime64("NaT", "s"))
        np.fmax.at(found, (at, grade), moments.astype("datetime64[s]"))
        return np.where(np.isnat(found), bound.to_datetime64().astype("datetime64[s]"), found)

    def _loads_between(self, month: pd.Period, stock: _Stock) -> _Loads:
        """A load counts where it came between the readings; one of which only the day is known, in the days of the month."""
        first, after = month.start_time, (month + 1).start_time
        near = (self._loads["unloaded_at"] >= first - _NEAR) & (self._loads["unloaded_at"] < after + _NEAR)
        rows = self._loads[near]
        at, grade = rows_of(self._index, rows["subject_id"]), grade_codes(rows["product"])
        listed = (at >= 0) & (grade >= 0)
        rows, at, grade = rows[listed], at[listed], grade[listed]
        moment = rows["unloaded_at"].to_numpy().astype("datetime64[s]")
        opened, closed = (m[at, grade] for m in stock.moments)
        by_day = (rows["unloaded_at"] == rows["unloaded_at"].dt.normalize()).to_numpy()
        in_month = ((rows["unloaded_at"] >= first) & (rows["unloaded_at"] < after)).to_numpy()
        here = np.where(by_day, in_month, (moment >= opened) & (moment < closed))
        rows, at, grade = rows[here], at[here], grade[here]

        litres = rows["litres"].to_numpy()
        litres_20 = litres_at_20(IS_PETROL[grade], litres, rows["temp_c"], rows["density"], rows["tonnes"])
        return _Loads(
            loads=self._cells(at, grade),
            converted=self._cells(at, grade, (~np.isnan(litres_20)).astype(float)),
            litres=self._cells(at, grade, litres),
            litres_20=self._cells(at, grade, litres_20),
            squares=self._cells(at, grade, litres**2),
            any=np.bincount(at, minlength=len(self._index)) > 0,
        )


def _read_at(readings: pd.DataFrame, bound: pd.Timestamp) -> pd.DataFrame:
    """Each tank's reading nearest to a midnight, with `moment`: when it was taken.

    A reading of which only the day is known (00:00) is the stock-taking at that day's end; one with an hour goes before it.
    """
    by_day = readings["read_at"] == bound - pd.Timedelta(days=1)
    away = (readings["read_at"] - bound).where(~by_day, _NEAR)
    rows = readings[away.abs() <= _NEAR].assign(away=away.abs())
    rows = rows.assign(moment=rows["read_at"].where(~by_day, bound))
    order = rows.sort_values(["away", "read_at"], kind="stable")  # as near before as after: the one before
    return order.drop_duplicates(["subject_id", "tank_no"])


def _stock_at_20(rows: pd.DataFrame, grade: Codes) -> Floats:
    converted = rows["volume_l"].to_numpy() * vcf(IS_PETROL[grade], rows["temp_c"])
    return rows["v20_l"].fillna(pd.Series(converted, rows.index)).to_numpy()


_INPUTS = (
    Input("missing_l", "差异量（扣除允许损耗）", "Missing, allowed loss deducted", "L"),
    Input("base_l", "期初库存＋购进", "Opening stock + purchases", "L"),
    Input("open_l", "期初库存", "Opening stock", "L"), Input("bought_l", "本月购进", "Purchases", "L"),
    Input("sold_l", "本月销售", "Sales", "L"), Input("close_l", "期末库存", "Closing stock", "L"),
    Input("allowed_l", "允许损耗", "Allowed loss", "L"),
    Input("z", "差异量÷计量不确定度", "Missing ÷ uncertainty of measurement"),
    Input("grade", "油品牌号", "Grade", "#"), Input("month", "所属月份", "Month", "月"),
)  # fmt: skip

STOCK_BALANCE = Indicator(
    "OIL-01", "进销存差异率", "Stock balance", unit="%",
    per=Station, needs=(Station, Tank, Nozzle, TankReading, Delivery, SaleDay), compute=stock_balance, inputs=_INPUTS,
    levels=Levels(red="> 3 % | < -3 %", orange="> 2 % | < -2 %", yellow="> 1 % | < -1 %"),
    basis=Basis("PRAC", "分级为经验值；允许损耗率按GB/T 11085-1989：汽油零售损耗0.29%、柴油0.08%（待核实）"),
    owner="SWJ", first_within="3wd",
    formula=Text(
        "最近一个可核算的整月，按油品：（期初＋购进－销售－期末－允许损耗）÷（期初＋购进），取绝对值最大的油品。体积均换算到20℃"
        "（GB/T 1885；无密度时汽油按每℃ 0.12%、柴油按每℃ 0.08%）；允许损耗＝销售×0.29%（汽油）或0.08%（柴油）。"
        "正值为缺油（渗漏、盗卖、账外销售），负值为销大于购（来源不明）。差异量超过计量不确定度2.58倍的，一般不是计量误差所致",
        "Newest whole month that can be judged, by product: (opening + purchases − sales − closing − allowed loss) ÷ (opening "
        "+ purchases); the product with the largest, signless. Volumes at 20 °C (GB/T 1885; without density 0.12 % per °C for "
        "petrol, 0.08 % for diesel); allowed loss 0.29 % of petrol sales, 0.08 % of diesel. Above zero oil is missing (leak, "
        "theft, off-book sale), below zero more was sold than bought. Beyond 2.58 uncertainties it is hardly an error of measurement",
    ),
    first_action=Text("要求说明原因，核对液位仪与泵码", "Ask for an explanation; check the gauge and the pump boards"),
)  # fmt: skip
