"""From `pilotwatch serve` to its first screen, against the same of a blank Streamlit app."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from bench import targets
from bench.measure import load
from bench.pages import STORES, city, table
from bench.servers import cpu_seconds, launched, resident_mb, serving
from bench.session import Session, log_in

TIMES = 3


def report(size: float = 1, stores: Path = STORES) -> str:
    var = stores / f"city-{size:g}"
    made = city(var, size)
    env = {"PILOTWATCH_VAR": str(var)}
    blank = [_once(lambda: serving("bench/blank.py", every=0.05), None) for _ in range(TIMES)]
    ours = [
        _once(lambda: launched(["-m", "pilotwatch.cli", "serve"], env, every=0.05), made["password"])
        for _ in range(TIMES)
    ]
    rows = []
    for name, runs in (("a blank Streamlit app", blank), ("`pilotwatch serve`, a leader's 总览", ours)):
        middle = [statistics.median(column) for column in zip(*runs, strict=True)]
        rows.append((name, *(f"{v:.1f}" for v in middle[:3]), f"{middle[3]:.0f}"))
    wall, cpu = (statistics.median(r[i] for r in ours) / statistics.median(r[i] for r in blank) for i in (1, 2))
    targets.note("start", wall, f"{wall:.1f} × its wall time, {cpu:.1f} × its CPU")
    return (
        "## Start: from the command to the first screen\n\n"
        f"Medians of {TIMES}, with warm file caches, on a store that is there (the second `make run`). `serve` is to take at "
        f"most twice as long as the blank app: it takes {wall:.1f} times its wall time and {cpu:.1f} times its CPU. {load()}\n\n"
        + table(("app", "answers after s", "first screen after s", "CPU s until then", "MB"), rows)
    )


def _once(start, password: str | None) -> tuple[float, float, float, float]:
    """Seconds until it answers, until the first screen is whole, CPU seconds until then, memory."""
    began = time.perf_counter()
    with start() as (base, pid):
        answers = time.perf_counter() - began
        cookie = log_in(base, "city", password) if password else ""
        Session(base, cookie).run()
        return answers, time.perf_counter() - began, cpu_seconds(pid), resident_mb(pid)
