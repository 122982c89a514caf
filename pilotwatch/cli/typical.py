"""Typical cases: written from closed cases, decided on, searched, taken over and taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Limit, OfDomain, OfUnit, person, refuse, show
from pilotwatch.domain import Text

app = typer.Typer()

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="DX-2026-0001")]
Seen = Annotated[int | None, typer.Option("--moves", help="The state that was seen: refused if somebody acted since.")]
Remark = Annotated[str, typer.Option(help="What has to be mended, or why.")]
Shelf = Annotated[str, typer.Option(help="library: published; open: drafts and what waits; any: all in scope.")]
Tag = Annotated[str | None, typer.Option(help="Only with this tag: cross, once, matter, data …")]


@app.command("list")
def list_command(
    words: Annotated[str, typer.Argument(help="Words that all have to be in the text.")] = "",
    shelf: Shelf = "library", domain: OfDomain = None, unit: OfUnit = None, tag: Tag = None,
    year: Annotated[int | None, typer.Option(help="Only those published in this year.")] = None,
    limit: Limit = 100, user: AsUser = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """The published typical cases, or those in one's scope that are written on."""
    from pilotwatch import typical

    wanted = _filter(typical, words, shelf, domain, unit, tag, year, as_json)

    def listed(desk: Any, _: Any) -> Any:
        rows = typical.listed(desk, wanted, limit=limit)
        return {"total": typical.count(desk, wanted), "typical": [_told(r) for r in rows]}

    document = _do(user, as_json, listed)
    show(document, as_json, lines=_lines(document))


