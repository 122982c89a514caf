"""Why the figures of a batch were returned, for the team that handed it in."""

from __future__ import annotations

from pilotwatch.review import approvals as rules
from pilotwatch.store import BatchLine
from ui.screen import Screen


def said(screen: Screen, batch: BatchLine) -> list[str]:
    """A line for each month and unit of the batch that stands returned."""
    return [
        screen.say(
            "approvals.back", unit=screen.unit(d.cell.report_unit), month=d.cell.month, by=d.by_name, remark=d.remark
        )
        for d in rules.remarks(screen.desk, screen.house.registry, batch)
    ]
