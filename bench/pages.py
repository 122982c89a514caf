"""Server time of every page at several sizes of the city, against a blank page of the same Streamlit."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import targets
from bench.measure import cost_of, load
from bench.servers import ROOT, cpu_seconds, resident_mb, serving
from bench.session import Session, log_in

RUNS = 8
BLANK_RUNS = 100  # so many that the ticks in which CPU time is told don't decide
STORES = ROOT / "var" / "bench"


@dataclass(frozen=True)
class View:
    """A page as somebody sees it; `{subject}` in its address is the subject with the worst level."""

    title: str
    page: str = ""
    query: dict[str, str] = field(default_factory=dict)
    who: str = "city"


VIEWS = (
    View("总览 overview"),
    View("… of one district", query={"unit": "650102"}),
    View("… as its leader sees it", who="tianshan"),
    View("预警 warnings", "warnings"),
    View("… red ones", "warnings", {"level": "red"}),
    View("案件 cases", "cases"),
    View("热点 hot spots", "hotspots"),
    View("联合检查 inspection", "inspection"),
    View("检查事项 library", "library"),
    View("扫码入企 visit", "visit"),
    View("监管对象 subject, the search", "subject"),
    View("… one subject", "subject", {"subject": "{subject}"}),
    View("异常与口径 signals", "signals"),
    View("指标成效 scorecard", "scorecard"),
    View("典型案例 typical cases", "typical"),
    View("试点评估 review", "review"),
    View("数据审核 approvals", "approvals"),
    View("政策任务 policy", "policy"),
    View("简报 brief", "brief"),
    View("数据上报 upload", "upload", who="cards"),
    View("数据字典 dictionary", "dictionary"),
    View("审计 audit", "audit", who="auditor"),
    View("设置 settings", "settings", who="admin"),
    View("消息 messages", "messages"),
)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(str(c) for c in row) + " |" for row in rows)]) + "\n"


def report(sizes: Sequence[float], stores: Path = STORES) -> str:
    """A row for each view and size; a city is made where there is none, and one that can't be had says why."""
    with serving("bench/blank.py") as (base, pid):
        blank = _runs(Session(base, ""), View("blank"), {}, pid, BLANK_RUNS)
    measured: dict[float, dict[str, dict[str, float]]] = {}
    notes = []
    for size in sizes:
        try:
            measured[size] = _of_size(stores / f"city-{size:g}", size)
        except (OSError, RuntimeError) as fault:
            notes.append(f"The {size:g}× city was not measured: {str(fault).strip().splitlines()[-1]}")
    _note(measured, blank)
    rows: list[tuple[object, ...]] = [("blank", "–", *_cells(blank, blank))]
    for view in VIEWS:
        rows += [(view.title, f"{size:g}×", *_cells(runs[view.title], blank)) for size, runs in measured.items()]
    head = ("page", "city", "first ms", "median ms", "CPU ms", "× blank (CPU)", "kB sent first", "server MB")
    return (
        "## Pages: server time of one session, a blank page of the same Streamlit beside it\n\n"
        f"{RUNS} runs of each view in one session; *first* is the view's first run of a server that has run another page. "
        f"{load()}\n\n" + table(head, rows) + "".join(f"\n{n}\n" for n in notes) + _WHY
    )


def _of_size(var: Path, size: float) -> dict[str, dict[str, float]]:
    """By view, what it cost at this size."""
    made = city(var, size)
    found: dict[str, dict[str, float]] = {}
    with serving("app.py", {"PILOTWATCH_VAR": str(var), "PILOTWATCH_DAILY": "false"}) as (base, pid):
        sessions: dict[str, Session] = {}
        for view in VIEWS:
            if view.who not in sessions:
                sessions[view.who] = Session(base, log_in(base, view.who, made["password"]))
                sessions[view.who].run("dictionary")  # the process opens its store
            asked = {n: v.format(**made) for n, v in view.query.items()}
            found[view.title] = _runs(sessions[view.who], view, asked, pid)
    return found


def _note(measured: dict[float, dict[str, dict[str, float]]], blank: dict[str, float]) -> None:
    """What the sizes say of the targets: the smallest against a blank page, the largest against the smallest."""
    if not measured:
        return
    small, large = min(measured), max(measured)
    cpu = {size: {t: r["cpu"] for t, r in runs.items() if not r["failed"]} for size, runs in measured.items()}
    middle = statistics.median(cpu[small].values()) / max(blank["cpu"], 0.001)
    targets.note("page_blank", middle, f"{middle:.0f} × at {small:g}×")
    most = max(r["kb"] for runs in measured.values() for r in runs.values())
    targets.note("bytes", most, f"{most:.0f} kB")
    if large > small:
        grown = {t: c / cpu[small][t] for t, c in cpu[large].items() if t in cpu[small]}
        worst = max(grown, key=grown.get)
        flat = sum(g <= 1.2 for g in grown.values())
        targets.note(
            "page_flat",
            grown[worst],
            f"{grown[worst]:.1f} × ({worst}) at {large:g}×; {flat} of {len(grown)} views keep it",
        )
        half = statistics.median(grown.values())
        targets.note("page_flat_median", half, f"{half:.2f} × at {large:g}×")


def _runs(session: Session, view: View, asked: dict[str, str], pid: int, times: int = RUNS) -> dict[str, float]:
    first = session.run(view.page, asked)
    before, took = cpu_seconds(pid), [session.run(view.page, asked) for _ in range(times)]
    return {
        "first": first.seconds,
        "median": statistics.median(r.seconds for r in took),
        "cpu": (cpu_seconds(pid) - before) / times,
        "kb": first.received / 1000,
        "failed": first.failed or any(r.failed for r in took),
        "server": resident_mb(pid),
    }


def _cells(run: dict[str, float], blank: dict[str, float]) -> tuple[str, ...]:
    if run["failed"]:
        return "the page shows an exception", "", "", "", "", ""
    return (
        f"{1000 * run['first']:.0f}", f"{1000 * run['median']:.0f}", f"{1000 * run['cpu']:.0f}",
        f"{run['cpu'] / max(blank['cpu'], 0.001):.1f}", f"{run['kb']:.0f}", f"{run['server']:.0f}",
    )  # fmt: skip


def city(var: Path, size: float) -> dict[str, str]:
    """Makes the demo city once; the account to look at it with, and the subject that stands worst."""
    if not (var / "pilotwatch.db").exists():
        cost_of("bench.city", f"{size:g}", env={"PILOTWATCH_VAR": str(var)})
    from pilotwatch import figures
    from pilotwatch.access import SYSTEM
    from pilotwatch.access.demo import DEMO_PASSWORD
    from pilotwatch.settings import Settings
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open(Settings(var=var, database_url=None))
    worst = figures.exceptions_of(workspace.desk(SYSTEM), limit=1)
    workspace.store.close()
    return {"password": DEMO_PASSWORD, "subject": worst["subject_id"].iloc[0]}


_WHY = """
The target of twice a blank page is missed: a blank page's script does nothing. What each page asks of the store, in statements
and rows, is held by `tests/pages/test_costs.py`; `bench/counting.py` tells it for a store of any size.
"""
