"""Templates, uploads and their batches."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pilotwatch.cli.common import AsJson, AsUser, Day, Limit, dataset_of, day, person, refuse, show, tell_broken
from pilotwatch.domain import Text

app = typer.Typer()


@app.command()
def template(
    dataset: str,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="File to write; default: DATASET.xlsx.")] = None,
) -> None:
    """Writes the upload template of a dataset."""
    from pilotwatch import registry
    from pilotwatch.intake import template as templates

    record = dataset_of(registry.load(), dataset)
    path = out or Path(f"{dataset}.xlsx")
    path.write_bytes(templates.write(record))
    typer.echo(str(path))


@app.command()
def upload(
    dataset: Annotated[str, typer.Argument(help="A dataset, or 'auto': the file is recognised.")],
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check only; store nothing.")] = False,
    good_rows: Annotated[
        bool, typer.Option("--good-rows", help="Commit the good rows; the failed ones stay in the return workbook.")
    ] = False,
    explain: Annotated[
        str | None, typer.Option(help="Why the warnings (提示) stand as they are; kept with each of them.")
    ] = None,
    return_to: Annotated[
        Path | None, typer.Option("--return", help="Write the return workbook here (the file with its findings).")
    ] = None,
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Reads, checks and commits a workbook; without --good-rows it is all or nothing."""
    from pilotwatch.intake import FileRefused, UploadRefused, prepare
    from pilotwatch.store import StoreRefused
    from pilotwatch.workspace import Workspace

    today = day(on, as_json)
    _readable(file, as_json)
    workspace = Workspace.open()
    if dataset != "auto":
        dataset_of(workspace.registry, dataset, as_json)
    try:
        prepared = prepare(
            workspace.desk(person(workspace, user, as_json)), file, dataset=dataset, on=today,
            registry=workspace.registry, places=workspace.places,
        )  # fmt: skip
    except (FileRefused, StoreRefused) as no:
        refuse(no.message, as_json, rule=no.rule)
    if return_to:
        from pilotwatch.intake import returned

        return_to.write_bytes(returned.write(file, prepared.tables))
    refused = None
    if not dry_run:
        try:
            prepared.commit(good_rows=good_rows, explanations=explain)
        except (UploadRefused, StoreRefused) as no:
            refused = no
    else:
        refused = prepared.refusal(good_rows)
    document = prepared.as_json(dry_run=dry_run)
    if refused:
        document |= {"refused": refused.rule, "message": refused.message.zh, "message_en": refused.message.en}
    show(document, as_json, lines=[*prepared.lines(), *([refused.message.zh, refused.message.en] if refused else [])])
    tell_broken(workspace.registry)
    raise typer.Exit(1 if prepared.errors or refused else 0)


def _readable(file: Path, as_json: bool) -> None:
    if file.is_file():
        return
    from pilotwatch.intake.read import printable

    name = printable(file)
    no = Text(f"找不到文件“{name}”。请核对路径。", f"There is no file {name}. Check the path.")
    if file.is_dir():
        no = Text(
            f"“{name}”是文件夹，不是文件。请逐个上传其中的表格。",
            f"{name} is a folder. Upload the files in it one by one.",
        )
    refuse(no, as_json, rule="no_file")


@app.command()
def batches(user: AsUser = None, limit: Limit = 50, as_json: AsJson = False) -> None:
    """The newest batches."""
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    lines = workspace.desk(person(workspace, user, as_json)).batches(limit=limit)
    show({"batches": [asdict(b) | {"message": b.message.zh} for b in lines]}, as_json)


@app.command()
def withdraw(
    batch: str,
    reason: Annotated[str, typer.Option(help="Why; kept with the batch and in the audit.")],
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Withdraws a batch: its rows go, and what they replaced comes back exactly."""
    from pilotwatch.store import StoreRefused
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    try:
        line = workspace.desk(person(workspace, user, as_json)).withdraw(batch, reason)
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)
    show(asdict(line) | {"message": line.message.zh}, as_json)
