"""`pilotwatch`: all that the screens do, from the command line.

With `--json` a command prints one JSON document. Exit codes: 0 done, 1 refused or findings, 2 wrong usage.
`--as USER` sets the scope; without it the operator at the machine acts as the system.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from pilotwatch.domain import Text
from pilotwatch.settings import Settings, settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
domains_app = typer.Typer(no_args_is_help=True, help="The pilot domains: what is there, and whether it is whole.")
user_app = typer.Typer(no_args_is_help=True, help="Accounts.")
app.add_typer(domains_app, name="domains")
app.add_typer(user_app, name="user")

AsUser = Annotated[str | None, typer.Option("--as", metavar="USER", help="Act as this account, in its scope.")]
Limit = Annotated[int, typer.Option(min=1, help="How many at most.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Day = Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day it is; default: today.")]


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


# --- serving and filling -----------------------------------------------------------------------------------------


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Port; default: PILOTWATCH_PORT or 8501.")] = None,
    address: Annotated[str | None, typer.Option(help="Address to listen on; default: 127.0.0.1.")] = None,
) -> None:
    """Serves the app and prints its address."""
    knobs = settings()
    host, number = address or knobs.address, port or knobs.port
    os.chdir(knobs.domains.parent)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    say(Text(f"试点监测已启动，请在浏览器打开  http://{shown}:{number}", f"Pilot Watch is at  http://{shown}:{number}"))
    os.execv(  # noqa: S606 - our own interpreter, no shell
        sys.executable,
        [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.address={host}", f"--server.port={number}",
         f"--browser.serverAddress={shown}"],
    )  # fmt: skip


@app.command()
def demo(
    size: Annotated[float, typer.Option(help="1, 10 or 100 times the city of Urumqi.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 20231110,
    on: Day = None,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing where the store holds data.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fills an empty store with the synthetic demo city and its demo accounts."""
    from pilotwatch import demo as city
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    if city.is_unfinished(workspace.store):
        say(Text("上次生成演示城市时被中断，现重新生成。", "Making the demo city was interrupted; it is made anew."))
        workspace = _emptied(workspace, as_json)
    if not workspace.store.is_empty():
        if if_empty:
            return
        refuse(
            Text(
                "库里已有数据，演示城市只能装入空库。请另设 PILOTWATCH_VAR 或 PILOTWATCH_DATABASE_URL 指向一个空库。",
                "The store holds data; the demo city only goes into an empty one. Point PILOTWATCH_VAR or "
                "PILOTWATCH_DATABASE_URL at an empty store.",
            ),
            as_json,
        )
    say(Text("正在生成演示城市（合成数据）……", "Making the demo city (synthetic data) …"))
    show(city.build(workspace, size=size, seed=seed, on=day(on, as_json)), as_json)


def _emptied(workspace: Any, as_json: bool) -> Any:
    """Opens an empty store in place of a half-made demo city, which holds nothing but synthetic rows."""
    workspace.store.close()
    url, file = workspace.settings.url, "sqlite:///"
    if not url.startswith(file):
        refuse(
            Text(
                "上次生成演示城市时被中断，库里只有一部分合成数据。请清空该数据库后重新运行。",
                "Making the demo city was interrupted; the database holds a part of it. Empty it and run this again.",
            ),
            as_json,
        )
    for suffix in ("", "-wal", "-shm"):
        Path(url.removeprefix(file) + suffix).unlink(missing_ok=True)
    return type(workspace).open()


# --- domains -----------------------------------------------------------------------------------------------------


@domains_app.command("list")
def domains_list(as_json: AsJson = False) -> None:
    """Which domains are on, and which are off and why."""
    from pilotwatch import registry

    found = registry.load()
    show(
        {
            "domains": [
                {
                    "name": d.name,
                    "title": d.title.zh,
                    "title_en": d.title.en,
                    "datasets": [r.spec.dataset for r in d.records],
                    "indicators": [i.code for i in d.indicators],
                }
                for d in found.domains
            ],
            "broken": [{"name": b.name, "reason": b.reason.zh, "reason_en": b.reason.en} for b in found.broken],
        },
        as_json,
    )
    raise typer.Exit(1 if found.broken else 0)


@domains_app.command("check")
def domains_check(name: str, as_json: AsJson = False) -> None:
    """Passes a domain through the conformance kit, or names what is missing."""
    from pilotwatch import conformance, registry

    found = registry.load()
    for broken in found.broken:
        if broken.name == name:
            refuse(broken.reason, as_json)
    domain = next((d for d in found.domains if d.name == name), None)
    if domain is None:
        names = [d.name for d in found.domains]
        refuse(
            Text(
                f"没有名为“{name}”的领域。现有：{'、'.join(names)}",
                f"No domain is called {name}. There are: {', '.join(names)}",
            ),
            as_json,
            rule="no_domain",
        )
    problems = conformance.check(domain, shared=found.shared)
    show({"domain": name, "problems": [{"where": p.where, "problem": p.message.zh} for p in problems]}, as_json)
    raise typer.Exit(1 if problems else 0)


# --- uploading ---------------------------------------------------------------------------------------------------


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
    _tell_broken(workspace.registry)
    raise typer.Exit(1 if prepared.errors or refused else 0)


def _tell_broken(found: Any) -> None:
    """A domain that is switched off takes its datasets along: whoever looks for them should know why."""
    for broken in found.broken:
        say(
            Text(
                f"领域“{broken.name}”已停用，其数据集暂不能识别：{broken.reason.zh}",
                f"The domain {broken.name} is switched off, and its datasets are not recognised: {broken.reason.en}",
            )
        )


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


# --- figures -----------------------------------------------------------------------------------------------------


