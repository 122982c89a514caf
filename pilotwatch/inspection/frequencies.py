"""How often a department checks whom: ratios and caps by credit × risk class, and the rules around them (domain-rules C.3).

All of it is practice (PRAC) until Urumqi publishes its own: data, which the city office may set for all departments or for
one and for a year, never code. A law's own interval stands in the domain (`Stake.visit_within`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pilotwatch.domain import Basis, Text
from pilotwatch.risk.grid import BY_CLASS, KEY_SITE
from pilotwatch.store import Desk, StoreRefused, plan_means

BASIS = Basis(
    "PRAC",
    "国办发〔2024〕54号要求分级分类并公布年度频次上限；比例、频次按信用风险分类（国市监信发〔2022〕6号）。数值为经验默认值，由市级专班办公室设定",
)
#: Planned visits an enterprise may get in a year, whoever comes (宁夏2026年清单：同一企业年度检查频次不超过4次).
OVERALL_CAP = 4
#: Days within which what one department checked is recognised by the others.
RECOGNISED_DAYS = 180
#: Hours on site of an inspector in a day, the way and the papers taken off; officers of one department in a visit.
DAY_HOURS, OFFICERS = 6.0, 2
#: Days over its date within which a plan that was not carried out is still made up for.
MADE_UP_DAYS = 180
#: Working days within which the re-check of an order is made once its time is over.
RECHECK_WITHIN = 10

KEY = "key"  # the class of a high-risk site, whatever its credit
CLASSES = ("A", "B", "C", "D", KEY)


@dataclass(frozen=True)
class Share:
    """What a class gets of one department in a year: the share of its subjects checked, and at most how many visits."""

    ratio: float
    most: int


def _declared() -> dict[str, Share]:
    shares = {c: Share(f.ratio, f.most_visits) for c, f in BY_CLASS.items()}
    return {**shares, KEY: Share(KEY_SITE.ratio, KEY_SITE.most_visits)}


@dataclass(frozen=True)
class Rules:
    """The rules a plan is made by. `shares`: by class; `of_department`: department → what differs for it."""

    shares: Mapping[str, Share] = field(default_factory=_declared)
    of_department: Mapping[str, Mapping[str, Share]] = field(default_factory=dict)
    overall_cap: int = OVERALL_CAP
    recognised_days: int = RECOGNISED_DAYS
    day_hours: float = DAY_HOURS

    def share(self, department: str, of_class: str) -> Share:
        return self.of_department.get(department, {}).get(of_class) or self.shares[of_class]

    def cap(self, of_class: str) -> int:
        """Planned visits a subject of the class may get in a year, of all departments together."""
        return min(self.overall_cap, self.shares[of_class].most)

    def as_json(self) -> dict[str, Any]:
        def told(shares: Mapping[str, Share]) -> dict[str, list[float]]:
            return {c: [s.ratio, s.most] for c, s in shares.items()}

        return {
            "shares": told(self.shares), "of_department": {d: told(s) for d, s in self.of_department.items()},
            "overall_cap": self.overall_cap, "recognised_days": self.recognised_days, "day_hours": self.day_hours,
        }  # fmt: skip

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Rules:
        """Raises StoreRefused where a number can't be."""

        def shares(rows: Mapping[str, Any]) -> dict[str, Share]:
            return {c: _checked(c, *row) for c, row in rows.items()}

        if not told:
            return cls()
        base = cls()
        made = cls(
            {**base.shares, **shares(told.get("shares", {}))},
            {d: shares(rows) for d, rows in told.get("of_department", {}).items()},
            int(told.get("overall_cap", base.overall_cap)), int(told.get("recognised_days", base.recognised_days)),
            float(told.get("day_hours", base.day_hours)),
        )  # fmt: skip
        if made.overall_cap < 1 or made.recognised_days < 0 or not 0 < made.day_hours <= 12:
            raise StoreRefused("rules", _LIMITS)
        return made


def rules(desk: Desk) -> Rules:
    """The rules in force: what is declared here, and over it what the city set."""
    return Rules.of_json(plan_means.rules(desk))


def set_rules(desk: Desk, made: Rules, reason: str) -> None:
    """Sets them for the city; the audit keeps what they were."""
    plan_means.set_rules(desk, Rules.of_json(made.as_json()).as_json(), reason)


def _checked(of_class: str, ratio: float, most: float) -> Share:
    if of_class not in CLASSES or not 0 <= ratio <= 1 or most < 0 or most != int(most):
        raise StoreRefused("share", _SHARE.format(of=of_class, ratio=ratio, most=most))
    return Share(float(ratio), int(most))


_SHARE = Text(
    "“{of}”类的抽查比例 {ratio} 或年度上限 {most} 不能使用：比例应在0与1之间，上限应为0或以上的整数。请改正后保存。",
    "Class {of}: a ratio of {ratio} or at most {most} visits can't be: the ratio lies between 0 and 1, the most is a whole number. Mend it.",
)
_LIMITS = Text(
    "企业年度上限应至少为1次，结果互认天数不能为负，每人每日工时应大于0且不超过12小时。请改正后保存。",
    "A subject's yearly cap is at least 1, days of recognition aren't negative, an inspector's day has up to 12 hours. Mend it.",
)
