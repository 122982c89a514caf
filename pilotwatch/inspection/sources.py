"""Where due checks come from: departments' own plans, the share of each class, re-checks of orders, wishes."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from math import ceil

import pandas as pd

from pilotwatch.inspection import frequencies
from pilotwatch.inspection.done import finished
from pilotwatch.inspection.frequencies import KEY
from pilotwatch.inspection.world import COMMON_MINUTES, World
from pilotwatch.reform.common import exploded
from pilotwatch.store import plan_means


def planned(world: World) -> pd.DataFrame:
    """The departments' own plans that nobody carried out: in their window, or made up for where it is over."""
    rows = world.own_plans
    rows = rows[~finished(rows, world.past)]
    oldest = world.begin - pd.Timedelta(days=frequencies.MADE_UP_DAYS)
    rows = rows[(rows["own_first"] <= world.end) & (rows["own_last"] >= oldest)]
    late = (world.begin - rows["own_last"]).dt.days.clip(lower=0)
    officers = rows["officers_needed"].fillna(frequencies.OFFICERS)
    minutes = rows["minutes"].fillna(COMMON_MINUTES)
    return pd.DataFrame(
        {
            "subject_id": rows["subject_id"], "department": rows["department"], "matters": rows["matters"],
            "hours": minutes / 60 * officers, "late": late,
            "first": rows["own_first"].clip(lower=world.begin),
            "last": rows["own_last"].where(late == 0, world.end).clip(upper=world.end),
            "source": "plan", "ref": rows["plan_no"], "trigger": rows["trigger"],
            "alone": ~rows["mergeable"].astype("boolean"),
            "told": (rows["published_on"] <= world.begin).fillna(False),
        }
    )  # fmt: skip


def rechecks(world: World) -> pd.DataFrame:
    """Orders whose time is over by the end of the period and that nobody re-checked: within ten working days of then."""
    columns = ["subject_id", "order_no", "dept", "due_on", "recheck_on"]
    since = world.first - timedelta(days=frequencies.MADE_UP_DAYS)
    rows = world.desk.frame("order_to_correct", columns, where={"due_on": slice(since, world.last)})
    rows = rows[rows["recheck_on"].isna() & rows["dept"].notna() & rows["subject_id"].isin(world.subjects.index)]
    begin = rows["due_on"] + pd.Timedelta(days=1)
    limit = pd.to_datetime(
        pd.Series([world.calendar.add_working_days(d.date(), frequencies.RECHECK_WITHIN) for d in rows["due_on"]],
                  index=rows.index, dtype=object)
    ).astype("datetime64[s]")  # fmt: skip
    late = (world.begin - limit).dt.days.clip(lower=0)
    return pd.DataFrame(
        {
            "subject_id": rows["subject_id"], "department": rows["dept"], "matters": [("整改复查",)] * len(rows),
            "hours": COMMON_MINUTES / 60 * frequencies.OFFICERS, "late": late, "first": begin.clip(lower=world.begin),
            "last": limit.where(late == 0, world.end).clip(upper=world.end), "source": "recheck", "ref": rows["order_no"],
            "trigger": "复查", "alone": False, "told": True,
        }
    )  # fmt: skip


def requests(world: World) -> pd.DataFrame:
    """What people asked to have visited, a check for each department they named, with all its matters of the domain."""
    rows = plan_means.requests(world.desk, world.first, world.last)
    rows = rows[rows["subject_id"].isin(world.subjects.index)]
    rows = exploded(rows, "departments").rename(columns={"departments": "department"})
    own = world.practice.set_index(["domain", "department"])["matters"].to_dict()
    return pd.DataFrame(
        {
            "subject_id": rows["subject_id"], "department": rows["department"],
            "matters": [own.get(k, ()) for k in zip(rows["domain"], rows["department"], strict=True)],
            "hours": COMMON_MINUTES / 60 * frequencies.OFFICERS, "late": 0,
            "first": rows["first"].astype("datetime64[s]").clip(lower=world.begin),
            "last": rows["last"].astype("datetime64[s]").clip(upper=world.end), "source": "request",
            "ref": rows["id"].astype(str) + ":" + rows["department"].astype(str), "trigger": "专项", "alone": False, "told": True,
        }
    )  # fmt: skip


