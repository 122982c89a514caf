"""Accounts."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pilotwatch.cli.common import AsJson, refuse, show

app = typer.Typer()


@app.command("add")
def user_add(
    username: str,
    role: Annotated[
        str, typer.Option(help="district_leader, pilot_team, department_officer, city_office, administrator, auditor")
    ],
    name: Annotated[str, typer.Option(help="The name shown.")],
    unit: Annotated[list[str] | None, typer.Option(help="Reporting unit(s); none: all.")] = None,
    domain: Annotated[list[str] | None, typer.Option(help="Domain(s); none: all.")] = None,
    department: Annotated[list[str] | None, typer.Option(help="An officer's department(s); none: all.")] = None,
) -> None:
    """Creates an account; the password is asked for (or read from standard input) and must be changed at first login."""
    from pilotwatch import access
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    password = typer.prompt("密码 Password", hide_input=True, confirmation_prompt=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")  # fmt: skip
    try:
        access.create_account(workspace.store, username=username, name=name, role=role, password=password,
                              units=unit or None, domains=domain or None, departments=department or None, by="system")  # fmt: skip
    except access.AccessRefused as no:
        refuse(no.message, False)
    typer.echo(f"{username} ✓")


@app.command("list")
def user_list(as_json: AsJson = False) -> None:
    """All accounts."""
    from pilotwatch import access
    from pilotwatch.workspace import Workspace

    show({"accounts": access.accounts(Workspace.open().store)}, as_json)
