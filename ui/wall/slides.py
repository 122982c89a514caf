"""The slides of a unit, or of the whole of somebody's scope: what each says, from what the pages themselves show."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pandas as pd

from pilotwatch import warnings
from pilotwatch.disposal import CaseFilter
from pilotwatch.disposal.measures import soon_until
from pilotwatch.review import policy
from pilotwatch.review.reporting import reported
from pilotwatch.store import case_lists
from pilotwatch.store import hotspots as shelf
from pilotwatch.warnings import Filter, due_of, limit_of
from pilotwatch.workdays import now, today
from pilotwatch.workdays.months import ended_months
from ui import blocks, cache, maps
from ui.hotspots import words as hot_words
from ui.html import Html, tag
from ui.indicators import value_of
from ui.overview import short, source_of
from ui.screen import Screen
from ui.summary import Summary, judgement
from ui.summary import number as shown
from ui.trends import shown as measure_shown
from ui.wall import parts, picture
from ui.wall.parts import Slide

FEW = 4  # red warnings, hot places
STALE = timedelta(days=7)  # without anything new is said loudly (PRAC)
_REFORM = ("REF-02", "REF-03", "REF-05")


def made(screen: Screen) -> list[Slide]:
    """All of them, in their order; who sees several units gets one of each at the end."""
    summary = Summary.of(cache.overview(screen.desk))
    slides = [
        _judged(screen, summary), _mapped(screen, summary), _red(screen), _overdue(screen), _joint(screen),
        _complete(screen), _policy(screen),
    ]  # fmt: skip
    units = [u for u in summary.units["report_unit"] if u] if len(_units(screen)) > 1 else []
    return [s for s in slides if s] + [_unit(screen, summary, u) for u in units]


def scope_name(screen: Screen) -> str:
    units = _units(screen)
    return screen.unit(units[0]) if len(units) == 1 else screen.everywhere


def stamp(screen: Screen) -> tuple[str, bool]:
    """Of when the data are, and whether that is so long ago that it has to be said loudly."""
    at = cache.newest(screen.desk)
    if at is None:
        return screen.say("frame.no_data"), True
    old = now() - at > STALE
    days = (now() - at).days
    return screen.say("wall.stale" if old else "frame.as_of", at=blocks.moment(at), days=days), old


def _units(screen: Screen) -> list[str]:
    seen = screen.person.units
    return [u.code for u in screen.house.places.units if seen is None or u.code in seen]


# --- the answer ------------------------------------------------------------------------------------------------------


def _judged(screen: Screen, summary: Summary) -> Slide:
    sentence = screen.pick(judgement(summary, scope_name(screen), screen.unit))
    return Slide("judged", screen.say("wall.judged"), parts.together(parts.said(sentence), _counts(screen, summary), _acts(screen, summary)))  # fmt: skip


def _counts(screen: Screen, summary: Summary) -> Html | None:
    if not summary.subjects:
        return None
    word = screen.say("overview.unit_word")
    made_ = [
        parts.number(parts.level(n, screen.say(f"level.{n}")), f"{summary.counts[n]:,}", word)
        for n in ("red", "orange", "yellow")
    ]
    return parts.numbers(*made_, _rate(screen, summary))


def _rate(screen: Screen, summary: Summary) -> Html:
    """Of a part of the city beside the city's line."""
    note = "" if summary.is_city else screen.say("wall.city", rate=shown(summary.city_rate))
    return parts.number(screen.say("overview.rate"), shown(summary.rate), "", note)


def _acts(screen: Screen, summary: Summary) -> Html | None:
    """Who acts first, and by when: on the worst of what is wrong."""
    for worry in summary.concerns[:1]:
        concern = worry.concern
        limit = limit_of(screen.indicators.get(concern.indicator), concern.level).title
        said = screen.say("wall.acts", owner=screen.department(concern.owner), problem=concern.title, n=f"{worry.subjects:,}", limit=limit)  # fmt: skip
        return parts.who(screen.say("wall.who"), said)
    return None


