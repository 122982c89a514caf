"""Who may sell: licences that run out, names and marks that don't fit, points without any licence (OIL-09, 10, 16)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domains.refined_oil.indicators.common import judged, lately, only, rows_of
from domains.refined_oil.records import Station, UnlicensedPoint
from pilotwatch.domain import Basis, Bound, Indicator, Input, Levels, Text, Version
from pilotwatch.frames import Frames, days_to, latest, subjects, table
from pilotwatch.records import Clue, Complaint, Licence, OrderToCorrect

RETAIL = "成品油零售经营批准证书"

#: Input of the indicator → kind of licence, field of the station.
_LICENCES = {
    "retail": (RETAIL, "retail_licence_until"),
    "hazchem": ("危险化学品经营许可证", "hazchem_licence_until"),
    "discharge": ("排污许可证", "discharge_permit_until"),
    "lightning": ("防雷检测报告", "lightning_report_until"),
}

#: Weights of what speaks for an unlicensed point, and the most that each kind gives (PRAC).
A_REPORT, REPORTS = 15, 45
A_STOP, STOPS = 10, 30
CHEAP = ((0.5, 25), (0.2, 15))  # yuan below the cap, at least → points
_REPORT_DAYS = 90

#: What an order to correct the name or the marks speaks of.
_SIGNS = "罩棚|招牌|标识|标注|站名"


def licences_due(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-09: days to the end of each of four licences, below 0 where it has run out; the value is the smallest.

    A later date in the register of licences replaces the station's own. `unlicensed`: the list says there is none.
    """
    listed = subjects(frames, Station, "business_status", *(field for _, field in _LICENCES.values()))
    rows = table(frames, Licence, "kind", "valid_from", "valid_until")
    rows = rows[~(rows["valid_from"] > pd.Timestamp(on))]
    found = pd.DataFrame(index=listed.index)
    for name, (kind, field) in _LICENCES.items():
        until = rows[rows["kind"] == kind].groupby("subject_id")["valid_until"].max().reindex(listed.index)
        found[name] = days_to(pd.concat([listed[field], until], axis=1).max(axis=1), on)
    found.insert(0, "value", found.min(axis=1))
    return judged(frames, found.assign(unlicensed=listed["business_status"].eq("未许可").astype("float64")))


