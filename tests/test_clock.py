"""The clock that all tests run by."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from pilotwatch.workdays import now
from tests.conftest import BEGINS


def test_every_test_runs_from_the_same_moment():
    assert timedelta(0) <= now() - BEGINS < timedelta(hours=3)


def test_a_process_that_a_test_starts_runs_by_the_same_clock():
    asked = "from pilotwatch.workdays import now; print(now().isoformat())"
    before = datetime.now(UTC)
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert before <= datetime.fromisoformat(told.strip()) <= datetime.now(UTC)
