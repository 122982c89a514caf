"""Leads: what may become a case, and how alike two of them are (domain-rules B.2, B.3).

A lead is a confirmed warning, a row of an uploaded list, or what a person writes down. Duplicates and joint cases are
only proposed: a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

from pilotwatch.disposal.case import Case, Event, encode
from pilotwatch.domain import Domain, Text
from pilotwatch.identity import NAME, subject_id
from pilotwatch.intake.values.personal import mask, mask_in_prose
from pilotwatch.records.clues import CHANNELS
from pilotwatch.workdays import BEIJING

#: B.3: the same subject and fact within so many days, and the same phone, or texts as alike as this.
DUPLICATE_DAYS, DUPLICATE_TEXT = 30, 0.85

WARNING_CHANNEL = "数据预警(本系统)"
_COMPLAINT_KINDS = {"投诉": "complaint", "举报": "report", "咨询": "consultation", "求助": "request"}


@dataclass(frozen=True)
class Lead:
    """What a case begins with. `source`: (kind, ref) of what it came from; `reporter`: name and phone, masked on entry."""

    subject_id: str
    name: str
    received_at: datetime
    content: str = ""
    code: str = ""
    domain: str = ""
    fact: str = ""
    kind: str = "clue"
    channel: str = ""
    channel_ref: str = ""
    level: str = ""
    urgency: str = "一般"
    real_name: bool = False
    confidential: bool = False
    people_count: int = 1
    amount: float | None = None
    unit: str = ""
    division_code: str = ""
    street_code: str = ""
    address: str = ""
    owner: str = ""
    others: tuple[str, ...] = ()
    joint: bool = False  # several departments have to be there together
    source: tuple[str, str] | None = None
    reporter: tuple[str, str] = ("", "")

    @property
    def complainant(self) -> str:
        """Under which name the case remembers who waits for an answer; "" where nobody does."""
        if self.kind not in ("complaint", "report", "consultation", "request"):
            return ""
        return self.channel_ref or (self.source[1] if self.source else "") or "1"

    @property
    def contact(self) -> str:
        return mask(self.reporter[1], "phone") if self.reporter[1] else ""


def opening(lead: Lead, case_id: str, number: str, by: str, at: datetime) -> Event:
    """The first event of a case."""
    waiting = (lead.complainant,) if lead.complainant else ()
    values: dict[str, Any] = {
        "subject_id": lead.subject_id, "id": case_id, "number": number, "kind": lead.kind, "channel": lead.channel,
        "channel_ref": lead.channel_ref, "received_at": lead.received_at, "content": mask_in_prose(lead.content),
        "domains": (lead.domain,) if lead.domain else (), "facts": (lead.fact,) if lead.fact else (), "level": lead.level,
        "urgency": lead.urgency or "一般", "real_name": lead.real_name, "confidential": lead.confidential,
        "people_count": max(1, lead.people_count), "amount": lead.amount, "name": lead.name, "code": lead.code,
        "place": place_key(lead.address), "units": (lead.unit,) if lead.unit else (), "division_code": lead.division_code,
        "street_code": lead.street_code, "owner": lead.owner, "others": lead.others, "joint": lead.joint,
        "waiting": waiting, "complainants": waiting,
    }  # fmt: skip
    untold = Case()
    told = {n: v for n, v in values.items() if v != getattr(untold, n)}
    return Event(1, at, by, "open", "found", data={"set": encode(told)})


def person_rows(lead: Lead) -> list[dict[str, Any]]:
    """The complainant, masked, for the table that only those with the right read."""
    if not lead.complainant:
        return []
    name = mask(lead.reporter[0], "name") if lead.reporter[0] else ""
    return [{"ref": lead.complainant, "name": name, "contact": lead.contact, "received_at": lead.received_at}]


# --- where leads come from ---------------------------------------------------------------------------------------


def of_warning(row: Mapping[str, Any], domain: Domain | None, at: datetime, note: str) -> Lead:
    """A warning that a person confirmed. It was received when it was confirmed."""
    code = row["indicator"]
    indicator = next((i for i in (domain.indicators if domain else ()) if i.code == code), None)
    title = indicator.zh if indicator else code
    procedure = domain.procedure(code) if domain else None
    return Lead(
        str(row["subject_id"]), row.get("name") or row["number"], at, f"{row['number']} {title}：{note}", row.get("code") or "",
        row["domain"], code, "warning", WARNING_CHANNEL, row["number"], level=row["level"], unit=row["report_unit"] or "",
        division_code=row["division_code"] or "", street_code=row["street_code"] or "", address=row.get("address") or "",
        owner=procedure.owner if procedure else row.get("owner") or "", others=procedure.others if procedure else (),
        source=("warning", str(row["id"])),
    )  # fmt: skip


def of_record(dataset: str, row: Mapping[str, Any], domain: str) -> Lead:
    """A row of 投诉举报 or 问题线索, as `Desk.frame` gives it."""
    value = {n: None if _missing(v) else v for n, v in row.items()}
    complaint = dataset == "complaint"
    kind = _COMPLAINT_KINDS.get(value.get("kind"), "clue") if complaint else "clue"
    return Lead(
        str(row["subject_id"]), value.get("name") or "", _utc(value["received_at"]),
        (value.get("subject") if complaint else value.get("content")) or "", value.get("uscc") or "", domain,
        (value.get("subject") if complaint else value.get("content")) or "", kind,
        (value.get("source") if complaint else value.get("channel")) or "",
        (value.get("ref_no") if complaint else value.get("channel_ref_no")) or "",
        urgency=value.get("urgency") or "一般", real_name=bool(value.get("real_name")), confidential=bool(value.get("confidential")),
        people_count=int(value.get("people_count") or 1), amount=value.get("amount") and float(value["amount"]),
        unit=value.get("report_unit") or "", division_code=value.get("division_code") or "", street_code=value.get("street_code") or "",
        address=value.get("address") or "", owner=(value.get("dept") if complaint else value.get("lead_dept")) or "",
        source=(dataset, str(value["record_key"])),
    )  # fmt: skip


def unknown_subject(name: str) -> str:
    """The id of a subject that no list knows, by its name."""
    return str(subject_id(NAME, name))


def _missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)


def _utc(at: Any) -> datetime:
    """A wall-clock moment of Beijing, as records keep them, in UTC."""
    moment = at.to_pydatetime() if hasattr(at, "to_pydatetime") else at
    return (moment.replace(tzinfo=BEIJING) if moment.tzinfo is None else moment).astimezone(UTC)


CHANNEL_TITLES: dict[str, Text] = CHANNELS.titles


# --- duplicates --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Duplicate:
    """A case that another may be the same as, and why."""

    subject_id: str
    id: str
    number: str
    reason: Text
    likeness: float  # of the texts, 0 to 1


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: characters in order (normalised indel similarity), whatever their width or spaces."""
    return fuzz.ratio(_plain(one), _plain(other)) / 100


