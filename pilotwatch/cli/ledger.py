"""What joint visits saved and past ones missed, the guard before a visit, and whether less checking cost safety."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, Day, Limit, OfUnit, day, person, refuse, rows_of, show, subject_of
from pilotwatch.domain import Text

app = typer.Typer()


@app.command("ledger")
def ledger_command(
    period: Annotated[str, typer.Option(help="A month (2026-10), a quarter (2026Q3) or a year.")],
    unit: OfUnit = None,
    reach: Annotated[str, typer.Option(help="How far visits may be moved: d0, d3, d7, d14, d30 or window.")] = "d14",
    limit: Limit = 20,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """The visits saved, row by row (their sum is REF-02), and what past visits missed, by how far they may be moved."""
    from pilotwatch.figures.ask import Period
    from pilotwatch.inspection.ledger import NAME, ask, trace
    from pilotwatch.inspection.ledger.past import REACHES
    from pilotwatch.store import ledger as kept
    from pilotwatch.store import shelf
    from pilotwatch.workspace import Workspace

    try:
        months = Period.of(period).months
    except ValueError:
        _refuse("no_period", f"“{period}”不是月份、季度或年度，应写作 2026-10、2026Q3 或 2026。",
                f"{period} is no month, quarter or year; write it as 2026-10, 2026Q3 or 2026.", as_json)  # fmt: skip
    if reach not in REACHES:
        _refuse(
            "no_reach",
            f"没有“{reach}”这一档。可选：{'、'.join(REACHES)}",
            f"There is no {reach}. There are: {', '.join(REACHES)}",
            as_json,
        )
    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    where = {"report_unit": unit} if unit else None
    whole = kept.totals(desk, months, where=where)
    rows = kept.listed(desk, months, where=where, limit=limit)
    made = trace.sources(desk, rows)
    by_rule = kept.totals(desk, months, by=("rule",), where=where)
    sums = (
        shelf.period_sums(desk, NAME, ["missed"], months, where=where, shared=True)
        .groupby("kind")[["numerator", "denominator"]]
        .sum()
    )
    chance = kept.chances(desk)
    chance = chance[chance["report_unit"] == (unit or "")]
    total, most = kept.most(desk, "missed", reach, months, where=where, limit=limit)
    missed = ask.missed_of(desk, most["subject_id"].tolist(), reach, months)[:limit]
    names = dict(zip(most["subject_id"], most["name"], strict=True))
    document = {
        "period": period, "unit": unit,
        "saved": {"visits": int(whole["visits"].sum()), "saved": int(whole["saved"].sum()), "by_rule": rows_of(by_rule)},
        "rows": [
            _told(row) | {"sources": rows_of(made.loc[made["visit"] == at, ["record_key", "file", "sheet", "source_row"]])}
            for at, row in rows.iterrows()
        ],
        "missed": {r: {"missed": int(sums["numerator"].get(r, 0)), "of": int(sums["denominator"].get(r, 0))} for r in REACHES},
        "chance": rows_of(chance), "subjects": total,
        "first": [
            {
                "subject": names.get(m.subject_id), "subject_id": m.subject_id, "needed": m.needed, "together": m.together,
                "days": [f"{d}" for d in m.days],
                "visits": [{"day": f"{t.day}", "departments": t.departments, "task_no": t.task_no, "scan_id": t.scan_id} for t in m.trips],
            }
            for m in missed
        ],
    }  # fmt: skip
    show(document, as_json)


def _told(row: Any) -> dict[str, Any]:
    names = ("id", "subject_id", "name", "task_no", "scan_id", "trigger", "saved", "rule", "report_unit")
    lists = {n: json.loads(row[n]) for n in ("departments", "replaced")}
    return {n: row[n] for n in names} | {"day": f"{row['day']:%Y-%m-%d}"} | lists


@app.command("guard")
def guard_command(
    subject: Annotated[str, typer.Argument(help="The subject: its id or its code.")],
    department: Annotated[str, typer.Option(help="Who would go, by its code (SWJ).")],
    matter: Annotated[list[str] | None, typer.Option(help="What would be checked; several times for several.")] = None,
    on: Day = None,
    trigger: Annotated[str, typer.Option(help="Why; what has a cause is never stopped.")] = "双随机",
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """What a planned visit would repeat; exit code 1 where something stops it."""
    from pilotwatch.inspection.ledger.ask import guard
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    found = subject_of(desk, subject)
    if found is None:
        _refuse("no_subject", f"没有找到监管对象“{subject}”，或它不在您的权限范围内。请核对代码。",
                f"There is no subject {subject}, or it is outside your scope. Check its code.", as_json)  # fmt: skip
    if department not in workspace.places.departments:
        _refuse("no_department", f"没有代码为“{department}”的部门。", f"There is no department {department}.", as_json)
    stops = guard(desk, found, day(on, as_json) or today(), department, matter or (), trigger=trigger)
    told = [
        {"rule": s.code, "severity": s.severity, "message": s.said.zh, "message_en": s.said.en, "visits": [f"{v.day}" for v in s.visits],
         "join": s.join and f"{s.join}"}
        for s in stops
    ]  # fmt: skip
    show({"subject_id": found, "stops": told}, as_json)
    if any(s.severity == "stop" for s in stops):
        raise typer.Exit(1)


@app.command("safety")
def safety_command(
    months: Annotated[int, typer.Option(min=1, max=12, help="How many of the last months that have ended.")] = 12,
    on: Day = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Visits and what befell the same subjects, against the year before, by domain and unit."""
    from dataclasses import asdict

    from pilotwatch.inspection.ledger.safety import compare
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    found = compare(desk, workspace.registry.domains, day(on, as_json) or today(), months=months)
    show({"months": months, "units": [asdict(h) | {"verdict": h.verdict, "p_complaints": round(h.complaints.p, 4),
                                                   "p_incidents": round(h.incidents.p, 4)} for h in found]}, as_json)  # fmt: skip


def _refuse(rule: str, zh: str, en: str, as_json: bool) -> Any:
    refuse(Text(zh, en), as_json, rule=rule, code=2)
