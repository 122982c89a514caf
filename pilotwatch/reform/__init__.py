"""The reform's own measures: how much enterprises are checked, how well departments work together (domain-rules C.4)."""

from pilotwatch.domain import Measure

#: Whose measures they are where they are kept beside those of the domains.
NAME = "reform"

MEASURES: tuple[Measure, ...] = ()
