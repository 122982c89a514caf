"""一业一册: one manual for each scene, made of the published matters that name it.

Who leads, who takes part, what each looks at and on what basis, how often, how, with which checklist; what the enterprise
is told and has at hand. A scene exists because matters name it: a new one needs no code.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.inspection.matters.listing import MINUTES, listing, steps
from pilotwatch.risk.grid import BY_CLASS, KEY_SITE
from pilotwatch.store import Desk


@dataclass(frozen=True)
class Entry:
    """A matter as a manual tells it; texts of several parts as tuples."""

    item_code: str
    name: str
    dept: str
    partners: tuple[str, ...]
    basis: tuple[str, ...]
    content: str
    method: str
    procedure: tuple[str, ...]
    checklist: tuple[str, ...]
    prepare: tuple[str, ...]
    minutes: int
    frequency: str
    yearly_cap: int | None
    mergeable: bool
    off_site: bool
    published_on: date
    release: str


@dataclass(frozen=True)
class Manual:
    """The manual of a scene as of a day. `waiting`: matters in force that are not published and so not in it."""

    scene: str
    day: date
    lead: str
    participants: tuple[str, ...]
    entries: tuple[Entry, ...]
    waiting: tuple[str, ...]

    @property
    def departments(self) -> tuple[str, ...]:
        return (self.lead, *self.participants)

    @property
    def joint(self) -> tuple[Entry, ...]:
        """What one joint visit looks at."""
        return tuple(e for e in self.entries if e.mergeable)

    @property
    def apart(self) -> tuple[Entry, ...]:
        """What has to be a visit of its own."""
        return tuple(e for e in self.entries if not e.mergeable)

    @property
    def prepare(self) -> tuple[str, ...]:
        """The papers the enterprise has at hand, each once."""
        return tuple(dict.fromkeys(p for e in self.entries for p in e.prepare))

    @property
    def separately(self) -> int:
        """Minutes on site if every department came by itself."""
        return sum(e.minutes for e in self.joint)

    @property
    def together(self) -> int:
        """Minutes of one joint visit: departments work side by side, each through its own matters."""
        by: dict[str, int] = {}
        for e in self.joint:
            by[e.dept] = by.get(e.dept, 0) + e.minutes
        return max(by.values(), default=0)

    def of(self, department: str) -> tuple[Entry, ...]:
        return tuple(e for e in self.entries if e.dept == department)


def scenes(desk: Desk, day: date) -> dict[str, int]:
    """The scenes that published matters name, with how many do, those of most matters first."""
    rows = listing(desk, day)
    named = rows.loc[rows["state"] == "published", "scene"].explode().dropna()
    counts = named.value_counts()
    return {str(s): int(n) for s, n in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))}


def manual(desk: Desk, scene: str, day: date, leads: Collection[str]) -> Manual | None:
    """The scene's manual; None where no published matter names it.

    `leads`: departments that lead a domain. The one among them with most matters here leads the scene; where none has any,
    the department with most does.
    """
    rows = listing(desk, day)
    here = rows[[scene in s for s in rows["scene"]]]
    told = here[here["state"] == "published"]
    if told.empty:
        return None
    counts = told["dept"].value_counts()
    order = sorted(counts.index, key=lambda d: (d not in leads, -counts[d], d))
    entries = [_entry(r) for r in told.to_dict("records")]
    entries.sort(key=lambda e: (order.index(e.dept), e.item_code))
    joining = dict.fromkeys([*order[1:], *(p for e in entries for p in e.partners if p not in order)])
    waiting = here.loc[here["state"].isin(("unpublished", "changed")), "name"]
    return Manual(scene, day, order[0], tuple(joining), tuple(entries), tuple(waiting))


def _entry(row: dict[str, Any]) -> Entry:
    cap, minutes = row["yearly_cap"], row["minutes"]
    joint = row["mergeable"] if not pd.isna(row["mergeable"]) else row["joint"]
    return Entry(
        row["item_code"], row["name"], row["dept"], tuple(row["partners"]), steps(row["basis"]), row["content"], row["method"],
        steps(row["procedure"]), steps(row["checklist"]), steps(row["prepare"]), MINUTES if pd.isna(minutes) else int(minutes),
        row["frequency"], None if pd.isna(cap) else int(cap), True if pd.isna(joint) else bool(joint),
        False if pd.isna(row["off_site"]) else bool(row["off_site"]), row["told_on"].date(), row["told_in"],
    )  # fmt: skip


def frequencies() -> tuple[tuple[Text, float, int], ...]:
    """How often by class, as the risk score publishes it: title, share a year, planned visits a year at most (PRAC)."""
    classes = [(Text(f"信用{c}级", f"Credit class {c}"), f.ratio, f.most_visits) for c, f in BY_CLASS.items()]
    return (*classes, (Text("高风险场所（重点监管）", "High-risk site"), KEY_SITE.ratio, KEY_SITE.most_visits))


#: What every enterprise is told before a check (国办发〔2024〕54号; details as far as they were found).
NOTICE = (
    Text("检查人员不少于两人，入企前亮明执法证件并扫码；没有检查任务、没有扫码的，企业可以拒绝。", "Two officers at least show their certificates and scan in; without a task or a scan the enterprise may refuse."),
    Text("同一企业同一时段的多项检查合并为一次，各部门结果互认；投诉举报、转办交办和紧急情况的检查不计入频次上限。", "Checks of one time are one visit, and each department's result is recognised by the others; checks upon complaints, assignments and emergencies don't count towards the cap."),
    Text("能够通过书面核查、信息共享、智慧监管完成的，不入企检查。", "What can be done on paper, by shared data or smart supervision needs no visit."),
    Text("严禁逐利检查，严禁接受宴请、礼品和安排旅游，严禁要求企业承担检查费用，严禁任性查封扣押和责令停产停业。", "No checks for profit; no meals, gifts or travel; no costs for the enterprise; no sealing, seizing or stopping at will."),
    Text("检查结果在20个工作日内公示；企业可以对本次检查匿名评价，被评价部门看不到评价人。", "Results are published within 20 working days; the enterprise rates the visit anonymously, and the rated department can't see who did."),
)  # fmt: skip
