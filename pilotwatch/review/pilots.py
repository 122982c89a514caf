"""Which units are pilots of what, since when, and how they were chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pilotwatch.domain import Text
from pilotwatch.places import Places
from pilotwatch.reform import NAME as REFORM
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, StoreRefused
from pilotwatch.store.pilots import PilotSet, add_pilots, pilot_entries

#: How pilots were chosen. Only a lottery makes the odds of the evaluation the odds of what was really done.
CHOSEN: dict[str, Text] = {
    "lottery": Text("抽签", "by lottery"),
    "applied": Text("自行申报", "on application"),
    "appointed": Text("指定", "appointed"),
}
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


class ReviewRefused(StoreRefused):
    """What was asked of a review can't be done; `rule` is stable, `message` says why and what to do."""


@dataclass(frozen=True)
class Pilot:
    """A unit that is a pilot, from the month on."""

    report_unit: str
    month: str
    chosen: str
    reason: str
    by: str


def pilots(desk: Desk, domain: str) -> dict[str, Pilot]:
    """The pilots of a domain by unit; of the whole reform where the domain has none of its own."""
    by_unit: dict[str, PilotSet] = {}
    for entry in pilot_entries(desk, domain):
        by_unit[entry.report_unit] = entry
    found = {
        unit: Pilot(unit, e.month, e.chosen or "appointed", e.reason, e.by) for unit, e in by_unit.items() if e.month
    }
    return found if found or domain == REFORM else pilots(desk, REFORM)


def set_pilots(
    desk: Desk, found: Registry, places: Places, domain: str, units: Sequence[str], month: str | None, chosen: str | None, reason: str
) -> None:  # fmt: skip
    """Makes units pilots from a month on; `month` None: they are none.

    Raises
    ------
    ReviewRefused : "reason", "month", "chosen", "unit" or "domain", where one is missing or not known; StoreRefused
        without the right.
    """
    if len(reason.strip()) < 4:
        raise ReviewRefused(
            "reason",
            Text(
                "请写明依据（至少 4 个字），例如文件名称和文号。",
                "Say on what ground (4 characters at least), as the document and its number.",
            ),
        )
    known = {REFORM, *(d.name for d in found.domains)}
    if domain not in known:
        raise ReviewRefused(
            "domain",
            Text(
                f"没有名为“{domain}”的领域，应为：{'、'.join(sorted(known))}。",
                f"No domain is called {domain}; there are: {', '.join(sorted(known))}.",
            ),
        )
    strange = [u for u in units if u not in {p.code for p in places.units}]
    if strange or not units:
        named = "、".join(strange) or "—"
        raise ReviewRefused(
            "unit",
            Text(
                f"请选择填报单位；无此单位：{named}。", f"Choose reporting units; there is none with the code {named}."
            ),
        )
    if month is not None and not _MONTH.fullmatch(month):
        raise ReviewRefused(
            "month", Text(f"“{month}”不是月份，应写作 2026-01。", f"{month!r} is no month; write it as 2026-01.")
        )
    if month is not None and chosen not in CHOSEN:
        raise ReviewRefused(
            "chosen",
            Text(
                "请说明试点单位是怎样确定的：抽签、自行申报或指定。",
                "Say how the pilots were chosen: by lottery, on application, or appointed.",
            ),
        )
    add_pilots(desk, [PilotSet(domain, unit, month, chosen if month else None) for unit in units], reason.strip())
