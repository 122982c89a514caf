"""The store: one URL, SQLite or PostgreSQL, and one door to its rows (`Store.desk`)."""

from pilotwatch.store.desk import Desk
from pilotwatch.store.engine import Ids
from pilotwatch.store.model import (
    Arrived,
    BatchLine,
    Change,
    Difference,
    Explanations,
    SchemaRefused,
    StoreRefused,
    TableLine,
    Trace,
)
from pilotwatch.store.scope import MAY, ROLES, SYSTEM, Person, Role
from pilotwatch.store.store import Store

__all__ = [
    "MAY", "ROLES", "SYSTEM", "Arrived", "BatchLine", "Change", "Desk", "Difference", "Explanations", "Ids", "Person", "Role",
    "SchemaRefused", "Store", "StoreRefused", "TableLine", "Trace",
]  # fmt: skip
