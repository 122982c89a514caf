"""Figures made anew in many processes, on one machine or several: the same figures, to the last digit."""

from pilotwatch.spread.cluster import NotInstalled, Spreading, local, remote

__all__ = ["NotInstalled", "Spreading", "local", "remote"]
