"""The records of a very small city, taken in as the demo city's are, without the figures that follow."""

from __future__ import annotations

from datetime import date

from pilotwatch.demo.build import _batches
from pilotwatch.sampling import City
from pilotwatch.store import SYSTEM
from pilotwatch.workspace import Workspace


def fill(house: Workspace, on: date) -> None:
    """Commits them as of a day; what follows a commit is left out."""
    hooks = list(house.store.on_change)
    house.store.on_change.clear()
    for batch in _batches(City(house.places, on, 7, 0, 0.004), house.registry):
        house.desk(SYSTEM).commit(batch.arrived, batch.tables)
    house.store.on_change[:] = hooks
