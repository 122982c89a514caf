"""The working days: what is entered over the national and the regional calendar."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, AsUser, day, person, refuse, show

app = typer.Typer()


@app.command("list")
def calendar_list(
    year: Annotated[int | None, typer.Option(help="Only this year's entries.")] = None,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Withdrawn ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """The entries, and what is still missing of each year."""
    from pilotwatch.store import days
    from pilotwatch.workdays import today
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    calendar = workspace.calendar()
    this = today().year
    told = {
        "years": [_year(calendar, y) for y in ([year] if year else range(this - 2, this + 2))],
        "entries": [
            _entry(e)
            for e in days.entries(workspace.desk(person(workspace, None)))
            if year in (None, e.entry.day.year) and (withdrawn or e.withdrawn_at is None)
        ],
    }
    show(told, as_json)


@app.command("add")
def calendar_add(
    first: Annotated[str, typer.Argument(metavar="DAY", help="2027-02-06, or 2027-02-06..2027-02-12.")],
    kind: Annotated[str, typer.Argument(help="off (a day off) or work (a day worked).")],
    region: Annotated[str, typer.Option(help="CN, XJ.")] = "XJ",
    festival: Annotated[str, typer.Option(help="As festivals.csv names it; a day of two: 国庆节、中秋节.")] = "",
    notice: Annotated[str, typer.Option(help="The number of the notice; without one it is 待确认.")] = "",
    unattested: Annotated[bool, typer.Option("--unattested", help="Shown as 待确认 and not counted.")] = False,
    reason: Annotated[str, typer.Option(help="Why, or where it is from.")] = "",
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Enters a day, or a run of days, from a notice."""
    from pilotwatch.store import StoreRefused, days
    from pilotwatch.workdays import ClockRefused
    from pilotwatch.workspace import Workspace

    begins, _, ends = first.partition("..")
    begin = day(begins, as_json)
    end = day(ends, as_json) or begin
    workspace = Workspace.open()
    wanted = days.Notice(begin, end, region, kind, not unattested, festival, notice, reason)  # type: ignore[arg-type]
    try:
        made = days.enter(
            workspace.desk(person(workspace, user, as_json)), wanted, folder=workspace.settings.data / "calendars"
        )
        calendar = workspace.calendar()
    except (StoreRefused, ClockRefused) as no:
        refuse(no.message, as_json, rule=no.rule)
    years = dict.fromkeys((begin.year, end.year))
    show({"entered": [_entry(e) for e in made], "years": [_year(calendar, y) for y in years]}, as_json)


@app.command("withdraw")
def calendar_withdraw(
    entry: Annotated[str, typer.Argument(metavar="ID", help="As pilotwatch calendar list shows it.")],
    reason: Annotated[str, typer.Option(help="Why; it stays on record.")] = "",
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Takes an entry back; it stays on record and counts no longer."""
    from pilotwatch.store import StoreRefused, days
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    try:
        days.withdraw(workspace.desk(person(workspace, user, as_json)), [entry], reason)
    except StoreRefused as no:
        refuse(no.message, as_json, rule=no.rule)
    show({"withdrawn": entry}, as_json)


def _year(calendar: Any, year: int) -> dict[str, Any]:
    """What is known of a year: `settled`, `unconfirmed` (a regional notice is missing) or `unknown` (nothing is counted)."""
    state = "settled" if year in calendar.settled else "unconfirmed" if year in calendar.years else "unknown"
    missing = {r.code: list(gone) for r in calendar.regions if (gone := calendar.missing(r, year))}
    return {"year": year, "state": state, "missing": missing}


def _entry(e: Any) -> dict[str, Any]:
    told = {"id": e.id, "day": e.entry.day.isoformat(), "region": e.entry.region, "kind": e.entry.kind,
            "attested": e.entry.attested, "festival": e.entry.festival, "notice_no": e.entry.notice_no, "reason": e.reason,
            "by": e.by, "at": e.at}  # fmt: skip
    if e.withdrawn_at:
        told["withdrawn"] = {"by": e.withdrawn_by, "at": e.withdrawn_at, "reason": e.withdrawn_why}
    return told
