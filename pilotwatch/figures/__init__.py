"""Figures: indicators over the touched subjects, rolled up by place. Pages read these, never records."""

from pilotwatch.figures.areas import areas
from pilotwatch.figures.day import note_day, noted_day
from pilotwatch.figures.effect import Effect, effect_on_periods, effect_on_places, effect_on_subjects
from pilotwatch.figures.evaluate import WORST, Evaluation, Judged, Parts, evaluate
from pilotwatch.figures.history import history
from pilotwatch.figures.keep import Made, Spread, follow, judged_by, made, read_by, update
from pilotwatch.figures.overview import CLOCK, RISKY, Concern, DomainLine, Overview, exceptions_of, overview, points

__all__ = [
    "CLOCK", "RISKY", "WORST", "Concern", "DomainLine", "Effect", "Evaluation", "Judged", "Made", "Overview", "Parts", "Spread", "areas",
    "effect_on_periods", "effect_on_places", "effect_on_subjects", "evaluate", "exceptions_of", "follow", "history", "judged_by", "made", "note_day", "noted_day", "overview", "points", "read_by", "update",
]  # fmt: skip
