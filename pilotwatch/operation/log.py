"""The log as JSON, a line an event, for whatever gathers logs. It holds nothing personal: numbers of identity cards, phones
and accounts are blotted out wherever they turn up, an exception tells its type and where it happened but not what was in it,
and an address is logged without its query.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import IO, Any

#: Fields of a record that a line may have beside its message; any other is left out.
FIELDS = ("number", "hash", "error", "method", "path", "status", "ms", "domain", "dataset", "rows", "job", "seconds")

_PERSONAL = (
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "[id]"),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "[phone]"),
    (re.compile(r"(?<!\d)0\d{2,3}[-– ]\d{7,8}(?!\d)"), "[phone]"),
    (re.compile(r"(?<!\d)\d{16,19}(?!\d)"), "[account]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[mail]"),
    (re.compile(r"(?i)(?<![a-z])(password|passwd|token|secret|key|authorization)(\s*[=:]\s*)\S+"), r"\1\2[secret]"),
    (re.compile(r"://[^/\s:@]+:[^/\s@]+@"), "://[secret]@"),
)


def clean(text: str) -> str:
    """Text without what may be somebody's."""
    for pattern, instead in _PERSONAL:
        text = pattern.sub(instead, text)
    return text


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, event, and the fields that are known to hold nothing personal."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "at": at, "level": record.levelname.lower(), "logger": record.name, "event": clean(record.getMessage()),
        }  # fmt: skip
        line |= {n: _plain(getattr(record, n)) for n in FIELDS if n in record.__dict__}
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            frames = traceback.extract_tb(error.__traceback__)
            line["error"] = type(error).__name__
            line["where"] = [f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in frames[-12:]]
        return json.dumps(line, ensure_ascii=False)


def set_up_log(stream: IO[str] | None = None, level: int = logging.INFO) -> logging.Handler:
    """Sends what the house logs to standard error as JSON, instead of whatever it was sent to before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    ours = logging.getLogger("pilotwatch")
    for old in [h for h in ours.handlers if isinstance(h.formatter, JsonLines)]:
        ours.removeHandler(old)
    ours.addHandler(handler)
    ours.setLevel(level)
    ours.propagate = False
    return handler


def _plain(value: Any) -> Any:
    return (
        clean(value)
        if isinstance(value, str)
        else value
        if isinstance(value, int | float | bool | None)
        else str(type(value))
    )
