"""How often enterprises are visited, by how many at once, and how often twice for one thing (REF-01…03, 05, 07, 08, 11, 18)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from pilotwatch.domain import Basis, Input, Levels, Measure, Text
from pilotwatch.frames import Frames, events, latest, table
from pilotwatch.records import CreditRating, Inspection
from pilotwatch.reform.common import checks, exploded, lately, per_subject, visits

CAP = 4  # planned visits of an enterprise a year (PRAC, after Ningxia's regional list of 2026)
APART = 60  # natural days within which two planned visits by anyone are one too many

_POLICY = "国办发〔2024〕54号"
_VISITS = Input("visits", "入企检查户次", "Visits")


def fewer(frames: Frames, on: date) -> pd.DataFrame:
    """REF-01: each month that has ended against the same month of the year before: a visit counts 1 for the month a year
    on (numerator and denominator) and −1 for its own (numerator)."""
    rows = visits(frames, on)
    month = rows["day"].to_numpy("datetime64[M]")
    both = [(month, -1.0, 0.0), (month + np.timedelta64(12, "M"), 1.0, 1.0)]
    begun = np.datetime64(on + timedelta(days=1), "M")  # the first month that hasn't ended by the end of the day
    return pd.concat([events(rows[m < begun], m[m < begun].astype("datetime64[s]"), n, of) for m, n, of in both])


def saved(frames: Frames, on: date) -> pd.DataFrame:
    """REF-02: departments beyond the first in each visit."""
    rows = visits(frames, on)
    return events(rows, rows["day"], rows["teams"] - 1)


def joint(frames: Frames, on: date) -> pd.DataFrame:
    """REF-03: whether each planned visit was joint."""
    rows = visits(frames, on)
    rows = rows[rows["planned"]]
    return events(rows, rows["day"], rows["joint"])


_ALONE = {"双随机": "random", "日常": "routine", "专项": "special", "重点": "key"}


def problems(frames: Frames, on: date) -> pd.DataFrame:
    """REF-05: whether each visit found a problem, joint ones apart, the others by why they were made."""
    rows = visits(frames, on)
    kind = rows["trigger"].map(_ALONE).fillna("caused").where(~rows["joint"], "joint")
    return events(rows, rows["day"], rows["found"], kind=kind)


def repeated(frames: Frames, on: date) -> pd.DataFrame:
    """REF-07: by subject with a planned visit in 12 months: 1 where a department came twice for one matter, or anyone
    came twice within 60 days."""
    rows = lately(visits(frames, on), on)
    rows = rows[rows["planned"]].sort_values(["subject_id", "day"], kind="stable")
    since = rows["day"].diff().dt.days.where(rows["subject_id"].eq(rows["subject_id"].shift()))
    soon = rows.loc[since < APART, "subject_id"]
    matters = exploded(exploded(rows[["subject_id", "depts", "items"]], "depts"), "items")
    twice = matters.loc[matters.duplicated(["subject_id", "depts", "items"]), "subject_id"]
    found = per_subject(rows)
    return events(found, pd.Timestamp(on), found["subject_id"].isin({*soon, *twice}))


def over_cap(frames: Frames, on: date) -> pd.DataFrame:
    """REF-08: by subject visited in the calendar year: 1 where its planned visits are above the cap; the kind says how far."""
    rows = visits(frames, on)
    rows = rows[rows["day"] >= pd.Timestamp(on.year, 1, 1)]
    planned = rows["planned"].groupby(rows["subject_id"]).sum()
    found = planned.rename("planned").reset_index()
    kind = np.select([found["planned"] >= CAP + 2, found["planned"] > CAP], ["far", "near"], "within")
    return events(found, pd.Timestamp(on), found["planned"] > CAP, kind=pd.Series(kind, index=found.index))


def off_site(frames: Frames, on: date) -> pd.DataFrame:
    """REF-11: whether each check was made off site; those that don't say count in neither."""
    rows = checks(frames, on)
    return events(rows, rows["day"], rows["off"])


