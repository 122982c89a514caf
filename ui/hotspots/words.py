"""What measures, layers, places, courses and states are called.

It imports nothing that tests hot spots: what is told first must not wait for the libraries behind a test.
"""

from __future__ import annotations

from typing import Any

from pilotwatch import signals
from pilotwatch.domain import Domain
from ui.screen import Screen

RISK = "risk"
LAYERS = ("cells", "fine", "streets", "units")  # of those that are tested the ones the screen shows
CELLS = ("cells", "fine")
STATES = ("hot", "found", "nothing", "not_inspected", "no_data", "xpcc")


def measures(screen: Screen, domain: Domain) -> dict[str, str]:
    """What a domain is tested for: name → title."""
    return {RISK: screen.say("hotspots.measure_risk")} | {
        c.name: screen.pick(c.title) for c in signals.counts_of(domain)
    }


def place(screen: Screen, layer: str, row: Any) -> str:
    """A street's or a unit's name; a cell is told by the street it lies in and the end of its own name."""
    if layer in ("units", "divisions"):
        return screen.unit(row["place"])
    streets, code = screen.house.places.streets, row["street_code"]
    street = streets[code].name if code in streets else screen.say("hotspots.no_street")
    if layer not in CELLS:
        return street
    return screen.say("hotspots.cell_name", street=street, cell=row["place"].rstrip("f")[-4:])


def around(screen: Screen, layer: str, row: Any) -> str:
    """The unit a place lies in; of a unit nothing."""
    return "" if layer in ("units", "divisions") else screen.unit(row["report_unit"])


def layer(screen: Screen, name: str) -> str:
    """A layer's name within a sentence."""
    return screen.say(f"hotspots.layer_{name}").lower()


def course(screen: Screen, name: str | None) -> str:
    return screen.say(f"hotspots.course_{name}") if name and name != "none" else "—"


def state(screen: Screen, name: str) -> str:
    return screen.say(f"hotspots.state_{name}")
