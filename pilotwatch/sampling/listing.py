"""The same subjects as other departments list them: some with their code, some without, written their own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from pilotwatch.sampling.city import City, numbered, pick, where

if TYPE_CHECKING:
    from pilotwatch.sampling.supervision import Practice

_CODED = 0.6  # of the objects whose department knows the code
_OWN = 0.08  # objects that no other list has
_FORMS = {"有限公司": ("有限责任公司", "公司", "有限公司"), "加油站": ("加油站", "加油站（点）")}
_REGIONS = ("新疆", "乌鲁木齐", "乌鲁木齐市", "（新疆）", "", "")
_COLUMNS = (
    "dept", "object_no", "name", "category", "division_code", "street_code", "zone", "address", "phone", "person", "lng", "lat",
)  # fmt: skip


def objects(city: City, practice: Practice, subjects: pd.DataFrame) -> pd.DataFrame:
    """A list for each of the practice's departments but the leading one; the more it checks, the more it lists.

    `subjects`: the practice's key, `name, address, division_code, street_code, zone, lng, lat`.
    """
    rng = city.rng(f"{practice.code} phones")
    subjects = subjects.assign(phone=_phones(rng, len(subjects)), person=city.people(rng, len(subjects)))
    parts = [
        _list_of(city, practice, subjects, dept, weight, at)
        for at, (dept, weight) in enumerate(list(practice.departments.items())[1:])
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _list_of(city: City, practice: Practice, subjects: pd.DataFrame, dept: str, weight: float, at: int) -> pd.DataFrame:
    rng = city.rng(f"{practice.code} objects {dept}")
    share = min(0.9, practice.listed * weight / max(practice.departments.values()))
    chosen = np.flatnonzero(rng.random(len(subjects)) < share)
    rows = subjects.iloc[chosen].reset_index(drop=True)
    n = len(rows)
    if not n:
        return pd.DataFrame()
    coded = rng.random(n) < _CODED if practice.key == "uscc" else np.ones(n, bool)
    told = rows.assign(
        dept=dept,
        name=where_not(coded, rows["name"].to_numpy(object), otherwise(rng, rows["name"].to_numpy(object))),
        address=_addresses(rng, rows["address"].to_numpy(object)),
        phone=where(rng.random(n) < 0.7, np.where(rng.random(n) < 0.85, rows["phone"], _phones(rng, n))),
        person=where(rng.random(n) < 0.6, rows["person"].to_numpy(object)),
        category=practice.scene or None,
    )
    told[practice.key] = where(coded, rows[practice.key].to_numpy(object))
    lost = rng.random(n) < 0.3
    told.loc[lost, ["lng", "lat"]] = np.nan
    own = round(n * _OWN) if practice.key == "uscc" else 0
    extra = told.iloc[rng.integers(n, size=own)].assign(
        name=city.companies(rng, pick(rng, {"商贸有限公司": 0.5, "餐饮店": 0.5}, own))
    )
    extra = extra.assign(**{practice.key: None}).assign(lng=np.nan, lat=np.nan)
    every = pd.concat([told, extra], ignore_index=True)
    number = np.arange(len(every)) + at * 100_000 + city.part * 10_000_000
    return every.assign(object_no=numbered(f"{dept}-{practice.code}", number, 8))[[practice.key, *_COLUMNS]]


def where_not(mask: NDArray[np.bool_], kept: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.where(mask, kept, other)


def otherwise(rng: Generator, names: NDArray[np.object_]) -> NDArray[np.object_]:
    """The names as another office writes them: the region, the legal form, now and then a slip."""
    found = []
    for name, form, region, slip in zip(
        names, rng.integers(3, size=len(names)), rng.integers(len(_REGIONS), size=len(names)), rng.random(len(names)), strict=True
    ):  # fmt: skip
        for ending, others in _FORMS.items():
            if name.endswith(ending):
                name = name[: -len(ending)] + others[form % len(others)]
                break
        for lead in ("新疆", "乌鲁木齐市", "乌鲁木齐"):
            if name.startswith(lead):
                name = _REGIONS[region] + name.removeprefix(lead)
                break
        if slip < 0.05 and len(name) > 6:
            name = name[:-3] + name[-2:]
        found.append(name)
    return np.array(found, object)


def _addresses(rng: Generator, addresses: NDArray[np.object_]) -> NDArray[np.object_]:
    lead = pick(rng, {"新疆乌鲁木齐市": 0.4, "乌鲁木齐市": 0.3, "": 0.3}, len(addresses))
    tail = pick(rng, {"": 0.7, "1层": 0.2, "临街商铺": 0.1}, len(addresses))
    return lead + addresses + tail


def _phones(rng: Generator, n: int) -> NDArray[np.object_]:
    middle = rng.choice(["138", "139", "150", "177", "189"], n).astype(object)
    return numbered(middle + "****", rng.integers(10_000, size=n), 4)
