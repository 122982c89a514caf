"""What is counted, from rows to cases by subject, day and place; pure.

Of the records all domains share, complaints and clues are counted for each domain by whom they are about; a subject that
two domains list counts in both.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from pilotwatch.domain import Count, Domain, Record
from pilotwatch.frames import table
from pilotwatch.records import Clue, Complaint
from pilotwatch.store.signals import COUNTS, PLACE


def real_complaints(rows: pd.DataFrame) -> pd.Series:
    """Questions don't count; sheets of one day with the same subject and amount are one complaint that came in twice."""
    same = rows.assign(day=rows["received_at"].dt.normalize())
    again = (
        same.duplicated(["subject_id", "day", "subject", "amount"]) & rows["subject"].notna() & rows["amount"].notna()
    )
    return rows["kind"].ne("咨询") & ~again


COMPLAINTS = Count(
    "complaint", "投诉举报", "Complaints", record=Complaint, fields=("received_at", "kind", "subject", "amount"),
    weigh=real_complaints, delay=1,
)  # fmt: skip
CLUES = Count("clue", "问题线索", "Clues", record=Clue, delay=1, unit="条")

#: Counted in every domain.
SHARED = (COMPLAINTS, CLUES)


def counts_of(domain: Domain) -> tuple[Count, ...]:
    """What is counted in a domain: what all share, then its own."""
    return (*SHARED, *domain.counts)


def is_own(domain: Domain, record: type[Record]) -> bool:
    """Whether the record is the domain's; every row of it counts then, whoever it is about."""
    return any(r.spec.dataset == record.spec.dataset for r in domain.records)


def columns_of(count: Count) -> list[str]:
    """The columns of the record's table that counting reads."""
    return list(dict.fromkeys(("subject_id", "day", *PLACE, *count.fields, *count.day_fields)))


def cases_of(count: Count, rows: pd.DataFrame, listed: pd.DataFrame, own: bool) -> pd.DataFrame:
    """Cases by subject, day and place: subject_id, measure, day, report_unit, division_code, street_code, n.

    rows: all current rows of some subjects, with `columns_of(count)`. listed: where the domain's lists have them,
    subject_id and the place. own: see `is_own`. What a row doesn't say of its place is where its subject is listed; a
    row without a day, and one of a shared record about nobody in the lists, is left out.
    """
    typed = table({count.record.spec.dataset: rows}, count.record, *count.fields, *count.day_fields)
    n = pd.Series(1, index=rows.index) if count.weigh is None else count.weigh(typed).fillna(0)
    day = pd.to_datetime(rows["day"])
    for name in reversed(count.day_fields):
        day = typed[name].where(typed[name].notna(), day)
    found = _placed(rows, listed).assign(day=day.dt.normalize(), n=n.astype("int64"), measure=count.name)
    known = found["day"].notna() & (own | rows["subject_id"].isin(listed["subject_id"]))
    key = ["subject_id", "measure", "day", *PLACE]
    return found[known].groupby(key, as_index=False)["n"].sum()


def _placed(rows: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """The rows' subject and place, completed by where the subject is listed; "" where nobody knows."""
    at = listed.set_index("subject_id")[list(PLACE)].reindex(rows["subject_id"]).set_axis(rows.index)
    found = rows[["subject_id", *PLACE]].copy()
    nowhere = found["report_unit"].isna()
    there = nowhere | (found["report_unit"] == at["report_unit"])
    for name in PLACE:
        found[name] = found[name].where(found[name].notna() | ~there, at[name]).fillna("").astype("str")
    return found


def as_rows(found: Sequence[pd.DataFrame]) -> pa.Table:
    """The cases of several counts as rows of the roll-up, in one order whatever the order they came in."""
    schema = pa.schema(COUNTS.columns.items())
    if not found:
        return schema.empty_table()
    rows = pd.concat(found, ignore_index=True)
    made = pa.table({n: pa.array(rows[n], t if n != "day" else pa.timestamp("s")) for n, t in COUNTS.columns.items()})
    return made.cast(schema).sort_by([(n, "ascending") for n in COUNTS.columns if n != "n"])
