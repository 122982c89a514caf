"""事项与对象: the list of matters, the manuals, the object library and what overlaps; a tab for each."""

from __future__ import annotations

from ui import address
from ui.library import listing, manuals, objects, overlaps
from ui.screen import Screen

_TABS = {"matters": listing, "manuals": manuals, "objects": objects, "overlaps": overlaps}


def choose(screen: Screen) -> str:
    """The tab looked at; it stands in the address."""
    return address.segments("view", {n: screen.say(f"library.{n}") for n in _TABS}, screen.say("nav.library"))


def show(screen: Screen, tab: str) -> None:
    _TABS[tab].show(screen)


__all__ = ["choose", "show"]
