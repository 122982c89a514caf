"""Who may see and write which rows. The only place that knows; the desk asks it for every statement.

Two dimensions bound a person: *units* (the nine that report: eight divisions and 甘泉堡) and *domains*; `None` is no
bound. A dataset that no domain owns (检查记录, 投诉举报 …) is shared by all domains and bound by units alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.sql.selectable import FromClause

from pilotwatch.domain import Record, Text
from pilotwatch.store.model import StoreRefused

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

Role = Literal["district_leader", "pilot_team", "department_officer", "city_office", "administrator", "auditor"]

ROLES: dict[Role, Text] = {
    "district_leader": Text("区（县）领导", "District leader"),
    "pilot_team": Text("试点专班", "Pilot team"),
    "department_officer": Text("部门工作人员", "Department officer"),
    "city_office": Text("市级专班办公室", "City office"),
    "administrator": Text("系统管理员", "Administrator"),
    "auditor": Text("审计员", "Auditor"),
}

#: What each role may do by itself; where is bound by the person's units and domains.
MAY: dict[Role, frozenset[str]] = {
    "district_leader": frozenset({"read", "handle", "witness", "approve"}),
    "pilot_team": frozenset({"read", "write", "handle", "plan", "draw"}),
    "department_officer": frozenset({"read", "handle", "reporters", "grade"}),
    "city_office": frozenset(
        {
            "read",
            "write",
            "handle",
            "reporters",
            "unmask",
            "settings",
            "bounds",
            "grade",
            "plan",
            "draw",
            "witness",
            "accept",
            "pilots",
        }
    ),
    "administrator": frozenset({"accounts", "settings"}),
    "auditor": frozenset({"audit", "witness"}),
}


#: Acts that leave everything as it is: all that somebody may do who looks back at a past day.
LOOKING_BACK = frozenset({"read", "audit"})


@dataclass(frozen=True)
class Person:
    """Who is asking. `units` and `domains` bound what the role may do; `None`: everywhere, all of them.

    `departments` bound the cases of a department's officer to those that these departments handle or act in.
    """

    username: str
    name: str
    role: Role
    units: frozenset[str] | None = None
    domains: frozenset[str] | None = None
    demo: bool = False
    must_change: bool = False  # the password was set by someone else and has to be changed first
    departments: frozenset[str] | None = None
    as_of: date | None = None  # looks back to the end of this day: reads, and does nothing else

    def may(self, act: str) -> bool:
        """Whether the person may do this here and now."""
        return (self.as_of is None or act in LOOKING_BACK) and self.has(act)

    def has(self, right: str) -> bool:
        """Whether the person's role has a right, though it can't be used in a look back: what they are shown goes by it."""
        return self.username == "system" or right in MAY[self.role]

    @property
    def team(self) -> str:
        """Who shares what was learnt: the accounts of one role, domains and units (remembered column mappings)."""
        bounds = (",".join(sorted(b)) if b is not None else "*" for b in (self.domains, self.units))
        return "/".join((self.role, *bounds))


#: The house itself: the demo city, jobs, hooks. Never a log-in.
SYSTEM = Person("system", "系统", "city_office")


def acts() -> dict[str, Text]:
    """Every right there is, in words."""
    return dict(_ACTS)


def demand(person: Person, act: str) -> None:
    """Raises StoreRefused where the person's role doesn't allow the act, or they look back at a past day."""
    if person.as_of and act not in LOOKING_BACK:
        raise StoreRefused("as_of", _LOOKS_BACK.format(day=person.as_of, act=_ACTS[act]))
    if not person.may(act):
        raise StoreRefused(
            "not_allowed",
            Text(
                "“{role}”没有此项权限（{act}）。如确需办理，请联系系统管理员调整账号角色。",
                "The role “{role}” does not allow this ({act}). Ask the administrator to change the account's role if you need it.",
            ).format(role=ROLES[person.role], act=_ACTS[act]),
        )


def demand_to_see(person: Person, right: str) -> None:
    """Raises StoreRefused where the person's role lacks the right that something is shown by, whichever day they look at."""
    if not person.has(right):
        demand(person, right)


def demand_dataset(person: Person, act: str, dataset: str, title: Text, owners: Mapping[str, frozenset[str]]) -> None:
    """Raises StoreRefused where the dataset belongs to domains the person doesn't work in."""
    demand(person, act)
    if not sees_dataset(person, dataset, owners):
        raise StoreRefused(
            "other_domain",
            Text(
                "“{title}”不属于您所在的试点领域，不能{act}。请由对应领域专班办理。",
                "“{title}” is not of your pilot domain: you cannot {act} it. The team of that domain has to.",
            ).format(title=title, act=_ACTS[act]),
        )


