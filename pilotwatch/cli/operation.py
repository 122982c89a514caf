"""Running the house: backup, restore, health."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, person, refuse, say, show
from pilotwatch.domain import Text

app = typer.Typer()


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The tar file to write; must not be there yet.")],
    as_json: AsJson = False,
) -> None:
    """Backs the whole store up into one file while others go on working, and reads it through to see that it is whole."""
    from pilotwatch.store import SYSTEM
    from pilotwatch.store import backup as backups
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    made = backups.take(workspace.desk(SYSTEM), file)
    if gone := made.manifest["gone"]:
        say(_GONE.format(n=len(gone)))
    show(made.told, as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    check: Annotated[bool, typer.Option("--check", help="Only read it through; restore nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Makes the store what it was when the backup was taken: into an empty place, in either database, all of it or nothing."""
    from pilotwatch import registry
    from pilotwatch.settings import settings
    from pilotwatch.store import SYSTEM, audit
    from pilotwatch.store import backup as backups
    from pilotwatch.workspace import Workspace

    if not file.is_file():
        refuse(_NO_FILE.format(file=file), as_json, rule="not_found", code=2)
    if check:
        show(backups.check(file).told, as_json)
        return
    knobs = settings()
    knobs.var.mkdir(parents=True, exist_ok=True)
    made = backups.restore(knobs.url, file, knobs.files, registry.load(knobs.domains).records)
    workspace = Workspace.open(knobs)
    desk = workspace.desk(SYSTEM)
    found = audit.verify(desk, [(made.manifest["end"]["number"], made.manifest["end"]["hash"])])
    told: dict[str, Any] = made.told | {"audit_intact": found.intact}
    audit.told_of(desk, "store.restore", file.name, {n: told[n] for n in ("made_at", "database", "rows", "end")})
    show(told, as_json)
    if not found.intact:
        say(_BROKEN)
        raise typer.Exit(1)


@app.command()
def health(as_json: AsJson = False) -> None:
    """How the store, the disk, the audit, the backups and the domains stand; exit code 1 where something is bad."""
    from pilotwatch import operation
    from pilotwatch.workspace import Workspace

    found = operation.health(Workspace.open())
    signs = {"good": "✓", "warn": "!", "bad": "✗"}
    lines = [f"{signs[c.state]} {c.name}：{c.message.zh}\n  {c.message.en}" for c in found.checks]
    show(found.as_json(), as_json, lines)
    if found.state == "bad":
        raise typer.Exit(1)


@app.command()
def unmask(
    dataset: Annotated[str, typer.Argument(help="The dataset of the row.")],
    row: Annotated[str, typer.Argument(help="The row's id.")],
    field: Annotated[str, typer.Argument(help="A masked field.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")],
    user: Annotated[str, typer.Option("--as", metavar="USER", help="Whose right it is; nobody looks without a name.")],
    as_json: AsJson = False,
) -> None:
    """What is behind a mask, read from the file it came in: with a right, a reason and a line in the audit."""
    from pilotwatch import operation
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    value = operation.unmask(workspace.desk(person(workspace, user, as_json)), dataset, row, field, reason)
    show({"value": value}, as_json, [value])


retention = typer.Typer(help="How long what served its purpose is kept, and removing it.", no_args_is_help=True)
app.add_typer(retention, name="retention")


@retention.command("list")
def retention_list(as_json: AsJson = False) -> None:
    """What is kept for how many days, and how much of it has run out."""
    from pilotwatch.store import SYSTEM
    from pilotwatch.store import retention as kept
    from pilotwatch.workspace import Workspace

    desk = Workspace.open().desk(SYSTEM)
    days = kept.periods(desk)
    rows = [
        {"name": r.rule.name, "zh": r.rule.title.zh, "en": r.rule.title.en, "days": days[r.rule.name], "due": r.n}
        for r in kept.due(desk)
    ]
    show(
        {"retention": rows}, as_json, (f"{r['name']} · {r['zh']} {r['en']} · {r['days']} d · {r['due']}" for r in rows)
    )


@retention.command("set")
def retention_set(name: str, days: int, as_json: AsJson = False) -> None:
    """Sets how many days a kind of thing is kept."""
    from pilotwatch.store import SYSTEM
    from pilotwatch.store import retention as kept
    from pilotwatch.workspace import Workspace

    desk = Workspace.open().desk(SYSTEM)
    kept.set_period(desk, name, days)
    show({"name": name, "days": kept.periods(desk)[name]}, as_json)


@retention.command("run")
def retention_run(
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False, as_json: AsJson = False
) -> None:
    """Removes what has run out and says what it removed; the audit does, too."""
    from pilotwatch.store import SYSTEM
    from pilotwatch.store import retention as kept
    from pilotwatch.workspace import Workspace

    desk = Workspace.open().desk(SYSTEM)
    done = kept.due(desk) if dry else kept.remove(desk)
    rows = [
        {"name": r.rule.name, "zh": r.rule.title.zh, "en": r.rule.title.en, "removed": r.n, "before": r.before.isoformat(timespec="seconds")}
        for r in done
    ]  # fmt: skip
    lines = (f"{r['zh']} {r['en']}：{r['removed']}（{r['before'][:10]} 以前）" for r in rows)
    show({"removed": [] if dry else rows, "would_remove": rows if dry else []}, as_json, lines)


_GONE = Text(
    "有 {n} 个原始文件登记在册但已不在磁盘上，备份不含它们。",
    "{n} original files are registered but are no longer on the disk; the backup lacks them.",
)
_NO_FILE = Text("找不到备份文件“{file}”。请核对路径。", "There is no backup {file}. Check its path.")
_BROKEN = Text(
    "数据已恢复，但备份中的审计链不完整，请运行 pilotwatch audit verify 查看。",
    "The data is back, but the audit in the backup is not intact: see pilotwatch audit verify.",
)
