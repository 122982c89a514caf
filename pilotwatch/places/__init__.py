"""Places of the city: divisions, reporting units, zones, streets, departments, boundaries.

Two dimensions are kept apart: the *division* (one of 8, GB/T 2260) and the *reporting unit* (one of 9: the zone 甘泉堡
reports by itself though it lies in 米东区). Everything here is read from the data folder, where a city replaces it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from pilotwatch.domain import Text
from pilotwatch.places import boundaries as _boundaries
from pilotwatch.places.boundaries import TOLERANCE_M, Boundaries, BoundaryError
from pilotwatch.places.names import Alias, DepartmentNames, DivisionNames, StreetNames
from pilotwatch.settings import settings

__all__ = [
    "TOLERANCE_M", "Area", "Boundaries", "BoundaryError", "Community", "Department", "Division", "Located",
    "Places", "Street", "Unit", "Zone",
]  # fmt: skip

Located = Literal["point", "street", "division", "none"]


@dataclass(frozen=True, slots=True)
class Division:
    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Zone:
    """A functional area; only one with a reporting unit of its own is counted, the others are attributes."""

    code: str
    title: Text
    division: str
    anchor: tuple[float, float]  # where to draw it; no survey
    note: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A reporting unit: a division, or a zone that reports by itself."""

    code: str
    title: Text
    division: str
    zone: str | None


@dataclass(frozen=True, slots=True)
class Street:
    """A street, town, township or XPCC farm. `anchor` is a place to draw it at, right to a few kilometres; no survey."""

    code: str
    name: str
    division: str
    jurisdiction: Literal["local", "xpcc"]
    anchor: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Community:
    code: str
    name: str
    street: str


@dataclass(frozen=True, slots=True)
class Department:
    code: str
    title: Text
    level: Literal["city", "region", "bank", "xpcc"]
    role: Text


@dataclass(frozen=True, slots=True)
class Area:
    """What a written division means: `甘泉堡` is division 650109, zone GQP, unit GQP."""

    division: str
    zone: str | None
    unit: str


