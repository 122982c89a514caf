"""A subject's risk as people see it: its card with the words of each part, its cell of the grid, its re-gradings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pilotwatch.domain import Domain, Level, Text
from pilotwatch.frames import Stored
from pilotwatch.levels import level_of
from pilotwatch.registry import Registry
from pilotwatch.risk import facts as made_from
from pilotwatch.risk.card import PARTS, Part
from pilotwatch.risk.grid import Frequency, frequency
from pilotwatch.risk.signing import Sign, intact
from pilotwatch.store import Desk, grades


@dataclass(frozen=True)
class Line:
    """One part of a card: its points and why they are what they are."""

    part: Part
    points: float
    why: Text


@dataclass(frozen=True)
class Grading:
    """One re-grading; `to_class` "" is back to the computed class. `intact`: as it was signed, after the one before."""

    at: Any
    by: str
    by_name: str
    role: str
    from_class: str
    to_class: str
    score: float
    reason: str
    signature: str
    intact: bool


@dataclass(frozen=True)
class Risk:
    """A subject's risk in one domain."""

    domain: Domain
    subject_id: str
    score: float
    lines: tuple[Line, ...]
    computed_class: str
    risk_class: str
    credit_class: str  # "" where none is known
    frequency: Frequency
    exposure: float | None
    consequence: int
    priority: float
    composite: float | None
    composite_level: Level | None
    on: date
    gradings: tuple[Grading, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "domain": self.domain.name, "subject_id": self.subject_id, "score": self.score,
            "parts": [
                {"part": line.part.name, "title": line.part.title.zh, "points": line.points, "most": line.part.most,
                 "why": line.why.zh, "why_en": line.why.en}
                for line in self.lines
            ],
            "computed_class": self.computed_class, "risk_class": self.risk_class, "credit_class": self.credit_class or None,
            "frequency": {
                "ratio": self.frequency.ratio, "most_visits": self.frequency.most_visits, "note": self.frequency.note.zh,
            },
            "exposure": self.exposure, "consequence": self.consequence, "priority": self.priority,
            "composite": self.composite, "composite_level": self.composite_level, "on": self.on.isoformat(),
            "gradings": [
                {n: getattr(g, n) for n in Grading.__dataclass_fields__} | {"at": g.at.isoformat()} for g in self.gradings
            ],
        }  # fmt: skip


def risk_of(desk: Desk, found: Registry, subject_id: str, sign: Sign) -> list[Risk]:
    """The subject's risk in each domain that has it listed, in the person's scope; none where it isn't theirs to see.

    The points are those kept; the words are made from the one subject's records, as of the card's day.
    """
    domains = {d.name: d for d in found.domains}
    return [
        _risk(desk, domains[row["domain"]], row, sign)
        for row in grades.card(desk, subject_id)
        if row["domain"] in domains
    ]


def _risk(desk: Desk, domain: Domain, row: Mapping[str, Any], sign: Sign) -> Risk:
    subject = row["subject_id"]
    records = {
        r.spec.dataset: r for r in (*domain.subjects, *(domain.stake.needs if domain.stake else ()), *made_from.READ)
    }
    frames = Stored(lambda dataset, columns: desk.frame(dataset, columns, subjects=[subject]), records.values())
    facts = made_from.of_records(domain, frames, pd.Index([subject]), row["on_day"]).iloc[0]
    events = grades.history(desk, subject, domain.name)
    whole = intact(events, sign)
    names = [n for n in Grading.__dataclass_fields__ if n != "intact"]
    return Risk(
        domain, subject, row["score"], tuple(Line(p, row[p.name], _why(p.name, row, facts)) for p in PARTS),
        row["computed_class"], row["risk_class"], row["credit_class"],
        frequency(row["credit_class"], row["risk_class"], key_site=pd.notna(facts["visit_within"])),
        row["exposure"], row["consequence"], row["priority"], row["composite"], _composite_level(domain, row["composite"]),
        row["on_day"],
        tuple(Grading(**{n: e[n] for n in names}, intact=ok) for e, ok in zip(events, whole, strict=True)),
    )  # fmt: skip


def _composite_level(domain: Domain, score: float | None) -> Level | None:
    if domain.composite is None or score is None:
        return None
    return level_of(pd.Series([float(score)]), domain.composite.levels).iloc[0]


def _why(name: str, row: Mapping[str, Any], facts: pd.Series) -> Text:
    return _WHY[name](row[name], facts)


def _credit(points: float, facts: pd.Series) -> Text:
    if not facts["credit_class"]:
        return Text("没有信用等级记录，不计分", "No credit class on record; no points")
    return Text("信用等级 {c}", "Credit class {c}").format(c=facts["credit_class"])


def _breach(points: float, facts: pd.Series) -> Text:
    if points:
        return Text("有指标突破法律、法规规定的界限", "An indicator is past a bound of law")
    return Text("没有指标突破法定界限", "No indicator is past a bound of law")


def _aberration(points: float, facts: pd.Series) -> Text:
    if points:
        return Text("所在街道有未解除的红色异常", "A red surge stands in its street")
    return Text("所在街道没有红色异常", "No red surge in its street")


def _violations(points: float, facts: pd.Series) -> Text:
    if not points:
        return Text("近五年没有行政处罚", "No penalty in five years")
    return Text(
        "既往处罚按一年半衰期折算为 {n:.1f} 分，以 20 分为限", "Past penalties, halved every year, come to {n:.1f} points; 20 at most"
    ).format(n=facts["violations"])  # fmt: skip


def _complaints(points: float, facts: pd.Series) -> Text:
    n = int(facts["complaints"])
    if not points:
        return Text("近一年投诉举报 {n} 件，不高于同行水平", "{n} complaints in a year, not above the usual").format(
            n=n
        )
    return Text(
        "近一年投诉举报 {n} 件，按客户规模高于同行水平", "{n} complaints in a year, above the usual for its customers"
    ).format(n=n)


def _overdue(points: float, facts: pd.Series) -> Text:
    if pd.isna(facts["visit_within"]):
        return Text("不属于须定期检查的场所", "No regular visit is asked for")
    within = int(facts["visit_within"])
    if pd.isna(facts["since_visit"]):
        return Text(
            "应每 {w} 天检查一次，没有检查记录", "A visit every {w} days is asked for; none is on record"
        ).format(w=within)
    return Text(
        "应每 {w} 天检查一次，距上次检查 {d} 天", "A visit every {w} days is asked for; the last was {d} days ago"
    ).format(w=within, d=int(facts["since_visit"]))


_WHY = {
    "credit": _credit, "breach": _breach, "aberration": _aberration, "violations": _violations, "complaints": _complaints,
    "overdue": _overdue,
}  # fmt: skip
