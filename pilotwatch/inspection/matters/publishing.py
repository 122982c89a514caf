"""Publishing a batch of matters: 成熟一批发布一批. What isn't complete isn't ripe."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.inspection.matters.listing import ALARMS, listing
from pilotwatch.store import Desk, StoreRefused
from pilotwatch.store import matters as kept
from pilotwatch.store.matters import Release
from pilotwatch.workdays import today

_LACKS = ("no_method", "no_content", "no_basis", "no_procedure")


def ripe(desk: Desk, day: date) -> pd.DataFrame:
    """The matters of the listing that wait to be published and lack nothing."""
    rows = listing(desk, day)
    waiting = rows["state"].isin(("unpublished", "changed")).to_numpy()
    whole = [not set(alarms) & set(_LACKS) for alarms in rows["alarms"]]
    return rows[waiting & whole].reset_index(drop=True)


def publish(
    desk: Desk, title: str, codes: Collection[str], *, on: date | None = None, document: str = "", note: str = ""
) -> Release:
    """Publishes the matters as they are now, as a batch. Raises StoreRefused where one can't be, naming it and why.

    `on`: the day of publishing, today or before, not before any of the matters is in force.
    """
    day = today()
    on = on or day
    title = title.strip()
    if not title:
        raise StoreRefused("no_title", _NO_TITLE)
    if on > day:
        raise StoreRefused("ahead", _AHEAD.format(on=on, today=day))
    if not codes:
        raise StoreRefused("no_matter", _NONE)
    rows = listing(desk, day).set_index("item_code")
    for code in sorted(codes):
        if code not in rows.index:
            raise StoreRefused("no_such_matter", _UNKNOWN.format(code=code))
        _demand_ripe(code, rows.loc[code])
    chosen = rows.loc[sorted(codes)]
    return kept.release(
        desk, title, on, dict(zip(chosen.index, chosen["hash"], strict=True)), document=document.strip(), note=note.strip()
    )  # fmt: skip


def _demand_ripe(code: str, row: pd.Series) -> None:
    if row["state"] not in ("unpublished", "changed"):
        raise StoreRefused("not_waiting", _NOT_WAITING[row["state"]].format(code=code, name=row["name"]))
    lacking = [ALARMS[n] for n in row["alarms"] if n in _LACKS]
    if lacking:
        why = Text("、".join(t.zh for t in lacking), ", ".join(t.en for t in lacking))
        raise StoreRefused("unripe", _UNRIPE.format(code=code, name=row["name"], why=why))


_NO_TITLE = Text("请填写批次名称，如“第二批”。", "Give the batch a title, such as 第二批.")
_AHEAD = Text(
    "公布日期 {on} 晚于今天（{today}）。请填写实际公布的日期。",
    "The day of publishing, {on}, lies after today ({today}). Give the day on which it was published.",
)
_NONE = Text("没有选择事项。请至少选择一项。", "No matter was chosen. Choose at least one.")
_UNKNOWN = Text(
    "事项清单中没有编码为“{code}”的事项。请核对编码，或先上报事项清单。",
    "The list has no matter {code}. Check the code, or hand in the list first.",
)
_UNRIPE = Text(
    "“{name}”（{code}）还不能公布：{why}。请在事项清单中补齐后重新上报，再公布。",
    "“{name}” ({code}) can't be published yet: {why}. Complete it in the list, hand it in again, then publish.",
)
_NOT_WAITING = {
    "published": Text(
        "“{name}”（{code}）的现行内容已经公布，无需重复公布。",
        "“{name}” ({code}) is published as it stands; there is nothing to publish again.",
    ),
    "coming": Text(
        "“{name}”（{code}）尚未启用。请在启用日期当日或之后公布。",
        "“{name}” ({code}) is not yet in force. Publish it on the day it is, or later.",
    ),
    "ended": Text(
        "“{name}”（{code}）已停用，不能公布。如需恢复，请在事项清单中修改停用日期后重新上报。",
        "“{name}” ({code}) was taken off and can't be published. To restore it, change its last day in the list and hand it in again.",
    ),
}
