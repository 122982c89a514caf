"""What an indicator's function needs to read its frames: typed columns, the latest rows, and a logic that knows "unknown".

A condition is a nullable boolean: true, false or unknown (pd.NA), combined with `&`, `|`, `~` after Kleene. What is
unknown ends as NaN, which the levels show as 数据不足.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from pilotwatch.domain import Kind, Record
from pilotwatch.settings import settings
from pilotwatch.workdays import Calendar

Frames = Mapping[str, pd.DataFrame]
T = TypeVar("T", pd.DataFrame, pd.Series)

_DAYS: tuple[Kind, ...] = ("date", "datetime")
_NUMBERS: tuple[Kind, ...] = ("integer", "real", "decimal", "lng", "lat")


def table(frames: Frames, record: type[Record], *fields: str) -> pd.DataFrame:
    """`subject_id` and the fields of a record, one row per row: days datetime64, numbers float64, booleans nullable, the
    rest text.

    A dataset or a column that the frames don't have is empty: an indicator sees "unknown", not an error.
    """
    dataset = record.spec.dataset
    if isinstance(frames, Stored) and dataset in frames:
        return frames.read(dataset, fields)
    found = frames.get(dataset, pd.DataFrame()) if not isinstance(frames, Stored) else pd.DataFrame()
    found = found.reindex(columns=["subject_id", *fields])
    return found.assign(**{f: _typed(found[f], record.column(f).kind) for f in fields})


class Stored(Mapping[str, pd.DataFrame]):
    """Frames that are read when they are asked for, and by `table` only the columns it names, each once.

    `read_columns(dataset, columns)` gives the same rows in the same order each time, for any columns; `None`: all.
    `registers` are frames of everybody's rows, for `register`; `calendar` is the house's, for `working_days`. `ahead`:
    dataset → columns that are sure to be wanted, read together with the first; `asked`: those that were wanted.
    """

    def __init__(
        self, read_columns: Callable[[str, list[str] | None], pd.DataFrame], records: Iterable[type[Record]],
        registers: Stored | None = None, calendar: Calendar | None = None,
        ahead: Mapping[str, Iterable[str]] | None = None,
    ):  # fmt: skip
        self.registers = registers
        self.calendar = registers.calendar if calendar is None and registers is not None else calendar
        self.asked: dict[str, set[str]] = {}
        self._read, self._ahead = read_columns, ahead or {}
        self._records = {r.spec.dataset: r for r in records}
        self._columns: dict[str, dict[str, pd.Series]] = {}
        self._last: dict[str, tuple[np.ndarray | None, pd.Index]] = {}
        self._by_subject: dict[tuple[str, str], pd.Series] = {}
        self.made: dict[object, pd.DataFrame | pd.Series] = {}  # by `once`

    def read(self, dataset: str, fields: Sequence[str]) -> pd.DataFrame:
        """`subject_id` and these columns, the declared ones typed as `table` has them."""
        columns = self._of(dataset, ("subject_id", *fields))
        wanted = {n: columns[n] for n in ("subject_id", *fields)}
        return pd.DataFrame(wanted, index=columns["subject_id"].index, copy=False)

    def by_subject(self, dataset: str, fields: Sequence[str]) -> pd.DataFrame:
        """The columns of each subject's last row, indexed by `subject_id`: always the same index."""
        columns = self._of(dataset, ("subject_id", *fields))
        if dataset not in self._last:
            ids = columns["subject_id"]
            older = ids.duplicated(keep="last").to_numpy()
            last = np.flatnonzero(~older) if older.any() else None
            self._last[dataset] = last, pd.Index(ids if last is None else ids.iloc[last])
        last, index = self._last[dataset]
        for name in fields:
            if (dataset, name) not in self._by_subject:
                values = columns[name].array
                self._by_subject[dataset, name] = pd.Series(values if last is None else values[last], index=index)
        return pd.DataFrame({n: self._by_subject[dataset, n] for n in fields}, index=index, copy=False)

    def _of(self, dataset: str, wanted: Sequence[str]) -> dict[str, pd.Series]:
        """The dataset's columns by name, all of one index, these among them."""
        kept = self._columns.setdefault(dataset, {})
        self.asked.setdefault(dataset, set()).update(wanted)
        lacking = [n for n in wanted if n not in kept]
        if lacking:
            lacking = list(dict.fromkeys([*lacking, *(n for n in self._ahead.get(dataset, ()) if n not in kept)]))
            fresh = self._read(dataset, lacking)
            index = next(iter(kept.values())).index if kept else fresh.index
            kinds = {c.name: c.kind for c in self._records[dataset].columns() if c.name in lacking}
            for name in lacking:
                column = fresh[name].set_axis(index)
                kept[name] = _typed(column, kinds[name]) if name in kinds else column
        return kept

    def __getitem__(self, dataset: str) -> pd.DataFrame:
        if dataset not in self._records:
            raise KeyError(dataset)
        return self._read(dataset, None)

    def __contains__(self, dataset: object) -> bool:
        return dataset in self._records

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


