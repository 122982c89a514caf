"""Long work beside the page: it goes on while the page is redrawn, shows how far it is, and can be cancelled.

A job runs in a thread of its own. What it does gets `progress(step, share)`, as the intake and the store want it; after
`cancel()` the next call raises `Cancelled`, which undoes the work.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from pilotwatch.domain import Text
from pilotwatch.intake import Cancelled

T = TypeVar("T")
Progress = Callable[[Text, float], None]


class Job(Generic[T]):
    """`work(progress)` under way. When `done`, there is a `result`, or an `error`, or it was `cancelled`."""

    def __init__(self, work: Callable[[Progress], T], name: str = "job"):
        self.step, self.share = Text("", ""), 0.0
        self.result: T | None = None
        self.error: Exception | None = None
        self.cancelled = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), name=name, daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Waits so long at most; whether the job is done."""
        self._thread.join(seconds)
        return self.done

    def cancel(self) -> None:
        self._stop.set()

    @property
    def cancelling(self) -> bool:
        return self._stop.is_set() and not self.done

    def _run(self, work: Callable[[Progress], Any]) -> None:
        try:
            self.result = work(self._progress)
        except Cancelled:
            self.cancelled = True
        except Exception as error:  # handed to the page, which knows which refusals it can tell and raises the rest
            self.error = error

    def _progress(self, step: Text, share: float) -> None:
        if self._stop.is_set():
            raise Cancelled
        self.step, self.share = step, min(1.0, max(0.0, share))