def by_class(frames: Frames, on: date) -> pd.DataFrame:
    """REF-18: by rated subject: its visits of 12 months, the kind its credit class in force."""
    ratings = table(frames, CreditRating, "month", "credit_class")
    ratings = ratings[ratings["month"] <= f"{on:%Y-%m}"].dropna(subset=["credit_class"])
    found = latest(ratings, "month", "subject_id").reset_index(drop=True)
    counted = lately(visits(frames, on), on)["subject_id"].value_counts()
    times = found["subject_id"].map(counted).fillna(0.0)
    return events(found, pd.Timestamp(on), times, kind=found["credit_class"])


FEWER = Measure(
    "REF-01", "入企检查压减率", "Fewer visits", needs=(Inspection,), compute=fewer, owner="SCJG",
    numerator=Input("fewer", "减少的入企户次", "Visits fewer than a year before"), denominator=Input("before", "上年同期入企户次", "Visits a year before"),
    levels=Levels(yellow="< 0 %"), basis=Basis("PRAC", f"{_POLICY}；同比上升为黄色（经验值）"),
    formula=Text("（上年同月户次 − 本年同月户次）÷ 上年同月户次，只比已结束的月份", "(Visits of the same months a year before − visits) ÷ visits a year before; months that have ended"),
    first_action=Text("核对新增检查的来源，能合并的合并，能非现场的不入企", "Look where the added checks come from; merge them or make them off site"),
    reference=Text("新疆2025年约30%，苏州30%，江门55%", "Xinjiang about 30 % in 2025, Suzhou 30 %, Jiangmen 55 %"),
)  # fmt: skip

SAVED = Measure(
    "REF-02", "减少企业干扰户次", "Visits saved", needs=(Inspection,), compute=saved, owner="SCJG", value="count", unit="户次",
    numerator=Input("saved", "减少户次", "Visits saved"), denominator=_VISITS,
    basis=Basis("POL", f"{_POLICY}：能合并的不重复、能联合的不多头"),
    formula=Text("联合检查中（参与部门数 − 1）之和", "Over joint visits: departments − 1"),
    first_action=Text("公布节省的户次，推广联合检查的做法", "Publish what was saved and spread how it was done"),
)  # fmt: skip

JOINT = Measure(
    "REF-03", "联合检查占比", "Joint share", needs=(Inspection,), compute=joint, owner="SCJG",
    numerator=Input("joint", "联合检查户次", "Joint visits"), denominator=Input("planned", "计划内检查户次", "Planned visits"),
    levels=Levels(yellow="< 60 %"), basis=Basis("PRAC", "年度60%（缙云2025）；淳安2027年目标为联合机会的80%"),
    formula=Text("计划内联合检查户次 ÷ 计划内检查户次（双随机、重点、专项、日常）", "Joint planned visits ÷ planned visits (random, key, special, routine)"),
    first_action=Text("把时间相近的计划撮合为联合任务", "Match plans that lie close to each other into joint tasks"),
    reference=Text("年度不低于60%", "60 % a year"),
)  # fmt: skip

PROBLEMS = Measure(
    "REF-05", "问题发现率", "Visits that found a problem", needs=(Inspection,), compute=problems, owner="SCJG",
    numerator=Input("found", "发现问题的户次", "Visits with a problem"), denominator=_VISITS,
    kinds=(
        Input("joint", "联合检查", "Joint"), Input("random", "双随机", "Random"), Input("routine", "日常", "Routine"),
        Input("special", "专项", "Special"), Input("key", "重点", "Key"), Input("caused", "有因检查", "For a cause"),
    ),
    basis=Basis("PRAC", "联合与单独检查对照，不设分级"),
    formula=Text("发现问题的户次 ÷ 入企检查户次，联合检查与各类单独检查分列", "Visits with a problem ÷ visits; joint ones and each kind of the others apart"),
    first_action=Text("发现率偏低的检查类型，调整抽查对象和比例", "Where little is found, change whom and how many are drawn"),
)  # fmt: skip

