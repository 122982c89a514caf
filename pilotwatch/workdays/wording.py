"""How a count is told: days grouped by their reason, and what a doubtful due date rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from pilotwatch.domain import Text
from pilotwatch.workdays.calendar import Calendar, Day


def doubt(calendar: Calendar, seen: Sequence[Day], other: date | None) -> Text:
    """What is missing that could move a due date, and which date it would then be."""
    missing = [
        Text(f"{year}年{region.title.zh}放假通知（{'、'.join(gone)}）", f"the notice of {region.title.en} for {year} ({', '.join(map(region.english, gone))})")
        for year in sorted({d.day.year for d in seen if not d.settled})
        for region in calendar.regions
        if (gone := calendar.missing(region, year))
    ]  # fmt: skip
    unattested = [d.pending for d in seen if d.pending]
    return joined(
        Text(
            "待确认：{missing}尚未录入，期间可能另有放假日或上班日。请管理员在“设置 · 工作日历”录入通知后重新计算。",
            "To be confirmed: {missing} is not entered, and there may be more days off or worked. Ask the administrator to "
            "enter it in Settings, then count again.",
        ).format(missing=Text("、".join(m.zh for m in missing), " and ".join(m.en for m in missing)))
        if missing
        else None,
        listed(
            Text("另有未核实的记载，未计入：{days}。", "Told of but not attested, so not counted: {days}."),
            [(e.day, calendar.says(e)) for e in unattested],
        ),
        Text("如属实，到期日为{other}。", "If it is so, the due date is {other}.").format(other=other)
        if other
        else None,
    )


def listed(template: Text, days: Sequence[tuple[date, Text]]) -> Text | None:
    """Days grouped by their reason, consecutive ones as a range; None where there are none."""
    if not days:
        return None
    reasons = {why.zh: why for _, why in days}
    groups = {zh: _ranges([d for d, why in days if why.zh == zh]) for zh in reasons}
    return template.format(
        days=Text(
            "；".join(f"{why.zh} {'、'.join('至'.join(r) for r in groups[zh])}" for zh, why in reasons.items()),
            "; ".join(f"{why.en} {', '.join(' to '.join(r) for r in groups[zh])}" for zh, why in reasons.items()),
        )
    )


def _ranges(days: Sequence[date]) -> list[tuple[str, ...]]:
    """Sorted days as ranges: ("2025-06-06", "2025-06-10"), or ("2025-06-02",) for a day alone."""
    runs = [[d for _, d in run] for _, run in groupby(enumerate(days), lambda nd: nd[1] - timedelta(nd[0]))]
    return [(str(r[0]),) if len(r) == 1 else (str(r[0]), str(r[-1])) for r in runs]


def reasons(days: Sequence[Day]) -> list[tuple[date, Text]]:
    return [(d.day, d.why) for d in days if d.why]


def joined(*parts: Text | None) -> Text:
    said = [p for p in parts if p]
    return Text("".join(p.zh for p in said), " ".join(p.en for p in said))
