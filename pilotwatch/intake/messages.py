"""A finding in words: where, what was found, what is expected, how to mend it.

第 37 行「统一社会信用代码」：填写“9165010”，应为 18 位，现为 7 位。请核对营业执照后改正。
"""

from __future__ import annotations

from pilotwatch.domain import Column, Kind, Text
from pilotwatch.intake.model import Rule
from pilotwatch.intake.rules import RULES

_LONGEST = 40  # characters of a cell that a message quotes


def sentence(
    rule: Rule, row: int, title: Text, value: str | float | int | None, expected: Text, kind: Kind | None = None
) -> Text:
    """The whole message. `title` is what the column is called; `value` as it stands in the cell."""
    found = Text("未填写", "it is empty") if value is None else Text(f"填写“{short(value)}”", f"found “{short(value)}”")
    return Text(
        "第 {row} 行「{title}」：{found}，{expected}。{remedy}",
        "Row {row}, {title}: {found}, expected {expected}. {remedy}",
    ).format(row=row, title=title, found=found, expected=expected, remedy=RULES[rule].remedy_for(kind))


def one_line(header: str) -> str:
    """A header as written, on one line."""
    return "".join(header.split("\n")).replace("\r", "").strip()


def amount(number: float) -> str:
    return f"{number:,.10g}".replace("-", "−")


def bounds(column: Column) -> Text:
    """应在 −5 至 5 之间."""
    low = column.ge if column.ge is not None else column.gt
    high = column.le if column.le is not None else column.lt
    if low is not None and high is not None:
        return Text(f"应在 {amount(low)} 至 {amount(high)} 之间", f"between {amount(low)} and {amount(high)}")
    if low is not None:
        above = column.ge is None
        return Text(
            f"应{'大于' if above else '不小于'} {amount(low)}", f"{'more than' if above else 'at least'} {amount(low)}"
        )
    below = column.le is None
    return Text(
        f"应{'小于' if below else '不大于'} {amount(high or 0)}",
        f"{'less than' if below else 'at most'} {amount(high or 0)}",
    )


def short(value: str | float | int) -> str:
    """A cell as a message quotes it."""
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
