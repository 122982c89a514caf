"""How well the test sees what was planted in the demo city (`demo-truth.json`): streets in which houses are dangerous."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pilotwatch.hotspots.cells import cells_of
from pilotwatch.hotspots.keep import RISK
from pilotwatch.hotspots.layout import FINE, RESOLUTION
from pilotwatch.registry import Registry
from pilotwatch.scorecard import Share
from pilotwatch.store import Desk
from pilotwatch.store import hotspots as shelf

_STREET = "hot_street"
_RESOLUTIONS = {"cells": RESOLUTION, "fine": FINE}
_LAYERS = (*_RESOLUTIONS, "streets")


def planted(path: Path, found: Registry) -> dict[str, tuple[list[str], list[str]]]:
    """By domain the streets planted hot, and the subjects planted in them; nothing where there is no truth (a real city)."""
    if not path.exists():
        return {}
    truths = json.loads(path.read_text(encoding="utf-8"))["planted"]
    told: dict[str, tuple[list[str], list[str]]] = {}
    for truth in truths:
        domain = found.domain_of(truth["dataset"]) if truth["kind"] == _STREET else None
        if domain:
            told.setdefault(domain.name, ([], []))[0].append(truth["street"])
    for truth in truths:
        domain = found.domain_of(truth["dataset"]) if truth.get("subject_id") else None
        if domain and truth.get("street") in told.get(domain.name, ((), ()))[0]:
            told[domain.name][1].append(truth["subject_id"])
    return told


def against(desk: Desk, found: Registry, path: Path) -> list[dict[str, Any]]:
    """The newest test of each domain's subjects at risk against the truth, by layer, in the person's scope.

    `precision`: of the hot places those that hold a planted subject; `recall`: of the planted streets those with a hot place;
    `covered`: of the planted subjects that have a place those in a hot one; `streets`: each planted one with what was found
    of it.
    """
    told = []
    for domain, (streets, subjects) in planted(path, found).items():
        where = _where(desk, found, domain, subjects)
        for run in _newest(desk, domain):
            places = shelf.places(desk, domain, run.measure, run.layer, run.period)
            held = _held(where, run.layer)
            told.append(_line(run, places, held, [s for s in streets if s in set(where["street_code"])]))
    return told


def _where(desk: Desk, found: Registry, domain: str, subjects: list[str]) -> pd.DataFrame:
    """The planted subjects in scope, with where they are."""
    lists = [r.spec.dataset for d in found.domains if d.name == domain for r in d.subjects]
    columns = ["subject_id", "lng", "lat", "located", "street_code", "jurisdiction"]
    every = desk.subjects(columns, where={"dataset": lists}).drop_duplicates("subject_id")
    return every[every["subject_id"].isin(subjects) & every["jurisdiction"].ne("xpcc")]


def _newest(desk: Desk, domain: str) -> Iterator[shelf.Run]:
    for layer in _LAYERS:
        runs = [r for r in shelf.runs(desk) if (r.domain, r.measure, r.layer) == (domain, RISK, layer)]
        yield from runs[:1]


def _held(where: pd.DataFrame, layer: str) -> pd.DataFrame:
    """The planted subjects that have a place in the layer: `place`, `street_code`."""
    if layer == "streets":
        mine = where[where["street_code"].notna()]
        return mine.assign(place=mine["street_code"])[["place", "street_code"]]
    mine = where[where["located"].eq("point")]
    return mine.assign(place=cells_of(mine["lng"], mine["lat"], _RESOLUTIONS[layer]))[["place", "street_code"]]


def _line(run: shelf.Run, places: pd.DataFrame, held: pd.DataFrame, streets: list[str]) -> dict[str, Any]:
    hot = places[places["hot"]]
    caught = held[held["place"].isin(hot["place"])]
    by_street = []
    for street in streets:
        mine = places[places["street_code"] == street]
        by_street.append({
            "street": street, "planted": int((held["street_code"] == street).sum()), "subjects": int(mine["subjects"].sum()),
            "observed": float(mine["observed"].sum()), "expected": round(float(mine["expected"].sum()), 2),
            "hot_places": int((caught.loc[caught["street_code"] == street, "place"]).nunique()),
        })  # fmt: skip
    return {
        "domain": run.domain, "measure": run.measure, "layer": run.layer, "period": run.period, "hot": len(hot),
        "precision": Share(int(hot["place"].isin(held["place"]).sum()), len(hot)).as_json(),
        "recall": Share(sum(s["hot_places"] > 0 for s in by_street), len(streets)).as_json(),
        "covered": Share(len(caught), len(held)).as_json(), "streets": by_street,
    }  # fmt: skip
