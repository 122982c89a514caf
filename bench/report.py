"""What is measured, and the tables it gives."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.files import HEADERS, house_ledger
from bench.measure import Cost, cost_of
from bench.servers import ROOT, cpu_seconds, resident_mb, serving
from bench.session import Session, log_in

PEER_ROWS = 5_000


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(str(c) for c in row) + " |" for row in rows)]) + "\n"


# --- intake ------------------------------------------------------------------------------------------------------


def intake(rows: int) -> str:
    """Read → validate → commit against the fastest reader, on both stores, and against row by row."""
    from tests import servers

    path = str(house_ledger(ROOT / "var" / "bench" / f"houses-{rows}.xlsx", rows))
    floor = cost_of("bench.intake", "floor", path)
    work: list[tuple[str, int, Cost]] = [("fastexcel reads it into Arrow (the floor)", rows, floor)]
    with tempfile.TemporaryDirectory() as var:
        work.append(("read → validate → compare", rows, _ours(path, "dry", f"{var}/dry")))
        work.append(("… → commit, without figures, SQLite", rows, _ours(path, "bare", f"{var}/bare")))
        work.append(("… → commit, figures in its transaction, SQLite", rows, _ours(path, "commit", f"{var}/lite")))
        with servers.postgres() as url:
            env = {"PILOTWATCH_DATABASE_URL": url}
            work.append(
                (
                    "… → commit, figures, PostgreSQL (its own CPU not counted)",
                    rows,
                    _ours(path, "commit", f"{var}/pg", env),
                )
            )
    peer = cost_of("bench.intake", "row_by_row", path, str(PEER_ROWS))
    work.append((f"openpyxl + SQLModel row by row, {PEER_ROWS:,} rows", PEER_ROWS, peer))
    per_row = floor.cpu / rows
    return (
        f"## Intake: {rows:,} rows × {len(HEADERS)} columns, xlsx, every hundredth row wrong\n\n"
        + table(
            ("work", "CPU s", "wall s", "rows per CPU s", "× the floor, per row", "peak MB"),
            (
                (name, f"{c.cpu:.2f}", f"{c.wall:.2f}", f"{n / c.cpu:,.0f}", f"{c.cpu / n / per_row:.1f}", f"{c.peak_mb:.0f}")
                for name, n, c in work
            ),
        )
    )  # fmt: skip


def _ours(path: str, how: str, var: str, env: dict[str, str] | None = None) -> Cost:
    return cost_of("bench.intake", "ours", path, how, env={"PILOTWATCH_VAR": var, **(env or {})})


# --- pages -------------------------------------------------------------------------------------------------------

RUNS = 20
PAGES = {
    "总览 overview": "",
    "预警 warnings": "warnings",
    "数据上报 upload": "upload",
    "数据字典 dictionary": "dictionary",
}


def pages(sizes: Sequence[float]) -> str:
    """Server time of each page at each size of the city, against a blank page of the same Streamlit."""
    with serving("bench/blank.py") as (base, pid):
        blank = _runs(Session(base, ""), "", pid)
    rows: list[tuple[object, ...]] = [("blank", "–", *_cells(blank, blank), "")]
    for size in sizes:
        var = ROOT / "var" / "bench" / f"city-{size:g}"
        made = _city(var, size)
        with serving("app.py", {"PILOTWATCH_VAR": str(var)}) as (base, pid):
            session = Session(base, log_in(base, "city", made["password"]))
            for name, page in PAGES.items():
                rows.append((name, f"{size:g}×", *_cells(_runs(session, page, pid), blank), f"{resident_mb(pid):.0f}"))
    return (
        "## Pages: server time of one session, a blank page of the same Streamlit beside it\n\n"
        + table(("page", "city", "first ms", "median ms", "CPU ms", "× blank (CPU)", "kB sent first", "server MB"), rows)
    )  # fmt: skip


def _runs(session: Session, page: str, pid: int) -> dict[str, float]:
    first = session.run(page)
    before, took = cpu_seconds(pid), [session.run(page) for _ in range(RUNS)]
    if first.failed or any(r.failed for r in took):
        raise RuntimeError(f"the page “{page}” shows an exception")
    return {
        "first": first.seconds,
        "median": statistics.median(r.seconds for r in took),
        "cpu": (cpu_seconds(pid) - before) / RUNS,
        "kb": first.received / 1000,
    }


def _cells(run: dict[str, float], blank: dict[str, float]) -> tuple[str, ...]:
    return (
        f"{1000 * run['first']:.0f}", f"{1000 * run['median']:.0f}", f"{1000 * run['cpu']:.0f}",
        f"{run['cpu'] / blank['cpu']:.1f}", f"{run['kb']:.0f}",
    )  # fmt: skip


def _city(var: Path, size: float) -> dict[str, str]:
    """Makes the demo city once; the account to look at it with."""
    if not (var / "pilotwatch.db").exists():
        cost_of("bench.city", f"{size:g}", env={"PILOTWATCH_VAR": str(var)})
    from pilotwatch.access.demo import DEMO_PASSWORD

    return {"password": DEMO_PASSWORD}