def duplicates(lead: Lead, known: pd.DataFrame, *, but: str = "") -> list[Duplicate]:
    """The earlier cases that a lead may be the same as, the most alike first.

    `known`: cases on its subject (`store.case_lists.similar`). Same subject, same fact, received within 30 days of each
    other, and the same masked phone, or texts that are alike.
    """
    found = {}
    for row in known.to_dict("records"):
        apart = abs(_day(row["received_at"]) - _day(lead.received_at))
        if row["id"] == but or row["subject_id"] != lead.subject_id or apart > timedelta(DUPLICATE_DAYS):
            continue
        if not same_fact(row["fact"], lead.fact):
            continue
        alike = likeness(row["content"] or "", lead.content)
        phone = bool(lead.contact) and "*" in lead.contact and row["contact"] == lead.contact
        if phone or alike >= DUPLICATE_TEXT:
            reason = _SAME_PHONE if phone else _SAME_TEXT.format(share=f"{alike:.0%}")
            best = found.get(row["id"])
            if best is None or (phone, alike) > (best.reason == _SAME_PHONE, best.likeness):
                found[row["id"]] = Duplicate(row["subject_id"], row["id"], row["number"], reason, alike)
    return sorted(found.values(), key=lambda d: (d.reason != _SAME_PHONE, -d.likeness, d.number))


