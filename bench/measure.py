"""Runs one piece of work in a process of its own and reports what it cost."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user + system), wall seconds, peak memory in MB, and what the work itself said."""

    cpu: float
    wall: float
    peak_mb: float
    said: dict[str, Any]


def cost_of(module: str, *arguments: str, env: dict[str, str] | None = None, python: str = sys.executable) -> Cost:
    """Runs `python -m module arguments…`; its last line is JSON. Imports are subtracted by the work itself."""
    done = subprocess.run(
        [python, "-m", module, *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, **(env or {})},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return Cost(said.pop("cpu"), said.pop("wall"), said.pop("peak_mb"), said)


class Meter:
    """`with Meter() as m: work()`, then `m.report(rows=…)` prints the line that `cost_of` reads."""

    def __enter__(self) -> Meter:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall, self.cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu

    def report(self, **said: Any) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"cpu": self.cpu, "wall": self.wall, "peak_mb": peak, **said}))


def machine() -> str:
    """One sentence about the machine the figures were taken on."""
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def load() -> str:
    """How busy the machine is, in a sentence: what else ran on it takes part in every second of wall time."""
    one, five, _ = os.getloadavg()
    return f"Load of the machine when this was written: {one:.1f} (5 minutes: {five:.1f}) on {os.cpu_count()} cores."
