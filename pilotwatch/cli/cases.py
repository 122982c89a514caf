"""Cases of disposal: what is open and overdue, one case with its story, and acts on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Closed, Limit, OfDomain, OfUnit, person, refuse, show
from pilotwatch.domain import Text

app = typer.Typer()


@app.command("cases")
def cases_command(
    state: Annotated[list[str] | None, typer.Option(help="Only these states: found, registered … ruling.")] = None,
    domain: OfDomain = None,
    unit: OfUnit = None,
    department: Annotated[str | None, typer.Option(help="Only those this department handles.")] = None,
    words: Annotated[str | None, typer.Option(help="In the name, the code, the number or the content.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those over a limit.")] = False,
    closed: Closed = False,
    mine: Annotated[bool, typer.Option("--mine", help="Only those assigned to the account.")] = False,
    order: Annotated[str, typer.Option(help="due, new, moved, amount or people.")] = "due",
    limit: Limit = 200,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The cases in scope, what ends first on top; how many, closed on time, flow times, guards, joint cases to propose."""
    from pilotwatch import disposal
    from pilotwatch.workdays import now
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk, at = workspace.desk(person(workspace, user, as_json)), now()
    calendar = workspace.calendar()
    wanted = disposal.CaseFilter(
        states=tuple(state or ()), domain=domain, report_unit=unit, department=department, words=words, overdue=overdue,
        now=at, mine=mine, closed=closed,
    )  # fmt: skip
    listed = disposal.listed(desk, wanted, order=order, limit=limit)
    seen = disposal.overview(
        desk, calendar, wanted=disposal.CaseFilter(domain=domain, report_unit=unit, department=department), at=at
    )
    rows = listed.astype(object).where(listed.notna(), None).to_dict("records")
    document = {
        "measures": {
            **{n: getattr(seen, n) for n in ("open", "overdue", "soon", "paused", "unknown", "mine", "supervised", "states", "funnel", "closings")},
            "on_time": asdict(seen.on_time) | {"due": seen.on_time.due, "share": seen.on_time.share},
            "flow_days": seen.flow.to_dict("records"),
        },
        "guards": {kind: len(disposal.guarded(desk, kind)) for kind in ("repeated", "double_fine")},
        "cases": [r | {"light": disposal.light(r, at, calendar)} for r in rows],
    }  # fmt: skip
    show(document, as_json, lines=_lines(document))


@app.command("case")
def case_command(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="XS-PPC-20261123-00001")],
    act: Annotated[str | None, typer.Option(help="Do this act; without it the case is shown.")] = None,
    reason: Annotated[str | None, typer.Option(help="Reason or result.")] = None,
    department: Annotated[str | None, typer.Option(help="The department that the act names.")] = None,
    value: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Another thing the act asks for.")
    ] = None,
    attach: Annotated[
        list[Path] | None, typer.Option(help="A file that goes with it.", exists=True, dir_okay=False)
    ] = None,
    version: Annotated[
        int | None, typer.Option(help="The version that was seen: refused if the case moved since.")
    ] = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """One case: what is so, its clocks, its events, and what the account may do now; or an act on it."""
    from pilotwatch import disposal
    from pilotwatch.store import StoreRefused
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk, rulebook = workspace.desk(person(workspace, user, as_json)), workspace.rulebook()
    try:
        found = disposal.case(desk, number)
        if version is not None and version != found.version:
            refuse(_STALE.format(seen=version, now=found.version), as_json, rule="meanwhile")
        if act:
            values = {"reason": reason or "", "department": department or "", **_values(value or (), as_json)}
            files = [(p.name, p.read_bytes()) for p in attach or ()]
            found = disposal.do(desk, rulebook, found, act, values, files=files)
        show(_document(disposal, desk, rulebook, found), as_json)
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)


def _document(disposal: Any, desk: Any, rulebook: Any, case: Any) -> dict[str, Any]:
    procedure = rulebook.procedure(case)
    shown = ("number", "version", "state", "kind", "channel", "name", "code", "content", "domains", "facts", "level", "units", "owner",
             "others", "assignee", "received_at", "returns", "supervised", "joint", "late", "closing", "closed_at", "waiting")  # fmt: skip
    return {
        **{n: getattr(case, n) for n in shown},
        "clocks": [_clock(disposal, c) for c in case.clocks],
        "possible": [
            {"act": p.act, "title": p.title.zh, "primary": p.primary, "to": p.to.zh,
             "needs": [{"name": n.name, "kind": n.kind, "title": n.title.zh, "required": n.required, "choices": sorted(n.choices)} for n in p.needs]}
            for p in disposal.possible(case, desk.person)
        ],
        "steps": [{"text": s.text.zh, "within": s.within, "levels": s.levels} for s in procedure.steps] if procedure else [],
        "events": [
            {"seq": e.seq, "at": e.at, "by": e.by, "act": e.act, "title": disposal.TITLES[e.act].zh, "state": e.state, "reason": e.reason,
             "department": e.department, "files": list(e.files)}
            for e in disposal.history(desk, case)
        ],
    }  # fmt: skip


def _clock(disposal: Any, clock: Any) -> dict[str, Any]:
    rule = disposal.LIMITS[clock.rule]
    last = clock.due_at and clock.due_at - timedelta.resolution
    return {
        "rule": clock.rule, "title": rule.title.zh, "limit": clock.limit, "start": clock.start, "due_at": clock.due_at,
        "due": last and disposal.day_of(last), "standing": clock.standing, "why": clock.why and clock.why.zh,
        "level": clock.level, "basis": clock.basis, "ended_at": clock.ended_at, "extended": clock.extended,
    }  # fmt: skip


def _values(pairs: Any, as_json: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            refuse(
                Text(f"“{pair}”应写作 名称=值，例如 assignee=zhang。", f"{pair}: write NAME=VALUE, as in assignee=zhang."),
                as_json, rule="no_value", code=2,
            )  # fmt: skip
        found[name] = value.split(",") if name == "others" else value
    return found


def _lines(document: dict[str, Any]) -> Iterator[str]:
    from pilotwatch.workdays import BEIJING

    measures = document["measures"]
    share = measures["on_time"]["share"]
    yield (
        f"在办 {measures['open']} 件，逾期 {measures['overdue']} 件，临期 {measures['soon']} 件，挂起 {measures['paused']} 件"
        f"，按期办结率 {'—' if share is None else f'{share:.1%}'}"
    )
    for row in document["cases"]:
        due = f"{row['next_at'].tz_convert(BEIJING):%Y-%m-%d %H:%M}" if row["next_at"] is not None else "—"
        yield f"{row['number']}  {row['state']:<10}  {row['owner']:<5}  {due}  {row['light']:<9}  {row['name']}"


_STALE = Text(
    "案件已由第 {seen} 步变为第 {now} 步，您的操作没有执行。请重新查看后再办理。",
    "The case went from version {seen} to {now}; nothing was done. Look at it again first.",
)
