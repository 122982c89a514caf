"""Serving the app, and filling an empty store with the demo city."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, Day, day, refuse, say, show
from pilotwatch.domain import Text
from pilotwatch.settings import settings

app = typer.Typer()


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
    from pilotwatch import hotspots
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
    built = city.build(workspace, size=size, seed=seed, on=day(on, as_json))
    say(Text("正在检验全市热点……", "Testing the whole city for hot spots …"))
    hot = hotspots.keep.update(workspace.store, workspace.registry, workspace.places, on=day(on, as_json))
    show(built | {"hot_spots": hot["domains"]}, as_json)


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
