"""综合查一次: a tab for each part; a part is the module of its name here and is shown once it is there."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from ui import address
from ui.screen import Screen

#: In the order of the work: what is arranged, planned, drawn, carried out, saved, guarded, held against safety.
PARTS = ("calendar", "plan", "draws", "tasks", "ledger", "guard", "safety")


def choose(screen: Screen) -> str:
    """The part looked at; it stands in the address."""
    open_ = PARTS if screen.person.may("read") else ("draws",)  # a witness who sees no data seals and verifies
    there = [p for p in open_ if find_spec(f"{__name__}.{p}")]
    return address.segments("view", {p: screen.say(f"inspection.{p}") for p in there}, screen.say("nav.inspection"))


def show(screen: Screen, part: str) -> None:
    import_module(f"{__name__}.{part}").show(screen)


__all__ = ["PARTS", "choose", "show"]