@app.command("show")
def show_command(
    number: Number, version: Annotated[int | None, typer.Option(help="Which version; default: the newest to be seen.")] = None,
    user: AsUser = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """One typical case: its text, its figures with what they were read from, its story, and what the account may do."""
    from pilotwatch import typical
    from pilotwatch.typical.model import figure_json

    def found(desk: Any, house: Any) -> Any:
        one = typical.find(desk, number, version)
        figures = [figure_json(f) for f in typical.figures(desk, house, one)]
        adopted = [dict(a) for a in one["adopted"]]
        more = {n: one[n] for n in ("versions", "events", "changed", "kept_names")}
        sources = [s["number"] for s in one["sources"]]
        possible = typical.possible(desk.person, one)
        return _told(one) | {"figures": figures, "sources": sources, "adopted": adopted, "possible": possible} | more

    show(_do(user, as_json, found), as_json)


@app.command("draft")
def draft_command(
    cases: Annotated[list[str], typer.Argument(metavar="CASE…", help="Numbers of closed cases, the leading one first.")],
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh", user: AsUser = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Writes closed cases up as a draft, masked, with their figures."""
    from pilotwatch import typical

    _language(language, as_json)
    show({"number": _do(user, as_json, lambda desk, house: typical.draft(desk, house, cases, language))}, as_json)


@app.command("edit")
def edit_command(
    number: Number,
    values: Annotated[list[str], typer.Option("--set", metavar="SECTION=TEXT", help="title, kept_names or a section: practice, lessons, background …")] = [],  # noqa: B006
    tags: Annotated[list[str] | None, typer.Option("--tag", help="The tags; those of before are replaced.")] = None,
    moves: Seen = None, user: AsUser = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Writes on a draft; of what is published or was returned a new version begins."""
    from pilotwatch import typical

    told = dict(_pair(v, as_json) for v in values)

    def edit(desk: Any, _: Any) -> Any:
        found = typical.find(desk, number)
        plain = {n: told.pop(n) for n in ("title", "kept_names") if n in told}
        content = typical.content_of(found, body={**found["body"], **told}, tags=tags if tags is not None else found["tags"], **plain)  # fmt: skip
        typical.save(desk, number, found["moves"] if moves is None else moves, content)

    _acted(number, user, as_json, edit)


@app.command("submit")
def submit_command(number: Number, moves: Seen = None, user: AsUser = None, as_json: AsJson = False) -> None:
    """Hands a draft to the city office, with its figures frozen."""
    from pilotwatch import typical

    _act(number, moves, user, as_json, lambda desk, house, seen: typical.submit(desk, house, number, seen))


@app.command("recall")
def recall_command(number: Number, moves: Seen = None, user: AsUser = None, as_json: AsJson = False) -> None:
    """Takes back what was submitted, to be edited."""
    from pilotwatch import typical

    _act(number, moves, user, as_json, lambda desk, _, seen: typical.recall(desk, number, seen))


@app.command("approve")
def approve_command(
    number: Number, checked: Annotated[bool, typer.Option("--checked", help="It was read for personal data.")] = False,
    remark: Remark = "", moves: Seen = None, user: AsUser = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Publishes it, as the city office."""
    from pilotwatch import typical

    _act(number, moves, user, as_json, lambda desk, _, seen: typical.approve(desk, number, seen, checked=checked, remark=remark))  # fmt: skip


@app.command("return")
def return_command(
    number: Number, remark: Remark = "", moves: Seen = None, user: AsUser = None, as_json: AsJson = False
) -> None:
    """Returns it with what has to be mended, as the city office."""
    from pilotwatch import typical

    _act(number, moves, user, as_json, lambda desk, _, seen: typical.send_back(desk, number, seen, remark))


@app.command("withdraw")
def withdraw_command(number: Number, remark: Remark = "", moves: Seen = None, user: AsUser = None, as_json: AsJson = False) -> None:  # fmt: skip
    """Withdraws the newest version; a published one as the city office."""
    from pilotwatch import typical

    _act(number, moves, user, as_json, lambda desk, _, seen: typical.withdraw(desk, number, seen, remark))


@app.command("adopt")
def adopt_command(
    number: Number, taker: Annotated[str, typer.Argument(metavar="UNIT", help="Code of a unit or department.")],
    note: Annotated[str, typer.Option(help="Which practice, and where it is used.")] = "",
    give_up: Annotated[bool, typer.Option("--give-up", help="Take it back; the note says why.")] = False,
    user: AsUser = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Notes that a unit or department takes the practice over."""
    from pilotwatch import typical

    def adopt(desk: Any, house: Any) -> Any:
        if not give_up:
            return typical.adopt(desk, house, number, taker, note)
        live = [a["id"] for a in typical.find(desk, number)["adopted"] if a["taker"] == taker and a["ended_at"] is None]
        return typical.give_up(desk, number, live[0], note) if live else refuse(_NOT_TAKEN.format(taker=taker), as_json, rule="not_taken")  # fmt: skip

    _acted(number, user, as_json, adopt)


@app.command("export")
def export_command(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help=".docx or .pdf of one, .xlsx of the list.")],
    number: Annotated[str | None, typer.Argument(metavar="NUMBER", help="DX-2026-0001; none for the list.")] = None,
    version: Annotated[int | None, typer.Option(help="Which version.")] = None,
    words: Annotated[str, typer.Option(help="Of the list: words in the text.")] = "", shelf: Shelf = "library",
    domain: OfDomain = None, unit: OfUnit = None, tag: Tag = None,
    year: Annotated[int | None, typer.Option(help="Of the list: published in this year.")] = None,
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh", user: AsUser = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Takes one out as Word or PDF, or the list as a workbook; the file says who and when."""
    from pilotwatch import typical

    kind = output.suffix.lower().removeprefix(".")
    if kind not in (("docx", "pdf") if number else ("xlsx",)):
        refuse(_NO_KIND.format(file=output.name), as_json, rule="no_kind", code=2)
    _language(language, as_json)
    wanted = _filter(typical, words, shelf, domain, unit, tag, year, as_json)

    def taken(desk: Any, house: Any, demo: bool) -> bytes:
        if number is None:
            return typical.take_list(desk, house, wanted, language, demo=demo)  # type: ignore[arg-type]
        return typical.take_out(desk, house, typical.find(desk, number, version), kind, language, demo=demo)  # type: ignore[arg-type]

    data = _do(user, as_json, taken, demo=True)
    output.write_bytes(data)
    show({"file": str(output), "bytes": len(data)}, as_json)


# --- within --------------------------------------------------------------------------------------------------------


def _do(user: str | None, as_json: bool, act: Callable[..., Any], *, demo: bool = False) -> Any:
    """What `act` gives with the account's desk and the house (and whether it is a demo); a refusal ends the command."""
    from pilotwatch import typical
    from pilotwatch.store import StoreRefused
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    house = typical.House(workspace.registry, workspace.places, workspace.calendar())
    try:
        return act(desk, house, *([workspace.store.demo] if demo else []))
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)


def _acted(number: str, user: str | None, as_json: bool, act: Callable[..., Any]) -> None:
    """Does an act and shows how the typical case stands after it."""
    from pilotwatch import typical

    def both(desk: Any, house: Any) -> Any:
        act(desk, house)
        found = typical.find(desk, number)
        return {n: found[n] for n in ("number", "state", "version", "shown", "moves", "adoptions")}

    show(_do(user, as_json, both), as_json)


def _act(number: str, moves: int | None, user: str | None, as_json: bool, act: Callable[[Any, Any, int], Any]) -> None:
    from pilotwatch import typical

    _acted(number, user, as_json, lambda desk, house: act(desk, house, typical.find(desk, number)["moves"] if moves is None else moves))  # fmt: skip


def _told(row: Any) -> dict[str, Any]:
    names = ("number", "title", "state", "version", "shown", "shown_at", "adoptions", "moves", "units", "domains", "departments", "tags", "body", "as_of", "within")  # fmt: skip
    return {n: row[n] for n in names}


def _filter(typical: Any, words: str, shelf: str, domain: Any, unit: Any, tag: Any, year: Any, as_json: bool) -> Any:
    if shelf not in ("library", "open", "any"):
        refuse(_NO_CHOICE.format(given=shelf, known="library、open、any"), as_json, rule="no_choice", code=2)
    if tag and tag not in typical.TAGS:
        refuse(_NO_CHOICE.format(given=tag, known="、".join(typical.TAGS)), as_json, rule="no_tag", code=2)
    return typical.TypicalFilter(shelf, words, domain, unit, tag, year)


def _language(given: str, as_json: bool) -> None:
    if given not in ("zh", "en"):
        refuse(_NO_CHOICE.format(given=given, known="zh、en"), as_json, rule="no_choice", code=2)


def _pair(text: str, as_json: bool) -> Sequence[str]:
    name, equals, value = text.partition("=")
    if not equals:
        refuse(_NO_VALUE.format(given=text), as_json, rule="no_value", code=2)
    return name, value


def _lines(document: dict[str, Any]) -> Iterator[str]:
    yield f"{document['total']} 例 / in all"
    for row in document["typical"]:
        shown = f"{row['shown_at']:%Y-%m-%d}" if row["shown_at"] else row["state"]
        yield f"{row['number']}  {shown}  {row['title']}  {' '.join(row['tags'])}  ({row['adoptions']})"


_NO_KIND = Text(
    "“{file}”的扩展名不对：单个案例用 .docx 或 .pdf，清单用 .xlsx。",
    "{file}: one is taken out as .docx or .pdf, the list as .xlsx.",
)
_NO_CHOICE = Text("没有“{given}”。可选：{known}。", "There is no {given}. There are: {known}.")
_NO_VALUE = Text("“{given}”应写作 部分=文字，例如 lessons=…。", "{given}: write SECTION=TEXT, as in lessons=….")
_NOT_TAKEN = Text("“{taker}”没有登记借鉴。", "{taker} hasn't taken it over.")
