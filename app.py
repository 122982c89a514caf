"""The server: Streamlit's pages together with our own log-in, in one process.

Start it by `pilotwatch serve`, `streamlit run app.py` or `python app.py`. Which pages a person sees is decided in
`ui/shell/main.py`; who the person is, in `ui/access.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pilotwatch import brief, operation, push
from pilotwatch.operation import daily
from pilotwatch.settings import settings
from ui import access, cache, screen, sign_on, wall

ROOT = Path(__file__).resolve().parent


@asynccontextmanager
async def warm(_app: Any) -> AsyncIterator[None]:
    """Opens the store and draws the map once, so that the first person doesn't wait for it; then tells people in the
    background what they want to be told, and sees to the day's work."""
    operation.set_up_log()
    await run_in_threadpool(cache.warm)
    house, knobs = cache.workspace(), settings()
    beside = [push.Background(house, (brief.run, push.run))] if knobs.push else []
    beside += [daily.Background(house)] if knobs.daily else []
    for each in beside:
        each.start()
    yield
    for each in beside:
        await run_in_threadpool(each.stop)


def first_page(request: Request) -> RedirectResponse:
    """The first page has no name of its own in Streamlit's addresses; people write one all the same."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{query}")


app = st.App(
    ROOT / "ui" / "shell" / "main.py",
    routes=[
        *access.ROUTES,
        *sign_on.ROUTES,
        *wall.ROUTES,
        Route("/overview", first_page),
        Mount("/assets", StaticFiles(directory=ROOT / "static")),
    ],
    middleware=[Middleware(access.Guard)],
    lifespan=warm,
    on_script_error=screen.fault,
)

if __name__ == "__main__":
    knobs = settings()
    app.run(
        config={
            "server.address": knobs.address,
            "server.port": knobs.port,
            "server.maxUploadSize": knobs.max_upload_mb,
            "browser.serverAddress": knobs.address,
        }
    )
