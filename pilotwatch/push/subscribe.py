"""What a person sets: the messages that are wanted and the channels they come by, checked before they are stored."""

from __future__ import annotations

from pilotwatch.domain import Text
from pilotwatch.push import mail, sealing, words
from pilotwatch.push.robots import ROBOTS, token_of
from pilotwatch.settings import Settings
from pilotwatch.store import Desk, StoreRefused, subscriptions
from pilotwatch.store.subscriptions import ChannelKind, Subscription

SECRET_LONGEST = 200


class PushRefused(StoreRefused):
    """What was entered can't be stored; `rule` is stable, `message` says what is expected."""


def save(desk: Desk, wanted: Subscription) -> None:
    """Replaces what the person wants to be told. Raises PushRefused, saying what doesn't fit."""
    if wanted.kinds and not desk.person.may("read"):
        raise PushRefused("role", _NO_DATA)
    if (wanted.quiet_from is None) != (wanted.quiet_until is None) or (
        wanted.quiet_from is not None and wanted.quiet_from == wanted.quiet_until
    ):
        raise PushRefused("quiet", _QUIET)
    if wanted.kinds & {"daily", "weekly"}:
        if wanted.quiet_at(wanted.at_minute):
            raise PushRefused("quiet_digest", _QUIET_DIGEST.format(at=clock(wanted.at_minute)))
        if not wanted.levels:
            raise PushRefused("levels", _NO_LEVEL)
    subscriptions.save(desk, wanted)


def set_channel(desk: Desk, kind: ChannelKind, typed: str, secret: str, knobs: Settings) -> None:
    """Stores where a channel leads. `typed`: an e-mail address, or a robot's address as its platform gave it; `secret`: the
    robot's signing secret, if it has one. Raises PushRefused where it is neither."""
    if kind == "mail":
        address = mail.address_of(typed)
        if address is None:
            raise PushRefused("mail", _NO_MAIL)
        subscriptions.set_channel(desk, kind, mail.masked(address), sealing.seal({"to": address}, knobs))
        return
    robot = ROBOTS[kind]
    token = token_of(robot, typed, knobs)
    if token is None:
        example = f"https://{robot.official}{robot.address.replace('{token}', '…')}"
        raise PushRefused("robot", _NO_ROBOT.format(title=robot.title, example=example))
    if len(secret) > SECRET_LONGEST or not secret.isprintable():
        raise PushRefused("secret", _NO_SECRET.format(title=robot.title))
    sealed = sealing.seal({"token": token, "secret": secret.strip()}, knobs)
    subscriptions.set_channel(desk, kind, f"…{token[-4:]}", sealed)


def clock(minute: int) -> str:
    """Minutes of the day as people write them: 510 → 08:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def offered(knobs: Settings) -> tuple[ChannelKind, ...]:
    """The channels that can be used here: e-mail only where a server is set."""
    return tuple(c for c in subscriptions.CHANNELS if c != "mail" or knobs.smtp_host)


def title_of(kind: str) -> Text:
    return words.CHANNEL[kind]


_NO_DATA = Text(
    "本账号不查看业务数据，不能订阅摘要和预警。",
    "This account sees no supervision data, so it can't have digests or warnings sent.",
)
_QUIET = Text(
    "免打扰时段须同时填写开始和结束，且两者不能相同。",
    "A quiet time needs both its begin and its end, and they must differ.",
)
_QUIET_DIGEST = Text(
    "摘要时间 {at} 在免打扰时段内，摘要将无法按时发送。请调整其中之一。",
    "The digest's hour {at} lies within the quiet time. Change one of the two.",
)
_NO_LEVEL = Text("请至少选择一个摘要中列出的预警等级。", "Choose at least one level that a digest is to name.")
_NO_MAIL = Text(
    "邮箱地址格式不正确，应形如 wangfang@urumqi.gov.cn。",
    "That is no e-mail address; it looks like wangfang@urumqi.gov.cn.",
)
_NO_ROBOT = Text(
    "这不是{title}的地址。请在群设置中复制机器人的 Webhook 地址，应形如 {example}。",
    "That is no address of a {title}. Copy the robot's webhook address from the group's settings; it looks like {example}.",
)
_NO_SECRET = Text(
    "{title}的加签密钥格式不正确，请从机器人的安全设置中完整复制；未启用加签则留空。",
    "That is no signing secret of a {title}. Copy it whole from the robot's security settings, or leave it empty.",
)
