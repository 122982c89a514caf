"""One, 50 and 200 sessions at a time: each opens a view, a filter of it, and another view, over real WebSockets."""

from __future__ import annotations

import math
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bench import targets
from bench.measure import load
from bench.pages import STORES, city, table
from bench.servers import cpu_seconds, resident_mb, serving
from bench.session import Session, log_in

CROWDS = (50, 200)
THINKS = 30.0  # mean seconds between two views of a person
WHO = ("city", "tianshan", "midong", "commerce", "market", "construction")
STEPS = (("", {}), ("", {"unit": "650102"}), ("cases", {}))


@dataclass
class Crowd:
    """What the sessions saw: seconds of each view, and how many failed."""

    took: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """Of two views at least."""
        return statistics.quantiles(self.took, n=20, method="inclusive")[18]


def report(size: float = 1, stores: Path = STORES) -> str:
    var = stores / f"city-{size:g}"
    made = city(var, size)
    with serving("app.py", {"PILOTWATCH_VAR": str(var)}) as (base, pid):
        cookies = [log_in(base, who, made["password"]) for who in WHO]
        for cookie in cookies:  # each scope's figures are kept, as they are on a morning when somebody was there before
            _person(Crowd(), base, cookie, 0, 0)
        alone = Crowd()
        for _ in range(5):
            _person(alone, base, cookies[0], 0, 0)
        single = statistics.median(alone.took)
        rows: list[tuple[object, ...]] = [("1", "–", *_cells(alone, single), "", f"{resident_mb(pid):.0f}")]
        for many in CROWDS:
            for thinks in (THINKS, 0.0):
                rows.append(_measured(base, pid, cookies, many, thinks, single))
    return (
        "## Many sessions at once on one server process\n\n"
        f"Each session opens 总览, filters it to a district, and opens 案件, on the {size:g}× city, as {len(WHO)} accounts of "
        f"different scopes. *Thinking*: {THINKS:.0f} s on average between two views, begun within the first {THINKS:.0f} s; *at "
        "once*: every session opens its next view when it has the last. The clients run on the same machine. "
        f"{load()}\n\n"
        + table(
            (
                "sessions",
                "how",
                "views",
                "p50 ms",
                "p95 ms",
                "p95 / single p50",
                "errors",
                "views a second",
                "server MB",
            ),
            rows,
        )
        + "\nThe target, a p95 of ten times the single session's median, is for people, who think. One process has one core: "
        "sessions that all ask at once wait for each other, so what they see is the number of sessions times the CPU of a "
        "view; more replicas on one store are the remedy.\n"
    )


def _measured(base: str, pid: int, cookies: list[str], many: int, thinks: float, single: float) -> tuple[object, ...]:
    crowd, before, began = Crowd(), cpu_seconds(pid), time.perf_counter()
    with ThreadPoolExecutor(many) as pool:
        for n in range(many):
            pool.submit(_person, crowd, base, cookies[n % len(cookies)], thinks, n)
    seconds = time.perf_counter() - began
    busy = (cpu_seconds(pid) - before) / seconds
    if thinks and many == max(CROWDS) and len(crowd.took) > 1:
        ratio, failed = crowd.p95 / single, len(crowd.failed)
        targets.note("crowd", math.inf if failed else ratio, f"{ratio:.1f} ×, {failed} errors, {len(crowd.took)} views")
    how = f"thinking, server {busy:.0%} busy" if thinks else f"at once, server {busy:.0%} busy"
    return (
        f"{many}",
        how,
        *_cells(crowd, single),
        f"{len(crowd.took) / seconds:.1f}",
        f"{resident_mb(pid):.0f}",
    )


def _person(crowd: Crowd, base: str, cookie: str, thinks: float, seed: int) -> None:
    """One session: its three views, with the pauses between them."""
    dice = random.Random(seed)
    try:
        time.sleep(dice.uniform(0, thinks))
        session = Session(base, cookie)
        for page, query in STEPS:
            run = session.run(page, query)
            crowd.took.append(run.seconds)
            if run.failed:
                crowd.failed.append(f"{page or 'overview'} shows an exception")
            time.sleep(dice.uniform(0.5, 1.5) * thinks)
        session.close()
    except Exception as fault:
        crowd.failed.append(repr(fault))


def _cells(crowd: Crowd, single: float) -> tuple[str, ...]:
    if len(crowd.took) < 2:
        return (str(len(crowd.took)), "–", "–", "–", str(len(crowd.failed)))
    p50, p95 = statistics.median(crowd.took), crowd.p95
    return (
        str(len(crowd.took)), f"{1000 * p50:.0f}", f"{1000 * p95:.0f}", f"{p95 / single:.1f}", str(len(crowd.failed)),
    )  # fmt: skip
