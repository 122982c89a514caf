"""Where the CPU of our dearest pages goes, beside a blank page of the same Streamlit."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.measure import load
from bench.pages import STORES, VIEWS, View, city, table
from bench.sampler import OTHER, PLACES, PURPOSES, TOLD_EVERY
from bench.servers import cpu_seconds, free_port, launched
from bench.session import Session, log_in

DEAREST, RUNS, TRIES = 6, 30, 3
FUNCTIONS = 6  # of each page

Samples = Mapping[str, Mapping[str, float]]


class Server:
    """A server that is sampled; `cost` gives a view's CPU seconds a run, and where they went."""

    def __init__(self, base: str, pid: int, told: Path):
        self.base, self.pid, self._told = base, pid, told

    def cost(self, session: Session, view: View, asked: dict[str, str], runs: int) -> tuple[float, Samples]:
        if session.run(view.page, asked).failed:
            raise RuntimeError(f"{view.title} shows an exception")
        time.sleep(2 * TOLD_EVERY)  # all of the runs before is told
        before, spent = self._samples(), cpu_seconds(self.pid)
        for _ in range(runs):
            session.run(view.page, asked)
        spent = cpu_seconds(self.pid) - spent
        time.sleep(2 * TOLD_EVERY)
        after = self._samples()
        return spent / runs, {
            kind: {n: (v - before[kind].get(n, 0)) / runs for n, v in after[kind].items()} for kind in after
        }

    def _samples(self) -> dict[str, dict[str, float]]:
        return json.loads(self._told.read_text())


@contextmanager
def sampled(script: str, var: Path | None = None) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        told, port = Path(folder) / "samples.json", free_port()
        env = {"BENCH_SAMPLES": str(told)} | ({"PILOTWATCH_VAR": str(var)} if var else {})
        call = ["-m", "bench.sampler", "run", script, f"--server.port={port}", "--server.address=127.0.0.1"]
        with launched(call, env, port=port) as (base, pid):
            yield Server(base, pid, told)


def report(size: float = 1, stores: Path = STORES) -> str:
    var = stores / f"city-{size:g}"
    made = city(var, size)
    with sampled("bench/blank.py") as server:
        _, blank = server.cost(Session(server.base, ""), View("blank"), {}, RUNS)
    with sampled("app.py", var) as server:
        sessions: dict[str, Session] = {}
        for view in VIEWS:
            if view.who not in sessions:
                sessions[view.who] = Session(server.base, log_in(server.base, view.who, made["password"]))

        def cost(view: View, runs: int) -> tuple[float, Samples]:
            asked = {n: v.format(**made) for n, v in view.query.items()}
            return server.cost(sessions[view.who], view, asked, runs)

        tried = {view.title: cost(view, TRIES)[0] for view in VIEWS}
        first = VIEWS[0]  # the overview stands there whatever it costs
        dearest = [first, *sorted((v for v in VIEWS if v != first), key=lambda v: -tried[v.title])[: DEAREST - 1]]
        found = [(view, cost(view, RUNS)[1]) for view in dearest]
    return _written(size, blank, found)


def _written(size: float, blank: Samples, found: Sequence[tuple[View, Samples]]) -> str:
    columns = [blank, *(samples for _, samples in found)]
    names = [n for n, _ in (*PURPOSES, *PLACES)] + [OTHER]
    rows = [(n, *(f"{1000 * c['parts'].get(n, 0):.1f}" for c in columns)) for n in names]
    rows.append(("**all**", *(f"**{1000 * sum(c['parts'].values()):.0f}**" for c in columns)))
    lines = [
        (view.title, "; ".join(f"`{n}` {1000 * v:.0f}" for n, v in _functions(samples["functions"])))
        for view, samples in found
    ]
    return (
        "## Where a page's time goes\n\n"
        f"CPU milliseconds a run of the server, in the middle of {RUNS} runs of the overview and of the {DEAREST - 1} dearest "
        f"other views of the {size:g}× city, each seen before by the same process. A thread of the server looks a thousand "
        "times a second at what the others do; it takes some of the time it measures, so the shares count and the sums "
        f"are a little above those under “Pages”. {load()}\n\n"
        + table(("part", "blank", *(v.title for v, _ in found)), rows)
        + "\nOf our own functions the dearest, with all they call:\n\n"
        + table(("page", "function, ms a run"), lines)
        + "\nA blank page's script does nothing; ours asks who is there, reads figures that are kept for the data's version, "
        "and sends every word of the page as messages of Streamlit.\n"
    )


_FRAMES = ("main.py:", ":main", ":wrapper", "pages/", "ui/shell/", "bench/", "app.py", "ui/html.py")


def _functions(functions: Mapping[str, float]) -> list[tuple[str, float]]:
    """Ours that cost most with what they call; those that merely hold the whole page are left out."""
    named = ((n, v) for n, v in functions.items() if not any(f in n for f in _FRAMES))
    return sorted(named, key=lambda pair: -pair[1])[:FUNCTIONS]
