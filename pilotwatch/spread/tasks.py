"""What a worker does: it opens the store by its own settings, reads some subjects' records and evaluates them.

It never writes. Where it reads a replica, that one has to hold what the writer saw: it says so rather than give older
figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import pandas as pd

from pilotwatch import figures
from pilotwatch.domain import Domain
from pilotwatch.figures import periods
from pilotwatch.frames import Stored
from pilotwatch.store import SYSTEM
from pilotwatch.workspace import Workspace


class Behind(RuntimeError):
    """The worker's store doesn't hold what the writer's does."""


def levels(run: str, version: int, domain: str, subjects: Sequence[str], on: date) -> figures.Made:
    """`figures.made` of these subjects. `run`: one and the same for all parts of an update; `version`: of the writer's data."""
    house = _house()
    in_force, registers = _judged_by(run, version, domain)
    return figures.made(house.desk(SYSTEM), in_force, subjects, registers, on)


def measures(run: str, version: int, group: str, subjects: Sequence[str], on: date) -> pd.DataFrame:
    """`figures.periods.evaluate` of these subjects, by the group's measures."""
    house = _house()
    _demand(run, version)
    mine = next(g for g in periods.groups_of(house.registry) if g.name == group)
    return periods.evaluate(mine.measures, periods.frames_of(house.desk(SYSTEM), mine, subjects), on)


@lru_cache(maxsize=1)
def _house() -> Workspace:
    return Workspace.open()


@lru_cache(maxsize=16)
def _judged_by(run: str, version: int, domain: str) -> tuple[Domain, Stored]:
    house = _house()
    _demand(run, version)
    return figures.judged_by(house.desk(SYSTEM), next(d for d in house.registry.domains if d.name == domain))


@lru_cache(maxsize=16)
def _demand(run: str, version: int) -> None:
    mine = _house().store.data_version()
    if mine < version:
        raise Behind(f"the store of this worker is at version {mine} of the data, the writer's at {version}")
