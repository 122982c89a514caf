"""REF-06, 12, 15, 17: closed in time, handed over well, fewer matters, the three systems."""

from __future__ import annotations

from datetime import date

import pytest

# --- REF-06 ------------------------------------------------------------------------------------------------------


def clues(in_time: int, of: int):
    return [
        {
            "clue_no": str(n),
            "due_at": "2026-10-20 18:00",
            "closed_at": "2026-10-20 19:30" if n < in_time else "2026-10-21 09:00",
        }
        for n in range(of)
    ]


@pytest.mark.parametrize(
    ("in_time", "of", "level"),
    [
        (19, 20, "normal"),
        (94, 100, "yellow"),
        (9, 10, "yellow"),
        (89, 100, "orange"),
        (4, 5, "orange"),
        (79, 100, "red"),
    ],
)
def test_the_bounds_of_closing_in_time(told, in_time, of, level):
    """95 % is normal, 94 % and 90 % itself yellow, 89 % and 80 % itself orange, 79 % red. The day counts, not the hour."""
    assert told("REF-06", "2026-10", clue=clues(in_time, of)) == (in_time, of, in_time / of, level)


def test_what_is_overdue_and_open_counts_as_due_and_what_is_not_due_yet_counts_not(told):
    """On 23 November: open and due the 22nd is late; due the 23rd isn't yet; due the 30th and closed is not due either."""
    rows = [
        {"clue_no": "1", "due_at": "2026-11-22"}, {"clue_no": "2", "due_at": "2026-11-23"},
        {"clue_no": "3", "due_at": "2026-11-30", "closed_at": "2026-11-20"}, {"clue_no": "4", "due_at": None},
    ]  # fmt: skip
    assert told("REF-06", "2026-11", clue=rows) == (0, 1, 0.0, "red")
    assert told("REF-06", "2026-11", on=date(2026, 11, 22), clue=rows) == (0, 0, None, "nodata")


def test_clues_orders_and_hazards_are_told_apart_and_a_merged_clue_is_none(told):
    asked = {
        "clue": [{"clue_no": "1", "due_at": "2026-10-05", "state": "merged"}, *clues(1, 1)],
        "order_to_correct": [{"due_on": "2026-10-05", "done_on": "2026-10-06"}],
        "hazard": [{"due_on": "2026-10-05", "closed_on": "2026-10-05"}],
    }
    assert told("REF-06", "2026-10", **asked) == (2, 3, round(2 / 3, 6), "red")
    assert told("REF-06", "2026-10", kind="order", **asked)[:2] == (0, 1)
    assert told("REF-06", "2026-10", kind="hazard", **asked)[:2] == (1, 1)


# --- REF-12 ------------------------------------------------------------------------------------------------------


def transfers(dept: str, returned: int, of: int, **said):
    return [
        {"clue_no": f"{dept}{n}", "lead_dept": dept, "transferred_at": "2026-03-02 10:00", "returned_at": "2026-03-09" if n < returned else None, **said}
        for n in range(of)
    ]  # fmt: skip


@pytest.mark.parametrize(("returned", "level"), [(4, "normal"), (5, "yellow")])
def test_the_fifth_transfer_of_a_department_that_comes_back_in_a_year_warns(told, returned, level):
    """4 (5) of SWJ's 10 and 4 of SCJG's 5 came back: 8 (9) of 15. SCJG's 4 alone don't warn."""
    rows = [*transfers("SWJ", returned, 10), *transfers("SCJG", 4, 5)]
    assert told("REF-12", "2026", clue=rows) == (returned + 4, 15, round((returned + 4) / 15, 6), level)
    assert told("REF-12", "2026", kind="SCJG", clue=rows) == (4, 5, 0.8, "normal")
    assert told("REF-12", "2026", clue=[{"clue_no": "1"}]) == (0, 0, None, "nodata")


@pytest.mark.parametrize(("off_line", "level"), [(2, "normal"), (3, "yellow")])
def test_the_third_transfer_off_line_of_a_department_warns(told, off_line, level):
    """Those that don't say how they were handed over count in neither."""
    rows = [*transfers("SWJ", 0, off_line, transfer_offline=True), *transfers("YJJ", 0, 2, transfer_offline=False)]
    rows += transfers("SCJG", 0, 4)
    assert told("REF-12b", "2026", clue=rows) == (off_line, off_line + 2, off_line, level)
    assert told("REF-12b", "2026", clue=transfers("SCJG", 0, 4)) == (0, 0, None, "nodata")


# --- REF-15 ------------------------------------------------------------------------------------------------------


def matter(number: int, begins: str, ends: str | None = None):
    return {"of": str(number), "item_code": str(number), "dept": "SWJ", "valid_from": begins, "valid_until": ends}


def test_fewer_matters_than_on_the_same_day_of_the_year_before(told):
    """On 23 November 2025: 1, 2, 3, 4. Now: 1, 2, 5 (3 ended in June, 4 yesterday). (4 − 3) ÷ 4 = 0.25."""
    rows = [
        matter(1, "2023-01-01"), matter(2, "2025-11-23"), matter(3, "2023-01-01", "2026-06-30"),
        matter(4, "2023-01-01", "2026-11-22"), matter(5, "2026-01-01"), matter(6, "2023-01-01", "2025-11-22"),
    ]  # fmt: skip
    assert told("REF-15", "2026", matter=rows) == (1, 4, 0.25, "normal")


