"""Work that is done again and again beside whatever else the process does; the passes of the post office, unless told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Self

from pilotwatch.push.office import House, run


class Background:
    """Passes made again and again in a thread of its own, until `stop`.

    `works`: what is done in each, in this order; `seconds`: between two (default: those of the push); `name`: of the thread
    and of its log.
    """

    def __init__(
        self, house: House, works: Sequence[Callable[[House], object]] = (run,), *, seconds: float | None = None,
        name: str = "push",
    ):  # fmt: skip
        self._house, self._works, self._stop = house, works, threading.Event()
        self._seconds = house.settings.push_seconds if seconds is None else seconds
        self._log = logging.getLogger(f"pilotwatch.{name}")
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self, patience: float = 5.0) -> None:
        """Asks it to end; a delivery under way is finished or, after the patience, left to the next start."""
        self._stop.set()
        self._thread.join(patience)

    def _loop(self) -> None:
        while not self._stop.wait(self._seconds):
            for work in self._works:
                try:
                    work(self._house)
                except Exception:  # the next pass may do better; what went wrong is in the log
                    self._log.exception("a pass of the %s failed", self._thread.name)
