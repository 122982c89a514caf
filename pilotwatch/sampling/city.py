"""What the samples of the domains draw from: one synthetic city, seeded, at the streets of the real one.

A sample gets a `City` and asks it for codes, names, spots and days; everything invented comes from here, so that every
domain's companies carry fictitious codes that still pass their check digits and every point lies in its division.
Large cities are drawn in *parts* of at most one city each, with their own streams of random numbers and their own
ranges of codes, so that memory stays bounded; hot streets are the same in all parts.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from pilotwatch.places import Places

Days = NDArray[np.datetime64]

YEARS = 3  # of records, up to the day the city is built for

_METRES_PER_DEGREE = np.array([80_300.0, 111_100.0])  # at 43.8° N

# Syllables no company is called by; the workbooks to try the upload with use the same kind.
_FIRST = "暮岚沐穗苒昱栎朔澜棠禾祁栖澄霁蔚溯菁岑皓芷逸"
_SECOND = "原川禾曜舟泊安远客谷岚野沁棠屿棣潆瑄珩笙翎霭"
_PREFIXES = {"乌鲁木齐": 0.4, "乌鲁木齐市": 0.25, "新疆": 0.35}
_SURNAMES = "王李张刘陈马赵杨吴周"
_MASKED = np.array(
    [*(f"{s}*" for s in _SURNAMES), *(f"{s}**" for s in _SURNAMES), "阿**·***", "吐***·***", "努**·***", "艾**·***", "古**·***"],
    object,
)  # fmt: skip
_AUTHORITIES = {
    "650100": 0.4,
    "650102": 0.1,
    "650103": 0.1,
    "650104": 0.12,
    "650105": 0.08,
    "650106": 0.1,
    "650109": 0.06,
    "650000": 0.04,
}

_ALPHABET = np.array(list("0123456789ABCDEFGHJKLMNPQRTUWXY"))  # of GB 32100: no I O S V Z
_VALUE = {c: i for i, c in enumerate(_ALPHABET)}
_WEIGHTS_32100 = 3 ** np.arange(17) % 31
_WEIGHTS_11714 = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_CODES_A_PART = 200_000
_NAMES_A_PART = 4_000
_CODES = 31**5  # serial numbers after the fictitious beginning XJD


@dataclass
class City:
    """One part of the city to invent. `scale` is its size: 1 is Urumqi's three pilots, 1,200 issuers and so on."""

    places: Places
    on: date
    seed: int
    part: int = 0
    scale: float = 1.0
    planted: list[dict[str, Any]] = field(default_factory=list)
    first_lists: dict[str, pd.DataFrame] = field(default_factory=dict)
    _next_code: int = 0
    _next_name: int = 0

    # --- numbers and chance ---

    def rng(self, name: str) -> Generator:
        """A stream of random numbers of its own for each name, so that one dataset's size doesn't move another's."""
        return np.random.default_rng([self.seed, self.part, zlib.crc32(name.encode())])

    def common(self, name: str) -> Generator:
        """The same stream in every part: for what the whole city has, such as its hot streets."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def count(self, base: float) -> int:
        """How many of something this part has, of which a whole city has `base`; never none."""
        return max(1, round(base * self.scale))

    @cached_property
    def today(self) -> np.datetime64:
        return np.datetime64(self.on, "D")

    @cached_property
    def start(self) -> np.datetime64:
        """The first day of the records."""
        return self.today - np.timedelta64(round(365.25 * YEARS), "D")

    @cached_property
    def months(self) -> NDArray[np.datetime64]:
        """The whole months of the records, oldest first, as datetime64[M]."""
        last = self.today.astype("datetime64[M]")
        return np.arange(last - 12 * YEARS, last)

    def plant(self, kind: str, dataset: str, codes: ArrayLike, **facts: ArrayLike | str | float | None) -> None:
        """Writes down a planted truth about the subjects named by `codes`; array facts go to one subject each."""
        named = np.asarray(codes, object)
        columns = {k: np.broadcast_to(np.asarray(v, object), named.shape) for k, v in facts.items()}
        for i, code in enumerate(named.tolist()):
            told = {k: _plain(v[i]) for k, v in columns.items()}
            self.planted.append({"kind": kind, "dataset": dataset, "code": code, **told})

    def at_first(self, dataset: str, frame: pd.DataFrame, unknown: Sequence[str] = (), **said: Any) -> None:
        """Says what a list said when the records began: today's `frame` without the columns `unknown` yet, and with
        others as `said`. It is stored first; today's list replaces it in the last batch."""
        self.first_lists[dataset] = frame.drop(columns=list(unknown)).assign(**said)

    # --- names and codes ---

    def usccs(self, rng: Generator, n: int, individual: float = 0.0) -> NDArray[np.object_]:
        """`n` unified social credit codes with valid check digits, never repeated, all beginning XJD after the office.

        `individual`: the share of individual businesses (92…) among companies (91…).
        """
        serial = np.arange(n, dtype=np.int64) + self.part * _CODES_A_PART + self._next_code
        self._next_code += n
        serial = serial * 7_368_787 % _CODES  # a prime step: far apart, each once
        body = np.empty((n, 18), "<U1")
        kind = np.where(rng.random(n) < individual, "2", "1")
        body[:, 0], body[:, 1] = "9", kind
        offices = pick(rng, _AUTHORITIES, n).astype("U6")
        body[:, 2:8] = offices.view("U1").reshape(n, 6)
        body[:, 8:11] = list("XJD")
        for place in range(5):
            body[:, 15 - place] = _ALPHABET[serial // 31**place % 31]
        number = np.array([_base36(c) for c in _ALPHABET])
        values = _values(body[:, 8:16])
        check = (11 - (number[values] * _WEIGHTS_11714).sum(axis=1) % 11) % 11
        body[:, 16] = np.where(check == 10, "X", check.astype("U2"))
        body[:, 17] = _ALPHABET[(31 - (_values(body[:, :17]) * _WEIGHTS_32100).sum(axis=1) % 31) % 31]
        return np.ascontiguousarray(body).view("U18").ravel().astype(object)

    def brands(self, n: int) -> NDArray[np.object_]:
        """`n` invented words of two to four syllables, each once (up to some 60 whole cities)."""
        index = np.arange(n, dtype=np.int64) + self.part * _NAMES_A_PART + self._next_name
        self._next_name += n
        heads, tails = np.array(list(_FIRST), object), np.array(list(_SECOND), object)
        span = len(heads) * len(tails)
        mixed = index * 379 % span  # a step without a common factor: each pair once, neighbours unlike
        more = np.array(["", *_SECOND, *(a + b for a in _SECOND for b in _SECOND)], object)
        return heads[mixed % len(heads)] + tails[mixed // len(heads)] + more[index // span % len(more)]

    def companies(self, rng: Generator, suffixes: ArrayLike) -> NDArray[np.object_]:
        """Company names: place, invented word, the suffix given for each."""
        tails = np.asarray(suffixes, object)
        return pick(rng, _PREFIXES, len(tails)) + self.brands(len(tails)) + tails

    def people(self, rng: Generator, n: int) -> NDArray[np.object_]:
        """Masked personal names."""
        return _MASKED[rng.integers(len(_MASKED), size=n)]

    # --- places ---

    @cached_property
    def _streets(self) -> pd.DataFrame:
        """Streets and the zone that reports by itself: where each is, how far it reaches, how many communities it has."""
        communities = Counter(c.street for c in self.places.communities.values())
        rows = [
            (s.division, s.code, None, *s.anchor, communities[s.code], s.code[6] == "0" or s.code[6] == "4")
            for s in self.places.streets.values()
        ]
        zones = {z.code: z for z in self.places.zones}
        for unit in self.places.units:
            if unit.zone:
                anchor = zones[unit.zone].anchor
                near = min(
                    (
                        s
                        for s in self.places.streets.values()
                        if s.division == unit.division and s.jurisdiction == "local"
                    ),
                    key=lambda s: (s.anchor[0] - anchor[0]) ** 2 + (s.anchor[1] - anchor[1]) ** 2,
                )
                rows.append((unit.division, near.code, unit.zone, *anchor, 14, False))
        frame = pd.DataFrame(
            rows, columns=["division_code", "street_code", "zone", "lng", "lat", "communities", "urban"]
        )
        x, y = frame["lng"] * _METRES_PER_DEGREE[0], frame["lat"] * _METRES_PER_DEGREE[1]
        apart = np.hypot(x.to_numpy()[:, None] - x.to_numpy(), y.to_numpy()[:, None] - y.to_numpy())
        np.fill_diagonal(apart, np.inf)
        frame["reach_m"] = (apart.min(axis=1) * 0.45).clip(250, 3_000)
        return frame

    def spots(self, rng: Generator, n: int, *, urban: float = 1.0, even: float = 1.0) -> pd.DataFrame:
        """`n` places: `division_code, street_code, zone, lng, lat`, each point inside its division.

        Streets get their share by number of communities to the power `even` (1 as people live, 0 all alike), urban
        ones multiplied by `urban`.
        """
        streets = self._streets
        weights = streets["communities"].to_numpy(float) ** even * np.where(streets["urban"], urban, 1.0)
        return self.around(rng, rng.choice(len(streets), n, p=weights / weights.sum()))

    def around(self, rng: Generator, rows: NDArray[np.intp], metres: float | None = None) -> pd.DataFrame:
        """Places about the given rows of the street list, `metres` (or each street's own reach) as standard deviation."""
        chosen = self._streets.iloc[rows].reset_index(drop=True)
        centre = chosen[["lng", "lat"]].to_numpy()
        sigma = (np.full(len(chosen), metres) if metres else chosen["reach_m"].to_numpy())[:, None] / _METRES_PER_DEGREE
        points, divisions = centre.copy(), chosen["division_code"].to_numpy(object)
        left = np.arange(len(chosen))
        for _ in range(20):
            tried = centre[left] + rng.normal(size=(len(left), 2)) * sigma[left]
            inside = self.places.boundaries.contains(divisions[left], *tried.T, tolerance_m=0)
            points[left[inside]] = tried[inside]
            left = left[~inside]
            if not len(left):
                break
        frame = chosen[["division_code", "street_code", "zone"]].copy()
        frame["lng"], frame["lat"] = points.round(6).T
        return frame

    def hot_streets(self, name: str, n: int) -> NDArray[np.intp]:
        """Rows of the street list that are hot for some purpose: urban ones, of different divisions, the same in all parts."""
        streets = self._streets
        urban = streets[streets["urban"] & (streets["communities"] >= 6) & (streets["reach_m"] < 800)]
        order = self.common(name).permutation(urban.index.to_numpy())
        _, first = np.unique(streets["division_code"].to_numpy(object)[order].astype(str), return_index=True)
        return order[np.sort(first)][:n]

    def street_codes(self, rows: NDArray[np.intp]) -> list[str]:
        return self._streets["street_code"].iloc[rows].tolist()

    def forget(self, rng: Generator, frame: pd.DataFrame, share: float = 0.08) -> pd.DataFrame:
        """The frame with a share of its points unknown, and for one in ten of those the street too."""
        lost = rng.random(len(frame)) < share
        frame.loc[lost, ["lng", "lat"]] = np.nan
        frame["street_code"] = frame["street_code"].astype(object).where(~(lost & (rng.random(len(frame)) < 0.1)), None)
        return frame

    def addresses(self, rng: Generator, frame: pd.DataFrame) -> NDArray[np.object_]:
        """Invented addresses in the streets of the frame."""
        names = {c: s.name for c, s in self.places.streets.items()}
        titles = {d.code: d.title.zh for d in self.places.divisions}
        divisions, streets = frame["division_code"].map(titles), frame["street_code"].map(names).fillna("")
        number = rng.integers(1, 400, len(frame)).astype("U3").astype(object)
        return (divisions.astype(object) + streets.astype(object)).to_numpy() + number + "号"

    # --- days ---

    def days(
        self, rng: Generator, n: int, first: np.datetime64 | None = None, last: np.datetime64 | None = None
    ) -> Days:
        """`n` days drawn evenly from `first` (the start) to `last` (today), both included."""
        first, last = first or self.start, last or self.today
        return first + rng.integers(0, int((last - first) / np.timedelta64(1, "D")) + 1, n)


def pick(rng: Generator, weights: Mapping[Any, float], n: int) -> NDArray[np.object_]:
    """`n` of the keys, drawn by their weights."""
    share = np.array(list(weights.values()), float)
    values = np.empty(len(weights), object)
    values[:] = list(weights)
    return values[rng.choice(len(values), n, p=share / share.sum())]


def pick_by(rng: Generator, groups: ArrayLike, weights: Mapping[Any, Mapping[Any, float]]) -> NDArray[np.object_]:
    """One key for each row, drawn by the weights of the row's group."""
    of = np.asarray(groups, object)
    found = np.full(len(of), None, object)
    for group, table in weights.items():
        mine = np.flatnonzero(of == group)
        found[mine] = pick(rng, table, len(mine))
    return found


def lists(rng: Generator, options: Sequence[str], n: int, at_least: int = 1, at_most: int = 3) -> NDArray[np.object_]:
    """`n` lists of some of the options in their order, as JSON text; 512 different ones are drawn, then dealt out."""
    dealt = []
    for _ in range(min(512, n)):
        size = min(int(rng.integers(at_least, at_most + 1)), len(options))
        dealt.append(
            json.dumps([options[i] for i in sorted(rng.choice(len(options), size, replace=False))], ensure_ascii=False)
        )
    return np.array(dealt or [""], object)[rng.integers(len(dealt) or 1, size=n)]


def numbered(prefix: ArrayLike | str, number: ArrayLike, digits: int, suffix: str = "") -> NDArray[np.object_]:
    """Texts such as `RW2026SWJ0001`: prefix (one or one each), the number padded to `digits`, suffix."""
    number = np.asarray(number)
    padded = np.char.zfill(number.astype("U12"), digits).astype(object) if number.size else number.astype(object)
    return np.asarray(prefix, object) + padded + suffix


def at_office_hours(rng: Generator, days: Days) -> NDArray[np.datetime64]:
    """A moment of each day between 10:00 and 19:30 Beijing time, as offices in Urumqi work; datetime64[s]."""
    return days.astype("datetime64[s]") + rng.integers(10 * 60, 19 * 60 + 30, len(days)).astype("timedelta64[m]")


def ymd(days: Days) -> NDArray[np.object_]:
    """Days as `20260610`."""
    text = np.datetime_as_string(days, unit="D")
    return np.char.replace(text, "-", "").astype(object) if text.size else text.astype(object)


def months_of(days: Days) -> NDArray[np.object_]:
    """The months of days (or of months) as `2026-06`."""
    return np.datetime_as_string(days, unit="M").astype(object)


def years_of(days: Days) -> NDArray[np.object_]:
    """The years of days (or of months) as `2026`."""
    return np.datetime_as_string(days, unit="Y").astype(object)


def where(mask: ArrayLike, values: Any) -> NDArray[Any]:
    """The values where the mask holds, else missing (NaT for days, NaN for numbers, None for the rest)."""
    values = np.asarray(values)
    missing = np.datetime64("NaT") if values.dtype.kind == "M" else np.nan if values.dtype.kind in "fiu" else None
    if missing is None:
        values = values.astype(object)
    return np.where(mask, values, missing)


def _values(characters: NDArray[np.str_]) -> NDArray[np.int64]:
    """Position in the GB 32100 alphabet of each character."""
    table = np.zeros(128, np.int64)
    for character, value in _VALUE.items():
        table[ord(str(character))] = value
    return table[np.ascontiguousarray(characters).view(np.uint32).reshape(characters.shape)]


def _base36(character: str) -> int:
    """The value of a character in GB 11714: digits as they are, A = 10 … Z = 35."""
    return int(str(character), 36)


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64 | date):
        return str(value)
    return value.item() if isinstance(value, np.generic) else value
