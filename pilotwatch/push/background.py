"""Passes of the post office beside whatever else the process does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from pilotwatch.push.office import House, run

_log = logging.getLogger("pilotwatch.push")


class Background:
    """Passes made again and again in a thread of its own, until `stop`. `before`: what is done ahead of each of them, for
    it may queue something."""

    def __init__(self, house: House, before: Sequence[Callable[[House], object]] = ()):
        self._house, self._works, self._stop = house, (*before, run), threading.Event()
        self._thread = threading.Thread(target=self._loop, name="push", daemon=True)

    def start(self) -> Background:
        self._thread.start()
        return self

    def stop(self, patience: float = 5.0) -> None:
        """Asks it to end; a delivery under way is finished or, after the patience, left to the next start."""
        self._stop.set()
        self._thread.join(patience)

    def _loop(self) -> None:
        while not self._stop.wait(self._house.settings.push_seconds):
            for work in self._works:
                try:
                    work(self._house)
                except Exception:  # the next pass may do better; what went wrong is in the log
                    _log.exception("a pass of the push failed")
