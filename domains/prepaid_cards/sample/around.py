"""What belongs to an issuer, and what other registers know of it: outlets, products, filings, changes, arrears."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotwatch.sampling import City, lists, numbered, pick, where


def outlets(city: City, issuers: pd.DataFrame) -> pd.DataFrame:
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


def products(city: City, issuers: pd.DataFrame) -> pd.DataFrame:
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
        "active_cards": pd.array(city.rng("cards in use").integers(3, 900, n), "Int64"),
        "refund_rule": pick(rng, {"余额可退": 0.6, "扣除优惠后退还": 0.35, "不予退还": 0.05}, n),
        "charter_shown": rng.random(n) < 0.9,
    })  # fmt: skip


def filings(issuers: pd.DataFrame) -> pd.DataFrame:
    filed = issuers[issuers["filing_no"].notna()]
    frame = filed[["filing_no", "uscc", "filed_on"]].assign(kind="备案", authority=filed["filing_authority"])
    return frame.reset_index(drop=True)


def signals(city: City, issuers: pd.DataFrame) -> dict[str, pd.DataFrame]:
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
