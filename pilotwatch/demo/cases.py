"""The demo city's cases: a year of clues with their whole story, as people would have handled them.

They begin with clues and complaints that the teams uploaded and with warnings, and go through the real machine, act by
act, at days that are drawn: most are done in time, some are returned, wait for a laboratory, get more time, are supervised
or referred to the police, and some are simply late. The same city gives the same cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
import pandas as pd
from numpy.random import Generator

from pilotwatch import disposal, warnings
from pilotwatch.disposal import leads
from pilotwatch.disposal.case import Case, apply
from pilotwatch.disposal.leads import Lead
from pilotwatch.disposal.machine import CaseRefused, Rulebook, decide
from pilotwatch.disposal.office import number_of
from pilotwatch.disposal.rows import write_of
from pilotwatch.store import SYSTEM, Person, cases
from pilotwatch.workdays import BEIJING, now

if TYPE_CHECKING:
    from pilotwatch.workspace import Workspace

#: How many of each a whole city has of the last year.
CLUES, COMPLAINTS, WARNINGS = 250, 120, 80

Step = tuple[str, str, float, Mapping[str, Any]]  # act, who (a key of _People), days after the last one, values

_START: tuple[Step, ...] = (
    ("register", "team", 0.2, {}), ("triage", "team", 0.8, {"reason": "线索具体，可核查"}), ("assign", "team", 0.3, {}),
)  # fmt: skip
_HANDLE: tuple[Step, ...] = (
    ("sign", "officer", 0.6, {}),
    ("verify", "officer", 1.5, {"reason": "已到现场核查并制作笔录"}),
)
_END: tuple[Step, ...] = (
    ("report", "officer", 3, {"reason": "整改完成，材料齐全", "proposed": "corrected"}), ("answer", "officer", 0.3, {"reason": "已电话答复"}),
    ("review", "city", 2, {"reason": "复核属实"}), ("close", "city", 0.5, {"reason": "同意结案"}), ("archive", "team", 20, {}),
)  # fmt: skip
_ORDER: Step = ("dispose", "officer", 4, {"measure": "order", "reason": "责令限期改正"})
_FILED: tuple[Step, ...] = (
    ("dispose", "officer", 5, {"measure": "file", "reason": "涉嫌违法，立案查处"}), ("notify", "officer", 18, {"reason": "已送达处罚告知书"}),
    ("decide", "officer", 13, {"decision_no": "罚决〔2026〕演示", "fine": 10_000.0, "reason": "作出处罚决定"}),
    ("publish", "officer", 5, {"reason": "已公示"}), ("serve", "officer", 2, {"reason": "直接送达"}), ("paid", "officer", 6, {}),
)  # fmt: skip
_WAIT: tuple[Step, ...] = (
    ("suspend", "officer", 1, {"pause": "sampling", "reason": "样品已送检"}), ("resume", "officer", 14, {"reason": "检测报告已收到"}),
)  # fmt: skip
_MORE_TIME: tuple[Step, ...] = (
    ("ask_time", "officer", 6, {"clock": "T4", "reason": "涉及多个门店，核查量大"}), ("extend", "leader", 1, {"reason": "同意延期"}),
)  # fmt: skip
_RETURN: Step = ("return", "officer", 1, {"reason": "不属本部门职责"})
_POLICE: tuple[Step, ...] = (
    ("dispose", "officer", 5, {"measure": "refer", "reason": "涉嫌犯罪"}),
    ("refer", "officer", 2, {"crime": "合同诈骗", "officers": "张*、李*", "reason": "已形成书面报告"}), ("approve_referral", "leader", 1, {"reason": "同意移送"}),
    ("hand", "officer", 0.6, {"police_office": "市公安局经侦支队"}), ("receipt", "officer", 1, {}),
    ("police", "officer", 3, {"result": "opened", "reason": "公安机关已立案"}), ("goods", "officer", 1, {}),
)  # fmt: skip

_MEDIATED: tuple[Step, ...] = (
    *_START, ("sign", "officer", 0.6, {}), ("accept", "officer", 1, {"reason": "符合受理条件，已告知消费者"}), ("verify", "officer", 2, {"reason": "已联系双方"}),
    ("mediate", "officer", 12, {"reason": "双方达成一致"}), ("inform", "officer", 2, {"reason": "已书面告知双方"}),
    ("report", "officer", 1, {"reason": "调解完毕", "proposed": "mediated"}), *_END[1:],
)  # fmt: skip
_HOTLINE: tuple[Step, ...] = (
    *(((act, who, days / 3, values)) for act, who, days, values in _START), ("sign", "officer", 0.3, {}), ("verify", "officer", 0.6, {"reason": "已联系诉求人并核查"}),
    ("report", "officer", 2, {"reason": "已处理并回复", "proposed": "corrected"}), *_END[1:],
)  # fmt: skip

#: The fates of cases: how often, and what happens between the beginning and the end.
_FATES: tuple[tuple[float, tuple[Step, ...]], ...] = (
    (0.44, (*_START, *_HANDLE, _ORDER, *_END)),
    (0.10, (*_START, *_HANDLE, *_END)),
    (0.12, (*_START, *_HANDLE, *_FILED, *_END)),
    (0.07, (*_START, *_HANDLE, *_WAIT, _ORDER, *_END)),
    (0.06, (*_START, *_HANDLE, *_MORE_TIME, _ORDER, *_END)),
    (0.06, (*_START, _RETURN, ("assign", "team", 1, {}), *_HANDLE, _ORDER, *_END)),
    (0.03, (*_START, _RETURN, ("assign", "team", 1, {}), _RETURN, ("rule", "city", 5, {"reason": "依职责清单裁定"}), *_HANDLE, _ORDER, *_END)),
    (0.04, (*_START, *_HANDLE, *_POLICE, *_END)),
    (0.04, (*_START, *_HANDLE, ("transfer", "officer", 2, {"reason": "查明属其他部门职责"}), ("sign", "officer", 1, {}), ("verify", "officer", 2, {"reason": "已核查"}), _ORDER, *_END)),
    (0.04, (*_START, ("supervise", "city", 6, {"reason": "久拖未办，请抓紧"}), *_HANDLE, ("explain", "officer", 1, {"reason": "已安排人员"}), _ORDER, *_END)),
    (0.04, (_START[0], ("answer", "city", 1, {"reason": "已说明不予受理的理由"}), ("decline", "team", 1, {"reason": "不属受理范围"}))),
)  # fmt: skip
_FILES = frozenset({"report", "decide", "refer", "hand", "receipt", "police", "goods"})  # acts that need evidence
_JOINT = 6  # pairs of leads of two domains at one address
_SLOW = 0.12  # share of cases that take three times as long


@dataclass(frozen=True)
class _People:
    """Who acts in the demo city's cases: the demo accounts where there are any, else an officer of the department."""

    accounts: Sequence[Person]

    def of(self, who: str, case: Case) -> Person:
        if who == "officer":
            own = next((p for p in self.accounts if p.departments and case.owner in p.departments), None)
            return own or Person(
                f"{case.owner.lower()}-01", case.owner, "department_officer", departments=frozenset({case.owner})
            )
        roles = {"team": "pilot_team", "city": "city_office", "leader": "district_leader"}
        fitting = [p for p in self.accounts if p.role == roles[who] and _sees(p, case)]
        return fitting[0] if fitting else SYSTEM


