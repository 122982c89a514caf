"""How things stand: subjects by level, and what is wrong, who acts and by when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from pilotwatch.brief import charts, words
from pilotwatch.brief.model import Block, Note, Part, Parts, Sentence, Table
from pilotwatch.brief.room import Room
from pilotwatch.domain import LEVELS, Text
from pilotwatch.figures import RISKY, WORST, Concern, Overview
from pilotwatch.review import Results
from pilotwatch.store import shelf
from pilotwatch.warnings import limit_of

FIRST_UNITS = 3  # of those where most is wrong


@dataclass(frozen=True)
class Standing:
    """Subjects by domain, unit and level (columns domain, report_unit, level, subjects), as of when, from which screen."""

    rows: pd.DataFrame
    as_of: str

    def count(self, *levels: str, domain: str | None = None, unit: str | None = None) -> int:
        """Of these levels; of all where none is named."""
        rows = self.rows
        for column, value in (("domain", domain), ("report_unit", unit)):
            rows = rows if value is None else rows[rows[column] == value]
        return int(rows["subjects"].sum() if not levels else rows.loc[rows["level"].isin(levels), "subjects"].sum())

    def rate(self, domain: str | None = None, unit: str | None = None) -> float | None:
        """Subjects at red or orange per 100; None where there are none."""
        every = self.count(domain=domain, unit=unit)
        return 100 * self.count(*RISKY, domain=domain, unit=unit) / every if every else None


def standing(room: Room, seen: Overview) -> Standing:
    """As of now while the period lasts, else as its last month ended; without rows where nothing of that is kept."""
    if room.lasts:
        rows = seen.places[["domain", "report_unit", *LEVELS]]
        rows = rows.melt(["domain", "report_unit"], list(LEVELS), "level", "subjects")
    else:
        rows = shelf.month_levels(room.desk, [WORST], room.period.months)
        rows = rows[rows["month"] == rows["month"].max()]
    rows = rows[["domain", "report_unit", "level", "subjects"]]
    return Standing(rows if room.unit is None else rows[rows["report_unit"] == room.unit], room.ended)


def judge(room: Room, seen: Overview, now: Standing, found: Results) -> Iterator[Block]:
    """The scope in a sentence: how many at risk, against the city, the period before and the year before."""
    if not now.count():
        text = words.NO_SUBJECT if room.lasts else words.NONE_KEPT
        yield room.told(text.format(where=room.where, period=period_name(room)), "lead")
        return
    note = level_note(room, now.as_of)
    rated = rate_note(room, now.as_of)
    parts = room.parts(
        words.JUDGE, where=room.where, subjects=room.count(now.count(), note, "levels", "all"),
        red=room.count(now.count("red"), note, "levels", "red"), orange=room.count(now.count("orange"), note, "levels", "orange"),
        rate=room.rate(now.rate(), rated, "rate"),
    )  # fmt: skip
    parts += _against(room, seen, rated, found)
    if silent := now.count("nodata"):
        parts += room.parts(words.JUDGE_NODATA, n=room.count(silent, note, "levels", "nodata"))
    yield Sentence(parts, "lead")


def _against(room: Room, seen: Overview, note: Note, found: Results) -> Parts:
    """The city's rate, where less than the city is looked at; and what it was."""
    parts: Parts = ()
    whole = sum(d.city_subjects for d in seen.domains)
    if room.lasts and whole and (room.unit or room.desk.person.units is not None):
        city = 100 * sum(d.city_risky for d in seen.domains) / whole
        parts += room.parts(words.JUDGE_CITY, city=room.rate(city, note, "city_rate"))
    _, last, before = found.risk
    reviewed = room.note(words.REVIEW, "review", "RATE", room.word(words.PER_100), room.word(words.RATE_HOW),
                         room.of_domains(*(d.name for d in seen.domains)), as_of=room.ended, period=room.period.text)  # fmt: skip
    if last is not None:
        parts += room.parts(words.JUDGE_LAST, last=room.rate(last, reviewed, "risk", "last"))
        if before is not None:
            parts += room.parts(words.JUDGE_BEFORE, before=room.rate(before, reviewed, "risk", "baseline"))
        else:
            parts = (*parts[:-1], "户。" if room.language == "zh" else " in 100. ")
    return parts


