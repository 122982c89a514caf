"""Every text of the screens, in both languages, by key: `text("upload.commit")`.

A key is `screen.name`; each screen's texts are the `TEXTS` of the module of its name in this folder, found by itself.
Texts of data (titles of domains, datasets, columns, findings, refusals) come with the data.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from pilotwatch.domain import Text

MODULES = tuple(import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))

TEXTS: dict[str, Text] = {key: Text(zh, en) for module in MODULES for key, (zh, en) in module.TEXTS.items()}


def text(key: str) -> Text:
    """The text of a key; KeyError for one there isn't."""
    return TEXTS[key]
