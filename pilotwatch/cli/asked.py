"""`pilotwatch figures CODE`: any figure, and how it was made."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Day, Limit, day, person, refuse, rows_of, show, subject_of
from pilotwatch.domain import Indicator, Measure, Text, Version

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer()

_BY = {"report_unit", "division_code", "street_code"}


@app.command("figures")
def figures_command(
    code: Annotated[str, typer.Argument(help="An indicator's or a measure's code: REF-03, OIL-07, PPC-M01.")],
    unit: Annotated[str | None, typer.Option(help="Only this reporting unit, by its code.")] = None,
    division: Annotated[str | None, typer.Option(help="Only this division, by its code.")] = None,
    street: Annotated[str | None, typer.Option(help="Only this street, by its code.")] = None,
    subject: Annotated[str | None, typer.Option(help="This one subject: its code or its id.")] = None,
    period: Annotated[str | None, typer.Option(help="2026-10, 2026Q3 or 2026; default: the year so far.")] = None,
    by: Annotated[str, typer.Option(help="report_unit, division_code, street_code or city.")] = "city",
    on: Day = None,
    limit: Limit = 20,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """A figure with its parts, its bound and basis, and what it was made of: rows for a subject, subjects for a place."""
    from pilotwatch.figures import ask
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    asked_on = day(on, as_json) or today()
    if by not in {*_BY, "city"}:
        refuse(_NO_BY.format(by=by, known="、".join(sorted(_BY))), as_json, rule="no_place", code=2)
    try:
        wanted = ask.Period.of(period or f"{asked_on:%Y}")
    except ValueError:
        refuse(_NO_PERIOD.format(period=period), as_json, rule="no_period", code=2)
    where = {n: v for n, v in zip(ask.BY, (unit, division, street), strict=True) if v}
    _known_places(workspace, where, as_json)
    question = _Question(
        workspace, desk, wanted, asked_on, where, () if by == "city" else (by,), subject and _subject(desk, subject, as_json), limit,
    )  # fmt: skip
    measures = {c: m for c, (_, m) in ask.measures_of(workspace.registry).items()}
    indicators = {i.code: i for i in workspace.registry.indicators}
    told = [m for c, m in measures.items() if c == code or (c[:-1] == code and c[-1].islower())]
    if told:
        documents = [question.measure(m) for m in told]
    elif code in indicators:
        documents = [question.indicator(indicators[code])]
    else:
        near = difflib.get_close_matches(code.upper(), [*measures, *indicators], n=3, cutoff=0.5)
        refuse(_NO_CODE.format(code=code, near="、".join(near) or "—"), as_json, rule="no_code", code=2)
    show(documents[0] if len(documents) == 1 else {"code": code, "measures": documents}, as_json)


class _Question:
    """What was asked: of whom, where and when; answers it for a measure or an indicator."""

    def __init__(
        self, workspace: Any, desk: Any, period: Any, on: date, where: Mapping[str, str], by: tuple[str, ...],
        subject: str | None, limit: int,
    ):  # fmt: skip
        self.found, self.desk, self.period, self.on = workspace.registry, desk, period, on
        self.where, self.by, self.subject, self.limit = where, by, subject, limit

    def measure(self, measure: Measure) -> dict[str, Any]:
        from pilotwatch import bounds
        from pilotwatch.figures import ask

        group, _ = ask.measures_of(self.found)[measure.code]
        (measure,) = bounds.measures_in_force(self.desk, group.name, [measure])
        document = {
            **_about(measure, measure.in_force(self.on)), "value_is": measure.value, "numerator_is": measure.numerator.zh,
            "denominator_is": measure.denominator.zh, "kinds": {k.name: k.zh for k in measure.named_kinds},
            "reference": measure.reference.zh, "period": self.period.text, "told": "by_day" if measure.state else "added_up",
            "as_of": self._brought_to(group.key), "scope": self._scope(),
        }  # fmt: skip
        if self.subject:
            rows = ask.of_subject(self.desk, self.found, measure.code, self.subject, self.period, self.on)
            made = ask.sources(self.desk, self.found, measure.code, self.subject, self.period, self.on)
            return {**document, "as_of": self.on.isoformat(), "figures": rows_of(rows), "sources": self._sources(made)}
        asked = (self.desk, self.found)
        rows = ask.measured(*asked, [measure.code], self.period, self.on, by=self.by, where=self.where)
        total, most = ask.contributing(*asked, measure.code, self.period, self.on, where=self.where, limit=self.limit)
        return {**document, "figures": rows_of(rows), "subjects": {"total": total, "most": rows_of(most)}}

    def indicator(self, indicator: Indicator) -> dict[str, Any]:
        from pilotwatch import bounds, warnings
        from pilotwatch.figures import ask

        found = bounds.in_force(self.desk, self.found)
        indicator = next(i for i in found.indicators if i.code == indicator.code)
        domain = next(d.name for d in found.domains if indicator in d.indicators)
        document = {
            **_about(indicator, indicator.in_force(self.on)), "inputs": {i.name: i.zh for i in indicator.inputs},
            "period": self.period.text, "told": "by_day", "as_of": self._brought_to(domain), "scope": self._scope(),
        }  # fmt: skip
        if self.subject:
            told = warnings.explain(self.desk, self.found, indicator.code, self.subject, self.on)
            inputs = {i.name: value for i, value in told.inputs}
            one = {"value": told.value, "level": told.level, "bound": told.bound, "inputs": inputs}
            return {**document, "as_of": self.on.isoformat(), "figures": [one], "sources": self._sources(told.sources)}
        asked = (self.desk, found, indicator, self.period, self.on)
        levels = ask.levels_of(*asked, by=self.by, where=self.where)
        area = ask.area_of(*asked, by=self.by, where=self.where) if indicator.area else None
        document["figures"] = rows_of(levels)
        return document if area is None else {**document, "area": rows_of(area)}

    def _scope(self) -> dict[str, Any]:
        return {**self.where, "by": self.by[0] if self.by else "city", "subject": self.subject}

    def _brought_to(self, name: str) -> str | None:
        from pilotwatch.store import shelf

        told = shelf.brought_to(self.desk, name)
        return told and told.isoformat()

    def _sources(self, rows: pd.DataFrame) -> list[dict[str, Any]]:
        """The rows with the file each came in, which the batch knows."""
        files = {b: self.desk.batch(b).file for b in rows["batch_id"].unique()}
        named = rows.rename(columns={"source_row": "row", "record_key": "key"}).drop(columns=["id", "batch_id"])
        return rows_of(named.assign(file=rows["batch_id"].map(files)))


def _about(told: Indicator | Measure, version: Version | None) -> dict[str, Any]:
    """What a figure is: formula, owner, the bounds and basis in force."""
    from pilotwatch.levels import basis_of

    levels = {n: getattr(version.levels, n) for n in ("red", "orange", "yellow", "blue")} if version else {}
    basis = version.basis if version else told.basis
    return {
        "code": told.code, "title": told.zh, "title_en": told.en, "unit": told.unit, "formula": told.formula.zh,
        "formula_en": told.formula.en, "owner": told.owner, "first_action": told.first_action.zh,
        "bounds": {n: {"bound": str(b), "basis": basis_of(b)} for n, b in levels.items() if b},
        "basis": {"level": basis.level, "source": basis.source},
    }  # fmt: skip


def _subject(desk: Any, named: str, as_json: bool) -> str:
    """The id of the subject in scope that a code or an id names."""
    return subject_of(desk, named) or refuse(_NO_SUBJECT.format(named=named), as_json, rule="no_subject")


def _known_places(workspace: Any, where: Mapping[str, str], as_json: bool) -> None:
    places = workspace.places
    known: dict[str, Iterable[str]] = {
        "report_unit": [u.code for u in places.units], "division_code": [d.code for d in places.divisions],
        "street_code": places.streets,
    }  # fmt: skip
    for name, code in where.items():
        if code not in known[name]:
            near = difflib.get_close_matches(code, list(known[name]), n=3)
            refuse(
                _NO_PLACE.format(place=code, near="、".join(near or list(known[name])[:9])),
                as_json,
                rule="no_place",
                code=2,
            )


_NO_CODE = Text("没有编号为“{code}”的指标。相近的有：{near}", "No figure has the code {code}. Near to it: {near}")
_NO_PERIOD = Text(
    "“{period}”不是期间，应写作 2026-10、2026Q3 或 2026。",
    "{period} is no period; write it as 2026-10, 2026Q3 or 2026.",
)
_NO_BY = Text("“{by}”不是分组方式，应为 {known} 或 city。", "{by} is no way to group; it is {known} or city.")
_NO_PLACE = Text(
    "没有代码为“{place}”的区域。如：{near}", "No place has the code {place}. There is, for instance: {near}"
)
_NO_SUBJECT = Text(
    "没有编号为“{named}”的监管对象，或它不在您的权限范围内。请核对统一社会信用代码或房屋编码。",
    "No subject is known by {named}, or it is outside your scope. Check its credit code or house number.",
)