def plant(workspace: Workspace, *, size: float, seed: int, on: date) -> int:
    """Stores the cases of the last year, as of `on`; gives how many."""
    rng = np.random.default_rng([seed, 20_260_415])
    rules, evening = workspace.rulebook(), datetime(on.year, on.month, on.day, 18, tzinfo=BEIJING).astimezone(UTC)
    end = min(evening, now())  # today's evening may be still to come
    people = _People(_accounts(workspace))
    found = sorted(
        _together(list(_leads(workspace, rng, size, on))),
        key=lambda lead: (lead.received_at, lead.subject_id, lead.channel_ref),
    )
    series = [number_of(rules, lead.domain, lead.received_at) for lead in found]
    first = cases.reserve_all(workspace.desk(SYSTEM), Counter(series))
    given, writes = Counter(), []
    for lead, name in zip(found, series, strict=True):
        number = f"{name}-{first[name] + given[name]:05d}"
        given[name] += 1
        writes.append(_story(rng, lead, number, rules, people, end))
    cases.plant(workspace.desk(SYSTEM), writes)
    disposal.daily.refresh_guards(workspace.store, on)
    return len(writes)


def _story(rng: Generator, lead: Lead, number: str, rules: Rulebook, people: _People, end: datetime) -> cases.CaseWrite:
    """One case from its receipt to its end, or to the day the city stands at."""
    opened = leads.opening(lead, str(UUID(bytes=rng.bytes(16), version=4)), number, "system", lead.received_at)
    case, events, at = apply(Case(), opened), [opened], lead.received_at
    pace = 3.0 if rng.random() < _SLOW else 1.0
    for act, who, days, values in _fate(rng, lead):
        at = _in_office(at + timedelta(days=float(rng.gamma(4, days / 4)) * pace))
        if at >= end:
            break
        if act == "answer" and not case.waiting:
            continue
        filled, by = _filled(act, values, case, rules), people.of(who, case)
        try:
            event = decide(case, act, filled, by=by, at=at, rulebook=rules, files=_file(act))
        except CaseRefused:
            continue  # too late for a return, no limit to extend: they leave it, and go on
        event = replace(event, files=())  # an invented file has no bytes
        case = apply(case, event)
        events.append(event)
    sources = [(lead.subject_id, *lead.source)] if lead.source else []
    answered = [ref for ref in case.complainants if ref not in case.waiting]
    return write_of(Case(), case, events, sources=sources, people=leads.person_rows(lead), answered=answered)


def _in_office(at: datetime) -> datetime:
    """The moment itself, or the next morning on which somebody is at work (public holidays apart)."""
    local = at.astimezone(BEIJING)
    while local.weekday() >= 5 or not 10 <= local.hour < 19:
        later = local if local.hour < 10 and local.weekday() < 5 else local + timedelta(1)
        local = later.replace(hour=10)
    return local.astimezone(UTC)


