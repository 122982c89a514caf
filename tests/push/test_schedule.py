"""When things are sent: the hour of a digest, quiet times, waits after failures."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pilotwatch import push
from pilotwatch.push import PushRefused, Subscription, schedule
from pilotwatch.workdays import BEIJING
from tests.push.conftest import at

BOTH = frozenset({"daily", "weekly"})
LONG_AGO = datetime(2026, 1, 1, tzinfo=BEIJING)


def _at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=BEIJING)  # the 23rd is a Monday


@pytest.mark.parametrize(
    ("kinds", "now", "due"),
    [
        (BOTH, _at(24, 8, 29), ("weekly", _at(23, 8, 30))),  # Tuesday before the hour: Monday's
        (BOTH, _at(24, 8, 30), ("daily", _at(24, 8, 30))),
        (BOTH, _at(23, 9), ("weekly", _at(23, 8, 30))),  # on Monday the weekly one in place of the daily
        ({"daily"}, _at(23, 9), ("daily", _at(23, 8, 30))),
        ({"weekly"}, _at(29, 23), ("weekly", _at(23, 8, 30))),
        ({"red"}, _at(24, 9), None),
    ],
)
def test_the_digest_that_is_due_is_that_of_the_last_hour(kinds, now, due):
    assert schedule.due_digest(Subscription(frozenset(kinds), changed_at=LONG_AGO), now) == due


def test_an_hour_that_had_passed_when_it_was_asked_for_doesnt_count():
    wanted = Subscription(frozenset({"daily"}), changed_at=_at(24, 10))
    assert schedule.due_digest(wanted, _at(24, 11)) is None
    assert schedule.due_digest(wanted, _at(25, 8, 30)) == ("daily", _at(25, 8, 30))


@pytest.mark.parametrize(
    ("quiet", "moment", "free"),
    [
        ((20 * 60, 7 * 60), _at(24, 19, 59), _at(24, 19, 59)),
        ((20 * 60, 7 * 60), _at(24, 20), _at(25, 7)),
        ((20 * 60, 7 * 60), _at(25, 6, 59), _at(25, 7)),
        ((20 * 60, 7 * 60), _at(25, 7), _at(25, 7)),
        ((12 * 60, 14 * 60), _at(25, 13), _at(25, 14)),
        ((None, None), _at(25, 3), _at(25, 3)),
    ],
)
def test_a_quiet_time_ends_where_it_says(quiet, moment, free):
    assert Subscription(quiet_from=quiet[0], quiet_until=quiet[1]).free_at(moment) == free


def test_waits_grow_and_come_to_about_a_day():
    waits = [schedule.wait_after(n) for n in range(1, schedule.TRIES)]
    assert waits == sorted(waits) and waits[0] == timedelta(minutes=1)
    assert timedelta(hours=20) < sum(waits, timedelta()) < timedelta(hours=26)


@pytest.mark.parametrize(
    ("wanted", "rule"),
    [
        ({"quiet_from": 60}, "quiet"),
        ({"quiet_from": 60, "quiet_until": 60}, "quiet"),
        ({"quiet_from": 20 * 60, "quiet_until": 9 * 60}, "quiet_digest"),  # the digest is at 08:30
        ({"levels": ()}, "levels"),
    ],
)
def test_what_cant_be_kept_to_is_refused(lite, wanted, rule):
    with pytest.raises(PushRefused) as refused:
        lite.subscribe("tianshan", **{"kinds": BOTH, **wanted})
    assert refused.value.rule == rule
    with pytest.raises(PushRefused):
        lite.subscribe("admin", kinds=BOTH)


def test_a_digest_is_sent_once_at_its_hour_in_the_readers_language_and_not_again(lite):
    lite.channel("tianshan")
    lite.subscribe("tianshan", kinds=BOTH, language="en", weekday=(at(0).weekday() + 1) % 7)
    assert push.run(lite, at=at(8, 29)).digests == 0
    assert push.run(lite, at=at(8, 31)).sent == 1
    assert push.run(lite, at=at(9)).digests == 0
    assert push.run(lite, at=at(8, 31) + timedelta(1)).sent == 1
    daily, weekly = lite.robots.texts
    assert "Daily digest of" in daily and "Weekly digest of" in weekly
    assert "No. daily:" in daily


def test_a_digest_that_cant_be_made_is_told_of_and_the_others_get_theirs(lite, monkeypatch, caplog):
    for who in ("tianshan", "midong"):
        lite.channel(who)
        lite.subscribe(who, kinds=frozenset({"daily"}))
    made = push.office.digest.compose
    monkeypatch.setattr(
        push.office.digest,
        "compose",
        lambda desk, *a, **k: 1 / 0 if desk.person.username == "midong" else made(desk, *a, **k),
    )
    assert push.run(lite, at=at(8, 30)).sent == 2
    assert sorted("摘要未能生成" in text for text in lite.robots.texts) == [False, True]
    assert "midong" in caplog.text
