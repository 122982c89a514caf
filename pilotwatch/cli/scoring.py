"""How good the indicators are, and how risky a subject is."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

import typer

from pilotwatch.cli.common import AsJson, AsUser, OfDomain, day, person, refuse, say, show, subject_of
from pilotwatch.domain import Text

app = typer.Typer()

Month = Annotated[str | None, typer.Option(metavar="YYYY-MM", help="A month (or a day, YYYY-MM-DD).")]


@app.command("backtest")
def backtest_command(
    what: Annotated[str, typer.Argument(metavar="[indicators|hotspots]", help="Indicators over the past, or hot spots against what the demo city has planted.")] = "indicators",
    domain: Annotated[str | None, typer.Option(help="Only this domain.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Only this indicator, by its code.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="YYYY-MM", help="From this month on; default: a year and a horizon back.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="Up to the end of this month; default: today.")] = None,
    known_by: Annotated[str, typer.Option("--known-by", help="record: when a record says it was known; arrival: not before its upload came.")] = "record",
    budget: Annotated[float, typer.Option(min=0, help="New warnings a week of one indicator that can be looked into.")] = 5.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Keep nothing: the screens go on showing the last one.")] = False,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Replays history without looking ahead: precision, recall, lead, and what other bounds would have done.

    `backtest hotspots`: of the hot spots found how many were planted, and of the planted ones how many are found.
    """
    if what not in ("indicators", "hotspots"):
        refuse(_NO_SUCH_THING.format(given=what), as_json, rule="what", code=2)
    if what == "hotspots":
        _hotspots(domain, user, as_json)
        return
    from pilotwatch import bounds, scorecard
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    if known_by not in ("record", "arrival"):
        refuse(_NO_SUCH_WAY.format(given=known_by), as_json, rule="known_by", code=2)
    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    until = min(_month(last, as_json, end=True) or today(), today())
    since = _month(first, as_json, end=False)
    if since and since >= until:
        refuse(_NO_TIME.format(first=first or "", last=last or f"{until}"), as_json, rule="no_time", code=2)
    found = bounds.in_force(desk, workspace.registry)
    chosen = [d for d in found.domains if domain in (None, d.name) and _has(d, indicator)]
    if not chosen:
        refuse(_NOTHING.format(domain=domain or "", code=indicator or ""), as_json, rule="no_indicator", code=2)
    truths = scorecard.planted.read(workspace.settings.var / "demo-truth.json")
    done = []
    for one in chosen:
        plan = scorecard.plan(one, until, since=since, indicator=indicator, by=_by(known_by), budget=budget)
        told = None if as_json else lambda step, _share: say(step)
        result = scorecard.run(desk, plan, truths, told)
        done.append(result)
        if not dry_run:
            scorecard.keep(desk, result)
    show({"backtests": done}, as_json, (line for result in done for line in _backtest_lines(result)))


def _hotspots(domain: str | None, user: str | None, as_json: bool) -> None:
    from pilotwatch.hotspots import backtest, keep
    from pilotwatch.store import hotspots as shelf
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    truth = workspace.settings.var / "demo-truth.json"
    planted = backtest.planted(truth, workspace.registry)
    if not planted or domain not in (None, *planted):
        refuse(_NOTHING_PLANTED.format(file=str(truth)), as_json, rule="nothing_planted")
    for name in planted:
        if not any(r.subjects for r in shelf.runs(desk) if r.domain == name):
            keep.update(workspace.store, workspace.registry, workspace.places, domain=name)
    found = [row for row in backtest.against(desk, workspace.registry, truth) if domain in (None, row["domain"])]
    show({"hotspots": found}, as_json, (line for row in found for line in _hot_lines(row)))


