"""Card issuers by week, some of which decline for ten weeks and then shut; which rules see it, how early, how often wrongly.

A healthy issuer sells and redeems with a weekly noise of 35 %. One that will shut redeems less and less (down to 40 %),
sells more and more (up to 180 %), and in its last weeks draws complaints and refund requests it doesn't pay. The rules of
the method note look at four weeks against the twenty before; ours are computed by the product from the rows it would get.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from domains.prepaid_cards.indicators.demand import COMPLAINTS, REFUNDS, SELLING
from domains.prepaid_cards.indicators.suspicion import ABSCONDING
from pilotwatch.domain import Indicator
from pilotwatch.levels import level_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LAST = date(2026, 11, 22)  # the last day of the last week
BEFORE, WINDOW, TESTED, DECLINE = 20, 4, 34, 10
WEEKS = BEFORE + WINDOW + TESTED - 1
NOISE = 0.35


@dataclass(frozen=True)
class Issuers:
    """(N, WEEKS): money sold, redeemed, asked back and paid back, complaints; `end` (N,): the week it shuts, −1 for none."""

    sales: Floats
    redeemed: Floats
    asked: Floats
    paid: Floats
    complaints: Floats
    end: NDArray[np.int64]

    @property
    def left(self) -> NDArray[np.int64]:
        """(N, WEEKS): weeks until it shuts; a thousand for one that doesn't, below zero afterwards."""
        weeks = np.where(self.end < 0, 1_000 + WEEKS, self.end)
        return weeks[:, None] - np.arange(WEEKS)


def draw(rng: np.random.Generator, healthy: int, failing: int) -> Issuers:
    n, shape = healthy + failing, (healthy + failing, WEEKS)
    end = np.full(n, -1)
    end[:failing] = rng.integers(WEEKS - TESTED + DECLINE, WEEKS, failing)
    left = np.where(end < 0, 10_000, end)[:, None] - np.arange(WEEKS)
    decline = np.clip((DECLINE - left) / DECLINE, 0, 1)  # 0 before the decline, 1 in the last week
    size = rng.lognormal(10.5, 0.8, n)[:, None]

    def noisy(mean: Floats) -> Floats:
        return mean * rng.gamma(1 / NOISE**2, NOISE**2, shape)

    late = np.clip((4 - left) / 4, 0, 1)
    usual = rng.lognormal(np.log(0.08), 0.8, n)[:, None]
    asked = size * 0.02 * rng.gamma(0.5, 2, shape) * (1 + 15 * late)
    return Issuers(
        noisy(size * (1 + 0.8 * decline)), noisy(size * (1 - 0.6 * decline)), asked, asked * np.where(late > 0, 0.3, 0.97),
        rng.poisson(usual + 0.8 * late).astype(float), end,
    )  # fmt: skip


# --- the rules of the note -----------------------------------------------------------------------------------------


def _windows(values: Floats) -> tuple[Floats, Floats]:
    """(N, TESTED): the sum of the four weeks up to each tested week, and of the twenty before these."""
    sums = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    at = np.arange(BEFORE + WINDOW, WEEKS + 1)
    return sums[:, at] - sums[:, at - WINDOW], sums[:, at - WINDOW] - sums[:, at - WINDOW - BEFORE]


def note_rules(of: Issuers) -> dict[str, Bools]:
    """Complaints beyond chance (A), redemptions below 70 % of the usual (B), sales against redemptions up by half (C)."""
    k, before = _windows(of.complaints)
    a = stats.nbinom.sf(k - 1, before + 0.5, BEFORE / (BEFORE + WINDOW)) < 0.01
    redeemed, usual_redeemed = _windows(of.redeemed)
    sold, usual_sold = _windows(of.sales)
    kept = redeemed / (usual_redeemed / BEFORE * WINDOW)
    b = kept < 0.7
    c = sold / (usual_sold / BEFORE * WINDOW) / kept > 1.5
    two = a.astype(int) + b + c >= 2
    return {
        "A complaints beyond chance (p < .01)": a, "B redemptions below 70 %": b, "A and B": a & b, "two of A, B, C": two,
        "two of A, B, C, two weeks in a row": two & np.pad(two[:, :-1], ((0, 0), (1, 0))),
    }  # fmt: skip


# --- our rules -----------------------------------------------------------------------------------------------------


