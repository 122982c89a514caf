"""Single dealings of the last months: who bought cards and how, who wants the money back, what the money was spent on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from domains.prepaid_cards.sample.money import BANKS, RATIOS
from pilotwatch.sampling import City, numbered, pick, where, ymd

_DAYS = 180  # how far back single dealings are known


def _several(city: City, rng: Generator, who: NDArray[np.int64], mean: float) -> tuple[NDArray[np.int64], NDArray]:
    """Some dealings of each of `who`: whose they are, and the day of each, oldest first."""
    whose = np.repeat(who, rng.poisson(mean, len(who)))
    days = city.days(rng, len(whose), city.today - np.timedelta64(_DAYS, "D"))
    order = np.argsort(days, kind="stable")
    return whose[order], days[order]


def _numbers(city: City, kind: str, days: NDArray[np.datetime64]) -> NDArray[np.object_]:
    return numbered(kind + ymd(days), np.arange(len(days)) + city.part * 1_000_000, 7)


def purchases(city: City, issuers: pd.DataFrame) -> pd.DataFrame:
    """Purchases of cards from issuers under Order 9. One issuer in forty is careless: it asks few buyers for their name."""
    rng = city.rng("purchases")
    sells = issuers["issuer_type"].ne("non_order9") & issuers["first_sale_on"].lt(pd.Timestamp(city.today - _DAYS))
    at, days = _several(city, rng, np.flatnonzero(sells.to_numpy()), 8)
    n = len(at)
    careless = (rng.random(len(issuers)) < 0.025)[at]
    kind = pick(rng, {"named": 0.7, "anonymous": 0.3}, n)
    unit = rng.random(n) < 0.15
    amount = np.where(unit, rng.lognormal(8.6, 0.8, n), rng.lognormal(6.4, 0.9, n)).round(2)
    to_name = (kind == "named") | (amount >= 10_000)
    to_transfer = (unit & (amount >= 5_000)) | (amount >= 50_000)
    slips = careless & (rng.random(n) < 0.4)
    paid = pick(rng, {"cash": 0.15, "transfer": 0.35, "online": 0.5}, n)
    return pd.DataFrame({
        "uscc": issuers["uscc"].to_numpy(object)[at],
        "ref_no": _numbers(city, "GK", days),
        "sold_on": days,
        "card_kind": kind,
        "buyer": np.where(unit, "unit", "person"),
        "amount": amount,
        "payment": np.where(to_transfer & ~slips, "transfer", paid),
        "real_name": np.where(to_name, ~slips, rng.random(n) < 0.2),
    })  # fmt: skip


def refunds(city: City, issuers: pd.DataFrame, balances: NDArray[np.float64]) -> pd.DataFrame:
    """Requests for refunds: a few of everybody, paid within days; crowds at those who leave, paid seldom."""
    rng = city.rng("refunds")
    at, days = _several(city, rng, np.arange(len(issuers)), 6)
    gone = issuers["gone_on"].to_numpy().astype("datetime64[D]")
    leaving = np.flatnonzero(~np.isnat(gone))
    crowd = np.repeat(leaving, rng.integers(30, 70, len(leaving)))
    since = np.minimum(gone[crowd] - 20, city.today - 20)
    span = (city.today - since).astype(int) + 1
    at = np.concatenate([at, crowd])
    days = np.concatenate([days, since + (rng.random(len(crowd)) * span).astype(int)])
    n, crowded = len(at), np.arange(len(at)) >= len(at) - len(crowd)
    share = np.where(crowded, rng.uniform(0.005, 0.02, n), rng.uniform(0.0002, 0.003, n))
    held = np.nanmax(balances[:, -9:], axis=1)[at]
    amount = np.maximum(held * share, 60).round(2)
    paid_on = days + rng.integers(1, 8, n)
    paid = (paid_on <= city.today) & (rng.random(n) < np.where(crowded, 0.12, 0.97))
    return pd.DataFrame({
        "uscc": issuers["uscc"].to_numpy(object)[at],
        "ref_no": _numbers(city, "TK", days),
        "requested_on": days,
        "amount": amount,
        "paid_amount": where(paid, amount),
        "paid_on": where(paid, paid_on),
    })  # fmt: skip


def outflows(city: City, issuers: pd.DataFrame, balances: NDArray[np.float64]) -> pd.DataFrame:
    """Payments out of custody accounts. A third of those with a gap in custody lend; few others buy what they must not."""
    rng = city.rng("outflows")
    watched = issuers["custody_bank"].notna() & issuers["issuer_type"].isin(list(RATIOS))
    at, days = _several(city, rng, np.flatnonzero(watched.to_numpy()), 7)
    n = len(at)
    lends = (issuers["gap"].to_numpy() & (rng.random(len(issuers)) < 0.33))[at]
    strays = (rng.random(len(issuers)) < 0.01)[at]
    wrong = (lends | strays) & (rng.random(n) < 0.5)
    forbidden = np.where(lends, "lending", pick(rng, {"property": 0.3, "equity": 0.3, "securities": 0.4}, n))
    bank = issuers["custody_bank"].to_numpy(object)[at] if n else np.array(BANKS[:0], object)
    return pd.DataFrame({
        "uscc": issuers["uscc"].to_numpy(object)[at],
        "ref_no": _numbers(city, "ZC", days),
        "paid_on": days,
        "amount": np.maximum(balances[:, -1][at] * rng.uniform(0.01, 0.06, n), 100).round(2),
        "purpose": np.where(wrong, forbidden, pick(rng, {"main": 0.94, "other": 0.06}, n)),
        "finding": where(wrong, pick(rng, {"confirmed": 0.4, "suspected": 0.5, "cleared": 0.1}, n)),
        "bank": bank,
    })  # fmt: skip
