"""The three systems of enforcement: publicity, records, legal review (REF-17; checks C1–C9 of domain-rules B.5).

Each check says of an act: broken, kept, or unknown. An act fails where one is surely broken, passes where all that
concern it are kept, and isn't judged where none is broken and one is unknown.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from pilotwatch.domain import Basis, Input, Levels, Measure, Text
from pilotwatch.frames import Frames, events, once, table, working_days
from pilotwatch.records import EnforcementAct
from pilotwatch.workdays import Calendar
from pilotwatch.workdays.arrays import due_dates

PUBLISH_WITHIN = {"处罚": "7wd", "许可": "7wd"}  # 国办发〔2018〕118号; market regulation's penalties 20 (Order 45)
PUBLISH_ELSE, MARKET_REGULATION = "20wd", "SCJG"
ARCHIVE_DAYS = 30  # after closing (PRAC)
_RECORDED = ("检查", "强制")  # acts on site, of which a recording is wanted
_FIELDS = (
    "type", "dept", "officers", "certs", "started_at", "decided_at", "published_at", "text_record", "av_record", "closed_on",
    "archived_on", "review_required", "reviewed_at", "collective_discussion", "hearing_notice",
)  # fmt: skip

#: What each check is about, in the order in which the first broken one is told.
CHECKS = (
    Input("c1", "公示超期", "Published late"), Input("c2", "未公示", "Not published"), Input("c3", "执法人员或证件不足", "Officers or certificates"),
    Input("c4", "缺文字或音像记录", "No record"), Input("c5", "未按时归档", "Not archived"), Input("c6", "未经法制审核", "No legal review"),
    Input("c7", "未集体讨论", "Not discussed collectively"), Input("c8", "未告知听证权利", "No notice of a hearing"),
)  # fmt: skip


def qualified(frames: Frames, on: date) -> pd.DataFrame:
    """REF-17: by act, in the month of its decision: whether no check is broken; the kind is the first that is."""
    rows = _acts(frames, on)
    broken = pd.DataFrame({c.name: rows[c.name] for c in CHECKS})
    surely = broken.fillna(False).astype(bool)
    fails = surely.any(axis=1)
    kind = np.where(fails, np.array([c.name for c in CHECKS], object)[surely.to_numpy().argmax(axis=1)], "passed")
    good = (~fails).astype("boolean").mask(~fails & broken.isna().any(axis=1))
    return events(rows, rows["day"], good, kind=pd.Series(kind, index=rows.index))


def reviewed(frames: Frames, on: date) -> pd.DataFrame:
    """REF-17b (C9): by decision that needs legal review: whether it was reviewed before it was taken."""
    rows = _acts(frames, on)
    rows = rows[rows["review_required"].fillna(False).astype(bool)]
    return events(rows, rows["day"], ~rows["c6"])


def _acts(frames: Frames, on: date) -> pd.DataFrame:
    return once(frames, _judged, on)


def _judged(frames: Frames, on: date) -> pd.DataFrame:
    """The acts decided (inspections: begun) by `on`, with a column per check: True broken, False kept, NA unknown."""
    rows = table(frames, EnforcementAct, *_FIELDS)
    rows["day"] = rows["decided_at"].fillna(rows["started_at"].where(rows["type"] == "检查")).dt.normalize()
    rows = rows[rows["day"] <= pd.Timestamp(on)].reset_index(drop=True)
    today, end = pd.Timestamp(on), pd.Timestamp(on) + pd.Timedelta(days=1)
    due = _publish_by(rows, working_days(frames))
    told = rows["published_at"].dt.normalize().where(rows["published_at"] < end)
    major = rows["review_required"] & rows["type"].eq("处罚").astype("boolean")
    archive_by = rows["closed_on"].dt.normalize() + pd.Timedelta(days=ARCHIVE_DAYS)
    return rows.assign(
        c1=_known(told > due, told.isna() | due.notna()),
        c2=_known(told.isna() & (due < today), told.notna() | due.notna()),
        c3=_known((_count(rows["officers"]) < 2) | (_count(rows["certs"]) < 2), rows["officers"].notna() & rows["certs"].notna()),
        c4=~rows["text_record"] | (rows["type"].isin(_RECORDED).astype("boolean") & ~rows["av_record"]),
        c5=_known((archive_by < today) & ~(rows["archived_on"] <= archive_by)),
        c6=rows["review_required"] & _known(~(rows["reviewed_at"] <= rows["decided_at"])),
        c7=major & ~rows["collective_discussion"],
        c8=major & ~rows["hearing_notice"],
    )  # fmt: skip


def _publish_by(rows: pd.DataFrame, calendar: Calendar) -> pd.Series:
    """The last day to publish each act; NaT where the days can't be counted."""
    limit = rows["type"].map(PUBLISH_WITHIN).fillna(PUBLISH_ELSE)
    limit = limit.mask((rows["dept"] == MARKET_REGULATION) & (rows["type"] == "处罚"), PUBLISH_ELSE)
    due = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
    for text, mine in rows.groupby(limit)["day"]:
        due[mine.index] = due_dates(calendar, mine.to_numpy("datetime64[D]"), str(text)).due.astype("datetime64[s]")
    return due


def _count(lists: pd.Series) -> pd.Series:
    return lists.str.count('"') // 2


def _known(condition: pd.Series, known: pd.Series | None = None) -> pd.Series:
    told = condition.astype("boolean")
    return told if known is None else told.where(known)


QUALIFIED = Measure(
    "REF-17", "三项制度合格率", "Acts that keep the three systems", needs=(EnforcementAct,), compute=qualified, owner="SFJ",
    numerator=Input("kept", "合格的执法行为", "Acts that keep them"), denominator=Input("acts", "执法行为", "Acts"),
    kinds=(Input("passed", "合格", "Kept"), *CHECKS), levels=Levels(yellow="< 100 %"),
    basis=Basis("LAW", "《行政处罚法》第四十二、五十七、五十八、六十三条；国办发〔2018〕118号；归档30天为经验值"),
    formula=Text(
        "公示、全过程记录、法制审核各项检查（C1–C8）均未违反的执法行为 ÷ 可判定的执法行为；裁量幅度（C10）无数据，不查",
        "Acts that break none of the checks of publicity, record and review (C1–C8) ÷ acts that can be judged; the discretion band (C10) has no data",
    ),
    first_action=Text("逐件补正，执法监督部门通报", "Mend each act; the supervisor of enforcement reports on it"), reference=Text("100%", "100 %"),
)  # fmt: skip

REVIEWED = Measure(
    "REF-17b", "法制审核覆盖率", "Legal review", needs=(EnforcementAct,), compute=reviewed, owner="SFJ",
    numerator=Input("reviewed", "决定前已审核", "Reviewed before they were taken"), denominator=Input("required", "应审核的重大执法决定", "Decisions that need review"),
    levels=Levels(red="< 100 %"), basis=Basis("LAW", "《行政处罚法》第五十八条；乌政办〔2023〕78号任务九：全覆盖"),
    formula=Text("作出决定前已法制审核的 ÷ 应当法制审核的重大执法决定", "Reviewed before the decision ÷ decisions that need legal review"),
    first_action=Text("停止执行未审核的决定，补审并追责", "Stop what wasn't reviewed, review it and ask why"), reference=Text("100%", "100 %"),
)  # fmt: skip