def our_rules(of: Issuers, rng: np.random.Generator) -> dict[str, Bools]:
    """PPC-07, 08 and 09 at orange or red, and PPC-15, as of the end of every tested week."""
    frames = as_rows(of, rng)
    wanted: dict[str, tuple[Indicator, int]] = {
        "PPC-07 complaint surge, orange or red": (COMPLAINTS, 1), "PPC-08 run on refunds, orange or red": (REFUNDS, 1),
        "PPC-09 sudden selling, orange or red": (SELLING, 1), "PPC-15 suspicion: two of four signs": (ABSCONDING, 0),
    }  # fmt: skip
    found = {name: np.zeros((len(of.end), TESTED), bool) for name in wanted}
    for t in range(TESTED):
        on = LAST - timedelta(weeks=TESTED - 1 - t)
        for name, (indicator, rank) in wanted.items():
            levels = level_of(indicator.compute(frames, on), indicator.levels).cat.codes.to_numpy()
            found[name][:, t] = levels <= rank
    return found


def as_rows(of: Issuers, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """What the departments would upload: flows by month, single complaints and refund requests, a balance by quarter."""
    ids = np.array([f"{i:05}" for i in range(len(of.end))])
    ends = pd.DatetimeIndex([LAST - timedelta(weeks=WEEKS - 1 - w) for w in range(WEEKS)])
    open_ = of.left >= 0
    month = np.broadcast_to(ends.strftime("%Y-%m"), of.sales.shape)
    flows = pd.DataFrame(
        {"subject_id": np.repeat(ids, WEEKS), "month": month.ravel(), "issuance": (of.sales * open_).ravel()}
    )
    who, week = np.repeat(
        np.indices(of.sales.shape).reshape(2, -1), (of.complaints * open_).ravel().astype(int), axis=1
    )
    received = ends[week] - pd.to_timedelta(rng.integers(0, 7, len(who)), unit="D")
    asked = np.argwhere((of.asked > 0) & open_)
    quarters = pd.period_range(ends[0], LAST, freq="Q")
    return {
        "ppc_issuer": pd.DataFrame({"subject_id": ids, "issuer_type": "scale", "reg_status": "存续", "arrears_flags": '["none"]', "outlets": 1, "outlets_closed_90d": 0}),
        "ppc_monthly_flow": flows.groupby(["subject_id", "month"], as_index=False).sum(),
        "complaint": pd.DataFrame({"subject_id": ids[who], "received_at": received, "kind": "投诉", "people_count": 1}),
        "ppc_refund": pd.DataFrame(
            {"subject_id": ids[asked[:, 0]], "requested_on": ends[asked[:, 1]], "amount": of.asked[tuple(asked.T)],
             "paid_amount": of.paid[tuple(asked.T)], "paid_on": ends[asked[:, 1]]}
        ),
        "ppc_quarter_report": pd.DataFrame(
            {"subject_id": np.repeat(ids, len(quarters)), "quarter": np.tile(quarters.astype(str), len(ids)),
             "balance_end": np.repeat(12 * of.sales[:, :BEFORE].mean(axis=1), len(quarters))}
        ),
    }  # fmt: skip


# --- what they are worth -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """Failures seen in their decline, the median of how many weeks ahead, false alarms per 1,000 weeks of healthy trade."""

    recall: float
    lead: float
    false: float

    @classmethod
    def of(cls, alarm: Bools, issuers: Issuers) -> Score:
        left = issuers.left[:, -TESTED:]
        failing = issuers.end >= 0
        seen = alarm & (left >= 0) & (left < DECLINE)
        first = np.where(
            seen[failing].any(axis=1),
            np.take_along_axis(left[failing], seen[failing].argmax(axis=1)[:, None], 1)[:, 0],
            -1,
        )
        calm = left >= DECLINE
        lead = float(np.median(first[first >= 0])) if (first >= 0).any() else np.nan
        return cls(float((first >= 0).mean()), lead, 1_000 * (alarm & calm).sum() / calm.sum())


def scores(healthy: int, failing: int, seed: int) -> dict[str, Score]:
    rng = np.random.default_rng(seed)
    issuers = draw(rng, healthy, failing)
    rules: tuple[Callable[[], dict[str, Bools]], ...] = (lambda: note_rules(issuers), lambda: our_rules(issuers, rng))
    return {name: Score.of(alarm, issuers) for of in rules for name, alarm in of().items()}
