"""Starts the app, or a blank page, on a free loopback port for the length of a measurement."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def serving(script: str, env: dict[str, str] | None = None, *, every: float = 0.5) -> Iterator[tuple[str, int]]:
    """`streamlit run script` with the project's own settings; gives its address and process id."""
    port = free_port()
    given = ["-m", "streamlit", "run", script, f"--server.port={port}", "--server.address=127.0.0.1"]
    with launched(given, env, port=port, every=every) as found:
        yield found


@contextmanager
def launched(
    arguments: Sequence[str], env: dict[str, str] | None = None, *, port: int | None = None, every: float = 0.5
) -> Iterator[tuple[str, int]]:
    """A server of this interpreter, started with these arguments; it is asked for every so many seconds until it answers."""
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PILOTWATCH_PORT": str(port), **(env or {})},
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, process, every)
        yield base, process.pid
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)


def _wait(base: str, process: subprocess.Popen[bytes], every: float) -> None:
    for _ in range(int(180 / every)):
        if process.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        try:
            urllib.request.urlopen(f"{base}/_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(every)
    raise RuntimeError("the server did not answer within three minutes")


def cpu_seconds(pid: int) -> float:
    """User and system CPU seconds a process has used so far (all its threads)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
