"""REF-09 and REF-14: scanned in before the visit begins, and what the enterprise says."""

from __future__ import annotations

import pytest

from tests.reform.conftest import visit


def scans(scanned: int, of: int):
    """So many visits of October and September, `scanned` of them with the moment they were scanned in."""
    days = [f"2026-{m:02}-{d:02}" for m in range(1, 11) for d in range(1, 29)][:of]
    return [visit(d, scan_in_at=f"{d} 10:00" if i < scanned else None) for i, d in enumerate(days)]


@pytest.mark.parametrize(
    ("scanned", "of", "level"),
    [
        (5, 5, "normal"),
        (199, 200, "yellow"),
        (19, 20, "yellow"),
        (189, 200, "orange"),
        (4, 5, "orange"),
        (159, 200, "red"),
    ],
)
def test_the_bounds_of_scanning_in(told, scanned, of, level):
    """100 % is normal; 99.5 % and 95 % itself are yellow; 94.5 % and 80 % itself are orange; 79.5 % is red."""
    assert told("REF-09", "2026", inspection=scans(scanned, of)) == (scanned, of, round(scanned / of, 6), level)


def test_a_visit_with_a_reason_not_to_scan_needs_none(told):
    rows = [*scans(1, 1), visit("2026-10-09", exempt_reason="暗访")]
    assert told("REF-09", "2026", inspection=rows) == (1, 1, 1.0, "normal")
    assert told("REF-09", "2026", inspection=rows[1:]) == (0, 0, None, "nodata")


def test_a_scan_after_the_visit_began_is_too_late(told):
    """Begun 10:00: scanned 10:00 is in time, 10:01 isn't. Where only the day of the visit is known, the day must agree."""

    def share(scanned_at, began="2026-10-09 10:00"):
        rows = [visit("2026-10-09", number="V", scan_in_at=began)]
        return told("REF-09", "2026-10", inspection=rows, scan_in=[{"scan_id": "V", "scan_in_at": scanned_at}])[0]

    assert [share("2026-10-09 10:00"), share("2026-10-09 10:01")] == [1, 0]
    assert [share("2026-10-09 19:00", None), share("2026-10-10 00:01", None)] == [1, 0]


def test_a_scan_of_somebody_else_is_none(told):
    rows = [visit("2026-10-09", number="V")]
    assert (
        told("REF-09", "2026-10", inspection=rows, scan_in=[{"scan_id": "V", "scan_in_at": "2026-10-09", "of": "T"}])[0]
        == 0
    )


@pytest.mark.parametrize(("good", "of", "level"), [(19, 20, "normal"), (18, 20, "yellow")])
def test_four_of_five_is_satisfied_and_95_percent_is_aimed_at(told, good, of, level):
    """19 ÷ 20 = 95 % is not below it; 18 ÷ 20 = 90 % is. A 3 isn't satisfied; a visit without a rating isn't asked."""
    rows = [visit(f"2026-10-{d + 1:02}", rating=4 if d < good else 3) for d in range(of)]
    found = told("REF-14a", "2026-10", inspection=[*rows, visit("2026-10-31")])
    assert found == (good, of, round(good / of, 6), level)
    assert told("REF-14a", "2026-10", inspection=[visit("2026-10-31")]) == (0, 0, None, "nodata")


@pytest.mark.parametrize(("rated", "level"), [(2, "normal"), (1, "yellow")])
def test_half_of_the_visits_are_to_be_rated(told, rated, level):
    """2 of 4 is 50 %, not below it; 1 of 4 is. A rating may stand in the scan's row."""
    rows = [visit(f"2026-10-0{d}", number=f"V{d}") for d in range(1, 5)]
    ratings = [{"scan_id": f"V{d}", "scan_in_at": f"2026-10-0{d} 10:00", "rating": 5} for d in range(1, rated + 1)]
    assert told("REF-14b", "2026-10", inspection=rows, scan_in=ratings) == (rated, 4, rated / 4, level)
    assert told("REF-14b", "2026-10") == (0, 0, None, "nodata")
