"""The contract: what a pilot domain declares, and nothing else.

A domain is a folder (or an installed package) with a `DOMAIN` in it. It declares *records* (what a team
uploads), *indicators* (what warns) and a *sample* (a synthetic city). One record class is at once the database
table, the upload template, the validation, the data dictionary and the column titles in both languages:

    class TankReading(Record):
        '''油罐读数: one gauge reading of one tank.'''
        spec = Spec("oil_tank_reading", zh="油罐读数", en="Tank reading", subject="uscc", day="read_at")

        uscc: Uscc = column("统一社会信用代码", "Unified social credit code", key=True, refers_to="oil_station")
        read_at: datetime = column("读数时间", "Read at", aliases=("采集时间",), key=True)
        volume_l: Decimal = column("油量", "Volume", unit="L", ge=0)

This module is plain data: it imports neither the store nor Streamlit nor any domain.
"""

from pilotwatch.domain.counts import Contradiction, Count, Side
from pilotwatch.domain.disposal import Composite, Incident, Procedure, Stake, Step
from pilotwatch.domain.indicators import (
    LEVELS,
    Area,
    Basis,
    BasisLevel,
    Bound,
    Indicator,
    Input,
    Level,
    Levels,
    Measure,
    Version,
)
from pilotwatch.domain.records import (
    Choice,
    Choices,
    Column,
    Department,
    Division,
    Kind,
    Latitude,
    Longitude,
    Month,
    Quarter,
    Record,
    Spec,
    Street,
    Uscc,
    column,
)
from pilotwatch.domain.whole import Domain, Planted
from pilotwatch.domain.words import UNITS, ContractError, Language, Text

__all__ = [
    "LEVELS",
    "UNITS",
    "Area",
    "Basis",
    "BasisLevel",
    "Bound",
    "Choice",
    "Choices",
    "Column",
    "Composite",
    "ContractError",
    "Contradiction",
    "Count",
    "Department",
    "Division",
    "Domain",
    "Incident",
    "Indicator",
    "Input",
    "Kind",
    "Language",
    "Latitude",
    "Level",
    "Levels",
    "Longitude",
    "Measure",
    "Month",
    "Planted",
    "Procedure",
    "Quarter",
    "Record",
    "Side",
    "Spec",
    "Stake",
    "Step",
    "Street",
    "Text",
    "Uscc",
    "Version",
    "column",
]
