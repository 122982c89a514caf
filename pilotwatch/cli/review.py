"""What the pilots achieved: results by unit and period, whether the pilot did it, and which units are pilots."""

from __future__ import annotations

import math
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Day, OfUnit, day, person, refuse, say, show
from pilotwatch.domain import Text

app = typer.Typer()

_NO_PERIOD = Text(
    "“{period}”不是期间，应写作 2026-10、2026Q3 或 2026。",
    "{period} is no period; write it as 2026-10, 2026Q3 or 2026.",
)
_NO_CODE = Text("没有编号为“{code}”的期间指标，例如 REF-03。", "No measure has the code {code}; REF-03 is one.")


@app.command("results")
def results_command(
    unit: OfUnit = None,
    period: Annotated[str | None, typer.Option(help="2026-10, 2026Q3 or 2026; default: the year so far.")] = None,
    domain: Annotated[str | None, typer.Option(help="Only the measures of this domain, or of the reform.")] = None,
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Every measure of a unit and a period, beside its bound, the period before and the same of a year before."""
    from pilotwatch import review
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    workspace, asked = Workspace.open(), day(on, as_json) or today()
    desk = workspace.desk(person(workspace, user, as_json))
    try:
        found = review.results(desk, workspace.registry, period or f"{asked:%Y}", asked, unit=unit, group=domain)
    except ValueError:
        refuse(_NO_PERIOD.format(period=period), as_json, rule="no_period", code=2)
    show(found.as_json(), as_json)


@app.command("effect")
def effect_command(
    code: Annotated[str, typer.Argument(help="A measure's code: REF-03.")],
    domain: Annotated[str, typer.Option(help="Whose pilots: a domain, or the reform.")] = "reform",
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Did the pilot do it? Pilots against the other units, with every way in which they could have been drawn."""
    from pilotwatch import review
    from pilotwatch.figures.ask import measures_of
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    workspace, asked = Workspace.open(), day(on, as_json) or today()
    desk = workspace.desk(person(workspace, user, as_json))
    if code not in measures_of(workspace.registry):
        refuse(_NO_CODE.format(code=code), as_json, rule="no_code", code=2)
    told = review.effect(desk, workspace.registry, code, domain, asked)
    show(_document(code, told), as_json)


def _document(code: str, told: Any) -> dict[str, Any]:
    found = told.found
    bounds = found.bounds and {
        "low": _number(found.bounds.low), "high": _number(found.bounds.high), "confidence": found.bounds.confidence,
    }  # fmt: skip
    panel = found.panel
    return {
        "code": code, "title": told.measure.zh, "verdict": found.verdict, "reason": found.reason,
        "sentence": told.sentence.zh, "sentence_en": told.sentence.en, "caveats": [c.zh for c in told.caveats],
        "effect": _number(found.effect), "interval": bounds, "p": _number(found.p), "ways": found.ways, "as_large": found.as_large,
        "by_model": _number(found.by_model), "trend_p": _number(found.trend_p),
        "pilots": {u: p.month for u, p in told.pilots.items()}, "months": list(panel.months),
        "units": {
            unit: {"start": start if start is None else panel.months[start] if start < len(panel.months) else None,
                   "numerators": [_number(v) for v in panel.numerators[i]], "denominators": [_number(v) for v in panel.denominators[i]]}
            for i, (unit, start) in enumerate(zip(panel.units, panel.starts, strict=True))
        },
    }  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


@app.command("pilots")
def pilots_command(
    domain: Annotated[str, typer.Option(help="Whose pilots: a domain, or the reform.")] = "reform",
    units: Annotated[
        str | None, typer.Option(help="Reporting units, by code, with commas between; none: list them.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="The first month, as 2026-01; none: they are no pilots.")] = None,
    chosen: Annotated[str | None, typer.Option(help="lottery, applied or appointed.")] = None,
    reason: Annotated[str, typer.Option(help="On what ground: the document and its number.")] = "",
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Which units are pilots of what, since when; with --units sets it."""
    from dataclasses import asdict

    from pilotwatch import review
    from pilotwatch.store import StoreRefused
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    if units:
        try:
            review.set_pilots(
                desk, workspace.registry, workspace.places, domain, units.split(","), since, chosen, reason
            )
        except StoreRefused as refused:
            refuse(refused.message, as_json, rule=refused.rule)
    found = [asdict(p) for p in review.pilots(desk, domain).values()]
    if not found and not as_json:
        say(Text("没有试点单位。", "There are no pilots."))
    show({"domain": domain, "pilots": found}, as_json)
