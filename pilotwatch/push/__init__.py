"""Telling people: digests by day and week, red warnings at once, reminders; by e-mail and by the robots of WeCom, DingTalk
and Feishu.

Every message is for one account and made through its desk, so it holds nothing that the account's own screens would not.
What is to be told is queued in the transaction that causes it and delivered by `run` (from the app's background, or from
`pilotwatch push run`), again and again with growing waits until it arrives or is given up, which is then shown.

Other parts tell people things by `queue`:

    from pilotwatch.store.deliveries import Line, Notice, queue

    queue(connection, [
        Notice("tianshan", "reminder", "case:CZ-0012:due:20261124", Text("…", "…"), (Line(Text("…", "…"), "item", "red"),),
               link="/case?id=CZ-0012"),
    ])

* `connection`: of the transaction that causes it (a hook's, or within a module of the store); or a desk that isn't within one.
* `key`: which event it tells of; the same key is told to an account once, however often it is queued.
* `kind`: "reminder" for those who want reminders of disposal; what waits of one kind goes out as one message.
* `link`: a path of the app; the reader's language is added.
* Names and notes are escaped for each channel. That they are in the reader's scope is for whoever queues them to see to.

`queue` lives in the store, since the parts that need it are below this one.
"""

from pilotwatch.push.background import Background
from pilotwatch.push.digest import compose
from pilotwatch.push.mail import as_text, body
from pilotwatch.push.message import Message
from pilotwatch.push.office import Passed, deliver, preview, run, test, written
from pilotwatch.push.red import tell_red
from pilotwatch.push.subscribe import PushRefused, offered, save, set_channel
from pilotwatch.store.deliveries import Line, Notice, queue
from pilotwatch.store.subscriptions import (
    CHANNELS,
    KINDS,
    Channel,
    Subscription,
    channels,
    mine,
    remove_channel,
)
from pilotwatch.store.told import Told, listed, retry

__all__ = [
    "CHANNELS", "KINDS", "Background", "Channel", "Line", "Message", "Notice", "Passed", "PushRefused", "Subscription", "Told",
    "as_text", "body", "channels", "compose", "deliver", "listed", "mine", "offered", "preview", "queue", "remove_channel",
    "retry", "run", "save", "set_channel", "tell_red", "test", "written",
]  # fmt: skip
