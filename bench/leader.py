"""The leader's screen against Apache Superset: the same rows, eight charts of the same numbers, in one run.

`python -m bench leader --superset PYTHON`, where PYTHON is the interpreter of an environment of its own with
`apache-superset rich cachetools "flask-caching<2.4"`: of what Superset 6.1 imports, its package names two too few and
bounds one too widely.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import superset_peer
from bench.measure import load
from bench.pages import STORES, city, table
from bench.servers import cpu_seconds, serving
from bench.session import Session, log_in
from bench.superset_charts import CHARTS, differ
from bench.targets import note

STARTS, RUNS = 3, 8


@dataclass(frozen=True)
class Took:
    """Server CPU seconds and wall seconds of one view, or of a typical one of several."""

    cpu: float
    wall: float


def report(superset: str | None = None, size: float = 1, stores: Path = STORES) -> str:
    if not superset:
        raise RuntimeError("--superset wants an interpreter that has Apache Superset: see bench/leader.py")
    city(stores / f"city-{size:g}", size)
    with tempfile.TemporaryDirectory() as var:  # a copy: what is measured cold has to change the data's version
        shutil.copy(stores / f"city-{size:g}" / "pilotwatch.db", var)
        theirs, made = _theirs(superset, Path(var)), city(Path(var), size)
        ours = _ours(Path(var), made["password"])
    version = _said(superset, "import importlib.metadata as m; print(m.version('apache-superset'))")
    rows = [
        (what, *(f"{1000 * v:.0f}" for v in (o.cpu, t.cpu)), f"{t.cpu / o.cpu:.1f}",
         *(f"{1000 * v:.0f}" for v in (o.wall, t.wall)), f"{t.wall / o.wall:.1f}")
        for what, o, t in (
            ("nothing kept: figures changed; cache gone round", ours["cold"], theirs["cold"]),
            ("kept from before: figures kept; answers in the cache", ours["warm"], theirs["warm"]),
            ("the first view of a started server", ours["first"], theirs["first"]),
            ("… the whole dashboard: its page, its three calls, the charts gone round the cache", ours["cold"], theirs["whole"]),
            ("… the same with the answers in the cache", ours["warm"], theirs["kept"]),
        )
    ]  # fmt: skip
    met = theirs["cold"].cpu / ours["cold"].cpu, theirs["warm"].cpu / ours["warm"].cpu
    note("superset_cold", met[0], f"{met[0]:.1f} ×")
    note("superset", met[1], f"{met[1]:.1f} ×")
    return (
        f"## The leader's screen against Apache Superset {version}\n\n"
        f"The same store of the {size:g}× city, the same roll-ups ({', '.join(dict.fromkeys(c.dataset for c in CHARTS))}), and "
        "the same numbers: before anything is counted, Superset's answers are compared with our overview's, and have to be "
        f"equal. Superset answers {len(CHARTS)} chart queries ({'; '.join(c.title for c in CHARTS)}) one after another; ours is "
        "the whole 总览 of the city's leader, drawn: those eight, what changed since the month ended, the newest batches, the "
        "frame. Superset runs as its image does, one gunicorn worker of twenty threads, its cache in its own memory (the "
        f"cheapest there is). CPU is that of the server's processes, the mean of {RUNS} views, wall time their median (first: medians of {STARTS} "
        "starts). "
        f"{load()}\n\n"
        + table(("view", "ours, CPU ms", "Superset, CPU ms", "ratio", "ours, ms", "Superset, ms", "ratio"), rows)
        + f"\nThe target of ten times less server time is {'met' if min(met) >= 10 else 'missed'} for the charts alone: "
        f"{met[0]:.1f} times cold, {met[1]:.1f} times warm. "
        "A screen of ours is drawn on the server with every word in place; Superset sends numbers, which the browser lays out.\n"
    )


def _theirs(python: str, var: Path) -> dict[str, Took]:
    """Superset's views; RuntimeError where its numbers are not ours."""
    from pilotwatch.settings import Settings
    from pilotwatch.workspace import Workspace

    firsts = []
    with tempfile.TemporaryDirectory() as home, superset_peer.set_up(python, Path(home)) as env:
        with superset_peer.served(python, Path(home), env) as browser:
            browser.make(var / "pilotwatch.db")
            known = browser.dashboard, browser.contexts
            house = Workspace.open(Settings(var=var, database_url=None))
            wrong = differ(house, browser.charts())
            house.store.close()
        if wrong:
            raise RuntimeError(f"Superset does not tell the numbers we tell: {'; '.join(wrong)}")
        for start in range(STARTS):
            with superset_peer.served(python, Path(home), env) as browser:
                browser.dashboard, browser.contexts = known
                firsts.append(_took(browser.cpu, browser.charts))
                if start + 1 == STARTS:
                    return {"first": _middle(firsts), **_kept(browser)}
    raise AssertionError("STARTS is at least one")


def _kept(browser: superset_peer.Superset) -> dict[str, Took]:
    """The views of a server that has answered before: the charts, and the whole dashboard, round its cache and from it."""

    def whole(force: bool) -> None:
        browser.page()
        browser.charts(force=force)

    whole(force=False)
    return {
        "cold": _often(browser.cpu, lambda: browser.charts(force=True)),
        "warm": _often(browser.cpu, browser.charts),
        "whole": _often(browser.cpu, lambda: whole(force=True)),
        "kept": _often(browser.cpu, lambda: whole(force=False)),
    }


def _ours(var: Path, password: str) -> dict[str, Took]:
    """The overview's views. Cold: the version of the data is raised, so that no figure kept in the process counts."""
    firsts: list[Took] = []
    for start in range(STARTS):
        with serving("app.py", {"PILOTWATCH_VAR": str(var)}) as (base, pid):
            session = Session(base, log_in(base, "city", password))
            session.run("me")  # Superset's browser, too, has asked who it is

            def cpu(pid: int = pid) -> float:
                return cpu_seconds(pid)

            def view(session: Session = session) -> None:
                if session.run().failed:
                    raise RuntimeError("our overview shows an exception")

            firsts.append(_took(cpu, view))
            if start + 1 == STARTS:
                view()
                return {
                    "first": _middle(firsts),
                    "cold": _often(cpu, view, before=lambda: _changed(var / "pilotwatch.db")),
                    "warm": _often(cpu, view),
                }
    raise AssertionError("STARTS is at least one")


def _changed(store: Path) -> None:
    with sqlite3.connect(store, timeout=30) as connection:
        connection.execute("UPDATE dataset SET version = version + 1 WHERE name = (SELECT min(name) FROM dataset)")
    connection.close()


def _often(cpu: Callable[[], float], view: Callable[[], object], *, before: Callable[[], None] = lambda: None) -> Took:
    """The CPU of a process is told in hundredths of a second: so the mean of several views, and of wall time the median."""
    took = []
    for _ in range(RUNS):
        before()
        took.append(_took(cpu, view))
    return Took(statistics.mean(t.cpu for t in took), statistics.median(t.wall for t in took))


def _middle(took: Sequence[Took]) -> Took:
    return Took(statistics.median(t.cpu for t in took), statistics.median(t.wall for t in took))


def _took(cpu: Callable[[], float], view: Callable[[], object]) -> Took:
    before, began = cpu(), time.perf_counter()
    view()
    return Took(cpu() - before, time.perf_counter() - began)


def _said(python: str, code: str) -> str:
    return subprocess.run(
        [python, "-c", code], env=superset_peer.own_environment(), capture_output=True, text=True, check=True
    ).stdout.strip()
