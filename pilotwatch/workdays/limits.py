"""Limits as data: `Limit("7wd")`, and how a law's 日 is to be read."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from pilotwatch.domain import Basis, Text
from pilotwatch.workdays.entries import ClockRefused

Unit = Literal["wd", "d", "m", "y", "wh", "h"]

#: The units of limits, each with how it is written for a reader.
UNITS: dict[Unit, Text] = {
    "wd": Text("{n}个工作日", "{n} working days"),
    "d": Text("{n}日（自然日）", "{n} calendar days"),
    "m": Text("{n}个月", "{n} months"),
    "y": Text("{n}年", "{n} years"),
    "wh": Text("{n}个工作小时", "{n} working hours"),
    "h": Text("{n}小时", "{n} hours"),
}

#: Units that count from a moment, not from a day.
IN_HOURS: frozenset[Unit] = frozenset({"wh", "h"})

_LIMIT = re.compile(r"\+?(?P<number>[0-9]{1,3})(?P<unit>wd|wh|d|h|m|y)")


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time within which something must be done, and why.

    `Limit("15wd")` working days, `"60d"` natural days, `"3m"` months, `"2y"` years, `"24h"` hours on end, `"2wh"` hours
    of office time. Limits are equal when their length is. Raises ClockRefused for anything else.
    """

    text: str
    basis: Basis | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        found = _LIMIT.fullmatch(self.text.strip().lower())
        if not found or not int(found["number"]):
            raise ClockRefused(
                "limit_unreadable",
                Text(
                    f"“{self.text}”不是期限。请写作 7wd（7个工作日）、60d（60个自然日）、3m（3个月）、2y（2年）、"
                    "24h（24小时）或 2wh（2个工作小时）。",
                    f"{self.text} is no limit. Write it as 7wd (working days), 60d (calendar days), 3m (months), "
                    "2y (years), 24h (hours) or 2wh (working hours).",
                ),
            )
        object.__setattr__(self, "text", f"{int(found['number'])}{found['unit']}")

    @property
    def number(self) -> int:
        return int(self.text.rstrip("wdhmy"))

    @property
    def unit(self) -> Unit:
        return self.text.lstrip("0123456789")  # type: ignore[return-value]

    @property
    def title(self) -> Text:
        template = UNITS[self.unit] if self.number > 1 else Text(UNITS[self.unit].zh, UNITS[self.unit].en[:-1])
        return template.format(n=self.number)

    def extended(self, by: Limit) -> Limit:
        """This limit and an extension counted on from its end, `15wd` + `15wd`; both must be in the same unit."""
        if by.unit != self.unit:
            raise ValueError(f"{self.text} can't be extended by {by.text}: the units differ")
        return Limit(f"{self.number + by.number}{self.unit}", self.basis)


# --- the unit trap ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """Which numbers of 日 a law itself declares to be working days, and where it says so."""

    working: Collection[int]
    article: str


#: A law that isn't here can't be read by `statutory`: whether its 日 are working days must be looked up first.
READINGS: dict[str, Reading] = {
    "行政处罚法": Reading(frozenset({2, 3, 5, 7}), "第八十五条"),
    "行政强制法": Reading(range(1, 11), "第六十九条"),
    # Order 310 doesn't define its 日; natural days are the stricter reading.
    "行政执法机关移送涉嫌犯罪案件的规定": Reading((), ""),
}


def statutory(law: str, days: int, article: str = "") -> Limit:
    """The limit that a law means by `days` 日, with its basis.

    行政处罚法 art. 85: 二日, 三日, 五日, 七日 are working days; 行政强制法 art. 69: every limit up to 十日 is; all other
    numbers are natural days. So `statutory("行政处罚法", 7)` is 7wd and `statutory("行政处罚法", 15)` is 15d.
    Raises KeyError for a law of which it isn't known.
    """
    reading = READINGS[law]
    if days in reading.working:
        return Limit(f"{days}wd", Basis("LAW", f"{law}{article}（按{reading.article}，{days}日指工作日）"))
    return Limit(f"{days}d", Basis("LAW", f"{law}{article}"))