def _unit(screen: Screen, summary: Summary, unit: str) -> Slide:
    own = Summary.of(summary.overview, None, unit)
    sentence = screen.pick(judgement(own, screen.unit(unit), screen.unit))
    body = parts.together(parts.said(sentence), _counts(screen, own), _acts(screen, own))
    return Slide(f"unit-{unit}", screen.unit(unit), body, unit)


# --- where -----------------------------------------------------------------------------------------------------------


def _mapped(screen: Screen, summary: Summary) -> Slide:
    places, units = screen.house.places, _units(screen)
    rates = {r: v for r, v in zip(summary.units["report_unit"], summary.units["rate"], strict=True) if pd.notna(v)}
    names = {u.code: short(screen.pick(u.title)) for u in places.units}
    hot = _hot(screen)
    at = list(zip(hot["lng"], hot["lat"], strict=True)) if len(hot) else []
    drawn = {"rates": rates, "names": names, "hot": at, "alt": screen.say("wall.mapped")}
    inner = maps.inner_districts(places)
    if len(units) == 1:
        own = next(u for u in places.units if u.code == units[0])
        maps_ = tag("div", picture.drawn(places, **drawn, only=(own.division,), chosen=units[0] if own.zone is None else None), cls="maps one")  # fmt: skip
    elif inner:
        maps_ = tag("div", picture.drawn(places, **drawn), picture.drawn(places, **drawn, only=inner), cls="maps")
    else:
        maps_ = tag("div", picture.drawn(places, **drawn), cls="maps one")
    sentence = screen.say("wall.hot" if len(hot) else "wall.hot_none", n=f"{len(hot):,}", where=scope_name(screen))
    listed = parts.lines(
        [(tag("b", hot_words.place(screen, "streets", r)),
          tag("span", screen.say("wall.hot_line", unit=short(screen.unit(r["report_unit"])), what=r["what"], observed=f"{r['observed']:,.0f}", expected=f"{r['expected']:,.1f}")))
         for r in hot.head(FEW).to_dict("records")]
    )  # fmt: skip
    key = tag("p", screen.say("wall.map_key"), " ", source_of(screen), cls="source")
    beside = tag("div", parts.said(sentence, "small"), listed, key)
    return Slide("map", screen.say("wall.mapped"), tag("div", maps_, beside, cls="halves wide"))


def _hot(screen: Screen) -> pd.DataFrame:
    """The hot streets of the newest tests by risk, the likeliest first: what stands out, not what there is most of."""
    newest: dict[str, shelf.Run] = {}
    for run in shelf.runs(screen.desk):
        if run.measure == hot_words.RISK and run.layer == "streets":
            newest.setdefault(run.domain, run)
    found = []
    for run in newest.values():
        rows = shelf.places(screen.desk, run.domain, run.measure, run.layer, run.period)
        title = screen.pick(screen.house.registry.domain(run.domain).title)
        found.append(rows[rows["hot"].astype(bool)].assign(what=title))
    full = [f for f in found if len(f)]
    return pd.concat(full, ignore_index=True).sort_values("p", ignore_index=True) if full else pd.DataFrame()


# --- what and who ----------------------------------------------------------------------------------------------------


def _red(screen: Screen) -> Slide:
    """The gravest open warnings, a subject once, its name masked: this hangs where visitors see it."""
    rows = warnings.listed(screen.desk, Filter(level="red"), limit=60)
    first = rows.drop_duplicates("subject_id").head(FEW)
    counts = warnings.counted(screen.desk, Filter(level="red"))
    total = int(counts["warnings"].sum()) if len(counts) else 0
    if first.empty:
        return Slide(
            "red", screen.say("wall.red"), parts.said(screen.say("wall.red_none", where=scope_name(screen)), "good")
        )
    sentence = screen.say("wall.red_said", where=scope_name(screen), n=f"{total:,}")
    rows_ = [_warning(screen, r) for r in first.to_dict("records")]
    return Slide(
        "red", screen.say("wall.red"), parts.together(parts.said(sentence, "small"), parts.lines(rows_, "warned"))
    )


