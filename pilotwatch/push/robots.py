"""The group robots of WeCom 企业微信, DingTalk 钉钉 and Feishu 飞书: how each is addressed, signed, written to and understood.

After their published formats (WeCom 91770 群机器人配置说明, DingTalk 自定义机器人, Feishu 自定义机器人使用指南; read 2026-11). All three
answer HTTP 200 to what they refuse, with a code of their own in the body. A user gives the robot's token only; the server it
is sent to is the operator's to set, so that nobody can point this server at an address of theirs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from pilotwatch.domain import Text
from pilotwatch.push import answers
from pilotwatch.push.failing import of_transport, slow
from pilotwatch.push.markdown import clean
from pilotwatch.push.sealing import Address
from pilotwatch.settings import Settings

CONNECT, PATIENCE, LONGEST_ANSWER = 5.0, 15.0, 65_536  # seconds, seconds altogether, bytes

# they log every address they open, and these addresses are the secret
for name in ("httpx2", "httpcore2"):
    logging.getLogger(name).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Robot:
    """One platform. `limit`: bytes of UTF-8 a message may have; `between`: what its markdown takes for a line's end."""

    title: Text
    server: Callable[[Settings], str]
    official: str  # the host in the addresses that the platform gives out
    address: str  # below the server, with {token}
    token: re.Pattern[str]
    limit: int
    body: Callable[[str, str, str], dict[str, Any]]  # title, markdown, colour
    codes: tuple[str, ...]  # the fields of an answer that may hold its code
    said: tuple[str, ...]  # those that may hold its words
    meaning: Mapping[int, answers.Meaning]
    sign: Callable[[str, float], tuple[dict[str, str], dict[str, str]]] | None = None
    between: str = "\n"


def _wecom(title: str, markdown: str, colour: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": f"**{title}**\n{markdown}"}}


def _dingtalk(title: str, markdown: str, colour: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"title": title, "text": f"### {title}\n\n{markdown}"}}


def _feishu(title: str, markdown: str, colour: str) -> dict[str, Any]:
    header = {"title": {"tag": "plain_text", "content": title}, "template": colour}
    elements = [{"tag": "markdown", "content": markdown}]
    card = {"config": {"wide_screen_mode": True}, "header": header, "elements": elements}
    return {"msg_type": "interactive", "card": card}


def _dingtalk_sign(secret: str, at: float) -> tuple[dict[str, str], dict[str, str]]:
    """Base64 of HMAC-SHA-256 of "milliseconds, line feed, secret" by the secret, in the query."""
    moment = str(round(at * 1000))
    digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": moment, "sign": base64.b64encode(digest).decode()}, {}


def _feishu_sign(secret: str, at: float) -> tuple[dict[str, str], dict[str, str]]:
    """Base64 of HMAC-SHA-256 of nothing by "seconds, line feed, secret", in the body."""
    moment = str(int(at))
    digest = hmac.new(f"{moment}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {}, {"timestamp": moment, "sign": base64.b64encode(digest).decode()}


ROBOTS: dict[str, Robot] = {
    "wecom": Robot(
        Text("企业微信群机器人", "WeCom group robot"), lambda knobs: knobs.wecom_url, "qyapi.weixin.qq.com",
        "/cgi-bin/webhook/send?key={token}", re.compile(r"[A-Za-z0-9_-]{16,128}"), 4096, _wecom,
        ("errcode",), ("errmsg",), answers.WECOM,
    ),
    "dingtalk": Robot(
        Text("钉钉群机器人", "DingTalk group robot"), lambda knobs: knobs.dingtalk_url, "oapi.dingtalk.com",
        "/robot/send?access_token={token}", re.compile(r"[A-Za-z0-9]{16,128}"), 18_000, _dingtalk,
        ("errcode",), ("errmsg",), answers.DINGTALK, _dingtalk_sign, "\n\n",
    ),
    "feishu": Robot(
        Text("飞书群机器人", "Feishu group robot"), lambda knobs: knobs.feishu_url, "open.feishu.cn",
        "/open-apis/bot/v2/hook/{token}", re.compile(r"[A-Za-z0-9_-]{16,128}"), 18_000, _feishu,
        ("code", "StatusCode"), ("msg", "StatusMessage"), answers.FEISHU, _feishu_sign,
    ),
}  # fmt: skip


def token_of(robot: Robot, typed: str, knobs: Settings) -> str | None:
    """The token in what a user pasted: the whole address that the platform gave, or the token alone; None: neither."""
    typed = typed.strip()
    if "/" in typed:
        parts, ours = urlsplit(typed), urlsplit(robot.server(knobs))
        path, _, query = robot.address.partition("?")
        if parts.scheme not in ("http", "https") or parts.hostname not in (robot.official, ours.hostname):
            return None
        if query:
            typed = next(iter(parse_qs(parts.query).get(query.partition("=")[0], [])), "")
        else:
            typed = parts.path.removesuffix("/").rpartition("/")[2]
        if path.partition("{")[0].rstrip("/") not in parts.path:
            return None
    return typed if robot.token.fullmatch(typed) else None


def send(robot: Robot, address: Address, message: tuple[str, str, str], knobs: Settings, trust: ssl.SSLContext) -> None:
    """Sends (title, markdown, colour); raises NotSent where the platform doesn't take it."""
    query, signed = {}, {}
    if robot.sign and address.get("secret"):
        query, signed = robot.sign(address["secret"], time.time())
    body = json.dumps({**signed, **robot.body(*message)}, ensure_ascii=False).encode()
    try:
        url = httpx2.URL(robot.server(knobs).rstrip("/") + robot.address.format(token=address["token"]))
        status, answer = _post(url.copy_merge_params(query), body, trust, robot.title)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise of_transport(error, robot.title) from None
    _judge(robot, status, answer, [v for v in address.values() if v])


def _post(url: httpx2.URL, body: bytes, trust: ssl.SSLContext, title: Text) -> tuple[int, bytes]:
    """The answer, as much of it as may matter; nothing is followed to another address."""
    headers = {"content-type": "application/json; charset=utf-8", "user-agent": "pilotwatch"}
    end, answer = time.monotonic() + PATIENCE, b""
    with (
        httpx2.Client(verify=trust, timeout=httpx2.Timeout(PATIENCE, connect=CONNECT)) as client,
        client.stream("POST", url, content=body, headers=headers) as response,
    ):
        for chunk in response.iter_bytes():
            answer += chunk
            if len(answer) > LONGEST_ANSWER:
                break
            if time.monotonic() > end:
                raise slow(title)
        return response.status_code, answer[:LONGEST_ANSWER]


def _judge(robot: Robot, status: int, answer: bytes, secrets: list[str]) -> None:
    """Raises NotSent unless the platform says in so many words that it took the message."""
    try:
        found = json.loads(answer)
    except ValueError:
        found = None
    found = found if isinstance(found, dict) else {}
    code = next((found[n] for n in robot.codes if isinstance(found.get(n), int)), None)
    if status == 200 and code == 0:
        return
    said = clean(next((str(found[n]) for n in robot.said if found.get(n)), ""))
    for secret in secrets:
        said = said.replace(secret, "***")
    raise answers.refused(robot.title, robot.meaning, status, code, said[:200])
