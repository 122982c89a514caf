"""The bounds of indicators: what is declared, what the city set, and setting them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, OfDomain, day, person, refuse, show
from pilotwatch.domain import Text

app = typer.Typer()

Code = Annotated[str, typer.Argument(metavar="CODE", help="The indicator, PPC-01.")]
Reason = Annotated[str, typer.Option(help="Why; it stays in the history.")]
From = Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="The first day; default: today.")]
Area = Annotated[bool, typer.Option("--area", help="The bounds of places, not of subjects.")]
OfVersion = Annotated[
    str | None,
    typer.Option("--version", metavar="YYYY-MM-DD", help="The rule version by its first day; default: in force."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell the effect and save nothing.")]


@app.command("list")
def bounds_list(
    domain: OfDomain = None,
    indicator: Annotated[str | None, typer.Option(help="Only this indicator's, by its code.")] = None,
    only_set: Annotated[bool, typer.Option("--set", help="Only where the city set one.")] = False,
    versions: Annotated[
        bool, typer.Option("--versions", help="Of every rule version, not only those in force.")
    ] = False,
    on: Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="In force on; default: today.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every bound: as declared, as in force, and who set it when and why."""
    from pilotwatch import bounds
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    entries = bounds.bound_entries(workspace.desk(person(workspace, None)))
    lines = [
        line
        for line in bounds.listing(workspace.registry, entries, day(on, as_json) or today(), every_version=versions)
        if domain in (None, line.domain.name)
        and indicator in (None, line.indicator.code)
        and (line.is_set or not only_set)
    ]
    show({"bounds": [line.as_json() for line in lines]}, as_json, lines=(_told(line) for line in lines))


@app.command("set")
def bounds_set(
    code: Code,
    levels: Annotated[list[str], typer.Argument(metavar="LEVEL=BOUND…", help='red="> 60" yellow="> 15"')],
    reason: Reason = "",
    since: From = None,
    area: Area = False,
    version: OfVersion = None,
    dry_run: DryRun = False,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Sets bounds of an indicator; tells first how many subjects change their level."""
    given = dict(_pair(text, as_json) for text in levels)
    _change(code, given, reason, since, area, version, dry_run, user, as_json)


@app.command("reset")
def bounds_reset(
    code: Code,
    levels: Annotated[list[str] | None, typer.Argument(metavar="[LEVEL]…", help="red, orange …; default: all.")] = None,
    reason: Reason = "",
    since: From = None,
    area: Area = False,
    version: OfVersion = None,
    dry_run: DryRun = False,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Goes back to the declared bounds; the history keeps what was set."""
    _change(code, dict.fromkeys(levels or ()), reason, since, area, version, dry_run, user, as_json)


@app.command("history")
def bounds_history(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="The indicator; default: all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Who set which bound when, why, and what it was before; newest first."""
    from pilotwatch import bounds
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    made = bounds.bound_entries(workspace.desk(person(workspace, None)), indicator=code)
    names = ("at", "by", "domain", "indicator", "judges", "version", "level", "before", "bound", "since", "reason")
    rows = [{n: getattr(e, n) for n in names} for e in reversed(made)]
    show({"history": rows}, as_json)


def _change(
    code: str, levels: dict[str, str | None], reason: str, since: str | None, area: bool, version: str | None,
    dry_run: bool, user: str | None, as_json: bool,
) -> None:  # fmt: skip
    from pilotwatch import bounds, warnings
    from pilotwatch.store import StoreRefused
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    who = person(workspace, user, as_json)
    desk, found = workspace.desk(who), workspace.registry
    lines = bounds.listing(found, bounds.bound_entries(desk), today(), every_version=True)
    of_code = [n for n in lines if n.indicator.code == code]
    mine = [n for n in of_code if (n.judges == "area") == area] or of_code  # an indicator may judge places only
    line = next((n for n in mine if (n.key == version if version is not None else n.in_force)), None)
    if line is None:
        _refuse_unknown(code, [n.indicator.code for n in lines], [n.key or "-" for n in mine], as_json)
    asked = levels or {n.level: None for n in line.levels}
    wanted = bounds.Proposal(
        line.domain.name, code, asked, day(since, as_json) or today(), reason, line.judges, line.key, line.newest
    )
    try:
        reading = warnings.read_proposal(desk, found, wanted)
        if reading.errors or reading.then is None:
            refuse(reading.errors[0].message, as_json, rule=f"bound_{reading.errors[0].rule}")
        told: dict[str, Any] = {
            "indicator": code, "bounds": {e.level: {"before": e.before, "bound": e.bound} for e in reading.entries},
            "since": wanted.since.isoformat(), "hints": [f.message.zh for f in reading.findings],
            "effect": warnings.effect(desk, found, wanted, reading).as_json(), "saved": not dry_run,
        }  # fmt: skip
        if not dry_run:
            told["evaluated"] = warnings.set_bounds(workspace.store, who, found, wanted).subjects
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)
    show(told, as_json)


def _refuse_unknown(code: str, codes: list[str], versions: list[str], as_json: bool) -> Any:
    from pilotwatch.bounds import words

    if versions:
        refuse(words.NO_VERSION.format(code=code, version="、".join(versions)), as_json, rule="no_version", code=2)
    known = "、".join(dict.fromkeys(codes))
    refuse(
        Text(f"没有编号为“{code}”的指标。现有：{known}", f"There is no indicator {code}. There are: {known}"),
        as_json,
        rule="no_indicator",
        code=2,
    )


def _pair(text: str, as_json: bool) -> tuple[str, str]:
    level, sign, bound = text.partition("=")
    if not sign:
        refuse(
            Text(f'“{text}”应写作 等级=界限，如 red="> 60"。', f'{text} is written LEVEL=BOUND, as in red="> 60".'),
            as_json,
            rule="no_bound",
            code=2,
        )
    return level.strip(), bound


def _told(line: Any) -> str:
    parts = []
    for n in line.levels:
        told = f"{n.level} {n.bound} ({n.basis})"
        if n.set_:
            told += f" [{n.set_.by} {n.set_.since}: {n.set_.declared} → {n.bound}, {n.set_.reason}]"
        parts.append(told)
    places = " (area)" if line.judges == "area" else ""
    return f"{line.indicator.code} {line.indicator.title.zh}{places}: {' · '.join(parts)}"
