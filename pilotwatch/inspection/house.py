"""What making a plan needs of the workspace, which stands above."""

from __future__ import annotations

from typing import Protocol

from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.workdays import Calendar


class House(Protocol):
    """As `pilotwatch.workspace.Workspace` has it."""

    @property
    def registry(self) -> Registry: ...
    @property
    def places(self) -> Places: ...
    def calendar(self) -> Calendar: ...
