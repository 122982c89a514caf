"""Typical cases (复制推广典型案例): closed cases written up, approved, and taken over by others.

    number = draft(desk, house, ["XS-PPC-20261123-00001"])      # DX-2026-0001: text and figures from the case, masked
    found = find(desk, number)                                   # what this person may see of it
    save(desk, number, found["moves"], content_of(found, body={…}))
    submit(desk, house, number, moves)                           # figures are frozen; nothing that shows anybody passes
    approve(desk, number, moves, checked=True)                   # by the city office, and by nobody who wrote on it
    adopt(desk, house, number, "650103", "…")                    # another unit takes it over

* Lists: `listed(desk, TypicalFilter(words="…"))` searches in Chinese by parts of words; `count`, `totals`.
* `figures(desk, house, found)`: frozen, or as they are now; each with its trace. `problems`: what a draft lacks.
* Out: `take_out(desk, …, "docx" | "pdf")`, `take_list(desk, …)`: marked with who and when, told to the audit.

Everybody who reads sees what is approved; drafts are for those who see all cases they are written from (the store does it).
"""

from pilotwatch.store.typical import ACTS, STATES, Content, give_up, possible, recall, send_back, withdraw
from pilotwatch.store.typical_reads import TypicalFilter, count, find, listed, totals
from pilotwatch.typical.acts import (
    TypicalRefused,
    adopt,
    approve,
    content_of,
    draft,
    figures,
    problems,
    save,
    submit,
    takers,
)
from pilotwatch.typical.figures import House
from pilotwatch.typical.masking import KINDS as LEAKS
from pilotwatch.typical.masking import Hidden, Leak
from pilotwatch.typical.model import BY_PEOPLE, PRACTICES, REFORMS, SECTIONS, TAGS, Figure
from pilotwatch.typical.out import take_list, take_out

__all__ = [
    "ACTS", "BY_PEOPLE", "LEAKS", "PRACTICES", "REFORMS", "SECTIONS", "STATES", "TAGS", "Content", "Figure", "Hidden", "House",
    "Leak", "TypicalFilter", "TypicalRefused", "adopt", "approve", "content_of", "count", "draft", "figures", "find", "give_up",
    "listed", "possible", "problems", "recall", "save", "send_back", "submit", "take_list", "take_out", "takers", "totals",
    "withdraw",
]  # fmt: skip
