"""The brief of a unit and a period, as Word or PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pilotwatch.cli.common import AsJson, AsUser, Day, OfUnit, day, person, refuse, show
from pilotwatch.domain import Text

app = typer.Typer()

_NO_KIND = Text(
    "“{file}”的扩展名应为 .docx 或 .pdf，例如 -o 简报.docx。", "{file} has to end in .docx or .pdf, as -o brief.docx."
)
_NO_CHOICE = Text("没有“{given}”。可选：{known}。", "There is no {given}. There are: {known}.")
_WRONG_USE = ("no_period", "to_come", "no_unit")


@app.command("brief")
def brief_command(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where to write: .docx or .pdf.")],
    unit: OfUnit = None,
    period: Annotated[str | None, typer.Option(help="2026-10, 2026Q3 or 2026; default: this month.")] = None,
    form: Annotated[str, typer.Option(help="page: one page for a leader; long: the whole, with appendix.")] = "page",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Writes the brief of a unit and a period: what is wrong, who acts, by when, what moved."""
    from pilotwatch import brief as briefs
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    kind = output.suffix.lower().removeprefix(".")
    if kind not in briefs.KINDS:
        refuse(_NO_KIND.format(file=output.name), as_json, rule="no_kind", code=2)
    for given, known in ((form, ("page", "long")), (language, ("zh", "en"))):
        if given not in known:
            refuse(_NO_CHOICE.format(given=given, known="、".join(known)), as_json, rule="no_choice", code=2)
    workspace, asked = Workspace.open(), day(on, as_json) or today()
    desk = workspace.desk(person(workspace, user, as_json))
    house = briefs.House(
        workspace.registry, workspace.places, workspace.calendar(), workspace.settings.data, workspace.store.demo
    )
    try:
        made = briefs.brief(desk, house, period or f"{asked:%Y-%m}", unit=unit, form=form, language=language, on=asked)  # type: ignore[arg-type]
    except briefs.BriefRefused as no:
        refuse(no.message, as_json, rule=no.rule, code=2 if no.rule in _WRONG_USE else 1)
    data = briefs.take_out(desk, made, kind)  # type: ignore[arg-type]
    output.write_bytes(data)
    told = {
        "file": str(output), "title": made.title, "unit": made.unit, "period": made.period, "form": form, "language": language,
        "bytes": len(data), "numbers": sum(1 for _ in made.numbers()), "sections": [s.title for s in made.sections],
        "demo": bool(made.demo),
    }  # fmt: skip
    show(told, as_json)
