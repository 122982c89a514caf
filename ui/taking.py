"""What is taken out of the house: that somebody took it is a line of the audit, written before they have it."""

from __future__ import annotations

from pathlib import Path

from pilotwatch import access
from pilotwatch.store import BatchLine
from ui.screen import Screen


def original(screen: Screen, batch: BatchLine, path: Path) -> bytes:
    """The original file of a batch, when it is asked for."""
    noted(screen, "export.original", batch)
    return path.read_bytes()


def noted(screen: Screen, act: str, batch: BatchLine) -> None:
    access.record(screen.house.store, screen.person, act, batch.id, {"file": batch.file, "sha256": batch.sha256})
