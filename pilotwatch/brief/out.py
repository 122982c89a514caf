"""A brief taken out of the house: the file, and a line of the audit that says who took which."""

from __future__ import annotations

from typing import Literal

from pilotwatch.brief.model import Brief
from pilotwatch.store import Desk, audit

Kind = Literal["docx", "pdf"]

#: Kinds of file, and what each is to a browser.
KINDS: dict[Kind, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def take_out(desk: Desk, brief: Brief, kind: Kind) -> bytes:
    """The file, after the audit was told; a brief holds no more than the desk's person may see, for it was made through it."""
    from pilotwatch.brief.pdf import pdf
    from pilotwatch.brief.word import docx

    data = docx(brief) if kind == "docx" else pdf(brief)
    told = {"kind": kind, "form": brief.form, "language": brief.language, "numbers": sum(1 for _ in brief.numbers())}
    audit.told_of(desk, "export.brief", f"{brief.unit or 'all'}/{brief.period}", told)
    return data


def name_of(brief: Brief, kind: Kind) -> str:
    """What the file is called."""
    return f"{brief.name}.{kind}"