def shares(world: World, found: pd.DataFrame, seed: str) -> pd.DataFrame:
    """What each department still owes of each class this year, at the year's pace, chosen by ticket.

    Of a class of N, ceil(ratio · N) are checked in a year; those done or planned count. What is left is spread over the
    working days that are left. The ticket of a subject is the same for every department, so that those who check few check
    the same ones together; high-risk sites come first by their score.
    """
    year = world.first.year
    left = world.calendar.working_days_between(world.first - timedelta(days=1), date(year, 12, 31))
    inside = world.calendar.working_days_between(world.first - timedelta(days=1), world.last)
    pace = inside / max(1, left)
    cards = world.cards.join(world.subjects[["report_unit", "jurisdiction"]], on="subject_id")
    cards = cards[(cards["jurisdiction"] != "xpcc") & (cards["report_unit"] != "")]
    cards = cards.assign(
        ticket=[_ticket(seed, c, s) for c, s in zip(cards["of_class"], cards["subject_id"], strict=True)]
    )
    cards = cards.sort_values(["score", "ticket"], ascending=[False, True]).reset_index(drop=True)
    by_ticket = cards.sort_values("ticket")
    came = world.past.visits[world.past.visits["planned"] & (world.past.visits["day"].dt.year == year)]
    visited = came.groupby("department")["subject_id"].agg(set).to_dict()
    held = _together(world.arranged, found)
    groups = {
        (domain, of_class): (cards if of_class == KEY else by_ticket).loc[lambda c, d=domain, k=of_class: (c["domain"] == d) & (c["of_class"] == k)]
        for domain, of_class in set(zip(cards["domain"], cards["of_class"], strict=True))
    }  # fmt: skip
    chosen = []
    for domain, department, matters_of, hours in world.practice.itertuples(index=False):
        gone = visited.get(department, set())
        waiting = held.get(department, set())
        for of_class in frequencies.CLASSES:
            group = groups.get((domain, of_class))
            share = world.rules.share(department, of_class)
            if group is None or not share.ratio or not share.most:
                continue
            met = group["subject_id"].isin(gone)
            planned = group["subject_id"].isin(waiting) & ~met
            rest = max(0, ceil(round(share.ratio * len(group), 6)) - int(met.sum()))
            count = max(0, ceil(round(rest * pace, 6)) - int(planned.sum()))
            take = group[~met & ~planned].head(count)
            chosen.append(
                pd.DataFrame({"subject_id": take["subject_id"], "ref": f"{year}:{domain}:{department}:" + take["subject_id"].astype(str)})
                .assign(department=department, matters=[matters_of] * len(take), hours=hours)
            )  # fmt: skip
    rows = (
        pd.concat(chosen, ignore_index=True)
        if chosen
        else pd.DataFrame(columns=["subject_id", "ref", "department", "matters", "hours"])
    )
    return rows.assign(
        late=0, first=world.begin, last=world.end, source="frequency", trigger="双随机", alone=pd.NA, told=True
    )


def _together(arranged: pd.DataFrame, found: pd.DataFrame) -> dict[str, set[str]]:
    """Department → the subjects that it visits already: by an adopted plan, or by what was found due."""
    rows = pd.concat([arranged[["department", "subject_id"]], found[["department", "subject_id"]]])
    return rows.groupby("department")["subject_id"].agg(set).to_dict()


def _ticket(seed: str, of_class: str, subject: str) -> str:
    return hashlib.sha256(f"{seed}|{of_class}|{subject}".encode()).hexdigest()[:16]


def shaped(rows: pd.DataFrame) -> pd.DataFrame:
    """Types that don't depend on which source had rows."""
    days = {n: pd.to_datetime(rows[n]).astype("datetime64[s]") for n in ("first", "last")}
    numbers = {"hours": rows["hours"].astype(float), "late": rows["late"].astype("int64")}
    flags = {"alone": rows["alone"].astype("boolean"), "told": rows["told"].astype(bool)}
    texts = {n: rows[n].astype(object) for n in ("subject_id", "department", "source", "ref", "trigger", "matters")}
    return rows.assign(**days, **numbers, **flags, **texts)
