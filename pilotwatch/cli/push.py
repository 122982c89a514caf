"""Digests, red warnings and reminders by e-mail and group robots."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Limit, person, refuse, show
from pilotwatch.domain import Text

app = typer.Typer()
User = Annotated[str, typer.Argument(metavar="USER", help="The account.")]


@app.command()
def run(
    watch: Annotated[bool, typer.Option("--watch", help="Go on until interrupted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Makes the briefs that are due, composes the digests whose hour has come and delivers what waits; exit code 1 where a delivery failed for good."""
    from pilotwatch import brief, push
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    while True:
        brief.run(workspace)  # what it makes is told by this very pass
        passed = push.run(workspace)
        if not watch or passed != push.Passed():
            show(passed.as_json(), as_json, [_line(passed)])
        if not watch:
            raise typer.Exit(1 if passed.failed else 0)
        time.sleep(workspace.settings.push_seconds)


@app.command("list")
def list_(
    failed: Annotated[bool, typer.Option("--failed", help="Only those that failed, for good or so far.")] = False,
    limit: Limit = 50,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The deliveries, newest first: an account's own with --as, else everybody's, without what they say."""
    from pilotwatch import push
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    rows = [_told(t) for t in push.listed(desk, everybody=user is None, failed=failed, limit=limit)]
    show({"deliveries": rows}, as_json)


@app.command()
def preview(
    user: User,
    weekly: Annotated[bool, typer.Option("--weekly", help="The weekly digest; else the daily one.")] = False,
    language: Annotated[str, typer.Option("--lang", help="zh or en.")] = "zh",
    as_json: AsJson = False,
) -> None:
    """The digest as it would be sent to an account now. Nothing is sent or stored."""
    from pilotwatch import push
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    notice = push.preview(workspace, person(workspace, user, as_json), "weekly" if weekly else "daily")
    message = push.written(workspace, notice)
    lines = [
        {"style": n.style, "level": n.level, "zh": n.text.zh, "en": n.text.en} for n in message.lines
    ]  # fmt: skip
    document = {"title": message.title.zh, "title_en": message.title.en, "lines": lines, "link": message.url("zh")}
    show(document, as_json, [push.as_text(message, "en" if language == "en" else "zh")])


@app.command()
def test(user: User, as_json: AsJson = False) -> None:
    """Sends a test message to all channels of an account, and says what became of it."""
    from pilotwatch import push
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    who = person(workspace, user, as_json)
    queued = push.test(workspace, who.username)
    if not queued:
        refuse(_NO_CHANNEL.format(user=user), as_json, rule="no_channel")
    push.deliver(workspace, queued)
    rows = [t for t in push.listed(workspace.desk(who)) if t.id in queued]
    show({"deliveries": [_told(t) for t in rows]}, as_json)
    raise typer.Exit(0 if all(t.state == "sent" for t in rows) else 1)


@app.command()
def retry(
    notice: Annotated[str, typer.Argument(metavar="ID", help="Of the delivery, as `push list` shows it.")],
    channel: Annotated[str, typer.Argument(help="mail, wecom, dingtalk or feishu.")],
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Lets a delivery that failed be tried anew by the next pass."""
    from pilotwatch import push
    from pilotwatch.store import StoreRefused
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    try:
        push.retry(workspace.desk(person(workspace, user, as_json)), notice, channel)
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)
    show({"waiting": notice, "channel": channel}, as_json)


def _line(passed: Any) -> str:
    if not passed.led:
        return "另一进程正在发送 another process is at it"
    return " · ".join(f"{n}={v}" for n, v in passed.as_json().items() if n != "led")


def _told(told: Any) -> dict[str, Any]:
    reason = {"reason": told.reason.zh, "reason_en": told.reason.en} if told.reason else {}
    title = {"title": told.title.zh, "title_en": told.title.en} if told.title else {}
    moments = {n: getattr(told, n) for n in ("at", "next_at", "sent_at")}
    shown = {n: getattr(told, n) for n in ("id", "username", "kind", "channel", "state", "tries", "rule")}
    return shown | {n: m.isoformat() if m else None for n, m in moments.items()} | title | reason


_NO_CHANNEL = Text(
    "账号“{user}”没有设置任何接收渠道，请先在页面“消息推送”中填写。",
    "The account {user} has no channel; set one on the page “Messages” first.",
)
