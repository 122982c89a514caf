"""How a station sells: petrol in cans, and prices under the region's cap (OIL-11, 14)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.refined_oil.indicators.common import end_of, judged, lately, ratio
from domains.refined_oil.records import BulkSale, PriceCap, PricePost, Station
from pilotwatch.domain import Basis, Bound, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, latest, register, table, unless_unknown

_BULK_DAYS = 30
_PRICE_DAYS = 120  # a product whose price wasn't posted for longer isn't sold any more
_HOURS_TO_CHANGE = 12


def nameless_bulk_sales(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-11: the share of the sales of petrol in cans, last 30 days, without the buyer's ID; NaN where there were none."""
    rows = table(frames, BulkSale, "sold_at", "litres", "id_masked")
    rows = rows[lately(rows["sold_at"], on, _BULK_DAYS)]
    nameless = rows["id_masked"].fillna("").str.strip().eq("")
    parts = pd.DataFrame(
        {"nameless": nameless, "sales": 1, "largest_l": rows["litres"].where(nameless, 0.0)}, dtype="float64"
    )
    by_station = parts.groupby(rows["subject_id"])
    found = by_station[["nameless", "sales"]].sum().assign(largest_l=by_station["largest_l"].max())
    found.insert(0, "value", ratio(found["nameless"], found["sales"]))
    return judged(frames, found)


def over_the_cap(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-14: by how much the price of a product is above the cap, the most; and how long a price is unchanged.

    The cap is the region's, else the one on the station's own notice. `late_h`: hours, at the end of the day, since a
    product's price should have been changed: 12 hours after the round took effect; NaN where no round is known.
    """
    posts = table(frames, PricePost, "product", "effective_at", "price", "cap")
    posts = latest(posts[lately(posts["effective_at"], on, _PRICE_DAYS)], "effective_at", "subject_id", "product")
    caps = register(frames, PriceCap, "product", "effective_at", "cap")
    caps = latest(caps[caps["effective_at"] < end_of(on)], "effective_at", "product")
    rows = posts.merge(caps[["product", "effective_at", "cap"]], "left", on="product", suffixes=("", "_region"))
    station = rows["subject_id"]
    cap = rows["cap_region"].fillna(rows["cap"])
    over = (rows["price"] - cap).round(4)
    due = rows["effective_at_region"] + pd.Timedelta(hours=_HOURS_TO_CHANGE)
    late = (end_of(on) - due).dt.total_seconds() / 3600
    # 24:00 of the window is at times written as 23:59 of its day
    changed = rows["effective_at"] >= rows["effective_at_region"] - pd.Timedelta(hours=1)
    late = late.clip(lower=0).mask(changed, 0.0)

    worst, latest_change = over.groupby(station).max(), late.groupby(station).max()
    top = rows.assign(over=over, cap=cap).sort_values("over", kind="stable", na_position="first")
    top = top.drop_duplicates("subject_id", keep="last").set_index("subject_id")
    parts = {
        "value": unless_unknown(worst.clip(lower=0), worst > 0, over.notna().groupby(station).all()),
        "late_h": unless_unknown(latest_change, latest_change > 0, late.notna().groupby(station).all()),
        "price": top["price"], "cap": top["cap"],
    }  # fmt: skip
    return judged(frames, pd.DataFrame(parts, dtype="float64"))


NAMELESS_BULK_SALES = Indicator(
    "OIL-11", "散装汽油未实名", "Bulk petrol without ID", unit="%",
    per=Station, needs=(Station, BulkSale), compute=nameless_bulk_sales,
    inputs=(
        Input("nameless", "近30日未实名笔数", "Sales without ID, 30 days"), Input("sales", "近30日散装汽油销售笔数", "Bulk sales, 30 days"),
        Input("largest_l", "未实名单笔最大数量", "Largest sale without ID", "L"),
    ),
    levels=Levels(red=">= 10 % | largest_l > 50", orange="nameless >= 1"),
    basis=Basis("PRAC", "分级为经验值；散装汽油购销实名登记为公安机关规定（待核实）"), owner="GAJ", first_within="24h",
    formula=Text(
        "近30日未登记购买人证件的散装汽油销售笔数÷散装汽油销售笔数；未实名单笔超过50升的直接为红色",
        "Sales of petrol in cans without the buyer's ID ÷ all of them, 30 days; red as well where one of them is above 50 L",
    ),
    first_action=Text("会同公安机关核查流向，责令实名登记", "With the police find where it went; order sales to be registered"),
)  # fmt: skip

OVER_THE_CAP = Indicator(
    "OIL-14", "超最高零售价", "Above the price cap", unit="元/升",
    per=Station, needs=(Station, PricePost), registers=(PriceCap,), compute=over_the_cap,
    inputs=(
        Input("price", "零售价", "Price", "元/升"), Input("cap", "最高零售价", "Cap", "元/升"),
        Input("late_h", "调价后逾期未调整", "Unchanged after the round, overdue", "小时"),
    ),
    levels=Levels(red=Bound("> 0", "LAW"), yellow="late_h > 0"),
    basis=Basis("LAW", "《石油价格管理办法》：不得超过最高零售价（待核实）；调价后12小时为经验值"), owner="SCJG", first_within="3wd",
    formula=Text(
        "各油品零售价－最高零售价，取最大值，不高于为0；调价窗口24时起12小时仍未调整价格的为黄色",
        "Price − cap, the largest over the products, 0 where none is above; yellow where a price is unchanged 12 hours after a round "
        "took effect",
    ),
    first_action=Text("责令改正价格，退还多收价款", "Order the price to be corrected and the excess paid back"),
)  # fmt: skip
