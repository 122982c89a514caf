"""The process that `test_move` kills: moves a store, and dies by its own hand at a named moment, as a power cut would."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from pilotwatch.store import SYSTEM, Store, move, move_state, source, whole
from tests.store.made import OWNERS, RECORDS

#: How many rows the tests' moves copy at a time, so that tables of a few dozen rows have chunks.
ROWS = 7


def die(*_arguments: object, **_options: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, target: str, folder: str, moment: str) -> None:
    whole.ROWS = ROWS
    if moment == "made":  # the target's tables are there, no row is
        move._copy = die
    elif moment.startswith("chunk"):  # among the rows, just before a chunk is committed
        left, add = [int(moment.removeprefix("chunk"))], move_state.Progress.add

        def count(self: move_state.Progress, *given: object) -> None:
            left[0] -= len(given[2]) > 0
            if left[0] < 0:
                die()
            add(self, *given)

        move_state.Progress.add = count
    elif moment == "keys":  # all rows are there
        move._complete = die
    elif moment == "compared":  # all was compared
        source.Source.close_for_good = die
    elif moment == "closed":  # the source is closed for good, the target not opened yet
        move._hand_over = die
    store = Store.open(url, RECORDS, owners=OWNERS, files=Path(folder))
    move.move(store.desk(SYSTEM), target)


if __name__ == "__main__":
    main(*sys.argv[1:])
