"""What goes through the store's door: plain values, no rows, no sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import pyarrow as pa

from pilotwatch.domain import Text

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk


class StoreRefused(Exception):
    """The store doesn't do what was asked; `rule` is stable, `message` says in the user's words why and what to do."""

    def __init__(self, rule: str, message: Text):
        super().__init__(message.zh)
        self.rule, self.message = rule, message


class SchemaRefused(StoreRefused):
    """A record class no longer fits the table that holds its rows; `dataset` says which."""

    def __init__(self, dataset: str, message: Text):
        super().__init__("schema", message)
        self.dataset = dataset


# --- what comes in -------------------------------------------------------------------------------------------------


class FindingLike(Protocol):
    """One thing wrong with one cell or row, as `intake.model.Finding`."""

    sheet: str | None
    row: int
    field: str | None
    column: str | None
    value: Any
    expected: Text
    message: Text
    rule: Any
    severity: Any


class CheckedLike(Protocol):
    """A table after validation, as `intake.model.Checked`: `table` is the found one, `frame` and `good` its rows."""

    table: Any
    frame: pa.Table
    good: np.ndarray

    @property
    def findings(self) -> Sequence[FindingLike]: ...
    @property
    def errors(self) -> int: ...
    @property
    def warnings(self) -> int: ...


@dataclass(frozen=True)
class Arrived:
    """The file of an upload. `path` is where its bytes are now; `None`: made by the house (the demo city), no file."""

    name: str
    path: Path | None = None
    sha256: str | None = None
    size: int = 0
    kind: str = ""
    on: date | None = None  # the day the upload is judged as of
    at: datetime | None = None  # when it became known, if not now: the demo city's past


@dataclass(frozen=True)
class Difference:
    """The good rows of a checked table against what is stored, as masks over `Checked.frame`, and what is missing.

    `foreign`: rows whose key is held by a unit outside the person's own; they can't be committed.
    """

    new: np.ndarray
    changed: np.ndarray
    unchanged: np.ndarray
    missing: int  # stored rows of the same dataset and unit that the file doesn't have
    examples: Mapping[str, Any] = field(default_factory=dict)
    foreign: np.ndarray | None = None


# --- what comes out ------------------------------------------------------------------------------------------------

BatchStatus = Literal["standing", "withdrawn", "unchanged"]


@dataclass(frozen=True, slots=True)
class TableLine:
    """One table of a batch: where it stood in the file and what became of its rows."""

    dataset: str
    sheet: str | None
    header_row: int
    rows_read: int
    rows_ready: int
    new: int
    changed: int
    unchanged: int
    missing: int
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch as a list shows it. `status="unchanged"`: every row was there already, so no batch was made (`id` None)."""

    id: str | None
    at: datetime
    by: str
    by_name: str
    file: str
    sha256: str | None
    good_rows: bool
    tables: tuple[TableLine, ...]
    status: BatchStatus = "standing"
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    reason: str | None = None
    units: tuple[str, ...] = ()
    demo: bool = False

    @property
    def datasets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t.dataset for t in self.tables))

    @property
    def rows(self) -> int:
        """Rows the batch put in: new and changed ones."""
        return sum(t.new + t.changed for t in self.tables)

    def total(self, count: str) -> int:
        """The sum of one of the tables' counts: `rows_read`, `errors` …"""
        return sum(getattr(t, count) for t in self.tables)

    @property
    def left_out(self) -> int:
        """Rows that were read and not stored, since they are in error."""
        return self.total("rows_read") - self.total("rows_ready")

    @property
    def message(self) -> Text:
        """What happened, in a sentence or two."""
        counts = {n: self.total(n) for n in ("new", "changed", "unchanged")} | {"left": self.left_out}
        text = _TOLD[self.status].format(file=self.file, **counts)
        if self.status != "standing" or not self.left_out:
            return text
        rest = _LEFT_OUT.format(**counts)
        return Text(text.zh + rest.zh, f"{text.en} {rest.en}")

    def as_json(self) -> dict[str, Any]:
        """The line as plain JSON values, moments in ISO format."""
        values = asdict(self)
        for moment in ("at", "withdrawn_at"):
            values[moment] = values[moment] and values[moment].isoformat()
        return values | {"message": self.message.zh, "message_en": self.message.en}


_TOLD: dict[BatchStatus, Text] = {
    "standing": Text(
        "已入库：新增 {new} 行，变更 {changed} 行，未变 {unchanged} 行。",
        "Stored: {new} rows new, {changed} changed, {unchanged} unchanged.",
    ),
    "unchanged": Text(
        "“{file}”的 {unchanged} 行与已入库数据完全一致，未形成新批次，数据没有变化。",
        "All {unchanged} rows of “{file}” are stored already, so no batch was made and nothing has changed.",
    ),
    "withdrawn": Text(
        "“{file}”已撤回，被其替换的数据已恢复。", "“{file}” was withdrawn; what it had replaced is back."
    ),
}
_LEFT_OUT = Text(
    "另有 {left} 行有错误未入库，请在退回表中修改后再次上传。",
    "{left} rows with errors were left out: mend them in the return workbook and upload it again.",
)


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a stored row comes from: file, sheet and row of the sheet, and the batch that brought it."""

    dataset: str
    subject_id: str
    row_id: str
    file: str
    path: Path | None
    sheet: str | None
    row: int
    batch: BatchLine
    record_key: str
    current: bool


@dataclass(frozen=True)
class Change:
    """What a commit or a withdrawal changed, told to the hooks inside its transaction.

    `touched`: dataset → ids of the subjects that had rows added, replaced or restored (sorted, distinct text).
    `desk`: reads what is stored *now*, in the same transaction, unbounded.
    """

    act: Literal["commit", "withdraw"]
    batch_id: str
    at: datetime
    touched: Mapping[str, np.ndarray]
    desk: Desk

    @property
    def datasets(self) -> tuple[str, ...]:
        return tuple(self.touched)

    @property
    def subjects(self) -> np.ndarray:
        """The touched subjects of all datasets, distinct."""
        return np.unique(np.concatenate(list(self.touched.values()))) if self.touched else np.array([], dtype=str)


Progress = Callable[[Text, float], None]

#: What a team says to its warnings: one text for all, or by (sheet, row, field, rule), by rule, or "*" for the rest.
Explanations = str | Mapping[Any, str] | None
