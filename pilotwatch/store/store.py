"""The store, opened: its tables are there, its doors are the desks and the registers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, inspect, make_url, select

from pilotwatch.domain import Record
from pilotwatch.settings import settings
from pilotwatch.store import approvals, bounds, datasets, days
from pilotwatch.store import engine as db
from pilotwatch.store.desk import Desk
from pilotwatch.store.held import Held
from pilotwatch.store.model import Change
from pilotwatch.store.registers import Registers
from pilotwatch.store.schema import bring_up_to_date
from pilotwatch.store.scope import Person
from pilotwatch.store.tables import Batch

Hook = Callable[[Connection, Change], None]
#: Gets the person and the warning's row as it is after its closing.
VerdictHook = Callable[[Connection, Person, Mapping[str, Any]], None]
#: (connection, domain, warnings that opened or rose, the day they did), see `pilotwatch.warnings.keep`.
WarningHook = Callable[[Connection, Any, Any, date], None]
#: (connection, a desk in its transaction, domain, subjects, the day), see `pilotwatch.warnings.bounds`.
LevelHook = Callable[[Connection, Desk, Any, Sequence[str], date], None]


class Store:
    """`Store.open(url, records)` migrates and opens; `desk(person)` is the way to rows, `registers()` to the books.

    `on_change`: called within the transaction of every commit and withdrawal, `on_verdict` within that of every closing
    of a warning; what one raises undoes the whole.
    `on_warnings`: called within the transaction in which warnings open or rise, for each domain and part of its subjects.
    `on_levels`: called within the transaction of a bound that is set, with those whose levels it moved.
    """

    def __init__(
        self, engine: Engine, records: Sequence[type[Record]], tables: Mapping[str, Table], files: Path,
        owners: Mapping[str, frozenset[str]],
    ):  # fmt: skip
        self._engine, self._tables = engine, tables
        self.records = {r.spec.dataset: r for r in records}
        self.files, self.owners = files, owners
        self._demo = False  # or not asked yet
        self.held: Held | None = None  # what a rebuild has read already, see `holding`
        self.on_change: list[Hook] = []
        self.on_verdict: list[VerdictHook] = []
        self.on_warnings: list[WarningHook] = []
        self.on_levels: list[LevelHook] = []

    @classmethod
    def open(
        cls, url: str, records: Sequence[type[Record]], *, owners: Mapping[str, Collection[str]] | None = None,
        files: Path | None = None,
    ) -> Store:  # fmt: skip
        """Opens the store at a SQLAlchemy URL, making and widening its tables as needed.

        `owners`: dataset → the domains it belongs to; a dataset without is shared by all. `files`: where uploaded
        files are kept. Raises SchemaRefused where a record no longer fits the table of its rows.
        """
        engine = db.create(url)
        try:
            tables = bring_up_to_date(engine, records)
        except BaseException:
            engine.dispose()
            raise
        files = files or settings().files
        engine.update_execution_options(anchors=str(files.parent / "anchors"))
        owned = {dataset: frozenset(domains) for dataset, domains in (owners or {}).items()}
        return cls(engine, records, tables, files, owned)

    @staticmethod
    def exists(url: str) -> bool:
        """Whether a store was ever made at the URL; asking makes none."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
            return False
        engine = db.create(url)
        try:
            with db.reading(engine) as connection:
                return inspect(connection).has_table("alembic_version")
        finally:
            engine.dispose()

    def close(self) -> None:
        self._engine.dispose()

    def desk(self, person: Person) -> Desk:
        return Desk(self, person)

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Within the block what is read for everybody is read once: for a rebuild of all that follows from the records."""
        self.held = Held()
        try:
            yield
        finally:
            self.held = None

    @contextmanager
    def registers(self, *, write: bool = True) -> Iterator[Registers]:
        """The books, in one transaction: all that was written at the end of the block, or nothing."""
        with (db.writing if write else db.reading)(self._engine) as connection:
            yield Registers(connection)

    @property
    def datasets(self) -> tuple[str, ...]:
        return tuple(self.records)

    def dataset(self, name: str) -> tuple[type[Record], Table]:
        """A dataset's record class and table; KeyError where there is none."""
        return self.records[name], self._tables[name]

    def version(self, dataset: str) -> int:
        """Grows with every commit and withdrawal that touches the dataset: what a cache of it is keyed by."""
        return self._versions().get(dataset, 0)

    def data_version(self) -> int:
        """Grows with every commit and withdrawal of any dataset, and with every bound or day that the city sets, and with every
        decision on a month's figures."""
        parts = (datasets.VERSION, bounds.VERSION, days.VERSION, approvals.VERSION)
        with db.reading(self._engine) as connection:
            return int(
                sum(connection.execute(select(*(p.scalar_subquery() for p in parts))).one())
            )  # PostgreSQL sums whole numbers as Decimal

    def is_empty(self) -> bool:
        """Whether no batch was ever committed."""
        with db.reading(self._engine) as connection:
            return connection.scalar(select(func.count()).select_from(Batch.__table__)) == 0

    @property
    def demo(self) -> bool:
        """Whether this is a demo store: synthetic data, demo accounts. Told once, at its making (`mark_demo`)."""
        if not self._demo:
            with self.registers(write=False) as books:
                self._demo = bool(books.setting("demo", False))
        return self._demo

    def mark_demo(self) -> None:
        """Makes an empty store a demo store, for good."""
        if not self.is_empty():
            raise ValueError("only an empty store can become a demo store")
        with self.registers() as books:
            books.set_setting("demo", True)

    def _versions(self) -> dict[str, int]:
        with db.reading(self._engine) as connection:
            return datasets.versions(connection)
