"""Bounds and working days from the command line."""

from __future__ import annotations

import json

import pytest

from tests.test_cli import run

__all__ = ["run"]


def _json(done):
    code, out, _ = done
    return code, json.loads(out)


def test_bounds_are_set_and_reset_and_the_history_tells_of_both(run):
    code, told = _json(run("bounds", "set", "PPC-01", "red=< 0.7", "--reason", "会议纪要3号", "--json"))
    assert (code, told["bounds"], told["saved"]) == (0, {"red": {"before": "< 0.80", "bound": "< 0.7"}}, True)
    line = _json(run("bounds", "list", "--set", "--json"))[1]["bounds"][0]
    red, orange = line["levels"][:2]
    assert (line["indicator"], red["bound"], red["declared"], red["set"]["reason"]) == (
        "PPC-01",
        "< 0.7",
        "< 0.80",
        "会议纪要3号",
    )
    assert (orange["basis"], orange["may"]) == ("LAW", "tighten")
    assert run("bounds", "reset", "PPC-01", "--reason", "试行结束")[0] == 0
    history = _json(run("bounds", "history", "PPC-01", "--json"))[1]["history"]
    assert [(h["bound"], h["before"], h["by"]) for h in history] == [
        (None, "< 0.7", "system"),
        ("< 0.7", "< 0.80", "system"),
    ]


@pytest.mark.parametrize(
    ("arguments", "rule", "code"),
    [
        (("set", "PPC-01", "orange=< 0.9", "--reason", "x"), "bound_looser", 1),
        (("set", "PPC-01", "red=< 0.7"), "reason", 1),
        (("set", "PPC-99", "red=> 1", "--reason", "x"), "no_indicator", 2),
        (("set", "PPC-01", "red"), "no_bound", 2),
        (("set", "PPC-01", "red=< 0.7", "--version", "2020-01-01", "--reason", "x"), "no_version", 2),
    ],
)  # fmt: skip
def test_a_change_that_wont_do_is_refused_with_the_reason(run, arguments, rule, code):
    ended, told = _json(run("bounds", *arguments, "--json"))
    assert (ended, told["refused"], bool(told["message_en"])) == (code, rule, True)


def test_a_dry_run_tells_the_effect_and_saves_nothing(run):
    code, told = _json(run("bounds", "set", "PPC-01", "red=< 0.7", "--dry-run", "--json"))
    assert (code, told["saved"], told["effect"]["moves"]) == (0, False, [])
    assert _json(run("bounds", "history", "--json"))[1] == {"history": []}


def test_a_day_that_is_entered_moves_the_clock_and_its_withdrawal_moves_it_back(run):
    """Monday 2026-05-25 and 5 working days: Monday 1 June; with 27 to 29 May off, Thursday 4 June."""
    clock = ("clock", "2026-05-25", "+5wd", "--json")
    assert _json(run(*clock))[1]["due"] == "2026-06-01"  # where there is no store yet
    given = ("--festival", "古尔邦节", "--notice", "新政办发1号", "--reason", "通知", "--json")
    code, told = _json(run("calendar", "add", "2026-05-27..2026-05-29", "off", *given))
    assert (code, told["years"]) == (0, [{"year": 2026, "state": "unconfirmed", "missing": {"XJ": ["肉孜节"]}}])
    assert _json(run(*clock))[1]["due"] == "2026-06-04"
    for entry in told["entered"]:
        assert run("calendar", "withdraw", entry["id"], "--reason", "有误")[0] == 0
    assert _json(run(*clock))[1]["due"] == "2026-06-01"
    assert _json(run("calendar", "list", "--json"))[1]["entries"] == []
    kept = _json(run("calendar", "list", "--withdrawn", "--json"))[1]["entries"]
    assert [e["withdrawn"]["reason"] for e in kept] == ["有误"] * 3


def test_an_attested_day_without_a_notice_is_refused(run):
    ended, told = _json(run("calendar", "add", "2026-05-27", "off", "--reason", "x", "--json"))
    assert (ended, told["refused"]) == (1, "notice_no")
