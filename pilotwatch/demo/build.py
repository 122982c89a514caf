"""Builds the demo city into an empty store: part after part, team after team, batch after batch.

What is committed is what an upload commits, dated as the teams would have sent it: the lists as they were three years
ago, the records by half-year and lately by month, the lists as they are today. So a look back from any day finds what
was known then. Figures are made once, at the end.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pilotwatch import access, figures, risk, signals, warnings
from pilotwatch.demo import briefs, cases
from pilotwatch.demo import review as reviewed
from pilotwatch.demo import typical as written
from pilotwatch.demo.frames import checked
from pilotwatch.domain import Text
from pilotwatch.identity import kind_of, subject_id
from pilotwatch.inspection import force, objects
from pilotwatch.inspection.draw import sample as draws
from pilotwatch.inspection.ledger import keep as ledger
from pilotwatch.intake.model import Checked
from pilotwatch.registry import Registry
from pilotwatch.sampling import City
from pilotwatch.store import SYSTEM, Store
from pilotwatch.store.model import Arrived, Progress
from pilotwatch.workdays import BEIJING, now, today

if TYPE_CHECKING:
    from pilotwatch.workspace import Workspace

SEED = 20231110  # the day of the policy
TRUTH = "demo-truth.json"

_FOLDER = "演示数据"
_SHARED = "综合监管"  # the team of the records that all domains share
_MONTHS_APART = 6  # the last months are batches of their own; before, half-years
_BUILT = "demo_city"  # the setting that says a build came to its end

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Batch:
    """Tables on their way in as one upload: what its file is called and when it became known."""

    name: str
    day: date
    tables: tuple[Checked, ...]

    @property
    def arrived(self) -> Arrived:
        evening = datetime.combine(self.day, time(20), BEIJING).astimezone(UTC)
        return Arrived(self.name, on=self.day, at=min(evening, now()))  # today's evening may be still to come


def build(
    workspace: Workspace,
    *,
    size: float = 1.0,
    seed: int = SEED,
    on: date | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Fills an empty store with the demo city as of `on` (default: today) and makes it a demo store with demo accounts.

    `size` 1 is Urumqi's three pilots: 22,000 subjects, half a million records. A larger city is built in parts of at most
    that size, so that memory stays bounded. What was planted is written to `demo-truth.json` beside the store.

    Returns what was built: `size, seed, on, records, datasets` (rows of each), `batches, cases, planted` (number of each kind),
    `truth` (path), `accounts, password`. Raises ValueError where the store isn't empty, SampleError where a domain's
    sample gives what an upload would refuse. What `progress` raises ends the build, which stays unfinished.
    """
    store, on = workspace.store, on or today()
    told = progress or (lambda _step, _share: None)
    store.mark_demo()
    access.create_demo_accounts(store)
    parts = max(1, math.ceil(size))
    planted: list[dict[str, Any]] = []
    rows: dict[str, int] = {}
    batches = 0
    hooks = list(store.on_change)
    store.on_change.clear()  # figures follow at the end, all at once
    try:
        for part in range(parts):
            city = City(workspace.places, on, seed, part, size / parts)
            for batch in _batches(city, workspace.registry):
                told(_STORING.format(name=batch.name, part=part + 1, parts=parts), 0.9 * part / parts)
                line = store.desk(SYSTEM).commit(batch.arrived, batch.tables)
                batches += 1
                for table in line.tables:
                    rows[table.dataset] = rows.get(table.dataset, 0) + table.new
            planted += _identified(city, workspace.registry)
    finally:
        store.on_change[:] = hooks
    told(_FIGURES, 0.9)
    with store.holding():
        warnings.update(store, workspace.registry, on=on, rebuild=True)
        signals.update(store, workspace.registry, on=on, rebuild=True)
        risk.update(store, workspace.registry, on=on, rebuild=True)
        ledger.update(store, workspace.registry, on)
        objects.update(store, workspace.registry, workspace.places, on=on)
        draws.plant(store, workspace.registry, workspace.places, on)
    told_cases = cases.plant(workspace, size=size, seed=seed, on=on)
    force.plant(store.desk(SYSTEM), on)
    reviewed.plant(workspace, on, seed)
    written.plant(workspace)
    briefs.plant(workspace, on)
    city_facts = {"size": size, "seed": seed, "on": on.isoformat()}
    truth = workspace.settings.var / TRUTH
    _write(truth, {**city_facts, "planted": planted})
    figures.note_day(store, on)
    with store.registers() as books:
        books.set_setting(_BUILT, city_facts)
    told(_DONE, 1.0)
    accounts, password = access.demo_login(store) or ([], "")
    return {
        **city_facts, "records": sum(rows.values()), "datasets": rows, "batches": batches, "cases": told_cases,
        "planted": pd.Series([p["kind"] for p in planted], dtype=object).value_counts().sort_index().to_dict(),
        "truth": str(truth), "accounts": [p.username for p in accounts], "password": password,
    }  # fmt: skip


