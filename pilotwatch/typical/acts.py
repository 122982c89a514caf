"""What people do with a typical case: draft it from closed cases, write on it, submit it, decide on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pilotwatch import disposal
from pilotwatch.domain import Language, Text
from pilotwatch.store import Desk, StoreRefused
from pilotwatch.store import typical as rows
from pilotwatch.store import typical_reads as reads
from pilotwatch.store.typical import Content, Frozen, SourceCase
from pilotwatch.typical.drafting import draft_of, hidden_of
from pilotwatch.typical.figures import House, drawn, figures_of
from pilotwatch.typical.masking import KINDS, Hidden, Leak
from pilotwatch.typical.model import (
    BY_PEOPLE,
    LEAST_LETTERS,
    MOST_LETTERS,
    MOST_TITLE,
    SECTIONS,
    TAGS,
    Figure,
    figure_json,
    figure_of,
)
from pilotwatch.workdays import now

MOST_CASES = 10
LEAST_GROUNDS = 5  # characters of why names are kept


class TypicalRefused(StoreRefused):
    """It can't be done with this text; `rule` is stable, `message` says why and what to do."""


def draft(desk: Desk, house: House, numbers: Sequence[str], language: Language = "zh") -> str:
    """Writes closed cases (by their numbers, the leading one first) up as a draft; returns its number.

    Raises StoreRefused: `no_case`, `not_closed`, `confidential`, `written` (there is one already), `many`.
    """
    numbers = list(dict.fromkeys(n.strip() for n in numbers if n.strip()))
    if not 1 <= len(numbers) <= MOST_CASES:
        raise TypicalRefused("many", _MANY.format(most=MOST_CASES))
    found = [disposal.case(desk, n) for n in numbers]
    for each in found:
        if not _is_closed(each):
            raise TypicalRefused("not_closed", rows.NOT_CLOSED.format(number=each.number))
    cases = [drawn(desk, c) for c in found]
    hidden = hidden_of(desk, house, found, language)
    histories = [disposal.history(desk, c) for c in found]
    content = draft_of(house, cases, histories, figures_of(desk, house, cases), hidden, language)
    sources = [
        SourceCase(c.subject_id, c.id, c.number, c.units, c.domains, tuple(d for d in (c.owner, *c.others) if d)) for c in found
    ]  # fmt: skip
    return rows.create(desk, sources, _searchable(content))


def save(desk: Desk, number: str, seen: int, content: Content) -> None:
    """Keeps what was written. Raises StoreRefused: `no_title`, `long`, `no_tag` for a tag there isn't, and those of the store."""
    if not content.title.strip():
        raise TypicalRefused("no_title", _NO_TITLE)
    if len(content.title.strip()) > MOST_TITLE:
        raise TypicalRefused("long", _LONG.format(section=_TITLE, n=len(content.title.strip()), most=MOST_TITLE))
    for section, text in content.body.items():
        if section not in SECTIONS:
            raise TypicalRefused("no_section", _NO_SECTION.format(section=section, known="、".join(SECTIONS)))
        if len(text) > MOST_LETTERS:
            raise TypicalRefused("long", _LONG.format(section=SECTIONS[section], n=len(text), most=MOST_LETTERS))
    if unknown := [t for t in content.tags if t not in TAGS]:
        raise TypicalRefused("no_tag", _NO_TAG.format(tag=unknown[0], known="、".join(TAGS)))
    rows.save(desk, number, seen, _searchable(content))


def content_of(found: Mapping[str, Any], **changes: Any) -> Content:
    """The content of a version as `find` gives it, changed."""
    told = {n: found[n] for n in ("title", "body", "tags", "kept_names")} | changes
    return Content(
        told["title"], dict.fromkeys(SECTIONS, "") | dict(told["body"]), tuple(told["tags"]), told["kept_names"]
    )


def figures(desk: Desk, house: House, found: Mapping[str, Any]) -> tuple[Figure, ...]:
    """The figures of a version: frozen ones as they were, a draft's as they are now; none while a case of it is open again
    or went out of scope."""
    if found["as_of"] is not None:
        return tuple(figure_of(f) for f in found["figures"])
    if not found["within"]:
        return ()
    try:
        cases = _cases(desk, found)
    except StoreRefused:
        return ()
    return figures_of(desk, house, [drawn(desk, c) for c in cases]) if all(map(_is_closed, cases)) else ()


def problems(desk: Desk, house: House, found: Mapping[str, Any]) -> tuple[list[Text], list[Leak]]:
    """What keeps a draft from being submitted: in sentences what is missing, and what shows somebody. Those of the kind
    `perhaps` are told and keep nothing back."""
    try:
        cases = _cases(desk, found)
    except StoreRefused as no:
        return [no.message], []
    missing = [rows.NOT_CLOSED.format(number=c.number) for c in cases if not _is_closed(c)]
    missing += [] if found["title"].strip() else [_NO_TITLE]
    missing += [
        _WRITE.format(section=SECTIONS[s], least=LEAST_LETTERS)
        for s in BY_PEOPLE
        if len("".join(found["body"].get(s, "").split())) < LEAST_LETTERS
    ]
    if not found["tags"]:
        missing.append(_ONE_TAG)
    if found["kept_names"] and len(found["kept_names"]) < LEAST_GROUNDS:
        missing.append(_KEPT_WHY.format(least=LEAST_GROUNDS))
    return missing, leaks(hidden_of(desk, house, cases), found)


