"""A draw through a person's desk: prepared, sealed by a second person, made, verified; and what is told of it.

The nonce is shown once, to whoever seals the draw, and kept nowhere: until it is revealed nobody who has the store can
know or choose what will be drawn, and whoever has the nonce doesn't know the public number.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from pilotwatch.domain import Domain, Text
from pilotwatch.inspection.draw import plans, verify
from pilotwatch.inspection.draw.lists import DrawRefused, Entry, Inspector, Plan, entries, inspectors, sha256, written
from pilotwatch.inspection.draw.tickets import Pick, commit, draw, seed, why_not
from pilotwatch.risk.grid import BASIS, BY_CLASS
from pilotwatch.store import Desk, draws, visit_tasks
from pilotwatch.workdays import BEIJING, now, today

CLASSES = tuple(BY_CLASS)
XPCC = "xpcc"
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Asked:
    """What a draw is to be made of. `shares`: class (the worse of credit and risk) → share of its subjects.

    `unit` None: all of the person's. `public_source` names a random number to come, `public_at` when it comes.
    """

    domain: Domain
    title: str
    public_source: str
    public_at: datetime
    until: date
    departments: tuple[str, ...]
    unit: str | None = None
    officers: int = 2
    shares: Mapping[str, float] | None = None
    reserve_share: float = plans.RESERVE_SHARE
    weighted: bool = False
    lists: tuple[str, ...] = ()  # datasets of the domain that are drawn from; (): its first one

    @property
    def datasets(self) -> tuple[str, ...]:
        return self.lists or (self.domain.subjects[0].spec.dataset,)


@dataclass(frozen=True)
class Outlook:
    """What a draw would be: how many of how many in each stratum, how many by pure chance, how many may go."""

    sizes: Mapping[str, int]
    counts: Mapping[str, int]
    reserve: int
    inspectors: Mapping[str, int]
    left_out: int  # subjects of the XPCC, who are under another jurisdiction

    @property
    def drawn(self) -> int:
        return sum(self.counts.values()) + self.reserve


def shares_of(asked: Asked) -> dict[str, float]:
    return {c: BY_CLASS[c].ratio for c in CLASSES} | dict(asked.shares or {})


def outlook(desk: Desk, asked: Asked) -> Outlook:
    """What would be frozen now; nothing is kept."""
    rows, staff, left_out = _lists(desk, asked)
    counts = plans.counts(rows, shares_of(asked))
    by_chance = plans.reserve(sum(counts.values()), len(rows), asked.reserve_share)
    able = Counter(i.department for i in staff if i.valid_until >= asked.until)
    return Outlook(
        dict(Counter(e.stratum for e in rows)), counts, by_chance, {d: able[d] for d in asked.departments}, left_out
    )


def prepare(desk: Desk, asked: Asked, *, at: datetime | None = None) -> str:
    """Freezes the lists and the rules; gives the number of the draw. Raises DrawRefused where they can't be drawn from."""
    at = at or now()
    _demand(asked, at)
    rows, staff, left_out = _lists(desk, asked, at)
    if not rows:
        raise DrawRefused("empty", _EMPTY)
    for department in asked.departments:
        able = sum(i.department == department and i.valid_until >= asked.until for i in staff)
        if able < asked.officers:
            raise DrawRefused("officers", _FEW.format(department=department, able=able, officers=asked.officers))
    shares = shares_of(asked)
    counts = plans.counts(rows, shares)
    by_chance = plans.reserve(sum(counts.values()), len(rows), asked.reserve_share)
    draw_id = draws.new_id()
    rules = {
        "domain": asked.domain.name, "lists": list(asked.datasets), "unit": asked.unit or "",
 "shares": {c: str(s) for c, s in shares.items()},
        "reserve_share": str(asked.reserve_share), "weighted": asked.weighted, "basis": BASIS.source, "xpcc_left_out": left_out,
    }  # fmt: skip
    plan = Plan(
        draw_id, asked.title.strip(), counts, asked.until, by_chance, tuple(sorted(asked.departments)), asked.officers,
        asked.public_source.strip(), told_at(asked.public_at), rules,
    )  # fmt: skip
    row = {
        "id": draw_id, "title": plan.title, "domain": asked.domain.name, "report_unit": asked.unit or "",
        "plan": json.dumps(plan.document(), ensure_ascii=False), "objects": len(rows), "inspectors": len(staff),
        "public_source": plan.public_source, "public_at": asked.public_at.astimezone(UTC),
    }  # fmt: skip
    return draws.prepare(desk, row, written(rows), written(staff), at)


