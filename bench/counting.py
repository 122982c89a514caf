"""What a piece of work asks of a SQLite store: statements, rows fetched, tables read, and the steps of SQLite's machine.

A step is one instruction of SQLite's virtual machine, so it tells what was scanned and not only what came back. It is
counted in hundreds, and depends on the data and the plan alone: not on the machine, nor on what else runs on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

EVERY = 100  # steps between two calls of the counter
_NO_QUERY = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
_NAMED = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z_0-9]+)"?', re.IGNORECASE)


@dataclass
class Asked:
    """What was asked of the store: `statements` in their order, `rows` fetched and `steps` taken, and by which of them."""

    statements: list[str] = field(default_factory=list)
    rows_by: list[int] = field(default_factory=list)
    steps_by: list[int] = field(default_factory=list)

    @property
    def queries(self) -> int:
        return len(self.statements)

    @property
    def rows(self) -> int:
        return sum(self.rows_by)

    @property
    def steps(self) -> int:
        return sum(self.steps_by)

    @property
    def tables(self) -> Counter[str]:
        """How many statements name a table."""
        return Counter(name for s in self.statements for name in set(_NAMED.findall(s)))

    def rows_of(self, name: str) -> int:
        """How many rows the statements fetched that name a table."""
        return sum(n for s, n in zip(self.statements, self.rows_by, strict=True) if name in _NAMED.findall(s))


@contextmanager
def counting(engine: Engine) -> Iterator[Asked]:
    """Counts what is asked through an engine of SQLite for the length of the block."""
    asked = Asked()

    def begins(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_NO_QUERY):
            asked.statements.append(statement)
            asked.rows_by.append(0)
            asked.steps_by.append(0)

    def row(_cursor: Any, values: tuple[Any, ...]) -> tuple[Any, ...]:
        if asked.rows_by:
            asked.rows_by[-1] += 1
        return values

    def stepped() -> int:
        if asked.steps_by:
            asked.steps_by[-1] += EVERY
        return 0

    def out(connection: Any, *_: Any) -> None:
        connection.row_factory = row
        connection.set_progress_handler(stepped, EVERY)

    def back(connection: Any, *_: Any) -> None:
        if connection is not None:
            connection.row_factory = None
            connection.set_progress_handler(None, 0)

    heard = (("before_cursor_execute", begins), ("checkout", out), ("checkin", back))
    for name, act in heard:
        event.listen(engine, name, act)
    try:
        yield asked
    finally:
        for name, act in heard:
            event.remove(engine, name, act)
