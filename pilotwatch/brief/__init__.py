"""Briefs: what a leader reads on one page, and the long form for the office, as PDF and Word.

    made = brief(desk, House(registry, places, calendar, data, demo), "2026Q3", unit="650102", form="page")
    take_out(desk, made, "pdf")          # bytes; the audit says who took it out
    picture(made)                        # PNG, to be looked at

    issue(workspace, person, Order("650102", "2026Q3"))      # numbered, kept with every number, told to its audience
    run(workspace)                       # begins what schedules have due, makes what waits; once, however many do

Every number is that of the screens' own functions (`figures.overview`, `review.results`, `disposal.overview`, the tests of hot
spots, the policy's ledger), read through the person's desk, and has a note: as of when, the newest batch, code, address.
"""

from pilotwatch.brief.due import next_one
from pilotwatch.brief.issuing import Moved, Order, file_name, house_of, issue, moved, said_of, since, title_of
from pilotwatch.brief.made import brief
from pilotwatch.brief.model import Brief, Form, Heading, Note, Number, Picture, Section, Sentence, Table
from pilotwatch.brief.office import Passed, run, start
from pilotwatch.brief.out import KINDS, Kind, name_of, take_out
from pilotwatch.brief.room import BriefRefused, House

__all__ = [
    "KINDS", "Brief", "BriefRefused", "Form", "Heading", "House", "Kind", "Moved", "Note", "Number", "Order", "Passed", "Picture",
    "Section", "Sentence", "Table", "brief", "file_name", "house_of", "issue", "moved", "name_of", "next_one", "picture", "run",
    "said_of", "since", "start", "take_out", "title_of",
]  # fmt: skip


def picture(made: Brief, ppi: float = 110) -> bytes:
    """The pages as one PNG, one below the other."""
    from pilotwatch.brief.pdf import picture

    return picture(made, ppi)
