"""The post office: one pass composes the digests whose hour has come and delivers what waits.

Several replicas may run it; a lease in the store lets one of them at a time, and runs out should that one die. Each
delivery is taken on by itself as well, so that even two that think they hold the lease don't both send it. What was being
sent when the program died is sent again: a message may come twice, with the same number in its foot, but not never.
"""

from __future__ import annotations

import logging
import os
import socket
import ssl
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol

from pilotwatch.domain import Text
from pilotwatch.places import Places
from pilotwatch.push import digest, mail, schedule, sealing, words
from pilotwatch.push.failing import NotSent
from pilotwatch.push.message import TOGETHER, Message, message, robot_message
from pilotwatch.push.robots import ROBOTS
from pilotwatch.push.robots import send as send_robot
from pilotwatch.registry import Registry
from pilotwatch.settings import Settings
from pilotwatch.store import SYSTEM, Person, Store, deliveries, leases, subscriptions
from pilotwatch.store.deliveries import Due, Line, Notice
from pilotwatch.store.subscriptions import Subscriber
from pilotwatch.workdays import now

LEASE = "push"
LEASE_LENGTH = timedelta(minutes=3)  # longer than one delivery can take
KEPT = timedelta(days=90)  # what was told is forgotten after so long

_log = logging.getLogger("pilotwatch.push")


class House(Protocol):
    """What the office works with: an open `Workspace`."""

    settings: Settings
    registry: Registry
    places: Places
    store: Store


@dataclass
class Passed:
    """What one pass did, in deliveries. `led` is False where another process was at it."""

    led: bool = True
    digests: int = 0
    sent: int = 0
    failed: int = 0  # for good
    waiting: int = 0  # failed, and will be tried again
    dropped: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def run(house: House, *, at: datetime | None = None, holder: str | None = None) -> Passed:
    """One pass: whatever is due `at` (default: now) is composed and delivered, unless another process is at it."""
    moment, name = at or now(), holder or _me()
    hours = list(_due_digests(house, moment))
    if not hours and not deliveries.waiting(house.store, moment):
        return Passed()
    if not leases.hold(house.store, LEASE, name, moment, LEASE_LENGTH):
        return Passed(led=False)
    try:
        passed = Passed(digests=_compose(house, hours, moment))
        clock = _Clock(at)

        def still() -> bool:
            return leases.hold(house.store, LEASE, name, clock(), LEASE_LENGTH)

        _deliver(house, passed, deliveries.due(house.store, moment), clock, still)
        deliveries.forget(house.store, moment - KEPT)
        return passed
    finally:
        leases.release(house.store, LEASE, name, at or now())


def deliver(house: House, ids: Sequence[str], *, at: datetime | None = None) -> Passed:
    """Delivers the notices `ids` at once, whoever holds the lease: a test, a try again that somebody waits for."""
    passed, clock = Passed(), _Clock(at)
    _deliver(house, passed, deliveries.due(house.store, at or now(), ids=ids), clock, lambda: True)
    return passed


def test(house: House, username: str) -> list[str]:
    """Queues a test message for all channels of an account, whatever it wants to be told; gives the notice's id, if any."""
    notice = Notice(
        username, "test", f"test:{uuid.uuid4().hex[:12]}", _TEST_TITLE, (Line(_TEST_SAYS), Line(_TEST_NOTE, "note")), "/messages"
    )  # fmt: skip
    return deliveries.queue(house.store.desk(SYSTEM), [notice])


def preview(house: House, person: Person, kind: str, *, at: datetime | None = None) -> Notice:
    """The digest as it would be sent to the person now; nothing is stored."""
    desk, moment = house.store.desk(person), at or now()
    told = deliveries.last_told(house.store, [kind], person.username).get((person.username, kind))
    since = told[0] if told else moment - schedule.span(kind)
    wanted = subscriptions.mine(desk)
    return digest.compose(desk, house.registry, house.places, kind, "preview", wanted, now=moment, since=since)


def written(house: House, notice: Notice, *, at: datetime | None = None) -> Message:
    """The notice as a message, as its channels would get it."""
    return message([notice], at or now(), house.settings, demo=house.store.demo)


# --- digests -------------------------------------------------------------------------------------------------------


def _due_digests(house: House, moment: datetime) -> Iterator[tuple[Subscriber, str, str, datetime]]:
    """(subscriber, kind, key, since) of the digests whose hour has come and that weren't queued yet."""
    readers = [(s, schedule.due_digest(s.subscription, moment)) for s in subscriptions.subscribers(house.store)]
    readers = [(s, due) for s, due in readers if due and s.person.may("read")]
    told = deliveries.last_told(house.store, ["daily", "weekly"]) if readers else {}
    for reader, (kind, hour) in readers:
        key = f"{kind}:{hour:%Y%m%d-%H%M}"
        last = told.get((reader.person.username, kind))
        if last is None or last[1] != key:
            yield reader, kind, key, last[0] if last else moment - schedule.span(kind)


def _compose(house: House, hours: Sequence[tuple[Subscriber, str, str, datetime]], moment: datetime) -> int:
    queued, made = 0, {}
    for reader, kind, key, since in hours:
        person, wanted = reader.person, reader.subscription
        same = subscriptions.scope_of(person), kind, key, since, wanted.levels  # readers of one scope read the same
        if same not in made:
            made[same] = _digest(house, reader, kind, key, moment, since)
        told = replace(made[same], username=person.username)
        queued += len(deliveries.queue(house.store.desk(SYSTEM), [told], at=moment))
    return queued