def seal(desk: Desk, number: str, *, at: datetime | None = None) -> str:
    """Seals a draw as its witness; gives the nonce (64 hexadecimal digits), which nobody can be told again."""
    row = draws.find(desk, number)
    nonce = secrets.token_bytes(32)
    commitment = commit(nonce, row["objects_sha256"], row["inspectors_sha256"], Plan.of(row["plan"]))
    draws.seal(desk, row["id"], commitment, at or now())
    return nonce.hex()


def make(desk: Desk, number: str, public: str, nonce: str, *, at: datetime | None = None) -> tuple[Pick, ...]:
    """Makes a sealed draw with the public number and the revealed nonce, once and for all."""
    row = draws.find(desk, number)
    public, plan = public.strip(), Plan.of(row["plan"])
    if not public:
        raise DrawRefused("public", _NO_PUBLIC)
    if row["state"] == "sealed" and _commitment(row, plan, nonce) != row["commitment"]:
        raise DrawRefused("nonce", _WRONG_NONCE)
    objects, staff = _frozen(desk, row)
    found = draw(seed(bytes.fromhex(_hex(nonce)), public, row["id"]), plan, objects, staff)
    draws.conclude(desk, row["id"], public, _hex(nonce), _rows(desk, row, found), at or now())
    return found


def take_out(desk: Desk, number: str, subject_id: str, why: str, *, at: datetime | None = None) -> tuple[Pick, ...]:
    """Takes a subject off a draw's list after it was made: the next ticket of its stratum moves up, all else stays."""
    row = draws.find(desk, number)
    objects, staff = _frozen(desk, row)
    if subject_id not in {e.id for e in objects}:
        raise DrawRefused("not_listed", _NOT_LISTED)
    gone = [*_removed(desk, row), {"id": subject_id}]
    if len({r["id"] for r in gone}) < len(gone):
        raise DrawRefused("gone", _GONE)
    plan, key = Plan.of(row["plan"]), seed(bytes.fromhex(row["nonce"]), row["public"], row["id"])
    found = draw(key, plan, objects, staff, removed=[r["id"] for r in gone])
    draws.take_out(desk, row["id"], subject_id, why, _rows(desk, row, found), at or now())
    return found


def abort(desk: Desk, number: str, why: str, *, at: datetime | None = None) -> None:
    draws.abort(desk, draws.find(desk, number)["id"], why, at or now())


# --- what is told ----------------------------------------------------------------------------------------------------


def document(desk: Desk, number: str, *, public: bool = False) -> dict[str, Any]:
    """Everything that is needed to make a draw again, as JSON values; `public`: without inspectors and their conflicts."""
    row = draws.find(desk, number)
    if row["state"] != "drawn":
        raise DrawRefused("not_drawn", _NOT_DRAWN.format(number=row["number"], state=draws.STATES[row["state"]]))
    objects = entries(draws.objects_of(desk, row))
    told = {
        "format": row["plan"]["format"], "number": row["number"], "draw_id": row["id"], "title": row["title"], "plan": row["plan"],
        "objects_sha256": row["objects_sha256"], "inspectors_sha256": row["inspectors_sha256"], "commit": row["commitment"],
        "prepared_at": told_at(row["prepared_at"]), "sealed_at": told_at(row["sealed_at"]), "drawn_at": told_at(row["drawn_at"]),
        "public": row["public"], "nonce": row["nonce"], "objects": [e.line() for e in objects], "removed": _removed(desk, row), "picks": [_pick(r) for r in picks_of(desk, row)],
        "earlier": [_before(r) for r in draws.earlier(desk, row)],
    }  # fmt: skip
    if public:
        for pick in told["picks"]:
            del pick["officers"], pick["short"]
        return told
    return told | {"inspectors": [i.line() for i in _frozen(desk, row)[1]]}


def _before(row: Mapping[str, Any]) -> dict[str, Any]:
    """An earlier draw of the same place. One that was aborted when its public number was out already could have been
    aborted for what it came to: that is told apart."""
    told = {n: row[n] for n in ("number", "title", "state", "why")} | {"prepared_at": told_at(row["prepared_at"])}
    gone = row["aborted_at"]
    return told | {"aborted_after_public_number": bool(gone and row["sealed_at"] and gone >= row["public_at"])}


