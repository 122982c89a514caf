"""Copies of the store as past days knew it; any other command looks back with `pilotwatch --as-of DATE …`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, day, refuse, say, show
from pilotwatch.domain import Text

app = typer.Typer()

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="YYYY-MM-DD", help="Look back: what was known at the end of that day. Nothing can be changed."),
]  # fmt: skip

#: What must not be bound to a past day: it serves, or works on the store as a whole.
_PRESENT_ONLY = {
    "serve",
    "demo",
    "as-of",
    "backup",
    "restore",
    "health",
    "move",
    "user",
    "audit",
    "retention",
    "push",
    "update",
}


def look_back(context: typer.Context, as_of: AsOf = None) -> None:
    """Binds the command that follows to a past day."""
    if as_of is None:
        return
    from pilotwatch import asof
    from pilotwatch.store import SYSTEM, StoreRefused
    from pilotwatch.workspace import Workspace

    if context.invoked_subcommand in _PRESENT_ONLY:
        refuse(_NOT_PAST.format(command=context.invoked_subcommand), False, rule="not_past", code=2)
    asked = day(as_of, False)
    present = Workspace.open()
    try:
        past = asof.house(present, asked, _Told())  # type: ignore[arg-type]
    except StoreRefused as no:
        refuse(no.message, False, rule=no.rule, code=2)
    asof.looked(present.store, SYSTEM, asked)  # type: ignore[arg-type]
    context.with_resource(asof.looking_at(past))


class _Told:
    """Says each step once, to whoever waits at the terminal."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, step: Text, share: float) -> None:
        if (words := step.en.split(":")[0]) != self._last:
            self._last = words
            typer.echo(f"{round(100 * share):3d} % {step.zh} · {step.en}", err=True)


@app.command("as-of")
def as_of_command(
    on: Annotated[str | None, typer.Argument(metavar="YYYY-MM-DD", help="The day; without: the copies that there are.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Make the copy anew though it is still good.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Remove the copy of the day.")] = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Makes the copy of the store as it was known at the end of a day, so that looking back to it is at hand."""
    from pilotwatch import asof
    from pilotwatch.store import StoreRefused
    from pilotwatch.workspace import Workspace

    house, asked = Workspace.open(), day(on, as_json)
    if asked is None:
        rows = [_told(c) for c in asof.copies(house)]
        lines = (
            f"{r['day']} · {r['rows']} · {r['bytes'] / 1e6:.1f} MB · {r['seconds']} s · {r['made_at']}" for r in rows
        )
        show({"copies": rows}, as_json, lines)
        return
    if forget:
        show({"day": asked, "removed": asof.forget(house, asked)}, as_json)
        return
    try:
        copy = None if again else asof.at_hand(house, asked)
        copy = copy or asof.make(house, asked, None if as_json else _Told())
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)
    if not as_json:
        for words in asof.untold():
            say(words)
    untold = {"untold": [{"zh": t.zh, "en": t.en} for t in asof.untold()]} if as_json else {}
    show(_told(copy) | untold, as_json)


def _told(copy: Any) -> dict[str, Any]:
    names = ("rows", "seconds", "made_at")
    told: dict[str, date | Any] = {"day": copy.day.isoformat(), "file": str(copy.file), "bytes": copy.size}
    return told | {n: copy.made[n] for n in names}


_NOT_PAST = Text(
    "“{command}”只用于当前数据，不能与 --as-of 同用。", "{command} is of the present alone: it doesn't go with --as-of."
)
