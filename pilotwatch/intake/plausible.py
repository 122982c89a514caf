"""What no one writes on purpose: texts as long as a page where a name should stand, one header over two columns."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from pilotwatch.domain import Text
from pilotwatch.intake.draft import Draft
from pilotwatch.intake.messages import short
from pilotwatch.intake.model import FoundColumn
from pilotwatch.intake.values.texts import is_code
from pilotwatch.intake.xlsx import letters_of

_LONGEST_NAME = 200  # characters of a name or a code
_LONGEST_TEXT = 5_000  # of anything else; a spreadsheet's cell takes 32,767, a CSV file's any number


def lengths(draft: Draft) -> None:
    """Texts too long for what they are: a name or a code of a page's length is a slip of the hand, or hostile."""
    for name, values in draft.values.items():
        column = draft.column(name)
        if column.kind not in ("text", "texts"):
            continue
        limit = _LONGEST_NAME if is_code(column) or name == draft.table.record.spec.name else _LONGEST_TEXT
        lengths = pc.fill_null(pc.utf8_length(values), 0)
        too_long = pc.greater(lengths, limit).to_numpy(zero_copy_only=False)
        draft.report("format", name, too_long, _length_expected(limit, lengths))


def _length_expected(limit: int, lengths: pa.Array) -> Callable[[int], Text]:
    return lambda i: Text(
        "应不超过 {limit} 个字，现为 {found} 个字", "at most {limit} characters; it has {found}"
    ).format(limit=limit, found=lengths[i].as_py())


def twins(draft: Draft) -> None:
    """Two columns under one and the same header: the first is read, so the second must not say something else."""
    for name, found in draft.found.items():
        if found.how in ("user", "remembered"):  # the team said which of them counts
            continue
        for twin in draft.table.columns:
            if twin.field is None and twin.header == found.header:
                other = draft.cells(twin)
                differs = pc.fill_null(pc.not_equal(other, pc.fill_null(draft.cells(found), "")), False)
                quoted = None if draft.column(name).mask else other
                draft.report("conflict", name, differs.to_numpy(zero_copy_only=False), _twin_expected(twin, quoted))


def _twin_expected(twin: FoundColumn, cells: pa.Array | None) -> Callable[[int], Text]:
    letters = letters_of(twin.index + 1)
    if cells is None:
        same = Text(
            f"应与同名的另一列（{letters} 列）一致", f"the same as in the other column of this name ({letters})"
        )
        return lambda _: same
    return lambda i: Text(
        "应与同名的另一列（{letters} 列）一致，该列填写“{other}”",
        "the same as in the other column of this name ({letters}), which says “{other}”",
    ).format(letters=letters, other=short(cells[i].as_py()))
