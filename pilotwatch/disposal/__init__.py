"""Disposal: from a clue to a closed case, on the city's own clock.

    rulebook = Rulebook.of(workspace.registry, workspace.calendar())
    found = case(desk, "XS-PPC-20261123-00001")           # made from its events
    for way in possible(found, desk.person): …            # what this person may do now, the next step first
    found = do(desk, rulebook, found, "assign", {"department": "SWJ"})

* Lists: `listed(desk, CaseFilter(…), order=…, limit=…)` (what ends first on top), `overview` (counts, funnel, closed on
  time, flow times), `flow_by`, `on_time_by`. Pages read rows of state and counts by month, never events.
* One case: `case`, `history` (its events), `attachments`, `file_of`, `complainants` (masked; a right of its own, every look is in the
  audit), `duplicates`, `rulebook.procedure(case)` (steps and what has to be so before closing).
* Acts: `possible(case, person)` gives `Possible(act, title, needs, primary, to)`; each `Need(name, kind, title, required,
  choices)` says what to ask for. `do` takes the case *as it was seen*: where somebody acted in the meantime it raises
  CaseRefused("meanwhile") saying who did what, and nothing is lost. `do_many` and `preview` for several.
* Several cases: `merge`, `join` (a joint case), `split`; `propose(desk)` says which cases and open warnings belong together.
* Leads: `open_case`, `take_over` with `waiting(desk, registry, dataset)`. A warning closed as 属实 becomes one
  by itself, in the transaction of its closing; `of_warning` finds it.
* Guards: `guarded(desk, "repeated" | "double_fine")`; `broken` and `coverage` are the three systems' checks C1–C10.
* `light(row, now, calendar)`: how a row of the list stands with its time; what was caught up with late stays 黄.
* Once a day: `daily.run`.

Refusals are StoreRefused (CaseRefused, FileRefused) with a stable `rule` and a `message` in both languages.
"""

from pilotwatch.disposal import daily
from pilotwatch.disposal.acts import SIDES, Act, Need
from pilotwatch.disposal.attachments import KINDS as FILE_KINDS
from pilotwatch.disposal.attachments import FileRefused
from pilotwatch.disposal.case import ASIDE, STATES, WAY, Case, Clock, Event, day_of, replay
from pilotwatch.disposal.follow import follow, recount
from pilotwatch.disposal.guards import TITLES as GUARDS
from pilotwatch.disposal.handling import KINDS, MEASURES
from pilotwatch.disposal.leads import CHANNEL_TITLES, Duplicate, Lead, Proposal, proposals
from pilotwatch.disposal.limits import LIMITS, PAUSES, RULES, Rule
from pilotwatch.disposal.machine import ACTS, TITLES, CaseRefused, Possible, Rulebook, decide, possible
from pilotwatch.disposal.measures import OnTime, Overview, flow_by, on_time_by, overview
from pilotwatch.disposal.office import (
    Attachment,
    Many,
    case,
    do,
    do_many,
    history,
    of_warning,
    open_case,
    preview,
)
from pilotwatch.disposal.reminders import Reminder, days_left, light, reminders
from pilotwatch.disposal.several import duplicates, join, merge, propose, split, take_over, waiting
from pilotwatch.disposal.systems import CHECKS, Broken, Coverage, broken, coverage, of_case
from pilotwatch.records.clues import CLOSINGS, URGENCY
from pilotwatch.store.case_lists import CaseFilter, guarded, listed
from pilotwatch.store.case_reads import attachments, complainants, sources
from pilotwatch.store.cases import file_of

__all__ = [
    "ACTS", "ASIDE", "CHANNEL_TITLES", "CHECKS", "CLOSINGS", "FILE_KINDS", "GUARDS", "KINDS", "LIMITS", "MEASURES", "PAUSES",
    "RULES", "SIDES", "STATES", "TITLES", "URGENCY", "WAY", "Act", "Attachment", "Broken", "Case", "CaseFilter", "CaseRefused",
    "Clock", "Coverage", "Duplicate", "Event", "FileRefused", "Lead", "Many", "Need", "OnTime", "Overview", "Possible",
    "Proposal", "Reminder", "Rule", "Rulebook", "attachments", "broken", "case", "complainants", "coverage", "daily", "day_of",
    "days_left", "decide", "do", "do_many", "duplicates", "file_of", "flow_by", "follow", "guarded", "history", "join",
    "light", "listed", "merge", "of_case", "of_warning", "on_time_by", "open_case", "overview", "possible", "preview", "proposals", "propose",
    "recount", "reminders", "replay", "sources", "split", "take_over", "waiting",
]  # fmt: skip
