"""Whether what was found is dealt with in time, and handed over well (REF-06, REF-12)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotwatch.domain import Basis, Input, Levels, Measure, Text
from pilotwatch.frames import Frames, events, table
from pilotwatch.records import Clue, Hazard, OrderToCorrect

_ITEMS = {
    "clue": (Clue, "due_at", "closed_at"), "order": (OrderToCorrect, "due_on", "done_on"), "hazard": (Hazard, "due_on", "closed_on"),
}  # fmt: skip


def in_time(frames: Frames, on: date) -> pd.DataFrame:
    """REF-06: by clue, order to correct and hazard that fell due, in the month it did: whether it was closed by then.

    What is open after its day counts as not closed; a clue that was merged into another doesn't count.
    """
    end = pd.Timestamp(on) + pd.Timedelta(days=1)
    parts = []
    for kind, (record, due, closed) in _ITEMS.items():
        rows = table(frames, record, due, closed, *(["state"] if record is Clue else []))
        if record is Clue:
            rows = rows[~rows["state"].eq("merged").fillna(False).astype(bool)]
        day, done = rows[due].dt.normalize(), rows[closed].dt.normalize()
        judged = (day < end - pd.Timedelta(days=1)) | ((done < end) & (day < end))
        parts.append(events(rows[judged], day[judged], (done <= day)[judged], kind=kind))
    return pd.concat(parts, ignore_index=True)


def returned(frames: Frames, on: date) -> pd.DataFrame:
    """REF-12: by transferred clue: whether it came back for more material; the kind the department that handed it over."""
    rows = _transferred(frames, on)
    back = rows["returned_at"] < pd.Timestamp(on) + pd.Timedelta(days=1)
    return events(rows, rows["transferred_at"].dt.normalize(), back, kind=rows["lead_dept"].fillna(""))


def off_line(frames: Frames, on: date) -> pd.DataFrame:
    """REF-12b: by transferred clue: whether it was handed over off line; those that don't say count in neither."""
    rows = _transferred(frames, on)
    return events(
        rows, rows["transferred_at"].dt.normalize(), rows["transfer_offline"], kind=rows["lead_dept"].fillna("")
    )


def _transferred(frames: Frames, on: date) -> pd.DataFrame:
    rows = table(frames, Clue, "lead_dept", "transferred_at", "transfer_offline", "returned_at")
    return rows[rows["transferred_at"] < pd.Timestamp(on) + pd.Timedelta(days=1)]


IN_TIME = Measure(
    "REF-06", "按期办结率", "Closed in time", needs=(Clue, OrderToCorrect, Hazard), compute=in_time, owner="SFJ",
    numerator=Input("in_time", "按期办结的事项", "Closed in time"), denominator=Input("due", "到期的事项", "Due"),
    kinds=(Input("clue", "问题线索", "Clues"), Input("order", "责令改正", "Orders to correct"), Input("hazard", "安全隐患", "Hazards")),
    levels=Levels(red="< 80 %", orange="< 90 %", yellow="< 95 %"), basis=Basis("PRAC", "目标95%；分级为经验值"),
    formula=Text("期限内办结的事项 ÷ 期限届满的事项；逾期未结的计入分母", "Closed by the day they were due ÷ due; what is overdue and open counts as due"),
    first_action=Text("督办逾期事项，逐件说明原因", "Press for what is overdue, with a reason for each"), reference=Text("不低于95%", "95 %"),
)  # fmt: skip

RETURNED = Measure(
    "REF-12", "移送线索退回率", "Transfers returned", needs=(Clue,), compute=returned, owner="SFJ", kinds="department", each=True,
    numerator=Input("returned", "退回补充材料的线索", "Returned for more material"), denominator=Input("transferred", "移送的线索", "Clues transferred"),
    levels=Levels(yellow="returned >= 5"), basis=Basis("PRAC", "海南预警模型：同一部门一年5件即提示"),
    formula=Text("移送后被退回补充材料的线索 ÷ 移送的线索，按移送部门", "Transferred clues that came back for more material ÷ clues transferred, by the department that transferred them"),
    first_action=Text("对移送材料作一次性告知，部门间会商", "Say at once all that is needed; both departments confer"),
)  # fmt: skip

OFF_LINE = Measure(
    "REF-12b", "线下移送数", "Transfers off line", needs=(Clue,), compute=off_line, owner="SFJ", value="count", unit="件",
    kinds="department", each=True,
    numerator=Input("off_line", "线下移送的线索", "Transferred off line"), denominator=Input("said", "注明移送方式的线索", "Transfers that say how"),
    levels=Levels(yellow="off_line >= 3"), basis=Basis("PRAC", "海南预警模型：同一部门3件即提示"),
    formula=Text("未通过系统移送的线索件数，按移送部门", "Clues handed over outside the system, by the department that did"),
    first_action=Text("改为系统移送，补录线下移送", "Transfer in the system; enter what was handed over outside it"),
)  # fmt: skip