def _warning(screen: Screen, row: dict) -> tuple[Html, ...]:
    indicator = screen.indicators.get(row["indicator"])
    name = parts.masked(next((row[n] for n in ("name", "code") if isinstance(row[n], str)), ""))
    value = value_of(row["value"], indicator, row["on_day"].date(), screen.language) if indicator else ""
    acted = None if pd.isna(row["acted_at"]) else row["acted_at"].to_pydatetime()
    calendar = screen.house.rulebook().calendar
    due = due_of(calendar, limit_of(indicator, row["level"]), row["opened_at"].to_pydatetime(), now(), acted)
    by = screen.say("wall.by", day=f"{due.last_day:%m-%d}") if due.last_day else screen.pick(due.limit.title)
    state = screen.say("wall.acted") if acted else screen.say("wall.late") if due.progress == "late" else by
    problem = screen.pick(indicator.title) if indicator else row["indicator"]
    return (
        tag("b", f"{short(screen.unit(row['report_unit']))} · {name}"), tag("span", f"{problem} {value}"),
        tag("em", f"{screen.department(row['owner'])} · {state}", cls="late" if state == screen.say("wall.late") else None),
    )  # fmt: skip


def _overdue(screen: Screen) -> Slide:
    at, calendar = now(), screen.house.rulebook().calendar
    rows = case_lists.counted(screen.desk, ["owner"], at, soon_until(at, calendar), CaseFilter(now=at))
    late, open_, soon = (int(rows[n].sum()) for n in ("overdue", "cases", "soon"))
    key = "wall.cases_none" if not open_ else "wall.cases_late" if late else "wall.cases_fine"
    sentence = screen.say(key, where=scope_name(screen), late=f"{late:,}", open=f"{open_:,}", soon=f"{soon:,}")
    worst = rows[rows["overdue"] > 0].sort_values("overdue", ascending=False)
    drawn = parts.bars(
        (screen.department(r["owner"]) or screen.say("wall.no_owner"), int(r["overdue"]), f"{r['overdue']:,} / {r['cases']:,}", "bad")
        for r in worst.to_dict("records")
    )  # fmt: skip
    note = tag("p", screen.say("wall.cases_key"), cls="source") if len(worst) else None
    return Slide(
        "cases", screen.say("wall.cases"), parts.together(parts.said(sentence), drawn if len(worst) else None, note)
    )


# --- how the reform goes -----------------------------------------------------------------------------------------------


def _joint(screen: Screen) -> Slide | None:
    """综合查一次 this year, and beside it whether visits still find what is wrong."""
    unit = _units(screen)[0] if len(_units(screen)) == 1 else None
    year = f"{today():%Y}"
    found = {x.code: x for x in cache.results(screen.desk, "reform", unit, year).lines}
    saved, joint, guard = (found.get(c) for c in _REFORM)
    if not (saved and joint and guard) or joint.value is None:
        return Slide("joint", screen.say("wall.joint"), parts.said(screen.say("wall.joint_none", year=year)))
    measures = {m.code: m for g, m in _measures(screen).values() if m.code in _REFORM}
    told = {x.code: measure_shown(measures[x.code], x.value, screen) for x in (saved, joint, guard)}
    moved = guard.moved(guard.baseline)
    key = "worse" if moved == "worse" else "held" if moved else "unknown"
    sentence = screen.say(
        "wall.joint_said",
        where=scope_name(screen),
        year=year,
        saved=f"{saved.numerator or 0:,.0f}",
        share=told["REF-03"],
    )
    line = screen.say(
        f"wall.guard_{key}", now=told["REF-05"], was=measure_shown(measures["REF-05"], guard.baseline, screen)
    )
    numbers = parts.numbers(
        parts.number(screen.say("ledger.saved"), f"{saved.numerator or 0:,.0f}", screen.say("ledger.visits"), screen.say("wall.of_year", year=year)),
        parts.number(screen.pick(joint.title), told["REF-03"]),
        parts.number(screen.pick(guard.title), told["REF-05"], "", screen.say("wall.guard")),
    )  # fmt: skip
    return Slide("joint", screen.say("wall.joint"), parts.together(parts.said(sentence), numbers, parts.said(line, "small bad" if key == "worse" else "small good" if key == "held" else "small")))  # fmt: skip


