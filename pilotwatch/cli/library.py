"""Matters and objects: the list and what may be planned of it, batches, changes, manuals, the search for objects that are one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Day, Limit, OfDomain, OfUnit, day, person, refuse, rows_of, show
from pilotwatch.domain import Text

app = typer.Typer()


@app.command("matters")
def matters_command(
    plannable: Annotated[bool, typer.Option("--plannable", help="Only what may be planned for the day.")] = False,
    scene: Annotated[str | None, typer.Option(help="Only this scene's: 加油站.")] = None,
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The list of matters, each with its state and what is wrong with it."""
    from pilotwatch.inspection import matters

    desk, at = _desk(user, as_json), _day(on, as_json)
    rows = matters.plannable(desk, at) if plannable else matters.listing(desk, at)
    named = "scenes" if plannable else "scene"
    rows = rows[[scene in told for told in rows[named]]] if scene else rows
    wanted = [
        "item_code",
        "name",
        "dept",
        named,
        *(["hours", "mergeable", "off_site", "yearly_cap"] if plannable else ["state", "alarms", "told_on", "told_in"]),
    ]
    show({"on": at.isoformat(), "matters": rows_of(rows[wanted].reset_index(drop=True))}, as_json)


@app.command("matter-changes")
def changes_command(
    since: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="The earlier day.")],
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """What changed in the list of matters from one day to another, field by field."""
    from pilotwatch.inspection import matters

    desk, at = _desk(user, as_json), _day(on, as_json)
    found = matters.between(desk, _day(since, as_json), at)
    told = [
        {
            "kind": c.kind,
            "item_code": c.item_code,
            "name": c.name,
            "dept": c.dept,
            "fields": {n: list(v) for n, v in c.fields.items()},
        }
        for c in found
    ]
    show({"from": since, "to": at.isoformat(), "changes": told}, as_json)


@app.command("publish-matters")
def publish_command(
    title: Annotated[str, typer.Argument(help="What the batch is called: 第三批.")],
    codes: Annotated[list[str], typer.Argument(help="Codes of the matters.")],
    document: Annotated[str, typer.Option(help="Number of the notice.")] = "",
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Publishes matters as they are now, as a batch; refused where one lacks a method, content, basis or procedure."""
    from pilotwatch.inspection import matters
    from pilotwatch.store import StoreRefused

    desk = _desk(user, as_json)
    try:
        made = matters.publish(desk, title, codes, on=day(on, as_json), document=document)
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)
    show({"batch": made.title, "published_on": made.published_on.isoformat(), "matters": made.matters}, as_json)


@app.command("manual")
def manual_command(
    scene: Annotated[str, typer.Argument(help="The scene: 加油站.")],
    file: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it here: .pdf or .docx.")] = None,
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """A scene's manual (一业一册): who leads, what is checked, how often; as a PDF or Word document."""
    from dataclasses import asdict

    from pilotwatch.inspection import matters
    from pilotwatch.inspection.matters import booklet
    from pilotwatch.store import matters as kept
    from pilotwatch.workdays import BEIJING, now
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk, at = workspace.desk(person(workspace, user, as_json)), _day(on, as_json)
    told = matters.manual(desk, scene, at, {d.lead for d in workspace.registry.domains})
    if told is None:
        known = matters.scenes(desk, at)
        refuse(_NO_SCENE.format(scene=scene, known="、".join(known) or "—"), as_json, rule="no_scene", code=2)
    if file:
        kind = file.suffix.lower().removeprefix(".")
        if kind not in ("pdf", "docx"):
            refuse(_NO_KIND.format(name=file.name), as_json, rule="no_kind", code=2)
        stamp = f"{desk.person.name} {now().astimezone(BEIJING):%Y-%m-%d %H:%M}"
        make = booklet.pdf if kind == "pdf" else booklet.docx
        kept.exported(desk, scene, kind)
        file.write_bytes(make(told, lambda c: workspace.places.departments[c].title.zh, "zh", stamp))
    facts = {
        "scene": scene,
        "lead": told.lead,
        "participants": list(told.participants),
        "together_minutes": told.together,
        "separate_minutes": told.separately,
    }
    show(facts | {"waiting": list(told.waiting), "matters": [asdict(e) for e in told.entries]}, as_json)


@app.command("objects")
def objects_command(
    search: Annotated[bool, typer.Option("--search", help="Compare all lists anew first.")] = False,
    domain: OfDomain = None,
    unit: OfUnit = None,
    every: Annotated[bool, typer.Option("--all", help="Those with a joint task too.")] = False,
    limit: Limit = 50,
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Objects that several departments supervise without a joint task, and how the search for the same object stands."""
    from pilotwatch.inspection import objects
    from pilotwatch.store import objects as shelf
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    if search:
        shelf.demand_search(desk)
        objects.update(
            workspace.store, workspace.registry, workspace.places, on=day(on, as_json), by=desk.person.username
        )
    run = next(iter(shelf.runs(desk, 1)), None)
    if run is None:
        refuse(_NOT_SEARCHED, as_json, rule="not_searched")
    counts = shelf.overlap_counts(desk, domain=domain, unit=unit)
    rows = shelf.overlaps(desk, domain=domain, unit=unit, task=None if every else False, limit=limit)
    told: dict[str, Any] = {n: getattr(run, n) for n in ("entries", "coded", "pairs", "linked", "clerical")}
    told |= {
        "searched_at": run.at,
        "measured": run.measured,
        "overlaps": int(counts["objects"].sum()),
        "with_task": int(counts["with_task"].sum()),
    }
    columns = [
        "subject_id",
        "code",
        "name",
        "domain",
        "report_unit",
        "departments",
        "lists",
        "plans",
        "task",
        "task_no",
        "counted",
    ]
    show(told | {"objects": rows_of(rows[columns])}, as_json)


def _desk(user: str | None, as_json: bool) -> Any:
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    return workspace.desk(person(workspace, user, as_json))


def _day(text: str | None, as_json: bool) -> Any:
    from pilotwatch.workdays import today

    return day(text, as_json) or today()


_NO_SCENE = Text("没有场景“{scene}”的一业一册。现有：{known}", "There is no manual of {scene}. There are: {known}")
_NO_KIND = Text("“{name}”应以 .pdf 或 .docx 结尾。", "{name} has to end in .pdf or .docx.")
_NOT_SEARCHED = Text(
    "还没有比对过各部门名录。请先运行 pilotwatch objects --search。",
    "The departments' lists were not compared yet. Run pilotwatch objects --search first.",
)
