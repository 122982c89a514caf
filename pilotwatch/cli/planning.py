"""Plans of joint visits: made, kept, adopted; what stood in the way and who is short."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, day, person, refuse, rows_of, say, show
from pilotwatch.domain import Text

if TYPE_CHECKING:
    from datetime import date

app = typer.Typer()

_TOLD = ("due", "visits", "joint", "apart", "separate", "saved", "lower_bound", "stabbing", "lagrangian", "cost", "gap", "optimal", "trips", "trips_bound", "undone_hours")  # fmt: skip


@app.command("plan")
def plan_command(
    first: Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="The first day.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="The last day.")] = None,
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Only this reporting unit's; may be given again.")] = None,
    domain: Annotated[list[str] | None, typer.Option("--domain", help="Only this domain's; may be given again.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep it as a draft; without it nothing is stored.")] = False,
    number: Annotated[str | None, typer.Option("--plan", metavar="NUMBER", help="Show a kept plan instead, or act on it.")] = None,
    adopt: Annotated[bool, typer.Option("--adopt", help="Adopt the plan of --plan.")] = False,
    seed: Annotated[str | None, typer.Option(help="Orders the subjects chosen by share; the same seed, the same plan.")] = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Merges the checks due between two days into the fewest visits: visits, departments, lower bound, gap, what isn't
    planned and why, who is short."""
    from pilotwatch.inspection import edits, propose
    from pilotwatch.store import StoreRefused, plans
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    try:
        if number is not None:
            kept = plans.plan(desk, number)
            kept = edits.adopt(workspace, desk, kept) if adopt else kept
            visits, checks = plans.visits(desk, plan_id=kept.id), plans.checks(desk, kept.id)
            document = _document(kept.first, kept.last, kept.units, kept.domains, kept.result, visits, checks)
            show(
                {"plan": kept.number, "state": kept.state, "version": kept.version, **document},
                as_json,
                _lines(document),
            )
            return
        days = _period(first, last, as_json)
        began = time.perf_counter()
        made = propose.propose(
            workspace, desk, *days, units=unit or (), domains=domain or (), seed=seed or f"{days[0]}", progress=_progress(as_json)
        )  # fmt: skip
        seconds = round(time.perf_counter() - began, 2)
        document = _document(made.first, made.last, made.units, made.domains, made.result, made.visits, made.checks)
        if keep:
            document = {"plan": edits.keep(desk, made).number, "state": "draft", **document}
        show({**document, "seconds": seconds}, as_json, _lines(document))
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)


def _period(first: str | None, last: str | None, as_json: bool) -> tuple[date, date]:
    begin, end = day(first, as_json), day(last, as_json)
    if begin is None or end is None:
        refuse(
            Text("请用 --from 和 --to 给出开始和结束日期。", "Give the first and the last day with --from and --to."),
            as_json, rule="period", code=2,
        )  # fmt: skip
    return begin, end


def _progress(as_json: bool) -> Callable[[Text, float], None]:
    told: list[str] = []

    def progress(step: Text, _share: float) -> None:
        if not as_json and step.zh not in told:
            told.append(step.zh)
            say(step)

    return progress


def _document(first: Any, last: Any, units: Any, domains: Any, result: Any, visits: Any, checks: Any) -> dict[str, Any]:
    """The plan as a document: what the whole comes to, each visit with its checks, and the checks that are in none."""
    lists = {n: [json.loads(t) for t in visits[n]] for n in ("departments", "domains")}
    shown = [
        "id",
        "day",
        "subject_id",
        "name",
        "code",
        "report_unit",
        "street_code",
        "hours",
        "pinned",
        "counted",
        "announced",
    ]
    mine = checks.assign(
        matters=[json.loads(t) for t in checks["matters"]], first=_day(checks["first"]), last=_day(checks["last"])
    )
    about = ["department", "matters", "source", "ref", "hours", "first", "last", "reason", "why_zh", "why_en"]
    of_visit = {k: rows_of(g[about]) for k, g in mine.dropna(subset=["visit_id"]).groupby("visit_id")}
    rows = rows_of(visits.assign(day=_day(visits["day"]))[shown])
    return {
        "from": f"{first}", "to": f"{last}", "units": list(units), "domains": list(domains),
        **{n: result[n] for n in _TOLD}, "scarce": result["scarce"], "hours": result["hours"],
        "unmet": result["unmet"], "left_out": result["left_out"], "not_merged": result["not_merged"],
        "planned": [
            {**row, "departments": lists["departments"][i], "domains": lists["domains"][i], "checks": of_visit.get(row["id"], [])}
            for i, row in enumerate(rows)
        ],
        "not_planned": rows_of(mine.loc[mine["visit_id"].isna(), ["subject_id", "name", "report_unit", *about]]),
    }  # fmt: skip


def _day(days: Any) -> Any:
    return [None if d is None else f"{d:%Y-%m-%d}" for d in days]


def _lines(document: dict[str, Any]) -> Iterator[str]:
    """What a person reads."""
    if "plan" in document:
        yield f"{document['plan']}  {document['state']}"
    yield f"{document['from']} — {document['to']}  应查 {document['due']} 项 → 入企 {document['visits']} 次（各查各的 {document['apart']} 次，减少 {document['saved']} 次）"
    yield f"due {document['due']} checks → {document['visits']} visits (apart {document['apart']}, saved {document['saved']})"
    yield f"下界 bound {document['lower_bound']}  差距 gap {100 * document['gap']:.2f}%{'  最优 optimal' if document['optimal'] else ''}"
    for reason, n in {**document["unmet"], **document["left_out"]}.items():
        yield f"  {reason}: {n}"
    for s in document["scarce"][:5]:
        yield f"  短缺 short: {s['department']} {s['unit'] or '全市'} {s['week']} {s['short']:g} h, {s['worth']:g}"
