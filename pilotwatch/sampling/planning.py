"""What the reform is measured by, drawn for any kind of subject: plans and what became of them, clues handed over, acts.

Plans of the past mostly became visits, those of one joint visit under one task; the rest were never carried out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pilotwatch.sampling import catalogue
from pilotwatch.sampling.city import City, Days, at_office_hours, lists, numbered, pick, where, years_of

if TYPE_CHECKING:
    from pilotwatch.sampling.supervision import Practice

PLANNED = {"双随机": 0.55, "专项": 0.2, "日常": 0.15, "重点": 0.1}
_CARRIED_OUT = 0.9  # of the plans of the past
_AHEAD = 70  # days
_ABOUT = ("name", "division_code", "street_code", "zone", "lng", "lat")


def plans(city: City, practice: Practice, subjects: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """Each department's planned checks of the last year and the next ten weeks."""
    rng = city.rng(f"{practice.code} plans")
    about = [practice.key, *_ABOUT]
    count = rng.poisson(len(subjects) * practice.visits * 0.8)
    ahead = round(count * _AHEAD / (365 + _AHEAD))
    visits = _by_department(city, checks)[: round((count - ahead) * _CARRIED_OUT)]
    done = len(visits)
    risk = subjects["risk"].to_numpy()
    at = rng.choice(len(subjects), count - done, p=(0.4 + risk) / (0.4 + risk).sum())
    drawn = city.days(rng, count - done, city.today - np.timedelta64(365, "D"), city.today - np.timedelta64(1, "D"))
    drawn[:ahead] = city.days(rng, ahead, city.today, city.today + np.timedelta64(_AHEAD, "D"))
    visited: Days = visits["inspected_on"].to_numpy().astype("datetime64[D]")
    first = np.concatenate([visited - rng.integers(0, 13, done), drawn])
    published = first - rng.integers(10, 40, count)
    trigger = np.concatenate([visits["trigger"].to_numpy(object), pick(rng, PLANNED, count - done)])
    number = np.arange(count) + city.part * 1_000_000
    late_task = where(
        (drawn < city.today - 30) & (rng.random(count - done) < 0.4), numbered("RWJ" + practice.code, number[done:], 7)
    )
    unseen = subjects[about].iloc[at]
    return pd.concat([visits[about], unseen], ignore_index=True).assign(
        plan_no=numbered("JH" + years_of(first) + practice.code, number, 7),
        dept=np.concatenate([visits["dept"].to_numpy(object), pick(rng, practice.departments, count - done)]),
        items=np.concatenate([visits["items"].to_numpy(object), lists(rng, practice.matters, count - done, 1, 3)]),
        trigger=np.where(rng.random(count) < 0.03, "批后核查", trigger),
        window_from=first,
        window_until=first + rng.choice([13, 20, 29, 59], count),
        minutes=rng.choice([30, 45, 60, 90, 120], count),
        officers_needed=rng.choice([2, 2, 2, 3], count),
        mergeable=rng.random(count) < 0.85,
        published_on=where((rng.random(count) < 0.96) & (published <= city.today), published),
        task_no=np.concatenate([visits["task_no"].to_numpy(object), late_task]),
        risk_level=np.concatenate([np.full(done, None, object), np.select([risk[at] > 0.6, risk[at] > 0.3], ["high", "medium"], "low")]),
    )  # fmt: skip


def _by_department(city: City, checks: pd.DataFrame) -> pd.DataFrame:
    """The planned visits of the last year, a row for each department in it, the newest visits first."""
    lately = checks["inspected_on"].to_numpy().astype("datetime64[D]") > city.today - 365
    visits = checks[lately & checks["trigger"].isin(list(PLANNED)).to_numpy()].sort_values("scan_id", ascending=False)
    teams = [json.loads(text) for text in visits["depts"]]
    rows = visits.iloc[np.repeat(np.arange(len(visits)), [len(team) for team in teams])].reset_index(drop=True)
    return rows.assign(dept=[dept for team in teams for dept in team])


def handed_over(city: City, practice: Practice, clues: pd.DataFrame) -> pd.DataFrame:
    """The clues, some of them transferred to another department, and a few of those returned for more material."""
    rng = city.rng(f"{practice.code} transfers")
    n = len(clues)
    received = clues["received_at"].to_numpy().astype("datetime64[s]")
    at = received + rng.integers(1, 6, n).astype("timedelta64[D]")
    back = at + rng.integers(2, 9, n).astype("timedelta64[D]")
    moved = (rng.random(n) < 0.09) & (at.astype("datetime64[D]") <= city.today)
    returned = moved & (rng.random(n) < 0.07) & (back.astype("datetime64[D]") <= city.today)
    return clues.assign(
        transferred_at=where(moved, at),
        transferred_to=where(moved, pick(rng, practice.departments, n)),
        transfer_offline=where(moved, rng.random(n) < 0.05),
        returned_at=where(returned, back),
    )


