"""What follows by itself: a confirmed warning becomes a clue, and clocks are counted again once a notice is entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pilotwatch.disposal import clocks, leads
from pilotwatch.disposal.case import OVER, Case, apply, day_of
from pilotwatch.disposal.machine import Rulebook, decide
from pilotwatch.disposal.office import number_of
from pilotwatch.disposal.rows import case_of, write_of
from pilotwatch.store import SYSTEM, Desk, Person, Store, case_lists, case_reads, cases
from pilotwatch.workdays import now


def follow(
    rulebook: Callable[[], Rulebook], store: Store, connection: Any, person: Person, row: Mapping[str, Any]
) -> None:
    """The hook of every warning that is closed: one found true (属实) becomes a clue, in the same transaction.

    Where an open case on the subject is about the same indicator already, or a joint one, the warning is another lead of
    that one.
    """
    if row["verdict"] != "true":
        return
    rules, at = rulebook(), row["closed_at"]
    inside = Desk(store, SYSTEM, connection)
    subject_id = str(row["subject_id"])
    known = case_reads.subject_of(connection, subject_id)
    lead = leads.of_warning(
        {**row, "name": known["name"], "code": known["code"], "address": _address(inside, known, subject_id)},
        rules.domain(row["domain"]), at, row["note"],
    )  # fmt: skip
    source = [(subject_id, *lead.source)]
    if there := _open_case(inside, connection, lead):
        values = {"source": row["number"], "reason": row["note"]}
        event = decide(there, "lead", values, by=SYSTEM, at=at, rulebook=rules)
        cases.write_within(connection, [write_of(there, apply(there, event), [event], sources=source)])
        return
    series = number_of(rules, lead.domain, at)
    number = f"{series}-{cases.reserve_within(connection, series):05d}"
    opened = leads.opening(lead, cases.new_id(), number, person.username, at)
    cases.write_within(connection, [write_of(Case(), apply(Case(), opened), [opened], sources=source)])


def recount(desk: Desk, rulebook: Rulebook) -> int:
    """Counts the clocks of open cases again whose date the calendar, as it is now, moves; each is an event of its case.

    Gives how many cases moved. Looked at are only those whose date wasn't certain.
    """
    moved = 0
    for row in case_lists.uncertain(desk):
        case = case_of(case_reads.events(desk, *row))
        if case.is_open and next(clocks.moved(case, rulebook.calendar), None):
            event = decide(case, "recount", {}, by=SYSTEM, at=now(), rulebook=rulebook)
            cases.write(desk, [write_of(case, apply(case, event), [event])])
            moved += 1
    return moved


def _open_case(desk: Desk, connection: Any, lead: leads.Lead) -> Case | None:
    """The open case on the lead's subject that is about the same thing, or a joint one."""
    on = day_of(lead.received_at)
    known = case_lists.similar(desk, [lead.subject_id], on - timedelta(2 * 365), on)
    for row in (
        known[((known["fact"] == lead.fact) | known["joint"]) & ~known["state"].isin(OVER)]
        .drop_duplicates("id")
        .to_dict("records")
    ):
        return case_of(case_reads.events_within(connection, row["subject_id"], row["id"]))
    return None


def _address(desk: Desk, known: Mapping[str, Any], subject_id: str) -> str:
    """The address of a subject, as the first of its lists that has one tells it."""
    for dataset in known["datasets"]:
        if told := case_reads.address_of(desk, dataset, subject_id):
            return told
    return ""
