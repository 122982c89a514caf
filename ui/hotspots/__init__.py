"""风险热点: which places have more than the city's rate lets expect, tested; how the units compare; how it was made.

What is told first, the sentence and the list, comes out of the store alone; the libraries behind a test and the map are
loaded after it.
"""

from ui.hotspots.choose import View, ask
from ui.hotspots.found import Seen, hot_places, judge, load, quiet_places, units
from ui.hotspots.how import method, take_out
from ui.hotspots.one import one
from ui.hotspots.sheet import show

__all__ = [
    "Seen",
    "View",
    "ask",
    "hot_places",
    "judge",
    "load",
    "method",
    "one",
    "quiet_places",
    "show",
    "take_out",
    "units",
]
