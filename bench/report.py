"""What is measured, and the tables it gives."""

from __future__ import annotations

import tempfile

from bench import targets
from bench.figures import ROWS, size_of
from bench.files import HEADERS, house_ledger
from bench.measure import Cost, cost_of
from bench.pages import city, table
from bench.servers import ROOT

PEER_ROWS = 5_000


# --- intake ------------------------------------------------------------------------------------------------------


def intake(rows: int, frictionless: str | None = None) -> str:
    """Read → validate → commit against the fastest reader, on both stores, and against row by row.

    `frictionless`: an interpreter that has frictionless[excel], to validate the same rows with it.
    """
    from tests import servers

    path = str(house_ledger(ROOT / "var" / "bench" / f"houses-{rows}.xlsx", rows))
    floor = cost_of("bench.intake", "floor", path)
    with tempfile.TemporaryDirectory() as var:
        read = _ours(path, "dry", f"{var}/dry")
        bare = _ours(path, "bare", f"{var}/bare")
        whole = _ours(path, "commit", f"{var}/lite")
        with servers.postgres() as url:
            server = _ours(path, "commit", f"{var}/pg", {"PILOTWATCH_DATABASE_URL": url})
    peer = cost_of("bench.intake", "row_by_row", path, str(PEER_ROWS))
    work: list[tuple[str, int, Cost]] = [
        ("fastexcel reads it into Arrow (the floor)", rows, floor),
        ("read → validate → compare", rows, read),
        ("… → commit, without figures, SQLite", rows, bare),
        ("… → commit, figures in its transaction, SQLite", rows, whole),
        ("… → commit, figures, PostgreSQL (its own CPU not counted)", rows, server),
        (f"openpyxl + SQLModel row by row, {PEER_ROWS:,} rows", PEER_ROWS, peer),
    ]
    targets.note("intake", whole.cpu / floor.cpu, f"{whole.cpu / floor.cpu:.1f} ×")
    targets.note("intake_read", read.cpu / floor.cpu, f"{read.cpu / floor.cpu:.1f} ×")
    targets.note("intake_memory", whole.peak_mb, f"{whole.peak_mb:.0f} MB")
    slower = peer.cpu / PEER_ROWS / (whole.cpu / rows)
    targets.note("row_by_row", slower, f"{slower:.1f} × faster")
    if frictionless:
        theirs = cost_of("bench.frictionless_peer", path, python=frictionless)
        work.append(("frictionless validates them, commits nothing", rows, theirs))
        targets.note("frictionless", theirs.cpu / read.cpu, f"{theirs.cpu / read.cpu:.1f} × faster")
    per_row = floor.cpu / rows
    return (
        f"## Intake: {rows:,} rows × {len(HEADERS)} columns, xlsx, every hundredth row wrong\n\n"
        "The target of 2 × the floor for the whole way is missed. Reading and judging come near it; storing on SQLite costs "
        "what its driver takes for each cell, and of what follows a third is written, a third read again by what judges "
        "levels, counts and cards each for itself, and a third computed.\n\n"
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


# --- figures -----------------------------------------------------------------------------------------------------


def figures(subjects: int) -> str:
    """What follows from 1,000 rows, and making it all anew, in a city of so many subjects."""
    var = ROOT / "var" / "bench" / f"city-{size_of(subjects):g}"
    city(var, size_of(subjects))
    env = {"PILOTWATCH_VAR": str(var)}
    whole = cost_of("bench.figures", "rebuild", env=env)
    uploads = cost_of("bench.figures", "uploads", env=env).said["uploads"]
    rows = [
        (
            f"{ROWS:,} changed rows of {u['dataset']}", f"{u['subjects']:,} of {u['listed']:,}", f"{u['follows']:.2f}",
            f"1/{whole.cpu / u['follows']:.0f}", f"{u['commit']:.2f}",
        )
        for u in uploads
    ]  # fmt: skip
    dear = max(u["follows"] for u in uploads if u["dataset"].startswith("sbh_"))  # 1,000 are a hundredth of them
    targets.note("follow", dear / whole.cpu, f"1/{whole.cpu / dear:.0f}")
    parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in whole.said["parts"].items())
    return (
        f"## Figures: {ROWS:,} rows against a full rebuild, {whole.said['subjects']:,} subjects\n\n"
        f"All indicators of three domains, the periods, warnings, counts, contradictions and cards of every subject made "
        f"anew: {whole.cpu:.1f} CPU s, {whole.wall:.1f} s of wall time, {whole.peak_mb:.0f} MB at its peak ({parts}). "
        "Uploads of rows that changed, in the same process one after another; what follows costs what is touched, so "
        "1,000 houses, a hundredth of all subjects, are to cost a hundredth, and 1,000 stations, two thirds of them, not.\n\n"
        + table(
            ("upload", "subjects of the domain", "what follows, CPU s", "of a rebuild", "whole commit, CPU s"), rows
        )
    )
