"""Eight charts of the numbers our overview shows, over the roll-ups it reads: what Superset is asked, and what it must answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pilotwatch import figures
from pilotwatch.domain import LEVELS
from pilotwatch.figures import WORST
from pilotwatch.figures.ask import Period, measured, measures_of
from pilotwatch.store import shelf
from pilotwatch.store.figure_tables import MILDEST
from pilotwatch.store.shelf import NOW, PART_SCALE
from pilotwatch.workdays import today
from pilotwatch.workspace import Workspace
from ui.trends import STRIP

Rows = Sequence[Mapping[str, Any]]
_DAY = today()
_REFORM = "reform"

#: The worst subjects with their names, found by the index that our own list is found by.
VIRTUAL = {
    "worst": (
        "SELECT l.subject_id, l.domain, l.indicator, l.level, l.value, l.rank, l.since, l.report_unit, s.name, s.code "  # noqa: S608 - a number of ours
        f"FROM subject_level l JOIN subject s ON s.subject_id = l.subject_id WHERE l.rank <= {MILDEST}"
    )
}


@dataclass(frozen=True)
class Chart:
    """`sums`: columns that are added up by `by`, or none: rows as they are. `where`: (column, operator, value)."""

    title: str
    kind: str
    dataset: str
    by: tuple[str, ...]
    sums: tuple[str, ...] = ("subjects",)
    where: tuple[tuple[str, str, Any], ...] = ()
    order: tuple[str, ...] = ()
    limit: int = 10_000

    def context(self, dataset: int) -> dict[str, Any]:
        """The query context its front end sends for the chart."""
        metrics = [
            {"expressionType": "SIMPLE", "column": {"column_name": n}, "aggregate": "SUM", "label": n}
            for n in self.sums
        ]
        query = {
            "columns": list(self.by), "metrics": metrics or None, "orderby": [[n, True] for n in self.order],
            "filters": [{"col": c, "op": o, "val": v} for c, o, v in self.where], "row_limit": self.limit,
            "extras": {"having": "", "where": ""}, "annotation_layers": [], "applied_time_extras": {},
        }  # fmt: skip
        told = {"datasource": f"{dataset}__table", "viz_type": self.kind}
        return {"datasource": {"id": dataset, "type": "table"}, "force": False, "queries": [query],
                "form_data": told, "result_format": "json", "result_type": "full"}  # fmt: skip


_WORST = (("indicator", "==", WORST),)
_RISKY = (("indicator", "!=", WORST), ("level", "IN", list(figures.RISKY)))
CHARTS = (
    Chart("subjects by level", "table", "place_level", ("level",), where=_WORST),
    Chart("levels by domain", "echarts_timeseries_bar", "place_level", ("domain", "level"), where=_WORST),
    Chart("levels by unit", "table", "place_level", ("report_unit", "level"), where=_WORST),
    Chart("at risk by unit, for the map", "country_map", "place_level", ("report_unit",),
          where=(*_WORST, ("level", "IN", list(figures.RISKY)))),
    Chart("concerns", "table", "place_level", ("domain", "indicator", "level", "report_unit"), where=_RISKY),
    Chart("the year of the reform", "big_number_total", "place_period", ("indicator",), ("numerator", "denominator"),
          where=(("domain", "==", _REFORM), ("indicator", "IN", list(STRIP)),
                 ("period", "IN", [*Period.of(f"{_DAY:%Y}").months[: _DAY.month], NOW]))),
    Chart("the worst ten", "table", "worst", ("subject_id", "indicator", "level", "value", "since", "name", "code", "rank"), (),
          where=(("rank", "<=", 1), ("indicator", "!=", WORST)), order=("rank", "since", "subject_id"), limit=10),
    Chart("what was reported", "table", "dataset_tally", ("dataset",), ("rows",)),
)  # fmt: skip


def differ(house: Workspace, told: Mapping[str, Rows]) -> list[str]:
    """The charts whose numbers are not those of our own overview; to be empty before anything is compared."""
    from pilotwatch.access import SYSTEM

    desk = house.desk(SYSTEM)
    shown, reform = (
        figures.overview(desk, house.registry),
        measured(desk, house.registry, STRIP, Period.of(f"{_DAY:%Y}"), _DAY),
    )
    long = shown.places.melt(["domain", "report_unit"], list(LEVELS), "level", "standing")
    tally = shelf.row_tally(desk)
    groups = {measures_of(house.registry)[c][0].name for c in STRIP}
    ours: dict[str, Counter[tuple[Any, ...]]] = {c.title: Counter() for c in CHARTS}
    for row in long.to_dict("records"):
        ours["subjects by level"][row["level"],] += row["standing"]
        ours["levels by domain"][row["domain"], row["level"]] += row["standing"]
        ours["levels by unit"][row["report_unit"], row["level"]] += row["standing"]
        if row["level"] in figures.RISKY:
            ours["at risk by unit, for the map"][row["report_unit"],] += row["standing"]
    for c in shown.concerns:
        ours["concerns"].update({(c.domain, c.indicator, c.level, unit): n for unit, n in c.where})
    for row in reform[reform["kind"] == ""].to_dict("records"):
        ours["the year of the reform"][row["indicator"],] += round(PART_SCALE * (row["numerator"] + row["denominator"]))
    for row in figures.exceptions_of(desk, limit=10).to_dict("records"):
        ours["the worst ten"][row["subject_id"].replace("-", ""), row["indicator"]] += 1
    ours["what was reported"].update({(n,): int(s) for n, s in tally.groupby("dataset")["rows"].sum().items()})
    theirs = {c.title: _counted(c, told[c.title]) for c in CHARTS}
    return [t for t in ours if +ours[t] != +theirs[t]] + [f"the reform is kept as {groups}"] * (groups != {_REFORM})


def _counted(chart: Chart, rows: Rows) -> Counter[tuple[Any, ...]]:
    """A chart's rows as what they are counted by → how many."""
    by = chart.by if chart.sums else ("subject_id", "indicator")
    found: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        found[tuple(row[n] for n in by)] += sum(int(row[n]) for n in chart.sums) if chart.sums else 1
    return found
