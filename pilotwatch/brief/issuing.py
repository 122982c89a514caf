"""A brief is issued: numbered in its series, written as Word and PDF, and kept with every number that was in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from pilotwatch.brief import words
from pilotwatch.brief.made import brief
from pilotwatch.brief.model import Brief, Form, Number, Sentence, plain
from pilotwatch.brief.out import KINDS
from pilotwatch.brief.room import House
from pilotwatch.domain import LEVELS, Language, Text
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.settings import Settings
from pilotwatch.store import Desk, Person, Store, briefs
from pilotwatch.store.briefs import Audience, Issue, Kept
from pilotwatch.store.deliveries import Attached, Line, Notice
from pilotwatch.workdays import BEIJING, Calendar, now


class Workspace(Protocol):
    """What briefs are issued from: an open `Workspace`."""

    settings: Settings
    registry: Registry
    places: Places
    store: Store

    def calendar(self, region: str | None = None) -> Calendar: ...


@dataclass(frozen=True)
class Order:
    """What is to be issued. `unit`: None for the whole of the person's scope."""

    unit: str | None
    period: str
    form: Form = "page"
    language: Language = "zh"
    audience: Audience = "leader"


def house_of(workspace: Workspace) -> House:
    """What a brief needs of an open workspace."""
    return House(
        workspace.registry, workspace.places, workspace.calendar(), workspace.settings.data, workspace.store.demo
    )


def narrowed(person: Person, unit: str | None, audience: Audience) -> Person:
    """Through whose desk it is made: for a unit's own readers it holds what the unit may see, whoever has it made."""
    return replace(person, units=frozenset({unit})) if unit and audience != "office" else person


def issue(
    workspace: Workspace, person: Person, order: Order, *, key: str | None = None, series: str = "", number: int = 0,
    item: tuple[str, str] | None = None, at: datetime | None = None,
) -> Kept:  # fmt: skip
    """Makes a brief and keeps it; those it is for are told.

    Parameters
    ----------
    person : by whose rights it is made.
    key : which issue it is: one that was kept under it before is given back. Default: a new one.
    series, number : its place in its series, where that was given before; else it is the next.
    item : (job, unit) that it is made for, marked in the same transaction.

    Raises
    ------
    BriefRefused : as `brief` does; StoreRefused for whoever may not read.
    """
    store, moment = workspace.store, at or now()
    maker = narrowed(person, order.unit, order.audience)
    told = brief(
        store.desk(maker), house_of(workspace), order.period, unit=order.unit, form=order.form, language=order.language,
        on=moment.astimezone(BEIJING).date(),
    )  # fmt: skip
    if not series:
        series = briefs.series_of(person, told.unit or "", moment)
        number = briefs.next_number(store.desk(person), series)
    told = numbered(told, number, series.rpartition("/")[2])
    wanted = Issue(
        key or f"asked:{series}:{number}", series, number, told.unit or "", order.period, order.form, order.language,
        order.audience, told.title, moment.astimezone(BEIJING).date(), told.at, told.approval, store.data_version(),
        sum(1 for _ in told.numbers()), facts(told), _written(told),
    )  # fmt: skip
    lead = next((plain(b.parts) for b in told.blocks() if isinstance(b, Sentence) and b.weight == "lead"), "")

    def tell(kept: Kept, readers: Sequence[str]) -> Iterable[Notice]:
        return [_notice(kept, reader, lead) for reader in readers]

    return briefs.keep(
        store.desk(person), wanted, bounds=briefs.bounds_of(maker), item=item, tell=tell, at=at
    )  # fmt: skip


def numbered(told: Brief, number: int, year: str) -> Brief:
    """The brief with its number in its series under the title."""
    shown = words.ISSUE.format(year=year, n=number)(told.language)
    return replace(told, subtitle=f"{shown}{'　' if told.language == 'zh' else ' · '}{told.subtitle}")


def _written(told: Brief) -> dict[str, bytes]:
    from pilotwatch.brief.pdf import pdf
    from pilotwatch.brief.word import docx

    return {"docx": docx(told), "pdf": pdf(told)}


