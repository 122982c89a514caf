"""Addresses and tokens are kept sealed: who reads the store or a copy of it can't use them.

The key is PILOTWATCH_SECRET_KEY, which all replicas share, or else a file made in the data folder at its first use. What
was sealed with another key can't be opened any more, and the address has to be entered again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from pilotwatch.domain import Text
from pilotwatch.push.failing import NotSent
from pilotwatch.settings import Settings

Address = dict[str, str]
FILE = "push.key"


def seal(address: Address, knobs: Settings) -> str:
    """The address as text that only `opened` can read (AES-128-CBC with HMAC-SHA-256, the Fernet format)."""
    return Fernet(_key(knobs)).encrypt(json.dumps(address).encode()).decode("ascii")


def opened(sealed: str, knobs: Settings) -> Address:
    """The address again; raises NotSent where the key is another one by now."""
    try:
        return json.loads(Fernet(_key(knobs)).decrypt(sealed.encode("ascii")))
    except InvalidToken:
        raise NotSent("sealed", _OTHER_KEY, final=True) from None


def _key(knobs: Settings) -> bytes:
    if knobs.secret_key:
        digest = hashlib.sha256(knobs.secret_key.get_secret_value().encode()).digest()
        return base64.urlsafe_b64encode(digest)
    return _kept(knobs.var / FILE)


def _kept(path: Path) -> bytes:
    """The key in the file; makes it, readable for its owner alone, where it isn't there yet."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(Fernet.generate_key())
        try:
            os.link(made, path)  # whole or not at all, and never over the key of another process
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return path.read_bytes()


_OTHER_KEY = Text(
    "系统密钥已更换，已存的地址无法读取。请在“消息推送”中重新填写该渠道的地址。",
    "The system's key has changed and the stored address can't be read. Enter the channel's address again.",
)
