"""Approval of figures: how the units' months stand, deciding on them, what was reported when, what templates ask."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Day, OfDomain, OfUnit, day, person, refuse, show
from pilotwatch.domain import Text

app = typer.Typer()

Month = Annotated[str, typer.Argument(help="A month that has ended, as 2026-10.")]
_ACTS = ("approve", "accept", "return", "except", "close")
_NO_MONTH = Text("“{month}”不是月份，应写作 2026-10。", "{month} is no month; write it as 2026-10.")
_NO_ACT = Text("没有“{act}”这种办理。可选：{acts}。", "There is no {act}. There are: {acts}.")


@app.command("list")
def list_command(
    month: Month, domain: OfDomain = None, unit: OfUnit = None, on: Day = None, user: AsUser = None, as_json: AsJson = False
) -> None:  # fmt: skip
    """How every domain and unit stands in a month, and what has moved since it was approved."""
    from pilotwatch.review import approvals
    from pilotwatch.workdays import today

    house, desk = _open(month, user, as_json)
    board = _board(house, desk, month, domain, unit)
    shown = approvals.compared(desk, house.registry, board, day(on, as_json) or today())
    rows = [
        {
            "domain": s.cell.domain, "unit": s.cell.report_unit, "state": s.standing.state, "number": s.standing.number,
            "until": s.standing.until, "moved": None if s.moved is None else [m.code for m in s.moved],
            "remark": s.standing.last.remark if s.standing.last else "",
        }
        for s in shown
    ]  # fmt: skip
    show({"month": month, "cells": rows}, as_json)


@app.command("decide")
def decide_command(
    act: Annotated[str, typer.Argument(help="approve, accept, return, except or close.")],
    month: Month,
    domain: OfDomain = None,
    unit: OfUnit = None,
    remark: Annotated[str, typer.Option(help="What is wrong (return), or why changes are let in (except).")] = "",
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The last day of an exception.")] = None,
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Decides on all that is chosen and in a state that allows it; says how many that are, before and after."""
    from pilotwatch.review import approvals
    from pilotwatch.store import StoreRefused
    from pilotwatch.workdays import today

    if act not in _ACTS:
        refuse(_NO_ACT.format(act=act, acts="、".join(_ACTS)), as_json, rule="no_act", code=2)
    house, desk = _open(month, user, as_json)
    asked, names = day(on, as_json) or today(), {u.code: u.title for u in house.places.units}
    board = _board(house, desk, month, domain, unit)
    seen = {c: s.number for c, s in board.items() if approvals.fits(act, s, desk.person)}
    if not as_json:
        typer.echo(f"{len(seen)} / {len(board)}", err=True)
    try:
        if act in ("approve", "accept"):
            done = getattr(approvals, act)(desk, house.registry, names, seen, asked)
        elif act == "return":
            done = approvals.send_back(desk, names, seen, remark)
        elif act == "except":
            done = approvals.let_in(desk, names, seen, day(until, as_json) or asked, remark)
        else:
            done = approvals.shut(desk, names, seen)
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)
    show({"month": month, "act": act, "chosen": len(board), "decided": len(done)}, as_json)


@app.command("reporting")
def reporting_command(month: Month, on: Day = None, user: AsUser = None, as_json: AsJson = False) -> None:
    """What every team had to report of a month, whether it came, and whether it came in time."""
    from pilotwatch.review.reporting import reported
    from pilotwatch.workdays import today

    house, desk = _open(month, user, as_json)
    units = [u.code for u in house.places.units]
    found = reported(desk, house.registry, house.calendar(), units, month, day(on, as_json) or today())
    rows = [
        {"domain": r.domain, "unit": r.report_unit, "due": len(r.due), "complete": r.complete, "in_time": r.in_time,
         "missing": [d.dataset for d in r.of("missing")], "late": [d.dataset for d in r.of("late")]}
        for r in found if r.due
    ]  # fmt: skip
    show({"month": month, "teams": rows}, as_json)


@app.command("burden")
def burden_command(as_json: AsJson = False) -> None:
    """What every template asks: fields, fields that another template asks too, fields that nothing reads."""
    from pilotwatch.review.burden import burden
    from pilotwatch.workspace import Workspace

    rows = [
        {"dataset": b.record.spec.dataset, "domain": b.domain, "fields": b.fields, "twice": [t.column.name for t in b.twice],
         "unused": [c.name for c in b.unused]}
        for b in burden(Workspace.open().registry)
    ]  # fmt: skip
    show({"templates": rows}, as_json)


def _open(month: str, user: str | None, as_json: bool) -> tuple[Any, Any]:
    from pilotwatch.figures.ask import Period
    from pilotwatch.workspace import Workspace

    try:
        right = Period.of(month).months == (month,)
    except ValueError:
        right = False
    if not right:
        refuse(_NO_MONTH.format(month=month), as_json, rule="no_month", code=2)
    house = Workspace.open()
    return house, house.desk(person(house, user, as_json))


def _board(house: Any, desk: Any, month: str, domain: str | None, unit: str | None) -> Any:
    from pilotwatch.review import approvals

    every = approvals.board(desk, house.registry, [u.code for u in house.places.units], [month])
    return {c: s for c, s in every.items() if domain in (None, c.domain) and unit in (None, c.report_unit)}