def register(frames: Frames, record: type[Record], *fields: str) -> pd.DataFrame:
    """`table` of a list that subjects are held against, such as the filed wholesalers: all its rows, whoever they are about.

    The indicator names the record among its `registers`. Its `subject_id` is an id, which that of the other frames needn't be.
    """
    whole = frames.registers if isinstance(frames, Stored) else None
    return table(frames if whole is None else whole, record, *fields)


def working_days(frames: Frames) -> Calendar:
    """The calendar that limits in working days are counted by: the house's, with the days its office entered; where the
    frames come from no store, that of the place's files."""
    told = frames.calendar if isinstance(frames, Stored) else None
    return told or _calendar(settings().data / "calendars")


@lru_cache(maxsize=2)
def _calendar(folder: Path) -> Calendar:
    return Calendar.load(folder)


def subjects(frames: Frames, record: type[Record], *fields: str) -> pd.DataFrame:
    """The same for a record of which one row is one subject, indexed by `subject_id`."""
    if isinstance(frames, Stored) and record.spec.dataset in frames:
        return frames.by_subject(record.spec.dataset, fields)
    return table(frames, record, *fields).drop_duplicates("subject_id", keep="last").set_index("subject_id")


def events(
    rows: pd.DataFrame, day: pd.Series | np.ndarray | pd.Timestamp, numerator: pd.Series | float, denominator: pd.Series | float = 1.0,
    kind: pd.Series | str = "",
) -> pd.DataFrame:  # fmt: skip
    """What a measure's function returns: one row per row of `rows`, which has `subject_id`; see `domain.Measure`.

    A boolean counts 1 or 0; a number that is unknown takes its row out of both sums.
    """
    numbers = {"numerator": numerator, "denominator": denominator}
    return pd.DataFrame({"subject_id": rows["subject_id"]}, index=rows.index).assign(
        day=day, kind=kind, **{n: _counted(v) for n, v in numbers.items()}
    )


def _counted(number: pd.Series | float) -> pd.Series | float:
    return number.to_numpy(dtype="float64", na_value=np.nan) if isinstance(number, pd.Series) else number


def joinable(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows; where there is none, with texts as Python objects: pandas can't join Arrow-backed columns without a chunk."""
    return rows if len(rows) else rows.astype(dict.fromkeys(rows.select_dtypes("str").columns, object))


def once(frames: Frames, make: Callable[..., T], *about: object) -> T:
    """`make(frames, *about)`, on which several functions build: made once for the frames that a store gives.

    `about` can be looked up by: a day, a record, names.
    """
    if not isinstance(frames, Stored):
        return make(frames, *about)
    key = (make.__module__, make.__qualname__, *about)
    if key not in frames.made:
        frames.made[key] = make(frames, *about)
    return frames.made[key].copy(deep=False)  # what a caller writes into it is the caller's own


def _typed(column: pd.Series, kind: Kind) -> pd.Series:
    if kind in _DAYS:
        return pd.to_datetime(column)
    if kind in _NUMBERS:
        return pd.to_numeric(column).astype("float64")
    return column.astype("boolean" if kind == "boolean" else "str")


def latest(rows: pd.DataFrame, day: str, *by: str) -> pd.DataFrame:
    """The last row of each group by its day; a row without a day comes before every other."""
    return rows.sort_values(day, na_position="first", kind="stable").drop_duplicates([*by], keep="last")


def days_to(days: pd.Series, on: date) -> pd.Series:
    """Natural days from `on` to each day: negative where it lies before, NaN where there is none."""
    return (days.dt.normalize() - pd.Timestamp(on)).dt.days.astype("float64")


def among(column: pd.Series, values: Sequence[object]) -> pd.Series:
    """Whether each value is one of these; unknown where it is empty."""
    return column.isin(values).astype("boolean").mask(column.isna())


def when(condition: pd.Series, then: pd.Series | float, otherwise: pd.Series | float = 0.0) -> pd.Series:
    """`then` where the condition is true, `otherwise` where it is false, NaN where it is unknown."""
    known = condition.astype("boolean")
    holds = known.fillna(False).to_numpy(dtype=bool)
    chosen = np.where(holds, then, otherwise)
    return pd.Series(np.where(known.isna(), np.nan, chosen), index=condition.index, dtype="float64")


def unless_unknown(worst: pd.Series, bad: pd.Series, complete: pd.Series) -> pd.Series:
    """The worst of several values of a subject, some of which may be unknown: it stands where it is bad or where all
    are known, else it is NaN, for the unknown one may be worse.
    """
    stands = bad.fillna(False).astype(bool) | complete.fillna(False).astype(bool)
    return worst.where(stands)
