"""What the indicators of stations share: who is judged, exact ratios, and rows as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from domains.refined_oil.records import Station
from domains.refined_oil.records.words import PRODUCTS
from domains.refined_oil.volumes import PETROL
from pilotwatch.frames import Frames, subjects

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Bools = NDArray[np.bool_]

GRADES: tuple[str, ...] = PRODUCTS.values  # 92#, 95# … -35#
IS_PETROL = np.isin(GRADES, PETROL)
#: The number in a product's name, by which an explanation tells which product it speaks of: 92, 95 … −35.
GRADE_NUMBERS = np.array([int(g.rstrip("#")) for g in GRADES], float)


def judged(frames: Frames, values: pd.DataFrame) -> pd.DataFrame:
    """The rows of every station in the list, empty for one that is closed for good."""
    status = subjects(frames, Station, "business_status")["business_status"]
    return only(values.astype("float64").reindex(status.index), ~status.eq("关闭"))


def only(values: pd.DataFrame, rows: ArrayLike) -> pd.DataFrame:
    """These rows as they are, the others empty."""
    return values.where(np.broadcast_to(np.asarray(rows, bool)[:, None], values.shape))


def first_known(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Row by row that of the first frame in which it has a value."""
    first, *others = frames
    for other in others:
        first = first.where(np.broadcast_to(first["value"].notna().to_numpy()[:, None], first.shape), other)
    return first


def months_before(on: date, how_many: int) -> list[pd.Period]:
    """The whole months before the one of `on`, the newest first."""
    return [pd.Period(on, "M") - back for back in range(1, how_many + 1)]


def stations(frames: Frames) -> pd.Index:
    return subjects(frames, Station).index


def ratio(part: ArrayLike, whole: ArrayLike) -> Floats:
    """part ÷ whole, NaN where the whole isn't above zero.

    In whole thousandths (millilitres, tenths of a fen), so that 2,400 of 80,000 is 3 % and not a hair more.
    """
    part, whole = (np.round(np.asarray(x, float) * 1000) for x in (part, whole))
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole > 0)


def end_of(on: date) -> pd.Timestamp:
    """The first moment that `on` doesn't know of any more."""
    return pd.Timestamp(on) + pd.Timedelta(days=1)


def lately(moments: pd.Series, on: date, days: int) -> pd.Series:
    """Which moments fall on one of the last `days` days, `on` being the last."""
    return (moments < end_of(on)) & (moments >= end_of(on) - pd.Timedelta(days=days))


def grade_codes(products: pd.Series) -> Codes:
    """The place of each product in GRADES, −1 where it is unknown."""
    return pd.Index(GRADES).get_indexer(products.astype("object"))


def rows_of(index: pd.Index, subject_ids: pd.Series) -> Codes:
    """The row of each subject in the index, −1 where it isn't there."""
    codes, known = pd.factorize(subject_ids)  # each subject is looked up once, however many rows it has
    rows = np.append(index.get_indexer(known), -1)  # a missing id has the code −1
    return rows[codes]


def having(index: pd.Index, subject_ids: pd.Series) -> Bools:
    """Which subjects of the index are among the ids."""
    found = np.zeros(len(index), bool)
    rows = rows_of(index, subject_ids)
    found[rows[rows >= 0]] = True
    return found


def nozzle_name(names: pd.Series) -> pd.Series:
    """枪号 01 and 1 are one nozzle."""
    return names.str.lstrip("0")
