"""The real app on a free port of this machine, with a store of its own, and a real Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 90_000  # ms; the machine may be busy, and the first page loads some megabytes of script

_ACCOUNTS = """
from pilotwatch import access
from pilotwatch.workspace import Workspace
store = Workspace.open().store
store.mark_demo()
access.create_demo_accounts(store)
"""


def make_empty(var: Path) -> None:
    """An empty demo store with its accounts."""
    _python(var, "-c", _ACCOUNTS)


def make_city(var: Path, size: float) -> None:
    """The demo city."""
    _python(var, "-m", "pilotwatch.cli", "demo", "--size", str(size), "--json")


def _python(var: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=_environment(var), check=True, capture_output=True)


def _environment(var: Path) -> dict[str, str]:
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("PILOTWATCH_", "STREAMLIT_"))}
    return environment | {"PILOTWATCH_VAR": str(var), "PILOTWATCH_DAILY": "false"}


@contextmanager
def serving(var: Path, **settings: str) -> Iterator[str]:
    """Serves the store of a folder as `pilotwatch serve` does; gives the address. `settings`: beside it, `{base}` in them is
    the address."""
    with server(var, **settings) as (base, _):
        yield base


@contextmanager
def server(var: Path, **settings: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """The same with the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    with (var / f"server-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pilotwatch.cli", "serve", "--port", str(port), "--address", "127.0.0.1"],
            cwd=ROOT, env=_environment(var) | {n: v.format(base=base) for n, v in settings.items()}, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _until_up(base, process)
            yield base, process
        finally:
            process.terminate()
            process.wait(20)


def _until_up(base: str, server: subprocess.Popen) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.5)
    raise RuntimeError("the server didn't come up; see server-….log in its folder")


@contextmanager
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


class Visit:
    """One person's browser: remembers every request that leaves the server's address, and every fault of a page."""

    def __init__(self, browser: Browser, base: str, **options: Any):
        self.base, self.outside, self.faults = base, [], []
        self.context: BrowserContext = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
        self.context.on("request", self._watch)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _watch(self, request: Any) -> None:
        ours = (self.base, self.base.replace("http", "ws", 1), "data:", "blob:")
        if not request.url.startswith(ours):
            self.outside.append(request.url)

    def log_in(self, username: str, *, language: str = "zh") -> Page:
        self.page.goto(f"{self.base}/login?lang={language}")
        self.page.click(f"button[value={username}]")
        self.page.wait_for_selector('[data-testid="stTopNavLink"], .pw-stamps', state="attached")
        return self.page

    def open(self, path: str) -> Page:
        """A page by its address, drawn to its end."""
        self.page.goto(self.base + path)
        return self.settle()

    def settle(self) -> Page:
        """Waits until no run is under way."""
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', state="attached")
        self.page.wait_for_timeout(300)
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', state="attached")
        return self.page

    def close(self) -> None:
        self.context.close()


def press(page: Page, key: str) -> None:
    """Clicks the button with a key; one with a tooltip is there twice, for pointers and for fingers."""
    page.locator(f".st-key-{key} button:visible").first.click()
