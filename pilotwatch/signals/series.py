"""From counts by place and day to series by kind of place, and what the detection says of each; pure.

Series are judged by domain: counts whose newest day is the same are judged together, streets apart from units, for
places of one kind share a model. A division that is one reporting unit is that unit, so it is no series of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from pilotwatch.aberration import CITY, Bands, Settings, false_alarms_a_year, judge
from pilotwatch.domain import Count, Text

#: Kinds of places, the widest first, with the words for them.
KINDS: dict[str, Text] = {
    "city": Text("全市", "Whole city"), "division": Text("区县", "District"),
    "unit": Text("填报单位", "Reporting unit"), "street": Text("街道（乡镇）", "Street or township"),
}  # fmt: skip

STALE_DAYS = 14  # since the newest row, after which a count is too late to be judged (PRAC)
HISTORY_YEARS = 6  # that are read: five of baseline and the one they are held against

_KEY = ["measure", "place"]


def signals(
    counts: Sequence[Count], cases: pd.DataFrame, people: pd.DataFrame, on: date,
    holidays: Iterable[date] = (), settings: Settings | None = None, kinds: Sequence[str] = ("unit", "division", "street"),
) -> pd.DataFrame:  # fmt: skip
    """What the detection says of every series of a domain as of `on`: the columns of `store.signals._SIGNAL` but for
    `raised_on`, and `told`: a division of which a unit is unusual itself, and says so.

    cases: measure, report_unit, division_code, street_code, day, n. people: those places and `subjects`. A count is
    judged for the seven days up to its newest row's day (less its delay); where that is more than `STALE_DAYS` ago it is
    grey. A unit that never reported a measure has no series of it.
    """
    settings, holidays = settings or Settings(), tuple(holidays)
    cases = cases[cases["day"] <= pd.Timestamp(on)]
    newest = cases.groupby("measure")["day"].max()
    groups: dict[tuple[date, int, bool], list[str]] = {}
    for count in counts:
        if count.name in newest.index:
            day = newest[count.name].date()
            late = on - day > timedelta(days=STALE_DAYS)
            groups.setdefault((day, count.delay, late), []).append(count.name)
    found = []
    for (day, delay, late), names in groups.items():
        told = Settings(**{**_values(settings), "delay_days": delay})
        mine = cases[cases["measure"].isin(names)]
        # kinds of places are judged together and apart: to the detection each is a domain of its own
        series = pd.concat([_series(mine, people, kind) for kind in kinds], ignore_index=True)
        if len(series):
            rows, bands = judge(series.assign(until=pd.Timestamp(day)), on if late else day, told, holidays=holidays)
            found.append(_described(rows, bands, series))
    if not found:
        return pd.DataFrame()
    every = pd.concat(found, ignore_index=True)
    return every.assign(told=_told_by_a_unit(every, cases))


def _values(settings: Settings) -> dict[str, float]:
    return {n: getattr(settings, n) for n in settings.__dataclass_fields__}


def expected_false_alarms(counted: pd.DataFrame, settings: Settings | None = None) -> int:
    """How many red alarms a year chance alone gives, by design, to the series that are judged (`store.signals.counted`).

    An upper figure: five cases in four weeks, Benjamini–Hochberg and the city's total leave fewer.
    """
    judged = counted[counted["tier"].isin(["pooled", "farrington"])]
    return round(false_alarms_a_year(int(judged["series"].sum()), (settings or Settings()).alpha_red))


def place_of(frame: pd.DataFrame, kind: str) -> pd.Series:
    """The place of each row, as its series calls it; empty where the row has none of this kind."""
    if kind == "street":
        named = frame["report_unit"] + "/" + frame["street_code"]
        return named.where(frame["street_code"].ne("") & frame["report_unit"].ne(""), "")
    return frame["report_unit" if kind == "unit" else "division_code"]


def _series(cases: pd.DataFrame, people: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The frame `judge` takes: cases by place and day, each place from the day on from which its unit reports."""
    began = cases.groupby(["measure", "report_unit"], as_index=False)["day"].min()
    cases = cases.assign(place=place_of(cases, kind))
    people = people.assign(place=place_of(people, kind))
    cases, people = cases[cases["place"] != ""], people[people["place"] != ""]
    where = pd.concat([cases[["place", "report_unit"]], people[["place", "report_unit"]]]).drop_duplicates()
    starts = where.merge(began, on="report_unit").groupby(_KEY, as_index=False)["day"].min()
    at_risk = people.groupby("place")["subjects"].sum()
    starts = starts.assign(n=0, at_risk=starts["place"].map(at_risk).fillna(0).astype("float64"))
    by_day = cases.groupby([*_KEY, "day"], as_index=False)["n"].sum().assign(at_risk=np.nan)
    series = pd.concat([starts, by_day[by_day["n"] > 0]], ignore_index=True)
    units = where.groupby("place")["report_unit"].agg(lambda u: u.iloc[0] if len(u) == 1 else "")
    return series.assign(domain=kind, report_unit=series["place"].map(units)).rename(columns={"n": "count"})


