"""What departments do about any kind of subject: checks, scans, plans, complaints, orders, penalties, clues.

The same for every domain; a domain's sample says in a `Practice` who checks what and what people complain of, and adds
its own records. The three years tell the reform's story: fewer visits each year, more of them joint, scans since the
second year. A few shops that nothing speaks against are visited far too often (planted as `over_inspected`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from pilotwatch.sampling import listing, planning
from pilotwatch.sampling.catalogue import Item
from pilotwatch.sampling.city import City, Days, at_office_hours, lists, months_of, numbered, pick, where, years_of, ymd

_TRIGGERS = {
    "双随机": 0.36, "日常": 0.16, "专项": 0.15, "重点": 0.08, "投诉举报": 0.10, "复查": 0.07, "移送": 0.03, "交办": 0.03, "应急": 0.02,
}  # fmt: skip
_EXEMPT = {"突发事件": 0.3, "暗访": 0.6, "其他": 0.1}
_CHANNELS = {
    "12345": 0.3, "12315": 0.22, "日常检查": 0.14, "双随机抽查": 0.1, "部门移送": 0.08, "上级转办交办": 0.05, "网格/社区上报": 0.05,
    "信访": 0.03, "新闻媒体/舆情": 0.02, "企业自报": 0.01,
}  # fmt: skip
_RATINGS = {5: 0.62, 4: 0.22, 3: 0.1, 2: 0.02, 1: 0.01}
_YEARLY_VISITS = np.array([1.0, 0.86, 0.68])  # of the three years, oldest first
_JOINT = np.array([0.10, 0.28, 0.55])
_OFF_SITE = np.array([0.03, 0.08, 0.16])  # of the checks by one department


@dataclass(frozen=True)
class Practice:
    """How one domain's subjects are supervised. Frequencies are per subject and year."""

    code: str  # two or three letters, for the numbers of documents
    key: str  # the column that names the subject: uscc, house_no
    dataset: str
    departments: Mapping[str, float]  # who checks, how often relative to each other; the first one leads
    matters: Sequence[str]
    problems: Sequence[str]
    visits: float
    complaints: float = 0.0
    complaint_subjects: Sequence[str] = ()
    over_inspected: int = 0  # per whole city
    rated: bool = True  # whether subjects have a credit class
    scene: str = ""  # what the list of matters calls this kind of place: 加油站
    field: str = ""
    items: Sequence[Item] = ()  # the list of matters, where it is written out
    listed: float = 0.0  # the share of subjects that the department that checks most has in a list of its own


