"""The obvious way to do the same work, as a yardstick: one SQLModel object per row, validated by Pydantic."""

from __future__ import annotations

from enum import StrEnum

from pydantic import field_validator
from sqlmodel import Field, SQLModel

from bench.files import AREAS, SCREENINGS, STRUCTURES

Area = StrEnum("Area", [(f"a{i}", v) for i, v in enumerate(AREAS)])
Structure = StrEnum("Structure", [(f"s{i}", v) for i, v in enumerate(STRUCTURES)])
Screening = StrEnum("Screening", [(f"r{i}", v) for i, v in enumerate(SCREENINGS)])

_seen: set[str] = set()


class House(SQLModel, table=True):
    """The columns of the measured ledger, with the bounds that the house record declares."""

    house_no: str = Field(primary_key=True, min_length=1)
    division: str
    street: str
    community: str
    address: str
    owner: str
    area_kind: Area
    use_kind: str
    floors: int = Field(ge=1)
    build_area: float = Field(ge=0)
    built_year: int = Field(ge=1900, le=2026)
    structure: Structure
    screen_result: Screening
    occupants: int = Field(ge=0)
    operating: str
    ownership: str
    lng: float = Field(ge=86.6, le=89.0)
    lat: float = Field(ge=42.7, le=44.3)

    @field_validator("house_no")
    @classmethod
    def _once(cls, value: str) -> str:
        if value in _seen:
            raise ValueError("duplicate")
        _seen.add(value)
        return value


columns = tuple(House.model_fields)
