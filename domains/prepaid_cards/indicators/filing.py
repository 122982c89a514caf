"""The duties towards the authority: to file and to report (PPC-05, 06)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domains.prepaid_cards.indicators.common import (
    ORDER_9,
    ended_quarters,
    is_bound,
    named_in,
    only_where,
    order_expired,
    reports_of,
    tomorrow,
)
from domains.prepaid_cards.records import Filing, Issuer, QuarterReport
from pilotwatch.domain import Basis, Bound, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, days_to, subjects, table, working_days
from pilotwatch.records import OrderToCorrect
from pilotwatch.workdays import Calendar
from pilotwatch.workdays.arrays import due_dates, working_days_between

#: The limit of a quarterly report, counted from the quarter's end (Order 9 art. 31).
REPORT_LIMIT = {"scale": "15wd", "group": "20wd", "brand": "20wd"}

_EARLIER = 2  # quarters looked at: the last one, and the one before while the last isn't due yet


def days_unfiled(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-05: natural days since the first sale without a filing; 0 for an issuer that has filed.

    NaN where the first sale is unknown, and for issuers that Order 9 doesn't bind.
    """
    issuers = subjects(frames, Issuer, "issuer_type", "filing_no", "filed_on", "first_sale_on")
    filed = _filings(frames, on, issuers)["filed"]
    days = (-days_to(issuers["first_sale_on"], on)).clip(lower=0)
    found = pd.DataFrame({
        "value": days.mask(filed, 0),
        "order_expired": order_expired(frames, on, "备案", issuers.index).mask(filed, 0),
    })  # fmt: skip
    return only_where(is_bound(issuers), found)


def _filings(frames: Frames, on: date, issuers: pd.DataFrame) -> pd.DataFrame:
    """Whether each issuer has `filed`, and `since` when (NaT: unknown), by its list or by an act of filing."""
    acts = table(frames, Filing, "kind", "filed_on")
    acts = acts[(acts["kind"] != "注销") & (acts["filed_on"] < tomorrow(on))]
    listed = issuers["filing_no"].notna() & ~(issuers["filed_on"] >= tomorrow(on))
    first = acts.groupby("subject_id")["filed_on"].min().reindex(issuers.index)
    return pd.DataFrame({"filed": listed | first.notna(), "since": issuers["filed_on"].where(listed).fillna(first)})


