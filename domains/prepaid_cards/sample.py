"""A synthetic city's card issuers: their filing, their money, their outlets, and the few that are about to run away.

Money is simulated by month: cards are sold with the seasons, redeemed at each issuer's own pace, and the prepaid
balance is what is left; quarterly reports and custody balances follow from it. Planted: `absconding` issuers (in their
last weeks they sell at a discount, refund late, close outlets, change hands, owe wages and rent, empty the custody
account and stop reporting), `custody_gap` issuers (custody and guarantees below the ratio of Order 9) and `unfiled`
ones (selling for more than 30 days without filing).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotwatch.sampling import City, Practice, lists, months_of, numbered, pick, pick_by, supervise, where, years_of

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
_RATIOS = {"scale": 0.20, "group": 0.30, "brand": 0.40}  # custody ÷ prepaid balance, Order 9 art. 26
_LATER = (
    "prepaid_balance_qe", "custody_balance", "guarantee_type", "guarantee_amount", "guarantee_until", "active_cards_named",
    "active_cards_anon", "contract_ok_ratio", "risk_level", "credit_class",
)  # fmt: skip
_BANKS = ("中国工商银行", "中国建设银行", "乌鲁木齐银行", "昆仑银行", "新疆银行")
_SEASON = np.array([1.5, 1.2, 0.8, 0.8, 0.9, 1.0, 0.9, 0.9, 1.0, 1.0, 1.3, 1.5])  # of card sales, January first

PRACTICE = Practice(
    code="P", key="uscc", dataset="ppc_issuer",
    departments={"SWJ": 0.34, "SCJG": 0.34, "JYJ": 0.08, "TYJ": 0.07, "WLJ": 0.05, "WJW": 0.04, "XFJY": 0.05, "JRB": 0.03},
    matters=("预付卡备案", "资金存管", "书面合同", "章程公示", "消防设施", "价格公示", "证照有效性", "广告宣传"),
    problems=("未公示章程", "合同条款缺失", "未按规定存管资金", "未留存购卡实名信息", "超限额售卡", "消防通道堆放杂物", "退卡不及时"),
    visits=1.5, complaints=1.6,
    complaint_subjects=("门店关闭无法退款", "商家拒绝退卡", "卡内余额无法使用", "健身房更换经营者不认账", "培训机构停课不退费", "办卡承诺未兑现", "消费扣款不明", "转让门店后不予兑付"),
    over_inspected=10,
)  # fmt: skip


def sample(city: City) -> Mapping[str, pd.DataFrame]:
    """One part of the city: every dataset of the domain and the shared records about its issuers."""
    issuers = _issuers(city)
    flows, balances = _money(city, issuers)
    custody, guarantees = _custody(city, issuers, balances)
    outlets = _outlets(city, issuers)
    signals = _signals(city, issuers)
    issuers = _as_of_today(city, issuers, balances, custody, guarantees, outlets)
    listed = issuers.drop(columns=["gone_on", "risk"])
    city.at_first("ppc_issuer", listed, _LATER, reg_status="存续", outlets_closed_90d=0)
    city.at_first("ppc_outlet", outlets, ["closed_on"], outlet_status="营业")
    subjects = issuers.assign(complaint_surge_on=issuers["gone_on"].to_numpy() - np.timedelta64(21, "D"))
    return {
        "ppc_issuer": listed,
        "ppc_outlet": outlets,
        "ppc_card_product": _products(city, issuers),
        "ppc_filing": _filings(issuers),
        "ppc_quarter_report": _quarter_reports(city, issuers, flows, balances),
        "ppc_custody_snapshot": custody,
        "ppc_guarantee": guarantees,
        "ppc_monthly_flow": _monthly_flows(city, issuers, flows),
        **signals,
        **supervise(city, PRACTICE, subjects),
    }


def _issuers(city: City) -> pd.DataFrame:
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
    gap = rng.permutation(np.flatnonzero(np.isin(kind, list(_RATIOS))))
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
        established_on=established,
        first_sale_on=first_sale,
        filing_no=where(filed, numbered(authority.astype(object) + letters, number % 9_999 + 1, 4)),
        filing_authority=where(filed, _authority_names(city, authority)),
        filed_on=where(filed, np.minimum(first_sale + rng.integers(3, 31, n), city.today)),
        outlets=np.minimum(1 + rng.geometric(0.45, n) - 1 + (np.isin(kind, ["group", "brand"]) * rng.integers(5, 20, n)), 40),
        custody_bank=where(filed & (kind != "other"), np.array(_BANKS, object)[rng.integers(len(_BANKS), size=n)]),
        reg_status=pick(rng, {"存续": 0.955, "经营异常": 0.03, "简易注销公告中": 0.01, "迁出": 0.005}, n),
        risk=risk,
        gone_on=gone_on,
        gap=np.isin(np.arange(n), gap),
    )  # fmt: skip
    frame.loc[gone, "reg_status"] = pick(rng, {"简易注销公告中": 0.6, "经营异常": 0.4}, len(gone))
    city.plant("absconding", "ppc_issuer", frame["uscc"].to_numpy()[gone], since=gone_on[gone])
    city.plant("custody_gap", "ppc_issuer", frame["uscc"].to_numpy()[gap])
    city.plant("unfiled", "ppc_issuer", frame["uscc"].to_numpy()[unfiled], first_sale_on=first_sale[unfiled])
    return frame


def _authority_names(city: City, codes: NDArray[np.str_]) -> NDArray[np.object_]:
    names = {"650000": "自治区商务厅", "650100": "乌鲁木齐市商务局"}
    names |= {d.code: f"{d.title.zh}商务局" for d in city.places.divisions}
    return np.array([names[c] for c in codes.tolist()], object)


# --- money -------------------------------------------------------------------------------------------------------


def _money(city: City, issuers: pd.DataFrame) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
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


def _monthly_flows(city: City, issuers: pd.DataFrame, flows: Mapping[str, NDArray[np.float64]]) -> pd.DataFrame:
    months = np.tile(months_of(city.months), len(issuers))
    codes = np.repeat(issuers["uscc"].to_numpy(), len(city.months))
    frame = pd.DataFrame({"uscc": codes, "month": months, **{name: values.ravel() for name, values in flows.items()}})
    return frame[frame["issuance"] + frame["redemption"] > 0].reset_index(drop=True)


def _quarter_reports(
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
    due = np.isin(kind, list(_RATIOS)) | ((kind == "other") & (month.astype(int) % 12 == 11))
    sent = due & (filed <= end) & (submitted <= city.today) & ~(end >= gone - 60) & (rng.random(len(frame)) < 0.975)
    return frame[sent].reset_index(drop=True)


def _custody(city: City, issuers: pd.DataFrame, balances: NDArray[np.float64]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Month-end custody balances of the filed scale, group and brand issuers, and the guarantees that top them up."""
    rng = city.rng("custody")
    kind = issuers["issuer_type"].to_numpy()
    at = np.flatnonzero(issuers["custody_bank"].notna().to_numpy() & np.isin(kind, list(_RATIOS)))
    n, months = len(at), city.months
    ratio = np.array([_RATIOS[k] for k in kind[at]])
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
        "issuer": np.where(kinds == "银行保函", np.array(_BANKS, object)[rng.integers(len(_BANKS), size=len(who))], "某财产保险新疆分公司"),
    })[begins <= city.today]  # fmt: skip
    return snapshots.reset_index(drop=True), guarantees.reset_index(drop=True)


