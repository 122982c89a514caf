"""The money of an issuer by month, and the reports, custody balances and guarantees that follow from it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotwatch.sampling import City, months_of, numbered, pick, years_of

#: Custody ÷ prepaid balance that each type owes (Order 9 art. 26).
RATIOS = {"scale": 0.20, "group": 0.30, "brand": 0.40}
BANKS = ("中国工商银行", "中国建设银行", "乌鲁木齐银行", "昆仑银行", "新疆银行")
_SEASON = np.array([1.5, 1.2, 0.8, 0.8, 0.9, 1.0, 0.9, 0.9, 1.0, 1.0, 1.3, 1.5])  # of card sales, January first


def simulate(city: City, issuers: pd.DataFrame) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    """Money by month, arrays of shape (issuers, 36) in yuan: the flows by name, and the balance at each month's end."""
    rng = city.rng("money")
    n, months = len(issuers), city.months
    # the balance an issuer lives with; within bounds, or the check for mistaken units would rightly ask
    aim = (issuers["prior_fy_main_revenue"].to_numpy() * rng.beta(2, 9, n)).clip(2e4, 2e7)
    pace = rng.uniform(0.12, 0.35, n)  # share of the money that is redeemed in a month
    season = _SEASON[months.astype(int) % 12]
    issued = aim[:, None] * (pace / (1 - pace))[:, None] * season * rng.lognormal(0, 0.12, (n, len(months)))
    asked = issued * rng.beta(1.5, 60, (n, len(months)))
    selling = months[None, :] >= issuers["first_sale_on"].to_numpy().astype("datetime64[M]")[:, None]
    issued, asked = issued * selling, asked * selling
    paid = asked * rng.uniform(0.92, 1.0, asked.shape)
    gone = issuers["gone_on"].to_numpy().astype("datetime64[D]")
    last = months[None, :] >= (gone - np.timedelta64(45, "D")).astype("datetime64[M]")[:, None]
    issued, asked = np.where(last, issued * 3.4, issued), np.where(last, asked * 9, asked)
    paid = np.where(last, asked * 0.25, paid)
    redeemed, balances = np.zeros_like(issued), np.zeros_like(issued)
    held = aim * selling[:, 0]
    for m in range(len(months)):
        redeemed[:, m] = (held + issued[:, m]) * pace * np.where(last[:, m], 0.5, 1)
        held = np.maximum(held + issued[:, m] - redeemed[:, m] - paid[:, m], 0)
        balances[:, m] = np.where(held < 1e4, 0, held)
    flows = {"issuance": issued, "redemption": redeemed, "refund_requested": asked, "refund_paid": paid}
    return {name: values.round(2) for name, values in flows.items()}, balances.round(2)


def monthly_flows(city: City, issuers: pd.DataFrame, flows: Mapping[str, NDArray[np.float64]]) -> pd.DataFrame:
    months = np.tile(months_of(city.months), len(issuers))
    codes = np.repeat(issuers["uscc"].to_numpy(), len(city.months))
    frame = pd.DataFrame({"uscc": codes, "month": months, **{name: values.ravel() for name, values in flows.items()}})
    return frame[frame["issuance"] + frame["redemption"] > 0].reset_index(drop=True)


