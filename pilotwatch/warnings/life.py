"""The life of a warning, pure: what stands and what was judged in, what opens, rises and falls out.

One open warning per subject and indicator. It rises at once and falls only after two better evaluations on different
days (PRAC). What can't be judged changes nothing: a missing value is no improvement. A condition that is gone leaves the
warning *eased*; only a person closes it, with a verdict. A closed one isn't raised again within seven days, unless the
level is worse than the one it was closed at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from pilotwatch.domain import LEVELS

#: The mildest rank that warns (blue); beyond it are normal and nodata.
WARNS = LEVELS.index("blue")
NORMAL = LEVELS.index("normal")

QUIET = timedelta(days=7)  # after closing (PRAC)
BETTER_NEEDED = 2  # better evaluations before a warning falls (PRAC)

KEY = ["subject_id", "indicator"]


@dataclass(frozen=True)
class Steps:
    """What an evaluation does to the warnings.

    `opened`: subject_id, indicator, rank, value. `changed`: subject_id, indicator, rank, value, better, better_on, eased
    (as they are now), act (`rise`, `fall`, `ease`, `return`, or "" where only the count of better evaluations moved),
    rank_before.
    """

    opened: pd.DataFrame
    changed: pd.DataFrame


def step(standing: pd.DataFrame, judged: pd.DataFrame, closed: pd.DataFrame, on: date) -> Steps:
    """One evaluation as of `on`.

    `standing`: the open warnings of the evaluated subjects: subject_id, indicator, rank, better, better_on, eased.
    `judged`: what the evaluation could judge: subject_id, indicator, rank, value. `closed`: the latest closing of each:
    subject_id, indicator, rank, closed_on. Neither order nor index matters.
    """
    standing, judged, closed = (_plain(frame) for frame in (standing, judged, closed))
    both = judged.merge(standing, on=KEY, how="outer", suffixes=("", "_before"), indicator=True)
    return Steps(_opened(both, closed, on), _changed(both[both["_merge"] == "both"], on))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Its texts as Python objects: pandas can't join Arrow-backed columns of which a filter left nothing."""
    return frame.astype(dict.fromkeys(frame.select_dtypes("str").columns, object))


def _opened(both: pd.DataFrame, closed: pd.DataFrame, on: date) -> pd.DataFrame:
    fresh = both[both["_merge"] == "left_only"]
    fresh = fresh[fresh["rank"] <= WARNS]
    fresh = fresh[[*KEY, "rank", "value"]].merge(
        closed[[*KEY, "rank", "closed_on"]], on=KEY, how="left", suffixes=("", "_closed")
    )
    recent = fresh["closed_on"].notna() & (fresh["closed_on"] > pd.Timestamp(on - QUIET))
    quiet = recent & (fresh["rank"] >= fresh["rank_closed"].fillna(-1))
    return fresh.loc[~quiet, [*KEY, "rank", "value"]].astype({"rank": "int64"}).reset_index(drop=True)


def _changed(known: pd.DataFrame, on: date) -> pd.DataFrame:
    now, before = known["rank"].to_numpy("int64"), known["rank_before"].to_numpy("int64")
    eased_before = known["eased"].to_numpy(bool)
    warns = now <= WARNS
    # an eased warning stands at the level it had; being judged to warn again brings it back
    worse, better = now < before, (now > before) & ~eased_before
    new_day = known["better_on"].isna().to_numpy() | (known["better_on"] < pd.Timestamp(on)).to_numpy()
    count = np.where(better, known["better"].to_numpy("int64") + new_day, 0)
    falls = better & (count >= BETTER_NEEDED)
    eases, returns = falls & ~warns, eased_before & warns
    done = pd.DataFrame(
        {
            **{k: known[k].to_numpy() for k in KEY},
            "rank": np.where(warns & (worse | falls | returns), now, before),
            "value": known["value"].to_numpy(),
            "better": np.where(falls, 0, count),
            "better_on": pd.Series(np.where(better & ~falls, np.datetime64(on, "s"), np.datetime64("NaT", "s"))),
            "eased": (eased_before & ~warns) | eases,
            "act": np.select([returns, worse, eases, falls], ["return", "rise", "ease", "fall"], default=""),
            "rank_before": before,
        }
    )
    moved = (done["act"] != "") | (done["better"].to_numpy() != known["better"].to_numpy("int64"))
    return done[moved.to_numpy()].reset_index(drop=True)
