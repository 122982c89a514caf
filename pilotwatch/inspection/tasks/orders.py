"""What a task is made of: an adopted plan's visits, those who were drawn, an open case.

An order is a row for `visit_tasks.issue`: who is visited, by whom, about which published matters, from when to when. A
department without a published matter there has nothing to check and doesn't go; it is told as `silent`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from pilotwatch.disposal import Case
from pilotwatch.inspection.draw.lists import Inspector, Plan
from pilotwatch.inspection.draw.tickets import why_not
from pilotwatch.inspection.matters import plannable
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, draws, plans, visit_tasks
from pilotwatch.workdays import BEIJING, today

Order = dict[str, Any]

OFFICERS = 2  # of each department (国办发〔2024〕54号; 行政处罚法第四十二条)
#: The days before and after the planned one on which a visit may still be made.
AROUND = timedelta(days=7)
#: Days that a visit of a case may take.
_CASE_DAYS = 15
#: Why a case is looked into on site, by the channel it came through.
_CHANNELS = {"部门移送": "移送", "上级转办交办": "交办", "双随机抽查": "复查", "日常检查": "复查"}


def of_plan(desk: Desk, registry: Registry, which: str, *, visits: Collection[str] | None = None) -> list[Order]:
    """The orders of an adopted plan's visits in scope that have no task yet. `visits`: only these ids."""
    plan = plans.plan(desk, which)
    rows = plans.visits(desk, plan_id=plan.id, states=("adopted",))
    there = {ref for ref, _ in visit_tasks.issued_of(desk, "plan", rows["id"].tolist())}
    rows = rows[~rows["id"].isin(there)]
    if visits is not None:
        rows = rows[rows["id"].isin(list(visits))]
    if rows.empty:
        return []
    checks = plans.checks(desk, plan.id)
    found, on = _About(desk, registry, rows["subject_id"]), today()
    staff = _Staff(desk, on + timedelta(days=366))
    orders = []
    for row in rows.to_dict("records"):
        mine = checks[checks["visit_id"] == row["id"]]
        departments = json.loads(row["departments"])
        asked = {(r.department, m) for r in mine.itertuples() for m in json.loads(r.matters)}
        day = row["day"].date()
        orders.append(
            found.order(
                row, departments, found.asked(asked, departments, row["domain"]), staff.of(departments, row["subject_id"], row["report_unit"]),
                trigger=mine["trigger"].iloc[0] if len(mine) else "双随机", since=day - AROUND, until=day + AROUND, origin="plan", ref=row["id"],
            )
        )  # fmt: skip
    return orders


def of_draw(desk: Desk, registry: Registry, number: str) -> list[Order]:
    """The orders of those drawn, in scope, that have no task yet, with the officers who were drawn."""
    draw = draws.find(desk, number)
    plan, rows = Plan.of(draw["plan"]), draws.picks(desk, draw["id"])
    there = {subject for _, subject in visit_tasks.issued_of(desk, "draw", [draw["id"]])}
    rows = rows[~rows["subject_id"].isin(there)]
    if rows.empty:
        return []
    found, departments = _About(desk, registry, rows["subject_id"]), list(plan.departments)
    names = {c["id"]: c["name"] for c in draws.inspectors(desk, retired=True)}
    departments.sort(key=lambda d: d != found.leads(draw["domain"]))
    since, orders = draw["drawn_at"].astimezone(BEIJING).date(), []
    for row in rows.to_dict("records"):
        going = json.loads(row["officers"])
        officers = [{"id": i, "name": names.get(i, ""), "department": d} for d in departments for i in going.get(d, ())]
        orders.append(
            found.order(
                row, departments, found.all_of(departments, draw["domain"]), officers,
                trigger="双随机", since=since, until=plan.until, origin="draw", ref=draw["id"],
            )
        )  # fmt: skip
    return orders


def of_case(desk: Desk, registry: Registry, case: Case, *, departments: Sequence[str] = ()) -> Order:
    """The order of a visit that an open case asks for: it counts towards no cap."""
    found = _About(desk, registry, [case.subject_id])
    teams = list(dict.fromkeys(d for d in (*departments, case.owner, *case.others) if d))
    domain = next(iter(case.domains), "")
    about = found.about.get(case.subject_id, {})
    row = {"subject_id": case.subject_id, "name": case.name, "code": case.code, "domain": domain, **about}
    since = today()
    return found.order(
        row, teams, found.all_of(teams, domain), _Staff(desk, since).of(teams, case.subject_id, row.get("report_unit", "")),
        trigger=_CHANNELS.get(case.channel, "投诉举报"), since=since, until=since + timedelta(days=_CASE_DAYS), origin="case", ref=case.id,
    )  # fmt: skip


def is_of(registry: Registry, matter: Mapping[str, Any], domain: str) -> bool:
    """Whether a matter is checked at a domain's subjects: one that names another field isn't."""
    titles = {w for d in registry.domains if d.name == domain for w in (d.name, d.zh, d.code)}
    return not matter["field"] or matter["field"] in titles


