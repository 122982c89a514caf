"""Figures and the warnings that follow from them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from pilotwatch.cli.common import AsJson, AsUser, Closed, Day, Limit, OfDomain, OfUnit, day, person, rows_of, show

app = typer.Typer()


@app.command()
def update(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make every figure anew from the records.")] = False,
    history: Annotated[
        int, typer.Option(min=0, max=60, help="Evaluate how so many last months ended, where that isn't kept yet.")
    ] = 0,
    on: Day = None,
    as_json: AsJson = False,
) -> None:
    """Brings the figures to today's date (a licence runs out overnight without any upload), and cases' clocks, guards and
    reminders; tests for hot spots."""
    from pilotwatch import access, disposal, figures, hotspots, risk, scorecard, signals, warnings
    from pilotwatch.inspection import objects
    from pilotwatch.inspection.ledger import keep as ledger
    from pilotwatch.workspace import Workspace

    workspace, asked = Workspace.open(), day(on, as_json)
    done = warnings.update(workspace.store, workspace.registry, on=asked, rebuild=rebuild)
    watched = signals.update(workspace.store, workspace.registry, on=asked, rebuild=rebuild)
    classes = risk.update(workspace.store, workspace.registry, on=asked, rebuild=rebuild)
    saved = ledger.update(workspace.store, workspace.registry, asked)
    people = [p for a in access.accounts(workspace.store) if (p := access.person(workspace.store, a["username"]))]
    cases = disposal.daily.run(workspace.store, workspace.rulebook(), people)
    hot = hotspots.keep.update(workspace.store, workspace.registry, workspace.places, on=asked)
    library = objects.update(workspace.store, workspace.registry, workspace.places, on=asked)
    done |= {
        "objects": {n: library[n] for n in ("entries", "linked", "clerical", "overlaps")},
        "watched": watched["domains"],
        "risk": classes["domains"],
        "ledger": saved,
        "cases": asdict(cases),
        "hot_spots": hot["domains"],
    }
    if history:
        months = figures.history(workspace.store, workspace.registry, history, scorecard.look_back, on=asked)
        done |= {"months": months}
    show(done, as_json)


@app.command("warnings")
def warnings_command(
    domain: OfDomain = None,
    indicator: Annotated[str | None, typer.Option(help="Only this indicator's, by its code.")] = None,
    level: Annotated[str | None, typer.Option(help="red, orange, yellow or blue.")] = None,
    unit: OfUnit = None,
    closed: Closed = False,
    limit: Limit = 200,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The warnings in scope, what matters most first, and how many there are."""
    from pilotwatch import warnings
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    wanted = warnings.Filter(domain=domain, indicator=indicator, level=level, report_unit=unit, closed=closed)
    counts = warnings.counted(desk, wanted)
    rows = rows_of(warnings.listed(desk, wanted, limit=limit))
    show({"total": int(counts["warnings"].sum()), "warnings": rows}, as_json)


@app.command("overview")
def overview_command(user: AsUser = None, on: Day = None, as_json: AsJson = False) -> None:
    """The figures of the first screen."""
    from pilotwatch import figures
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    seen = figures.overview(workspace.desk(person(workspace, user, as_json)), workspace.registry, on=day(on, as_json))
    show(seen.as_json(), as_json)
