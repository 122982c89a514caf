"""Fewer visits, and no less safety: the judgement and its chance, worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from pilotwatch.inspection.ledger import safety
from pilotwatch.inspection.ledger.safety import Change, judged, months_until

FEWER, MORE = Change(10, 7), Change(10, 10)


def test_a_rise_is_told_with_its_chance():
    """Of 5 cases all in the second year: one in 2⁵. Of 3, two or three: 4 of 8. None: certain."""
    assert Change(0, 5).p == pytest.approx(1 / 32)
    assert Change(1, 2).p == pytest.approx(4 / 8)
    assert Change(4, 0).p == 1.0
    assert (Change(10, 7).share, Change(0, 7).share) == (-0.3, None)


def test_only_where_visits_fell_is_there_anything_to_answer_for():
    rise = (Change(0, 50),)
    assert judged(MORE, rise) == "more"
    assert judged(Change(0, 0), rise) == judged(Change(0, 4), rise) == "nodata"


def test_amber_is_a_rise_beyond_chance_and_watch_one_within():
    """0 → 5 has one chance in 32, 0 → 4 one in 16."""
    assert judged(FEWER, (Change(3, 3), Change(0, 5))) == "amber"
    assert judged(FEWER, (Change(3, 3), Change(0, 4))) == "watch"
    assert judged(FEWER, (Change(3, 3), Change(5, 0))) == "held"
    assert judged(FEWER, ()) == "held"


def test_months_are_those_that_have_ended():
    assert months_until(date(2026, 11, 23), 2) == (["2026-09", "2026-10"], ["2025-09", "2025-10"])
    assert months_until(date(2026, 11, 30), 2)[0] == ["2026-10", "2026-11"]
    assert months_until(date(2026, 1, 5), 1) == (["2025-12"], ["2024-12"])


def test_every_verdict_has_its_words():
    assert set(safety.VERDICTS) == {"amber", "watch", "held", "more", "nodata"}
