"""Which rows below a header are data: not the header repeated on each printed page, nor totals, notes, blanks, examples.

Rows are many, so each question is one Arrow call over a column; only the few rows it points at are looked at singly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pilotwatch.intake.cells import count_filled, first_filled
from pilotwatch.intake.headers import plain
from pilotwatch.intake.model import Sheet, Total

_GAP = r"[\s\x{3000}\x{A0}]*"
#: What a row that is no data may begin with; RE2, over a whole column. The finer tests are made in Python.
_SUSPECT = (
    rf"[小合总共累]{_GAP}计|^{_GAP}(?:其{_GAP}中|备{_GAP}注|注|附注|说明|填|报|制|编|审|复核|校|负责|经办|联系|单位|主管|统计|"
    r"分管|科室|数据来源|资料来源|第|[(（]?盖|[(（\[【]?(?:示|样|例|如|范例|填写)|第?\d+页|以下空白|以上|共\d)"
)
_TOTAL = re.compile(r"^(?:[合总共]计|(?:.{0,16}?)(?:小计|合计|总计|共计))(?:[:：(].*|\d.*)?$")
_PLAIN_TOTAL = re.compile(r"^(?:合计|总计|共计)")
_PART = re.compile(r"^(?:累计|其中)(?:$|[:：,，(])|^累计")
_EXAMPLE = re.compile(r"^[(\[【]?(?:示例|样例|范例|例如|例[:：)\]】]|填写示例|填写样例|如[:：])")
_NOTE = re.compile(
    r"^(?:备注|注|附注|说明|填表说明|填报说明|填写说明|编制说明|数据来源|资料来源)(?:\d{0,2}[:：.、)]|$)"
    r"|^(?:填[表报制]|报送|上报|制表|编制|编报|审核|审批|审定|复核|校对|负责|经办|联系|单位负责|主管|分管|统计负责|科室负责|盖章)"
    r"(?:人|人员|单位|部门|领导|人签字|时间|日期|电话|方式|员)?(?:\(.*?\))?(?:[:：]|$)"
    r"|^(?:[(]?盖章[)]?|以下空白|第\d+页(?:,?共\d+页)?|\d+/\d+页|单位[:：].*)$"
)
_TOTAL_WORDS = pa.array(
    [
        "合计",
        "小计",
        "总计",
        "共计",
        "合 计",
        "小 计",
        "总 计",
        "合  计",
        "小  计",
        "总  计",
        "小\u3000计",
        "合\u3000计",
    ]
)


@dataclass(frozen=True)
class Rows:
    """Data rows (1-based, ascending), the totals among them, and the lines that say something of the table."""

    data: np.ndarray
    totals: tuple[Total, ...]
    notes: tuple[int, ...]


def sort_out(
    sheet: Sheet, first: int, last: int, header_rows: Sequence[int], columns: Sequence[int], fed: Sequence[int]
) -> Rows:
    """Sorts the rows `first`…`last` (1-based) of a table; `columns` are its 0-based columns, `fed` those that feed fields."""
    height = last - first + 1
    if height <= 0:
        return Rows(np.array([], np.int64), (), ())
    part = sheet.cells.slice(first - 1, height)
    texts = [part.column(i) for i in columns]
    labels = first_filled(texts)
    drop = np.zeros(height, bool)

    drop[_repeated(sheet, part, header_rows, columns)] = True
    totals = {}
    notes = _banners(sheet, first, last, columns)
    for i, label in _suspects(labels, texts[:4]):
        if _TOTAL.match(label):
            totals[i] = label
        elif _NOTE.match(label) or _EXAMPLE.match(label):
            notes.add(i)
        elif _PART.match(label):
            drop[i] = True
    notes |= _trailing_notes(labels, count_filled(part.columns, height), {*totals, *notes})
    drop[list(notes)] = True
    drop[list(totals)] = True
    drop |= count_filled([part.column(i) for i in fed], height) == 0
    data = np.flatnonzero(~drop) + first
    summed = _ranges({i + first: label for i, label in totals.items() if i not in notes}, data)
    return Rows(data, summed, tuple(sorted(i + first for i in notes)))


def _repeated(sheet: Sheet, part: pa.Table, header_rows: Sequence[int], columns: Sequence[int]) -> np.ndarray:
    """Rows that say again what a row of the header says: most of its labels, in their columns."""
    found: set[int] = set()
    for row in header_rows:
        labels = {i: sheet.cells.column(i)[row - 1].as_py() for i in columns}
        labels = {i: label for i, label in labels.items() if label}
        suspects = np.zeros(part.num_rows, bool)
        for i in list(labels)[:3]:
            spellings = pa.array([labels[i].strip(), re.sub(r"\s+", "", labels[i])])
            suspects |= pc.is_in(pc.utf8_trim_whitespace(part.column(i)), value_set=spellings).to_numpy()
        for at in np.flatnonzero(suspects).tolist():
            texts = {i: text for i in columns if (text := part.column(i)[at].as_py())}
            again = sum(plain(texts.get(i, "")) == plain(label) for i, label in labels.items())
            # 油高(mm) and 水高(mm) alone may stand on the third row of a header; beside other cells they are data
            if again >= 0.6 * len(labels) and (len(labels) > 2 or again == len(labels) == len(texts)):
                found.add(at)
    return np.array(sorted(found), np.int64)


def _banners(sheet: Sheet, first: int, last: int, columns: Sequence[int]) -> set[int]:
    """Rows that one cell merged across most of the table fills: page titles, sections, notes."""
    width = columns[-1] - columns[0] + 1
    return {
        row - first
        for top, left, bottom, right in sheet.merges
        if right - left + 1 > max(width // 2, 1) and top >= first and bottom <= last
        for row in range(top, bottom + 1)
    }


def _suspects(labels: pa.ChunkedArray, columns: Sequence[pa.ChunkedArray]) -> list[tuple[int, str]]:
    """Rows that may be totals, notes or examples, with their label in plain form."""
    mask = pc.fill_null(pc.match_substring_regex(labels, _SUSPECT), False).to_numpy()
    words = {i: plain_label(labels[i].as_py()) for i in np.flatnonzero(mask)}
    for column in columns:
        for i in np.flatnonzero(pc.is_in(column, value_set=_TOTAL_WORDS).to_numpy()):
            words[i] = plain_label(column[i].as_py())
    return [(int(i), word) for i, word in words.items()]


def is_total(text: str) -> bool:
    """Whether a row that begins with the text is a total or a sub-total."""
    return bool(_TOTAL.match(plain_label(text)))


def plain_label(text: str) -> str:
    """As `plain`, but with its colons: they tell 注：… from 注册…."""
    return plain(re.sub("[:：]", "\ue000", text)).replace("\ue000", ":")


def _trailing_notes(labels: pa.ChunkedArray, filled: np.ndarray, known: set[int]) -> set[int]:
    """Lines of prose at the very end: one cell each, long or with punctuation; they may carry on a note."""
    notes = set()
    for i in range(len(filled) - 1, max(len(filled) - 50, -1), -1):
        if filled[i] == 0 or i in known:
            continue
        text = labels[i].as_py() if filled[i] == 1 else None
        if not text or not (len(text) >= 12 or re.search(r"[:：。；;，]|^\d+[.、]", text)):
            break
        notes.add(i)
    return notes


def _ranges(totals: dict[int, str], data: np.ndarray) -> tuple[Total, ...]:
    """Which data rows each total sums: a sub-total those since the total before it, a total all since the last total.

    Where the first total stands above the first data row, totals lead and sum what follows them.
    """
    if not len(data):
        return ()
    rows = sorted(totals)
    leading = bool(rows) and rows[0] < data[0]
    found = []
    for place, row in enumerate(rows):
        whole = bool(_PLAIN_TOTAL.match(totals[row]))
        others = [r for r in rows if bool(_PLAIN_TOTAL.match(totals[r])) or not whole]
        if leading:
            end = next((r for r in others if r > row), data[-1] + 1) if not whole else data[-1] + 1
            summed = data[(data > row) & (data < end)]
        else:
            start = max((r for r in others if r < row), default=0)
            summed = data[(data > start) & (data < row)]
            if whole and not len(summed) and place:  # 合计, then 总计
                summed = data[data < row]
        if len(summed):
            found.append(Total(row, totals[row], int(summed[0]), int(summed[-1])))
    return tuple(found)
