"""Tables of hot spots: what was tested when and how, and what was found of each place."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update({"hot_run": "local", "hot_place": "local"})


class HotRun(Base, table=True):
    """One test of all places of a layer, for a measure and the window that ends on `on_day`; the newest of its month.

    `parameters`: JSON: all that is needed to run it again. `headline`: JSON: the clusters of the scan, likeliest first; `started`: JSON: those
    of the scan of the last weeks. `xpcc`: subjects under the XPCC, in no rate and no test.
    """

    __tablename__ = "hot_run"

    domain: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    layer: str = Field(primary_key=True)  # cells, fine, streets, units, divisions
    period: str = Field(primary_key=True)  # 2026-11: the month of `on_day`
    on_day: date
    since: date | None = None  # first day of the window; none where a state is tested
    at: datetime
    subjects: int
    unplaced: int
    observed: float
    hot: int
    spread: float | None = None
    parameters: str = Field(sa_column=Column(Text, nullable=False))
    headline: str = Field(sa_column=Column(Text, nullable=False))
    started: str | None = Field(default=None, sa_column=Column(Text))
    xpcc: int | None = None


class HotPlace(Base, table=True):
    """What was found of one place. `report_unit`: of most of its subjects; `state`: of `hotspots.STATES`.

    `subjects` are those under the city; `known` of them the measure says something of, `inspected` were visited in the
    year before; `xpcc` are under the XPCC and counted in nothing else.
    """

    __tablename__ = "hot_place"
    __table_args__ = (Index("ix_hot_place_unit", "domain", "measure", "layer", "period", "report_unit"),)

    domain: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    layer: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    lng: float
    lat: float
    report_unit: str
    division_code: str
    street_code: str
    subjects: int
    observed: float
    at_risk: float
    expected: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    smoothed: float | None = None
    gi: float | None = None
    ring_observed: float | None = None
    ring_expected: float | None = None
    p: float | None = None
    hot: bool
    course: str
    state: str | None = None
    known: int | None = None
    inspected: int | None = None
    xpcc: int | None = None


__all__ = ["HotPlace", "HotRun", "metadata"]
