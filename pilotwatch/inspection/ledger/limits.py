"""What the guard against repeat visits allows: its limits in one table, each with where it is from (all practice, PRAC)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pilotwatch.domain import Text
from pilotwatch.reform.visits import APART, CAP

#: `stop`: not without a person's leave; `reason`: only with a reason that is kept; `note`: worth knowing.
Severity = Literal["stop", "reason", "note"]


@dataclass(frozen=True)
class Limit:
    """`most` planned visits within so many `days` (0: counted otherwise, see `title`)."""

    code: str
    severity: Severity
    most: int
    days: int
    title: Text
    basis: Text


_CHENGDU = Text("成都“一码检查”做法（经验值）", "After Chengdu's check code (practice)")
_POLICY = Text("国办发〔2024〕54号，数值为经验值", "State Council Office 2024 No. 54; the number is practice")
_HAINAN = Text("海南预警模型，REF-07（经验值）", "Hainan's model, REF-07 (practice)")

LIMITS: dict[str, Limit] = {
    limit.code: limit
    for limit in (
        Limit("day", "stop", 1, 1, Text("同一对象一天超过1次", "More than one on a day"), _CHENGDU),
        Limit("week", "stop", 2, 7, Text("同一对象7天内超过2次", "More than two within 7 days"), _CHENGDU),
        Limit("month", "stop", 3, 30, Text("同一对象30天内超过3次", "More than three within 30 days"), _CHENGDU),
        Limit("cap", "stop", CAP, 0, Text(f"本年度计划检查超过{CAP}次", f"More than {CAP} planned visits in the year"), _POLICY),
        Limit(
            "item", "stop", 1, 365,
            Text("同一部门同一事项12个月内再次检查", "The same matter by the same department within 12 months"), _HAINAN,
        ),
        Limit(
            "recognised", "stop", 0, 180,
            Text("其他部门180天内已检查同一事项，结果应互认", "Another department checked the matter within 180 days: its result stands"),
            _POLICY,
        ),
        Limit(
            "low_yield", "reason", 3, 365,
            Text("同一部门12个月内连续3次未发现问题", "Three visits of the department in 12 months found nothing"), _CHENGDU,
        ),
        Limit("sixty", "note", 1, APART, Text(f"距上次计划检查不足{APART}天", f"Less than {APART} days after the last planned visit"), _HAINAN),
    )
}  # fmt: skip

#: Those about how close visits are to each other: what the day of a visit decides.
CROWDS = ("day", "week", "month")