REPEATED = Measure(
    "REF-07", "重复检查户数", "Checked twice", needs=(Inspection,), compute=repeated, owner="SCJG", value="count", state=True, unit="户",
    numerator=Input("repeated", "被重复检查的对象", "Subjects checked twice"), denominator=Input("checked", "近12个月计划内检查过的对象", "Subjects with a planned visit, 12 months"),
    levels=Levels(yellow=">= 3"), basis=Basis("PRAC", "海南预警模型：同一区县3户即提示；有因检查不计"),
    formula=Text(
        "近12个月内同一部门对同一事项计划内检查2次及以上，或任意60天内计划内检查2次及以上的对象数",
        "Subjects with two planned visits by one department for one matter in 12 months, or two by anyone within 60 days",
    ),
    first_action=Text("核对计划，取消或合并重复的检查", "Compare the plans; cancel or merge what is double"),
)  # fmt: skip

OVER_CAP = Measure(
    "REF-08", "超频次检查户数", "Above the yearly cap", needs=(Inspection,), compute=over_cap, owner="SCJG", value="count", state=True, unit="户",
    numerator=Input("over", "超过年度频次上限的对象", "Subjects above the cap"), denominator=Input("visited", "本年检查过的对象", "Subjects visited this year"),
    kinds=(
        Input("far", "超过上限2次及以上", "Above by two or more"), Input("near", "超过上限1次", "Above by one"), Input("within", "未超过上限", "Within"),
    ),
    levels=Levels(red="far >= 1", orange=">= 1"), basis=Basis("PRAC", f"{_POLICY}要求公布年度频次上限；上限每年{CAP}次（宁夏2026年清单），乌鲁木齐上限待公布"),
    formula=Text(f"本年计划内检查超过{CAP}次的对象数；达到{CAP + 2}次为红色", f"Subjects with more than {CAP} planned visits this year; red from {CAP + 2}"),
    first_action=Text("停止对该对象的计划内检查，说明超频原因", "No more planned checks of it; say why there were so many"), reference=Text("0户", "None"),
)  # fmt: skip

OFF_SITE = Measure(
    "REF-11", "非现场检查占比", "Off-site share", needs=(Inspection,), compute=off_site, owner="SCJG",
    numerator=Input("off_site", "非现场检查次数", "Checks off site"), denominator=Input("checks", "检查次数", "Checks"),
    basis=Basis("POL", f"{_POLICY}：能书面、数据共享、智慧监管的不入企；看趋势，不设分级"),
    formula=Text("非现场检查次数 ÷ 全部检查次数（未注明的不计）", "Checks off site ÷ all checks that say which they are"),
    first_action=Text("把可在线核验的事项改为非现场检查", "Make off site what can be verified from data"), reference=Text("逐期上升", "Rising"),
)  # fmt: skip

BY_CLASS = Measure(
    "REF-18", "信用差异化度", "Visits by credit class", needs=(Inspection, CreditRating), compute=by_class, owner="FGW", state=True, unit="倍",
    numerator=Input("visits", "近12个月入企户次", "Visits, 12 months"), denominator=Input("rated", "有信用等级的对象", "Rated subjects"),
    kinds=tuple(Input(c, f"{c}级", f"Class {c}") for c in "ABCD"), against=("D", "A"),
    levels=Levels(yellow="< 5"), basis=Basis("PRAC", "信用分级分类监管；5倍为经验值"),
    formula=Text("D级对象的平均入企户次 ÷ A级对象的平均入企户次，近12个月", "Visits per subject of class D ÷ those per subject of class A, 12 months"),
    first_action=Text("提高D级对象抽查比例，A级对象无事不扰", "Draw more of class D, leave class A alone"), reference=Text("不低于5倍", "5 times"),
)  # fmt: skip