def leaks(hidden: Hidden, found: Mapping[str, Any]) -> list[Leak]:
    """What in a version shows somebody; names and addresses that are kept for a reason are none."""
    texts = {"title": found["title"], **found["body"]}
    every = [leak for section, text in texts.items() for leak in hidden.leaks(text, section)]
    kept = ("named", "address") if found["kept_names"] else ()
    return [leak for leak in every if leak.kind not in kept]


def submit(desk: Desk, house: House, number: str, seen: int) -> None:
    """Hands a draft in, with its figures frozen as of now. Raises StoreRefused: `incomplete`, `shows_somebody`, and those of
    the store."""
    found = reads.find(desk, number)
    if not found["within"] or found["state"] != "draft":
        rows.submit(desk, number, seen, Frozen((), {}, now()))  # says why not
    missing, shown = problems(desk, house, found)
    if missing:
        raise TypicalRefused("incomplete", _joined(missing))
    if sure := [leak for leak in shown if leak.kind != "perhaps"]:
        raise TypicalRefused("shows_somebody", _SHOWS.format(what=_named(sure)))
    cases, as_of = [drawn(desk, c) for c in _cases(desk, found)], now()
    told = [figure_json(f) for f in figures_of(desk, house, cases)]
    rows.submit(desk, number, seen, Frozen(told, {c.case.id: c.case.version for c in cases}, as_of))


def approve(desk: Desk, number: str, seen: int, *, checked: bool, remark: str = "") -> None:
    """Publishes a submitted text. `checked`: whoever does it has read it for personal data."""
    if not checked:
        raise TypicalRefused("not_checked", _NOT_CHECKED)
    rows.approve(desk, number, seen, remark)


def adopt(desk: Desk, house: House, number: str, taker: str, note: str) -> None:
    """Notes that a unit or department takes the practice over; TypicalRefused "no_taker" for a code there isn't."""
    if taker not in takers(desk, house):
        raise TypicalRefused("no_taker", _NO_TAKER.format(taker=taker))
    rows.adopt(desk, number, taker, note)


def takers(desk: Desk, house: House, but: Collection[str] = ()) -> dict[str, Text]:
    """The units and departments for which a person may note that they take a practice over: code → title."""
    person = desk.person
    units = {u.code: u.title for u in house.places.units if person.units is None or u.code in person.units}
    departments = {c: d.title for c, d in house.places.departments.items()}
    if person.departments is not None:
        found = {c: t for c, t in departments.items() if c in person.departments}
    else:
        found = units if person.units is not None else units | departments
    return {c: t for c, t in found.items() if c not in but}


# --- within --------------------------------------------------------------------------------------------------------


def _cases(desk: Desk, found: Mapping[str, Any]) -> list[disposal.Case]:
    return [disposal.case(desk, s["number"]) for s in found["sources"]]


def _is_closed(case: disposal.Case) -> bool:
    return case.state in rows.CLOSED and case.closed_at is not None


def _searchable(content: Content) -> Content:
    tags = [w for t in content.tags for w in (TAGS[t].zh, TAGS[t].en)]
    words = " ".join([content.title, *content.body.values(), *tags])
    return Content(content.title, content.body, content.tags, content.kept_names, words)


def _named(found: Sequence[Leak]) -> Text:
    def told(leak: Leak) -> Text:
        section = SECTIONS.get(leak.section, _TITLE)
        return Text("{section}中的“{words}”（{kind}）", "“{words}” in {section} ({kind})").format(
            section=section, words=leak.words, kind=KINDS[leak.kind]
        )

    parts = [told(leak) for leak in found[:5]]
    return Text("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))


def _joined(texts: Sequence[Text]) -> Text:
    return Text("".join(t.zh for t in texts), " ".join(t.en for t in texts))


_TITLE = Text("标题", "the title")
_MANY = Text("请写明 1 至 {most} 个案件编号。", "Name 1 to {most} cases by their numbers.")
_NO_TITLE = Text("请填写标题。", "Give it a title.")
_LONG = Text(
    "{section}有 {n} 字，最多 {most} 字，请删减。", "{section} has {n} characters, {most} at most: shorten it."
)
_NO_SECTION = Text("没有“{section}”这一部分。可用：{known}。", "There is no section {section}. There are: {known}.")
_NO_TAG = Text("没有“{tag}”这个标签。可用：{known}。", "There is no tag {tag}. There are: {known}.")
_ONE_TAG = Text("请至少选择一个标签。", "Choose one tag at least.")
_WRITE = Text("请填写“{section}”（至少 {least} 字）。", "Write “{section}” ({least} characters at least).")
_KEPT_WHY = Text(
    "保留名称的，请写明依据（至少{least}个字）。", "Say on what grounds names are kept ({least} characters at least)."
)
_SHOWS = Text(
    "文中出现{what}。典型案例对全市公开，请改为概称后再送审；确需保留企业名称或地址的，请在“保留名称的依据”中写明。个人信息一律不得保留。",
    "The text has {what}. Every unit reads it: put it in general words, or say on what grounds a firm's name or address is kept. "
    "Personal data is never kept.",
)
_NOT_CHECKED = Text(
    "请先核对全文不含个人信息和应当隐去的名称，并勾选确认。",
    "Read it for personal data and names that should be masked first, and confirm that you did.",
)
_NO_TAKER = Text(
    "没有“{taker}”这个单位或部门，或不属于您。", "There is no unit or department {taker}, or it isn't yours."
)