class Places:
    """The gazetteer. Immutable once loaded; the scalar finders are cached, the `match_*` ones take whole columns."""

    def __init__(self, folder: Path):
        places, offices = folder / "places", folder / "departments"
        self.folder = folder
        self.divisions = tuple(Division(r["code"], Text(r["zh"], r["en"])) for r in _rows(places / "divisions.csv"))
        self.zones = tuple(
            Zone(r["code"], Text(r["zh"], r["en"]), r["division"], _anchor(r), r["note"])
            for r in _rows(places / "zones.csv")
        )
        self.units = tuple(
            Unit(r["code"], Text(r["zh"], r["en"]), r["division"], r["zone"] or None)
            for r in _rows(places / "units.csv")
        )
        self.streets = {r["code"]: _street(r) for r in _rows(places / "streets.csv")}
        #: What names of enterprises and addresses begin with before they get to the point: the region, the city, a division.
        self.leading_words = (
            *(r["word"] for r in _rows(places / "leading_words.csv")), *(d.title.zh for d in self.divisions),
        )  # fmt: skip
        self.departments = {
            r["code"]: Department(r["code"], Text(r["zh"], r["en"]), r["level"], Text(r["role_zh"], r["role_en"]))
            for r in _rows(offices / "departments.csv")
        }
        self.boundaries, self.problems = _boundaries.load(
            folder / "boundaries", {d.code: d.title.zh for d in self.divisions}
        )
        self._unit_of = {(u.division, u.zone): u.code for u in self.units}
        self._division_names = DivisionNames(
            [
                *(Alias(w, f"{d.code}/") for d in self.divisions for w in (d.code, d.title.zh, d.title.en)),
                *(Alias(u.title.zh, f"{u.division}/{u.zone or ''}") for u in self.units),
                *_aliases(places / "division_aliases.csv", lambda r: f"{r['division']}/{r['zone']}"),
            ]
        )
        self._street_names = StreetNames(
            {s.code: s.name for s in self.streets.values()},
            _aliases(places / "street_aliases.csv", lambda r: r["street"]),
            self._division_names,
        )
        self._department_names = DepartmentNames(
            {d.code: d.title.zh for d in self.departments.values()},
            _aliases(offices / "aliases.csv", lambda r: r["department"]),
            self._division_names,
        )
        self.area = lru_cache(4096)(self._area)
        self.street = lru_cache(16384)(self._street)
        self.department = lru_cache(4096)(self._department)

    @classmethod
    def load(cls, folder: Path | None = None) -> Places:
        """The places of the data folder. What is wrong with a city's own boundary file is in `problems`."""
        return cls(folder or settings().data)

    # --- one word ---

    area: Callable[[str], Area | None]
    street: Callable[[str, str | None], str | None]
    department: Callable[..., str | None]

    def _area(self, word: str) -> Area | None:
        """Division, zone and unit that a word (`高新区`, `乌县`, `甘泉堡`, `650130`) means; None if it means none."""
        found = self._division_names.find(word)
        return Area(*found, self.unit_of(*found)) if found else None

    def division(self, word: str) -> str | None:
        """The six-digit code of the division that a word means, or None."""
        area = self.area(word)
        return area.division if area else None

    def without_division(self, word: str) -> tuple[str | None, str]:
        """A leading division taken off a plain word: `天山区胜利路` → ("650102", "胜利路"); (None, the word) without one."""
        return self._division_names.strip(word)

    def _street(self, word: str, division: str | None = None) -> str | None:
        """The nine-digit code of a street of that division, or None; `石化街道` is in 米东区 and nowhere else."""
        return self._street_names.find(word, division)

    def _department(self, word: str, on: date | None = None) -> str | None:
        """The code of the department that a name meant on that day, or None."""
        return self._department_names.find(word, on)

    def department_list(self, words: str, on: date | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(codes, words not understood) of several departments in one cell: `市商务局、市城管局`."""
        return self._department_names.find_all(words, on)

    def unit_of(self, division: str, zone: str | None = None) -> str:
        """The reporting unit of a division and zone: the zone's own where it has one, else the division."""
        return self._unit_of.get((division, zone)) or self._unit_of[(division, None)]

    def jurisdiction(self, street: str | None) -> Literal["local", "xpcc"]:
        """`xpcc` for a street that belongs to the Corps though its statistics code sits in a district."""
        return self.streets[street].jurisdiction if street in self.streets else "local"

    # --- whole columns: the scalar finder on the distinct words only ---

    def match_areas(self, words: ArrayLike) -> pd.DataFrame:
        """`division`, `zone`, `unit` per word; None where a word is missing or means nothing."""
        places, inverse = _distinct(words, self.area)
        columns = {k: np.array([getattr(p, k, None) for p in places], object)[inverse] for k in Area.__slots__}
        return pd.DataFrame(columns, dtype=object)

    def match_streets(self, words: ArrayLike, divisions: ArrayLike) -> NDArray[np.object_]:
        """The street code per (word, division); None where it means none."""
        pairs = pd.MultiIndex.from_arrays([np.asarray(words, object), np.asarray(divisions, object)])
        codes, distinct = pairs.factorize()
        found = [self.street(w, d if isinstance(d, str) else None) if isinstance(w, str) else None for w, d in distinct]
        return np.array([*found, None], object)[codes]

    def match_departments(self, words: ArrayLike, on: date | None = None) -> NDArray[np.object_]:
        """The department code per word; None where it means none."""
        found, inverse = _distinct(words, lambda w: self.department(w, on))
        return np.array(found, object)[inverse]

    def jurisdictions(self, streets: ArrayLike) -> NDArray[np.object_]:
        """`local` or `xpcc` per street code; `local` where there is no street."""
        found, inverse = _distinct(streets, self.jurisdiction)
        return np.array([j or "local" for j in found], object)[inverse]

    # --- points ---

    def contains(self, division: ArrayLike, lng: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
        """Whether each point (CGCS2000) lies in its division, 300 m of tolerance included; False if either is missing."""
        return self.boundaries.contains(division, lng, lat)

    def locate(self, lng: ArrayLike, lat: ArrayLike) -> NDArray[np.object_]:
        """The division code of each point, or None outside the city."""
        return self.boundaries.locate(lng, lat)

    def street_point(self, code: str) -> tuple[float, float]:
        """Where to draw what is known only to its street: an anchor inside the division, not a survey."""
        return self.streets[code].anchor

    def located(self, lng: ArrayLike, street: ArrayLike, division: ArrayLike) -> NDArray[np.object_]:
        """How well each subject is located: `point`, else `street`, else `division`, else `none`."""
        conditions = [
            np.isfinite(np.asarray(lng, float)),
            *(pd.notna(pd.Series(c).to_numpy()) for c in (street, division)),
        ]
        return np.select(conditions, ["point", "street", "division"], "none").astype(object)

    def points(self, lng: ArrayLike, lat: ArrayLike, street: ArrayLike, division: ArrayLike) -> tuple[Any, Any]:
        """Coordinates for a map: the subject's own, else its street's anchor, else its division's label point."""
        anchors = {c: s.anchor for c, s in self.streets.items()}
        xy = np.column_stack([np.asarray(lng, float), np.asarray(lat, float)])
        for codes, table in ((street, anchors), (division, self.boundaries.label_points)):
            missing = np.isnan(xy).any(axis=1)
            index = pd.Index(list(table)).get_indexer(pd.Index(np.asarray(codes, object)[missing]))
            xy[missing] = np.vstack([list(table.values()), [np.nan, np.nan]])[index]
        return xy[:, 0], xy[:, 1]

    @cached_property
    def communities(self) -> dict[str, Community]:
        """Communities and villages by 12-digit code; read when first asked for."""
        rows = _rows(self.folder / "places" / "communities.csv")
        return {r["code"]: Community(r["code"], r["name"], r["street"]) for r in rows}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _aliases(path: Path, target: Callable[[dict[str, str]], str]) -> list[Alias]:
    return [Alias(r["word"], target(r), _day(r["valid_from"]), _day(r["valid_to"])) for r in _rows(path)]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _street(r: dict[str, str]) -> Street:
    return Street(r["code"], r["name"], r["division"], r["jurisdiction"], _anchor(r))  # type: ignore[arg-type]


def _anchor(r: dict[str, str]) -> tuple[float, float]:
    return float(r["anchor_lng"]), float(r["anchor_lat"])


def _distinct(words: ArrayLike, find: Callable[[str], Any]) -> tuple[Sequence[Any], NDArray[np.intp]]:
    """`find` of each distinct word, and per row the position of its result; the last result, None, is for no word."""
    codes, distinct = pd.factorize(np.asarray(words, object))
    return [*(find(w) for w in distinct), None], codes