def reports_late(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-06: working days since the limit of the report that has been missing longest; 0 where none is.

    Looked at are the last two quarters, of the type `other` the last year (its fourth quarter), as far as the issuer had
    filed by their end. NaN for issuers that haven't filed, that Order 9 doesn't bind, or of which no report ever came
    in: there the reports may not have been handed on. NaN too where the calendar of the days counted isn't known.
    """
    issuers = subjects(frames, Issuer, "issuer_type", "filing_no", "filed_on")
    quarters = ended_quarters(on, 5)
    yearly = next(q for q in quarters if q.endswith("Q4"))
    slots = [dict.fromkeys(REPORT_LIMIT, q) for q in quarters[:_EARLIER]]
    slots[0]["other"] = yearly
    came = table(frames, QuarterReport, "submitted_on")
    heard = named_in(issuers.index, came.loc[~(came["submitted_on"] >= tomorrow(on)), "subject_id"])
    reports = reports_of(frames, on, quarters)
    filings = _filings(frames, on, issuers)
    late, left, pending = [], [], []
    for slot in slots:
        missing = _owed(issuers, filings["since"], slot) & ~_reported(reports, issuers, slot)
        counted = _counted(working_days(frames), on, slot)
        late.append(issuers["issuer_type"].map(counted["late"]).astype("float64").where(missing, 0))
        left.append(issuers["issuer_type"].map(counted["left"]).astype("float64").where(missing))
        pending.append(missing.astype("float64"))
    found = pd.DataFrame({
        "value": pd.concat(late, axis=1).max(axis=1, skipna=False),
        "pending": sum(pending),
        "left": pd.concat(left, axis=1).min(axis=1),
    })  # fmt: skip
    judged = is_bound(issuers) & filings["filed"] & (heard | (found["pending"] == 0))
    return only_where(judged, found)


def _owed(issuers: pd.DataFrame, filed_since: pd.Series, slot: dict[str, str]) -> pd.Series:
    """Whether the type owes the report and the issuer had filed by the quarter's end (a day unknown: long since)."""
    quarter = issuers["issuer_type"].map(slot)
    ends = pd.to_datetime(quarter.map({q: _end(q) for q in set(slot.values())}))
    return quarter.notna() & ~(filed_since > ends)


def _reported(reports: pd.DataFrame, issuers: pd.DataFrame, slot: dict[str, str]) -> pd.Series:
    """Whether the report of the quarter that its type owes came in."""
    reported = pd.Series(False, index=issuers.index)
    for kind, quarter in slot.items():
        here = named_in(issuers.index, reports.loc[reports["quarter"] == quarter, "subject_id"])
        reported |= here & issuers["issuer_type"].eq(kind)
    return reported


def _counted(calendar: Calendar, on: date, slot: dict[str, str]) -> pd.DataFrame:
    """By type: working days that the report is late (`late`), or still has (`left`); NaN where the calendar ends."""
    due = {
        kind: due_dates(calendar, [_end(quarter)], REPORT_LIMIT[kind]).due[0]
        if kind in REPORT_LIMIT
        else np.datetime64(f"{int(quarter[:4]) + 1}-01-31")
        for kind, quarter in slot.items()
    }
    days = working_days_between(calendar, list(due.values()), [np.datetime64(on)] * len(due))
    return pd.DataFrame({"late": days.clip(min=0), "left": (-days).clip(min=0)}, index=list(due))


def _end(quarter: str) -> np.datetime64:
    return np.datetime64(pd.Period(quarter, "Q").end_time.date(), "D")


UNFILED = Indicator(
    "PPC-05", "超期未备案", "Not filed in time",
    per=Issuer, needs=(Issuer, Filing, OrderToCorrect), compute=days_unfiled, unit="天",
    levels=Levels(red="> 60 | order_expired >= 1", orange=Bound("> 30", "LAW"), yellow="> 20"),
    basis=Basis("LAW", f"{ORDER_9}第七条（30日内备案）、第三十六条（责令改正，逾期罚款）；超过30日为法定，20日、60日为经验值"),
    owner="SWJ", first_within="15d",
    formula=Text(
        "首次售卡后尚未备案的自然日数，已备案的为0；责令备案到期未改的为红色；不适用9号令的不评价",
        "Natural days since the first sale without a filing, 0 once filed; red where an order to file has run out; not judged outside Order 9",
    ),
    first_action=Text(
        "由备案机关（集团、品牌：自治区商务厅；规模：市商务局；其他：区县商务局）通知备案，15日内办理",
        "The filing authority (group, brand: region; scale: city; other: district) gives notice to file within 15 days",
    ),
    inputs=(Input("order_expired", "责令备案到期未改（1为是）", "An order to file has run out (1: yes)"),),
)  # fmt: skip

REPORTS = Indicator(
    "PPC-06", "季报逾期", "Quarterly report late",
    per=Issuer, needs=(Issuer, Filing, QuarterReport), compute=reports_late, unit="工作日",
    levels=Levels(red="> 20", orange="> 5", yellow=Bound("> 0", "LAW"), blue="pending >= 1 & left <= 5"),
    basis=Basis("LAW", f"{ORDER_9}第三十一条；规模企业15个工作日、其他企业次年1月31日待核实；逾期即违法，5日、20日的分级为经验值"),
    owner="SWJ", first_within="10wd",
    formula=Text(
        "应报未报的季度报告超过报送期限的工作日数（取最长者）；期限：规模为季度终了后15个工作日，集团、品牌20个工作日，其他类型为次年1月31日报年报",
        "Working days that a missing report is past its limit, the longest: scale 15 working days after the quarter, group and brand 20; "
        "the others report by the year, by 31 January",
    ),
    first_action=Text("提醒报送，仍不报送的责令10个工作日内改正", "Remind; where that doesn't help, order to report within 10 working days"),
    inputs=(
        Input("pending", "应报未报期数", "Reports missing", "期"), Input("left", "距报送期限", "Left until the limit", "工作日"),
    ),
)  # fmt: skip
