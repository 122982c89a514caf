"""Texts."""

TEXTS = {
    "dictionary.x": ("", ""),
}
