"""风险热点: which cells and streets have more than the city's rate lets expect, tested; how the units compare; how it was made."""

from ui.hotspots.choose import View, ask
from ui.hotspots.found import Seen, hot_places, judge, load, units
from ui.hotspots.how import method, take_out
from ui.hotspots.one import one, pick
from ui.hotspots.sheet import show

__all__ = ["Seen", "View", "ask", "hot_places", "judge", "load", "method", "one", "pick", "show", "take_out", "units"]
