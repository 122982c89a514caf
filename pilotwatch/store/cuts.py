"""How each table is cut for a look back: what of it was known at the end of a past day. Every table has one line here.

A new table needs its line, or a test fails. What follows from records and events is made anew by the product's own functions
(`MADE`, and `REPLAYED` from events); what only grows is cut by its moment (`known`), with what was written into a row later
taken out again (`undo`); what has no history stays as it is today, and the view says so (`untold`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Date, Table, and_, exists, false, true

from pilotwatch.domain import Text


@dataclass(frozen=True)
class Cut:
    """`by`: the column that says when a row came to be. `of`: the table it is a part of, with (own column, its column).

    `undo`: a moment or day within a row → the columns written together with it; where it came after the day, all are emptied.
    `untold`: what of the past this can't tell, for whoever looks.
    """

    kind: Literal["known", "part", "made", "replayed", "today", "none"]
    by: str = ""
    of: tuple[str, Sequence[tuple[str, str]]] | None = None
    undo: Mapping[str, Sequence[str]] = field(default_factory=dict)
    untold: Text | None = None

    def rows(self, table: Table, tables: Mapping[str, Table], end: datetime, day: date) -> ColumnElement[bool]:
        """Which rows of the store of today are taken over. `end`: the first moment after the day, in UTC."""
        if self.kind == "today":
            return true()
        if self.of:
            parent = tables[self.of[0]]
            same = [table.c[mine] == parent.c[theirs] for mine, theirs in self.of[1]]
            return exists().where(and_(*same, CUTS[self.of[0]].rows(parent, tables, end, day)))
        if self.by:
            return before(table.c[self.by], end, day)
        return false()


def before(column: ColumnElement, end: datetime, day: date) -> ColumnElement[bool]:
    """Whether a moment, or a day, of a row had come by the end of the day."""
    return column <= day if isinstance(column.type, Date) else column < end


def known(by: str, untold: Text | None = None, **undo: Sequence[str]) -> Cut:
    return Cut("known", by, undo=undo, untold=untold)


def part(of: str, untold: Text | None = None, **keys: str) -> Cut:
    return Cut("part", of=(of, tuple(keys.items())), untold=untold)


MADE, REPLAYED, NONE, TODAY = Cut("made"), Cut("replayed"), Cut("none"), Cut("today")


def today(zh: str, en: str) -> Cut:
    return Cut("today", untold=Text(zh, en))


_PLANS = Text(
    "联合检查计划此后改动过的，检查安排按现在的显示。",
    "The visits of joint plans that were changed since are shown as they are now.",
)
_TYPICAL = Text("典型案例草稿的文字按现在的显示。", "Drafts of typical cases read as they do now.")
_SCORES = Text("指标回测只保留最近一次。", "Of back-tests only the last one is kept.")
_HANDED = Text("检查任务的事项和人员按现在的显示。", "Matters and officers of visits are shown as they are now.")

CUTS: dict[str, Cut] = {
    # uploads; the rows of records themselves are cut by their batches, see `cutting.cut_rows`
    "dataset": NONE,  # the look back's own
    "batch": known("at", withdrawn_at=("withdrawn_by", "reason")),
    "batch_table": part("batch", batch_id="id"),
    "batch_unit": part("batch", batch_id="id"),
    "batch_finding": part("batch", batch_id="id"),
    "confirmation": part("batch", batch_id="id"),
    "kept_file": known("at"),
    "mapping_memory": NONE,
    "subject": MADE,
    # figures
    "subject_level": known("since"),  # from when each level has stood; the level itself is made anew
    "place_level": MADE,
    "subject_part": MADE,
    "place_sum": MADE,
    "dataset_tally": MADE,
    "subject_period": MADE,
    "place_period": MADE,
    "month_level": known("on_day"),
    "month_sum": known("on_day"),
    "subject_count": MADE,
    "place_count": MADE,
    "subject_risk": MADE,
    "place_risk": MADE,
    "incident": MADE,
    "risk_grade": known("at"),
    "backtest": known("at", untold=_SCORES),
    "saved_visit": MADE,
    "merge_chance": MADE,
    # hot spots and signals
    "hot_run": known("on_day"),
    "hot_place": part("hot_run", domain="domain", measure="measure", layer="layer", period="period"),
    "signal": MADE,
    "signal_alarm": known("raised_on", ended_on=()),
    "contradiction": known("opened_on", closed_on=()),
    "contradiction_event": known("at"),
    # warnings and cases
    "warning": known(
        "opened_at", acted_at=(), acknowledged_at=("acknowledged_by",), closed_at=("closed_on", "closed_by", "verdict")
    ),
    "warning_event": known("at"),
    "serial": NONE,
    "case_event": known("at"),
    "case_file": REPLAYED,
    "case_party": REPLAYED,
    "case_tally": REPLAYED,
    "case_source": known("at"),
    "case_attachment": known("at"),
    "case_person": known("received_at", answered_at=()),
    "case_guard": MADE,
    # what the city sets and decides
    "bound_entry": known("at"),
    "calendar_entry": known("at"),
    "pilot_entry": known("at"),
    "policy_entry": known("at"),
    "approval_event": known("at"),
    "setting": TODAY,
    # objects and matters
    "matter_release": known("at"),
    "matter_published": part("matter_release", release_id="id"),
    "object_run": MADE,
    "object_link": Cut("replayed", of=("object_link_event", (("subject_id", "subject_id"), ("id", "link_id")))),
    "object_link_event": known("at"),
    "object_member": MADE,
    "object_overlap": MADE,
    # joint checks
    "joint_plan": known("made_at", untold=_PLANS, adopted_at=("adopted_by",)),
    "plan_visit": part("joint_plan", plan_id="id"),
    "plan_check": part("joint_plan", plan_id="id"),
    "plan_edit": known("at"),
    "plan_request": known("at", withdrawn_at=()),
    "inspection_force": today("检查力量按现在的显示。", "The forces for inspections are shown as they are now."),
    "quiet_period": known("at", ended_at=("ended_by",)),
    "draw": known("prepared_at", sealed_at=("sealed_by", "commitment"), drawn_at=("drawn_by", "public", "nonce"),
                  aborted_at=("aborted_by", "why")),
    "draw_event": known("at"),
    "drawn": Cut("part", of=("draw", (("draw_id", "id"),))),
    "inspector": Cut("today", undo={"retired_at": ()},
                     untold=Text("执法人员名录按现在的显示。", "The register of inspectors is shown as it is now.")),
    "conflict": known("at"),
    "visit_task": known(
        "issued_at", untold=_HANDED, entered_at=("entered_how", "late_reason", "distance_m"), left_at=(),
        recorded_at=("recorded_by", "result", "signed_by", "batch_id", "publish_by", "exempt_reason"), published_on=(),
        cancelled_at=("why",),
    ),
    "visit_department": Cut("part", of=("visit_task", (("subject_id", "subject_id"), ("task_id", "id"))),
                            undo={"at": ("by", "result", "problems", "ticks")}),
    "visit_event": known("at"),
    "visit_rating": known("at"),
    # briefs and typical cases
    "kept_brief": known("issued_at"),
    "brief_file": part("kept_brief", brief_id="id"),
    "brief_mark": known("at"),
    "brief_schedule": known("at", ended_at=("ended_by", "reason")),
    "brief_job": NONE,
    "brief_item": NONE,
    "typical": known("made_at", shown_at=("shown",)),
    "typical_source": part("typical", typical_id="id"),
    "typical_version": known("at", untold=_TYPICAL),
    "typical_event": known("at"),
    "typical_adoption": known("at", ended_at=("ended_by", "ended_why")),
    # people: who may see what is always asked of the present
    "account": TODAY,
    "account_link": NONE,
    "login_attempt": NONE,
    "login_session": NONE,
    "subscription": NONE,
    "channel": NONE,
    "notice": NONE,
    "delivery": NONE,
    "lease": NONE,
    "audit": NONE,  # one chain, of the present; it also says who looked back to which day
    "audit_head": NONE,
}  # fmt: skip

#: What no rule can bring back, beside what tables say of themselves.
UNTOLD: tuple[Text, ...] = (
    Text(
        "指标、分级、热点等按当日所知重新计算，所用算法为现在的版本；名录中改名的单位、街道和部门名称按现在的显示。",
        "Figures, levels and hot spots are made anew from what was known, by today's methods; names of units, streets and departments are today's.",
    ),
    Text(
        "预警以当日已记录的为准，系统启用之前的日期没有预警。",
        "Warnings are those that had been raised by then: there are none of days before the system ran.",
    ),
    Text(
        "按保存期限删除或因隐私撤销的内容不会重现；原报送人由现有账号名称显示。",
        "What was removed when its time was over, or for privacy, does not come back; people are named as their accounts are now.",
    ),
)


def untold() -> tuple[Text, ...]:
    """All that a look back can't tell, in words."""
    return (*UNTOLD, *dict.fromkeys(c.untold for c in CUTS.values() if c.untold))