class _About:
    """What the lists and the matters say, read once for many orders."""

    def __init__(self, desk: Desk, registry: Registry, subjects: Iterable[str]):
        ids = list(dict.fromkeys(subjects))
        self._registry = registry
        names = ["subject_id", "dataset", "code", "name", "report_unit", "division_code", "street_code"]
        rows = desk.subjects(names, where={"subject_id": ids}).astype(object).fillna("")
        self.about = {r["subject_id"]: r for r in rows.drop_duplicates("subject_id").to_dict("records")}
        self.addresses = {
            i: text for dataset in rows["dataset"].unique() for i, text in _addresses(desk, registry, dataset, ids)
        }
        self._matters = plannable(desk, today())

    def leads(self, domain: str) -> str:
        """The department that leads a domain."""
        return next((d.lead for d in self._registry.domains if d.name == domain), "")

    def all_of(self, departments: Sequence[str], domain: str) -> list[dict[str, str]]:
        """The published matters of these departments that are of the domain, or of none."""
        rows = self._matters[self._matters["dept"].isin(departments)]
        rows = rows[[self._is_of(r, domain) for r in rows.to_dict("records")]]
        return self._told(rows, departments)

    def asked(
        self, asked: Collection[tuple[str, str]], departments: Sequence[str], domain: str
    ) -> list[dict[str, str]]:
        """The matters that the plan names, by their codes or names; those of a department that names none are its domain's."""
        pairs = [
            (r["dept"], r["item_code"]) in asked or (r["dept"], r["name"]) in asked
            for r in self._matters.to_dict("records")
        ]
        told = self._told(self._matters[pairs], departments)
        silent = [d for d in departments if d not in {m["department"] for m in told}]
        return told + self.all_of(silent, domain) if silent else told

    def _is_of(self, row: Mapping[str, Any], domain: str) -> bool:
        return is_of(self._registry, row, domain)

    def _told(self, rows: pd.DataFrame, departments: Sequence[str]) -> list[dict[str, str]]:
        order = {d: n for n, d in enumerate(departments)}
        told = [
            {"code": r["item_code"], "name": r["name"], "department": r["dept"], "content": r["content"] or "", "method": r["method"] or "",
             "basis": r["basis"] or ""}
            for r in rows.to_dict("records")
        ]  # fmt: skip
        return sorted(told, key=lambda m: (order[m["department"]], m["code"]))

    def order(
        self, row: Mapping[str, Any], departments: Sequence[str], matters: Sequence[Mapping[str, str]],
        officers: Sequence[Mapping[str, str]], *, trigger: str, since: date, until: date, origin: str, ref: str,
    ) -> Order:  # fmt: skip
        subject = row["subject_id"]
        about = self.about.get(subject, {})
        busy = {m["department"] for m in matters}
        silent, departments = [d for d in departments if d not in busy], [d for d in departments if d in busy]
        officers = [o for o in officers if o["department"] in busy]
        return {
            "subject_id": subject, "name": row["name"] or about.get("name", ""), "code": row["code"] or about.get("code", ""),
            "dataset": about.get("dataset", ""), "address": self.addresses.get(subject, ""), "domain": row["domain"],
            "report_unit": about.get("report_unit", row.get("report_unit", "")), "division_code": about.get("division_code", ""),
            "street_code": about.get("street_code", ""), "departments": list(departments), "lead": departments[0] if departments else "",
            "matters": list(matters), "officers": list(officers), "trigger": trigger, "since": since, "until": until, "origin": origin,
            "origin_ref": ref, "silent": silent,
        }  # fmt: skip


class _Staff:
    """Who goes where no draw has said it: the least loaded of those who may, by the number of the certificate."""

    def __init__(self, desk: Desk, until: date):
        self._plan = Plan("", "", {}, until)
        self._load = visit_tasks.load(desk)
        avoid: dict[str, set[str]] = {}
        for each in draws.conflicts(desk) if desk.person.may("draw") else ():
            avoid.setdefault(each["inspector_id"], set()).add(each["subject_id"])
        self._cards = [(c, frozenset(avoid.get(c["id"], ()))) for c in draws.inspectors(desk)]

    def of(self, departments: Sequence[str], subject: str, unit: str) -> list[dict[str, str]]:
        going: list[dict[str, str]] = []
        for department in departments:
            free = []
            for card, avoid in self._cards:
                one = Inspector(
                    card["id"], card["department"], card["report_unit"], card["valid_until"], 0, card["most"], avoid
                )
                load = self._load.get(one.id, 0)
                until = Plan("", "", {}, min(self._plan.until, card["valid_until"]))
                if (
                    one.department == department
                    and card["valid_until"] >= today()
                    and not why_not(one, subject, unit, until, load)
                ):
                    free.append((load, one.id, card["name"]))
            for _, number, name in sorted(free)[:OFFICERS]:
                self._load[number] = self._load.get(number, 0) + 1
                going.append({"id": number, "name": name, "department": department})
        return going


def _addresses(desk: Desk, registry: Registry, dataset: str, ids: Sequence[str]) -> Iterable[tuple[str, str]]:
    record = registry.dataset(dataset)
    if not any(c.name == "address" for c in record.columns()):
        return ()
    rows = desk.frame(dataset, ["subject_id", "address"], subjects=ids).dropna()
    return rows.itertuples(index=False, name=None)
