"""What several indicators need: whom Order 9 binds, the balance held, spans of days, orders that ran out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domains.prepaid_cards.records import Issuer, QuarterReport
from pilotwatch.domain import Basis, Levels, Version
from pilotwatch.frames import Frames, among, latest, subjects, table
from pilotwatch.records import OrderToCorrect

ORDER_9 = "《单用途商业预付卡管理办法（试行）》（商务部令2012年第9号）"
REGULATION = "《消费者权益保护法实施条例》（国务院令第778号）"
REGULATION_SINCE = date(2024, 7, 1)

#: The types of issuer that Order 9 binds.
BOUND = ("scale", "group", "brand", "other")


def is_bound(issuers: pd.DataFrame) -> pd.Series:
    """Whether Order 9 binds each issuer, by its `issuer_type`; unknown where the type is."""
    return among(issuers["issuer_type"], BOUND)


def only_where(condition: pd.Series | NDArray[np.bool_], found: pd.DataFrame) -> pd.DataFrame:
    """The rows for which the condition surely holds; the others are all NaN, as not judged."""
    holds = pd.array(condition, "boolean").fillna(False).to_numpy(dtype=bool)
    return found.where(np.broadcast_to(holds[:, None], found.shape))


def named_in(index: pd.Index, *ids: pd.Series) -> NDArray[np.bool_]:
    """Whether each issuer is named in any of these, shape (issuers,). (`Index.isin` walks a string column in Python.)"""
    named = np.zeros(len(index), bool)
    for each in ids:
        at = index.get_indexer(each)
        named[at[at >= 0]] = True
    return named


def fen(yuan: pd.Series) -> pd.Series:
    """Whole fen, so that a share which is exactly met compares as exactly met."""
    return (yuan * 100).round()


def tomorrow(on: date) -> pd.Timestamp:
    return pd.Timestamp(on) + pd.Timedelta(days=1)


def lately(days: pd.Series, on: date, first: int, last: int = 0) -> pd.Series:
    """Whether each day lies `last` to `first` days back, both included; `lately(days, on, 30)`: today to 30 days ago."""
    return (days >= pd.Timestamp(on) - pd.Timedelta(days=first)) & (days < tomorrow(on) - pd.Timedelta(days=last))


def in_quarter_to(days: pd.Series, on: date) -> pd.Series:
    """Whether each day lies in the three months that end with `on`."""
    return (days >= tomorrow(on) - pd.DateOffset(months=3)) & (days < tomorrow(on))


def ended_quarters(on: date, count: int) -> list[str]:
    """The last quarters that have ended before `on`, the newest first, as reports name them: 2026Q3."""
    newest = pd.Period(on, "Q") - 1
    return [f"{(newest - n).year}Q{(newest - n).quarter}" for n in range(count)]


def reports_of(frames: Frames, on: date, quarters: list[str], *fields: str) -> pd.DataFrame:
    """The reports of these quarters that had come in by `on`; one without a day of submission is here, so it had."""
    reports = table(frames, QuarterReport, "quarter", "submitted_on", *fields)
    return reports[reports["quarter"].isin(quarters) & ~(reports["submitted_on"] >= tomorrow(on))]


def balance_of_last_quarter(frames: Frames, on: date) -> pd.Series:
    """The prepaid balance at the end of the quarter before `on`: as reported, else as the list of issuers says it."""
    listed = subjects(frames, Issuer, "prepaid_balance_qe")["prepaid_balance_qe"]
    return _balance(frames, on, ended_quarters(on, 1)).reindex(listed.index).fillna(listed)


def balance_held(frames: Frames, on: date) -> pd.Series:
    """The same; where neither is known, the newest balance reported for the four quarters before that one."""
    known = balance_of_last_quarter(frames, on)
    return known.fillna(_balance(frames, on, ended_quarters(on, 5)).reindex(known.index))


def _balance(frames: Frames, on: date, quarters: list[str]) -> pd.Series:
    reports = reports_of(frames, on, quarters, "balance_end")
    return latest(reports, "quarter", "subject_id").set_index("subject_id")["balance_end"]


def order_expired(frames: Frames, on: date, about: str, index: pd.Index) -> pd.Series:
    """1 where an order to correct whose text names the matter `about` ran out without effect, else 0.

    It had no effect where it isn't done by `on`, or where the re-check failed.
    """
    orders = table(frames, OrderToCorrect, "problem", "issued_on", "due_on", "done_on", "recheck_on", "recheck_ok")
    today = pd.Timestamp(on)
    failed = among(orders["recheck_ok"], [False]).fillna(False).astype(bool) & (orders["recheck_on"] <= today)
    done = (orders["done_on"] <= today) & ~failed
    open_ = (orders["due_on"] < today) & ~(orders["issued_on"] > today) & ~done
    named = orders["problem"].str.contains(about, na=False, regex=False)
    return pd.Series(named_in(index, orders.loc[open_ & named, "subject_id"]).astype("float64"), index=index)


def since_the_regulation(levels: Levels, before: str, after: str) -> tuple[Version, Version]:
    """PRAC bounds that stayed as they were when the regulation gave them a duty to stand on."""
    return (
        Version(levels, Basis("PRAC", before), until=date(2024, 6, 30)),
        Version(levels, Basis("PRAC", after), since=REGULATION_SINCE, name=REGULATION),
    )
