"""The three systems of enforcement (行政执法三项制度), checked: publicity, record of the whole course, legal review (B.5).

Each check is a row of a table: what it is about, its colour, and a mask over the acts. Pure: a frame of enforcement acts
in, findings out. What a column doesn't tell (a new list without it) is not held against an act.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotwatch.disposal.case import Case, day_of
from pilotwatch.domain import Level, Text
from pilotwatch.workdays import BEIJING, Calendar, CalendarUnknown

#: Acts with a decision to publish within 7 working days; other information has 20 (国办发〔2018〕118号).
_SOON = ("处罚", "许可")
_MARKET = ("SCJG", "SCJGJ")  # 总局令第45号: its penalties have 20 working days
_ON_SITE = ("检查", "强制")  # acts on site, of which a recording is wanted where the list doesn't say
ARCHIVE_DAYS = 30  # after closing (PRAC)

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Check:
    """`broken(acts)` gives the level of each act, "" where it isn't broken."""

    code: str
    title: Text
    basis: str
    broken: Callable[[Acts], NDArray[np.object_]]


@dataclass(frozen=True)
class Broken:
    """One act that breaks a check."""

    check: str
    level: Level
    act_id: str
    row: dict[str, Any]


class Acts:
    """The acts as columns with a default where the list doesn't have one."""

    def __init__(self, frame: pd.DataFrame, on: date, calendar: Calendar):
        self.frame, self.on, self.calendar = frame.reset_index(drop=True), on, calendar
        self.size = len(frame)

    def text(self, name: str) -> pd.Series:
        return self.frame[name].fillna("").astype(str) if name in self.frame else pd.Series([""] * self.size)

    def day(self, name: str) -> pd.Series:
        told = self.frame[name] if name in self.frame else pd.Series([None] * self.size)
        return _moments(told).dt.normalize()

    def moment(self, name: str) -> pd.Series:
        told = self.frame[name] if name in self.frame else pd.Series([None] * self.size)
        return _moments(told)

    def says(self, name: str, value: bool) -> Mask:
        """Where a yes-or-no column says this; an empty cell says neither."""
        if name not in self.frame:
            return np.zeros(self.size, bool)
        told = self.frame[name].astype(object)
        return np.array([v is not None and v is not pd.NA and v == v and bool(v) is value for v in told], bool)

    def asks(self, name: str, otherwise: Mask) -> Mask:
        """Where a column says that something is asked for; a list without the column: where the act's kind asks for it."""
        return self.says(name, True) if name in self.frame else otherwise

    def number(self, name: str) -> NDArray[np.float64]:
        told = self.frame[name] if name in self.frame else pd.Series([None] * self.size)
        return pd.to_numeric(told, errors="coerce").to_numpy(float)

    def decided(self) -> Mask:
        return self.day("decided_at").notna().to_numpy()

    def working_days(self, start: pd.Series, end: pd.Series) -> NDArray[np.float64]:
        """Working days after `start` up to and with `end`; NaN where one is empty or the calendar doesn't know."""
        found = np.full(self.size, np.nan)
        known: dict[tuple[Any, Any], float] = {}
        for i, pair in enumerate(zip(start, end, strict=True)):
            if pd.isna(pair[0]) or pd.isna(pair[1]):
                continue
            if pair not in known:
                try:
                    known[pair] = self.calendar.working_days_between(pair[0].date(), pair[1].date())
                except CalendarUnknown:
                    known[pair] = np.nan
            found[i] = known[pair]
        return found

    def publish_within(self) -> NDArray[np.float64]:
        soon = self.text("type").isin(_SOON).to_numpy()
        market = self.text("dept").isin(_MARKET).to_numpy() & self.text("type").eq("处罚").to_numpy()
        return np.where(soon & ~market, 7.0, 20.0)