def test_as_many_matters_are_normal_more_are_yellow_and_without_a_list_before_nothing_is_told(told):
    """(1 − 1) ÷ 1 = 0 is not below 0; (1 − 2) ÷ 1 = −1 is; 0 ÷ 0 is unknown."""
    assert told("REF-15", "2026", matter=[matter(1, "2023-01-01")]) == (0, 1, 0.0, "normal")
    assert told("REF-15", "2026", matter=[matter(1, "2023-01-01"), matter(2, "2026-01-01")]) == (-1, 1, -1.0, "yellow")
    assert told("REF-15", "2026", matter=[matter(2, "2026-01-01")]) == (-1, 0, None, "nodata")


# --- REF-17 ------------------------------------------------------------------------------------------------------

GOOD = {
    "act_id": "1", "type": "处罚", "dept": "YJJ", "officers": ["张*", "李*"], "certs": ["A", "B"], "started_at": "2026-09-01 10:00",
    "decided_at": "2026-10-12 11:00", "published_at": "2026-10-21", "text_record": True, "av_record": True, "closed_on": "2026-10-20",
    "archived_on": "2026-11-19", "review_required": True, "reviewed_at": "2026-10-12 11:00", "collective_discussion": True,
    "hearing_notice": True,
}  # fmt: skip


def test_an_act_that_breaks_none_of_the_checks_passes(told):
    """Decided Monday 12 October 2026, published Wednesday 21st: the 7th working day. Archived on the 30th day."""
    assert told("REF-17", "2026-10", enforcement_act=[GOOD]) == (1, 1, 1.0, "normal")
    assert told("REF-17", "2026-10", kind="passed", enforcement_act=[GOOD])[:2] == (1, 1)


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        ("c1", {"published_at": "2026-10-22"}), ("c2", {"published_at": None}), ("c3", {"officers": ["张*"]}), ("c3", {"certs": ["A"]}),
        ("c4", {"text_record": False}), ("c4", {"type": "强制", "av_record": False, "published_at": "2026-10-13"}),
        ("c5", {"archived_on": "2026-11-20"}), ("c5", {"archived_on": None}), ("c6", {"reviewed_at": "2026-10-12 11:01"}),
        ("c6", {"reviewed_at": None}), ("c7", {"collective_discussion": False}), ("c8", {"hearing_notice": False}),
    ],
)  # fmt: skip
def test_each_check_that_is_broken_fails_the_act_and_is_named(told, check, wrong):
    rows = [GOOD | wrong]
    assert told("REF-17", "2026-10", enforcement_act=rows) == (0, 1, 0.0, "yellow")
    assert told("REF-17", "2026-10", kind=check, enforcement_act=rows)[:2] == (0, 1)


def test_market_regulation_has_20_working_days_to_publish_a_penalty(told):
    """From 12 October 2026 the 20th working day is Monday 9 November."""
    rows = [GOOD | {"dept": "SCJG", "published_at": "2026-11-09"}]
    assert told("REF-17", "2026-10", enforcement_act=rows)[0] == 1
    assert told("REF-17", "2026-10", kind="c1", enforcement_act=[rows[0] | {"published_at": "2026-11-10"}])[:2] == (
        0,
        1,
    )


@pytest.mark.parametrize(
    "unknown", [{"officers": None}, {"text_record": None}, {"review_required": None, "reviewed_at": None}]
)
def test_an_act_of_which_a_check_is_unknown_is_not_judged_unless_another_is_broken(told, unknown):
    rows = [GOOD | unknown]
    assert told("REF-17", "2026-10", enforcement_act=rows) == (0, 0, None, "nodata")
    assert told("REF-17", "2026-10", enforcement_act=[rows[0] | {"archived_on": None}]) == (0, 1, 0.0, "yellow")


def test_an_act_that_was_reviewed_needs_no_word_on_whether_it_had_to_be(told):
    assert told("REF-17", "2026-10", enforcement_act=[GOOD | {"review_required": None}]) == (1, 1, 1.0, "normal")


def test_an_act_is_not_blamed_for_what_is_not_due_yet(told):
    """On 20 October the penalty of the 12th may still be published, and the file archived."""
    rows = [GOOD | {"published_at": None, "archived_on": None}]
    assert told("REF-17", "2026-10", on=date(2026, 10, 20), enforcement_act=rows) == (1, 1, 1.0, "normal")


def test_every_decision_that_needs_legal_review_is_to_be_reviewed_before(told):
    """One of two reviewed before: 50 %, red below 100 %. One that needs none isn't asked."""
    late = GOOD | {"act_id": "2", "reviewed_at": "2026-10-13"}
    minor = GOOD | {"act_id": "3", "review_required": False, "reviewed_at": None}
    assert told("REF-17b", "2026-10", enforcement_act=[GOOD, minor]) == (1, 1, 1.0, "normal")
    assert told("REF-17b", "2026-10", enforcement_act=[GOOD, late, minor]) == (1, 2, 0.5, "red")
    assert told("REF-17b", "2026-10", enforcement_act=[minor]) == (0, 0, None, "nodata")
