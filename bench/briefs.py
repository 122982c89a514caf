"""What a brief costs: made, written as Word and PDF, alone and for every unit in the background."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import targets
from bench.measure import load
from bench.pages import STORES
from bench.pages import city as city_of
from pilotwatch import access, brief
from pilotwatch.brief.pdf import pdf
from pilotwatch.brief.word import docx
from pilotwatch.settings import Settings
from pilotwatch.store import brief_jobs
from pilotwatch.workdays import today
from pilotwatch.workspace import Workspace


def report(size: float = 1, stores: Path = STORES) -> str:
    """The page of docs/performance: CPU seconds and bytes of each form, and of a batch of all units, which the store keeps."""
    var = stores / f"city-{size:g}"
    city_of(var, size)
    house = Workspace.open(Settings(var=var, database_url=None))
    city = access.person(house.store, "city") or access.SYSTEM
    about, period = brief.house_of(house), f"{today().year}Q{(today().month - 1) // 3 + 1}"
    desk = house.desk(city)
    pdf(brief.brief(desk, about, period))  # fonts, imports
    lines = [
        "# Briefs\n",
        f"`python -m bench briefs` on the {size:g}× demo city: CPU seconds of this process, all threads, on a shared machine; "
        f"{period}, the whole city, Chinese. A batch makes the brief of each unit, writes it as Word and PDF, keeps it and tells "
        f"of it. {load()}\n",
        "| brief of the whole city | numbers | pictures | made | Word | PDF | Word | PDF | pages |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for form in ("page", "long"):
        told, made = _timed(lambda form=form: brief.brief(desk, about, period, form=form))
        word, word_s = _timed(lambda told=told: docx(told))
        paper, paper_s = _timed(lambda told=told: pdf(told))
        pictures = sum(isinstance(b, brief.Picture) for b in told.blocks())
        lines.append(
            f"| {form} | {sum(1 for _ in told.numbers())} | {pictures} | {made:.2f} s | {word_s:.2f} s | {paper_s:.2f} s "
            f"| {len(word) / 1000:.0f} KB | {len(paper) / 1000:.0f} KB | {_pages(paper)} |"
        )
    units = [u.code for u in house.places.units]
    for form in ("page", "long"):
        brief_jobs.begin(house.store, city, units, period, form=form)
        wall = time.perf_counter()
        passed, cpu = _timed(lambda: brief.run(house))
        wall = time.perf_counter() - wall
        targets.note("briefs", wall / len(units), f"{wall:.0f} s for {len(units)} units, {cpu:.0f} CPU s")
        lines.append(
            f"\nA batch of {len(units)} ({form}): {passed.made} made, {passed.failed} failed, {cpu:.1f} CPU s, {wall:.1f} s."
        )
    house.store.close()
    return "\n".join(lines) + "\n"


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and the CPU seconds it took, of all threads."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def _pages(paper: bytes) -> int:
    import pypdf

    return len(pypdf.PdfReader(io.BytesIO(paper)).pages)


if __name__ == "__main__":
    print(report())
