"""Briefs: what a leader reads on one page, and the long form for the office, as PDF and Word.

    made = brief(desk, House(registry, places, calendar, data, demo), "2026Q3", unit="650102", form="page")
    take_out(desk, made, "pdf")          # bytes; the audit says who took it out
    picture(made)                        # PNG, to be looked at

Every number is that of the screens' own functions (`figures.overview`, `review.results`, `disposal.overview`, the tests of hot
spots, the policy's ledger), read through the person's desk, and has a note: as of when, the newest batch, code, address.
"""

from pilotwatch.brief.made import brief
from pilotwatch.brief.model import Brief, Form, Heading, Note, Number, Picture, Section, Sentence, Table
from pilotwatch.brief.out import KINDS, Kind, name_of, take_out
from pilotwatch.brief.room import BriefRefused, House

__all__ = [
    "KINDS", "Brief", "BriefRefused", "Form", "Heading", "House", "Kind", "Note", "Number", "Picture", "Section", "Sentence", "Table",
    "brief", "name_of", "picture", "take_out",
]  # fmt: skip


def picture(made: Brief, ppi: float = 110) -> bytes:
    """The pages as one PNG, one below the other."""
    from pilotwatch.brief.pdf import picture

    return picture(made, ppi)
