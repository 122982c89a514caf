"""Signs re-gradings: HMAC-SHA256 over the event and the signature before it, so that none can be changed or slipped in
without the installation's key."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pilotwatch.settings import Settings

_FILE = "grades.key"
_SIGNED = (
    "subject_id", "id", "domain", "at", "by", "by_name", "role", "from_class", "to_class", "score", "reason", "previous",
)  # fmt: skip

Sign = Callable[[Mapping[str, Any]], str]


def signer(knobs: Settings) -> Sign:
    """Signs with the installation's key: PILOTWATCH_SECRET_KEY, or one made at first use in var/grades.key (0600)."""
    key = knobs.secret_key.get_secret_value().encode() if knobs.secret_key else _own_key(knobs.var / _FILE)
    key = hashlib.sha256(b"pilotwatch grades" + key).digest()
    return lambda event: hmac.new(key, _told(event), hashlib.sha256).hexdigest()


def intact(events: Sequence[Mapping[str, Any]], sign: Sign) -> list[bool]:
    """Of each event, oldest first, whether it is as it was signed and follows the one before."""
    before = ["", *(e["signature"] for e in events)]
    return [
        hmac.compare_digest(e["signature"], sign(e)) and e["previous"] == earlier
        for e, earlier in zip(events, before, strict=False)
    ]


def _told(event: Mapping[str, Any]) -> bytes:
    plain = {n: _plain(event[n]) for n in _SIGNED}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):  # a moment in UTC, however the database gives it back
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="seconds")
    return f"{value:.2f}" if isinstance(value, float) else value


def _own_key(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        key = secrets.token_bytes(32)
        file.write(key)
    return key
