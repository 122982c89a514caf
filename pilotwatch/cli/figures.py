"""Figures and the warnings that follow from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pilotwatch.cli.common import (
    AsJson,
    AsUser,
    Closed,
    Day,
    Limit,
    OfDomain,
    OfUnit,
    day,
    person,
    refuse,
    rows_of,
    show,
)
from pilotwatch.domain import Text

if TYPE_CHECKING:
    from pilotwatch.spread import Spreading
    from pilotwatch.workspace import Workspace

app = typer.Typer()


@app.command()
def update(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make every figure anew from the records.")] = False,
    history: Annotated[
        int, typer.Option(min=0, max=60, help="Evaluate how so many last months ended, where that isn't kept yet.")
    ] = 0,
    workers: Annotated[
        int, typer.Option(min=1, max=256, help="Evaluate in so many processes of this machine (extra: spread).")
    ] = 1,
    scheduler: Annotated[
        str | None, typer.Option(help="… or on the workers of a Dask scheduler, such as tcp://10.0.0.5:8786.")
    ] = None,
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Nothing where today's was done or another process is at it.")
    ] = False,
    on: Day = None,
    as_json: AsJson = False,
) -> None:
    """Brings the figures to today's date (a licence runs out overnight without any upload), and cases' clocks, guards and
    reminders; tests for hot spots."""
    from pilotwatch import figures, scorecard
    from pilotwatch.operation import daily
    from pilotwatch.workspace import Workspace

    workspace, asked = Workspace.open(), day(on, as_json)
    if if_due and not daily.due(workspace):
        show({"due": False}, as_json)
        return
    with _spread(workspace, workers, scheduler, as_json) as spread:
        if if_due:
            show(daily.if_due(workspace, lambda house: daily.run(house, spread=spread)) or {"due": False}, as_json)
            return
        done = daily.run(workspace, on=asked, rebuild=rebuild, spread=spread)
    if history:
        months = figures.history(workspace.store, workspace.registry, history, scorecard.look_back, on=asked)
        done |= {"months": months}
    show(done, as_json)


@contextmanager
def _spread(workspace: Workspace, workers: int, scheduler: str | None, as_json: bool) -> Iterator[Spreading | None]:
    """The processes that subjects are evaluated in, where there is more than this one."""
    if workers == 1 and scheduler is None:
        yield None
        return
    from pilotwatch import spread

    with ExitStack() as stack:
        try:
            cluster = spread.remote(scheduler, workspace.store) if scheduler else None
            chosen = stack.enter_context(cluster or spread.local(workspace.settings, workspace.store, workers))
        except spread.NotInstalled as no:
            refuse(no.message, as_json, rule="spread")
        except OSError:
            refuse(_NO_SCHEDULER.format(address=scheduler or ""), as_json, rule="scheduler")
        yield chosen


_NO_SCHEDULER = Text(
    "连接不上调度程序“{address}”，没有重算任何指标。请确认 dask scheduler 已启动、地址形如 tcp://主机:8786，或去掉 --scheduler 在本机计算。",
    "No scheduler answers at “{address}”, and no figure was made anew. See that dask scheduler runs and the address reads "
    "like tcp://host:8786, or leave out --scheduler to do it here.",
)


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
