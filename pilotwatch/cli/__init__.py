"""`pilotwatch`: all that the screens do, from the command line.

With `--json` a command prints one JSON document. Exit codes: 0 done, 1 refused or findings, 2 wrong usage.
`--as USER` sets the scope; without it the operator at the machine acts as the system.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import typer

from pilotwatch.cli import (
    accounts,
    approvals,
    asked,
    asof,
    audit,
    bounds,
    brief,
    briefs,
    calendar,
    cases,
    clock,
    domains,
    draw,
    figures,
    hotspots,
    ledger,
    library,
    moving,
    operation,
    planning,
    push,
    review,
    scoring,
    serving,
    signals,
    typical,
    uploading,
)
from pilotwatch.cli.common import refuse, say
from pilotwatch.domain import Text
from pilotwatch.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.callback(help=__doc__)(asof.look_back)
for part in (
    serving,
    uploading,
    figures,
    asked,
    signals,
    hotspots,
    ledger,
    library,
    scoring,
    review,
    brief,
    cases,
    clock,
    planning,
    draw,
    operation,
    moving,
    asof,
):  # commands of their own
    app.add_typer(part.app)
for name, part in {
    "domains": domains,
    "user": accounts,
    "bounds": bounds,
    "calendar": calendar,
    "push": push,
    "audit": audit,
    "approvals": approvals,
    "typical": typical,
}.items():  # groups of commands
    app.add_typer(part.app, name=name, help=part.__doc__, no_args_is_help=True)
app.add_typer(briefs.app, name="briefs", help=briefs.__doc__)
app.add_typer(briefs.schedules, name="brief-schedule", help="Schedules by which briefs are made.", no_args_is_help=True)

_INTERRUPTED = 130  # Ctrl-C


def main() -> None:
    """Runs a command; whatever fails is told in a sentence, never as a traceback."""
    try:
        app()
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            say(
                Text(
                    "已中断。没有做完的提交不会留下任何数据，已完成的批次见 pilotwatch batches。",
                    "Interrupted. A commit that wasn't finished leaves nothing; pilotwatch batches shows what is stored.",
                )
            )
        raise
    except Exception as error:
        from pilotwatch import failures

        var = Path(os.environ.get("PILOTWATCH_VAR") or Settings.model_fields["var"].default)
        rule, message = failures.told(error) or failures.unforeseen(error, var)
        with contextlib.suppress(typer.Exit):
            refuse(message, "--json" in sys.argv, rule=rule)
        sys.exit(1)
