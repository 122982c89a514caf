"""The brief of a unit and a period, as Word or PDF; of every unit at once; kept, where that is asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Day, OfUnit, day, person, refuse, show
from pilotwatch.domain import Text

app = typer.Typer()

_NO_KIND = Text(
    "“{file}”的扩展名应为 .docx 或 .pdf，例如 -o 简报.docx。", "{file} has to end in .docx or .pdf, as -o brief.docx."
)
_NO_FOLDER = Text(
    "--all-units 的 -o 应为文件夹，“{file}”是文件。", "With --all-units, -o is a folder; {file} is a file."
)
_BOTH = Text("--unit 和 --all-units 只能选一个。", "Give --unit or --all-units, not both.")
_NO_CHOICE = Text("没有“{given}”。可选：{known}。", "There is no {given}. There are: {known}.")
_WRONG_USE = ("no_period", "to_come", "no_unit")
_KEEP_TODAY = Text(
    "--keep 只能按今天的数据出刊，不能与 --on 合用。", "What is kept is as of today: --keep goes without --on."
)

Form = Annotated[str, typer.Option(help="page: one page for a leader; long: the whole, with appendix.")]
Language = Annotated[str, typer.Option(help="zh or en.")]
Audience = Annotated[str, typer.Option(help="For whom it is kept: leader, district or office.")]


@app.command("brief")
def brief_command(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where to write: .docx or .pdf; with --all-units a folder.")],
    unit: OfUnit = None,
    all_units: Annotated[bool, typer.Option("--all-units", help="One for each unit in scope, both as Word and PDF.")] = False,
    period: Annotated[str | None, typer.Option(help="2026-10, 2026Q3 or 2026; default: this month.")] = None,
    form: Form = "page",
    language: Language = "zh",
    keep: Annotated[bool, typer.Option("--keep", help="Number and keep it; those it is for are told.")] = False,
    audience: Audience = "leader",
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Writes the brief of a unit and a period: what is wrong, who acts, by when, what moved."""
    from pilotwatch import brief as briefs
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    kind = output.suffix.lower().removeprefix(".")
    if unit and all_units:
        refuse(_BOTH, as_json, rule="both", code=2)
    if keep and on:
        refuse(_KEEP_TODAY, as_json, rule="keep_today", code=2)
    if all_units and output.is_file():
        refuse(_NO_FOLDER.format(file=output.name), as_json, rule="no_folder", code=2)
    if not all_units and kind not in briefs.KINDS:
        refuse(_NO_KIND.format(file=output.name), as_json, rule="no_kind", code=2)
    chosen(as_json, (form, ("page", "long")), (language, ("zh", "en")), (audience, ("leader", "district", "office")))
    workspace, asked = Workspace.open(), day(on, as_json) or today()
    who, wanted = person(workspace, user, as_json), period or f"{asked:%Y-%m}"
    order = briefs.Order(unit, wanted, form, language, audience)  # type: ignore[arg-type]
    if all_units:
        _all(workspace, who, order, output, asked, keep, as_json)
        return
    try:
        told, files = _made(workspace, who, order, asked, keep, (kind,))
    except briefs.BriefRefused as no:
        refuse(no.message, as_json, rule=no.rule, code=2 if no.rule in _WRONG_USE else 1)
    output.write_bytes(files[kind])
    show({"file": str(output), **told, "bytes": len(files[kind])}, as_json)


def _made(workspace: Any, who: Any, order: Any, asked: date, keep: bool, kinds: tuple) -> tuple[dict, dict[str, bytes]]:
    """One brief: what is told of it, and its documents by kind."""
    from pilotwatch import brief as briefs
    from pilotwatch.store import briefs as shelf

    desk = workspace.desk(who)
    if keep:
        kept = briefs.issue(workspace, who, order)
        files = {k: shelf.document(desk, kept.id, k) for k in kinds}
        told = {
            "title": kept.title,
            "unit": kept.unit or None,
            "numbers": kept.told,
            "kept": kept.id,
            "number": kept.number,
        }
        return told | {"period": order.period, "form": order.form, "language": order.language}, files
    made = briefs.brief(
        desk, briefs.house_of(workspace), order.period, unit=order.unit, form=order.form, language=order.language, on=asked
    )  # fmt: skip
    files = {k: briefs.take_out(desk, made, k) for k in kinds}
    told = {
        "title": made.title, "unit": made.unit, "period": made.period, "form": order.form, "language": order.language,
        "numbers": sum(1 for _ in made.numbers()), "sections": [s.title for s in made.sections], "demo": bool(made.demo),
    }  # fmt: skip
    return told, files


def _all(workspace: Any, who: Any, order: Any, folder: Path, asked: date, keep: bool, as_json: bool) -> None:
    """One for each unit in scope; one that can't be made doesn't keep the others. Exit code 1 where there was such a one."""
    from dataclasses import replace

    from pilotwatch import brief as briefs
    from pilotwatch.store import StoreRefused

    folder.mkdir(parents=True, exist_ok=True)
    done: list[dict[str, Any]] = []
    for unit in [u.code for u in workspace.places.units if who.units is None or u.code in who.units]:
        try:
            told, files = _made(workspace, who, replace(order, unit=unit), asked, keep, tuple(briefs.KINDS))
        except StoreRefused as no:
            done.append({"unit": unit, "refused": no.rule, "message": no.message.zh, "message_en": no.message.en})
            continue
        for kind, data in files.items():
            (folder / f"brief-{unit}-{order.period}-{order.form}.{kind}").write_bytes(data)
        done.append(
            {
                "unit": unit,
                "title": told["title"],
                "numbers": told["numbers"],
                **({"number": told["number"]} if keep else {}),
            }
        )
    failed = sum("refused" in d for d in done)
    show({"folder": str(folder), "made": len(done) - failed, "failed": failed, "briefs": done}, as_json)
    if failed:
        raise typer.Exit(1)


def chosen(as_json: bool, *given: tuple[str, tuple[str, ...]]) -> None:
    """Refuses a choice that isn't among those there are."""
    for one, known in given:
        if one not in known:
            refuse(_NO_CHOICE.format(given=one, known="、".join(known)), as_json, rule="no_choice", code=2)