def signs_that_differ(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-16: how much is wrong of two things, the name on the canopy and the marks of the products.

    The name is held against that on the newest retail licence, else against the station's. NaN where the canopy isn't
    known and no mark was found missing. `overdue`: orders to correct it that ran out undone.
    """
    listed = subjects(frames, Station, "name", "canopy_name", "product_marked")
    rows = table(frames, Licence, "kind", "name", "valid_from")
    rows = rows[(rows["kind"] == RETAIL) & rows["name"].notna() & ~(rows["valid_from"] > pd.Timestamp(on))]
    licensed = latest(rows, "valid_from", "subject_id").set_index("subject_id")["name"].reindex(listed.index)
    canopy, name = _plain(listed["canopy_name"]), _plain(licensed.fillna(listed["name"]))
    known = canopy.notna() & name.notna()
    unmarked = listed["product_marked"].eq(False).fillna(False).astype("float64")
    differs = (canopy != name).astype("float64").where(known)
    value = (differs.fillna(0.0) + unmarked).where(known | (unmarked > 0))
    orders = table(frames, OrderToCorrect, "problem", "issued_on", "due_on", "done_on")
    about = orders["problem"].str.contains(_SIGNS, na=False)
    undone = (orders["due_on"] < pd.Timestamp(on)) & ~(orders["done_on"] <= pd.Timestamp(on))
    overdue = orders[about & undone].groupby("subject_id").size().reindex(listed.index, fill_value=0)
    parts = {"value": value, "differs": differs, "unmarked": unmarked, "overdue": overdue}
    return judged(frames, pd.DataFrame(parts, listed.index, dtype="float64"))


def _plain(names: pd.Series) -> pd.Series:
    """Names without blanks, brackets in one width: 新疆 (某某) and 新疆（某某） are one name."""
    widths = str.maketrans({"(": "（", ")": "）", " ": "", "\u3000": ""})
    return names.str.translate(widths)


def unlicensed_points(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-10: the score of what speaks for it, 0 to 100: reports of 90 days, tank trucks that stop there, a price far
    below the cap. What isn't known gives no points; NaN where nothing at all is known, or the point is closed down.
    """
    fields = ("found_on", "truck_stops", "price", "cap", "verdict", "verified_on", "closed_on")
    points = subjects(frames, UnlicensedPoint, *fields)
    day = pd.Timestamp(on)
    reports = _reports(frames, points.index, on)
    cheaper = (points["cap"] - points["price"]).round(4)
    cheap = np.select([cheaper >= bound for bound, _ in CHEAP], [score for _, score in CHEAP], 0)
    score = (
        (reports * A_REPORT).clip(upper=REPORTS) + (points["truck_stops"].fillna(0) * A_STOP).clip(upper=STOPS) + cheap
    )
    verified = points["verdict"].where(~(points["verified_on"] > day))
    confirmed = verified.eq("属实")
    known = (reports > 0) | points["truck_stops"].notna() | cheaper.notna() | verified.isin(["属实", "不属实"])
    parts = {
        "value": score.mask(verified.eq("不属实"), 0.0).where(known), "confirmed": confirmed, "reports": reports,
        "stops": points["truck_stops"], "cheaper": cheaper,
    }  # fmt: skip
    there = (points["found_on"] <= day) & ~(points["closed_on"] <= day)
    return only(pd.DataFrame(parts, points.index, dtype="float64"), there)


def _reports(frames: Frames, points: pd.Index, on: date) -> pd.Series:
    """How many complaints and clues there are about each point; a clue that passes on a complaint counts with it."""
    complaints = table(frames, Complaint, "ref_no", "received_at")
    clues = table(frames, Clue, "channel_ref_no", "received_at")
    complaints, clues = (f[rows_of(points, f["subject_id"]) >= 0] for f in (complaints, clues))
    clues = clues[~clues["channel_ref_no"].isin(complaints["ref_no"].dropna())]
    rows = pd.concat([complaints, clues], ignore_index=True)
    recent = rows[lately(rows["received_at"], on, _REPORT_DAYS)]
    return recent.groupby("subject_id").size().reindex(points, fill_value=0)


_DUE = Levels(
    red=Bound("retail < 0 | hazchem < 0 | discharge < 0 | lightning < 0 | unlicensed >= 1", "LAW"),
    orange=Bound("retail <= 30 | hazchem <= 90 | discharge <= 60 | lightning <= 7", "LAW"),
    yellow="retail <= 90 | hazchem <= 150 | discharge <= 120 | lightning <= 30",
)
_LEAD = "换证提前期：零售证书30日、危化证90日、排污许可60日、防雷检测7日（待核实）；提示期90、150、120、30日为经验值"
_OLD_HAZCHEM = "《危险化学品安全管理条例》"
_HAZCHEM = "《危险化学品安全法》（2026年5月1日起施行）"
_CIRCULATION = "《成品油流通管理办法》（商务部令2025年第4号）"
_NEW_LAW = date(2026, 5, 1)
_NEW_ORDER = date(2025, 9, 1)

LICENCES_DUE = Indicator(
    "OIL-09", "证照到期", "Licences running out", unit="天",
    per=Station, needs=(Station, Licence), compute=licences_due,
    inputs=(
        Input("retail", "成品油零售经营批准证书", "Retail licence", "天"), Input("hazchem", "危险化学品经营许可证", "Hazardous-chemical licence", "天"),
        Input("discharge", "排污许可证", "Discharge permit", "天"), Input("lightning", "防雷检测报告", "Lightning report", "天"),
        Input("unlicensed", "名录标注未许可（是为1）", "Listed as unlicensed (1: yes)"),
    ),
    levels=_DUE, basis=Basis("LAW", f"{_CIRCULATION}；{_HAZCHEM}；{_LEAD}"), owner="SWJ",
    versions=(
        Version(_DUE, Basis("LAW", f"{_OLD_HAZCHEM}；自治区有关规定；{_LEAD}"), until=date(2025, 8, 31), name="商务部令2025年第4号施行前"),
        Version(_DUE, Basis("LAW", f"{_CIRCULATION}；{_OLD_HAZCHEM}；{_LEAD}"), _NEW_ORDER, date(2026, 4, 30), "商务部令2025年第4号"),
        Version(_DUE, Basis("LAW", f"{_CIRCULATION}；{_HAZCHEM}；{_LEAD}"), _NEW_LAW, name="危险化学品安全法"),
    ),
    formula=Text(
        "四类证照有效期至距今天数，取最小值；红色：任一已过期或名录标注未许可；橙色：零售证书≤30日、危化证≤90日、排污许可≤60日、"
        "防雷检测≤7日；黄色：分别≤90、150、120、30日",
        "Days to the end of four licences, the smallest; red: one has run out or the list says unlicensed; orange: retail ≤ 30 "
        "days, hazardous chemicals ≤ 90, discharge ≤ 60, lightning ≤ 7; yellow: ≤ 90, 150, 120, 30",
    ),
    first_action=Text("黄色提醒换证，红色责令停止经营", "Yellow: remind of the renewal; red: stop the business"),
)  # fmt: skip

_POINT = Levels(red=Bound("confirmed >= 1", "LAW"), orange=">= 60", yellow=">= 30")
_SCORE = "无证无照经营查处办法；线索评分为经验值"

UNLICENSED_POINTS = Indicator(
    "OIL-10", "无证经营/黑加油点", "Unlicensed points", unit="分",
    per=UnlicensedPoint, needs=(UnlicensedPoint, Complaint, Clue), compute=unlicensed_points,
    inputs=(
        Input("confirmed", "核实属实（是为1）", "Confirmed (1: yes)"), Input("reports", "近90日投诉举报和线索", "Complaints and clues, 90 days"),
        Input("stops", "近30日罐车停靠次数", "Tank trucks stopping, 30 days"), Input("cheaper", "低于最高零售价", "Below the cap", "元/升"),
    ),
    levels=_POINT, basis=Basis("LAW", f"《危险化学品安全法》第一百条（2026年5月1日起施行，待核实）；{_SCORE}"),
    owner="GAJ", first_within="24h",
    versions=(
        Version(_POINT, Basis("LAW", f"《危险化学品安全管理条例》第七十七条；{_SCORE}"), until=date(2026, 4, 30), name="危险化学品安全管理条例"),
        Version(_POINT, Basis("LAW", f"《危险化学品安全法》第一百条（待核实）；{_SCORE}"), _NEW_LAW, name="危险化学品安全法"),
    ),
    formula=Text(
        "经核实属实且未取缔的为红色；否则按线索评分：近90日投诉举报和线索每件15分（至多45分）＋近30日罐车停靠每次10分（至多30分）"
        "＋低于最高零售价0.2元/升15分、0.5元/升25分；未知项不计分",
        "Red where confirmed and not closed down; else by score: complaints and clues of 90 days 15 each (at most 45) + tank trucks "
        "stopping in 30 days 10 each (at most 30) + 15 for 0.2 yuan/L below the cap, 25 for 0.5; what isn't known gives none",
    ),
    first_action=Text("公安、应急、商务、街道当日联合查处", "Joint action of police, emergency management, commerce and street the same day"),
)  # fmt: skip

_SIGNS_BASIS = Basis("LAW", f"{_CIRCULATION}：罩棚标注名称与批准证书一致，标明油品品种牌号（条文待核实）")
_SIGNS_LEVELS = Levels(red=Bound("overdue >= 1", "LAW"), orange=Bound(">= 1", "LAW"))

SIGNS_THAT_DIFFER = Indicator(
    "OIL-16", "罩棚/证照不符", "Canopy and licence differ", unit="项",
    per=Station, needs=(Station, Licence, OrderToCorrect), compute=signs_that_differ,
    inputs=(
        Input("differs", "罩棚名称不符（是为1）", "The canopy's name differs (1: yes)"), Input("unmarked", "油品标识缺失（是为1）", "Marks missing (1: yes)"),
        Input("overdue", "逾期未改正的责令改正", "Orders to correct it, overdue"),
    ),
    levels=_SIGNS_LEVELS, basis=_SIGNS_BASIS, owner="SWJ", first_within="3wd",
    versions=(Version(_SIGNS_LEVELS, _SIGNS_BASIS, since=_NEW_ORDER, name="商务部令2025年第4号"),),
    formula=Text(
        "不符项数：罩棚标注名称与零售证书（无则名录）名称不一致、油品品种牌号标识缺失（以检查上报为准）；责令改正逾期未改的为红色",
        "What is wrong: the canopy's name isn't that on the retail licence (else in the list), marks of the products are missing "
        "(where a check said so); red where an order to correct it ran out undone",
    ),
    first_action=Text("责令限期改正罩棚名称和油品标识", "Order the name and the marks to be corrected"),
)  # fmt: skip
