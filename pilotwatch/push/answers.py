"""What the platforms answer instead of taking a message, by their own codes, in the words of who has to act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pilotwatch.domain import Text
from pilotwatch.push.failing import NotSent


class Meaning(NamedTuple):
    """`final`: trying again as it is can't help."""

    rule: str
    reason: Text
    final: bool


_GONE = Meaning(
    "address_refused",
    Text(
        "{title}不认识这个地址：机器人可能已被移除，或地址填写有误。请在群里重新取得地址后再填。",
        "The {title} doesn't know this address: the robot was removed, or it was mistyped. Get it anew from the group.",
    ),
    True,
)
_SECURITY = Meaning(
    "security",
    Text(
        "{title}的安全设置拒绝了消息：请核对加签密钥、关键词和 IP 白名单。",
        "The security settings of the {title} refused it: check signing secret, keywords and the list of IP addresses.",
    ),
    True,
)
_SIGN = Meaning(
    "sign",
    Text(
        "{title}的签名不符：请重新填写加签密钥；如仍不行，请系统管理员校准服务器时间。",
        "The signature doesn't fit the {title}: enter the signing secret again, or let the server's clock be set right.",
    ),
    True,
)
_IP = Meaning(
    "ip",
    Text(
        "{title}只接受白名单中的 IP 地址，本服务器不在其中。请在机器人的安全设置中加入。",
        "The {title} takes messages from listed IP addresses only, and this server's isn't one. Add it there.",
    ),
    True,
)
_KEYWORD = Meaning(
    "keyword",
    Text(
        "{title}设置了关键词，消息里没有。请把“试点监测”加为关键词，或改用加签。",
        "The {title} asks for a keyword that isn't in the message. Add “Pilot Watch” as a keyword, or use signing.",
    ),
    True,
)
_FAST = Meaning(
    "too_fast",
    Text("{title}限制发送频率，稍后自动重发。", "The {title} limits how often one may send; it is tried again later."),
    False,
)
_BUSY = Meaning("busy", Text("{title}暂时繁忙，稍后自动重发。", "The {title} is busy; it is tried again later."), False)
_CONTENT = Meaning(
    "content",
    Text("{title}不接受消息内容（{code}：{said}）。", "The {title} doesn't take the content ({code}: {said})."),
    True,
)

WECOM: Mapping[int, Meaning] = {
    -1: _BUSY, 40008: _CONTENT, 40058: _CONTENT, 44004: _CONTENT, 45009: _FAST, 45033: _FAST, 60020: _IP, 93000: _GONE,
}  # fmt: skip
DINGTALK: Mapping[int, Meaning] = {
    -1: _BUSY, 40035: _CONTENT, 43004: _CONTENT, 130101: _FAST, 300001: _GONE, 300005: _GONE, 310000: _SECURITY,
    400013: _GONE, 400101: _GONE, 400102: _GONE, 400105: _CONTENT, 400106: _GONE, 410100: _FAST, 430101: _CONTENT,
    430102: _CONTENT, 430103: _CONTENT, 430104: _CONTENT,
}  # fmt: skip
FEISHU: Mapping[int, Meaning] = {
    9499: _CONTENT, 11232: _FAST, 19001: _GONE, 19002: _CONTENT, 19021: _SIGN, 19022: _IP, 19024: _KEYWORD,
}  # fmt: skip

_UNKNOWN = Text(
    "{title}没有接受消息（{code}：{said}）。将自动重试；如持续失败，请转告系统管理员。",
    "The {title} didn't take the message ({code}: {said}). It is tried again; if it goes on, tell the administrator.",
)
_HTTP = Text(
    "{title}的服务器答复 HTTP {status}{said}。将自动重试；如持续失败，请系统管理员检查中转地址。",
    "The server of the {title} answered HTTP {status}{said}. It is tried again; if it goes on, the administrator should "
    "check the relay.",
)
_HTTP_FINAL = Text(
    "{title}的服务器拒绝了请求（HTTP {status}{said}）。请核对机器人地址；如有中转，请系统管理员检查其设置。",
    "The server of the {title} refused the request (HTTP {status}{said}). Check the robot's address and the relay, if there "
    "is one.",
)
_NO_ANSWER = Text(
    "{title}的服务器没有给出平台的答复，可能被网关拦截。将自动重试；如持续失败，请系统管理员检查中转地址。",
    "The server of the {title} didn't answer as the platform does: a gateway may be in between. It is tried again; if it "
    "goes on, the administrator should check the relay.",
)
_TRY_AGAIN = (408, 425, 429)  # of the 4xx, those that pass by themselves


def refused(title: Text, meanings: Mapping[int, Meaning], status: int, code: int | None, said: str) -> NotSent:
    """What an answer means that isn't "taken": the platform's code where there is one, else the HTTP status."""
    quoted = Text(f"：{said}", f": {said}") if said else ""
    if code in meanings:
        rule, reason, final = meanings[code]
        return NotSent(rule, reason.format(title=title, code=code, said=said or "—"), final=final)
    if code:
        return NotSent(f"code_{code}", _UNKNOWN.format(title=title, code=code, said=said or "—"))
    if status == 200:
        return NotSent("no_answer", _NO_ANSWER.format(title=title), ours=True)
    if 400 <= status < 500 and status not in _TRY_AGAIN:
        return NotSent(f"http_{status}", _HTTP_FINAL.format(title=title, status=status, said=quoted), final=True)
    return NotSent(f"http_{status}", _HTTP.format(title=title, status=status, said=quoted), ours=status >= 500)
