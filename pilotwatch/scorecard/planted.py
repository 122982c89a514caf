"""How well the indicators see what was planted in the demo city (`demo-truth.json`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from pilotwatch.domain import LEVELS, Domain
from pilotwatch.scorecard.episodes import standing
from pilotwatch.scorecard.measures import Share, spread
from pilotwatch.scorecard.replay import NODATA, Replay

_ALARM = LEVELS.index("orange")  # what counts as seen: orange or worse
_DAYS = ("since", "first_sale_on")


@dataclass(frozen=True)
class Truth:
    """Something planted: what kind, about whom, since when (None: from the start)."""

    kind: str
    subject_id: str
    since: date | None


@dataclass
class Seen:
    """Counts of one kind against one indicator (or all that ought to see it), which add up over parts of the city."""

    planted: int = 0
    caught: int = 0
    alarmed: int = 0  # subjects in alarm on the last day
    right: int = 0  # of them planted
    leads: list[float] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "planted": self.planted, "recall": Share(self.caught, self.planted).as_json(), "alarmed": self.alarmed,
            "precision": Share(self.right, self.alarmed).as_json(), "lead_days": spread(np.array(self.leads)).as_json(),
        }  # fmt: skip


def read(path: Path) -> list[Truth]:
    """The planted truths about subjects; none where the file isn't there (a real city)."""
    if not path.exists():
        return []
    planted = json.loads(path.read_text(encoding="utf-8"))["planted"]
    return [Truth(p["kind"], p["subject_id"], _since(p)) for p in planted if p.get("subject_id")]


def _since(truth: Mapping[str, Any]) -> date | None:
    told = next((truth[n] for n in _DAYS if truth.get(n)), None)
    return date.fromisoformat(told if len(told) == 10 else f"{told}-01") if told else None


def hold_against(
    domain: Domain, done: Replay, truths: Sequence[Truth], horizon: int, counts: dict[tuple[str, str], Seen]
) -> None:
    """Adds a replayed part of the city to `counts[kind, code]`; the code "" is all indicators that ought to see the kind.

    Seen is what was in alarm on some day from `horizon` days before it began; lead is its beginning less that day, so
    negative where the warning came later.
    """
    begins = done.days[0]
    for planting in domain.planted:
        mine = [t for t in truths if t.kind == planting.kind]
        rows = done.subjects.get_indexer([t.subject_id for t in mine])
        since = np.array([np.datetime64(t.since, "D") if t.since else begins for t in mine], "datetime64[D]")
        dated = np.array([t.since is not None for t in mine], bool)
        here = rows >= 0
        alarms = {c: _alarm(done, c) for c in planting.warned_by if c in done.ranks}
        if alarms:
            alarms = {"": np.logical_or.reduce(list(alarms.values())), **alarms}
        for code, alarm in alarms.items():
            seen = counts.setdefault((planting.kind, code), Seen())
            inside = alarm[rows[here]] & (done.days >= (since[here] - horizon)[:, None])
            caught = inside.any(axis=1)
            first = done.days[inside.argmax(axis=1)]
            planted = np.zeros(len(done.subjects), bool)
            planted[rows[here]] = True
            seen.planted += int(here.sum())
            seen.caught += int(caught.sum())
            seen.alarmed += int(alarm[:, -1].sum())
            seen.right += int((alarm[:, -1] & planted).sum())
            lead = (since[here] - first).astype(float)
            seen.leads += lead[caught & dated[here]].tolist()


def _alarm(done: Replay, code: str) -> np.ndarray:
    ranks = done.ranks[code]
    return standing(ranks <= _ALARM, ranks != NODATA)
