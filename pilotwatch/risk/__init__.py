"""How risky a subject is: a card of points that anybody can check, its class, and re-gradings that people sign for.

risk.risk_of(desk, registry, subject_id, risk.signer(settings))   # score, parts with their words, class, history
risk.regrade(desk, subject_id, domain.name, "C", reason, risk.signer(settings))
"""

from pilotwatch.risk.card import PARTS, STEPS, Norm, class_of, points
from pilotwatch.risk.grid import BASIS, BY_CLASS, KEY_SITE, Frequency, frequency, grid
from pilotwatch.risk.keep import follow, relevel, update
from pilotwatch.risk.read import Grading, Line, Risk, risk_of
from pilotwatch.risk.signing import intact, signer
from pilotwatch.store.grades import CLASSES, cells, foremost, regrade

__all__ = [
    "BASIS", "BY_CLASS", "CLASSES", "KEY_SITE", "PARTS", "STEPS", "Frequency", "Grading", "Line", "Norm", "Risk", "cells",
    "class_of", "follow", "foremost", "frequency", "grid", "intact", "points", "regrade", "relevel", "risk_of", "signer", "update",
]  # fmt: skip
