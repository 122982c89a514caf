"""Puts a brief together, from the functions that the screens read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pilotwatch import review
from pilotwatch.access import marks
from pilotwatch.brief import acting, citymap, measures, situation, words
from pilotwatch.brief.model import Block, Brief, Form, Heading, Note, Picture, Section, Table, numbers_of
from pilotwatch.brief.room import BriefRefused, House, Room
from pilotwatch.domain import Language, Text
from pilotwatch.figures import Overview, overview
from pilotwatch.figures.ask import Period
from pilotwatch.hotspots.export import source_of
from pilotwatch.reform import NAME as REFORM
from pilotwatch.review import Results
from pilotwatch.store import Desk
from pilotwatch.workdays import now, today

PAGE_WRONG, PAGE_MOVED, LONG_WRONG, DOMAIN_WRONG = 6, 6, 5, 8


def brief(
    desk: Desk, house: House, period: str, *, unit: str | None = None, form: Form = "page", language: Language = "zh",
    on: date | None = None,
) -> Brief:  # fmt: skip
    """The brief of a unit (by its code; None: all of the person's) and a period (2026-10, 2026Q3, 2026).

    Raises
    ------
    BriefRefused : "no_period", "to_come", "no_unit", or "other_unit" for one that isn't the person's; StoreRefused for
        whoever may not read.
    """
    room = room_of(desk, house, period, unit, language, on)
    seen = overview(desk, house.registry, on=room.on)
    found = review.results(desk, house.registry, period, room.on, unit=room.unit)
    standing = situation.standing(room, seen)
    sections = (_page if form == "page" else _long)(room, seen, standing, found)
    name = situation.period_name(room)
    who = marks.mark(desk.person, room.at)(language)
    return Brief(
        room.word(words.TITLE, where=room.where), room.word(words.SUBTITLE, period=name), room.unit, period, form, language,
        who, room.word(words.DEMO) if house.demo else "", tuple(sections), room.at, room.approved,
        f"brief-{room.unit or 'all'}-{period}-{form}",
    )  # fmt: skip


def room_of(
    desk: Desk, house: House, period: str, unit: str | None = None, language: Language = "zh", on: date | None = None
) -> Room:
    """What a brief is about, after it was looked at whether it may be; raises BriefRefused as `brief` does."""
    on = on or today()
    try:
        asked = Period.of(period)
    except ValueError as error:
        raise BriefRefused("no_period", words.NO_PERIOD.format(period=period)) from error
    if asked.months[0] > f"{on:%Y-%m}":
        raise BriefRefused("to_come", words.TO_COME.format(period=period))
    titles = {u.code: u.title for u in house.places.units}
    mine = [u for u in titles if desk.person.units is None or u in desk.person.units]
    known = Text("、".join(f"{titles[u].zh}（{u}）" for u in mine), ", ".join(f"{titles[u].en} ({u})" for u in mine))
    if unit is not None and unit not in titles:
        raise BriefRefused("no_unit", words.NO_UNIT.format(unit=unit, known=known))
    if unit is not None and unit not in mine:
        raise BriefRefused("other_unit", words.OTHER_UNIT.format(unit=titles[unit], known=known))
    if unit is None and len(mine) == 1:
        unit = mine[0]
    return Room(desk, house, unit, asked, on, now(), language)


def _page(room: Room, seen: Overview, standing: situation.Standing, found: Results) -> Iterator[Section]:
    """What a leader reads: what is wrong, who acts, by when, what moved."""
    yield Section(
        room.word(words.SITUATION), (*situation.judge(room, seen, standing, found), *_pictures(room, seen, standing))
    )
    yield Section(room.word(words.WRONG), tuple(situation.wrong(room, seen, PAGE_WRONG)))
    moved = (*measures.judge(room, found), *measures.moved(room, found, PAGE_MOVED))
    yield Section(room.word(words.MOVED), moved)
    yield Section(room.word(words.DISPOSAL), tuple(acting.judge_cases(room, acting.cases(room))))


def _pictures(room: Room, seen: Overview, standing: situation.Standing) -> Iterator[Block]:
    """Levels and map, side by side."""
    if standing.count():
        yield situation.chart(room, seen, standing, 78.0)
        yield from _map(room, standing, acting.hot_points(acting.tests(room)), 96.0, 58.0)


def _long(room: Room, seen: Overview, standing: situation.Standing, found: Results) -> Iterator[Section]:
    tests = acting.tests(room)
    sections = [
        Section(room.word(words.SITUATION), tuple(_situation(room, seen, standing, found))),
        Section(room.word(words.DOMAINS), tuple(_domains(room, seen, found))),
        Section(room.word(words.REFORM), tuple(_reform(room, found))),
        Section(room.word(words.DISPOSAL), tuple(_disposal(room))),
        Section(room.word(words.HOT), (*acting.hot(room, tests), *_map(room, standing, acting.hot_points(tests)))),
        Section(room.word(words.TASKS), tuple(acting.judge_tasks(room))),
    ]
    yield from sections
    yield Section(room.word(words.APPENDIX), tuple(_appendix(room, sections)))


def _situation(room: Room, seen: Overview, standing: situation.Standing, found: Results) -> Iterator[Block]:
    yield from situation.judge(room, seen, standing, found)
    if standing.count():
        yield situation.chart(room, seen, standing)
        yield situation.by_domain(room, seen, standing)
        if len(room.units) > 1:
            yield situation.by_unit(room, standing)
    yield room.told(words.WRONG_NOTE.format(day=room.day))
    yield from situation.wrong(room, seen, LONG_WRONG)


def _domains(room: Room, seen: Overview, found: Results) -> Iterator[Block]:
    for line in seen.domains:
        title = line.title(room.language)
        yield Heading(title)
        yield from measures.judge(room, found, line.name)
        yield from situation.wrong(room, seen, DOMAIN_WRONG, line.name)
        yield from measures.full(room, found, line.name, f"{title}：{room.word(words.DOMAIN_RESULTS)}" if room.language == "zh" else f"{title}: {room.word(words.DOMAIN_RESULTS)}")  # fmt: skip


def _reform(room: Room, found: Results) -> Iterator[Block]:
    yield from measures.judge(room, found)
    yield from measures.saved(room)
    yield from measures.effects(room)
    if (drawn := measures.chart(room, found)) is not None:
        yield drawn
    yield from measures.full(room, found, REFORM, room.word(words.RESULTS))


def _disposal(room: Room) -> Iterator[Block]:
    seen = acting.cases(room)
    yield from acting.judge_cases(room, seen)
    if (drawn := acting.funnel(room, seen)) is not None:
        yield drawn
    yield from acting.flow(room, seen)


def _map(
    room: Room,
    standing: situation.Standing,
    hot: list[tuple[float, float]],
    width: float = citymap.WIDTH,
    height: float = citymap.HEIGHT,
) -> Iterator[Picture]:
    note = situation.rate_note(room, standing.as_of)
    rates = {u: room.rate(standing.rate(unit=u), note, "unit", u, "rate") for u in room.units if standing.count(unit=u)}
    names = {u.code: situation.short(u.title(room.language)).removesuffix(" District") for u in room.house.places.units}
    yield citymap.drawn(
        room.word(words.MAP if room.unit is None else words.MAP_ONE), room.house.places, rates, names, hot, chosen=room.unit,
        source=source_of(room.house.places)(room.language),
        legend=(room.word(words.PER_100), room.word(words.LEVEL["nodata"]), room.word(words.HOT_PLACE)), width=width, height=height,
    )  # fmt: skip


def _appendix(room: Room, sections: list[Section]) -> Iterator[Block]:
    """Every figure that was told, how it is reckoned, and the newest batch behind it."""
    yield room.told(words.APPENDIX_NOTE)
    notes: dict[str, Note] = {}
    for section in sections:
        for block in section.blocks:
            for number in numbers_of(block):
                notes.setdefault(number.note.code, number.note)
    rows = tuple(
        ((n.code,), (n.title,), (n.how or "—",), (n.batch or "—",))
        for n in sorted(notes.values(), key=lambda n: n.code)
    )
    head = tuple(room.word(h) for h in (words.CODE, words.FIGURE, words.HOW, words.BATCH))
    yield Table(room.word(words.LISTED), head, rows, (1.2, 1.8, 3.6, 2.2))
