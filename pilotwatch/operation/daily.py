"""The day's work: licences run out, clocks run on and hot spots move without any upload.

It is done once a day, by whichever of several processes comes first: a lease keeps the others away, runs out should its
holder die, and the day is noted only at the end, so that another one begins anew. Each part is brought to the day in
transactions of its own, and doing it twice changes nothing.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pilotwatch import figures, push
from pilotwatch.store import leases
from pilotwatch.workdays import now, today
from pilotwatch.workspace import Workspace

if TYPE_CHECKING:
    from pilotwatch.figures import Spread

LEASE = "daily"
LENGTH = timedelta(minutes=15)  # longer than any one transaction of the work takes
_RENEWED = 60.0  # seconds

_log = logging.getLogger("pilotwatch.daily")


def run(
    house: Workspace, *, on: date | None = None, rebuild: bool = False, spread: Spread | None = None
) -> dict[str, Any]:
    """Brings everything that follows the day to `on` (default: today); `rebuild` makes it all anew from the records.

    Returns what was done of each part, as `pilotwatch update --json` prints it.
    """
    from pilotwatch import access, disposal, hotspots, risk, signals, warnings
    from pilotwatch.inspection import objects
    from pilotwatch.inspection.ledger import keep as ledger

    store, found, places, on = house.store, house.registry, house.places, on or today()
    done = warnings.update(store, found, on=on, rebuild=rebuild, spread=spread)
    done["watched"] = signals.update(store, found, on=on, rebuild=rebuild)["domains"]
    done["risk"] = risk.update(store, found, on=on, rebuild=rebuild)["domains"]
    done["ledger"] = ledger.update(store, found, on)
    people = [p for a in access.accounts(store) if (p := access.person(store, a["username"]))]
    done["cases"] = asdict(disposal.daily.run(store, house.rulebook(), people))
    done["hot_spots"] = hotspots.keep.update(store, found, places, on=on)["domains"]
    library = objects.update(store, found, places, on=on)
    done["objects"] = {n: library[n] for n in ("entries", "linked", "clerical", "overlaps")}
    figures.note_day(store, on)
    return done


def due(house: Workspace) -> bool:
    """Whether today's work is still to do: never in a store without data, which has nothing to bring to a day."""
    done = figures.noted_day(house.store)
    return (done is None or done < today()) and not house.store.is_empty()


def if_due(
    house: Workspace, work: Callable[[Workspace], dict[str, Any]] = run, *, holder: str | None = None,
    at: Callable[[], datetime] = now,
) -> dict[str, Any] | None:  # fmt: skip
    """Does today's work where it is to do and nobody else is at it; None where there was nothing to do."""
    name = holder or f"{socket.gethostname()}:{os.getpid()}"
    if not due(house) or not leases.hold(house.store, LEASE, name, at(), LENGTH):
        return None
    with _holding(house, name, at):
        return work(house) if due(house) else None  # another one may have ended in between


@contextlib.contextmanager
def _holding(house: Workspace, name: str, at: Callable[[], datetime]) -> Iterator[None]:
    """Keeps the lease alive as long as the block lasts."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(_RENEWED):
            try:
                leases.hold(house.store, LEASE, name, at(), LENGTH)
            except Exception:  # a long transaction has the database; the next try is in a minute
                _log.warning("the lease of the day's work could not be renewed yet")

    thread = threading.Thread(target=renew, name="daily-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        leases.release(house.store, LEASE, name, at())


class Background(push.Background):
    """Looks every so often whether the day's work is to do, and has it done by a process of its own: in this one it
    would take the pages' time."""

    def __init__(self, house: Workspace, seconds: float = 60.0):
        super().__init__(house, (self._look,), seconds=seconds, name="daily")
        self._child: subprocess.Popen[bytes] | None = None

    def stop(self, patience: float = 5.0) -> None:
        """Ends the looking, and the work under way: the next start goes on with it."""
        super().stop(patience)
        if self._child and self._child.poll() is None:
            self._child.terminate()

    def _look(self, house: Workspace) -> None:
        if self._child is not None:
            if self._child.poll() is None:
                return
            if self._child.returncode:
                _log.error(
                    "the day's work failed; run pilotwatch update to see why (exit code %d)", self._child.returncode
                )
            self._child = None
        if due(house):
            command = [sys.executable, "-m", "pilotwatch.cli", "update", "--if-due", "--json"]
            self._child = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
