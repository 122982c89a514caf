"""What Python runs first in a process that a test starts: the tests' own clock, where the test has one.

`tests/conftest.py` puts this folder on `PYTHONPATH` and tells in `TEST_CLOCK_SHIFT` how far (in seconds) the tests'
moment lies from the machine's.
"""

import os
from datetime import UTC, datetime, timedelta


def shift(seconds: float) -> None:
    """Lets this process's clock run so far from the machine's from now on."""
    import time_machine

    coordinates = time_machine.travel(datetime.now(UTC), tick=True).start()  # takes its time, which must not count
    coordinates.move_to(time_machine.escape_hatch.datetime.datetime.now(UTC) + timedelta(seconds=seconds))


if asked := os.environ.get("TEST_CLOCK_SHIFT"):
    shift(float(asked))
