"""Running the house: is it well, what does its log say, what is kept for how long."""

from pilotwatch.operation.health import Check, Health, health
from pilotwatch.operation.log import set_up_log
from pilotwatch.operation.personal import unmask

__all__ = ["Check", "Health", "health", "set_up_log", "unmask"]
