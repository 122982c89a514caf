"""The issuers: who they are, what was planted among them, and what the list of today says of them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domains.prepaid_cards.sample.money import BANKS, RATIOS
from pilotwatch.sampling import City, numbered, pick, pick_by, where

ISSUERS = 1_200
ABSCONDING, CUSTODY_GAP, UNFILED = 12, 15, 10

_TYPES = {"scale": 0.30, "other": 0.24, "brand": 0.04, "group": 0.02, "non_order9": 0.40}
_ORDER9 = {"零售业": 0.42, "餐饮业": 0.24, "居民服务业": 0.26, "住宿业": 0.08}
_OUTSIDE = {
    "教育培训": 0.30,
    "体育健身": 0.22,
    "居民服务业": 0.16,
    "医美": 0.10,
    "文化旅游": 0.08,
    "交通驾培": 0.08,
    "养老": 0.04,
    "其他": 0.02,
}
_INDUSTRIES = {kind: _OUTSIDE if kind == "non_order9" else _ORDER9 for kind in _TYPES}
_SUFFIXES = {
    "零售业": "商贸有限公司", "餐饮业": "餐饮管理有限公司", "居民服务业": "美容美发服务有限公司", "住宿业": "酒店管理有限公司",
    "教育培训": "教育咨询有限公司", "体育健身": "健身服务有限公司", "医美": "医疗美容有限公司", "文化旅游": "文化传播有限公司",
    "交通驾培": "机动车驾驶员培训有限公司", "养老": "养老服务有限公司", "其他": "商务服务有限公司",
}  # fmt: skip


def draw(city: City) -> pd.DataFrame:
    rng = city.rng("issuers")
    n = city.count(ISSUERS)
    kind = pick(rng, _TYPES, n)
    industry = pick_by(rng, kind, _INDUSTRIES)
    frame = city.forget(rng, city.spots(rng, n, urban=1.4, even=0.8))
    revenue = np.where(kind == "scale", 5e6 * (1 + rng.gamma(1.2, 3, n)), rng.gamma(2, 9e5, n) + 2e5)
    revenue = np.where(np.isin(kind, ["group", "brand"]), 6e7 * (1 + rng.gamma(1.5, 1, n)), revenue).round(-2)
    established = np.datetime64("2005-01-01") + rng.integers(
        0, int((city.start - np.datetime64("2005-01-01")).astype(int)), n
    )
    first_sale = established + rng.integers(20, 700, n)
    gone = rng.permutation(n)[: city.count(ABSCONDING)]
    gap = rng.permutation(np.flatnonzero(np.isin(kind, list(RATIOS))))
    gap = gap[~np.isin(gap, gone)][: city.count(CUSTODY_GAP)]
    unfiled = rng.permutation(np.flatnonzero((kind == "other") | (kind == "scale")))
    unfiled = unfiled[~np.isin(unfiled, np.concatenate([gone, gap]))][: city.count(UNFILED)]
    first_sale[unfiled] = city.today - rng.integers(32, 140, len(unfiled))
    filed = (kind != "non_order9") & ~np.isin(np.arange(n), unfiled)
    authority = np.select(
        [np.isin(kind, ["group", "brand"]), kind == "scale"],
        ["650000", "650100"],
        frame["division_code"].to_numpy().astype("U6"),
    )
    number = np.arange(n) + city.part * n + 1
    letters = np.array([f"A{a}{b}" for a in "DEFGHJKLMNPQRTUWXY" for b in "ABCDEFGHJKLMNPQRTUWXY"], object)[
        number // 9_999 % 378
    ]
    gone_on = np.full(n, np.datetime64("NaT", "D"))
    gone_on[gone] = city.today - rng.integers(12, 75, len(gone))
    risk = rng.beta(1.4, 6, n)
    risk[gone] = rng.uniform(0.6, 0.95, len(gone))
    frame = frame.assign(
        uscc=city.usccs(rng, n),
        name=city.companies(rng, np.array([_SUFFIXES[i] for i in industry], object)),
        address=city.addresses(rng, frame),
        issuer_type=kind,
        industry=industry,
        registered_capital=rng.choice([5e5, 1e6, 2e6, 5e6, 1e7, 3e7], n, p=[0.25, 0.3, 0.2, 0.15, 0.07, 0.03]),
        prior_fy_main_revenue=revenue,
        group_prior_fy_revenue=where(
            kind == "group", (revenue * city.rng("groups").uniform(1.5, 4, n)).round(-2)
        ),
        established_on=established,
        first_sale_on=first_sale,
        filing_no=where(filed, numbered(authority.astype(object) + letters, number % 9_999 + 1, 4)),
        filing_authority=where(filed, _authority_names(city, authority)),
        filed_on=where(filed, np.minimum(first_sale + rng.integers(3, 31, n), city.today)),
        outlets=np.minimum(1 + rng.geometric(0.45, n) - 1 + (np.isin(kind, ["group", "brand"]) * rng.integers(5, 20, n)), 40),
        custody_bank=where(filed & (kind != "other"), np.array(BANKS, object)[rng.integers(len(BANKS), size=n)]),
        reg_status=pick(rng, {"存续": 0.955, "经营异常": 0.03, "简易注销公告中": 0.01, "迁出": 0.005}, n),
        risk=risk,
        gone_on=gone_on,
        gap=np.isin(np.arange(n), gap),
    )  # fmt: skip
    marked = frame["reg_status"].eq("经营异常").to_numpy()
    frame["address_lost"] = where(marked, (city.rng("addresses").random(n) < 0.15).astype(object))
    frame.loc[gone, "reg_status"] = pick(rng, {"简易注销公告中": 0.6, "经营异常": 0.4}, len(gone))
    city.plant("absconding", "ppc_issuer", frame["uscc"].to_numpy()[gone], since=gone_on[gone])
    city.plant("custody_gap", "ppc_issuer", frame["uscc"].to_numpy()[gap])
    city.plant("unfiled", "ppc_issuer", frame["uscc"].to_numpy()[unfiled], first_sale_on=first_sale[unfiled])
    return frame


def _authority_names(city: City, codes: NDArray[np.str_]) -> NDArray[np.object_]:
    names = {"650000": "自治区商务厅", "650100": "乌鲁木齐市商务局"}
    names |= {d.code: f"{d.title.zh}商务局" for d in city.places.divisions}
    return np.array([names[c] for c in codes.tolist()], object)


def as_of_today(
    city: City,
    issuers: pd.DataFrame,
    balances: NDArray[np.float64],
    custody: pd.DataFrame,
    guarantees: pd.DataFrame,
    outlets: pd.DataFrame,
    arrears: pd.DataFrame,
) -> pd.DataFrame:
    """The issuers' list as it stands today: last quarter's balance, last custody balance, outlets lately closed, debts."""
    rng = city.rng("issuers today")
    n = len(issuers)
    quarter = np.flatnonzero(city.months.astype(int) % 3 == 2)[-1]
    code = issuers["uscc"]
    held = custody.groupby("uscc")["balance"].last()
    in_force = (
        guarantees[guarantees["valid_until"] >= city.today]
        .drop_duplicates("uscc", keep="last")
        .set_index("uscc")
        .reindex(code)
    )
    closed = outlets[outlets["closed_on"] > city.today - np.timedelta64(90, "D")].groupby("uscc").size()
    cards = np.maximum(balances[:, -1] / rng.uniform(180, 900, n), 1).astype(int)
    named = (cards * rng.beta(5, 2, n)).astype(int)
    risk = issuers["risk"].to_numpy()
    good, sampled = _contracts(city, n)
    return issuers.assign(
        outlets=code.map(outlets.groupby("uscc").size()).fillna(0).astype(int),
        outlets_closed_90d=code.map(closed).fillna(0).astype(int),
        prepaid_balance_qe=balances[:, quarter],
        custody_account_masked=where(issuers["custody_bank"].notna(), numbered("****", rng.integers(0, 10_000, n), 4)),
        custody_balance=code.map(held).to_numpy(),
        guarantee_type=in_force["kind"].to_numpy(object),
        guarantee_amount=in_force["amount"].to_numpy(float),
        guarantee_until=in_force["valid_until"].to_numpy(),
        active_cards_named=named,
        active_cards_anon=cards - named,
        contract_ok_ratio=where(sampled > 0, (100 * good / np.maximum(sampled, 1)).round(1)),
        contracts_sampled=pd.array(where(sampled > 0, sampled), "Int64"),
        arrears_flags=_debts(city, code, arrears),
        credit_class=np.select([risk > 0.85, risk > 0.6, risk > 0.25], ["D", "C", "B"], "A"),
        risk_level=np.select([risk > 0.6, risk > 0.3], ["high", "medium"], "low"),
    )


def _contracts(city: City, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Contracts found complete, and sampled: of seven issuers in ten, mostly more than ten of them."""
    rng = city.rng("contracts")
    sampled = np.where(rng.random(n) < 0.7, rng.integers(6, 60, n), 0)
    return rng.binomial(sampled, rng.beta(18, 1.0, n)), sampled


def _debts(city: City, codes: pd.Series, arrears: pd.DataFrame) -> NDArray[np.object_]:
    """What each issuer owes today by the list, as JSON; nothing at all for most, not asked of one in ten."""
    rng = city.rng("debts")
    owed = (
        arrears[arrears["cleared_on"].isna()].groupby("uscc")["kind"].agg(lambda kinds: json.dumps(sorted(set(kinds))))
    )
    asked = where(rng.random(len(codes)) < 0.9, np.full(len(codes), '["none"]', object))
    listed = codes.map(owed).to_numpy(object)
    return np.where(pd.isna(listed), asked, listed)