def _measures(screen: Screen) -> dict:
    from pilotwatch.figures.ask import measures_of

    return measures_of(screen.house.registry)


def _complete(screen: Screen) -> Slide:
    """How complete and timely the last month's reports are, and who is behind; whether anything new came."""
    (month,), units = ended_months(today(), 1), _units(screen)
    calendar = screen.house.rulebook().calendar
    rows = reported(screen.desk, screen.house.registry, calendar, units, month, today())
    due = sum(len(r.due) for r in rows)
    stamped, old = stamp(screen)
    if not due:
        body = parts.together(
            parts.said(screen.say("wall.reports_none", month=month)),
            parts.said(stamped, "small bad" if old else "small"),
        )
        return Slide("reports", screen.say("wall.reports"), body)
    in_time, there = sum(len(r.of("in_time")) for r in rows), due - sum(len(r.of("missing")) for r in rows)
    missing = Counter({u: sum(len(r.of("missing")) for r in rows if r.report_unit == u) for u in units})
    late = Counter({u: sum(len(r.of("late")) for r in rows if r.report_unit == u) for u in units})
    values = {"month": month, "n": due, "missing": due - there, "where": scope_name(screen)}
    sentence = screen.say("wall.reports_said" if due - there else "wall.reports_all", **values)
    numbers = parts.numbers(
        parts.number(screen.say("wall.complete"), f"{100 * there / due:.0f}", "%", f"{there:,} / {due:,}"),
        parts.number(screen.say("wall.in_time"), f"{100 * in_time / due:.0f}", "%", f"{in_time:,} / {due:,}"),
    )
    behind = [(screen.unit(u), missing[u] + late[u]) for u in units if missing[u] + late[u]]
    drawn = parts.bars(
        (n, k, screen.say("wall.behind", n=k), "") for n, k in sorted(behind, key=lambda x: -x[1])[:5]
    ) if behind and len(units) > 1 else None  # fmt: skip
    return Slide("reports", screen.say("wall.reports"), parts.together(parts.said(sentence), numbers, drawn, parts.said(stamped, "small bad" if old else "small")))  # fmt: skip


def _policy(screen: Screen) -> Slide:
    units = _units(screen)
    standings = policy.ledger(screen.desk, screen.house.settings.data, units, today())
    counts = Counter(s.state for s in standings.values())
    behind = Counter(u for (_, u), s in standings.items() if s.state == "lagging")
    key = "wall.policy_said" if behind else "wall.policy_fine"
    sentence = screen.say(key, where=scope_name(screen), n=len(standings), behind=counts["lagging"])
    numbers = parts.numbers(
        *(
            parts.number(screen.pick(title), f"{counts[s]:,}", "", cls=f"state-{s}")
            for s, title in policy.STATES.items()
        )
    )
    drawn = parts.bars((screen.unit(u), n, screen.say("wall.behind", n=n), "bad") for u, n in behind.most_common(5)) if len(units) > 1 and behind else None  # fmt: skip
    return Slide("policy", screen.say("wall.policy"), parts.together(parts.said(sentence), numbers, drawn))


__all__ = ["STALE", "made", "scope_name", "stamp"]