def is_unfinished(store: Store) -> bool:
    """Whether a build of the demo city was begun in this store and never came to its end."""
    with store.registers(write=False) as books:
        return store.demo and books.setting(_BUILT, None) is None


# --- batches -----------------------------------------------------------------------------------------------------


def _batches(city: City, registry: Registry) -> Iterator[Batch]:
    """Each domain's team in turn, then what all of them share."""
    shared: dict[str, list[pd.DataFrame]] = {}
    known: dict[str, set[str]] = {}
    for domain in registry.domains:
        if domain.sample is None:
            continue
        own = {}
        for dataset, frame in domain.sample(city).items():
            if registry.domain_of(dataset):
                own[dataset] = frame
            else:
                shared.setdefault(dataset, []).append(frame)
        keys = {r.spec.dataset: r.key()[0] for r in domain.subjects if r.spec.dataset in own}
        known |= {dataset: set(own[dataset][key]) for dataset, key in keys.items()}
        yield from _of_team(city, domain.zh, registry, own, known)
    together = {dataset: pd.concat(frames, ignore_index=True) for dataset, frames in shared.items()}
    yield from _of_team(city, _SHARED, registry, together, known)


def _of_team(
    city: City, team: str, registry: Registry, frames: Frames, known: Mapping[str, set[str]]
) -> Iterator[Batch]:
    def tables(some: Frames) -> tuple[Checked, ...]:
        return tuple(
            checked(registry.dataset(d), f, places=city.places, on=city.on, known=known) for d, f in some.items()
        )

    lists = {d: f for d, f in frames.items() if not registry.dataset(d).spec.day_fields}
    events = tables({d: f for d, f in frames.items() if d not in lists})
    if lists:
        yield Batch(
            f"{_FOLDER}/{team}/名录",
            city.start.item(),
            tables({d: city.first_lists.get(d, f) for d, f in lists.items()}),
        )
    for title, first, last in _periods(city):
        inside = tuple(part for t in events if len((part := _between(t, first, last)).good))
        if inside:
            yield Batch(f"{_FOLDER}/{team}/{title}", min(last or city.on, city.on), inside)
    changed = {d: f for d, f in lists.items() if d in city.first_lists}
    if changed:
        yield Batch(f"{_FOLDER}/{team}/名录（更新）", city.on, tables(changed))


def _periods(city: City) -> list[tuple[str, date | None, date | None]]:
    """Title, first and last day of each period; the first one has no beginning and the last one no end."""
    month = city.today.astype("datetime64[M]")
    lately = np.arange(month - _MONTHS_APART + 1, month + 1)
    begin = city.start.astype("datetime64[M]")
    halves = [m for m in np.arange(begin, lately[0]) if m == begin or m.astype(int) % 6 == 0]
    starts = [*halves, *lately]
    found = []
    for i, (m, following) in enumerate(zip(starts, [*starts[1:], month + 1], strict=True)):
        opens, closes = m.astype(object), (following - 1).astype(object)
        title = f"{opens.year}年{opens.month}月" if opens == closes else f"{opens.year}年{opens.month}—{closes.month}月"
        first = None if i == 0 else m.astype("datetime64[D]").item()
        last = None if i + 1 == len(starts) else (following.astype("datetime64[D]") - 1).item()
        found.append((title, first, last))
    return found


def _between(table: Checked, first: date | None, last: date | None) -> Checked:
    """The rows of a checked table whose day lies in a period."""
    day = table.frame["day"].combine_chunks().to_numpy(zero_copy_only=False)
    mask = np.ones(len(day), bool)
    if first:
        mask &= day >= np.datetime64(first)
    if last:
        mask &= day <= np.datetime64(last)
    return replace(
        table,
        table=replace(table.table, rows=table.table.rows[mask]),
        frame=table.frame.filter(pa.array(mask)),
        good=table.good[mask],
    )


# --- the planted truth -------------------------------------------------------------------------------------------


def _identified(city: City, registry: Registry) -> list[dict[str, Any]]:
    """The planted truths, those about a subject with its id; one about a place has none."""
    found = []
    for truth in city.planted:
        record = registry.dataset(truth["dataset"])
        kind = kind_of(record, record.spec.subject_fields[0])
        found.append(
            truth
            if "street" in truth and truth["code"] is None
            else {**truth, "subject_id": str(subject_id(kind, truth["code"]))}
        )
    return found


def _write(path: Path, truth: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


_STORING = Text("正在写入 {name}（第 {part}/{parts} 部分）", "Storing {name} (part {part} of {parts})")
_FIGURES = Text("正在计算指标", "Computing the indicators")
_DONE = Text("演示城市已建成", "The demo city is built")
