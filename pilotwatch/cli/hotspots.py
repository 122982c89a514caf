"""Hot spots: test them, and write what was found as GeoJSON, GeoPackage, workbook or picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Day, day, person, refuse, rows_of, show
from pilotwatch.domain import Text

app = typer.Typer()


@app.command("hotspots")
def hotspots_command(
    domain: Annotated[str, typer.Option(help="The domain.")],
    measure: Annotated[str, typer.Option(help="What is tested: 'risk', or the name of a count.")] = "risk",
    cells: Annotated[bool, typer.Option("--cells/--streets", help="Hexagonal cells, or streets.")] = True,
    period: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The month tested; default: the newest.")
    ] = None,
    fine: Annotated[bool, typer.Option("--fine", help="With --cells: cells of about 200 m instead of 530 m.")] = False,
    areas: Annotated[
        str | None, typer.Option(metavar="units|divisions", help="The nine units or the eight divisions instead.")
    ] = None,
    geojson: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all places of the layer here.")] = None,
    gpkg: Annotated[Path | None, typer.Option(metavar="FILE", help="The same as a GeoPackage.")] = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help="The same as a workbook.")] = None,
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="The map as a picture.")] = None,
    english: Annotated[bool, typer.Option("--english", help="Words of the files in English.")] = False,
    test: Annotated[bool, typer.Option("--test", help="Test anew, as of --on (default: today).")] = False,
    history: Annotated[
        int, typer.Option(min=0, max=36, help="Test how so many last months ended, too, where that isn't kept yet.")
    ] = 0,
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The hot places of a domain: where more happened than the rate of the city lets expect."""
    from pilotwatch import hotspots
    from pilotwatch.hotspots import export
    from pilotwatch.hotspots import history as past
    from pilotwatch.hotspots.keep import measures, update
    from pilotwatch.store import hotspots as shelf
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    wanted = next((d for d in workspace.registry.domains if d.name == domain), None)
    if wanted is None:
        _refuse("no_domain", "领域", "domain", domain, [d.name for d in workspace.registry.domains], as_json)
    if measure not in measures(wanted):
        _refuse("no_measure", "指标", "measure", measure, list(measures(wanted)), as_json)
    if areas not in (None, "units", "divisions"):
        _refuse("no_areas", "区域", "kind of areas", str(areas), ["units", "divisions"], as_json)
    layer: hotspots.Layer = areas or (("fine" if fine else "cells") if cells else "streets")

    def standing() -> Any:
        mine = [r for r in shelf.runs(desk) if (r.domain, r.measure, r.layer) == (domain, measure, layer)]
        return next((r for r in mine if period in (None, r.period)), None)

    if history:
        past.history(workspace.store, workspace.registry, workspace.places, history, on=day(on, as_json), domain=domain)
    run = standing()
    if test or history or (run is None and period is None):
        update(workspace.store, workspace.registry, workspace.places, on=day(on, as_json), domain=domain)
        run = standing()
    if run is None:
        _refuse("no_period", "月份", "period", str(period), sorted({r.period for r in shelf.runs(desk)}), as_json)
    found = shelf.places(desk, domain, measure, layer, run.period)
    title = Text("{domain} · {measure}", "{domain} · {measure}").format(
        domain=wanted.title, measure=measures(wanted)[measure]
    )
    context = export.Context(workspace.places, "en" if english else "zh", title, workspace.store.demo)
    for form, file in (("geojson", geojson), ("gpkg", gpkg), ("xlsx", xlsx), ("png", png)):
        if file:
            file.write_bytes(export.take_out(desk, run, form, context))
    hot = found[found["hot"]].sort_values(["p", "place"])
    told = export.described(run, demo=workspace.store.demo)
    show(told | {"places": len(found), "hot": rows_of(hot)}, as_json)


def _refuse(rule: str, zh: str, en: str, given: str, known: list[str], as_json: bool) -> None:
    refuse(
        Text(
            f"没有{zh}“{given}”。可选：{'、'.join(known) or '无'}",
            f"There is no {en} {given}. There are: {', '.join(known) or 'none'}",
        ),
        as_json,
        rule=rule,
        code=2,
    )
