"""The targets that were set, what was measured for each, and why one is missed: the first table of docs/performance.md.

A part notes what it measured (`note`) while it runs; what it doesn't reach stays as it was measured last.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

KEPT = Path(__file__).resolve().parent.parent / "docs" / "performance" / "targets.json"


@dataclass(frozen=True)
class Target:
    """`most` is the largest ratio that meets it (`least`: the smallest), `why` what stands in the way where it is missed."""

    work: str
    against: str
    said: str
    why: str
    most: float | None = None
    least: float | None = None

    def met(self, ratio: float) -> bool:
        return (self.most is None or ratio <= self.most) and (self.least is None or ratio >= self.least)


TARGETS = {
    "intake": Target(
        "read → validate → commit of a 100,000 × 18 xlsx, figures in its transaction",
        "fastexcel reading the same file into Arrow",
        "≤ 2 × its CPU",
        "Reading and judging come near; each cell is then bound to a statement of the database and each index of the table "
        "is kept, and the figures of every subject that the file touches follow in the same transaction, because nobody is "
        "to see rows whose figures are older. The stages are under “Intake”.",
        most=2,
    ),
    "intake_read": Target(
        "… of it read → validate → compare", "the same", "≤ 2 × its CPU",
        "Codes with a check digit, references and duplicates are looked up, and the new rows compared with what is stored.", most=2,
    ),
    "intake_memory": Target(
        "… its peak memory", "–", "≤ 600 MB", "The tables of the file, of its findings and of the figures stand side by side.",
        most=600,
    ),
    "row_by_row": Target("… the whole way, per row", "openpyxl, Pydantic and SQLModel row by row", "≥ 10 × faster", "Figures are in ours and not in theirs.", least=10),
    "frictionless": Target("… read → validate, per row", "frictionless", "≥ 20 × faster", "Its reader is as fast as it was.", least=20),
    "follow": Target(
        "figures after 1,000 changed rows (the dearest list whose thousand rows are a hundredth of it)", "a full rebuild", "≤ 1/100",
        "A rebuild reads and judges in bulk what an upload looks up subject by subject.", most=0.01,
    ),
    "rebuild": Target(
        "full rebuild, 100,000 subjects × all indicators", "reading the same rows into frames", "≤ 3 ×",
        "Every indicator is computed, and every level, part and period compared with what is kept and written.", most=3,
    ),
    "page_blank": Target(
        "server CPU of a page, the median of all views at 1×", "a blank page of the same Streamlit", "≤ 2 ×",
        "The script of a blank page does nothing at all; what ours do is under “Where a page's time goes”.", most=2,
    ),
    "page_flat": Target(
        "server CPU of a page at the largest city, the worst view", "the same view at 1×", "≤ 1.2 ×",
        "Open warnings are counted and sorted anew on each view; kept counts and indexes in the lists' order are what it "
        "needs. See the table of pages.", most=1.2,
    ),
    "page_flat_median": Target(
        "… the median view", "the same view at 1×", "≤ 1.2 ×", "See the worst view.", most=1.2,
    ),
    "bytes": Target("bytes to the browser, first view, the largest", "–", "≤ 300 kB", "A long list is sent whole.", most=300),
    "crowd": Target(
        "200 sessions at once, thinking as people do: p95", "the p50 of a single session", "≤ 10 ×, no error",
        "One process has one core: sessions that meet wait for each other. Replicas on one store are the remedy.", most=10,
    ),
    "superset": Target(
        "the leader's screen", "Apache Superset, eight charts of the same numbers, warm", "≥ 10 × less server time",
        "A warm Superset answers from its cache and leaves the drawing to the browser.", least=10,
    ),
    "superset_cold": Target(
        "… cold", "the same, cold", "≥ 10 × less server time", "Beside eight queries a cold view of ours loads the map.", least=10,
    ),
    "gi": Target("Gi* with FDR on 50,000 cells", "esda called directly", "≤ 1.3 ×", "", most=1.3),
    "planner": Target(
        "planner: 100,000 checks, 12 weeks and more, capacity not binding", "proven lower bound", "gap ≤ 1 %", "", most=0.01,
    ),
    "planner_tight": Target("… capacity binding", "proven lower bound", "gap ≤ 5 %", "", most=0.05),
    "briefs": Target("briefs of all units, long form, Word and PDF, in the background", "–", "seconds each", "", most=10),
    "start": Target(
        "start: second `make run` to the first screen", "a blank Streamlit app", "≤ 2 ×",
        "Ours imports pandas, SQLAlchemy, pyarrow and the domains before its first screen; a blank app imports none of them.", most=2,
    ),
}  # fmt: skip


def note(key: str, ratio: float, said: str) -> None:
    """Keeps what was measured for a target: the number it is judged by, and the words of the table."""
    told = _told()
    told[key] = {"ratio": ratio, "said": said}
    KEPT.write_text(json.dumps({k: told[k] for k in TARGETS if k in told}, ensure_ascii=False, indent=1) + "\n")


def rows() -> list[tuple[str, ...]]:
    """Work, against what, target, measured, met or the reason why not; of all targets, measured or not."""
    told, found = _told(), []
    for key, target in TARGETS.items():
        if one := told.get(key):
            how = "met" if target.met(one["ratio"]) else f"missed. {target.why}".strip()
            found.append((target.work, target.against, target.said, one["said"], how))
        else:
            found.append((target.work, target.against, target.said, "not measured", ""))
    return found


def _told() -> dict[str, dict]:
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}
