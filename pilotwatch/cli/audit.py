"""The audit: reading it, proving that nobody changed it, noting its end elsewhere."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Limit, day, person, refuse, show
from pilotwatch.domain import Text

app = typer.Typer()


@app.command()
def verify(
    anchor: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER:HASH", help="An end that was noted elsewhere; may be repeated.")
    ] = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Goes through the chain; exit code 1 where a line was changed, removed, added or moved, the last ones too."""
    from pilotwatch.store import audit
    from pilotwatch.workspace import Workspace

    noted = [_anchor(a, as_json) for a in anchor or ()]
    workspace = Workspace.open()
    found = audit.verify(workspace.desk(person(workspace, user, as_json)), noted)
    document: dict[str, Any] = {
        "intact": found.intact, "lines": found.lines, "end": {"number": found.head[0], "hash": found.head[1]},
        "anchors": found.anchors, "more": found.more,
        "breaches": [
            {"kind": b.kind, "number": b.number, "zh": b.message.zh, "en": b.message.en} for b in found.breaches
        ],
    }  # fmt: skip
    said = _INTACT if found.intact else _BROKEN
    told = said.format(lines=found.lines, anchors=found.anchors, n=len(found.breaches) + found.more, hash=found.head[1])
    show(document, as_json, [told.zh, told.en, *(f"  {b.message.zh}\n  {b.message.en}" for b in found.breaches)])
    if not found.intact:
        raise typer.Exit(1)


@app.command()
def anchor(user: AsUser = None, as_json: AsJson = False) -> None:
    """The chain's end now, to be noted where nobody who can write to the store can change it."""
    from pilotwatch.store import audit
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    number, seen = audit.head(workspace.desk(person(workspace, user, as_json)))
    show({"number": number, "hash": seen}, as_json, [f"{number}:{seen}"])


@app.command("list")
def list_(
    by: Annotated[str | None, typer.Option("--by", metavar="USER", help="Only what this account did.")] = None,
    act: Annotated[str | None, typer.Option(help="An act (case.close) or its kind (case).")] = None,
    words: Annotated[str | None, typer.Option(help="Words of the object or the details.")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="Up to and with this day.")] = None,
    limit: Limit = 50,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The lines that fit, newest first."""
    from pilotwatch.access.acts import words as told
    from pilotwatch.store import audit
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    wanted = _wanted(by, act, words, since, until, as_json)
    rows = audit.lines(workspace.desk(person(workspace, user, as_json)), wanted, limit=limit)
    show(
        {"lines": [r | {"zh": told(r["act"]).zh, "en": told(r["act"]).en} for r in rows]},
        as_json,
        (
            f"{r['number']} · {r['at']:%Y-%m-%d %H:%M:%SZ} · {r['username']} · {r['act']} · {r['object'] or '—'}"
            for r in rows
        ),
    )


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The workbook to write.")],
    by: Annotated[str | None, typer.Option("--by", metavar="USER", help="Only what this account did.")] = None,
    act: Annotated[str | None, typer.Option(help="An act (case.close) or its kind (case).")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="Up to and with this day.")] = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The lines that fit as a workbook, marked with who took it out; that, too, is a line."""
    from pilotwatch.access.audit import workbook
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    wanted = _wanted(by, act, None, since, until, as_json)
    made = workbook(workspace.desk(person(workspace, user, as_json)), wanted, "zh", demo=workspace.store.demo)
    file.write_bytes(made)
    show({"file": str(file), "bytes": len(made)}, as_json)


def _wanted(
    by: str | None, act: str | None, words: str | None, since: str | None, until: str | None, as_json: bool
) -> Any:
    from pilotwatch.store import audit
    from pilotwatch.workdays import BEIJING

    first, last = day(since, as_json), day(until, as_json)
    return audit.Wanted(
        by, act, words, first and datetime.combine(first, time(), BEIJING),
        last and datetime.combine(last + timedelta(days=1), time(), BEIJING),
    )  # fmt: skip


def _anchor(text: str, as_json: bool) -> tuple[int, str]:
    number, _, seen = text.partition(":")
    if not number.isdigit() or len(seen) != 64 or set(seen.lower()) - set("0123456789abcdef"):
        refuse(_NO_ANCHOR.format(text=text), as_json, rule="no_anchor", code=2)
    return int(number), seen.lower()


_INTACT = Text(
    "审计链完整：共 {lines} 行，与库外 {anchors} 个锚点相符，链尾 {hash}",
    "The audit is intact: {lines} lines, {anchors} anchors outside the store agree; it ends with {hash}",
)
_BROKEN = Text("审计链已被破坏，发现 {n} 处：", "The audit was tampered with, in {n} places:")
_NO_ANCHOR = Text(
    "“{text}”不是锚点，应写作 行号:校验值（64 位十六进制），如 pilotwatch audit anchor 所示。",
    "{text} is no anchor; write NUMBER:HASH (64 hexadecimal digits) as pilotwatch audit anchor prints it.",
)
