"""What a sample's list of matters is made of: one matter as a department would write it into its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pilotwatch.sampling.city import City, numbered

PROCEDURE = "两名以上执法人员亮证、扫码入企；告知检查事项和依据；查阅资料并现场查看；制作笔录，当场告知结果；20个工作日内公示结果"
_BATCHES = ("第一批", "第二批")
_APART = 300  # days between them


@dataclass(frozen=True)
class Item:
    """A matter: who checks it, on what basis, what is looked at. Several parts of a text are separated by ；."""

    dept: str
    name: str
    basis: str
    content: str
    checklist: str
    prepare: str = ""
    method: str = "现场检查"
    minutes: int = 20
    cap: int = 1
    frequency: str = "每年1次"
    partners: tuple[str, ...] = ()
    mergeable: bool = True
    off_site: bool = False
    ripe: bool = True  # not published yet, otherwise


def listed(city: City, code: str, scene: str, field: str, items: Sequence[Item]) -> pd.DataFrame:
    """The items as rows of 检查事项清单, in two batches; one that isn't ripe is not published."""
    n = len(items)
    second = np.arange(n) >= (n + 1) // 2
    begins = np.where(second, city.start + _APART, city.start)
    ripe = np.array([i.ripe for i in items])
    return pd.DataFrame(
        {
            "item_code": numbered(f"JC-{code}-", np.arange(n) + 1, 3),
            "name": [i.name for i in items], "dept": [i.dept for i in items], "partners": [_json(i.partners) for i in items],
            "scene": _json((scene,)), "field": field, "basis": [i.basis for i in items], "content": [i.content for i in items],
            "method": [i.method or None for i in items], "procedure": PROCEDURE, "checklist": [i.checklist for i in items],
            "prepare": [i.prepare or None for i in items], "minutes": [i.minutes for i in items],
            "frequency": [i.frequency for i in items], "yearly_cap": [i.cap for i in items],
            "joint": [i.mergeable for i in items], "mergeable": [i.mergeable for i in items],
            "off_site": [i.off_site for i in items], "valid_from": begins,
            "published_on": np.where(ripe, begins, np.datetime64("NaT", "D")),
            "release": np.where(ripe, np.where(second, _BATCHES[1], _BATCHES[0]), None),
        }
    )  # fmt: skip


def _json(parts: Sequence[str]) -> str | None:
    return "[" + ", ".join(f'"{p}"' for p in parts) + "]" if parts else None