def _fate(rng: Generator, lead: Lead) -> tuple[Step, ...]:
    """What happens to a case: complaints are mediated, sheets of the hotline answered; the rest is drawn."""
    if lead.kind == "complaint" and lead.channel == "12315":
        return _MEDIATED
    if lead.channel == "12345" and rng.random() < 0.8:
        return _HOTLINE
    share = np.array([s for s, _ in _FATES])
    return _FATES[rng.choice(len(_FATES), p=share / share.sum())][1]


def _filled(act: str, values: Mapping[str, Any], case: Case, rules: Rulebook) -> dict[str, Any]:
    """The values of a step, with the departments that the case itself leads to."""
    owner = rules.owner(case) or "SCJG"
    if act == "assign":
        department = "SCJG" if case.returns and owner != "SCJG" else owner
        return {**values, "department": case.owner if case.owner and not case.returns else department}
    if act == "rule":
        return {**values, "department": owner}
    if act in ("return", "transfer"):
        return {**values, "department": "SCJG" if case.owner != "SCJG" else "SWJ"}
    if act == "answer":
        return {**values, "complainant": case.waiting[0]}
    if act == "report":
        return {**values, "proposed": "penalty" if case.filed else "criminal" if case.referral else values["proposed"]}
    return dict(values)


def _file(act: str) -> list[str]:
    return ["demo"] if act in _FILES else []


# --- where they begin --------------------------------------------------------------------------------------------


def _leads(workspace: Workspace, rng: Generator, size: float, on: date) -> Iterator[Lead]:
    desk, registry = workspace.desk(SYSTEM), workspace.registry
    lists = {r.spec.dataset: d.name for d in registry.domains for r in d.subjects}
    since = (pd.Timestamp(on) - pd.Timedelta(days=365)).to_pydatetime()  # on the wall clock, as records are
    for dataset, count in (("clue", CLUES), ("complaint", COMPLAINTS)):
        record = registry.dataset(dataset)
        names = ["subject_id", "record_key", "report_unit", *(c.name for c in record.columns())]
        rows = desk.frame(dataset, names, where={"received_at": slice(since, None)})
        rows = _some(rng, rows, round(count * size))
        known = desk.subjects(
            ["subject_id", "dataset", "name", "code"], where={"subject_id": sorted(set(rows["subject_id"]))}
        )
        known = known.drop_duplicates("subject_id").set_index("subject_id")
        for row in rows.to_dict("records"):
            if row["subject_id"] in known.index:
                subject = known.loc[row["subject_id"]]
                lead = leads.of_record(
                    dataset, {**row, "name": row.get("name") or subject["name"]}, lists.get(subject["dataset"], "")
                )
                yield replace(
                    lead, owner="", code=lead.code or subject["code"] or "", reporter=(lead.reporter[0], _phone(rng))
                )
    standing = warnings.listed(desk, limit=4000)
    for row in _some(rng, standing[standing["level"] != "blue"], round(WARNINGS * size)).to_dict("records"):
        domain = registry.domain(row["domain"])
        at = datetime(on.year, on.month, on.day, 4, tzinfo=UTC) - timedelta(
            days=float(200 * rng.random() ** 2.5 + 0.5)
        )  # more of them lately
        lead = leads.of_warning(row, domain, at, "核查属实")
        yield replace(lead, source=None, channel_ref="")  # the warning itself still stands


def _together(found: list[Lead]) -> list[Lead]:
    """Puts some of the newest leads of different domains at one address, for joint cases to be proposed."""
    newest = sorted(range(len(found)), key=lambda i: found[i].received_at, reverse=True)[: len(found) // 10]
    by_domain = {
        d: [i for i in newest if found[i].domain == d and found[i].kind != "complaint"]
        for d in {found[i].domain for i in newest}
    }
    lists = [indexes for _, indexes in sorted(by_domain.items()) if indexes]
    for number, pair in enumerate(zip(*lists[:2], strict=False), 1):
        first = found[pair[0]]
        for i in pair:
            found[i] = replace(
                found[i], address=f"演示路{number * 8}号", unit=first.unit, division_code=first.division_code
            )
        if number == _JOINT:
            break
    return found


def _some(rng: Generator, rows: pd.DataFrame, n: int) -> pd.DataFrame:
    rows = rows.sort_values(["subject_id", rows.columns[1]], kind="stable").reset_index(drop=True)
    return rows.iloc[np.sort(rng.choice(len(rows), min(n, len(rows)), replace=False))]


def _phone(rng: Generator) -> str:
    return f"138****{rng.integers(10_000):04d}"


def _accounts(workspace: Workspace) -> list[Person]:
    from pilotwatch import access

    found = access.demo_login(workspace.store)
    return found[0] if found else []


def _sees(person: Person, case: Case) -> bool:
    return (person.units is None or case.unit in person.units) and (
        person.domains is None or case.domain in person.domains
    )
