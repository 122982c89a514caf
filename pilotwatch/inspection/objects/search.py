"""The search over all lists: which rows without a code are an object that has one, and which of the rest are one another.

How sure the model is of itself is measured on rows whose codes tell the truth: half of them teach it, the other half are
looked for as if they had none.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.inspection.objects import pairs as blocks
from pilotwatch.inspection.objects.pairs import NAMES, Pairs
from pilotwatch.inspection.objects.parse import parsed
from pilotwatch.inspection.objects.settle import CLERICAL, precision_recall, settle
from pilotwatch.inspection.objects.weigh import Model, fit

TAUGHT = 20_000  # labelled pairs that are learnt from, at most
MEASURABLE = 30  # true pairs below which nothing is said of precision and recall

Progress = Callable[[Text, float], None]


@dataclass(frozen=True)
class Found:
    """What a search found.

    `links`: row, object, other (the row it was compared with), weight, probability, zone, reasons (field → [level, bits]).
    `measured`: precision, recall and f1 on known rows; None where there are too few. `compared`: pairs that were compared.
    """

    links: pd.DataFrame
    model: Model | None
    measured: dict[str, float] | None
    compared: int
    left_out: Mapping[str, int]


def search(
    rows: pd.DataFrame,
    strip_division: Callable[[str], tuple[str | None, str]],
    *,
    confirmed: Collection[tuple[str, str]] = (),
    refused: Collection[tuple[str, str]] = (),
    told: Progress = lambda _step, _share: None,
) -> Found:
    """Links the rows without a code. `rows`: key, list, object (id), code ("" for none), name, address, phone, person,
    division_code, lng, lat; one row of a list each, keys unique. `confirmed`, `refused`: (row, object) a person settled.
    """
    rows = rows.sort_values("key", ignore_index=True)
    told(_PARSING, 0.05)
    parts = pd.concat([parsed(rows, strip_division), rows[["lng", "lat"]]], axis=1)
    coded = np.flatnonzero((rows["code"] != "").to_numpy())
    bare = np.flatnonzero((rows["code"] == "").to_numpy())
    told(_TEACHING, 0.2)
    taught, probe = _known(rows, parts, coded)
    told(_COMPARING, 0.4)
    to_coded = _compared(rows, parts, bare, coded)
    to_bare = _compared(rows, parts, bare, bare)
    levels = np.concatenate([taught.levels, to_coded.levels, to_bare.levels])
    if not len(levels):
        return Found(_links([]), None, None, 0, {})
    known = np.full(len(levels), np.nan)
    known[: len(taught.levels)] = taught.same
    told(_FITTING, 0.6)
    model = fit(levels, known)
    told(_SETTLING, 0.8)
    first = settle(_scored(rows, to_coded, model, confirmed), confirmed=confirmed, refused=refused)
    linked = set(first.loc[first["zone"] == "auto", "row"])
    among = _scored(rows, to_bare, model, confirmed)
    rest = _groups(among[~among["row"].isin(linked) & ~among["other"].isin(linked)], confirmed, refused)
    links = pd.concat([first, rest], ignore_index=True)
    compared = len(to_coded.levels) + len(to_bare.levels)
    return Found(_reasons(links, model), model, _measured(rows, probe, model), compared, to_coded.left_out)


# --- pairs ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Compared:
    """Compared pairs, by places in the rows; `same`: 1 where their codes are the same, 0 where not (of known ones)."""

    left: np.ndarray
    right: np.ndarray
    levels: np.ndarray
    same: np.ndarray
    left_out: Mapping[str, int]


def _compared(rows: pd.DataFrame, parts: pd.DataFrame, left: np.ndarray, right: np.ndarray) -> _Compared:
    """The pairs of two sets of rows that are worth comparing, of different lists, each pair once."""
    a, b = (parts.iloc[side].reset_index(drop=True) for side in (left, right))
    found = blocks.candidates(a, b)
    lists = pd.factorize(rows["list"])[0]
    x, y = left[found.left], right[found.right]
    keep = lists[x] != lists[y]
    if len(left) == len(right) and (left == right).all():
        keep &= x < y
    found = Pairs(found.left[keep], found.right[keep], found.left_out)
    x, y = x[keep], y[keep]
    code = rows["code"].to_numpy(object)
    return _Compared(x, y, blocks.compare(a, b, found), (code[x] == code[y]).astype(float), found.left_out)


def _known(rows: pd.DataFrame, parts: pd.DataFrame, coded: np.ndarray) -> tuple[_Compared, _Compared]:
    """Pairs whose codes say whether they are one: those to learn from, and those to measure on.

    The rows of the largest list stand for the objects; of the rows of other lists every second teaches, by its key.
    """
    if not len(coded):
        none = _compared(rows, parts, coded, coded)
        return none, none
    largest = rows["list"].iloc[coded].value_counts().index[0]
    base = coded[(rows["list"].iloc[coded] == largest).to_numpy()]
    others = coded[(rows["list"].iloc[coded] != largest).to_numpy()]
    even = np.fromiter((zlib.crc32(k.encode()) % 2 == 0 for k in rows["key"].iloc[others]), bool, len(others))
    taught = _compared(rows, parts, others[even], base)
    if len(taught.left) > TAUGHT:
        some = np.linspace(0, len(taught.left) - 1, TAUGHT).astype(int)
        taught = _Compared(
            taught.left[some], taught.right[some], taught.levels[some], taught.same[some], taught.left_out
        )
    return taught, _compared(rows, parts, others[~even], base)


def _scored(
    rows: pd.DataFrame, compared: _Compared, model: Model, confirmed: Collection[tuple[str, str]] = ()
) -> pd.DataFrame:
    """A row for each row and object that are likely enough to be told of, or confirmed, by the best of the object's rows: as
    `settle` wants it, with `other` and `levels`. Most pairs that share a key are neither, and are left out early."""
    key, thing = rows["key"].to_numpy(object), rows["object"].to_numpy(object)
    said = pd.MultiIndex.from_tuples(list(confirmed), names=["row", "object"]) if confirmed else None
    chance = model.probability(compared.levels)
    keep = chance >= CLERICAL
    if said is not None:
        keep |= pd.MultiIndex.from_arrays([key[compared.left], thing[compared.right]]).isin(said)
    left, right, levels = compared.left[keep], compared.right[keep], compared.levels[keep]
    frame = pd.DataFrame(
        {
            "row": key[left], "list": rows["list"].to_numpy(object)[left], "object": thing[right], "other": key[right],
            "weight": model.weight(levels).round(6), "probability": chance[keep], "named": levels[:, NAMES.index("stem")] >= 1,
            "levels": list(levels),
        }
    )  # fmt: skip
    best = frame.sort_values(["weight", "other"], ascending=[False, True], kind="stable")
    return best.drop_duplicates(["row", "object"], ignore_index=True)


def _groups(
    pairs: pd.DataFrame, confirmed: Collection[tuple[str, str]], refused: Collection[tuple[str, str]]
) -> pd.DataFrame:
    """Links among rows none of which has a code. A third row joins two that are one only where it is like both: A–B and
    B–C never make A–C by themselves. The object is that of the row they are compared with."""
    settled = settle(pairs, confirmed=confirmed, refused=refused)
    scored = {
        frozenset(k): p
        for k, p in zip(zip(pairs["row"], pairs["other"], strict=True), pairs["probability"], strict=True)
    }
    head: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    keep = []
    for row, other, zone in zip(settled["row"], settled["other"], settled["zone"], strict=True):
        if zone != "auto":
            keep.append(zone)
            continue
        top = head.get(other, other)
        group = members.setdefault(top, [top])
        like_all = all(m == other or scored.get(frozenset((row, m)), 0.0) >= CLERICAL for m in group)
        joins = row not in head and row not in members and like_all
        if joins:
            head[row] = top
            group.append(row)
        keep.append("auto" if joins else "clerical")
    return settled.assign(zone=keep, top=[head.get(r, "") for r in settled["row"]])


# --- what is told ---------------------------------------------------------------------------------------------------------


def _measured(rows: pd.DataFrame, probe: _Compared, model: Model) -> dict[str, float] | None:
    """Precision and recall on the rows that were kept back, looked for as if they had no code."""
    base = set(rows["code"].to_numpy(object)[np.unique(probe.right)])
    asked = np.unique(probe.left)
    truth = {rows["key"].iat[i]: rows["object"].iat[i] if rows["code"].iat[i] in base else "" for i in asked}
    if sum(bool(v) for v in truth.values()) < MEASURABLE:
        return None
    found = settle(_scored(rows, probe, model))
    return precision_recall(found[found["zone"] == "auto"], truth)


def _reasons(links: pd.DataFrame, model: Model) -> pd.DataFrame:
    levels = np.array(links["levels"].tolist(), np.int8).reshape(len(links), len(NAMES))
    bits = model.parts(levels)
    told: list[dict[str, Any]] = [
        {n: [int(lv), round(float(b), 2)] for n, lv, b in zip(NAMES, line, row, strict=True) if lv >= 0}
        for line, row in zip(levels, bits, strict=True)
    ]
    return _links(links.assign(reasons=told).to_dict("records"))


def _links(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["row", "object", "other", "top", "weight", "probability", "zone", "reasons"])


_PARSING = Text("拆分名称和地址", "Taking names and addresses apart")
_TEACHING = Text("用有信用代码的对象校准", "Learning from objects that have a code")
_COMPARING = Text("比对各部门名录", "Comparing the departments' lists")
_FITTING = Text("估计各项的分量", "Weighing the evidence")
_SETTLING = Text("确定同一对象", "Settling who is the same")