def acts(city: City, practice: Practice, checks: pd.DataFrame, penalties: pd.DataFrame) -> pd.DataFrame:
    """Acts of enforcement with what the three systems ask of them: every penalty, and a few of the checks."""
    rng = city.rng(f"{practice.code} acts")
    few = checks[rng.random(len(checks)) < 0.04]
    about = [practice.key, "name", "division_code", "zone"]
    both = pd.concat([penalties[about], few[about]], ignore_index=True)
    decided: Days = np.concatenate([penalties["decided_on"], few["inspected_on"]]).astype("datetime64[D]")
    n, penalty = len(both), np.arange(len(both)) < len(penalties)
    first = [json.loads(text)[0] for text in few["depts"]]
    at = at_office_hours(rng, decided)
    major = penalty & (rng.random(n) < 0.3)
    published = decided + rng.integers(1, 9, n) + np.where(rng.random(n) < 0.05, 12, 0)
    closed = decided + rng.integers(5, 40, n)
    archived = closed + rng.integers(3, 28, n)
    reviewed = at - rng.integers(1, 9, n).astype("timedelta64[D]")
    pairs = np.array(
        [json.dumps(list(p), ensure_ascii=False) for p in zip(city.people(rng, 40), city.people(rng, 40), strict=True)],
        object,
    )
    certs = np.array([json.dumps([f"6501{a:06}", f"6501{a + 500:06}"]) for a in range(40)], object)
    pair = rng.integers(40, size=n)
    return both.assign(
        act_id=numbered("ZF" + years_of(decided) + practice.code, np.arange(n) + city.part * 1_000_000, 7),
        type=np.where(penalty, "处罚", "检查"),
        dept=[*penalties["dept"], *first],
        officers=pairs[pair],
        certs=certs[pair],
        started_at=at - np.where(penalty, rng.integers(10, 60, n), 0).astype("timedelta64[D]"),
        decided_at=at,
        published_at=where((rng.random(n) < 0.98) & (published <= city.today), published.astype("datetime64[s]")),
        text_record=rng.random(n) < 0.995,
        av_record=rng.random(n) < 0.98,
        closed_on=where(closed <= city.today, closed),
        archived_on=where((archived <= city.today) & (rng.random(n) < 0.97), archived),
        review_required=major,
        reviewed_at=where(major & (rng.random(n) < 0.97), reviewed),
        collective_discussion=major & (rng.random(n) < 0.98),
        hearing_notice=major & (rng.random(n) < 0.98),
    )  # fmt: skip


def matters(city: City, practice: Practice) -> pd.DataFrame:
    """What the practice's departments may check. Where it is written out, that is the list of today, and a sixth as many
    again were taken off within the last year; else every department checks everything, and one in six was taken off.

    One list for the whole city: it comes with the first part, the others add nothing to it.
    """
    items = practice.items if city.part == 0 else ()
    today = catalogue.listed(city, practice.code, practice.scene, practice.field, items)
    return (
        pd.concat([today, _earlier(city, practice, len(items))], ignore_index=True)
        if items
        else _earlier(city, practice, 0)
    )


def _earlier(city: City, practice: Practice, written: int) -> pd.DataFrame:
    """The matters that aren't written out, numbered after those that are."""
    rng = city.rng(f"{practice.code} matters")
    named = [(dept, name) for dept in practice.departments for name in practice.matters if city.part == 0]
    if written:
        now = {(i.dept, i.name) for i in practice.items}
        named = [pair for pair in named if pair not in now]
        named = [named[i] for i in sorted(rng.permutation(len(named))[: max(1, written // 6)])]
    n = len(named)
    gone = city.today - rng.integers(20, 300, n)
    return pd.DataFrame(
        {
            "item_code": numbered(f"JC-{practice.code}-", np.arange(n) + 1 + written, 3),
            "name": [name for _, name in named],
            "dept": [dept for dept, _ in named],
            "basis": "见权责清单",
            "yearly_cap": rng.choice([1, 2, 4], n),
            "joint": rng.random(n) < 0.6,
            "valid_from": np.full(n, city.start),
            "valid_until": where(np.ones(n, bool) if written else rng.random(n) < 1 / 6, gone),
            "published_on": np.full(n, city.start),
        }
    )
