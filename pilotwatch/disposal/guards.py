"""Guards of task 11 of the policy: no delay, nothing checked by several departments apart, nothing fined twice.

Pure: frames in, findings out, each with the rows behind it. They are found once a day and kept; a page reads what was
kept. Delay needs no finding: it is the list of overdue cases.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from pilotwatch.disposal.leads import likeness
from pilotwatch.domain import Text

REPEATED_DAYS = 60  # planned visits of several departments this close to each other should have been one (REF-07)
DOUBLE_FINE_DAYS = 365  # decisions further apart are taken for different acts (PRAC)
DOUBLE_FINE_TEXT = 0.85
#: Visits that are caused (complaints, transfers, re-checks, emergencies) are no repeat: they had a reason of their own.
PLANNED = ("双随机", "重点", "专项", "日常")

TITLES: dict[str, Text] = {
    "overdue": Text("逾期未办", "Overdue"),
    "repeated": Text("多部门重复检查（无联合任务）", "Checked by several departments without a joint task"),
    "double_fine": Text("同一违法行为多次罚款（行政处罚法第二十九条）", "The same act fined twice (Administrative Penalty Law art. 29)"),
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """`kind`: repeated or double_fine. `rows`: the records behind it: dataset, id, day and what they say."""

    kind: str
    subject_id: str
    ref: str
    day: date
    departments: tuple[str, ...]
    unit: str = ""  # where the first of them happened
    rows: tuple[dict[str, Any], ...] = field(default=())


def repeated(inspections: pd.DataFrame, days: int = REPEATED_DAYS) -> list[Finding]:
    """Subjects that two or more departments checked within `days`, each by a planned visit that wasn't joint.

    `inspections`: id, subject_id, day, depts (JSON), joint, trigger, scan_id, report_unit of *current* rows. One finding a subject and
    run of visits: consecutive visits belong to one run while they are within `days` of each other.
    """
    planned = inspections[inspections["trigger"].isin(PLANNED) & ~inspections["joint"].fillna(False).astype(bool)]
    planned = planned.sort_values(["subject_id", "day", "id"], kind="stable").reset_index(drop=True)
    if planned.empty:
        return []
    same = planned["subject_id"].eq(planned["subject_id"].shift())
    near = (planned["day"] - planned["day"].shift()).dt.days <= days
    run = (~(same & near)).cumsum()
    lists = {text: tuple(json.loads(text)) for text in planned["depts"].unique()}
    first = planned["depts"].map(lambda t: lists[t][0] if lists[t] else "")
    several = first.groupby(run).transform("nunique") > 1
    found = []
    for _, part in planned[several].groupby(run[several], sort=False):
        departments = tuple(dict.fromkeys(d for text in part["depts"] for d in lists[text]))
        rows = tuple(
            {"dataset": "inspection", "id": r.id, "day": f"{r.day:%Y-%m-%d}", "no": r.scan_id, "departments": list(lists[r.depts]), "trigger": r.trigger}
            for r in part.itertuples()
        )  # fmt: skip
        last = part["day"].iloc[-1].date()
        unit = _unit(part["report_unit"].iloc[0])
        found.append(Finding("repeated", part["subject_id"].iloc[0], part["id"].iloc[0], last, departments, unit, rows))
    return found


def double_fines(penalties: pd.DataFrame, days: int = DOUBLE_FINE_DAYS) -> list[Finding]:
    """Pairs of fines of one subject for acts told alike, decided within `days` of each other.

    `penalties`: id, subject_id, decision_no, dept, act, fine, decided_on, report_unit of current rows. Art. 29 forbids two *fines* for
    one act: a warning beside a fine is none. Whether it is one act is for a person to say.
    """
    fined = penalties[(penalties["fine"].fillna(0) > 0) & penalties["act"].notna()]
    fined = fined[fined.groupby("subject_id")["id"].transform("count") > 1]
    found = []
    for subject, part in fined.sort_values(["decided_on", "decision_no"]).groupby("subject_id", sort=True):
        rows = part.to_dict("records")
        for i, one in enumerate(rows):
            for other in rows[i + 1 :]:
                apart = (other["decided_on"] - one["decided_on"]).days
                if apart <= days and likeness(one["act"], other["act"]) >= DOUBLE_FINE_TEXT:
                    found.append(_pair(str(subject), one, other))
    return found


def _pair(subject: str, one: dict[str, Any], other: dict[str, Any]) -> Finding:
    rows = tuple(
        {"dataset": "penalty", "id": r["id"], "day": f"{r['decided_on']:%Y-%m-%d}", "no": r["decision_no"], "departments": [r["dept"]],
         "act": r["act"], "fine": float(r["fine"])}
        for r in (one, other)
    )  # fmt: skip
    departments = tuple(dict.fromkeys(r["dept"] for r in (one, other) if isinstance(r["dept"], str)))
    return Finding(
        "double_fine",
        subject,
        f"{one['id']}|{other['id']}",
        other["decided_on"].date(),
        departments,
        _unit(other["report_unit"]),
        rows,
    )


def _unit(value: Any) -> str:
    return value if isinstance(value, str) else ""