def _told_by_a_unit(rows: pd.DataFrame, cases: pd.DataFrame) -> np.ndarray:
    """Which rows are divisions one of whose units is in alarm itself."""
    alarm = rows[(rows["kind"] == "unit") & rows["level"].isin(["red", "amber"])]
    within = cases[["report_unit", "division_code"]].drop_duplicates()
    told = alarm.drop(columns="report_unit").merge(within, left_on="place", right_on="report_unit")
    keys = set(zip(told["measure"], told["division_code"], strict=True))
    of = zip(rows["kind"], rows["measure"], rows["place"], strict=True)
    return np.array([kind == "division" and (measure, place) in keys for kind, measure, place in of], dtype=bool)


def _described(rows: pd.DataFrame, bands: Bands, series: pd.DataFrame) -> pd.DataFrame:
    """The rows as they are kept: the city's from the units, which nearly every case has; of the divisions those of
    several units, the others being made only so that divisions share a model."""
    kind, city = rows["domain"], rows["place"] == CITY
    units = series.drop_duplicates(["domain", "place"]).set_index(["domain", "place"])["report_unit"]
    subjects = series.dropna(subset="at_risk").groupby(["domain", *_KEY])["at_risk"].sum()
    of_city = subjects.groupby(["domain", "measure"]).sum()
    named = pd.MultiIndex.from_frame(rows[["domain", "place"]])
    at_risk = subjects.reindex(pd.MultiIndex.from_frame(rows[["domain", *_KEY]])).to_numpy()
    whole = of_city.reindex(pd.MultiIndex.from_frame(rows[["domain", "measure"]])).to_numpy()
    kept = rows.assign(
        kind=kind.mask(city, "city"), report_unit=units.reindex(named).fillna("").to_numpy(), history=rows["weeks"],
        at_risk=np.where(city, whole, at_risk).astype("int64"), observed=rows["observed"].astype("int64"),
        reason_zh=[t.zh for t in rows["reason"]], reason_en=[t.en for t in rows["reason"]],
        method_zh=[t.zh for t in rows["method"]], method_en=[t.en for t in rows["method"]],
        weeks=[_weeks(bands, i) for i in range(len(rows))],
    )  # fmt: skip
    wanted = (city & (kind == "unit")) | (~city & ((kind != "division") | (kept["report_unit"] == "")))
    return kept.drop(columns="domain")[wanted]


def _weeks(bands: Bands, row: int) -> str:
    """One series' weeks as JSON: whole cases, expectations to a hundredth; null where there is none."""

    def numbers(values: np.ndarray, digits: int) -> list[float | None]:
        return [None if np.isnan(v) else round(float(v), digits) if digits else int(v) for v in values]

    kept = {
        "observed": numbers(bands.observed[row], 0), "expected": numbers(bands.expected[row], 2),
        "bound": numbers(bands.bound[row], 0),
    }  # fmt: skip
    return json.dumps(kept, separators=(",", ":"))
