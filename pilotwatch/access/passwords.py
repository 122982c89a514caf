"""Passwords: what is asked of one, and how it is kept (argon2id, the parameters of RFC 9106's second choice)."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pilotwatch.access.refused import AccessRefused
from pilotwatch.domain import Text

SHORTEST, LONGEST = 10, 200  # longer ones cost more to hash than a log-in should
_hasher = PasswordHasher()

_RULES = Text(
    "密码至少 {n} 位，须同时包含字母和数字，不得包含用户名，也不得使用常见密码。{why}",
    "A password has at least {n} characters, letters as well as digits, does not hold the user name and is not a common one. {why}",
)
_COMMON = (
    "password",
    "passw0rd",
    "qwerty",
    "1234567890",
    "0123456789",
    "abc123",
    "admin",
    "iloveyou",
    "wulumuqi",
    "urumqi",
)


def demand_strong(password: str, username: str) -> None:
    """Raises AccessRefused where a password is too weak, saying what it lacks."""
    lacks = (
        (len(password) < SHORTEST, Text("现在太短。", "This one is too short.")),
        (len(password) > LONGEST, Text("现在过长。", "This one is too long.")),
        (not any(c.isalpha() for c in password), Text("现在没有字母。", "This one has no letter.")),
        (not any(c.isdigit() for c in password), Text("现在没有数字。", "This one has no digit.")),
        (username.lower() in password.lower(), Text("现在包含用户名。", "This one holds the user name.")),
        (len(set(password)) < 5, Text("现在重复字符过多。", "This one repeats too few characters.")),
        (_is_common(password), Text("现在过于常见。", "This one is too common.")),
    )
    for wrong, why in lacks:
        if wrong:
            raise AccessRefused("weak_password", _RULES.format(n=SHORTEST, why=why))


def _is_common(password: str) -> bool:
    """Whether little but a well-known password is in it."""
    rest = password.lower()
    for word in _COMMON:
        rest = rest.replace(word, "")
    return len(set(rest)) < 4


def hashed(password: str) -> str:
    return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether the password is the kept one. An account that isn't there takes as long as a wrong password."""
    try:
        return _hasher.verify(kept or _nobodys(), password[: LONGEST + 1]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe())