def picks_of(desk: Desk, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who was drawn, in scope, in the order of the tickets, with `officers` and `short` as values."""
    rows = draws.picks(desk, row["id"]).to_dict("records")
    return [r | {"officers": json.loads(r["officers"]), "short": json.loads(r["short"])} for r in rows]


def faults(told: Mapping[str, Any]) -> list[Text]:
    """What is wrong with a draw that was told; nothing where everybody comes to the same."""
    return [Text(zh, en) for zh, en in verify.verify(told)]


def why_short(desk: Desk, number: str, subject_id: str, department: str) -> Mapping[str, int]:
    """Why a department could not send enough to a subject: reason → how many inspectors it ruled out."""
    row = draws.find(desk, number)
    objects, staff = _frozen(desk, row)
    unit = next(e.unit for e in objects if e.id == subject_id)
    plan = Plan.of(row["plan"])
    gone = [why_not(i, subject_id, unit, plan, i.load) for i in staff if i.department == department]
    return Counter(g or "loaded" for g in gone)


def told_at(at: datetime) -> str:
    """A moment as documents have it: ISO, Beijing time, to the second."""
    return at.astimezone(BEIJING).isoformat(timespec="seconds")


# --- within ----------------------------------------------------------------------------------------------------------


def _demand(asked: Asked, at: datetime) -> None:
    for value, rule, message in (
        (asked.title.strip(), "title", _NO_TITLE),
        (asked.public_source.strip(), "public_source", _NO_SOURCE),
        (asked.public_at > at, "too_late", _PUBLIC_PAST),
        (asked.until >= at.astimezone(BEIJING).date(), "until", _UNTIL_PAST),
        (asked.departments, "departments", _NO_DEPARTMENT),
        (0 <= asked.reserve_share < 1 and all(0 <= s <= 1 for s in shares_of(asked).values()), "shares", _SHARES),
        (asked.officers >= 2, "two", _TWO),
    ):
        if not value:
            raise DrawRefused(rule, message)


def _lists(desk: Desk, asked: Asked, at: datetime | None = None) -> tuple[list[Entry], list[Inspector], int]:
    pool = draws.pool(desk, asked.domain.name, asked.datasets, asked.unit)
    own = pool[pool["jurisdiction"] != XPCC]
    worse = own[["credit_class", "risk_class"]].max(axis=1).replace("", "A")
    weights = worse.map(plans.WEIGHTS) if asked.weighted else pd.Series("1", own.index)
    rows = [
        Entry(i, plans.stratum(unit, asked.domain.name, kind), unit, weight)
        for i, unit, kind, weight in zip(own["subject_id"], own["report_unit"], worse, weights, strict=True)
    ]
    return rows, _staff(desk, asked, (at or now()).astimezone(BEIJING).date()), len(pool) - len(own)


def _staff(desk: Desk, asked: Asked, on: date) -> list[Inspector]:
    cards = [c for c in draws.inspectors(desk) if c["department"] in asked.departments]
    avoid: dict[str, set[str]] = {}
    for conflict in draws.conflicts(desk):
        avoid.setdefault(conflict["inspector_id"], set()).add(conflict["subject_id"])
    been, load = visited(desk, {c["id"] for c in cards}, on), visit_tasks.load(desk)
    return [
        Inspector(
            c["id"], c["department"], c["report_unit"], c["valid_until"], load.get(c["id"], 0), c["most"],
            frozenset(avoid.get(c["id"], ())), frozenset(been.get(c["id"], ())),
        )
        for c in cards
    ]  # fmt: skip


def visited(desk: Desk, ids: set[str], on: date | None = None) -> dict[str, set[str]]:
    """Whom each of these inspectors scanned in at within the last twelve months."""
    since = (on or today()) - _YEAR
    scans = desk.frame(
        "scan_in", ["subject_id", "certs"], where={"scan_in_at": slice(pd.Timestamp(since).to_pydatetime(), None)}
    )
    been: dict[str, set[str]] = {}
    for subject, text in scans.dropna(subset=["certs"]).itertuples(index=False):
        for one in json.loads(text):
            if one in ids:
                been.setdefault(one, set()).add(subject)
    return been


def _frozen(desk: Desk, row: Mapping[str, Any]) -> tuple[tuple[Entry, ...], tuple[Inspector, ...]]:
    """The lists of a draw; DrawRefused where their bytes are no longer those that were hashed."""
    objects, staff = draws.lists_of(desk, row)
    if (sha256(objects), sha256(staff)) != (row["objects_sha256"], row["inspectors_sha256"]):
        raise DrawRefused("tampered", _TAMPERED.format(number=row["number"]))
    return entries(objects), inspectors(staff)


def _commitment(row: Mapping[str, Any], plan: Plan, nonce: str) -> str:
    return commit(bytes.fromhex(_hex(nonce)), row["objects_sha256"], row["inspectors_sha256"], plan)


def _hex(nonce: str) -> str:
    """The nonce as typed, without spaces and hyphens; DrawRefused where it can't be one."""
    text = "".join(nonce.split()).replace("-", "").lower()
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise DrawRefused("nonce", _NO_NONCE)
    return text


def _removed(desk: Desk, row: Mapping[str, Any]) -> list[dict[str, str]]:
    done = (e for e in draws.events(desk, row["id"]) if e["act"] == "remove")
    return [{"id": e["data"]["id"], "why": e["data"]["why"], "at": told_at(e["at"])} for e in done]


def _rows(desk: Desk, row: Mapping[str, Any], found: Sequence[Pick]) -> list[dict[str, Any]]:
    domain = row["domain"]
    ids = [p.id for p in found]
    known = desk.subjects(["subject_id", "name", "code", "report_unit", "street_code"], where={"subject_id": ids})
    about = known.drop_duplicates("subject_id").set_index("subject_id").astype(object).fillna("").to_dict("index")
    return [
        {"subject_id": p.id, "position": n, "stratum": p.stratum, "ticket": p.ticket, "reserve": p.reserve, "domain": domain,
         "officers": json.dumps({d: list(o) for d, o in p.officers.items()}), "short": json.dumps(dict(p.short)),
         "report_unit": p.stratum.partition("|")[0].replace("-", ""), "street_code": about.get(p.id, {}).get("street_code", ""),
         "name": about.get(p.id, {}).get("name", ""), "code": about.get(p.id, {}).get("code", "")}
        for n, p in enumerate(found, 1)
    ]  # fmt: skip


def _pick(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["subject_id"], "name": row["name"], "code": row["code"]} | {
        n: row[n] for n in ("stratum", "ticket", "reserve", "officers", "short")
    }


_EMPTY = Text(
    "名录中没有可抽取的监管对象。请核对领域和区（县），或先上报监管对象名录。",
    "There is no subject to draw from. Check the domain and unit, or hand in the list of subjects first.",
)
_FEW = Text(
    "{department} 可派出的持证检查人员为 {able} 人，少于每户 {officers} 人。请先补充检查人员名录或核对证件有效期。",
    "{department} has {able} inspectors with a valid certificate, fewer than the {officers} for each visit. Complete the list of inspectors.",
)
_NO_TITLE = Text(
    "请填写抽取名称，例如“2026年12月预付卡双随机”。", "Give the draw a title, such as “Prepaid cards, December 2026”."
)
_NO_SOURCE = Text(
    "请写明公共随机数的来源，例如“福彩3D 第2026325期开奖号码”。",
    "Name where the public number comes from, such as the lottery draw with its number.",
)
_PUBLIC_PAST = Text(
    "公共随机数必须在封存之后产生，请选择一个将来的时间。",
    "The public number must come after the sealing: choose a time in the future.",
)
_UNTIL_PAST = Text(
    "检查截止日期已过，请选择今天以后的日期。", "The last day of the visits is over; choose a later one."
)
_NO_DEPARTMENT = Text("请至少选择一个参加检查的部门。", "Choose at least one department that takes part.")
_SHARES = Text(
    "抽取比例应在 0 到 100% 之间，随机预留应小于 100%。",
    "Shares lie between 0 and 100 %, the part left to pure chance below 100 %.",
)
_TWO = Text("每户检查人员不得少于 2 人。", "No fewer than two officers go on a visit.")
_NO_PUBLIC = Text("请填写公共随机数。", "Enter the public number.")
_NO_NONCE = Text(
    "随机数应为 64 位十六进制字符（0–9、a–f）。请按封存凭证核对后重新填写。",
    "The nonce has 64 hexadecimal digits (0–9, a–f). Copy it again from the witness's slip.",
)
_WRONG_NONCE = Text(
    "随机数与封存时公示的承诺值不符，抽取没有进行。请按封存凭证核对；凭证遗失的，只能终止本次抽取。",
    "The nonce doesn't fit the commitment that was published; nothing was drawn. Check the slip; if it is lost, the draw can only be aborted.",
)
_NOT_LISTED = Text("该对象不在本次抽取的名录中。", "That subject isn't on the list of this draw.")
_GONE = Text("该对象已从名录中剔除，无需重复操作。", "That subject was taken off the list already.")
_NOT_DRAWN = Text(
    "抽取“{number}”目前为“{state}”，还没有结果。", "The draw {number} is “{state}”: there is no result yet."
)
_TAMPERED = Text(
    "抽取“{number}”的名录文件与公示的哈希不一致，已被改动。请立即报告市级专班办公室和审计人员。",
    "The lists of the draw {number} don't have the hashes that were published: they were changed. Tell the city office and the auditor.",
)