def _as_of_today(
    city: City,
    issuers: pd.DataFrame,
    balances: NDArray[np.float64],
    custody: pd.DataFrame,
    guarantees: pd.DataFrame,
    outlets: pd.DataFrame,
) -> pd.DataFrame:
    """The issuers' list as it stands today: last quarter's balance, last custody balance, outlets lately closed."""
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
    return issuers.drop(columns="gap").assign(
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
        contract_ok_ratio=where(rng.random(n) < 0.7, (100 * rng.beta(14, 1.2, n)).round(1)),
        credit_class=np.select([risk > 0.85, risk > 0.6, risk > 0.25], ["D", "C", "B"], "A"),
        risk_level=np.select([risk > 0.6, risk > 0.3], ["high", "medium"], "low"),
    )


# --- outlets, products, filings ----------------------------------------------------------------------------------


def _outlets(city: City, issuers: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng("outlets")
    at = np.repeat(np.arange(len(issuers)), issuers["outlets"].to_numpy())
    n = len(at)
    rank = np.arange(n) - np.repeat(
        np.cumsum(issuers["outlets"].to_numpy()) - issuers["outlets"].to_numpy(), issuers["outlets"].to_numpy()
    )
    frame = city.forget(rng, city.spots(rng, n, urban=2.0), 0.05)
    place = ["division_code", "street_code", "zone", "lng", "lat"]
    frame.loc[rank == 0, place] = issuers[place].to_numpy(object)[at[rank == 0]]  # the first outlet is the seat
    frame[["lng", "lat"]] = frame[["lng", "lat"]].astype(float)
    gone = issuers["gone_on"].to_numpy().astype("datetime64[D]")[at]
    closing = gone + rng.integers(-20, 12, n)
    leaving = ~np.isnat(gone) & (rng.random(n) < 0.75) & (closing <= city.today)
    usual = rng.random(n) < 0.05
    state = np.select([leaving, usual], ["闭店", pick(rng, {"闭店": 0.6, "歇业": 0.4}, n)], "营业")
    closed_on = np.where(leaving, closing, city.days(rng, n))
    return frame.assign(
        uscc=issuers["uscc"].to_numpy()[at],
        outlet_name=issuers["name"].str.replace("有限公司", "", regex=False).to_numpy(object)[at]
        + numbered("第", rank + 1, 1, "分店"),
        address=city.addresses(rng, frame),
        outlet_status=state,
        outlet_role=pick(rng, {"两者": 0.8, "兑付": 0.15, "售卡": 0.05}, n),
        closed_on=where(state == "闭店", closed_on),
    )


def _products(city: City, issuers: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng("products")
    at = np.repeat(np.arange(len(issuers)), rng.integers(1, 4, len(issuers)))
    n = len(at)
    rank = np.arange(n) - np.searchsorted(at, at)
    kind = pick(rng, {"named": 0.7, "anonymous": 0.3}, n)
    limit = np.where(
        kind == "named", rng.choice([500, 1_000, 2_000, 5_000], n), rng.choice([100, 200, 500, 1_000], n)
    ).astype(float)
    limit = np.where(rng.random(n) < 0.008, limit * 2.5 + 5_000, limit)
    months = np.where(kind == "named", np.nan, rng.choice([36, 36, 36, 60, 24], n, p=[0.4, 0.3, 0.2, 0.07, 0.03]))
    dear = np.isnat(issuers["gone_on"].to_numpy().astype("datetime64[D]")[at])
    return pd.DataFrame({
        "uscc": issuers["uscc"].to_numpy()[at],
        "product_name": np.array(["储值卡", "会员卡", "礼品卡"], object)[rank],
        "card_kind": kind,
        "medium": pick(rng, {"磁条": 0.35, "芯片": 0.2, "虚拟": 0.4, "纸券": 0.05}, n),
        "face_or_limit": limit,
        "valid_months": pd.array(months, "Int64"),
        "discount_ratio": np.where(dear, rng.uniform(0.72, 1.0, n), rng.uniform(0.3, 0.5, n)).round(2),
        "refund_rule": pick(rng, {"余额可退": 0.6, "扣除优惠后退还": 0.35, "不予退还": 0.05}, n),
        "charter_shown": rng.random(n) < 0.9,
    })  # fmt: skip


def _filings(issuers: pd.DataFrame) -> pd.DataFrame:
    filed = issuers[issuers["filing_no"].notna()]
    frame = filed[["filing_no", "uscc", "filed_on"]].assign(kind="备案", authority=filed["filing_authority"])
    return frame.reset_index(drop=True)


# --- what other registers know -----------------------------------------------------------------------------------


def _signals(city: City, issuers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Changes of registration, arrears, lawsuits and interviews: a few of everybody, all together of those who leave."""
    rng = city.rng("signals")
    gone = np.flatnonzero(issuers["gone_on"].notna().to_numpy())
    since = issuers["gone_on"].to_numpy().astype("datetime64[D]")
    changed = np.concatenate([rng.choice(len(issuers), city.count(420)), np.repeat(gone, 3)])
    kinds = pick(rng, {"地址": 0.35, "经营范围": 0.25, "法人": 0.15, "股东": 0.15, "注册资本": 0.1}, len(changed))
    kinds[len(changed) - 3 * len(gone) :] = np.tile(np.array(["法人", "股东", "注销公告"], object), len(gone))
    days = city.days(rng, len(changed))
    days[len(changed) - 3 * len(gone) :] = np.repeat(since[gone], 3) + np.tile([-25, -12, -2], len(gone))
    owing = np.concatenate([rng.choice(len(issuers), city.count(110)), np.repeat(gone, 3)])
    debts = pick(
        rng, {"wage": 0.25, "rent": 0.25, "tax": 0.15, "social": 0.15, "utility": 0.12, "execution": 0.08}, len(owing)
    )
    debts[len(owing) - 3 * len(gone) :] = np.tile(np.array(["wage", "rent", "utility"], object), len(gone))
    from_on = city.days(rng, len(owing), last=city.today - np.timedelta64(5, "D"))
    from_on[len(owing) - 3 * len(gone) :] = np.repeat(since[gone], 3) + np.tile([-30, -18, -8], len(gone))
    cleared = from_on + rng.integers(15, 200, len(owing))
    sued = rng.choice(len(issuers), city.count(160))
    filed = city.days(rng, len(sued))
    met = np.concatenate([rng.choice(len(issuers), city.count(150)), gone])
    held = np.concatenate([city.days(rng, len(met) - len(gone)), np.minimum(since[gone] + 4, city.today)])
    name, code = issuers["name"].to_numpy(object), issuers["uscc"].to_numpy(object)
    frames = {
        "business_change": pd.DataFrame({"name": name[changed], "uscc": code[changed], "kind": kinds, "changed_on": days}),
        "arrears_event": pd.DataFrame({
            "name": name[owing], "uscc": code[owing], "kind": debts, "amount": rng.lognormal(10.5, 1, len(owing)).round(2),
            "from_on": from_on,
            "cleared_on": where((cleared <= city.today) & np.isnat(since[owing]) & (rng.random(len(owing)) < 0.85), cleared),
        }),
        "lawsuit": pd.DataFrame({
            "case_no": numbered("（演示）新01民初", np.arange(len(sued)) + city.part * 100_000, 6, "号"), "name": name[sued], "uscc": code[sued],
            "kind": pick(rng, {"诉讼": 0.6, "执行": 0.25, "仲裁": 0.15}, len(sued)), "amount": rng.lognormal(10.8, 1, len(sued)).round(2),
            "from_on": filed, "cleared_on": where(filed + 150 <= city.today, filed + rng.integers(40, 150, len(sued))),
        }),
        "interview": pd.DataFrame({
            "name": name[met], "uscc": code[met], "division_code": issuers["division_code"].to_numpy(object)[met], "held_on": held,
            "depts": lists(rng, ["SWJ", "SCJG", "JRB"], len(met), 1, 2), "commitments": "按期补足存管资金并妥善处理退卡",
            "due_on": held + 15,
        }),
    }  # fmt: skip
    keys = {
        "business_change": ["uscc", "kind", "changed_on"],
        "arrears_event": ["uscc", "kind", "from_on"],
        "interview": ["uscc", "held_on"],
    }
    return {
        name: frame.drop_duplicates(keys.get(name, ["case_no"])).reset_index(drop=True)
        for name, frame in frames.items()
    }
