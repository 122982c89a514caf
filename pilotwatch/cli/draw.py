"""Double-random draws: verified from a file by anybody, told, sealed and made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, OfDomain, person, refuse, say, show
from pilotwatch.domain import Text

app = typer.Typer()
_NUMBER = typer.Argument(metavar="NUMBER", help="CQ-20261124-001")


@app.command("verify-draw")
def verify_draw(
    draw: Annotated[
        str, typer.Argument(metavar="FILE|NUMBER", help="An exported draw (JSON), or a number: CQ-20261124-001.")
    ],
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Makes a draw again from what was published and says whether it comes to the same. A file needs no store."""
    from pilotwatch.inspection.draw import verify

    told = _file(Path(draw), as_json) if draw.endswith(".json") or Path(draw).is_file() else _told(draw, user, as_json)
    try:
        wrong = list(verify.verify(told))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        refuse(_NO_DRAW_FILE.format(file=draw, what=str(error)), as_json, rule="no_draw_file", code=2)
    document = {
        "number": told["number"], "verified": not wrong, "objects": len(told["objects"]), "picks": len(told["picks"]),
        "officers_verified": "inspectors" in told, "wrong": [{"message": zh, "message_en": en} for zh, en in wrong],
    }  # fmt: skip
    show(document, as_json, lines=_verdict(document))
    if wrong:
        raise typer.Exit(1)


@app.command("draws")
def draws_command(domain: OfDomain = None, user: AsUser = None, as_json: AsJson = False) -> None:
    """The draws in scope, aborted ones too, the newest first."""
    from pilotwatch.inspection.draw.office import told_at
    from pilotwatch.store import draws
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    rows = draws.listed(workspace.desk(person(workspace, user, as_json)), domain=domain)
    names = (
        "number",
        "title",
        "state",
        "domain",
        "report_unit",
        "objects",
        "public_source",
        "commitment",
        "prepared_by",
        "sealed_by",
        "why",
    )
    listed = [{n: r[n] for n in names} | {"public_at": told_at(r["public_at"])} for r in rows]
    lines = (f"{r['number']}  {draws.STATES[r['state']].zh}  {r['title']}" for r in listed)
    show({"draws": listed}, as_json, lines=lines)


@app.command("draw")
def draw_command(
    number: Annotated[str, _NUMBER],
    seal: Annotated[bool, typer.Option("--seal", help="Seal it as its witness; the nonce is shown once.")] = False,
    public: Annotated[str | None, typer.Option(help="Make the draw with this public number.")] = None,
    nonce: Annotated[str | None, typer.Option(help="The nonce of the witness, to make the draw.")] = None,
    abort: Annotated[str | None, typer.Option(metavar="REASON", help="End it without a draw.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write all that is needed to verify it to this file.")] = None,
    without_inspectors: Annotated[
        bool, typer.Option("--public-version", help="The file without inspectors and their conflicts.")
    ] = False,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """One draw: shown, sealed, made, aborted or written to a file."""
    from pilotwatch.inspection.draw import office
    from pilotwatch.store import StoreRefused, draws
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    if (public is None) != (nonce is None):
        refuse(_BOTH, as_json, rule="both", code=2)
    try:
        told: dict[str, Any] = {}
        if seal:
            told["nonce"] = office.seal(desk, number)
        elif public is not None and nonce is not None:
            office.make(desk, number, public, nonce)
        elif abort is not None:
            office.abort(desk, number, abort)
        if out is not None:
            document = office.document(desk, number, public=without_inspectors)
            out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
            told["file"] = str(out)
        row = draws.find(desk, number)
        show(
            told | {n: row[n] for n in ("number", "title", "state", "objects", "commitment", "public", "why")}, as_json
        )
        if seal:
            say(_ONCE)
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)


def _told(number: str, user: str | None, as_json: bool) -> dict[str, Any]:
    from pilotwatch.inspection.draw import office
    from pilotwatch.store import StoreRefused
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    try:
        return office.document(workspace.desk(person(workspace, user, as_json)), number)
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)


def _file(path: Path, as_json: bool) -> dict[str, Any]:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        refuse(_NO_DRAW_FILE.format(file=str(path), what=str(error)), as_json, rule="no_draw_file", code=2)


def _verdict(document: dict[str, Any]) -> Iterator[str]:
    if document["verified"]:
        yield f"复核通过：{document['number']}，{document['objects']} 个对象中抽取 {document['picks']} 个。"
        yield f"Verified: {document['number']}, {document['picks']} of {document['objects']} subjects."
    for wrong in document["wrong"]:
        yield wrong["message"]
        yield wrong["message_en"]
    if not document["officers_verified"]:
        yield "（公开版不含人员名录，仅复核对象） (The public version has no inspectors: subjects only.)"


_BOTH = Text(
    "抽取须同时给出公共随机数（--public）和封存人的随机数（--nonce）。",
    "To make a draw give both the public number (--public) and the nonce of the witness (--nonce).",
)
_NO_DRAW_FILE = Text(
    "“{file}”不是完整的抽取结果文件（{what}）。请使用系统导出的 JSON 文件，或直接给出抽取编号。",
    "{file} is no complete file of a draw ({what}). Use the JSON file that was exported, or give the number of the draw.",
)
_ONCE = Text(
    "以上随机数（nonce）只显示这一次，系统不保存。请抄录后由封存人保管，抽取时揭示。",
    "The nonce above is shown this once and kept nowhere. Write it down; the witness keeps it and reveals it for the draw.",
)
