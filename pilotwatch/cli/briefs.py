"""Kept briefs: the list, their documents, what moved since, withdrawing; and schedules by which they are made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.brief import Audience, Form, Language, chosen
from pilotwatch.cli.common import AsJson, AsUser, Limit, OfUnit, person, refuse, show

app = typer.Typer()
schedules = typer.Typer()

Id = Annotated[str, typer.Argument(metavar="ID", help="Of the brief, as `briefs` lists it.")]
ScheduleId = Annotated[str, typer.Argument(metavar="ID", help="Of the schedule, as `brief-schedule list` shows it.")]
Units = Annotated[
    list[str] | None, typer.Option("--unit", help="A unit, as often as wanted; default: every one in scope.")
]


@app.callback(invoke_without_command=True)
def list_(
    ctx: typer.Context,
    unit: OfUnit = None,
    year: Annotated[int | None, typer.Option(help="Of this year.")] = None,
    limit: Limit = 50,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The kept briefs in scope, newest first."""
    from pilotwatch.store import briefs

    if ctx.invoked_subcommand:
        return
    with _asked(user, as_json) as (_, desk):
        found = briefs.listed(desk, unit=unit, year=year, limit=limit)
        lines = [_line(b) for b in found] or ["还没有出过简报 no brief was issued yet"]
        show({"briefs": [_told(b) for b in found]}, as_json, lines)


