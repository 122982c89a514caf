"""What the card is made from: read for some subjects at a time, from the records and the levels kept of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from pilotwatch.domain import LEVELS, Domain, Indicator, Record
from pilotwatch.figures import WORST
from pilotwatch.frames import Frames, subjects, table
from pilotwatch.levels import basis_of
from pilotwatch.records import Complaint, CreditRating, Inspection, Penalty
from pilotwatch.risk.card import ORDINARY, SERIOUS, weights

YEAR = 365  # days that complaints are counted over
_LOOKED_BACK = 5 * YEAR  # a violation older than that weighs nothing any more

#: Complaints that say something is wrong; a question or a request doesn't.
_COMPLAINTS = ("投诉", "举报")
#: Kinds of penalty that make a violation a serious one; so does a fine of this size (yuan, PRAC).
_GRAVE = "暂扣|降低资质|吊销|限制|停产停业|责令关闭|行政拘留"
_GRAVE_FINE = 50_000.0

#: The shared records a card is made from, beside what the domain's stake needs.
READ: tuple[type[Record], ...] = (CreditRating, Penalty, Complaint, Inspection)


def law_ranks(domain: Domain, on: date) -> dict[str, int]:
    """Indicator → the mildest level (its place in LEVELS) at which a bound of law is broken."""
    return {i.code: rank for i in domain.indicators if (rank := _law_rank(i, on)) is not None}


def _law_rank(indicator: Indicator, on: date) -> int | None:
    version = indicator.in_force(on)
    bounds = [getattr(version.levels, level) for level in LEVELS[:4]] if version else []
    ranks = [rank for rank, bound in enumerate(bounds) if bound is not None and basis_of(bound) == "LAW"]
    return max(ranks, default=None)


def listed(levels: pa.Table) -> pd.DataFrame:
    """Whom the domain's lists have, with the place of each, by the levels kept of them: indexed by `subject_id`."""
    rows = levels.filter(pa.compute.equal(levels["indicator"], WORST))
    places = rows.select(["subject_id", "report_unit", "division_code", "street_code"]).to_pandas()
    return places.sort_values("subject_id").set_index("subject_id")


def breaches(levels: pa.Table, laws: Mapping[str, int], index: pd.Index) -> np.ndarray:
    """Which subjects stand past a bound of law, by any indicator."""
    frame = levels.select(["subject_id", "indicator", "rank"]).to_pandas()
    broken = frame[frame["rank"] <= frame["indicator"].map(laws).astype("float64").fillna(-1.0)]
    return _named(index, broken["subject_id"])


def composite(levels: pa.Table, domain: Domain, index: pd.Index) -> np.ndarray:
    """The domain's own score of each subject: points for each indicator at a level, at most 100; NaN without one."""
    if domain.composite is None:
        return np.full(len(index), np.nan)
    frame = levels.select(["subject_id", "indicator", "level"]).to_pandas()
    frame = frame[frame["indicator"] != WORST]
    given = frame["level"].map(dict(domain.composite.points)).astype("float64").fillna(0.0)
    total = given.groupby(frame["subject_id"].to_numpy()).sum().reindex(index, fill_value=0.0)
    return np.minimum(total.to_numpy(float), 100.0)


def of_records(domain: Domain, frames: Frames, index: pd.Index, on: date) -> pd.DataFrame:
    """What the records say of each subject: credit_class, violations, complaints, customers, exposure, visit_within,
    since_visit."""
    at = {n: pd.Series(np.nan, index=index) for n in ("exposure", "customers", "visit_within")}
    if domain.stake:
        stake = domain.stake.compute(frames, on).reindex(index)
        at = {n: stake[n].astype("float64") for n in at}
    return pd.DataFrame(
        {
            "credit_class": _credit(domain, frames, index, on), "violations": _violations(frames, index, on),
            "complaints": _complaints(frames, index, on), "since_visit": _since_visit(frames, index, on), **at,
        },
        index=index,
    )  # fmt: skip


def _credit(domain: Domain, frames: Frames, index: pd.Index, on: date) -> pd.Series:
    """The newest monthly class; where there is none, that of the domain's list; "" where neither says."""
    rated = table(frames, CreditRating, "month", "credit_class")
    rated = rated[rated["month"] <= f"{on:%Y-%m}"].sort_values("month", kind="stable")
    found = rated.drop_duplicates("subject_id", keep="last").set_index("subject_id")["credit_class"].reindex(index)
    for record in domain.subjects:
        if any(c.name == "credit_class" for c in record.columns()):
            found = found.fillna(subjects(frames, record, "credit_class")["credit_class"].reindex(index))
    return found.fillna("").astype("str")


def _violations(frames: Frames, index: pd.Index, on: date) -> np.ndarray:
    """Points of past penalties: each by its gravity and its age."""
    rows = table(frames, Penalty, "decided_on", "kind", "fine")
    age = (pd.Timestamp(on) - rows["decided_on"]).dt.days
    rows, age = rows[(age >= 0) & (age <= _LOOKED_BACK)], age[(age >= 0) & (age <= _LOOKED_BACK)]
    grave = rows["kind"].str.contains(_GRAVE, na=False).astype(bool) | (rows["fine"] >= _GRAVE_FINE)
    each = np.where(grave, SERIOUS, ORDINARY) * weights(age.to_numpy(float))
    return pd.Series(each).groupby(rows["subject_id"].to_numpy()).sum().reindex(index, fill_value=0.0).to_numpy(float)


def _complaints(frames: Frames, index: pd.Index, on: date) -> np.ndarray:
    rows = table(frames, Complaint, "received_at", "kind")
    begin, end = (pd.Timestamp(on - timedelta(days=n)) for n in (YEAR - 1, -1))
    counted = rows[(rows["received_at"] >= begin) & (rows["received_at"] < end) & rows["kind"].isin(_COMPLAINTS)]
    return counted["subject_id"].value_counts().reindex(index, fill_value=0).to_numpy(float)


def _since_visit(frames: Frames, index: pd.Index, on: date) -> np.ndarray:
    """Days since some department last visited; NaN where no visit is on record."""
    rows = table(frames, Inspection, "inspected_on", "scan_in_at")
    day = rows["inspected_on"].fillna(rows["scan_in_at"]).dt.normalize()
    last = day[day <= pd.Timestamp(on)].groupby(rows["subject_id"]).max().reindex(index)
    return (pd.Timestamp(on) - last).dt.days.to_numpy(float)


def _named(index: pd.Index, ids: Collection[str]) -> np.ndarray:
    named = np.zeros(len(index), bool)
    at = index.get_indexer(pd.Index(ids).unique())
    named[at[at >= 0]] = True
    return named
