"""How many of each stratum are drawn: shares by credit class × risk class, a part kept for pure chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from pilotwatch.inspection.draw.lists import Entry

#: Of all that are drawn, the part drawn by pure chance from the rest (PRAC; methods.md §1c, §3.6: 10 to 20 %).
RESERVE_SHARE = 0.15
#: Weights within a stratum, by risk class, where a draw is weighted (PRAC).
WEIGHTS = {"A": "1", "B": "1", "C": "2", "D": "3"}


def stratum(unit: str, domain: str, kind: str) -> str:
    """The name of a stratum: reporting unit, domain, and what its share goes by."""
    return f"{unit or '-'}|{domain}|{kind}"


def counts(entries: Iterable[Entry], shares: Mapping[str, float]) -> dict[str, int]:
    """How many each stratum gives: its share of its rows, rounded up, one at least. `shares`: by the stratum's last part."""
    sizes: dict[str, int] = {}
    for entry in entries:
        sizes[entry.stratum] = sizes.get(entry.stratum, 0) + 1
    return {name: _part(shares[name.rpartition("|")[2]], n) for name, n in sorted(sizes.items())}


def reserve(drawn: int, rows: int, share: float = RESERVE_SHARE) -> int:
    """How many are drawn by pure chance beside `drawn`, so that they are `share` of all; no more than are left."""
    part = Fraction(str(share))
    return min(math.ceil(drawn * part / (1 - part)), rows - drawn)


def _part(share: float, n: int) -> int:
    """ceil(share × n) of the share as it is written: 0.1 of 30 is 3, not 4."""
    return min(n, max(1, math.ceil(Fraction(Decimal(str(share))) * n)))
