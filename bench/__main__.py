"""`python -m bench [intake] [figures] [pages] [hotspots] [planning]`: measures and writes docs/performance.md.

Every figure is a ratio taken in one run on one machine; wall time stands beside CPU time, for the machine may be shared.
`--sizes 1,10,100`: the cities whose pages are measured.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from bench import report
from bench.measure import machine

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("what", nargs="*", default=["intake", "figures", "pages"], help="default: all three")
    parser.add_argument("--rows", type=int, default=100_000, help="of the ledger that is taken in")
    parser.add_argument("--frictionless", help="an interpreter that has frictionless[excel], to compare with")
    parser.add_argument("--subjects", type=int, default=100_000, help="of the city whose figures are made")
    parser.add_argument("--sizes", default="1,10")
    options = parser.parse_args()
    kept = ROOT / "docs" / "performance"
    kept.mkdir(exist_ok=True)
    if "intake" in options.what:
        (kept / "intake.md").write_text(report.intake(options.rows, options.frictionless))
    if "figures" in options.what:
        (kept / "figures.md").write_text(report.figures(options.subjects))
    if "pages" in options.what:
        (kept / "pages.md").write_text(report.pages([float(s) for s in options.sizes.split(",")]))
    if "hotspots" in options.what:
        from bench import hotspots

        (kept / "hotspots.md").write_text(hotspots.report())
    if "planning" in options.what:
        from bench import planning

        (kept / "planning.md").write_text(planning.write())
    parts = "\n".join(p.read_text() for p in sorted(kept.glob("*.md")))
    (ROOT / "docs" / "performance.md").write_text(
        f"# What it costs\n\nMeasured by `make bench`, last on {date.today().isoformat()}: {machine()}, shared with other work. "  # noqa: DTZ011
        "Ratios were taken in one run; the seconds are of that machine at that hour. Targets are places to get to.\n\n"
        + parts
    )


if __name__ == "__main__":
    main()