def same_fact(one: str, other: str) -> bool:
    """The same indicator, or words for the same thing."""
    return one == other or (bool(one and other) and likeness(one, other) >= DUPLICATE_TEXT)


# --- joint cases -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """Leads on one subject, or at one address, that one joint case should be made of.

    `why`: "subject", "code" or "place"; `domains` of all leads. `cases`: ids of the open cases, the one that was there
    first, and stays, on top; `numbers` theirs. `warnings`: numbers of open warnings on the same subject that nobody has
    confirmed yet: one found true is then a lead of the joint case.
    """

    why: str
    key: str
    name: str
    domains: tuple[str, ...]
    cases: tuple[str, ...]
    numbers: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def proposals(cases: pd.DataFrame, warnings: pd.DataFrame | None = None) -> list[Proposal]:
    """Joint cases to propose among open cases (columns of the list) and open warnings (`subject_id, number, domain,
    name`), those across most domains first.

    Leads belong together when they are on one subject, name one credit code, or one address where there is no code. A
    single case is proposed with warnings of another domain only; warnings alone are where one of each of two is.
    """
    fresh = cases[~cases["state"].isin(("merged", "closed", "archived", "feedback", "reviewed"))]
    columns = ["id", "number", "domain", "name", "subject_id", "code", "place"]
    rows = fresh.sort_values(["received_at", "number"])[columns].to_dict("records")
    open_ = {} if warnings is None else {k: g.to_dict("records") for k, g in warnings.groupby("subject_id", sort=False)}
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for why, column in (("subject", "subject_id"), ("code", "code"), ("place", "place")):
        for row in rows:
            if isinstance(row[column], str) and row[column]:
                groups.setdefault((why, row[column]), []).append(row)
    found, taken = [], set()
    for (why, key), part in groups.items():
        told = [w for s in dict.fromkeys(r["subject_id"] for r in part) for w in open_.get(s, ())]
        domains = tuple(dict.fromkeys(r["domain"] for r in (*part, *told)))
        ids = tuple(r["id"] for r in part)
        if frozenset(ids) in taken or (len(ids) < 2 and len(domains) < 2):
            continue
        taken.add(frozenset(ids))
        warned = tuple(w["number"] for w in told)
        found.append(Proposal(why, key, part[0]["name"], domains, ids, tuple(r["number"] for r in part), warned))
    for subject, told in open_.items():
        domains = tuple(dict.fromkeys(w["domain"] for w in told))
        if len(domains) > 1 and ("subject", str(subject)) not in groups:
            warned = tuple(w["number"] for w in told)
            found.append(Proposal("subject", str(subject), told[0]["name"] or "", domains, (), (), warned))
    return sorted(found, key=lambda p: (-len(p.domains), -len(p.cases), (*p.numbers, *p.warnings)))


_NUMBER_WORDS = re.compile(r"[\s,，.。、;；:：()（）\-—_·'\"]+")
_CITY = re.compile(r"^(新疆维吾尔自治区|新疆)?(乌鲁木齐市?)?")


def place_key(address: str | None) -> str:
    """An address as it is compared: one width, no punctuation, without the city; "" where it says no number."""
    text = _NUMBER_WORDS.sub("", unicodedata.normalize("NFKC", address or "").upper())
    text = _CITY.sub("", text)
    return text if any(c.isdigit() for c in text) and len(text) >= 5 else ""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def _day(at: Any) -> date:
    moment = at.to_pydatetime() if hasattr(at, "to_pydatetime") else at
    return moment.astimezone(BEIJING).date() if moment.tzinfo else moment.date()


_SAME_PHONE = Text("同一监管对象、同类事项、30日内，联系电话相同", "Same subject and fact within 30 days, same phone")
_SAME_TEXT = Text(
    "同一监管对象、同类事项、30日内，内容相似度{share}", "Same subject and fact within 30 days, texts {share} alike"
)
