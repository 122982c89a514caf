"""A message as the markdown that the robots of WeCom, DingTalk and Feishu show.

The three read different parts of markdown and none promises an escape, so whatever comes from data is made harmless by
wide forms of the same signs: a name can neither format, link, nor call people by @.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pilotwatch.domain import Text

#: Signs that mean something to one of the platforms → the same sign in its wide form, which none of them reads.
_WIDE = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "<>[]*_`#@~|\\&"})
_LINKS = re.compile(r"(?i)\b(https?|ftp|mailto):|\bwww\.")
_LIST = re.compile(r"^(?:[-+=]+|\d+[.)])(?=\s)")
LONGEST = 300  # characters of one line; data may hold pages


def plain(text: str) -> str:
    """One line of text that a markdown reader shows as it is."""
    shown = clean(text).translate(_WIDE)
    shown = _LINKS.sub(lambda m: _wide(m[0]), shown)
    shown = _LIST.sub(lambda m: _wide(m[0]), shown)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def _wide(text: str) -> str:
    return "".join(c if c.isalnum() else chr(ord(c) + 0xFEE0) for c in text)


def clean(text: str) -> str:
    """On one line, without control signs and marks that turn the direction of a text round."""
    kept = (" " if c in "\r\n\t\v\f\x85\u2028\u2029" else c for c in text)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")).split())


def fit(lines: Iterable[str], end: str, limit: int, left_out: Text, language: str, between: str = "\n") -> str:
    """As many whole lines as fit into so many bytes of UTF-8 together with the end, and how many were left out."""
    every = list(lines)

    def size(text: str) -> int:
        return len(text.encode())

    whole = between.join([*every, end])
    if size(whole) <= limit:
        return whole
    note = left_out.format(n=len(every))(language)  # as long as any that may be needed
    room, kept = limit - size(between.join(["", note, end])), []
    for line in every:
        room -= size(line + between)
        if room < 0:
            break
        kept.append(line)
    return between.join([*kept, left_out.format(n=len(every) - len(kept))(language), end])
