"""Did the pilot work? Before and after, pilots against the others, with the odds that the lottery of who was a pilot did it.

    panel = Panel(numerators, denominators, units, months, starts)
    found = evaluate(panel)
    found.verdict      # "fell", "rose", "no_evidence", or "cant_tell" with its reason
    said(found, words) # one honest sentence

Pure: arrays in, arrays out. Nothing here reads a store.
"""

from pilotwatch.evaluation.did import MONTHS, Panel, contrast, windows
from pilotwatch.evaluation.inference import Interval, assignments, interval
from pilotwatch.evaluation.told import REASONS, Words, caveats, headline, said
from pilotwatch.evaluation.verdict import ALPHA, Found, evaluate

__all__ = [
    "ALPHA", "MONTHS", "REASONS", "Found", "Interval", "Panel", "Words", "assignments", "caveats", "contrast", "evaluate", "headline",
    "interval", "said", "windows",
]  # fmt: skip
