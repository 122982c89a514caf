"""Counts that surge, and departments that contradict each other."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pilotwatch.cli.common import AsJson, AsUser, Closed, Limit, OfDomain, OfUnit, person, rows_of, show

app = typer.Typer()


@app.command("signals")
def signals_command(
    domain: OfDomain = None,
    unit: OfUnit = None,
    kind: Annotated[str | None, typer.Option(help="city, division, unit or street.")] = None,
    level: Annotated[
        list[str] | None, typer.Option(help="red, amber, creeping, none or grey; several times for several.")
    ] = None,
    weeks: Annotated[bool, typer.Option("--weeks", help="The weeks behind each series too.")] = False,
    limit: Limit = 200,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The counts watched for surges, alarms first: what was seen, what was expected, by which method."""
    from pilotwatch import signals
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    wanted = signals.Filter(domain=domain, report_unit=unit, kind=kind, levels=tuple(level or ()))
    counts = signals.counted(desk, wanted)
    found = signals.listed(desk, wanted, limit=limit)
    rows = rows_of(found)
    if weeks:
        behind = signals.weeks_of(desk, found)
        rows = [
            r | {"weeks": json.loads(behind[tuple(r[n] for n in ("domain", "measure", "kind", "place"))])} for r in rows
        ]
    by_level = counts.groupby("level")["series"].sum().to_dict()
    document = {
        "series": int(counts["series"].sum()), "by_level": by_level, "raised": int(counts["raised"].sum()),
        "false_alarms_a_year": signals.expected_false_alarms(counts), "signals": rows,
    }  # fmt: skip
    show(document, as_json)


@app.command("contradictions")
def contradictions_command(
    domain: OfDomain = None,
    unit: OfUnit = None,
    code: Annotated[str | None, typer.Option(help="Only this kind's, by its code.")] = None,
    department: Annotated[str | None, typer.Option(help="Only those of which this department is a side.")] = None,
    closed: Closed = False,
    limit: Limit = 200,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Where departments state different things of one subject, both statements and whose they are."""
    from pilotwatch.signals import contradictions
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    wanted = contradictions.Filter(domain=domain, report_unit=unit, code=code, department=department, closed=closed)
    counts = contradictions.counted(desk, wanted)
    rows = rows_of(contradictions.listed(desk, wanted, limit=limit))
    show({"total": int(counts["items"].sum()), "contradictions": rows}, as_json)
