"""What is queued, for whom, and what becomes of it: once, again, given up, taken over."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta

import pytest

from pilotwatch import access, push
from pilotwatch.domain import Text
from pilotwatch.push import Line, Notice, schedule
from pilotwatch.push.office import LEASE, LEASE_LENGTH
from pilotwatch.store import StoreRefused, deliveries, leases
from tests.push import servers
from tests.push.conftest import TOKEN, TOMORROW, at, changed
from tests.store.made import station

NOON = at(12)


def _reminder(username="tianshan", key="case:1:due"):
    return Notice(
        username,
        "reminder",
        key,
        Text("案件到期", "Case due"),
        (Line(Text("明日到期", "Due tomorrow"), "item", "red"),),
        "/case?id=1",
    )


def _queue(house, *notices, at=NOON):
    return push.queue(house.desk("city"), notices, at=at)


def _ready(house):
    """天山区 has a WeCom robot and wants to be told at once."""
    house.channel("tianshan")
    house.subscribe("tianshan")
    return house


@pytest.fixture
def ready(house):
    return _ready(house)


@pytest.fixture
def ready_lite(lite):
    return _ready(lite)


def test_a_notice_is_queued_once_however_often_it_comes(ready):
    assert len(_queue(ready, _reminder(), _reminder())) == 1
    assert _queue(ready, _reminder()) == []
    assert push.run(ready, at=NOON).sent == 1
    assert push.run(ready, at=NOON).sent == 0
    assert len(ready.robots.got) == 1


def test_who_wants_nothing_or_has_no_channel_or_no_account_any_more_is_not_told(ready):
    ready.channel("midong")  # a channel, but nothing wanted
    ready.subscribe("city")  # wanted, but no channel
    assert _queue(ready, _reminder("midong"), _reminder("city"), _reminder("nobody")) == []
    access.set_disabled(ready.store, "tianshan", True, by="admin")
    assert _queue(ready, _reminder()) == []


def test_what_is_queued_in_a_transaction_that_fails_was_never_queued(ready):
    class Undone(Exception):
        pass

    def hook(connection, change):
        deliveries.queue(connection, [_reminder()])
        raise Undone

    ready.store.on_change.append(hook)
    with pytest.raises(Undone):
        ready.upload(station(1, nozzles=1))
    assert ready.told("tianshan") == []


def test_a_failed_delivery_waits_longer_each_time_and_then_arrives(ready):
    _queue(ready, _reminder())
    moment = NOON
    for tries, minutes in ((1, 1), (2, 5)):
        ready.robots.answer("oops", 500)
        passed = push.run(ready, at=moment)
        assert (passed.sent, passed.waiting) == (0, 1)
        told = ready.told("tianshan")[0]
        assert (told.state, told.tries, told.rule) == ("waiting", tries, "http_500")
        assert told.next_at - moment == timedelta(minutes=minutes)
        assert push.run(ready, at=told.next_at - timedelta(seconds=1)).waiting == 0  # not before its time
        moment = told.next_at
    assert push.run(ready, at=moment).sent == 1
    assert ready.states("tianshan") == [("wecom", "sent", 3, None)]
    assert len({text for text in ready.robots.texts}) == 1  # the same message, with the same number, each time


def test_after_the_last_try_it_is_given_up_and_shown_and_can_be_tried_anew(ready_lite):
    (id_,) = _queue(ready_lite, _reminder())
    moment = NOON
    for _ in range(schedule.TRIES):
        ready_lite.robots.answer("oops", 503)
        push.run(ready_lite, at=moment)
        moment = ready_lite.told("tianshan")[0].next_at
    assert ready_lite.states("tianshan") == [("wecom", "failed", schedule.TRIES, "http_503")]
    assert push.run(ready_lite, at=moment + timedelta(9)).sent == 0
    push.retry(ready_lite.desk("tianshan"), id_, "wecom")
    assert push.run(ready_lite).sent == 1
    assert ready_lite.states("tianshan") == [("wecom", "sent", 1, None)]


def test_a_refusal_that_will_stay_is_not_tried_again(ready_lite):
    _queue(ready_lite, _reminder())
    ready_lite.robots.answer({"errcode": 93000, "errmsg": f"invalid webhook url {TOKEN}"})
    assert push.run(ready_lite, at=NOON).failed == 1
    told = ready_lite.told("tianshan")[0]
    assert (told.state, told.rule) == ("failed", "address_refused")
    assert "机器人可能已被移除" in told.reason.zh
    assert push.run(ready_lite, at=NOON + timedelta(1)).failed == 0


def test_the_failures_of_all_are_shown_to_the_office_without_what_they_say_and_to_nobody_else(ready):
    _queue(ready, _reminder())
    ready.robots.answer({"errcode": 93000, "errmsg": "no"})
    push.run(ready, at=NOON)
    for who in ("city", "admin"):
        (told,) = push.listed(ready.desk(who), everybody=True, failed=True)
        assert (told.username, told.name, told.title) == ("tianshan", "天山区领导", None)
    for who in ("midong", "auditor", "cards"):
        with pytest.raises(StoreRefused):
            push.listed(ready.desk(who), everybody=True)
    assert ready.told("tianshan")[0].title.zh == "案件到期"
    assert ready.told("midong") == []


def test_nobody_else_tries_ones_deliveries_anew(ready):
    (id_,) = _queue(ready, _reminder())
    with pytest.raises(StoreRefused):
        push.retry(ready.desk("midong"), id_, "wecom")
    with pytest.raises(StoreRefused):
        push.retry(ready.desk("tianshan"), "no-id", "wecom")
    push.retry(ready.desk("admin"), id_, "wecom")


def test_while_one_process_is_at_it_another_leaves_it_and_takes_over_when_the_lease_has_run_out(ready):
    _queue(ready, _reminder())
    assert leases.hold(ready.store, LEASE, "dead", NOON, LEASE_LENGTH)
    assert push.run(ready, at=NOON, holder="living").led is False
    assert push.run(ready, at=NOON + LEASE_LENGTH - timedelta(seconds=1), holder="living").led is False
    assert push.run(ready, at=NOON + LEASE_LENGTH, holder="living").sent == 1
    assert leases.hold(ready.store, LEASE, "third", NOON + LEASE_LENGTH, LEASE_LENGTH)  # given back at the end


def test_what_a_dead_process_was_sending_is_sent_again(ready):
    _queue(ready, _reminder())
    dues = deliveries.due(ready.store, NOON)
    assert deliveries.begin(ready.store, dues, NOON, NOON + LEASE_LENGTH)  # and then it is killed
    assert push.run(ready, at=NOON).sent == 0
    assert push.run(ready, at=NOON + LEASE_LENGTH).sent == 1
    assert ready.states("tianshan") == [("wecom", "sent", 2, None)]


def test_two_that_take_on_the_same_delivery_dont_both_get_it(ready):
    _queue(ready, _reminder())
    first, second = deliveries.due(ready.store, NOON), deliveries.due(ready.store, NOON)
    assert len(deliveries.begin(ready.store, first, NOON, NOON + LEASE_LENGTH)) == 1
    assert deliveries.begin(ready.store, second, NOON, NOON + LEASE_LENGTH) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda h: access.set_disabled(h.store, "tianshan", True, by="admin"), "account"),
        (lambda h: _move(h, "tianshan", '["650109"]'), "scope"),
        (lambda h: push.remove_channel(h.desk("tianshan"), "wecom"), "channel"),
    ],
    ids=["account disabled", "scope changed", "channel removed"],
)
def test_what_waits_is_dropped_when_its_reader_may_not_have_it_any_more(ready, change, rule):
    _queue(ready, _reminder())
    change(ready)
    assert push.run(ready, at=NOON).dropped == 1
    assert ready.robots.got == []
    (told,) = push.listed(ready.desk("admin"), everybody=True)
    assert (told.state, told.rule) == ("dropped", rule)


def _move(house, username, units):
    with house.store.registers() as books:
        books.change_account(username, units=units)


def test_nothing_is_sent_in_the_quiet_time_and_all_of_it_as_one_message_after(ready_lite):
    ready_lite.subscribe("tianshan", quiet_from=20 * 60, quiet_until=7 * 60)
    night = at(23)
    _queue(ready_lite, _reminder(key="case:1:due"), _reminder(key="case:2:due"), at=night)
    assert push.run(ready_lite, at=night + timedelta(hours=7)).sent == 0  # 06:00
    morning = at(7, day=TOMORROW + timedelta(1))
    assert [t.next_at for t in ready_lite.told("tianshan")] == [morning, morning]
    assert push.run(ready_lite, at=morning).sent == 2
    assert len(ready_lite.robots.got) == 1
    assert "处置提醒（2 则）" in ready_lite.robots.texts[0]


def test_a_dead_server_is_asked_once_a_pass_and_the_others_wait_untried(ready_lite):
    ready_lite.channel("midong")
    ready_lite.subscribe("midong")
    _queue(ready_lite, _reminder(), _reminder("midong"))
    dead = changed(ready_lite, wecom_url="http://127.0.0.1:1")
    assert push.run(dead, at=NOON).waiting == 2
    assert ready_lite.states("midong") == [("wecom", "waiting", 1, "unreachable")]
    assert ready_lite.states("tianshan") == [("wecom", "waiting", 0, "unreachable")]
    assert push.run(ready_lite, at=NOON + timedelta(minutes=2)).sent == 2


def test_what_was_told_is_forgotten_after_a_season_and_what_waits_is_not(ready):
    _queue(ready, _reminder())
    push.run(ready, at=NOON)
    _queue(ready, _reminder(key="case:2:due"), at=NOON)
    assert deliveries.forget(ready.store, NOON + timedelta(1)) == 1
    assert [t.state for t in ready.told("tianshan")] == ["waiting"]


def test_a_test_message_goes_to_whoever_asks_even_in_the_quiet_time(lite):
    lite.channel("midong")
    lite.subscribe("midong", kinds=frozenset(), quiet_from=0, quiet_until=24 * 60 - 1)
    queued = push.test(lite, "midong")
    assert push.deliver(lite, queued).sent == 1
    assert "测试消息" in lite.robots.texts[0]
    assert push.test(lite, "city") == []  # no channel


def test_what_is_set_and_tried_is_in_the_audit_and_where_it_leads_is_not(ready_lite):
    (id_,) = _queue(ready_lite, _reminder())
    push.retry(ready_lite.desk("tianshan"), id_, "wecom")
    push.remove_channel(ready_lite.desk("tianshan"), "wecom")
    lines = access.audit_lines(ready_lite.store, ready_lite.person("auditor"))
    acts = [line["act"] for line in lines if line["act"].startswith("push.")]
    assert sorted(acts) == ["push.channel", "push.channel.remove", "push.retry", "push.subscribe"]
    assert TOKEN not in str(lines)


_SENDING = """
import sys
from datetime import datetime
from types import SimpleNamespace
from pathlib import Path
from pilotwatch import push
from pilotwatch.settings import Settings
from pilotwatch.store import Store
url, var, wecom, moment = sys.argv[1:]
store = Store.open(url, (), files=Path(var))
house = SimpleNamespace(settings=Settings(var=var, wecom_url=wecom), registry=None, places=None, store=store)
push.run(house, at=datetime.fromisoformat(moment))
"""


def test_a_process_that_is_killed_while_it_sends_loses_nothing(ready, store_url):
    """Another process holds the lease and is in the middle of a delivery when it is killed."""
    _queue(ready, _reminder())
    ready.robots.answer(servers.TAKEN, after=60)
    dying = subprocess.Popen(
        [sys.executable, "-c", _SENDING, store_url, str(ready.settings.var), ready.robots.url, NOON.isoformat()]
    )
    for _ in range(600):
        if ready.robots.got:
            break
        time.sleep(0.1)
    dying.kill()
    dying.wait()
    assert (
        push.run(ready, at=NOON + timedelta(minutes=1)).sent == 0
    )  # not its time yet, and the lease is the dead one's
    _queue(ready, _reminder(key="case:2:due"))
    assert push.run(ready, at=NOON + timedelta(minutes=1)).led is False
    assert push.run(ready, at=NOON + LEASE_LENGTH).sent == 2
    assert len(ready.robots.got) == 2  # the one that was lost, and the one that waited with it as one message
    assert "案件到期" in ready.robots.texts[1] and "case:1:due" in ready.robots.texts[1]
