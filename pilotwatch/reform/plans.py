"""Whether plans are published, matched, carried out and their results told (REF-04, 10, 13, 16)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from pilotwatch.domain import Basis, Input, Levels, Measure, Text
from pilotwatch.frames import Frames, events, working_days
from pilotwatch.records import Inspection, PlannedCheck
from pilotwatch.reform.common import PLANNED, lately, per_subject, plans, visits, year_before
from pilotwatch.workdays.arrays import due_dates

NEAR = 30  # natural days between two windows that may still be one visit
AFTER_LICENCE = "批后核查"
PUBLISH_WITHIN = "20wd"

_BOTH = (PlannedCheck, Inspection)


def matched(frames: Frames, on: date) -> pd.DataFrame:
    """REF-04: by opportunity, in the month in which its first window begins: whether it became a joint task.

    An opportunity is what several departments plan for one subject in windows that overlap the first one's or begin at
    most 30 days after it. It became a joint task where two departments have the same task.
    """
    rows = plans(frames, on)
    can = ~rows["mergeable"].eq(False).fillna(False).astype(bool) & rows["trigger"].isin(PLANNED)
    rows = rows[can & rows["window_from"].notna()].sort_values(["subject_id", "window_from"], kind="stable")
    rows = rows.assign(chance=_chances(rows))
    tasks = rows.dropna(subset=["task_no"]).groupby(["chance", "task_no"])["dept"].nunique()
    formed = tasks[tasks >= 2].index.get_level_values("chance").unique()
    found = rows.groupby("chance").agg(
        subject_id=("subject_id", "first"), day=("window_from", "first"), depts=("dept", "nunique")
    )
    found = found[found["depts"] >= 2]
    return events(found, found["day"], pd.Series(found.index.isin(formed), index=found.index))


def _chances(rows: pd.DataFrame) -> np.ndarray:
    """The group of plans that may be one visit, of each plan: the place of the group's first one.

    `rows` are in the order of subject and beginning. The first one's window tells the group, so that plans that follow
    each other through a year are not one. Takes as many rounds as one subject has groups.
    """
    begins = rows["window_from"].to_numpy("datetime64[D]")
    reaches = rows["window_until"].fillna(rows["window_from"]).to_numpy("datetime64[D]") + np.timedelta64(NEAR, "D")
    subject = pd.factorize(rows["subject_id"])[0]
    group = np.searchsorted(subject, subject)
    while (beyond := np.flatnonzero(begins > reaches[group])).size:
        _, first, at = np.unique(group[beyond], return_index=True, return_inverse=True)
        group[beyond] = beyond[first][at]
    return group


def plan_published(frames: Frames, on: date) -> pd.DataFrame:
    """REF-10a: by plan, in the month in which its window begins: whether it was published."""
    rows = plans(frames, on)
    rows = rows[rows["window_from"].notna()]
    return events(rows, rows["window_from"], rows["published_on"] <= pd.Timestamp(on))


def plan_finished(frames: Frames, on: date) -> pd.DataFrame:
    """REF-10b: by plan that fell due, in the month it did: whether it was carried out."""
    rows = _due(frames, on)
    return events(rows, rows["window_until"], rows["finished_on"].notna())


def result_published(frames: Frames, on: date) -> pd.DataFrame:
    """REF-10c: by planned visit: whether its result was published within 20 working days; a visit whose days aren't over
    counts once it was published, and one whose days can't be counted doesn't."""
    rows = visits(frames, on)
    rows = rows[rows["planned"]]
    days, at = np.unique(rows["day"].to_numpy("datetime64[D]"), return_inverse=True)
    due = pd.Series(due_dates(working_days(frames), days, PUBLISH_WITHIN).due[at], index=rows.index).astype(
        "datetime64[s]"
    )
    told = rows["published_on"] <= pd.Timestamp(on)
    judged = due.notna() & (told | (due < pd.Timestamp(on)))
    return events(rows[judged], rows.loc[judged, "day"], (told & (rows["published_on"] <= due))[judged])


def after_licence(frames: Frames, on: date) -> pd.DataFrame:
    """REF-13: by check after a licence that fell due: whether it was made late or not at all; the kind its department."""
    rows = _due(frames, on)
    rows = rows[rows["trigger"] == AFTER_LICENCE]
    late = ~(rows["finished_on"] <= rows["window_until"])
    return events(rows, rows["window_until"], late, kind=rows["dept"].fillna(""))


def _due(frames: Frames, on: date) -> pd.DataFrame:
    rows = plans(frames, on)
    return rows[rows["window_until"] < pd.Timestamp(on)]


def overlap(frames: Frames, on: date) -> pd.DataFrame:
    """REF-16: by subject that two or more departments planned for within 12 months: whether it had a joint task."""
    rows = planned_by(frames, on)
    depts = rows.groupby("subject_id")["dept"].nunique()
    found = per_subject(rows[rows["subject_id"].isin(depts.index[depts >= 2])])
    return events(found, pd.Timestamp(on), found["subject_id"].isin(with_joint_task(frames, on)["subject_id"]))


def planned_by(frames: Frames, on: date) -> pd.DataFrame:
    """Who planned for whom within the 12 months that end with `on`, a row each plan: subject_id, dept, task_no."""
    rows = plans(frames, on)
    return rows.loc[rows["window_until"] > year_before(on), ["subject_id", "dept", "task_no"]]


def with_joint_task(frames: Frames, on: date) -> pd.DataFrame:
    """The subjects to whom a joint task, planned or carried out within 12 months, brings several departments together:
    subject_id, task_no (the first of them; "" where a joint visit names none)."""
    rows = planned_by(frames, on).dropna(subset=["task_no"])
    tasks = rows.groupby(["subject_id", "task_no"])["dept"].nunique()
    planned = tasks[tasks >= 2].index.to_frame(index=False)
    done = lately(visits(frames, on), on)
    joint = done.loc[done["joint"], ["subject_id", "task_no"]]
    both = pd.concat([planned, joint.assign(task_no=joint["task_no"].fillna(""))], ignore_index=True)
    return both.drop_duplicates("subject_id", ignore_index=True)


MATCHED = Measure(
    "REF-04", "撮合成功率", "Matched into joint tasks", needs=_BOTH, compute=matched, owner="SCJG",
    numerator=Input("formed", "形成的联合任务", "Joint tasks formed"), denominator=Input("chances", "可合并的机会", "Opportunities to merge"),
    levels=Levels(yellow="< 80 %"), basis=Basis("PRAC", "目标80%；窗口相距30天以内为经验值"),
    formula=Text(
        "两个以上部门有同一任务的组 ÷ 两个以上部门对同一对象、窗口重叠或相距30天以内的计划组",
        "Groups in which two departments have one task ÷ groups of plans of several departments for one subject, with windows that overlap or lie within 30 days",
    ),
    first_action=Text("由牵头部门生成联合任务，一次入企", "The leading department makes one joint task of them"), reference=Text("不低于80%", "80 %"),
)  # fmt: skip

PLAN_PUBLISHED = Measure(
    "REF-10a", "计划公示率", "Plans published", needs=_BOTH, compute=plan_published, owner="SCJG",
    numerator=Input("published", "已公示的计划", "Plans published"), denominator=Input("plans", "检查计划", "Plans"),
    levels=Levels(yellow="< 100 %"), basis=Basis("PRAC", "国办发〔2024〕54号：未公布的不得实施；目标100%"),
    formula=Text("已公示的检查计划 ÷ 已开始的检查计划", "Plans published ÷ plans that have begun"),
    first_action=Text("补公示，未公示的计划暂停实施", "Publish them; what isn't published is not carried out"), reference=Text("100%", "100 %"),
)  # fmt: skip

PLAN_FINISHED = Measure(
    "REF-10b", "任务完成率", "Tasks finished", needs=_BOTH, compute=plan_finished, owner="SCJG",
    numerator=Input("finished", "已完成的计划", "Plans carried out"), denominator=Input("due", "到期的计划", "Plans due"),
    levels=Levels(yellow="< 100 %"), basis=Basis("PRAC", "目标100%"),
    formula=Text("已完成的计划 ÷ 已到期的计划（同一任务编号，或同一部门在窗口内的计划内检查）", "Plans carried out ÷ plans due (by the task, or by the department's planned visit within the window)"),
    first_action=Text("向责任部门催办，超期的说明原因", "Press the department; late ones give a reason"), reference=Text("100%", "100 %"),
)  # fmt: skip

RESULT_PUBLISHED = Measure(
    "REF-10c", "结果公示率", "Results published", needs=(Inspection,), compute=result_published, owner="SCJG",
    numerator=Input("in_time", "20个工作日内公示的结果", "Results published within 20 working days"),
    denominator=Input("finished", "应公示的检查", "Visits whose result was due"),
    levels=Levels(yellow="< 100 %"), basis=Basis("POL", "国发〔2019〕5号：抽查结果20个工作日内公示（待核实）；目标100%"),
    formula=Text("20个工作日内公示结果的计划内检查 ÷ 应公示的计划内检查", "Planned visits whose result was published within 20 working days ÷ planned visits whose result was due"),
    first_action=Text("补公示检查结果", "Publish the results"), reference=Text("100%", "100 %"),
)  # fmt: skip

AFTER_LICENCES = Measure(
    "REF-13", "批后核查逾期数", "Late checks after a licence", needs=_BOTH, compute=after_licence, owner="SCJG", value="count", unit="次",
    kinds="department", each=True,
    numerator=Input("late", "逾期的批后核查", "Checks made late or not at all"), denominator=Input("due", "到期的批后核查", "Checks due"),
    levels=Levels(yellow="late >= 3"), basis=Basis("PRAC", "海南预警模型：同一部门每满3次提示一次"),
    formula=Text("期限内未完成的批后核查次数，按部门", "Checks after a licence not made in time, by department"),
    first_action=Text("向审批和监管部门核实，限期补核", "Ask both departments; a new date is set"),
)  # fmt: skip

OVERLAP = Measure(
    "REF-16", "多部门重合对象联合任务率", "Joint tasks where departments overlap", needs=_BOTH, compute=overlap, owner="SCJG", state=True,
    numerator=Input("with_task", "有联合任务的对象", "Subjects with a joint task"), denominator=Input("several", "两个以上部门列入计划的对象", "Subjects planned by several departments"),
    levels=Levels(yellow="< 100 %"), basis=Basis("POL", "乌政办〔2023〕78号任务三：两个以上部门监管的对象应有联合任务"),
    formula=Text("有联合任务的对象 ÷ 近12个月两个以上部门列入计划的对象", "Subjects with a joint task ÷ subjects planned by two or more departments in 12 months"),
    first_action=Text("为重合对象自动生成联合任务", "Make a joint task for each of them"), reference=Text("100%", "100 %"),
)  # fmt: skip