def supervise(city: City, practice: Practice, subjects: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The shared records about `subjects`.

    `subjects`: the practice's key, `name, division_code, street_code, zone, lng, lat`, and `risk` from 0 to 1, which
    makes visits, problems and complaints more likely; `address` where departments list them. A subject with `complaint_surge_on` is complained of by crowds
    from that day on.
    """
    visits = _visits(city, practice, subjects)
    checks = _inspections(city, practice, subjects, visits)
    penalties = _penalties(city, practice, checks)
    frames = {
        "inspection": checks,
        "scan_in": _scans(city, practice, checks),
        "planned_check": planning.plans(city, practice, subjects, checks),
        "order_to_correct": _orders(city, practice, checks),
        "penalty": penalties,
        "clue": planning.handed_over(city, practice, _clues(city, practice, subjects)),
        "enforcement_act": planning.acts(city, practice, checks, penalties),
        "matter": planning.matters(city, practice),
    }
    if practice.listed:
        frames["listed_object"] = listing.objects(city, practice, subjects)
    if practice.complaints:
        frames["complaint"] = _complaints(city, practice, subjects)
    if practice.rated:
        frames["credit_rating"] = _ratings(city, practice, subjects)
    return frames


# --- visits ------------------------------------------------------------------------------------------------------


def _visits(city: City, practice: Practice, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row a visit: the subject's row, the day, why, and how many departments came."""
    rng = city.rng(f"{practice.code} visits")
    propensity = 0.5 + subjects["risk"].to_numpy()
    year = np.repeat(np.arange(3), len(subjects))
    expected = practice.visits * np.tile(propensity / propensity.mean(), 3) * _YEARLY_VISITS[year]
    times = rng.poisson(expected)
    who, year = np.repeat(np.tile(np.arange(len(subjects)), 3), times), np.repeat(year, times)
    days = city.start + (year * 365 + rng.integers(0, 365, len(who)))
    joint = rng.random(len(who)) < _JOINT[year]
    frame = pd.DataFrame({"who": who, "day": days, "joint": joint, "trigger": pick(rng, _TRIGGERS, len(who))})
    far = city.rng(f"{practice.code} off site").random(len(who)) < _OFF_SITE[year]
    frame["off"] = far & ~joint & frame["trigger"].isin(list(planning.PLANNED)).to_numpy()
    return pd.concat([frame, _too_many(city, practice, subjects)], ignore_index=True).sort_values("day", kind="stable")


def _too_many(city: City, practice: Practice, subjects: pd.DataFrame) -> pd.DataFrame:
    """Nine to sixteen planned visits in the last year to each of a few blameless subjects, by one department at a time."""
    rng = city.rng(f"{practice.code} too many visits")
    blameless = np.flatnonzero((subjects["risk"] < 0.25).to_numpy() & subjects["lng"].notna().to_numpy())
    few = city.count(practice.over_inspected) if practice.over_inspected else 0
    who = rng.permutation(blameless)[:few]
    times = rng.integers(9, 17, len(who))
    city.plant("over_inspected", practice.dataset, subjects[practice.key].to_numpy(object)[who], planned_visits=times)
    many = np.repeat(who, times)
    days = city.days(rng, len(many), city.today - np.timedelta64(330, "D"))
    return pd.DataFrame(
        {"who": many, "day": days, "joint": False, "off": False, "trigger": pick(rng, planning.PLANNED, len(many))}
    )


def _inspections(city: City, practice: Practice, subjects: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng(f"{practice.code} inspections")
    n = len(visits)
    at = visits["who"].to_numpy()
    days: Days = visits["day"].to_numpy().astype("datetime64[D]")
    came, depts = _teams(rng, practice, visits["joint"].to_numpy(bool))
    risk = subjects["risk"].to_numpy()[at]
    found = rng.random(n) < 0.1 + 0.5 * risk
    result = np.where(found, pick(rng, {"责令改正": 0.55, "发现问题": 0.4, "移送": 0.05}, n), "未发现问题")
    began = at_office_hours(rng, days)
    scanned = (days >= city.start + 365) & (rng.random(n) < np.where(days > city.today - 365, 0.96, 0.82))
    off = visits["off"].to_numpy(bool)
    scanned_in = scanned & ~off
    frame = _of(subjects, practice, at)
    return frame.assign(
        scan_id=numbered("SM" + ymd(days) + practice.code, np.arange(n) + city.part * 1_000_000, 7),
        depts=depts,
        joint=came > 1,
        task_no=numbered("RW" + years_of(days) + practice.code, np.arange(n) + city.part * 1_000_000, 7),
        trigger=visits["trigger"].to_numpy(),
        items=lists(rng, practice.matters, n, 1, 4),
        inspected_on=days,
        scan_in_at=where(scanned_in, began),
        scan_out_at=where(scanned_in, began + rng.integers(25, 180, n).astype("timedelta64[m]")),
        exempt_reason=where(~scanned & ~off & (rng.random(n) < 0.15), pick(rng, _EXEMPT, n)),
        result=result,
        problems=where(found, lists_as_text(rng, practice.problems, n)),
        rating=pd.array(where(scanned_in & (rng.random(n) < 0.6), pick(rng, _RATINGS, n)), "Int64"),
        off_site=off,
        published_on=_published(city, practice, visits),
    )


def _published(city: City, practice: Practice, visits: pd.DataFrame) -> Days:
    """When the results of planned visits were published: mostly within 20 working days, some late, some never."""
    rng = city.rng(f"{practice.code} results")
    n, days = len(visits), visits["day"].to_numpy().astype("datetime64[D]")
    told = days + np.where(rng.random(n) < 0.95, rng.integers(2, 25, n), rng.integers(32, 60, n))
    return where(visits["trigger"].isin(list(planning.PLANNED)) & (rng.random(n) < 0.97) & (told <= city.today), told)


def _teams(
    rng: Generator, practice: Practice, joint: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """How many departments came on each visit, and which, as JSON lists, the first one leading."""
    codes = np.array(list(practice.departments), object)
    weights = np.array(list(practice.departments.values()))
    size = np.where(joint, np.minimum(2 + rng.geometric(0.55, len(joint)) - 1, len(codes)), 1)
    # Gumbel noise on the logarithms draws departments without replacement, by their weights, all rows at once.
    order = np.argsort(-(np.log(weights) + rng.gumbel(size=(len(joint), len(codes)))), axis=1)
    known: dict[tuple[int, ...], str] = {}
    teams = [tuple(row[:k]) for row, k in zip(order.tolist(), size.tolist(), strict=True)]
    for team in set(teams):
        known[team] = json.dumps([codes[i] for i in team])
    return size, np.array([known[t] for t in teams], object)


def _scans(city: City, practice: Practice, checks: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng(f"{practice.code} scans")
    scans = checks[checks["scan_in_at"].notna()]
    n = len(scans)
    frame = scans[
        ["scan_id", "task_no", practice.key, "division_code", "street_code", "zone", "items", "trigger", "scan_in_at", "scan_out_at", "result", "rating"]
    ].copy()  # fmt: skip
    frame["site"], frame["dept"] = scans["name"], scans["depts"]
    metres = np.where(rng.random(n) < 0.04, rng.uniform(320, 4_000, n), rng.gamma(2, 25, n)).round(1)
    frame["distance_to_site_m"] = np.where(scans["lng"].notna(), metres, np.nan)
    frame["notice_no"] = numbered("TZ" + practice.code, np.arange(n) + city.part * 1_000_000, 8)
    return frame.reset_index(drop=True)


# --- what follows from a visit -----------------------------------------------------------------------------------


def _orders(city: City, practice: Practice, checks: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng(f"{practice.code} orders")
    ordered = checks[checks["result"] == "责令改正"]
    n = len(ordered)
    issued: Days = ordered["inspected_on"].to_numpy().astype("datetime64[D]")
    due = issued + rng.choice([7, 15, 15, 30], n)
    took = rng.gamma(4, 3.5, n).astype(int) + 1
    done = issued + took
    finished = (done <= city.today) & (rng.random(n) < 0.93)
    recheck = done + rng.integers(1, 20, n)
    rechecked = finished & (recheck <= city.today) & (rng.random(n) < 0.9)
    frame = ordered[[practice.key, "name", "division_code", "zone"]].reset_index(drop=True)
    return frame.assign(
        order_no=numbered(
            "责改〔" + years_of(issued) + f"〕{practice.code}", np.arange(n) + city.part * 1_000_000, 7, "号"
        ),
        dept=_leader(ordered["depts"]),
        problem=ordered["problems"].to_numpy(object),
        issued_on=issued,
        due_on=due,
        done_on=where(finished, done),
        recheck_on=where(rechecked, recheck),
        recheck_ok=where(rechecked, rng.random(n) < 0.94),
    )


def _penalties(city: City, practice: Practice, checks: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng(f"{practice.code} penalties")
    wrong = checks[checks["result"].isin(["责令改正", "发现问题"])]
    wrong = wrong[rng.random(len(wrong)) < 0.12]
    n = len(wrong)
    decided: Days = wrong["inspected_on"].to_numpy().astype("datetime64[D]") + rng.integers(20, 89, n)
    kind = pick(rng, {'["罚款"]': 0.6, '["警告"]': 0.25, '["警告", "罚款"]': 0.1, '["罚款", "没收违法所得"]': 0.05}, n)
    fined, taken = np.char.find(kind.astype(str), "罚款") >= 0, np.char.find(kind.astype(str), "没收") >= 0
    published, paid = decided + rng.integers(1, 12, n), decided + rng.integers(2, 30, n)
    frame = wrong[[practice.key, "name", "division_code", "zone"]].reset_index(drop=True).assign(
        decision_no=numbered("罚决〔" + years_of(decided) + f"〕{practice.code}", np.arange(n) + city.part * 1_000_000, 7, "号"),
        dept=_leader(wrong["depts"]),
        act=wrong["problems"].to_numpy(object),
        kind=kind,
        fine=where(fined, rng.choice([500, 2_000, 5_000, 10_000, 20_000, 30_000], n).astype(float)),
        confiscated=where(taken, (rng.gamma(2, 3_000, n)).round(2)),
        decided_on=decided,
        published_on=where((rng.random(n) < 0.95) & (published <= city.today), published),
        paid_on=where(fined & (rng.random(n) < 0.9) & (paid <= city.today), paid),
    )  # fmt: skip
    return frame[(decided <= city.today)].reset_index(drop=True)


# --- what people say ---------------------------------------------------------------------------------------------


def _complaints(city: City, practice: Practice, subjects: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng(f"{practice.code} complaints")
    propensity = 0.3 + subjects["risk"].to_numpy()
    times = rng.poisson(practice.complaints * 3 * propensity / propensity.mean())
    at = np.repeat(np.arange(len(subjects)), times)
    days = city.days(rng, len(at))
    if "complaint_surge_on" in subjects:
        surging = np.flatnonzero(subjects["complaint_surge_on"].notna().to_numpy())
        crowd = np.repeat(surging, rng.integers(14, 45, len(surging)))
        since: Days = subjects["complaint_surge_on"].to_numpy().astype("datetime64[D]")[crowd]
        late = since + (rng.random(len(crowd)) ** 0.7 * ((city.today - since).astype(int) + 1)).astype(int)
        at, days = np.concatenate([at, crowd]), np.concatenate([days, late])
    n = len(at)
    received = at_office_hours(rng, days)
    took = rng.gamma(3, 3, n).astype(int) + 1
    closed = received + took.astype("timedelta64[D]")
    ended = (closed.astype("datetime64[D]") <= city.today) & (rng.random(n) < 0.96)
    source = pick(rng, {"12345": 0.55, "12315": 0.4, "其他": 0.05}, n)
    frame = _of(subjects, practice, at)
    return frame.assign(
        source=source,
        ref_no=numbered("TS" + ymd(days) + practice.code, np.arange(n) + city.part * 1_000_000, 7),
        received_at=received,
        kind=pick(rng, {"投诉": 0.72, "举报": 0.18, "咨询": 0.06, "求助": 0.04}, n),
        subject=np.array(practice.complaint_subjects, object)[rng.integers(len(practice.complaint_subjects), size=n)],
        amount=where(rng.random(n) < 0.6, rng.lognormal(7.3, 0.9, n).round(2)),
        people_count=np.where(rng.random(n) < 0.05, rng.integers(2, 18, n), 1),
        dept=pick(rng, dict(list(practice.departments.items())[:3]), n),
        status=np.where(ended, "已办结", pick(rng, {"办理中": 0.85, "待受理": 0.15}, n)),
        closed_at=where(ended, closed),
        satisfied=where(ended & (rng.random(n) < 0.7), rng.random(n) < 0.88),
    )


def _clues(city: City, practice: Practice, subjects: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng(f"{practice.code} clues")
    n = rng.poisson(len(subjects) * practice.visits * 0.18 * 3)
    propensity = 0.1 + subjects["risk"].to_numpy()
    at = rng.choice(len(subjects), n, p=propensity / propensity.sum())
    received = at_office_hours(rng, city.days(rng, n))
    took = rng.gamma(3, 6, n).astype(int) + 2
    closed = received + took.astype("timedelta64[D]")
    ended = (closed.astype("datetime64[D]") <= city.today) & (rng.random(n) < 0.97)
    closing = pick(
        rng,
        {
            "corrected": 0.38,
            "no_violation": 0.26,
            "penalty": 0.12,
            "mediated": 0.12,
            "transferred": 0.06,
            "exempt": 0.04,
            "duplicate": 0.02,
        },
        n,
    )
    frame = _of(subjects, practice, at)
    return frame.assign(
        clue_no=numbered("XS" + ymd(received) + practice.code, np.arange(n) + city.part * 1_000_000, 7),
        channel=pick(rng, _CHANNELS, n),
        received_at=received,
        content=np.array(practice.problems, object)[rng.integers(len(practice.problems), size=n)],
        domain=practice.code,
        people_count=np.where(rng.random(n) < 0.06, rng.integers(2, 12, n), 1),
        urgency=pick(rng, {"一般": 0.86, "紧急": 0.12, "特急": 0.02}, n),
        real_name=rng.random(n) < 0.6,
        confidential=rng.random(n) < 0.1,
        lead_dept=pick(rng, practice.departments, n),
        due_at=received + rng.choice([7, 15, 30, 60], n).astype("timedelta64[D]"),
        state=np.where(
            ended, "closed", pick(rng, {"assigned": 0.25, "signed": 0.2, "verifying": 0.35, "disposing": 0.2}, n)
        ),
        closing=where(ended, closing),
        closed_at=where(ended, closed),
    )


def _ratings(city: City, practice: Practice, subjects: pd.DataFrame) -> pd.DataFrame:
    """The credit class of every subject at the beginning of each half-year."""
    rng = city.rng(f"{practice.code} ratings")
    months = city.months[::6]
    at = np.tile(np.arange(len(subjects)), len(months))
    score = subjects["risk"].to_numpy()[at] + rng.normal(0, 0.05, len(at))
    frame = subjects[[practice.key, "name", "division_code", "zone"]].iloc[at].reset_index(drop=True)
    return frame.assign(
        month=np.repeat(months_of(months), len(subjects)),
        credit_class=np.select([score > 0.85, score > 0.6, score > 0.25], ["D", "C", "B"], "A"),
    )


# --- small things ------------------------------------------------------------------------------------------------


def lists_as_text(rng: Generator, options: Sequence[str], n: int) -> NDArray[np.object_]:
    """One or two of the options, as people write them: joined by `；`."""
    pairs = [a if a == b else f"{a}；{b}" for a in options for b in options]
    singles = list(options) * len(options)
    return np.array(pairs + singles, object)[rng.integers(len(pairs) * 2, size=n)]


def _of(subjects: pd.DataFrame, practice: Practice, at: NDArray[np.intp]) -> pd.DataFrame:
    """The columns that say which subject a record is about, for the given rows of `subjects`."""
    columns = [practice.key, "name", "division_code", "street_code", "zone", "lng", "lat"]
    return subjects[columns].iloc[at].reset_index(drop=True)


def _leader(depts: pd.Series) -> NDArray[np.object_]:
    """The first department of each JSON list."""
    codes, distinct = pd.factorize(depts.to_numpy(object))
    return np.array([json.loads(text)[0] for text in distinct], object)[codes]
