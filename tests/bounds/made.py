"""A domain whose bounds are of every kind: law, practice, of two numbers, by date, and of places."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotwatch.domain import Area, Basis, Bound, Domain, Indicator, Input, Levels, Text, Version
from pilotwatch.registry import Registry
from tests.store.made import Reading, Station

PRAC, LAW = Basis("PRAC", "test"), Basis("LAW", "第一条")
NEW_LAW = date(2026, 5, 1)


def _nozzles(frames, on):
    """Nozzles per station; empty where the list has none."""
    return frames["t_station"].set_index("subject_id")["nozzles"].astype("float64")


def _pair(frames, on):
    """Nozzles, and the capital beside them."""
    listed = frames["t_station"].set_index("subject_id")
    return pd.DataFrame({"value": listed["nozzles"], "capital": listed["capital"]}).astype("float64")


def _self_service(frames, on):
    """A place's share of self-service stations."""
    known = frames["t_station"].set_index("subject_id")["self_service"].astype("float64")
    return pd.DataFrame({"value": known, "n": known, "of": known.notna().astype("float64").where(known.notna())})


def _indicator(code, compute, levels, basis=PRAC, **more):
    return Indicator(
        code, zh=code, en=code, per=Station, needs=(Station,), compute=compute, levels=levels, basis=basis, owner="SWJ", **more
    )  # fmt: skip


PLAIN = _indicator("OIL-01", _nozzles, Levels(red="> 8", orange="> 6", yellow="> 4"))
BY_LAW = _indicator("OIL-02", _nozzles, Levels(red="> 9", orange=Bound("> 5", "LAW"), yellow="> 2"), LAW)
OF_TWO = _indicator(
    "OIL-03", _pair, Levels(red=Bound("> 8 | > 4 & capital < 100", "STD"), yellow="> 4"),
    inputs=(Input("capital", "资本", "Capital", "元"),),
)  # fmt: skip
BY_DATE = _indicator(
    "OIL-04", _nozzles, Levels(red="> 3"),
    versions=(
        Version(Levels(red="> 20"), PRAC, until=date(2026, 4, 30), name="old"),
        Version(Levels(red=Bound("> 10", "LAW")), LAW, since=NEW_LAW, name="new"),
    ),
)  # fmt: skip
OF_PLACES = Indicator(
    "OIL-05", zh="自助", en="Self-service", per=Station, needs=(Station,), compute=_self_service, levels=None, basis=PRAC,
    owner="SWJ", inputs=(Input("n", "自助", "Self-service"), Input("of", "已知", "Known")),
    area=Area("n", "of", Levels(red="< 50 %", yellow="< 80 %"), PRAC, Text("比例", "Share"), at_least=2),
)  # fmt: skip

DOMAIN = Domain(
    "oil", zh="油", en="Oil", code="OIL", lead="SWJ", records=(Station, Reading),
    indicators=(PLAIN, BY_LAW, OF_TWO, BY_DATE, OF_PLACES),
)  # fmt: skip
FOUND = Registry((DOMAIN,), shared=())