def _notice(kept: Kept, reader: str, lead: str) -> Notice:
    """What the readers of a brief are told: its first sentence, where it is kept, and the view it was made of."""
    about = title_of(kept)
    view = urlencode({n: v for n, v in (("form", kept.form), ("unit", kept.unit), ("period", kept.period)) if v})
    lines = [Line(Text(lead, lead))] if lead else []
    lines.append(Line(words.TOLD.format(n=kept.told, by=kept.by_name, at=f"{kept.as_of.astimezone(BEIJING):%Y-%m-%d %H:%M}"), "note"))  # fmt: skip
    files = tuple(Attached(file_name(kept, kind), KINDS[kind], digest) for kind, (digest, _) in kept.files.items())
    return Notice(
        reader, "brief", f"brief:{kept.id}", about, lines, f"/brief?view=kept&kept={kept.id}",
        ((words.LIVE_VIEW, f"/brief?{view}"),), files,
    )  # fmt: skip


def title_of(kept: Kept) -> Text:
    """2026年第3期：天山区…简报."""
    shown = words.ISSUE.format(year=kept.year, n=kept.number)
    return Text(f"{kept.title} {shown.zh}", f"{kept.title} {shown.en}")


def file_name(kept: Kept, kind: str) -> str:
    """What a document of a kept brief is called."""
    shown = words.ISSUE.format(year=kept.year, n=kept.number)(kept.language)  # type: ignore[arg-type]
    return f"{kept.title}-{shown}-{kept.period}.{kind}".replace("/", "-")


# --- numbers -------------------------------------------------------------------------------------------------------


def facts(told: Brief) -> dict[str, Any]:
    """Every number of a brief with its note, as plain data: {"notes": [{…}], "numbers": [[fact, value, shown, note], …]}."""
    notes: dict[Any, int] = {}
    numbers = [[list(n.fact), n.value, n.shown, notes.setdefault(n.note, len(notes))] for n in told.numbers()]
    names = ("code", "title", "source", "path", "as_of", "batch", "approval")
    return {"notes": [{name: getattr(n, name) for name in names} for n in notes], "numbers": numbers}


@dataclass(frozen=True)
class Moved:
    """A number that isn't what it was when the brief was issued; None: it wasn't there, or is no longer."""

    fact: tuple[str, ...]
    title: str
    code: str
    then: str | None
    now: str | None
    note: str  # how it was approved then


def moved(then: dict[str, Any], now_: Brief) -> list[Moved]:
    """What a brief would say otherwise now, in the order in which it was told."""
    before = {tuple(fact): (value, shown, then["notes"][note]) for fact, value, shown, note in then["numbers"]}
    after: dict[tuple[str, ...], Number] = {n.fact: n for n in now_.numbers()}
    found = []
    for fact, (value, shown, note) in before.items():
        new = after.get(fact)
        if not _same(new.value if new else None, value):
            found.append(Moved(fact, note["title"], note["code"], shown, new.shown if new else None, note["approval"]))
    found += [
        Moved(fact, n.note.title, n.note.code, None, n.shown, n.note.approval)
        for fact, n in after.items()
        if fact not in before and n.value is not None
    ]
    return found


def since(workspace: Workspace, desk: Desk, kept: Kept) -> list[Moved]:
    """What the same brief would say otherwise now, made anew with the scope it was made with."""
    maker = briefs.maker_of(desk.person, kept.scope)
    told = brief(
        workspace.store.desk(maker), house_of(workspace), kept.period, unit=kept.unit or None, form=kept.form,  # type: ignore[arg-type]
        language=kept.language,  # type: ignore[arg-type]
    )  # fmt: skip
    return moved(briefs.numbers(desk, kept), told)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))
    return a == b


def said_of(house: House | Workspace, fact: Sequence[str], language: Language) -> str:
    """Which part of a figure a fact is, in words: the unit, the domain, the level; "" where its title says it all."""
    units = {u.code: u.title for u in house.places.units}
    domains = {d.name: d.title for d in house.registry.domains}
    known = units | domains | {n: words.LEVEL[n] for n in LEVELS if n in words.LEVEL} | words.PARTS
    found = [known[part](language) for part in fact[1:] if part in known]
    return ("，" if language == "zh" else ", ").join(dict.fromkeys(found))
