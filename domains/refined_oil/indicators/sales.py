"""A month's sales of stations by grade, as the balance and the comparison with the tax need them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domains.refined_oil.indicators.common import GRADES, Floats, grade_codes, nozzle_name, rows_of
from domains.refined_oil.records import Nozzle, SaleDay
from pilotwatch.frames import Frames, table


@dataclass(frozen=True)
class Sold:
    """One month; a station is `whole` where every day of the month has sales and the product of each is known.

    A day without any sale can't be told from a day that wasn't reported, so it leaves the month unjudged.
    """

    litres: Floats  # (stations, grades), as the pumps counted them
    squares: Floats  # (stations, grades): Σ of the squares of the days' litres
    yuan: Floats  # (stations,), with VAT; NaN where a price is missing
    whole: NDArray[np.bool_]  # (stations,)


class Sales:
    """All sales of the stations in the index, read once."""

    def __init__(self, frames: Frames, index: pd.Index):
        self._rows = table(frames, SaleDay, "nozzle_no", "day", "product", "litres", "amount", "avg_price")
        self._nozzles = table(frames, Nozzle, "nozzle_no", "product")
        self._index = index

    def of(self, month: pd.Period) -> Sold:
        n, days = len(self._index), month.days_in_month
        rows = self._rows[(self._rows["day"] >= month.start_time) & (self._rows["day"] <= month.end_time)]
        at, grade = rows_of(self._index, rows["subject_id"]), self._grades(rows)
        day = (rows["day"].to_numpy() - month.start_time.to_datetime64()) // np.timedelta64(1, "D")
        litres = rows["litres"].to_numpy()
        yuan = rows["amount"].fillna(rows["litres"] * rows["avg_price"]).to_numpy()

        listed, named = at >= 0, (at >= 0) & (grade >= 0)
        cells = (at * len(GRADES) + grade) * days + day
        daily = np.bincount(cells[named], litres[named], n * len(GRADES) * days).reshape(n, len(GRADES), days)
        covered = np.bincount((at * days + day)[listed], minlength=n * days).reshape(n, days) > 0
        nameless = np.bincount(at[listed & ~named], minlength=n) > 0
        return Sold(
            litres=daily.sum(axis=2),
            squares=(daily**2).sum(axis=2),
            yuan=np.bincount(at[listed], yuan[listed], n),
            whole=covered.all(axis=1) & ~nameless,
        )

    def _grades(self, rows: pd.DataFrame) -> NDArray[np.int64]:
        """The grade of each row, by the register of nozzles where the row doesn't say."""
        grades = grade_codes(rows["product"])
        silent = np.flatnonzero(grades < 0)
        if len(silent):
            asked, listed = (
                f.assign(nozzle_no=nozzle_name(f["nozzle_no"])) for f in (rows.iloc[silent], self._nozzles)
            )
            key = ["subject_id", "nozzle_no"]
            told = asked[key].merge(listed.drop_duplicates(key, keep="last"), on=key, how="left")["product"]
            grades[silent] = grade_codes(told)
        return grades
