"""Holds a plan to the rules with dates and dictionaries of its own: it shares no code with the planner."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from math import ceil


def _day(value) -> date:
    return value.date() if hasattr(value, "date") else value


class Asked:
    """A problem as dictionaries, read once."""

    def __init__(self, problem):
        self.days, self.rules = problem.days, problem.rules
        for name in ("due", "capacity", "caps", "quiet", "made"):
            setattr(self, name, getattr(problem, name).to_dict("records"))


def broken(problem, plan) -> list[str]:
    """Every rule the plan breaks, in words; pins may break windows, caps, hours and limits, but only by themselves."""
    asked = problem if isinstance(problem, Asked) else Asked(problem)
    return _broken(asked, plan.visits.to_dict("records"), list(plan.unmet["check_id"]), plan.checks)


def _broken(problem: Asked, visits: list[dict], unmet: list[str], rows=None) -> list[str]:
    wrong: list[str] = []
    due = {row["check_id"]: row for row in problem.due}
    open_days = set(problem.days)
    rules = problem.rules

    # Each check is in one visit or among the unmet, never in both.
    planned_in = defaultdict(list)
    for visit in visits:
        for check in visit["checks"]:
            planned_in[check].append(visit["visit_id"])
    if sorted([*unmet, *planned_in]) != sorted(due) or any(len(v) > 1 for v in planned_in.values()):
        wrong.append("a check is lost or doubled")
    if len({v["visit_id"] for v in visits}) != len(visits):
        wrong.append("two visits have one number")
    inside = {(c, v) for c, (v,) in planned_in.items()}
    if rows is not None and inside != set(zip(rows["check_id"], rows["visit_id"], strict=True)):
        wrong.append("checks and visits differ")

    pool_of = _pools(problem)
    week_used, day_used = defaultdict(float), defaultdict(float)
    week_pinned, day_pinned = defaultdict(float), defaultdict(float)
    by_subject = defaultdict(list)
    for visit in visits:
        day, checks = _day(visit["day"]), [due[c] for c in visit["checks"]]
        monday = day - timedelta(days=day.weekday())
        held = [c for c in checks if c["pinned_on"] == c["pinned_on"]]
        grouped = [c for c in checks if c["pinned_visit"] is not None]
        if {c["subject_id"] for c in checks} != {visit["subject_id"]} or {c["unit"] for c in checks} != {visit["unit"]}:
            wrong.append(f"{visit['visit_id']}: two subjects or jurisdictions")
        if len({c["pinned_visit"] for c in grouped}) > 1:
            wrong.append(f"{visit['visit_id']}: two pinned visits in one")
        if grouped and visit["visit_id"] != grouped[0]["pinned_visit"]:
            wrong.append(f"{visit['visit_id']}: lost its number")
        fixed = [c for c in checks if c in held or (held and c in grouped)]
        for c in checks:
            if c["pinned_on"] == c["pinned_on"]:
                if _day(c["pinned_on"]) != day:
                    wrong.append(f"{c['check_id']}: moved from its pinned day")
            elif not _day(c["first"]) <= day <= _day(c["last"]):
                wrong.append(f"{c['check_id']}: outside its window")
        if not fixed and day not in open_days:
            wrong.append(f"{visit['visit_id']}: on no working day")
        # A person may have pinned together what would not be merged; anything else in the visit must fit all.
        for k, one in enumerate(checks):
            for two in checks[:k]:
                if one["pinned_visit"] is not None and one["pinned_visit"] == two["pinned_visit"]:
                    continue
                same = one["department"] == two["department"]
                if one["announced"] != two["announced"]:
                    wrong.append(f"{visit['visit_id']}: announced with unannounced")
                if one["alone"] or two["alone"]:
                    wrong.append(f"{visit['visit_id']}: one that stays alone isn't")
                if same and (
                    rules.apart == "department" or (rules.apart == "matter" and one["matter"] == two["matter"])
                ):
                    wrong.append(f"{visit['visit_id']}: one department twice")
        for c in checks:
            pool = pool_of(c)
            week_used[pool, monday] += c["hours"]
            day_used[pool, day] += c["hours"]
            if c in fixed:
                week_pinned[pool, monday] += c["hours"]
                day_pinned[pool, day] += c["hours"]
        if visit["planned"] != any(c["trigger"] == "planned" for c in checks):
            wrong.append(f"{visit['visit_id']}: counts wrongly against the cap")
        by_subject[visit["subject_id"]].append((day, visit["planned"], bool(fixed)))
    for visit_id in {c["pinned_visit"] for c in due.values() if c["pinned_visit"] is not None}:
        places = {v for c, vs in planned_in.items() if due[c]["pinned_visit"] == visit_id for v in vs}
        if len(places) > 1:
            wrong.append(f"{visit_id}: its checks were parted")
    for c in unmet:
        if due[c]["pinned_on"] == due[c]["pinned_on"] and due[c]["pinned_visit"] is None:
            wrong.append(f"{c}: pinned and left out")

    # Hours, by week and by day.
    hours = defaultdict(float)
    for row in problem.capacity:
        hours[(row["department"], row["unit"]), _day(row["week"])] = row["hours"]
    for (pool, monday), used in week_used.items():
        if used > max(hours[pool, monday], week_pinned[pool, monday]) + 1e-6:
            wrong.append(f"{pool} in the week of {monday}: {used} h of {hours[pool, monday]} h")
    for (pool, day), used in day_used.items():
        monday = day - timedelta(days=day.weekday())
        n = sum(monday <= d < monday + timedelta(days=7) for d in open_days)
        staff = ceil(hours[pool, monday] / max(n, 1) / rules.day_hours - 1e-9)
        if used > max(staff * rules.day_hours, day_pinned[pool, day]) + 1e-6:
            wrong.append(f"{pool} on {day}: {used} h, {staff} inspectors")

    # Caps, quiet days, limits per day, week and month.
    caps = {row["subject_id"]: row["allowed"] for row in problem.caps}
    quiet, made = defaultdict(list), defaultdict(list)
    for row in problem.quiet:
        quiet[row["subject_id"]].append((_day(row["first"]), _day(row["last"])))
    for row in problem.made:
        made[row["subject_id"]].append(_day(row["day"]))
    for subject, list_of in by_subject.items():
        counted = [(day, held) for day, planned, held in list_of if planned]
        pins = sum(held for _, held in counted)
        if len(counted) > max(caps.get(subject, 10_000), pins):
            wrong.append(f"{subject}: {len(counted)} planned visits, cap {caps[subject]}")
        for day, held in counted:
            if held:
                continue
            if any(a <= day <= b for a, b in quiet[subject]):
                wrong.append(f"{subject}: visited on a quiet day")
            everyone = [d for d, _ in counted] + made[subject]
            for span, limit in ((1, rules.per_day), (7, rules.per_week), (31, rules.per_month)):
                for start in (day - timedelta(days=k) for k in range(span)):
                    if sum(start <= d < start + timedelta(days=span) for d in everyone) > limit:
                        wrong.append(f"{subject}: more than {limit} visits in {span} days")
                        break
    return wrong


def _pools(problem):
    known = {(row["department"], row["unit"]) for row in problem.capacity}

    def pool(check) -> tuple[str, str]:
        own = check["department"], check["unit"]
        return own if own in known else (check["department"], "")

    return pool


def best(problem) -> tuple[float, int]:
    """Risk weight left out and visits of the best plan, by trying everything. For a handful of checks without pins.

    Visits are built up one check at a time, each joining a visit, opening one on some day, or left out; nothing is assumed but
    what `broken` forbids.
    """
    asked = Asked(problem)
    due, days = asked.due, list(problem.days)
    known = (float("inf"), 10**9)

    def fits(visits) -> bool:
        rows = [
            {
                "visit_id": f"v{k}", "subject_id": members[0]["subject_id"], "unit": members[0]["unit"], "day": day,
                "checks": [c["check_id"] for c in members], "planned": any(c["trigger"] == "planned" for c in members),
            }
            for k, (day, members) in enumerate(visits)
        ]  # fmt: skip
        inside = {c for row in rows for c in row["checks"]}
        return not _broken(asked, rows, [c["check_id"] for c in due if c["check_id"] not in inside])

    def go(k: int, visits: list, undone: float) -> None:
        nonlocal known
        if (round(undone, 9), len(visits)) >= known and undone > known[0] - 1e-9:
            return
        if k == len(due):
            known = min(known, (round(undone, 9), len(visits)))
            return
        check = due[k]
        for at, (day, members) in enumerate(visits):
            if members[0]["subject_id"] == check["subject_id"]:
                more = [*visits[:at], (day, [*members, check]), *visits[at + 1 :]]
                if fits(more):
                    go(k + 1, more, undone)
        for day in days:
            if _day(check["first"]) <= day <= _day(check["last"]):
                more = [*visits, (day, [check])]
                if fits(more):
                    go(k + 1, more, undone)
        go(k + 1, visits, undone + 1 + check["priority"])

    go(0, [], 0.0)
    return known
