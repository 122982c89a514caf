"""Every text of the screens, in both languages, by key: `text("upload.commit")`.

A key is `screen.name`; each screen's texts are in the module of its name. Texts of data (titles of domains, datasets,
columns, findings, refusals) come with the data.
"""

from __future__ import annotations

from pilotwatch.domain import Text
from ui.texts import common, dictionary, overview, upload, warnings

TEXTS: dict[str, Text] = {
    key: Text(zh, en)
    for module in (common, overview, warnings, upload, dictionary)
    for key, (zh, en) in module.TEXTS.items()
}  # fmt: skip


def text(key: str) -> Text:
    """The text of a key; KeyError for one there isn't."""
    return TEXTS[key]