def _moments(told: pd.Series) -> pd.Series:
    """Dates and moments on the clock of Beijing, as records keep them."""
    moments = pd.to_datetime(told)
    if moments.dt.tz is not None:
        moments = moments.dt.tz_convert(BEIJING).dt.tz_localize(None)
    return moments.astype("datetime64[s]")


def _where(mask: Mask, level: str) -> NDArray[np.object_]:
    return np.where(mask, level, "").astype(object)


def _published_late(acts: Acts) -> NDArray[np.object_]:
    taken = acts.working_days(acts.day("decided_at"), acts.day("published_at"))
    limit = acts.publish_within()
    with np.errstate(invalid="ignore"):
        return np.select([taken > 2 * limit, taken > limit], ["red", "orange"], "").astype(object)


def _unpublished(acts: Acts) -> NDArray[np.object_]:
    today = pd.Series([pd.Timestamp(acts.on)] * acts.size)
    waited = acts.working_days(acts.day("decided_at"), today)
    with np.errstate(invalid="ignore"):
        return _where(acts.day("published_at").isna().to_numpy() & (waited > acts.publish_within()), "red")


def _officers(acts: Acts) -> NDArray[np.object_]:
    """Fewer than two officers, or fewer valid certificates than two (行政处罚法 art. 42)."""
    few = np.zeros(acts.size, bool)
    for name in ("officers", "certs"):
        if name in acts.frame:
            told = acts.frame[name]
            few |= np.array([_length(v) is not None and _length(v) < 2 for v in told], bool)
    return _where(few | acts.says("certs_valid", False), "red")


def _length(value: Any) -> int | None:
    """How many a list holds, as JSON text or as a list; None for an empty cell."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value) or value == "":
        return None
    found = json.loads(value) if isinstance(value, str) else list(value)
    return len({str(v).strip() for v in found if str(v).strip()})


def _recorded(acts: Acts) -> NDArray[np.object_]:
    silent, on_site = acts.says("text_record", False), acts.text("type").isin(_ON_SITE).to_numpy()
    return _where(silent | (acts.asks("av_required", on_site) & acts.says("av_record", False)), "orange")


def _archived(acts: Acts) -> NDArray[np.object_]:
    closed, filed = acts.day("closed_on"), acts.day("archived_on")
    end = filed.fillna(pd.Timestamp(acts.on))
    return _where(((end - closed).dt.days > ARCHIVE_DAYS).to_numpy(), "yellow")


def _unreviewed(acts: Acts) -> NDArray[np.object_]:
    """Review was required and is missing, came after the decision, or was not by one who passed the legal exam (art. 58)."""
    required, decided = acts.says("review_required", True), acts.moment("decided_at")
    reviewed = acts.moment("reviewed_at")
    late = (reviewed > decided).to_numpy() | reviewed.isna().to_numpy()
    return _where(required & acts.decided() & (late | acts.says("reviewer_qualified", False)), "red")


def _major(acts: Acts) -> Mask:
    """Penalties that need legal review are the major ones, where a list doesn't say which are."""
    return acts.says("review_required", True) & acts.text("type").eq("处罚").to_numpy()


def _lacking(acts: Acts, name: str) -> Mask:
    """Where a record of something is wanting: said to be absent, or left empty in a list that has the column."""
    return ~acts.says(name, True) if name in acts.frame else np.zeros(acts.size, bool)


def _undiscussed(acts: Acts) -> NDArray[np.object_]:
    return _where(acts.decided() & acts.asks("major", _major(acts)) & _lacking(acts, "collective_discussion"), "red")


def _unheard(acts: Acts) -> NDArray[np.object_]:
    return _where(
        acts.decided() & acts.asks("hearing_required", _major(acts)) & _lacking(acts, "hearing_notice"), "red"
    )


def _outside_band(acts: Acts) -> NDArray[np.object_]:
    fine, low, high = (acts.number(n) for n in ("fine", "band_low", "band_high"))
    with np.errstate(invalid="ignore"):
        outside = (fine < low) | (fine > high)
    return _where(outside & acts.text("band_reason").eq("").to_numpy(), "yellow")