def by_domain(room: Room, seen: Overview, now: Standing) -> Table:
    rows = []
    for line in seen.domains:
        note, rated = level_note(room, now.as_of, line.name), rate_note(room, now.as_of, line.name)
        rows.append(
            (
                (line.title(room.language),),
                (room.count(now.count(domain=line.name), note, "domain", line.name, "all"),),
                *(
                    (room.count(now.count(v, domain=line.name), note, "domain", line.name, v),)
                    for v in ("red", "orange", "yellow", "nodata")
                ),
                (room.rate(now.rate(line.name), rated, "domain", line.name, "rate"),),
            )
        )
    return _levels_table(room, room.word(words.BY_DOMAIN), room.word(words.DOMAIN), rows)


def by_unit(room: Room, now: Standing) -> Table:
    """The units, the highest rate first."""
    note, rated = level_note(room, now.as_of), rate_note(room, now.as_of)
    order = sorted(room.units, key=lambda u: -(now.rate(unit=u) or -1.0))
    rows = [
        (
            (room.unit_name(u),),
            (room.count(now.count(unit=u), note, "unit", u, "all"),),
            *((room.count(now.count(v, unit=u), note, "unit", u, v),) for v in ("red", "orange", "yellow", "nodata")),
            (room.rate(now.rate(unit=u), rated, "unit", u, "rate"),),
        )
        for u in order
    ]
    return _levels_table(room, room.word(words.BY_UNIT), room.word(words.UNIT), rows)


def _levels_table(room: Room, title: str, first: str, rows: list[tuple[Parts, ...]]) -> Table:
    shown = [room.word(words.LEVEL[v]) for v in ("red", "orange", "yellow", "nodata")]
    head = (first, room.word(words.SUBJECTS), *shown, room.word(words.PER_100))
    return Table(title, head, tuple(rows), (2.6, 1.2, 1, 1, 1, 1.2, 1), frozenset(range(1, 7)))


def chart(room: Room, seen: Overview, now: Standing, width: float = charts.WIDTH) -> charts.Picture:
    """The levels of each domain as a bar."""
    bars = []
    for line in seen.domains:
        note = level_note(room, now.as_of, line.name)
        counts = [(v, room.count(now.count(v, domain=line.name), note, "domain", line.name, v)) for v in LEVELS]
        bars.append((line.title(room.language), counts))
    return charts.levels(room.word(words.CHART_LEVELS), bars, {v: room.word(t) for v, t in words.LEVEL.items()}, width)


# --- what is wrong -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worry:
    """An indicator with subjects at risk: level → (its concern, how many of them in the scope of the brief)."""

    domain: str
    indicator: str
    levels: dict[str, tuple[Concern, int]]

    @property
    def gravest(self) -> Concern:
        return self.levels[min(self.levels, key=LEVELS.index)][0]

    @property
    def subjects(self) -> int:
        return sum(n for _, n in self.levels.values())

    @property
    def where(self) -> list[tuple[str, int]]:
        """The units, that with most first."""
        counts: dict[str, int] = {}
        for concern, _ in self.levels.values():
            for unit, n in concern.where:
                counts[unit] = counts.get(unit, 0) + n
        return sorted(counts.items(), key=lambda x: -x[1])


def worries(room: Room, seen: Overview, domain: str | None = None) -> list[Worry]:
    """What is wrong, those with red subjects first, then by number: the order of the first screen."""
    by: dict[tuple[str, str], dict[str, tuple[Concern, int]]] = {}
    for c in seen.concerns:
        n = c.subjects if room.unit is None else dict(c.where).get(room.unit, 0)
        if n and domain in (None, c.domain):
            by.setdefault((c.domain, c.indicator), {})[c.level] = (c, n)
    found = [Worry(d, i, levels) for (d, i), levels in by.items()]
    return sorted(found, key=lambda w: (-("red" in w.levels), -w.subjects))


