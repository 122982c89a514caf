"""A joint inspection out of a hot spot: one case on the place, for all departments whose indicators are behind it.

The case is on the place, not on one of its enterprises; what it came from is the test and the place (`ref_of`), so that a
place of one test becomes a case only once, and the case leads back to the map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pilotwatch.disposal.case import Case
from pilotwatch.disposal.leads import Lead, unknown_subject
from pilotwatch.disposal.machine import CaseRefused, Rulebook, sides_of
from pilotwatch.disposal.office import case, open_case
from pilotwatch.domain import Text
from pilotwatch.store import Desk, StoreRefused, case_reads
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.hotspots import Run

SOURCE = "hotspot"
CHANNEL = "风险热点(本系统)"
NAMED = 5  # subjects that the case names; the others are counted


@dataclass(frozen=True)
class HotSpot:
    """A hot place of a test: its row, what it is called, the red and orange subjects there and their indicators, most
    frequent first."""

    run: Run
    row: Mapping[str, Any]
    name: str
    measure: str  # its title
    subjects: Sequence[str]  # names, the worst first
    indicators: Sequence[str]  # codes


def ref_of(run: Run, place: str) -> str:
    """What a case of a hot place names as its source: domain/measure/layer/period/place."""
    return "/".join((run.domain, run.measure, run.layer, run.period, place))


def subject_of(run: Run, place: str) -> str:
    """The id under which a place is the subject of cases: the same in all tests."""
    return unknown_subject(f"{SOURCE}/{run.layer}/{place}")


def case_of(desk: Desk, run: Run, place: str) -> Case | None:
    """The case that a place of a test became already; None where there is none, or it is out of scope."""
    found = case_reads.of_lead(desk, subject_of(run, place), SOURCE, ref_of(run, place))
    try:
        return found and case(desk, found)
    except StoreRefused:
        return None


def departments(rulebook: Rulebook, spot: HotSpot) -> tuple[str, ...]:
    """Who has to be there: the departments of the indicators behind the place, those of the most frequent first."""
    domain = rulebook.domain(spot.run.domain)
    of = {i.code: i.owner for i in domain.indicators} if domain else {}
    found: list[str] = []
    for code in spot.indicators:
        procedure = domain.procedure(code) if domain else None
        found += [procedure.owner, *procedure.others] if procedure else [of.get(code, "")]
    return tuple(dict.fromkeys(d for d in found if d))


def open_joint(desk: Desk, rulebook: Rulebook, spot: HotSpot, *, at: datetime | None = None) -> Case:
    """Opens a joint case on the place; one of the office is registered at once, one of a district waits for the office.

    CaseRefused "cold" where the place isn't hot; StoreRefused
    "taken" where the place of this test has a case, and where the person may not handle cases or not there."""
    if not spot.row["hot"]:
        raise CaseRefused("cold", _COLD.format(name=spot.name))
    row, run = spot.row, spot.run
    who = departments(rulebook, spot)
    lead = Lead(
        subject_of(run, row["place"]), spot.name, at or now(), _content(spot), domain=run.domain,
        fact=next(iter(spot.indicators), ""), channel=CHANNEL, channel_ref=ref_of(run, row["place"]),
        unit=row["report_unit"], division_code=row["division_code"] or "", street_code=row["street_code"] or "",
        owner=who[0] if who else "", others=who[1:], joint=True, source=(SOURCE, ref_of(run, row["place"])),
    )  # fmt: skip
    return open_case(desk, rulebook, lead, at=at, register="office" in sides_of(desk.person, Case()))


def _content(spot: HotSpot) -> str:
    """What the case says of itself, in the language of the files."""
    row, run = spot.row, spot.run
    named = "、".join(spot.subjects[:NAMED])
    many = f"等 {len(spot.subjects)} 户" if len(spot.subjects) > NAMED else ""
    told = f"红橙对象：{named}{many}。" if spot.subjects else ""
    return (
        f"风险热点联合检查：{spot.name}，“{spot.measure}”{run.period} 检验为热点。监管对象 {row['subjects']:,} 个，"
        f"实际 {row['observed']:,.0f}，按全市水平应有 {row['expected']:,.1f}，为 {row['ratio']:.1f} 倍"
        f"（95% 区间 {row['low']:.1f}–{row['high']:.1f}），错误发现率控制在 {100 * run.parameters.get('q', 0.05):.0f}% 以内。{told}"
    )


_COLD = Text(
    "“{name}”未通过热点检验，不能据此发起联合检查；如有线索，请在“处置进度”中登记。",
    "“{name}” did not pass the test: no joint inspection can be made of it. Register a clue under Disposal if there is one.",
)