@app.command()
def update(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make every figure anew from the records.")] = False,
    on: Day = None,
    as_json: AsJson = False,
) -> None:
    """Brings the figures to today's date (a licence runs out overnight without any upload)."""
    from pilotwatch import warnings
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    show(warnings.update(workspace.store, workspace.registry, on=day(on, as_json), rebuild=rebuild), as_json)


@app.command("warnings")
def warnings_command(
    domain: Annotated[str | None, typer.Option(help="Only this domain's.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Only this indicator's, by its code.")] = None,
    level: Annotated[str | None, typer.Option(help="red, orange, yellow or blue.")] = None,
    unit: Annotated[str | None, typer.Option(help="Only this reporting unit's.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Closed ones too.")] = False,
    limit: Limit = 200,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The warnings in scope, what matters most first, and how many there are."""
    from pilotwatch import warnings
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    wanted = warnings.Filter(domain=domain, indicator=indicator, level=level, report_unit=unit, closed=closed)
    counts = warnings.counted(desk, wanted)
    found = warnings.listed(desk, wanted, limit=limit)
    days = {n: found[n].dt.strftime("%Y-%m-%d") for n in ("opened_on", "since", "on_day", "closed_on")}
    rows = found.assign(**days).astype(object).where(found.notna(), None)
    show({"total": int(counts["warnings"].sum()), "warnings": rows.to_dict("records")}, as_json)


@app.command("overview")
def overview_command(user: AsUser = None, on: Day = None, as_json: AsJson = False) -> None:
    """The figures of the first screen."""
    from pilotwatch import figures
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    seen = figures.overview(workspace.desk(person(workspace, user, as_json)), workspace.registry, on=day(on, as_json))
    show(seen.as_json(), as_json)


# --- the clock ---------------------------------------------------------------------------------------------------


@app.command()
def clock(
    start: Annotated[str, typer.Argument(metavar="START", help="The day (or moment, 2025-06-05T10:00) it begins.")],
    limit: Annotated[str, typer.Argument(metavar="LIMIT", help="+7wd, 60d, 3m, 2y, 24h or 2wh (working hours).")],
    national: Annotated[bool, typer.Option("--national", help="Count by the national calendar.")] = False,
    pause: Annotated[
        list[str] | None, typer.Option(metavar="FROM..[TO][:REASON]", help="Days that don't count.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """When a limit ends, which days it left out, and whether that is certain."""
    from pilotwatch import workdays

    try:
        calendar = workdays.Calendar.load(settings().data / "calendars", region=workdays.NATIONAL if national else None)
        pauses = [_pause(text) for text in pause or ()]
        counted = workdays.deadline(calendar, _start(start), limit, pauses)
    except workdays.ClockRefused as no:
        refuse(
            no.message, as_json, rule=no.rule, code=2 if no.rule in ("limit_unreadable", "start_without_hour") else 1
        )
    show(counted.as_json(), as_json, lines=[counted.explain().zh, counted.explain().en])


def _start(text: str) -> date | datetime:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        refuse(
            Text(
                f"“{text}”不是日期，应写作 2026-11-23 或 2026-11-23T10:00。",
                f"{text} is no date; write it as 2026-11-23 or 2026-11-23T10:00.",
            ),
            False,
            code=2,
        )


def _pause(text: str) -> Any:
    from pilotwatch.workdays import Pause

    found = re.fullmatch(r"(?P<since>[\d-]+)\.\.(?P<until>[\d-]*)(?::(?P<reason>.+))?", text)
    if not found:
        refuse(
            Text(
                f"“{text}”不是中止期间，应写作 2026-11-23..2026-11-27:抽样检测；尚未恢复的写作 2026-11-23..:抽样检测。",
                f"{text} is no pause; write it as 2026-11-23..2026-11-27:sampling, or 2026-11-23..:sampling while it stands.",
            ),
            False,
            code=2,
        )
    reason = Text(found["reason"], found["reason"]) if found["reason"] else Text("未写明原因", "no reason given")
    return Pause(day(found["since"]), day(found["until"]), reason)


# --- accounts ----------------------------------------------------------------------------------------------------


@user_app.command("add")
def user_add(
    username: str,
    role: Annotated[
        str, typer.Option(help="district_leader, pilot_team, department_officer, city_office, administrator, auditor")
    ],
    name: Annotated[str, typer.Option(help="The name shown.")],
    unit: Annotated[list[str] | None, typer.Option(help="Reporting unit(s); none: all.")] = None,
    domain: Annotated[list[str] | None, typer.Option(help="Domain(s); none: all.")] = None,
) -> None:
    """Creates an account; the password is asked for (or read from standard input) and must be changed at first login."""
    from pilotwatch import access
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    password = typer.prompt("密码 Password", hide_input=True, confirmation_prompt=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")  # fmt: skip
    try:
        access.create_account(workspace.store, username=username, name=name, role=role, password=password,
                              units=unit or None, domains=domain or None, by="system")  # fmt: skip
    except access.AccessRefused as no:
        refuse(no.message, False)
    typer.echo(f"{username} ✓")


@user_app.command("list")
def user_list(as_json: AsJson = False) -> None:
    """All accounts."""
    from pilotwatch import access
    from pilotwatch.workspace import Workspace

    show({"accounts": access.accounts(Workspace.open().store)}, as_json)


# --- shared ------------------------------------------------------------------------------------------------------


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
        _tell_broken(found)
        refuse(
            Text(
                f"没有名为“{name}”的数据集。现有：{'、'.join(names)}",
                f"No dataset is called {name}. There are: {', '.join(names)}",
            ),
            as_json,
            rule="no_dataset",
            code=2,
        )


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


if __name__ == "__main__":
    main()