def sees_dataset(person: Person, dataset: str, owners: Mapping[str, frozenset[str]]) -> bool:
    domains = owners.get(dataset)
    return person.domains is None or domains is None or bool(domains & person.domains)


def withheld(person: Person, record: type[Record]) -> frozenset[str]:
    """The columns of a record that the person never reads: what enterprises say of their inspectors, for an officer of a
    department (it is anonymous to those who inspect; sums of it are not)."""
    hidden = (c.name for c in record.columns() if c.anonymous)
    return frozenset(hidden) if person.departments is not None else frozenset()


def demand_columns(person: Person, record: type[Record], names: Iterable[str]) -> None:
    """Raises StoreRefused where somebody asks by a column that is withheld from them: the answer would tell its value."""
    if withheld(person, record) & set(names):
        raise StoreRefused("anonymous", _ANONYMOUS)


def domains_of(desk: Desk) -> list[str]:
    """The domains that are switched on and that the person works in."""
    every = set().union(*desk._store.owners.values())
    return sorted(every if desk.person.domains is None else every & desk.person.domains)


def listed_by(desk: Desk, domain: ColumnElement[str], dataset: ColumnElement[str]) -> ColumnElement[bool]:
    """Where a list is one of the row's own domain: of a subject's lists, those that say what the domain calls it."""
    of = {d: [n for n, domains in desk._store.owners.items() if d in domains] for d in domains_of(desk)}
    return or_(false(), *(and_(domain == d, dataset.in_(names)) for d, names in of.items()))


def own(desk: Desk, table: FromClause) -> ColumnElement[bool]:
    """The rows of `table` (with a `domain` and a `report_unit`) in the person's domains and units."""
    return and_(rows_of(desk.person, table), table.c.domain.in_(domains_of(desk)))


def rows_of(person: Person, table: FromClause, subject: FromClause | None = None) -> ColumnElement[bool]:
    """The rows of `table` (with a `report_unit`) in the person's units.

    A row that says no place itself is where its `subject` is listed.
    """
    if not person.may("read"):
        return false()
    if person.units is None:
        return true()
    if not person.units:  # an empty IN within EXISTS is more than Citus plans
        return false()
    own = table.c.report_unit.in_(sorted(person.units))
    if subject is None:
        return own
    listed = select(subject.c.subject_id).where(
        subject.c.subject_id == table.c.subject_id, subject.c.report_unit.in_(sorted(person.units))
    )
    return or_(own, and_(table.c.report_unit.is_(None), listed.exists()))


def holds(person: Person, domain: str, units: np.ndarray) -> np.ndarray:
    """Which rows of a domain, by their reporting units, are in the person's scope: what `rows_of` and the desk's domains let
    through, for rows that are at hand. A mask as long as `units`."""
    if not person.may("read") or (person.domains is not None and domain not in person.domains):
        return np.zeros(len(units), bool)
    return np.ones(len(units), bool) if person.units is None else np.isin(units, sorted(person.units))


_LOOKS_BACK = Text(
    "正在回看 {day}，只能查看，不能{act}。请先回到今天。",
    "You are looking back to {day}: you can look, not {act}. Go back to today first.",
)
_ANONYMOUS = Text(
    "企业评价对检查部门匿名，部门经办人员不能查看或按其筛选；汇总数据见满意率指标。",
    "What enterprises say is anonymous to those who inspect: officers can neither read it nor ask by it. Its sums are in the measures.",
)
_ACTS = {
    "read": Text("查看数据", "see data"),
    "write": Text("报送数据", "hand in data"),
    "handle": Text("处理预警、办理案件", "deal with warnings and cases"),
    "unmask": Text("查看未脱敏的个人信息", "look behind the mask of personal data"),
    "reporters": Text("查看诉求人信息", "see who reported"),
    "settings": Text("修改设置", "change settings"),
    "bounds": Text("调整指标界限", "set the bounds of indicators"),
    "grade": Text("调整风险等级", "re-grade a subject's risk"),
    "draw": Text("组织双随机抽取", "prepare and make double-random draws"),
    "witness": Text("封存、复核抽取", "seal and verify a draw as its witness"),
    "plan": Text("编制联合检查方案", "plan joint checks"),
    "approve": Text("审核本单位数据", "approve the unit's figures"),
    "accept": Text("验收各单位数据", "accept the units' figures"),
    "pilots": Text("设定试点单位", "set which units are pilots"),
    "accounts": Text("管理账号", "manage accounts"),
    "audit": Text("查看审计记录", "read the audit"),
}
