"""What a plan as it stands would break, looked at anew on the day it is adopted: a month may lie between."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.inspection.house import House
from pilotwatch.inspection.ledger.limits import CROWDS, LIMITS
from pilotwatch.inspection.owed import Owed, owed
from pilotwatch.inspection.propose import titles
from pilotwatch.store import Desk, plans
from pilotwatch.store.plans import KeptPlan

Found = list[tuple[str, str, str, Text]]


def breaches(house: House, desk: Desk, kept: KeptPlan) -> pd.DataFrame:
    """What the plan as it stands would break, looked at anew: visit_id, name, kind, words (Text).

    Kinds: gone (a check that is no longer due, with why), window, day (no working day), quiet, cap, repeat, capacity.
    """
    visits = plans.visits(desk, plan_id=kept.id)
    due = owed(
        desk, house.registry, house.calendar(), kept.first, kept.last, units=kept.units, domains=kept.domains,
        seed=kept.parameters["seed"], apart_from=kept.id, titles=titles(house), about=visits,
    )  # fmt: skip
    checks = plans.checks(desk, kept.id)
    checks = checks[checks["visit_id"].notna()].assign(check_id=lambda c: c["source"] + ":" + c["ref"])
    checks = checks.merge(visits[["id", "day"]].rename(columns={"id": "visit_id"}), on="visit_id")
    found = [
        *_gone(due, checks), *_out_of_window(checks), *_on_days_off(due, visits), *_quiet_ones(due, visits),
        *_capped(due, visits), *_crowded(due, visits), *_overbooked(house, due, checks),
    ]  # fmt: skip
    return pd.DataFrame(found, columns=["visit_id", "name", "kind", "words"])


def _gone(due: Owed, checks: pd.DataFrame) -> Found:
    """A department's own plan, a re-check or a wish that was carried out or barred meanwhile; shares are owed as a number, so
    that another subject of the class would do as well: of them only what is barred counts."""
    there = set(due.checks["check_id"])
    why = dict(zip(due.left_out["check_id"], due.left_out["words"], strict=True))
    rows = checks[~checks["check_id"].isin(there) & ((checks["source"] != "frequency") | checks["check_id"].isin(why))]
    return [
        (c.visit_id, c.name, "gone", _GONE.format(name=c.name, why=why.get(c.check_id, _DONE)))
        for c in rows.itertuples()
    ]


def _out_of_window(checks: pd.DataFrame) -> Found:
    rows = checks[(checks["day"] < checks["first"]) | (checks["day"] > checks["last"])]
    return [
        (c.visit_id, c.name, "window", _WINDOW.format(name=c.name, day=f"{c.day:%Y-%m-%d}", first=f"{c.first:%Y-%m-%d}", last=f"{c.last:%Y-%m-%d}"))
        for c in rows.itertuples()
    ]  # fmt: skip


def _on_days_off(due: Owed, visits: pd.DataFrame) -> Found:
    rows = visits[~visits["day"].isin(pd.DatetimeIndex(due.days))]
    return [(v.id, v.name, "day", _DAY_OFF.format(name=v.name, day=f"{v.day:%Y-%m-%d}")) for v in rows.itertuples()]


def _quiet_ones(due: Owed, visits: pd.DataFrame) -> Found:
    both = visits[visits["counted"]].merge(due.quiet, on="subject_id") if len(due.quiet) else visits.head(0)
    rows = both[(both["day"] >= both["first"]) & (both["day"] <= both["last"])] if len(both) else both
    return [(v.id, v.name, "quiet", _QUIET.format(name=v.name, day=f"{v.day:%Y-%m-%d}")) for v in rows.itertuples()]


def _capped(due: Owed, visits: pd.DataFrame) -> Found:
    counted = visits[visits["counted"]]
    times = counted["subject_id"].value_counts()
    allowed = due.caps.set_index("subject_id")["allowed"].reindex(times.index)
    over = times[times > allowed.fillna(np.inf)]
    rows = counted[counted["subject_id"].isin(over.index)].drop_duplicates("subject_id")
    return [(v.id, v.name, "cap", _CAP.format(name=v.name)) for v in rows.itertuples()]


def _crowded(due: Owed, visits: pd.DataFrame) -> Found:
    """Planned visits of one subject that are too close to each other, by the limits of the guard."""
    mine = visits.loc[visits["counted"], ["subject_id", "day", "id", "name"]]
    rows = pd.concat([mine, due.made.astype({"day": "datetime64[s]"})], ignore_index=True).sort_values(
        ["subject_id", "day"], ignore_index=True
    )
    found: Found = []
    for length, most in ((LIMITS[code].days, LIMITS[code].most) for code in CROWDS):
        back = rows.groupby("subject_id")["day"].shift(most)
        hit = rows[((rows["day"] - back).dt.days < length) & rows["id"].notna()]
        found += [
            (v.id, v.name, "repeat", _REPEAT.format(name=v.name, days=length, most=most)) for v in hit.itertuples()
        ]
    return found


def _overbooked(house: House, due: Owed, checks: pd.DataFrame) -> Found:
    names, units = titles(house), {u.code: u.title for u in house.places.units}
    rows = load(due.capacity, checks[~checks["department"].isin(due.unlimited)])
    rows = rows[rows["spent"] > rows["hours"] + 1e-6]
    return [
        ("", "", "capacity", _BOOKED.format(department=names.get(r.department, r.department), week=f"{r.week:%Y-%m-%d}",
         unit=units.get(r.unit, _CITY), over=f"{r.spent - r.hours:g}"))
        for r in rows.itertuples()
    ]  # fmt: skip


def load(capacity: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """Hours spent and there, by department, unit ("" the city's pool) and week. `checks`: department, report_unit, day, hours."""
    own = set(zip(capacity["department"], capacity["unit"], strict=True))
    day = checks["day"].astype("datetime64[s]")
    spent = checks.assign(
        week=day - pd.to_timedelta(day.dt.day_of_week, unit="D").astype("timedelta64[s]"),
        unit=[u if (d, u) in own else "" for d, u in zip(checks["department"], checks["report_unit"], strict=True)],
    )
    spent = spent.groupby(["department", "unit", "week"])["hours"].sum().rename("spent").reset_index()
    there = capacity.assign(week=capacity["week"].astype("datetime64[s]"))
    both = there.merge(spent, on=["department", "unit", "week"], how="outer")
    return both.fillna({"hours": 0.0, "spent": 0.0})


_CITY = Text("全市统筹", "whole city")
_DONE = Text("已完成或不再应查", "done, or no longer due")
_GONE = Text("{name}：{why}", "{name}: {why}")
_WINDOW = Text("{name}：{day} 超出可检查日期 {first} 至 {last}", "{name}: {day} is outside {first} to {last}")
_DAY_OFF = Text("{name}：{day} 不是工作日", "{name}: {day} is no working day")
_QUIET = Text("{name}：{day} 处于静默期", "{name}: {day} is a quiet day")
_CAP = Text("{name}：超过年度检查次数上限", "{name}: above its yearly cap")
_REPEAT = Text("{name}：{days} 天内超过 {most} 次计划检查", "{name}: more than {most} planned visits in {days} days")
_BOOKED = Text(
    "{department}（{unit}）{week} 当周超出 {over} 人时",
    "{department} ({unit}) is {over} hours over in the week of {week}",
)