CHECKS: tuple[Check, ...] = (
    Check("C1", Text("公示不及时", "Published late"), "国办发〔2018〕118号；总局令第45号", _published_late),
    Check("C2", Text("逾期未公示", "Not published"), "国办发〔2018〕118号；总局令第45号", _unpublished),
    Check("C3", Text("执法人员少于2人或证件无效", "Fewer than two officers, or certificates invalid"), "行政处罚法第四十二条", _officers),
    Check("C4", Text("缺少文字或音像记录", "No text or audio-visual record"), "国办发〔2018〕118号", _recorded),
    Check("C5", Text("结案30日未归档", "Not filed away 30 days after closing"), "经验值", _archived),
    Check("C6", Text("应审核未经法制审核", "Legal review missing"), "行政处罚法第五十八条", _unreviewed),
    Check("C7", Text("重大复杂案件未集体讨论", "Not discussed collectively"), "行政处罚法第五十七条", _undiscussed),
    Check("C8", Text("未告知听证权利", "Not told of the right to a hearing"), "行政处罚法第六十三条", _unheard),
    Check("C10", Text("罚款超出裁量幅度未说明理由", "Fine outside the discretion band without a reason"), "行政处罚裁量基准", _outside_band),
)  # fmt: skip
#: C9 is about all decisions together: see `coverage`.
C9 = Text("法制审核覆盖率（乌政办〔2023〕78号任务九：全覆盖）", "Coverage of legal review (task 9: all of them)")


def broken(acts: pd.DataFrame, on: date, calendar: Calendar) -> list[Broken]:
    """Every check that an act breaks, in the order of the checks; `acts`: columns of 行政执法行为 and, where they are told,
    `av_required, closed_on, major, hearing_required, certs_valid, reviewer_qualified, fine, band_low, band_high,
    band_reason`."""
    told = Acts(acts, on, calendar)
    found = []
    for check in CHECKS:
        levels = check.broken(told)
        for i in np.flatnonzero(levels != ""):
            found.append(Broken(check.code, levels[i], str(told.frame["act_id"].iloc[i]), told.frame.iloc[i].to_dict()))
    return found


@dataclass(frozen=True)
class Coverage:
    """C9: legally reviewed major decisions ÷ major decisions; below 1 it is red, without any it can't be judged."""

    decisions: int
    reviewed: int

    @property
    def share(self) -> float | None:
        return self.reviewed / self.decisions if self.decisions else None

    @property
    def level(self) -> Level:
        return "nodata" if not self.decisions else "normal" if self.reviewed == self.decisions else "red"


def coverage(acts: pd.DataFrame, on: date, calendar: Calendar) -> Coverage:
    """The coverage of review among the acts that required it and were decided."""
    told = Acts(acts, on, calendar)
    required = told.says("review_required", True) & told.decided()
    missing = _unreviewed(told) != ""
    return Coverage(int(required.sum()), int((required & ~missing).sum()))


def of_case(case: Case) -> dict[str, Any]:
    """The penalty that was decided within a case, as a row that `broken` can check."""
    told = case.penalty
    return {
        "act_id": told.get("decision_no") or case.number, "type": "处罚", "dept": case.owner,
        "decided_at": told.get("decided_on"), "published_at": told.get("published_on"), "reviewed_at": told.get("reviewed_on"),
        "review_required": told.get("major") == "yes", "major": told.get("major") == "yes",
        "collective_discussion": told.get("discussed") == "yes", "hearing_required": told.get("major") == "yes",
        "hearing_notice": told.get("heard") == "yes", "fine": told.get("fine"), "band_low": told.get("band_low"),
        "band_high": told.get("band_high"), "band_reason": told.get("band_reason") or "",
        "archived_on": day_of(case.reached["archived"]).isoformat() if "archived" in case.reached else None,
        "closed_on": day_of(case.closed_at).isoformat() if case.closed_at else None,
    }  # fmt: skip
