"""What follows from records and events, made anew in a copy by the product's own functions, with the clock at that day's end."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from pilotwatch import disposal, figures, risk, signals
from pilotwatch.disposal.case import Case
from pilotwatch.disposal.rows import case_of, write_of
from pilotwatch.domain import Text
from pilotwatch.inspection.ledger import keep as ledger
from pilotwatch.store import SYSTEM, cases
from pilotwatch.store.looking_back import case_events
from pilotwatch.workdays import today
from pilotwatch.workspace import Workspace

Told = Callable[[Text, float], None]


def remake(house: Workspace, told: Told) -> None:
    """Brings a copy that has the records and events alone to what its day showed. The clock stands at that day."""
    from pilotwatch import hotspots  # loads scipy and h3, which no screen needs
    from pilotwatch.inspection import objects

    day, store, found = today(), house.store, house.registry
    steps: tuple[tuple[Text, Callable[[], object]], ...] = (
        (Text("处置案件", "Cases"), lambda: tell_cases(house)),
        (Text("指标与分级", "Figures and levels"), lambda: figures.update(store, found, on=day, rebuild=True)),
        (Text("异常波动", "Signals"), lambda: signals.update(store, found, on=day, rebuild=True)),
        (Text("风险评分", "Risk scores"), lambda: risk.update(store, found, on=day, rebuild=True)),
        (Text("合并台账", "Ledger of visits"), lambda: ledger.update(store, found, day)),
        (Text("监管对象", "Objects"), lambda: objects.update(store, found, house.places, on=day)),
        (Text("防重复检查", "Guards"), lambda: disposal.daily.refresh_guards(store, day)),
        (Text("风险热点", "Hot spots"), lambda: hotspots.keep.update(store, found, house.places, on=day)),
    )
    for n, (title, step) in enumerate(steps):
        told(_MAKING.format(what=title), n / len(steps))
        step()


def tell_cases(house: Workspace) -> int:
    """Makes the rows and counts of cases from their events; returns how many cases that are."""
    writes = []
    for _, events in groupby(case_events(house.store), key=lambda e: (e["subject_id"], e["case_id"])):
        case = case_of(list(events))
        writes.append(write_of(Case(), case, ()))
    cases.plant(house.desk(SYSTEM), writes)
    return len(writes)


_MAKING = Text("按当日已知重新计算：{what}", "Making anew what followed: {what}")
