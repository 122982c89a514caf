"""What several indicators ask of a house: its grade in force, whether it is in business, whether it still stands.

Rows dated after `on` were not there yet. An answer is a nullable boolean: what is unknown stays unknown (`pd.NA`).
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.self_built_housing.records import Appraisal, House, Rectification
from pilotwatch.frames import Frames, among, latest, once, subjects, table

#: Years that an appraisal holds where it doesn't say so itself (PRAC): A and B; C while the house is being observed.
VALID_YEARS = {"A": 5, "B": 5}
OBSERVED_YEARS = 1

DANGEROUS = ("C", "D")
SOUND = ("A", "B")
SETTLED = ("已整治", "已销号")

#: What the rows behind `grades` and `standing` are, for `Indicator.needs`.
GRADED_BY = (House, Appraisal)
STANDS_BY = (House, Appraisal, Rectification)


def after(days: pd.Series, on: date) -> pd.Series:
    """Whether each day or time is later than `on`; one that is empty isn't."""
    return days.dt.normalize() > pd.Timestamp(on)


def known_days(frames: Frames, record: type, on: date, day: str, *fields: str) -> pd.DataFrame:
    """The rows of a record dated on `on` or before, with `day` and the fields; a row without a day isn't among them."""
    return once(frames, _known_days, record, on, day, *fields)


def _known_days(frames: Frames, record: type, on: date, day: str, *fields: str) -> pd.DataFrame:
    rows = table(frames, record, day, *fields)
    return rows[rows[day].notna() & ~after(rows[day], on)]


def has(column: pd.Series, *values: str) -> pd.Series:
    """Whether a list (JSON text) has one of the values; unknown where the list is empty."""
    found = pd.Series(False, index=column.index)
    for value in values:
        found |= column.str.contains(f'"{value}"', regex=False, na=False).astype(bool)
    return found.astype("boolean").mask(column.isna())


def grades(frames: Frames, on: date) -> pd.DataFrame:
    """The grade in force of each house by its latest appraisal, of the reports and of what the list of houses says:
    `grade`, `graded_on`, `valid_until`; empty where none is known.

    Without an end of its own a report holds five years for A and B and one for a C that is being observed (PRAC).
    """
    return once(frames, _grades, on)


def _grades(frames: Frames, on: date) -> pd.DataFrame:
    houses = subjects(frames, House, "grade", "appraised_on", "valid_until")
    listed = houses.reset_index().rename(columns={"appraised_on": "graded_on"})
    reports = table(frames, Appraisal, "grade", "reported_on", "valid_until", "advice")
    reports = reports.rename(columns={"reported_on": "graded_on"})
    rows = pd.concat([listed, reports], ignore_index=True)
    rows = rows[rows["grade"].notna() & ~after(rows["graded_on"], on)]
    found = latest(rows, "graded_on", "subject_id").set_index("subject_id").reindex(houses.index)
    years = found["grade"].map(VALID_YEARS)
    years = years.mask(found["grade"].eq("C") & found["advice"].eq("观察使用"), OBSERVED_YEARS)
    for held in sorted({*VALID_YEARS.values(), OBSERVED_YEARS}):
        ends = found["graded_on"] + pd.DateOffset(years=held)
        found["valid_until"] = found["valid_until"].mask(found["valid_until"].isna() & years.eq(held), ends)
    return found[["grade", "graded_on", "valid_until"]]


def in_business(frames: Frames) -> pd.Series:
    """Whether a house is open for business; a house that isn't for business needs no state of business to say no."""
    return once(frames, _in_business)


def _in_business(frames: Frames) -> pd.Series:
    houses = subjects(frames, House, "operating", "use_kind")
    unknown = pd.Series(pd.NA, index=houses.index, dtype="boolean")
    return among(houses["operating"], ("营业",)).fillna(unknown.mask(houses["use_kind"].eq("其他自建房"), False))


def demolished(frames: Frames, on: date) -> pd.Series:
    """Whether a house has been pulled down since it was graded (plain booleans: what isn't said to be gone stands).

    By a rectification that is done, or by the list, whose state has no day: it doesn't stand against a grade A or B.
    """
    return once(frames, _demolished, on)


def _demolished(frames: Frames, on: date) -> pd.Series:
    houses, graded = subjects(frames, House, "measure", "rectify_status"), grades(frames, on)
    by_list = has(houses["measure"], "拆除", "拆除重建").fillna(False) & houses["rectify_status"].isin(SETTLED)
    done = known_days(frames, Rectification, on, "done_on", "measure")
    done = done[has(done["measure"], "拆除", "拆除重建").fillna(False).astype(bool)]
    last = done.groupby("subject_id")["done_on"].max().reindex(houses.index)
    by_record = last.notna() & ~(last < graded["graded_on"])
    return by_record | (by_list.astype(bool) & ~graded["grade"].isin(SOUND))


def of_house(values: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """The value of each row's house."""
    return pd.Series(values.reindex(rows["subject_id"]).array, index=rows.index)


def worst_of(rows: pd.DataFrame, column: str, index: pd.Index) -> pd.Series:
    """The largest value of each house's rows, NaN for a house without one."""
    return rows.groupby("subject_id")[column].max().reindex(index)


def total_of(rows: pd.DataFrame, mask: pd.Series, index: pd.Index) -> pd.Series:
    """How many of each house's rows are of a kind: 0.0 for a house without one."""
    counts = rows.loc[mask.fillna(False).astype(bool), "subject_id"].value_counts()
    return counts.reindex(index, fill_value=0).astype("float64")
