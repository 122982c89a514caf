"""The country: one division after another is made, taken in, evaluated, rolled up and thrown away.

What stays of a division is its roll-up: levels, sums and periods by place, as a Parquet file. So memory and disk don't
grow with the records, and the country's page reads as many rows as there are places, not subjects.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import pandas as pd

ON = date(2026, 11, 24)
MARKS = (1, 2, 4, 8, 16, 32)
ROLLUPS = ("place_level", "place_sum", "place_period")
SUBJECTS_OF_THE_COUNTRY = 200_000_000  # scale.md


def division(number: int, size: float, kept: Path) -> dict[str, float]:
    """A division's records, by the product's own way of taking them in, and what is kept of it: files in `kept`."""
    from pilotwatch import warnings
    from pilotwatch.demo.build import _batches
    from pilotwatch.sampling import City
    from pilotwatch.settings import Settings
    from pilotwatch.store import SYSTEM
    from pilotwatch.workspace import Workspace

    with tempfile.TemporaryDirectory() as var:
        house = Workspace.open(Settings(var=Path(var), database_url=None))
        house.store.on_change.clear()  # figures follow at the end, all at once
        records = 0
        for batch in _batches(City(house.places, ON, number, 0, size), house.registry):
            records += sum(t.new for t in house.desk(SYSTEM).commit(batch.arrived, batch.tables).tables)
        subjects = sum(warnings.update(house.store, house.registry, on=ON, rebuild=True)["domains"].values())
        with house.store._engine.connect() as connection:
            for name in ROLLUPS:
                rows = pd.read_sql_query(f"SELECT * FROM {name}", connection)  # noqa: S608 - a name of ours
                rows.insert(0, "division", number)
                rows.to_parquet(kept / f"{name}-{number:05}.parquet", index=False)
        house.store.close()
    return {"records": records, "subjects": subjects}


def digest(kept: Path) -> str:
    """Of all roll-ups, whoever made them in whatever order."""
    total = hashlib.sha256()
    for path in sorted(kept.glob("*.parquet")):
        rows = pd.read_parquet(path)
        total.update(path.name.encode())
        for line in sorted(map(repr, rows.itertuples(index=False))):
            total.update(line.encode())
    return total.hexdigest()


def national(kept: Path) -> tuple[int, float]:
    """The country's overview from the roll-ups: subjects by division, domain and worst level; rows read, CPU seconds."""
    before = time.process_time()
    rows = pd.concat(pd.read_parquet(p) for p in sorted(kept.glob("place_level-*.parquet")))
    seen = rows[rows["indicator"] == "*"].groupby(["division", "domain", "level"])["subjects"].sum()
    assert len(seen)
    return len(rows), time.process_time() - before


def grow(divisions: int, size: float) -> None:
    """One process, so many divisions one after another; a JSON line of where it stood at each mark."""
    told = []
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder)
        begun, done = time.process_time(), {"records": 0, "subjects": 0}
        for number in range(1, divisions + 1):
            for name, more in division(number, size, kept).items():
                done[name] += more
            if number in MARKS:
                rows, read = national(kept)
                told.append({
                    "divisions": number, **done, "cpu": time.process_time() - begun - sum(t["read"] for t in told), "rows": rows, "read": read,
                    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                    "kept_mb": sum(p.stat().st_size for p in kept.iterdir()) / 1e6,
                })  # fmt: skip
        print(
            json.dumps(
                {"marks": told, "digest": digest(kept), "cpu": time.process_time() - begun, "wall": 0, "peak_mb": 0}
            )
        )


def spread(divisions: int, size: float, workers: int) -> str:
    """The same divisions by worker processes of Dask; the digest of their roll-ups."""
    from distributed import Client, LocalCluster

    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder)
        cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, memory_limit=0
        )
        with cluster, Client(cluster) as client:
            client.gather([client.submit(division, n, size, kept, pure=False) for n in range(1, divisions + 1)])
        return digest(kept)


def report(divisions: int = 16, size: float = 0.05, workers: int = 2) -> str:
    """The growth curve as a page of docs/performance."""
    from bench.measure import cost_of
    from bench.report import table

    said = cost_of("bench.country", "grow", str(divisions), str(size)).said
    same = spread(divisions, size, workers) == said["digest"]
    if not same:
        raise RuntimeError("the divisions rolled up by several processes differ from those of one")
    marks = said["marks"]
    last = marks[-1]
    per = last["cpu"] / last["subjects"]
    return (
        f"## The country: {divisions} divisions, one after another\n\n"
        f"Synthetic divisions of {last['subjects'] // divisions:,} subjects each, with a seed of their own; every record is made, "
        "validated, committed, evaluated by all indicators and measures, rolled up by street, and thrown away. "
        f"{workers} worker processes of Dask gave the same roll-ups, to the last digit.\n\n"
        + table(
            ("divisions", "subjects", "records", "CPU s", "CPU ms a subject", "peak MB", "roll-ups kept, MB", "rows the country's page reads", "… CPU ms"),
            (
                (m["divisions"], f"{m['subjects']:,}", f"{m['records']:,}", f"{m['cpu']:.1f}", f"{1000 * m['cpu'] / m['subjects']:.2f}",
                 f"{m['peak_mb']:.0f}", f"{m['kept_mb']:.1f}", f"{m['rows']:,}", f"{1000 * m['read']:.0f}")
                for m in marks
            ),
        )
        + f"\nAt {1000 * per:.2f} CPU ms a subject, {SUBJECTS_OF_THE_COUNTRY:,} subjects would take {per * SUBJECTS_OF_THE_COUNTRY / 3600:,.0f} CPU hours: "
        "a calculation from the last line, not a measurement, and one that holds only as far as cores don't wait for each other.\n"
    )  # fmt: skip


if __name__ == "__main__":
    grow(int(sys.argv[2]), float(sys.argv[3]))
