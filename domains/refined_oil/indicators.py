"""What warns in the circulation of refined oil (domain-rules A.3.5). Each function: frames in, a value per station out.

A station that is closed for good (经营状态 关闭) is not judged. Rows dated after `on` were not there yet.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.refined_oil.records import Nozzle, Sampling, Station, Verification
from pilotwatch.domain import Basis, Indicator, Levels, Text
from pilotwatch.frames import Frames, days_to, latest, subjects, table, unless_unknown
from pilotwatch.records import Licence

_NOZZLE_FIELDS = ("nozzle_no", "verified_on", "verify_until", "error_pct", "repeat_pct")


def _of_stations(frames: Frames, values: pd.Series) -> pd.Series:
    """The values for every station, none for one that is closed for good."""
    status = subjects(frames, Station, "business_status")["business_status"]
    return values.reindex(status.index).mask(status.eq("关闭"))


def _nozzles(frames: Frames, on: date) -> pd.DataFrame:
    """The latest known verification of each nozzle, by the register of nozzles and by the verifications themselves.

    `verify_until` is what the certificate says, else 6 months after the verification, less a day.
    """
    rows = pd.concat([table(frames, record, *_NOZZLE_FIELDS) for record in (Nozzle, Verification)], ignore_index=True)
    rows["verify_until"] = rows["verify_until"].fillna(
        rows["verified_on"] + pd.DateOffset(months=6) - pd.Timedelta(days=1)
    )
    rows["verified_on"] = rows["verified_on"].fillna(rows["verify_until"] - pd.DateOffset(months=6))
    rows = rows[~(rows["verified_on"] > pd.Timestamp(on))]
    rows["nozzle_no"] = rows["nozzle_no"].str.lstrip("0")  # 枪号 01 and 1 are one nozzle
    return latest(rows, "verified_on", "subject_id", "nozzle_no")


def verification_due(frames: Frames, on: date) -> pd.Series:
    """OIL-05: days until the first nozzle's verification runs out; NaN for a station without a known nozzle, or with
    a nozzle whose date is unknown unless another is due within 30 days.
    """
    nozzles = _nozzles(frames, on)
    left = days_to(nozzles["verify_until"], on).groupby(nozzles["subject_id"])
    first = left.min()
    return _of_stations(frames, unless_unknown(first, first <= 30, left.count() == left.size()))


def nozzle_error(frames: Frames, on: date) -> pd.Series:
    """OIL-06: the largest error of a nozzle in %, signless, by its latest verification.

    A repeatability beyond its limit of 0.10 % counts as the error of the same excess: 3 × repeatability (0.12 → 0.36).
    """
    nozzles = _nozzles(frames, on)
    error, repeat = nozzles["error_pct"].abs(), nozzles["repeat_pct"]
    worse = pd.concat([error, (3 * repeat).where(repeat > 0.10)], axis=1).max(axis=1)
    known = error.notna() & repeat.notna()
    station = nozzles["subject_id"]
    worst = worse.groupby(station).max()
    return _of_stations(frames, unless_unknown(worst, worst >= 0.15, known.groupby(station).all()))


#: Items of which one failure is red: sulphur (not mercaptan), flash point, octane, cetane.
_GRAVE = r"(?<!醇)硫(?!醇)|闪点|辛烷|十六烷"


def failed_samples(frames: Frames, on: date) -> pd.Series:
    """OIL-07: 2 where a sample of the last 12 months failed in sulphur, flash point, octane or cetane, 1 where one
    failed in another item or in one not named, 0 where all passed, NaN where none was taken.
    """
    rows = table(frames, Sampling, "sampled_on", "reported_on", "result", "failed_items")
    known = rows["reported_on"].fillna(rows["sampled_on"]) <= pd.Timestamp(on)
    recent = rows["sampled_on"] > pd.Timestamp(on) - pd.DateOffset(months=12)
    rows = rows[known & recent & rows["result"].notna()]
    failed = rows["result"].eq("不合格")
    grave = failed & rows["failed_items"].str.contains(_GRAVE, na=False)
    score = failed.astype("float64") + grave.astype("float64")
    return _of_stations(frames, score.groupby(rows["subject_id"]).max())


#: Licence kind → (field of the station, days before expiry at which the renewal is due by law, days of the reminder).
LEAD_DAYS = {
    "成品油零售经营批准证书": ("retail_licence_until", 30, 90),
    "危险化学品经营许可证": ("hazchem_licence_until", 90, 150),
    "排污许可证": ("discharge_permit_until", 60, 120),
    "防雷检测报告": ("lightning_report_until", 7, 30),
}


def licences_due(frames: Frames, on: date) -> pd.Series:
    """OIL-09: how near the first of four licences is to its end, on one scale for all four.

    The scale runs straight between: below 0 expired (days, negative), 0 the last day, 1 the legal lead time of a
    renewal, 2 the reminder. So a hazardous-chemical licence with 90 days left and a retail licence with 30 are both 1.
    A later date in the register of licences replaces the station's own. NaN where a licence's date is unknown, unless
    another one already warns.
    """
    stations = subjects(frames, Station, *(field for field, *_ in LEAD_DAYS.values()))
    licences = table(frames, Licence, "kind", "valid_from", "valid_until")
    licences = licences[~(licences["valid_from"] > pd.Timestamp(on))]
    nearness = pd.DataFrame(index=stations.index)
    for kind, (field, lead, reminder) in LEAD_DAYS.items():
        listed = licences[licences["kind"] == kind].groupby("subject_id")["valid_until"].max().reindex(stations.index)
        left = days_to(pd.concat([stations[field], listed], axis=1).max(axis=1), on)
        inside = (left / lead).where(left > 0, left)
        nearness[kind] = inside.where(left <= lead, 1 + (left - lead) / (reminder - lead))
    first = nearness.min(axis=1)
    return _of_stations(frames, unless_unknown(first, first <= 2, nearness.notna().all(axis=1)))


INDICATORS = (
    Indicator(
        "OIL-05", "加油机检定到期", "Dispenser verification due",
        per=Station, needs=(Station, Nozzle, Verification), compute=verification_due, unit="天",
        levels=Levels(red="< 0", orange="<= 7", yellow="<= 30"),
        basis=Basis("STD", "JJG 443-2023：加油机检定周期不超过6个月；提前7日、30日为经验值"), owner="SCJG",
        formula=Text(
            "全站各加油枪检定有效期至（无则检定日期＋6个月－1天）距今天数的最小值",
            "Days to the end of verification, smallest of the station's nozzles (where not stated: verified on + 6 months − 1 day)",
        ),
        first_action=Text("停用逾期加油枪，责令送检", "Stop the nozzle that is overdue and have it verified"),
    ),
    Indicator(
        "OIL-06", "示值误差", "Dispenser error",
        per=Station, needs=(Station, Nozzle, Verification), compute=nozzle_error, unit="%",
        levels=Levels(red="> 0.30", orange=">= 0.20", yellow=">= 0.15"),
        basis=Basis("STD", "JJG 443-2023：最大允许误差±0.30%，重复性不超过0.10%；0.20%、0.15%为经验值"), owner="SCJG",
        formula=Text(
            "各枪最近一次检定示值误差绝对值的最大值；重复性超过0.10%的，按其3倍折算",
            "Largest absolute error of the nozzles' latest verifications; a repeatability above 0.10 % counts threefold",
        ),
        first_action=Text("封存加油枪，重新检定，核查计量作弊线索", "Seal the nozzle, verify it again, look for tampering"),
    ),
    Indicator(
        "OIL-07", "油品抽检不合格", "Failed fuel samples",
        per=Station, needs=(Station, Sampling), compute=failed_samples,
        levels=Levels(red=">= 2", orange=">= 1"),
        basis=Basis("STD", "GB 17930-2016、GB 19147-2016；《产品质量法》"), owner="SCJG",
        formula=Text(
            "近12个月抽检：硫含量、闪点、辛烷值、十六烷值任一不合格记2，其他项目不合格记1，全部合格记0",
            "Samples of 12 months: 2 for a failure in sulphur, flash point, octane or cetane, 1 in another item, 0 if all passed",
        ),
        first_action=Text("封存库存，追溯来源，告知复检权利", "Seal the stock, trace the source, tell of the right to a re-test"),
    ),
    Indicator(
        "OIL-09", "证照到期", "Licences running out",
        per=Station, needs=(Station, Licence), compute=licences_due,
        levels=Levels(red="< 0", orange="<= 1", yellow="<= 2"),
        basis=Basis("LAW", "换证提前期：危化证90日、零售证书30日、排污许可60日、防雷检测7日；提示期150、90、120、30日为经验值"),
        owner="SWJ",
        formula=Text(
            "四类证照中最近到期者的程度：已过期为负的天数，到期当日为0，法定换证提前期为1，提示期为2，其间按天数折算；"
            "零售证书30/90日、危化证90/150日、排污许可60/120日、防雷检测7/30日",
            "Nearness of the first of four licences to its end: expired = days, negative; 0 = last day, 1 = legal renewal lead "
            "time, 2 = reminder, straight between; retail 30/90 days, hazardous chemicals 90/150, discharge 60/120, lightning 7/30",
        ),
        first_action=Text("黄色提醒换证，红色责令停止经营", "Yellow: remind of the renewal; red: stop the business"),
    ),
)  # fmt: skip