def quarter_reports(
    city: City, issuers: pd.DataFrame, flows: Mapping[str, NDArray[np.float64]], balances: NDArray[np.float64]
) -> pd.DataFrame:
    """Each whole quarter of issuers that report by quarter; the last one of each year of the small ones."""
    rng = city.rng("quarter reports")
    ends = np.flatnonzero(city.months.astype(int) % 3 == 2)
    ends = ends[ends >= 2]
    n, quarters = len(issuers), len(ends)
    kind = np.repeat(issuers["issuer_type"].to_numpy(), quarters)
    month = np.tile(city.months[ends], n)
    end = (month + 1).astype("datetime64[D]") - 1

    def total(name: str) -> NDArray[np.float64]:
        return np.stack([flows[name][:, e - 2 : e + 1].sum(axis=1) for e in ends], axis=1).ravel().round(2)

    cards = np.maximum(balances[:, ends].ravel() / rng.uniform(180, 900, n).repeat(quarters), 1).astype(int)
    named = (cards * rng.beta(5, 2, n).repeat(quarters)).astype(int)
    submitted = end + np.where(
        rng.random(n * quarters) < 0.93, rng.integers(4, 20, n * quarters), rng.integers(22, 60, n * quarters)
    )
    frame = pd.DataFrame({
        "quarter": numbered(years_of(month) + "Q", month.astype(int) % 12 // 3 + 1, 1),
        "name": np.repeat(issuers["name"].to_numpy(), quarters),
        "uscc": np.repeat(issuers["uscc"].to_numpy(), quarters),
        "issued_amt": total("issuance"),
        "redeemed_amt": total("redemption"),
        "refunded_amt": total("refund_paid"),
        "balance_end": balances[:, ends].ravel(),
        "cards_named": named,
        "cards_anon": cards - named,
        "submitted_on": submitted,
    })  # fmt: skip
    filed = np.repeat(issuers["filed_on"].to_numpy(), quarters).astype("datetime64[D]")
    gone = np.repeat(issuers["gone_on"].to_numpy(), quarters).astype("datetime64[D]")
    due = np.isin(kind, list(RATIOS)) | ((kind == "other") & (month.astype(int) % 12 == 11))
    sent = due & (filed <= end) & (submitted <= city.today) & ~(end >= gone - 60) & (rng.random(len(frame)) < 0.975)
    return frame[sent].reset_index(drop=True)


def custody(city: City, issuers: pd.DataFrame, balances: NDArray[np.float64]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Month-end custody balances of the filed scale, group and brand issuers, and the guarantees that top them up."""
    rng = city.rng("custody")
    kind = issuers["issuer_type"].to_numpy()
    at = np.flatnonzero(issuers["custody_bank"].notna().to_numpy() & np.isin(kind, list(RATIOS)))
    n, months = len(at), city.months
    ratio = np.array([RATIOS[k] for k in kind[at]])
    required = (balances[at] * ratio[:, None]).round(2)
    guaranteed = rng.random(n) < 0.3
    part = np.where(guaranteed, rng.uniform(0.2, 0.7, n), 0)  # of the requirement that a guarantee covers
    fill = rng.normal(1.32, 0.1, n)[:, None] + rng.normal(0, 0.03, (n, len(months)))
    short = issuers["gap"].to_numpy()[at]
    late = np.arange(len(months)) >= len(months) - 7
    fill = np.where(short[:, None] & late, rng.uniform(0.55, 0.92, (n, 1)), fill)
    gone = issuers["gone_on"].to_numpy().astype("datetime64[D]")[at]
    ends = (months + 1).astype("datetime64[D]") - 1
    fill = np.where(ends[None, :] > (gone - 40)[:, None], 0.08, fill)
    level = required.max(axis=1)  # guarantees are bought once a year, for the year's highest requirement
    held = np.maximum(required * fill - (part * level)[:, None] * np.where(short, 0.3, 1)[:, None], 0).round(2)
    held = np.where(held < 5e3, 0, held)
    filed = issuers["filed_on"].to_numpy().astype("datetime64[D]")[at]
    codes = issuers["uscc"].to_numpy()[at]
    snapshots = pd.DataFrame({
        "uscc": np.repeat(codes, len(months)),
        "snap_on": np.tile(ends, n),
        "bank": np.repeat(issuers["custody_bank"].to_numpy()[at], len(months)),
        "balance": held.ravel(),
        "required": required.ravel(),
    })[(ends[None, :] >= filed[:, None]).ravel()]  # fmt: skip
    who = np.repeat(np.flatnonzero(guaranteed), 4)
    begins = (
        city.start
        - 200
        + np.tile(np.arange(4), int(guaranteed.sum())) * 365
        + np.repeat(rng.integers(0, 300, n)[guaranteed], 4)
    )
    kinds = pick(rng, {"保证保险": 0.6, "银行保函": 0.4}, len(who))
    guarantees = pd.DataFrame({
        "uscc": codes[who],
        "kind": kinds,
        "amount": (part[who] * level[who] * np.where(short[who], 0.3, 1.02)).clip(5e3).round(2),
        "valid_from": begins,
        "valid_until": begins + 364,
        "issuer": np.where(kinds == "银行保函", np.array(BANKS, object)[rng.integers(len(BANKS), size=len(who))], "某财产保险新疆分公司"),
    })[begins <= city.today]  # fmt: skip
    return snapshots.reset_index(drop=True), guarantees.reset_index(drop=True)
