"""The parts of 消息推送, in the order of the page: what I get, by which channels, how it looks, what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

import streamlit as st

from pilotwatch import push
from pilotwatch.domain import LEVELS
from pilotwatch.push import KINDS, Channel, Subscription, Told, words
from pilotwatch.workdays import BEIJING
from ui import blocks
from ui.acting import attempt
from ui.html import join, table, tag
from ui.screen import Screen

LISTED, ACTED = 30, 8  # deliveries listed; failed ones with a button of their own
SIGNED = ("dingtalk", "feishu")  # robots that may have a signing secret
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STATE = {"sent": "good", "failed": "bad", "waiting": "warn", "dropped": "plain"}


@dataclass(frozen=True)
class Mine:
    """What is set now."""

    subscription: Subscription
    channels: dict[str, Channel]


def judge(screen: Screen) -> Mine:
    """What I get and by which channels, in a sentence."""
    mine = Mine(push.mine(screen.desk), push.channels(screen.desk))
    if not screen.person.may("read"):
        said = screen.say("messages.not_for_role")
    elif not mine.subscription.kinds:
        said = screen.say("messages.nothing")
    elif not mine.channels:
        said = screen.say("messages.no_channel")
    else:
        said = screen.say(
            "messages.judge",
            kinds=screen.listed([screen.pick(words.KIND[k]) for k in KINDS if k in mine.subscription.kinds]),
            channels=screen.listed([screen.pick(words.CHANNEL[c]) for c in push.CHANNELS if c in mine.channels]),
        )
    st.html(tag("p", said, cls="pw-judge"))
    return mine


# --- what I want ---------------------------------------------------------------------------------------------------


def wanted(screen: Screen, mine: Mine) -> None:
    """The form of what to be told and when."""
    now = mine.subscription
    with st.container(key="card-wanted"), st.form("push-wanted", border=False):
        st.html(blocks.heading(screen.say("messages.wanted"), screen.say("messages.wanted_note")))
        kinds = st.pills(
            screen.say("messages.kinds"), KINDS, selection_mode="multi", default=[k for k in KINDS if k in now.kinds],
            format_func=lambda k: screen.pick(words.KIND[k]), key="push-kinds",
        )  # fmt: skip
        with st.container(horizontal=True, gap="medium"):
            at = st.time_input(screen.say("messages.at"), _time(now.at_minute), step=900, key="push-at", width=150)
            weekday = st.selectbox(
                screen.say("messages.weekday"), range(7), index=now.weekday, key="push-weekday", width=150,
                format_func=lambda d: screen.say(f"messages.day.{DAYS[d]}"),
            )  # fmt: skip
            language = st.selectbox(
                screen.say("messages.language"), ("zh", "en"), index=0 if _language(screen, mine) == "zh" else 1,
                format_func=lambda n: screen.say(f"messages.language.{n}"), key="push-language", width=150,
            )  # fmt: skip
        levels = st.pills(
            screen.say("messages.levels"), LEVELS[:4], selection_mode="multi", default=list(now.levels),
            format_func=lambda n: screen.say(f"level.{n}"), key="push-levels",
        )  # fmt: skip
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            quiet_from = st.time_input(
                screen.say("messages.quiet_from"), _time(now.quiet_from), step=900, key="push-quiet-from", width=150
            )
            quiet_until = st.time_input(
                screen.say("messages.quiet_until"), _time(now.quiet_until), step=900, key="push-quiet-until", width=150
            )
            st.html(blocks.note(screen.say("messages.quiet_note")))
        if st.form_submit_button(screen.say("messages.save"), type="primary"):
            chosen = Subscription(
                frozenset(kinds),
                tuple(levels),
                _minute(at) or 0,
                weekday,
                _minute(quiet_from),
                _minute(quiet_until),
                language,
            )
            _do(screen, lambda: push.save(screen.desk, chosen), "messages.saved")
    _said(screen, "wanted")


def _language(screen: Screen, mine: Mine) -> str:
    return mine.subscription.language if mine.subscription.changed_at else screen.language


def _time(minute: int | None) -> time | None:
    return None if minute is None else time(*divmod(minute, 60))


def _minute(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute


# --- where to ------------------------------------------------------------------------------------------------------


def channels(screen: Screen, mine: Mine) -> None:
    """My channels: where each leads, as far as it may be shown, with a test; and a form for each to set it."""
    with st.container(key="card-channels"):
        st.html(blocks.heading(screen.say("messages.channels"), screen.say("messages.channels_note")))
        offered = push.offered(screen.house.settings)
        for kind in push.CHANNELS:
            _channel(screen, kind, mine.channels.get(kind), usable=kind in offered)
        if mine.channels and st.button(screen.say("messages.test"), key="push-test", icon=":material/send:"):
            _test(screen)
    _said(screen, "channels")


def _channel(screen: Screen, kind: str, channel: Channel | None, *, usable: bool) -> None:
    title, state = screen.pick(words.CHANNEL[kind]), screen.say("messages.unset")
    if channel:
        state = screen.say("messages.set", shown=channel.shown)
    elif not usable:
        state = screen.say("messages.no_server")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"push-row-{kind}"):
        st.html(
            tag("p", join([tag("b", title), " ", tag("span", state, cls="pw-dim")]), cls="pw-note"), width="stretch"
        )
        if channel and st.button(screen.say("messages.remove"), key=f"push-remove-{kind}", type="tertiary"):
            _do(screen, lambda: push.remove_channel(screen.desk, kind), "messages.removed", "channels")
        if usable:
            with st.popover(screen.say("messages.change" if channel else "messages.enter"), key=f"push-set-{kind}"):
                _address(screen, kind)


def _address(screen: Screen, kind: str) -> None:
    """The form of one channel. What is typed is stored sealed and never shown again."""
    turn = st.session_state.get("push-turn", 0)  # what was typed is gone from the session with its key
    with st.form(f"push-address-{kind}", border=False, clear_on_submit=True):
        hidden = "default" if kind == "mail" else "password"
        typed = st.text_input(
            screen.say(f"messages.address.{kind}"), type=hidden, max_chars=500, key=f"push-typed-{kind}-{turn}"
        )
        secret = ""
        if kind in SIGNED:
            secret = st.text_input(
                screen.say("messages.secret"), type="password", max_chars=200, key=f"push-secret-{kind}-{turn}"
            )
        note = "messages.address_note" if kind == "mail" else "messages.robot_note"
        st.html(blocks.note(screen.say(note)))
        if st.form_submit_button(screen.say("messages.save_address"), type="primary") and typed.strip():
            _do(screen, lambda: _set(screen, kind, typed, secret), "messages.address_saved", "channels")


def _set(screen: Screen, kind: str, typed: str, secret: str) -> None:
    push.set_channel(screen.desk, kind, typed, secret, screen.house.settings)
    st.session_state["push-turn"] = st.session_state.get("push-turn", 0) + 1


def _test(screen: Screen) -> None:
    """Sends a test by all my channels and says what became of each."""
    with st.spinner(screen.say("messages.testing")):
        queued = push.test(screen.house, screen.person.username)
        push.deliver(screen.house, queued)
    for told in push.listed(screen.desk, limit=len(push.CHANNELS)):
        if told.id in queued:
            title = screen.pick(words.CHANNEL[told.channel])
            said = screen.pick(told.reason) if told.reason else screen.say("messages.tested", channel=title)
            st.html(blocks.note(said, "good" if told.state == "sent" else "bad"))


# --- how it looks --------------------------------------------------------------------------------------------------


def preview(screen: Screen) -> None:
    """My digest as it would be sent now."""
    with st.container(key="card-preview"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.html(
                blocks.heading(screen.say("messages.preview"), screen.say("messages.preview_note")), width="content"
            )
            kind = st.segmented_control(
                screen.say("messages.preview"), ("daily", "weekly"), default="daily", required=True, key="push-preview",
                format_func=lambda k: screen.pick(words.KIND[k]), label_visibility="collapsed",
            )  # fmt: skip
        notice = push.preview(screen.house, screen.person, kind or "daily")
        st.html(push.body(push.written(screen.house, notice), screen.language))


# --- what became of it ---------------------------------------------------------------------------------------------


def log(screen: Screen) -> None:
    """My deliveries, newest first: those that failed with their reason and a button to try again, then the others."""
    told = push.listed(screen.desk, limit=LISTED)
    with st.container(key="card-log"):
        st.html(blocks.heading(screen.say("messages.log"), screen.say("messages.log_note", n=len(told))))
        if not told:
            st.html(blocks.empty(screen.say("messages.log_empty"), screen.say("messages.log_empty_body")))
            return
        shown = _failed(screen, told, "mine")
        head = [screen.say(f"messages.{n}") for n in ("when", "what", "channel", "state")]
        rest = [_line(screen, t) for t in told if t not in shown]
        if rest:
            st.html(table(head, rest, cls="pw-stack", alt=screen.say("messages.log")))
    _said(screen, "mine")


def failures(screen: Screen) -> None:
    """Deliveries of all accounts that failed: whose, by which channel and why, not what they say."""
    told = push.listed(screen.desk, everybody=True, failed=True, limit=LISTED)
    with st.container(key="card-failures"):
        st.html(blocks.heading(screen.say("messages.failures"), screen.say("messages.failures_note", n=len(told))))
        if not told:
            st.html(blocks.note(screen.say("messages.failures_none"), "good"))
            return
        shown = _failed(screen, told, "all")
        head = [screen.say(f"messages.{n}") for n in ("when", "whose", "what", "channel", "state")]
        rest = [t for t in told if t not in shown]
        if rest:
            rows = [
                [_when(t.at), join([tag("b", t.name), tag("small", t.username)]), *_line(screen, t)[1:]] for t in rest
            ]
            st.html(table(head, rows, cls="pw-stack", alt=screen.say("messages.failures")))
    _said(screen, "all")


def _failed(screen: Screen, told: Sequence[Told], place: str) -> list[Told]:
    """Shows those that failed, each with a button to try it again, and gives them."""
    shown = [t for t in told if t.reason and t.state in ("failed", "waiting")][:ACTED]
    for t in shown:
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key=f"push-row-{place}-{t.id}-{t.channel}"
        ):
            who = [] if place == "mine" else [f"{t.name} ({t.username})"]
            title = screen.pick(t.title or words.KIND[t.kind])
            what = " · ".join([_when(t.at), *who, title, screen.pick(words.CHANNEL[t.channel])])
            state = screen.say(f"messages.state.{t.state}")
            said = join([tag("b", what), tag("span", f"{state} · {_detail(screen, t)}", style="display:block")])
            st.html(blocks.note(said, _STATE[t.state]), width="stretch")
            if st.button(screen.say("messages.retry"), key=f"push-retry-{place}-{t.id}-{t.channel}"):
                _do(screen, lambda t=t: _again(screen, t), "messages.retried", place)
    return shown


def _again(screen: Screen, told: Told) -> None:
    push.retry(screen.desk, told.id, told.channel)
    push.deliver(screen.house, [told.id])


def _line(screen: Screen, told: Told) -> list[object]:
    kind = screen.pick(words.KIND[told.kind])
    what = tag("b", screen.pick(told.title)) if told.title else kind
    if told.title and told.link and told.channel == "app":
        what = tag("a", screen.pick(told.title), href=told.link, target="_self", cls="pw-to")
    state = tag("span", screen.say(f"messages.state.{told.state}"), cls=f"pw-state pw-state-{told.state}")
    return [
        _when(told.at),
        what,
        screen.pick(words.CHANNEL[told.channel]),
        join([state, tag("small", _detail(screen, told))]),
    ]


def _detail(screen: Screen, told: Told) -> str:
    """When it was sent, or will be tried, and why it isn't there yet."""
    if told.state == "sent" and told.sent_at:
        return _when(told.sent_at)
    reason = screen.pick(told.reason) if told.reason else ""
    if told.state == "waiting":
        return " ".join(filter(None, [screen.say("messages.next", at=_when(told.next_at), tries=told.tries), reason]))
    return reason


def _when(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%m-%d %H:%M}"


# --- within --------------------------------------------------------------------------------------------------------


def _do(screen: Screen, act: Callable[[], None], said: str, place: str = "wanted") -> None:
    """Does it and shows the page anew with a word about it; a refusal is told where the button is."""

    def acted() -> None:
        act()
        st.session_state["push-said"] = (place, said)

    attempt(screen, acted)


def _said(screen: Screen, place: str) -> None:
    """What was just done, told once, at its place."""
    if st.session_state.get("push-said", ("", ""))[0] == place:
        _, said = st.session_state.pop("push-said")
        st.toast(screen.say(said))
