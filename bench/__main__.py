"""`python -m bench [part …]`: measures every part, or those named, and writes docs/performance.md.

Every figure is a ratio taken in one run on one machine; wall time stands beside CPU time, for the machine may be shared.
A part that can't run says why in the table of parts, and the others go on; what it measured before stays.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bench import targets
from bench.measure import load, machine
from bench.pages import STORES, table

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "docs" / "performance"

#: What is measured, in the order it is done: the function that gives its text, and the options that it is given.
PARTS: dict[str, tuple[str, Callable[[argparse.Namespace], Mapping[str, Any]]]] = {
    "pages": ("bench.pages:report", lambda o: {"sizes": [float(s) for s in o.sizes.split(",")], "stores": o.stores}),
    "crowd": ("bench.crowd:report", lambda o: {"stores": o.stores}),
    "start": ("bench.start:report", lambda o: {"stores": o.stores}),
    "leader": ("bench.leader:report", lambda o: {"superset": o.superset, "stores": o.stores}),
    "profile": ("bench.profile:report", lambda o: {"stores": o.stores}),
    "intake": ("bench.report:intake", lambda o: {"rows": o.rows, "frictionless": o.frictionless}),
    "figures": ("bench.report:figures", lambda o: {"subjects": o.subjects}),
    "hotspots": ("bench.hotspots:report", lambda _: {}),
    "planning": ("bench.planning:write", lambda _: {}),
    "briefs": ("bench.briefs:report", lambda o: {"stores": o.stores}),
    "country": ("bench.country:report", lambda _: {}),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--sizes", default="1,10", help="the cities whose pages are measured")
    parser.add_argument("--stores", type=Path, default=STORES, help="where the cities are: city-1, city-10 …")
    parser.add_argument("--rows", type=int, default=100_000, help="of the ledger that is taken in")
    parser.add_argument("--frictionless", help="an interpreter that has frictionless[excel], to compare with")
    parser.add_argument(
        "--superset", help="an interpreter that has Apache Superset, to compare with: see bench/leader.py"
    )
    parser.add_argument("--subjects", type=int, default=100_000, help="of the city whose figures are made")
    options = parser.parse_args()
    if unknown := set(options.what) - PARTS.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    KEPT.mkdir(exist_ok=True)
    for name in options.what or PARTS:
        _tell(name, _measure(name, options))
        _join()


def _measure(name: str, options: argparse.Namespace) -> str:
    """Runs a part and keeps its text; gives how it went, in words."""
    where, asked = PARTS[name]
    module, function = where.split(":")
    began = time.perf_counter()
    try:
        said = getattr(importlib.import_module(module), function)(**asked(options))
    except Exception as fault:
        traceback.print_exc()
        return f"not measured: {type(fault).__name__}: {(str(fault).strip().splitlines() or [''])[-1][:200]}"
    (KEPT / f"{name}.md").write_text(said)
    return f"measured in {time.perf_counter() - began:,.0f} s. {load()}"


def _tell(name: str, how: str) -> None:
    path = KEPT / "parts.json"
    told = json.loads(path.read_text()) if path.exists() else {}
    told[name] = {"at": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"), "how": how}
    path.write_text(json.dumps({n: told[n] for n in PARTS if n in told}, ensure_ascii=False, indent=1) + "\n")
    print(f"{name}: {how}", flush=True)


def _join() -> None:
    """docs/performance.md out of the texts that are kept."""
    told = json.loads((KEPT / "parts.json").read_text())
    parts = "\n".join(p.read_text() for p in sorted(KEPT.glob("*.md")))
    (ROOT / "docs" / "performance.md").write_text(
        f"# What it costs\n\nMeasured by `make bench` (`python -m bench PART` for one part) on {machine()}, shared with other "
        "work. Ratios were taken in one run; the seconds are of that machine at that hour. Targets are places to get to.\n\n"
        + table(("work", "against", "target", "measured", ""), targets.rows())
        + "\nWhat is not measured here has older figures in its part below. A page reads no records in bulk and asks at most "
        "twelve statements: `tests/pages/test_costs.py` holds that for every page, and names the exceptions.\n\n"
        + table(("part", "last run", "how it went"), ((n, t["at"], t["how"]) for n, t in told.items()))
        + "\n"
        + parts
    )


if __name__ == "__main__":
    main()