@app.command("scorecard")
def scorecard_command(
    domain: OfDomain = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Every indicator by what became of its warnings: open, precision by verdicts, lead, never acted on."""
    from pilotwatch import bounds, scorecard
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    found = scorecard.scores_of(desk, bounds.in_force(desk, workspace.registry), workspace.calendar())
    rows = [s.as_json() for s in found if domain in (None, s.domain.name)]
    show({"indicators": rows}, as_json, (_score_line(r) for r in rows))


@app.command("score")
def score_command(
    subject: Annotated[str, typer.Argument(help="A subject's id, or its code (credit code, house number).")],
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """A subject's risk: its points with why, its classes, how often it may be visited, its re-gradings."""
    from pilotwatch import risk
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    subject_id = subject_of(desk, subject)
    found = risk.risk_of(desk, workspace.registry, subject_id, risk.signer(workspace.settings)) if subject_id else []
    if not found:
        refuse(_NO_SUBJECT.format(given=subject), as_json, rule="no_card")
    show({"risks": [r.as_json() for r in found]}, as_json, (line for r in found for line in _risk_lines(r)))


@app.command("grade")
def grade_command(
    subject: Annotated[str, typer.Argument(help="A subject's id, or its code.")],
    to: Annotated[str, typer.Argument(help='A, B, C or D; "-" goes back to the computed class.')],
    reason: Annotated[str, typer.Option(help="Why, and what it rests on; it is signed.")],
    domain: Annotated[str | None, typer.Option(help="The domain, where the subject is listed in several.")] = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Gives a subject another risk class, signed, with a reason."""
    from pilotwatch import risk
    from pilotwatch.store import StoreRefused
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    desk = workspace.desk(person(workspace, user, as_json))
    subject_id, sign = subject_of(desk, subject), risk.signer(workspace.settings)
    found = risk.risk_of(desk, workspace.registry, subject_id, sign) if subject_id else []
    mine = [r for r in found if domain in (None, r.domain.name)]
    if len(mine) != 1:
        refuse((_WHICH_DOMAIN if mine else _NO_SUBJECT).format(given=subject), as_json, rule="no_card")
    try:
        event = risk.regrade(desk, subject_id, mine[0].domain.name, "" if to == "-" else to.upper(), reason, sign)
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)
    show(event, as_json)


# --- what is asked -------------------------------------------------------------------------------------------------


def _has(domain: Any, code: str | None) -> bool:
    return code is None or any(i.code == code for i in domain.indicators)


def _by(known_by: str) -> Literal["record", "arrival"]:
    return "arrival" if known_by == "arrival" else "record"


def _month(text: str | None, as_json: bool, *, end: bool) -> date | None:
    """A month's first or last day; a day as it is."""
    if text is None or len(text) != len("2026-11"):
        return day(text, as_json)
    begins = day(f"{text}-01", as_json)
    return begins.replace(day=calendar.monthrange(begins.year, begins.month)[1]) if end else begins


# --- what is told --------------------------------------------------------------------------------------------------


def _backtest_lines(done: dict[str, Any]) -> Iterator[str]:
    yield f"# {done['domain']}  {done['from']} … {done['to']}  {done['decision_days']} × {done['step_days']} d, H = {done['horizon_weeks']} w, {done['subjects']} subjects"
    for row in done["indicators"]:
        for level, found in row["levels"].items():
            yield (
                f"{row['indicator']}  {level:<7} 每周 {found['per_week']:>6}  命中 {_share(found['precision'])}  "
                f"召回 {_share(found['recall'])}  领先 {_days(found['lead_days'])}  随机 {_percent(row['chance']['value'])}"
            )
        for trade in row["tradeoffs"]:
            proposed = trade["proposed"]
            yield f"    {trade['level']}: {trade['name']} {trade['sign']} {trade['current']:g} → {_or_dash(proposed['bound'])} ({proposed['why']}), 按预算 {_or_dash(proposed['by_budget'])}"
    for row in done["planted"]:
        yield (
            f"预埋 {row['kind']:<22} {row['indicator'] or '合计':<8} {row['planted']:>4}  命中 {_share(row['precision'])}  "
            f"召回 {_share(row['recall'])}  领先 {_days(row['lead_days'])}"
        )


def _hot_lines(row: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{row['domain']}  {row['layer']:<8} {row['period']}  热点 {row['hot']:>4}  命中 {_share(row['precision'])}  "
        f"召回 {_share(row['recall'])}  覆盖对象 {_share(row['covered'])}"
    )
    for street in row["streets"]:
        yield (
            f"    {street['street']}  预埋 {street['planted']:>4}  对象 {street['subjects']:>5}  实际 {street['observed']:g}  "
            f"应有 {street['expected']:g}  热点 {street['hot_places']}"
        )


def _score_line(row: dict[str, Any]) -> str:
    return (
        f"{row['indicator']}  在办 {row['open']:>6}  办结 {row['closed']:>5}  命中 {_share(row['precision'])}  移送 {row['transferred']}  "
        f"数据错误 {row['data']}  领先 {_days(row['lead_days'])}  未处置 {_percent(row['never_acted']['value'])}  每周 {row['per_week']:g}"
    )


def _risk_lines(found: Any) -> Iterator[str]:
    yield f"{found.domain.zh}  {found.score:g} 分  风险等级 {found.risk_class}（评分得出 {found.computed_class}）  信用等级 {found.credit_class or '—'}  优先度 {found.priority:g}"
    for line in found.lines:
        yield f"  {line.part.title.zh:<8} {line.points:>6g} / {line.part.most:g}  {line.why.zh}"
    yield f"  抽查比例 {100 * found.frequency.ratio:g} %，每年计划检查不超过 {found.frequency.most_visits} 次：{found.frequency.note.zh}"
    if found.composite is not None:
        yield f"  {found.domain.composite.zh} {found.composite:g}（{found.composite_level}）"
    for g in found.gradings:
        intact = "签名有效" if g.intact else "签名不符"
        yield f"  {g.at:%Y-%m-%d} {g.by_name} {g.from_class} → {g.to_class or '恢复评分'}：{g.reason}（{intact}）"


def _share(share: dict[str, Any]) -> str:
    if not share["of"]:
        return "—".ljust(24)
    few = "" if share["enough"] else " 样本过少"
    return f"{_percent(share['value'])} [{_percent(share['low'])}–{_percent(share['high'])}] {share['hits']}/{share['of']}{few}".ljust(
        24
    )


def _days(spread: dict[str, Any]) -> str:
    if spread["median"] is None:
        return "—"
    few = "" if spread["enough"] else " 样本过少"
    return f"{spread['median']:g} d [{spread['low_quartile']:g}–{spread['high_quartile']:g}]{few}"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f}%"


def _or_dash(number: float | None) -> str:
    return "—" if number is None else f"{number:g}"


_NO_SUCH_THING = Text(
    "可回测的是 indicators（指标）或 hotspots（热点），没有“{given}”。",
    "What can be tested back is indicators or hotspots, not {given}.",
)
_NOTHING_PLANTED = Text(
    "没有预埋热点可供对照（{file}）。只有演示城市有预埋的热点；请用 pilotwatch demo 生成，或改写 --domain。",
    "There are no planted hot spots to compare with ({file}). Only the demo city has them: build one, or change --domain.",
)
_NO_SUCH_WAY = Text(
    "--known-by 应为 record（按记录自身日期）或 arrival（不早于入库日期），现为“{given}”。",
    "--known-by is record (as the records date themselves) or arrival (not before the upload came), not {given}.",
)
_NO_TIME = Text(
    "回测起点（{first}）应早于终点（{last}）。请改写 --from 或 --to。",
    "The back-test must begin ({first}) before it ends ({last}). Change --from or --to.",
)
_NO_SUBJECT = Text(
    "没有“{given}”的风险评分，或不在您的权限范围内。请核对统一社会信用代码或房屋编码；刚上线时请先运行 pilotwatch update。",
    "There is no risk card of {given}, or it is not in your scope. Check the code; a new house runs pilotwatch update first.",
)
_WHICH_DOMAIN = Text(
    "“{given}”在多个领域都有评分，请用 --domain 指明。",
    "{given} has a card in several domains: name one with --domain.",
)
_NOTHING = Text(
    "没有符合条件的指标（领域“{domain}”，指标“{code}”）。现有指标见 pilotwatch domains list。",
    "No indicator is asked for (domain “{domain}”, indicator “{code}”). pilotwatch domains list shows them.",
)
