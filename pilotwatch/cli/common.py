"""What the commands share: their options, who acts, how a document is shown and a refusal said."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from uuid import UUID

import typer

from pilotwatch.domain import Text

if TYPE_CHECKING:
    import pandas as pd

OfDomain = Annotated[str | None, typer.Option("--domain", help="Only this domain's.")]
OfUnit = Annotated[str | None, typer.Option("--unit", help="Only this reporting unit's.")]
Closed = Annotated[bool, typer.Option("--closed", help="Closed ones too.")]
AsUser = Annotated[str | None, typer.Option("--as", metavar="USER", help="Act as this account, in its scope.")]
Limit = Annotated[int, typer.Option(min=1, help="How many at most.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Day = Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day it is; default: today.")]


def person(workspace: Any, username: str | None, as_json: bool = False) -> Any:
    """The account to act as; the system where none is named."""
    from pilotwatch import access

    if username is None:
        return access.SYSTEM
    found = access.person(workspace.store, username)
    if found is None:
        refuse(
            Text(
                f"没有名为“{username}”的账号。现有账号见 pilotwatch user list。",
                f"There is no account {username}; pilotwatch user list shows them.",
            ),
            as_json,
            rule="no_account",
        )
    return found


def dataset_of(found: Any, name: str, as_json: bool = False) -> Any:
    try:
        return found.dataset(name)
    except KeyError:
        names = [r.spec.dataset for r in found.records]
        tell_broken(found)
        refuse(
            Text(
                f"没有名为“{name}”的数据集。现有：{'、'.join(names)}",
                f"No dataset is called {name}. There are: {', '.join(names)}",
            ),
            as_json,
            rule="no_dataset",
            code=2,
        )


def subject_of(desk: Any, given: str) -> str | None:
    """The id of the subject in scope that an id or a code (credit code, house number) names; None: there is none."""
    try:
        found = desk.subjects(["subject_id"], where={"subject_id": UUID(given)})
    except ValueError:
        found = desk.subjects(["subject_id"], where={"code": given})
    return None if found.empty else str(found["subject_id"].iloc[0])


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame as rows of a document: days without a zone as 2026-11-23, what is empty as null."""
    days = {n: frame[n].dt.strftime("%Y-%m-%d") for n in frame.select_dtypes("datetime").columns}
    plain = frame.assign(**days).astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def day(text: str | None, as_json: bool = False) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        refuse(
            Text(f"“{text}”不是日期，应写作 2026-11-23。", f"{text} is no date; write it as 2026-11-23."),
            as_json,
            rule="no_date",
            code=2,
        )


def say(text: Text) -> None:
    typer.echo(f"{text.zh}\n{text.en}", err=True)


def show(document: Any, as_json: bool, lines: Iterable[str] | None = None) -> None:
    """Prints the document as JSON, or as lines a person reads."""
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1, default=str))
        return
    for line in lines if lines is not None else _lines(document):
        typer.echo(line)


def _lines(document: Any, indent: str = "") -> Iterable[str]:
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{indent}{key}:"
            for item in value:
                yield f"{indent}  " + " · ".join(f"{k}={v}" for k, v in item.items())
        elif isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _lines(value, indent + "  ")
        else:
            yield f"{indent}{key}: {value}"


def refuse(message: Text, as_json: bool, *, rule: str | None = None, code: int = 1) -> NoReturn:
    """Says why not, in both languages, and ends with exit code 1 (2: wrong usage)."""
    if as_json:
        no = {"refused": rule or "refused", "message": message.zh, "message_en": message.en}
        typer.echo(json.dumps(no, ensure_ascii=False))
    else:
        typer.echo(f"{message.zh}\n{message.en}", err=True)
    raise typer.Exit(code)


def tell_broken(found: Any) -> None:
    """A domain that is switched off takes its datasets along: whoever looks for them should know why."""
    for broken in found.broken:
        say(
            Text(
                f"领域“{broken.name}”已停用，其数据集暂不能识别：{broken.reason.zh}",
                f"The domain {broken.name} is switched off, and its datasets are not recognised: {broken.reason.en}",
            )
        )