def _digest(house: House, reader: Subscriber, kind: str, key: str, moment: datetime, since: datetime) -> Notice:
    desk = house.store.desk(reader.person)
    try:
        return digest.compose(
            desk, house.registry, house.places, kind, key, reader.subscription, now=moment, since=since
        )
    except Exception:  # one digest must not keep others from theirs; its reader is told, the log has it
        _log.exception("the %s digest of %s could not be composed", kind, reader.person.username)
        return Notice(reader.person.username, kind, key, _NO_DIGEST_TITLE, (Line(_NO_DIGEST),), "/overview")


# --- deliveries ----------------------------------------------------------------------------------------------------


class _Clock:
    """The moment, or one that a test has set."""

    def __init__(self, at: datetime | None):
        self._at = at

    def __call__(self) -> datetime:
        return self._at or now()


def _deliver(
    house: House, passed: Passed, dues: Sequence[Due], clock: Callable[[], datetime], still: Callable[[], bool]
) -> None:
    """Delivers one message after the other, those of one kind that wait for one account and channel as one."""
    trust, demo, down = None, house.store.demo, {}
    for together in _messages(dues):
        if not still():
            return
        if gone := _gone(together[0]):
            deliveries.fail(house.store, together, *gone, state="dropped")
            passed.dropped += len(together)
            continue
        tries, moment = max(d.tries for d in together) + 1, clock()
        if known := down.get(together[0].kind):  # nobody waits for the same dead server again and again
            later = moment + schedule.WAITS[0]
            deliveries.fail(house.store, together, known.rule, known.reason, next_at=later)
            passed.waiting += len(together)
            continue
        again_at = together[0].subscription.free_at(moment + max(schedule.wait_after(tries), LEASE_LENGTH))
        taken = deliveries.begin(house.store, together, moment, again_at)
        if not taken:
            continue
        try:
            trust = trust or _trust(house.settings)
            _send(house, taken, trust, demo)
        except NotSent as no:
            final = no.final or tries >= schedule.TRIES
            next_at = taken[0].subscription.free_at(clock() + schedule.wait_after(tries))
            deliveries.fail(
                house.store, taken, no.rule, no.reason, state="failed" if final else "waiting", next_at=next_at
            )
            passed.failed += len(taken) if final else 0
            passed.waiting += 0 if final else len(taken)
            if no.ours and not final:
                down[taken[0].kind] = no
        else:
            deliveries.succeed(house.store, taken, clock())
            passed.sent += len(taken)


def _messages(dues: Sequence[Due]) -> Iterator[list[Due]]:
    """What goes out as one message each."""
    for (_, _, kind), some in groupby(dues, key=lambda d: (d.notice.username, d.kind, d.notice.kind)):
        if kind in TOGETHER:
            yield list(some)
        else:
            yield from ([one] for one in some)


def _gone(one: Due) -> tuple[str, Text] | None:
    """Why a delivery is not to be made any more."""
    if one.person is None:
        return "account", _NO_ACCOUNT
    if not one.same_scope:
        return "scope", _OTHER_SCOPE
    return ("channel", _NO_CHANNEL) if one.channel is None else None


def _send(house: House, dues: Sequence[Due], trust: ssl.SSLContext, demo: bool) -> None:
    one, knobs = dues[0], house.settings
    assert one.channel is not None  # noqa: S101 - `_gone` has seen to it
    address = sealing.opened(one.channel.sealed, knobs)
    told = message([d.notice for d in dues], min(d.at for d in dues), knobs, demo=demo)
    language = one.subscription.language
    if one.kind == "mail":
        letter = mail.letter(told, address["to"], language, knobs, house.store.files)
        mail.send(letter, address["to"], knobs, trust)
    else:
        robot = ROBOTS[one.kind]
        send_robot(robot, address, robot_message(told, language, robot), knobs, trust)


def _trust(knobs: Settings) -> ssl.SSLContext:
    """Whom a server's certificate has to come from: whom the machine trusts, and the own root where one is set."""
    trust = ssl.create_default_context()
    if knobs.push_ca:
        try:
            trust.load_verify_locations(cafile=knobs.push_ca)
        except (OSError, ssl.SSLError):
            raise NotSent("push_ca", _NO_CA.format(file=str(knobs.push_ca)), ours=True) from None
    return trust


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


_TEST_TITLE = Text("测试消息", "Test message")
_TEST_SAYS = Text(
    "您收到这条消息，说明该渠道设置正确。今后的{kinds}会发到这里。",
    "If you can read this, the channel works. From now on {kinds} come here.",
).format(kinds=words.listed([words.KIND[k] for k in subscriptions.KINDS]))
_TEST_NOTE = Text(
    "群机器人的消息，群内全部成员都能看到，请确认群成员均可知悉您权限范围内的数据。",
    "What a group robot says is read by the whole group: make sure that all of them may know the data of your scope.",
)
_NO_DIGEST_TITLE = Text("摘要未能生成", "The digest could not be made")
_NO_DIGEST = Text(
    "系统生成本期摘要时出错，请直接打开系统查看；系统管理员可在日志中查到原因。",
    "Something went wrong when this digest was made. Please open the app; the administrator finds the reason in the log.",
)
_NO_ACCOUNT = Text("账号已停用，不再发送。", "The account is not in use any more; nothing is sent.")
_OTHER_SCOPE = Text(
    "账号的权限范围在消息发出前已变更，消息作废。",
    "The scope of the account changed before it was sent; the message is void.",
)
_NO_CHANNEL = Text("该渠道已被移除，不再发送。", "The channel was removed; nothing is sent.")
_NO_CA = Text(
    "读不到 PILOTWATCH_PUSH_CA 指定的证书文件“{file}”，没有发送。请系统管理员核对。",
    "The certificates in PILOTWATCH_PUSH_CA ({file}) can't be read; nothing was sent. The administrator should check it.",
)
