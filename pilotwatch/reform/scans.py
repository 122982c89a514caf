"""Whether a visit is scanned in, and what the enterprise says of it (REF-09, REF-14)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotwatch.domain import Basis, Input, Levels, Measure, Text
from pilotwatch.frames import Frames, events, joinable, once, table
from pilotwatch.records import Inspection, ScanIn
from pilotwatch.reform.common import visits

SATISFIED = 4  # a rating from here on, of five


def scanned(frames: Frames, on: date) -> pd.DataFrame:
    """REF-09: whether each visit that needs it was scanned in not later than it began.

    The scan is the row of the scan's own list, or the moment the visit's row says; a visit with a reason not to scan
    needs none. Where no hour is known of the beginning, the day must agree.
    """
    rows = _with_scans(frames, on)
    rows = rows[rows["exempt_reason"].isna()]
    began = rows["scan_in_at"].fillna(rows["day"] + pd.Timedelta(days=1))
    at = rows["scanned_at"].fillna(rows["scan_in_at"])
    return events(rows, rows["day"], at.notna() & ~(at > began))


def satisfied(frames: Frames, on: date) -> pd.DataFrame:
    """REF-14a: whether each rating is a good one."""
    rows = _with_scans(frames, on)
    rows = rows[rows["rated"].notna()]
    return events(rows, rows["day"], rows["rated"] >= SATISFIED)


def rated(frames: Frames, on: date) -> pd.DataFrame:
    """REF-14b: whether each visit was rated."""
    rows = _with_scans(frames, on)
    return events(rows, rows["day"], rows["rated"].notna())


def _with_scans(frames: Frames, on: date) -> pd.DataFrame:
    return once(frames, _scans, on)


def _scans(frames: Frames, on: date) -> pd.DataFrame:
    """The visits with when they were scanned in (`scanned_at`) and how they were `rated`, by the scans of their number."""
    scans = table(frames, ScanIn, "scan_id", "scan_in_at", "rating")
    scans = scans[scans["scan_in_at"] < pd.Timestamp(on) + pd.Timedelta(days=1)]
    scans = scans.rename(columns={"scan_in_at": "scanned_at", "rating": "scan_rating"})
    key = ["subject_id", "scan_id"]
    rows = joinable(visits(frames, on)).merge(joinable(scans.drop_duplicates(key)), on=key, how="left")
    return rows.assign(rated=rows["rating"].fillna(rows["scan_rating"]))


SCANNED = Measure(
    "REF-09", "扫码入企率", "Scanned in", needs=(Inspection, ScanIn), compute=scanned, owner="SFJ",
    numerator=Input("scanned", "按时扫码的户次", "Visits scanned in time"), denominator=Input("needed", "应扫码的户次", "Visits that need it"),
    levels=Levels(red="< 80 %", orange="< 95 %", yellow="< 100 %"), basis=Basis("PRAC", "目标100%；分级为经验值"),
    formula=Text("进入前已扫码的入企户次 ÷ 应扫码的入企户次（有免扫码原因的除外）", "Visits scanned in not later than they began ÷ visits that need it (those with a reason are left out)"),
    first_action=Text("向检查部门核实未扫码原因，第二次起提示", "Ask the department why; warn it from the second time on"), reference=Text("100%", "100 %"),
)  # fmt: skip

CONTENT = Measure(
    "REF-14a", "企业评价满意率", "Satisfied", needs=(Inspection, ScanIn), compute=satisfied, owner="SFJ",
    numerator=Input("satisfied", "满意评价", "Good ratings"), denominator=Input("rated", "收到的评价", "Ratings"),
    levels=Levels(yellow="< 95 %"), basis=Basis("PRAC", "目标95%；4分及以上为满意"),
    formula=Text(f"{SATISFIED}分及以上的评价 ÷ 全部评价", f"Ratings of {SATISFIED} and more ÷ ratings"),
    first_action=Text("回访不满意的企业，评价人对被评部门保密", "Call the enterprises back; who rated stays hidden from the department"),
    reference=Text("不低于95%", "95 %"),
)  # fmt: skip

ANSWERED = Measure(
    "REF-14b", "企业评价回收率", "Ratings returned", needs=(Inspection, ScanIn), compute=rated, owner="SFJ",
    numerator=Input("rated", "有评价的户次", "Visits rated"), denominator=Input("visits", "入企检查户次", "Visits"),
    levels=Levels(yellow="< 50 %"), basis=Basis("PRAC", "目标50%"),
    formula=Text("有评价的户次 ÷ 入企检查户次", "Visits rated ÷ visits"),
    first_action=Text("离开时提醒企业扫码评价", "Remind the enterprise to rate as the team leaves"), reference=Text("不低于50%", "50 %"),
)  # fmt: skip
