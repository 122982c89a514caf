"""The demo city's typical cases: written from cases that it really closed, by the accounts that would have written them."""

from __future__ import annotations

from collections.abc import Iterator

from pilotwatch import access, disposal, typical
from pilotwatch.disposal import CaseFilter
from pilotwatch.store import SYSTEM, Desk, Person, StoreRefused
from pilotwatch.workspace import Workspace

#: How far each of them gets, in turn.
_ENDS = ("approve", "approve", "submit", "draft")

#: By how a case was closed: what people would write of it, and how others could do the same.
_WORDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "penalty": (
        "一是线索一收到即研判分办，明确一个牵头部门；二是现场核查与证据固定同步进行，立案、告知、决定、送达逐环节对照时限；三是处罚与整改同步，公示后纳入信用记录。（演示）",
        "把法定时限写进办理流程，每个环节到期前提醒经办人；处罚决定前先过法制审核清单；同类主体一并排查，避免一案一办。（演示）",
        ("penalty",),
    ),
    "mediated": (
        "一是把同一商户的多人投诉并案办理，一次约谈、一次核对余额；二是先与双方逐一核实诉求，再组织集中调解；三是调解结果书面告知并回访。（演示）",
        "同一主体投诉达到五人即转为群体件，由一个部门牵头一次办结；调解前先核清每人余额，按统一口径退费；结果录入系统，供后续预警使用。（演示）",
        ("mediation", "society"),
    ),
    "corrected": (
        "一是线索核实后当场下达责令改正通知，写明改正内容和到期日；二是整改期间由经办人上门指导，到期前提醒；三是复核由未参与办理的人员进行，做到查改分离。（演示）",
        "推行“一张清单、一次告知、一次复核”：问题、标准、期限写在同一张清单上；复核与办理人员分开；整改结果回填到监管对象档案，减少重复入企。（演示）",
        ("lenient",),
    ),
}  # fmt: skip
_TAKEN = "拟参照其做法，用于本单位同类问题的处置（演示）"


def plant(workspace: Workspace) -> int:
    """Two published, one submitted and one draft, as far as there are closed cases; one is taken over by another unit.
    Gives how many there are."""
    people = access.demo_login(workspace.store)
    if people is None:
        return 0
    house = typical.House(workspace.registry, workspace.places, workspace.calendar())
    office = next((p for p in people[0] if p.role == "city_office"), SYSTEM)
    made = 0
    for number, desk in _cases(workspace, people[0]):
        try:
            _write(house, desk, workspace.desk(office), number, _ENDS[made], first=made == 0)
        except StoreRefused:
            continue  # confidential, or opened again: the next one will do
        made += 1
        if made == len(_ENDS):
            break
    return made


def _cases(workspace: Workspace, people: list[Person]) -> Iterator[tuple[str, Desk]]:
    """Closed cases of whose end there is something to tell, one domain after the other, with who would write them up."""
    rows = disposal.listed(
        workspace.desk(SYSTEM), CaseFilter(states=("archived", "closed"), closed=True), order="moved", limit=2000
    )
    rows = rows[rows["closing"].isin(list(_WORDS)) & ~rows["confidential"] & rows["name"].astype(bool)]
    rows = rows.assign(
        kind=rows["closing"].map(list(_WORDS).index),
        told=rows["joint"].astype(int) + rows["level"].astype(bool),
        late_=rows["late"].astype(int),
    )
    rows = rows.sort_values(
        ["late_", "told", "kind", "closed_at", "number"], ascending=[True, False, True, False, True], kind="stable"
    )
    rows = rows.assign(turn=rows.groupby("domain").cumcount()).sort_values("turn", kind="stable")
    for row in rows.to_dict("records"):
        team = next(
            (p for p in people if p.role == "pilot_team" and p.units is None and p.domains and row["domain"] in p.domains), None
        )  # fmt: skip
        if team is not None:
            yield row["number"], workspace.desk(team)


def _write(house: typical.House, desk: Desk, city: Desk, case: str, end: str, *, first: bool) -> None:
    number = typical.draft(desk, house, [case])
    found = typical.find(desk, number)
    closing = disposal.case(desk, case).closing
    practice, lessons, tags = _WORDS[closing]
    body = {**found["body"], "practice": practice, "lessons": lessons}
    if end == "draft":
        body["lessons"] = ""
    every = [t for t in typical.TAGS if t in {*found["tags"], *tags}]
    typical.save(desk, number, found["moves"], typical.content_of(found, body=body, tags=every))
    if end == "draft":
        return
    typical.submit(desk, house, number, found["moves"] + 1)
    if end == "approve":
        typical.approve(city, number, found["moves"] + 2, checked=True, remark="做法清楚，可供各单位借鉴（演示）")
        if first:
            taker = [u.code for u in house.places.units if u.code not in found["units"]][-1]
            typical.adopt(city, house, number, taker, _TAKEN)