def wrong(room: Room, seen: Overview, most: int, domain: str | None = None) -> Iterator[Block]:
    """What is wrong, who acts, by when: at most so many lines, and how many more there are."""
    found = worries(room, seen, domain)
    if not found:
        yield room.told(words.NOTHING_WRONG)
        return
    several = room.unit is None and len(room.units) > 1
    names = [words.PROBLEM, words.HOW_MANY, *([words.MOST] if several else []), words.OWNER, words.WITHIN, words.FIRST]
    widths = (2.2, 1.0, *([1.6] if several else []), 1.55, 1.35, 2.5)
    rows = tuple(_worry(room, w, several) for w in found[:most])
    title = room.word(words.WHO_ACTS) if domain is None else room.word(_WRONG_OF, domain=_title(room, domain))
    yield Table(title, tuple(room.word(n) for n in names), rows, widths)
    if len(found) > most:
        note = room.note(words.OVERVIEW, "overview", "LEVEL", room.word(words.SUBJECTS), room.word(words.LEVELS_HOW),
                         room.of_domains(*({domain} if domain else {d.name for d in seen.domains})), domain=domain)  # fmt: skip
        yield room.told(
            words.MORE_WRONG, "small", n=room.count(len(found) - most, note, "more", domain or "", str(most))
        )


def _worry(room: Room, worry: Worry, several: bool) -> tuple[Parts, ...]:
    concern = worry.gravest
    indicator = room.indicators.get(worry.indicator)
    note = room.of_indicator(indicator, worry.domain) if indicator else level_note(room, room.day, worry.domain)
    counts: list[Part] = []
    for level, text in (("red", words.COUNTS), ("orange", words.COUNTS_ORANGE)):
        if level in worry.levels:
            n = room.count(worry.levels[level][1], note, "concern", worry.domain, worry.indicator, level)
            counts += [*([" "] if counts else []), *room.parts(text, **{level: n})]
    where: list[Part] = []
    for unit, n in worry.where[:FIRST_UNITS] if several else []:
        shown = room.count(n, note, "where", worry.domain, worry.indicator, unit)
        where += [
            *(["、" if room.language == "zh" else ", "] if where else []),
            f"{short(room.unit_name(unit))} ",
            shown,
        ]
    limit = limit_of(indicator, concern.level).title
    return (
        (concern.title(room.language),), tuple(counts), *([tuple(where)] if several else []), (room.department(concern.owner),),
        (room.word(words.FIRST_WITHIN, limit=limit),), (concern.first_action(room.language),),
    )  # fmt: skip


def short(title: str) -> str:
    """高新区（新市区） → 新市区: a table has little room."""
    inside = title.partition("（")[2].rstrip("）") or title.partition(" (")[2].rstrip(")")
    return inside or title


def period_name(room: Room) -> str:
    """2026年第3季度, 2026年10月, 2026年."""
    text = room.period.text
    if "Q" in text:
        return room.word(words.QUARTER, year=text[:4], n=text[-1])
    if "-" in text:
        return room.word(words.MONTH, year=text[:4], n=int(text[-2:]))
    return room.word(words.YEAR, year=text)


def _title(room: Room, domain: str) -> str:
    return room.house.registry.domain(domain).title(room.language)


def level_note(room: Room, as_of: str, domain: str | None = None) -> Note:
    return room.note(words.OVERVIEW, "overview", "LEVEL", room.word(words.SUBJECTS), room.word(words.LEVELS_HOW),
                     _tables(room, domain), as_of=as_of, domain=None)  # fmt: skip


def rate_note(room: Room, as_of: str, domain: str | None = None) -> Note:
    return room.note(words.OVERVIEW, "overview", "RATE", room.word(words.PER_100), room.word(words.RATE_HOW),
                     _tables(room, domain), as_of=as_of, domain=None)  # fmt: skip


def _tables(room: Room, domain: str | None) -> tuple[str, ...]:
    seen = room.desk.person.domains
    names = [d.name for d in room.house.registry.domains if seen is None or d.name in seen]
    return room.of_domains(*(names if domain is None else [domain]))


_WRONG_OF = Text("{domain}：需要处置的问题", "{domain}: what needs action")