@app.command()
def take(
    brief: Id,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where to write: .docx or .pdf.")],
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Writes a document of a kept brief, exactly the bytes that were issued."""
    from pilotwatch.store import briefs

    with _asked(user, as_json) as (_, desk):
        data = briefs.document(desk, brief, output.suffix.lower().removeprefix("."))
        output.write_bytes(data)
        show({"file": str(output), "bytes": len(data)}, as_json)


@app.command()
def since(brief: Id, user: AsUser = None, as_json: AsJson = False) -> None:
    """What the same brief would say otherwise now; exit code 1 where a figure moved."""
    from pilotwatch import brief as made
    from pilotwatch.store import briefs

    with _asked(user, as_json) as (workspace, desk):
        kept = briefs.one(desk, brief)
        moved = made.since(workspace, desk, kept)
        rows = [
            {
                "code": m.code,
                "title": m.title,
                "of": made.said_of(workspace, m.fact, "zh"),
                "then": m.then,
                "now": m.now,
            }
            for m in moved
        ]
        lines = [f"{kept.told} 个数字中 {len(rows)} 个有变化 · {len(rows)} of {kept.told} figures moved"]
        lines += [f"  {r['code']} {r['title']} {r['of']}: {r['then'] or '—'} → {r['now'] or '—'}" for r in rows]
        show({"brief": kept.id, "numbers": kept.told, "moved": rows}, as_json, lines)
    if rows:
        raise typer.Exit(1)


@app.command()
def withdraw(
    brief: Id,
    reason: Annotated[str, typer.Option(help="Why; readers see it.")],
    instead: Annotated[str | None, typer.Option(metavar="ID", help="The kept brief that counts now.")] = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Marks a kept brief as withdrawn, or with --instead as superseded. It stays in the list, for good."""
    from pilotwatch.store import briefs

    with _asked(user, as_json) as (_, desk):
        briefs.mark(desk, brief, "superseded" if instead else "withdrawn", reason, instead)
        show(_told(briefs.one(desk, brief)), as_json)


# --- schedules -----------------------------------------------------------------------------------------------------


@schedules.command("list")
def list_schedules(
    ended: Annotated[bool, typer.Option("--ended", help="Ended ones too.")] = False,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The schedules in scope, and when each is due next."""
    from pilotwatch.store import brief_jobs

    with _asked(user, as_json) as (workspace, desk):
        rows = [_scheduled(workspace, s) for s in brief_jobs.schedules(desk, ended=ended)]
        show({"schedules": rows}, as_json)


@schedules.command("add")
def add_schedule(
    rhythm: Annotated[str, typer.Argument(help="weekly, monthly or quarterly.")],
    unit: Units = None,
    form: Form = "page",
    language: Language = "zh",
    audience: Audience = "leader",
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Sets a schedule: made at 8:00 of the first working day after each period, kept, and sent to its audience."""
    from pilotwatch.store import brief_jobs

    kinds = (form, ("page", "long")), (language, ("zh", "en")), (audience, ("leader", "district", "office"))
    chosen(as_json, (rhythm, tuple(brief_jobs.RHYTHMS)), *kinds)
    with _asked(user, as_json) as (workspace, desk):
        mine = [u.code for u in workspace.places.units if desk.person.units is None or u.code in desk.person.units]
        made = brief_jobs.add_schedule(desk, rhythm, unit or mine, form=form, language=language, audience=audience)  # type: ignore[arg-type]
        show(_scheduled(workspace, made), as_json)


@schedules.command("end")
def end_schedule(schedule: ScheduleId, user: AsUser = None, as_json: AsJson = False) -> None:
    """Ends a schedule; what it made stays."""
    from pilotwatch.store import brief_jobs

    with _asked(user, as_json) as (_, desk):
        brief_jobs.end_schedule(desk, schedule)
        show({"ended": schedule}, as_json)


@schedules.command("run")
def run_schedules(as_json: AsJson = False) -> None:
    """Makes what is due or waits, as the app does in the background; exit code 1 where one failed."""
    from pilotwatch import brief
    from pilotwatch.workspace import Workspace

    passed = brief.run(Workspace.open())
    show(passed.as_json(), as_json)
    raise typer.Exit(1 if passed.failed else 0)


# --- within --------------------------------------------------------------------------------------------------------


class _asked:
    """The open house and the desk of the account; what is refused within is told and ends the command."""

    def __init__(self, user: str | None, as_json: bool):
        self._user, self._json = user, as_json

    def __enter__(self) -> tuple[Any, Any]:
        from pilotwatch.workspace import Workspace

        workspace = Workspace.open()
        return workspace, workspace.desk(person(workspace, self._user, self._json))

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        from pilotwatch.store import StoreRefused

        if isinstance(error, StoreRefused):
            refuse(error.message, self._json, rule=error.rule)


def _told(kept: Any) -> dict[str, Any]:
    mark = (
        {"mark": kept.mark.kind, "reason": kept.mark.reason, "instead": kept.mark.instead}
        if kept.mark
        else {"mark": None}
    )
    names = (
        "id",
        "series",
        "number",
        "period",
        "form",
        "language",
        "audience",
        "title",
        "by",
        "approval",
        "data_version",
    )
    files = {k: {"sha256": digest, "bytes": size} for k, (digest, size) in kept.files.items()}
    moments = {"as_of": kept.as_of.isoformat(), "issued_at": kept.issued_at.isoformat()}
    return {
        **{n: getattr(kept, n) for n in names},
        "unit": kept.unit or None,
        "numbers": kept.told,
        **moments,
        "files": files,
        **mark,
    }


def _line(kept: Any) -> str:
    from pilotwatch.workdays import BEIJING

    mark = f" · {kept.mark.kind}: {kept.mark.reason}" if kept.mark else ""
    return f"{kept.issued_at.astimezone(BEIJING):%Y-%m-%d} · {kept.series} No. {kept.number} · {kept.title} · {kept.period} · {kept.form} · {kept.audience} · {kept.id}{mark}"


def _scheduled(workspace: Any, schedule: Any) -> dict[str, Any]:
    from pilotwatch import brief
    from pilotwatch.workdays import now

    names = ("id", "rhythm", "form", "language", "audience", "by")
    found = {n: getattr(schedule, n) for n in names} | {"units": list(schedule.units)}
    if schedule.ended_at:
        return found | {
            "ended_at": schedule.ended_at.isoformat(),
            "ended_by": schedule.ended_by,
            "reason": schedule.reason,
        }
    coming = brief.next_one(schedule.rhythm, now(), workspace.calendar())
    return found | {"next": coming.name, "next_at": coming.at.isoformat()}
