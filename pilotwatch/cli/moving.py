"""Moving the store to another database, and spreading it over a cluster."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, refuse, say, show
from pilotwatch.domain import Text

app = typer.Typer()


@app.command()
def move(
    to: Annotated[str | None, typer.Option("--to", metavar="URL", help="An empty database: postgresql://… or sqlite:///….")] = None,
    folder: Annotated[Path | None, typer.Option("--files", help="Copies the kept files into this folder, too.")] = None,
    abort: Annotated[bool, typer.Option("--abort", help="Takes a move back: this store takes writes again.")] = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Moves the store to another database and compares both, table by table; run again, it goes on where it was.

    While it runs the store can be read but takes nothing new; afterwards it stays so, since the other one is the store now.
    """
    from pilotwatch.settings import Settings, settings
    from pilotwatch.store import SYSTEM
    from pilotwatch.store import move as moving
    from pilotwatch.workspace import Workspace

    if abort == bool(to or folder):
        refuse(_WHICH, as_json, rule="usage", code=2)
    desk = Workspace.open().desk(SYSTEM)
    if abort:
        show({"opened": moving.abort(desk)}, as_json)
        return
    told: dict[str, Any] = {}
    if to:
        made = moving.move(desk, Settings(database_url=to).url, None if as_json else _tell)
        told = {
            "url": made.url, "tables": len(made.tables), "rows": made.rows, "copied_before": made.before,
            "distributed": made.distributed, "compared": [asdict(t) for t in made.tables],
        }  # fmt: skip
    if folder:
        copied, gone = moving.copy_files(desk, folder)
        told |= {"files": copied, "files_gone": gone}
    lines = [f"{t['table']} · {t['rows']} · Σ{t['days']}" for t in told.get("compared", ())]
    lines += [f"{name}: {told[name]}" for name in told if name != "compared"]
    show(told, as_json, lines)
    if to and not as_json:
        say(_NEXT.format(url=told["url"]))
        if not folder:
            say(_FILES.format(folder=settings().files))


def _tell(step: Text, share: float) -> None:
    typer.echo(f"{share:4.0%} {step.zh} {step.en}", err=True)


@app.command()
def distribute(
    dry: Annotated[bool, typer.Option("--dry-run", help="Only print the SQL; works on any database.")] = False,
    as_json: AsJson = False,
) -> None:
    """Spreads the store over the Citus cluster that it is on: large tables by subject, small ones to every node."""
    from pilotwatch.store import SYSTEM
    from pilotwatch.store import move as moving
    from pilotwatch.workspace import Workspace

    done = moving.spread(Workspace.open().desk(SYSTEM), dry=dry)
    show({"sql": done, "run": not dry}, as_json, [f"{s};" for s in done])
    if not done and not as_json:
        say(_NOTHING)


_WHICH = Text(
    "请给出 --to 目标数据库（可加 --files），或者单独用 --abort。",
    "Give --to with the target (and --files), or --abort alone.",
)
_NEXT = Text(
    "迁移完成，两边逐表核对一致。请把 PILOTWATCH_DATABASE_URL 改为 {url}（补上密码）后重启；本库从此只读。",
    "Moved, and both are the same, table by table. Now set PILOTWATCH_DATABASE_URL to {url} (with its password) and restart; "
    "this store is read-only from now on.",
)
_FILES = Text(
    "原始文件不在数据库里，仍在 {folder}：新装置须用同一文件夹，或再运行一次并加 --files。",
    "Kept files aren't in the database: they are still in {folder}. The new installation uses the same folder, or has them "
    "copied with --files.",
)
_NOTHING = Text("没有要做的：各表已在应在的位置。", "Nothing to do: every table is where it belongs.")
