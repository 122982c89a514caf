"""From probable pairs to links: each row to one object, each object one row of a list, doubtful ones to a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

AUTO, CLERICAL = 0.99, 0.05  # probability from which on a link is made, and from which on a person is asked
CLEAR = 3.0  # bits by which the best must lead the next for a row to be linked without a person
SHOWN = 3  # candidates of a row that a person is shown


def settle(
    pairs: pd.DataFrame, *, confirmed: Collection[tuple[str, str]] = (), refused: Collection[tuple[str, str]] = ()
) -> pd.DataFrame:
    """The pairs that stand, with their `zone`: auto or clerical.

    `pairs`: row, list (of the row), object, weight, probability, `named` (whether the names are alike at all: an address
    alone never makes a link). `confirmed` and `refused`: (row, object) that a person said something to; the first always
    stand, the second never.

    Greedy by weight, which is what a person would do with a list: the surest first; an object takes one row of a list and
    a row one object. What is left of the probable ones, and what another candidate comes close to, is for a person.
    """
    said_yes, said_no = set(confirmed), set(refused)
    key = list(zip(pairs["row"], pairs["object"], strict=True))
    yes = np.fromiter((k in said_yes for k in key), bool, len(key))
    no = np.fromiter((k in said_no for k in key), bool, len(key))
    rows = pairs.assign(yes=yes)[~no & (yes | (pairs["probability"] >= CLERICAL).to_numpy())]
    rows = rows.sort_values(["yes", "weight", "row", "object"], ascending=[False, False, True, True], kind="stable")
    rows = rows.assign(clear=_clear(rows))
    taken: set[str] = set()
    full: set[tuple[str, str]] = set()
    zones, shown = [], {}
    for row, of_list, thing, probability, named, sure, clear in zip(
        *(rows[n] for n in ("row", "list", "object", "probability", "named", "yes", "clear")), strict=True
    ):
        free = row not in taken and (thing, of_list) not in full
        if sure or (free and clear and named and probability >= AUTO):
            taken.add(row)
            full.add((thing, of_list))
            zones.append("auto")
        elif row not in taken and shown.get(row, 0) < SHOWN:
            shown[row] = shown.get(row, 0) + 1
            zones.append("clerical")
        else:
            zones.append("")
    rows = rows.assign(zone=zones)
    rows = rows[(rows["zone"] == "auto") | ((rows["zone"] == "clerical") & ~rows["row"].isin(taken))]
    return rows.drop(columns=["yes", "clear"]).reset_index(drop=True)


def _clear(rows: pd.DataFrame) -> np.ndarray:
    """Whether a pair leads every other of its row, and of its object within the row's list, by CLEAR bits. `rows` are in the
    order of weight."""
    lead = np.full(len(rows), np.inf)
    for names in (["row"], ["object", "list"]):
        by = rows.groupby(names, sort=False)["weight"]
        place = by.cumcount().to_numpy()
        following = by.shift(-1).to_numpy(float)
        ahead = rows["weight"].to_numpy(float) - np.nan_to_num(following, nan=-np.inf)
        lead = np.minimum(lead, np.where(place == 0, ahead, -np.inf))
    return lead >= CLEAR


def precision_recall(links: pd.DataFrame, truth: Mapping[str, str]) -> dict[str, float]:
    """How many of the links are right and how many of the right ones are among them. `truth`: row → its object ("" none)."""
    right = sum(truth.get(r) == o for r, o in zip(links["row"], links["object"], strict=True))
    every = sum(bool(o) for o in truth.values())
    precision = right / len(links) if len(links) else float("nan")
    recall = right / every if every else float("nan")
    f1 = 2 * right / (len(links) + every) if len(links) + every else float("nan")
    return {"links": len(links), "right": right, "true": every, "precision": precision, "recall": recall, "f1": f1}
