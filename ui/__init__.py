"""What the pages share: `begin()` is the first line of each, the rest is what they are drawn with."""

from ui.screen import Screen, begin

__all__ = ["Screen", "begin"]
