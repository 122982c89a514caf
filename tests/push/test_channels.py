"""What goes to each platform and the mail server, what they answer, and what is told of it; no secret leaves on the way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import ssl
from datetime import datetime

import pytest

from pilotwatch.domain import Text
from pilotwatch.push import Line, Notice, mail, robots, sealing
from pilotwatch.push.failing import NotSent
from pilotwatch.push.message import message, robot_message
from pilotwatch.push.robots import ROBOTS, token_of
from pilotwatch.settings import Settings
from pilotwatch.workdays import BEIJING
from tests.push import servers
from tests.push.conftest import DING, SECRET, TOKEN

TRUST = ssl.create_default_context()
AT = datetime(2026, 11, 24, 8, 30, tzinfo=BEIJING)


def _told(*lines, title="标题", **options):
    said = [Line(Text(line, line), "item", "red") for line in lines]
    notice = Notice("tianshan", "daily", "daily:1", Text(title, title), said, "/warnings?unit=650102")
    return message([notice], AT, Settings(public_url="https://jg.example.gov.cn"), demo=False, **options)


@pytest.fixture(scope="module")
def platforms():
    with servers.robots() as running:
        yield running


@pytest.fixture
def platform(platforms):
    platforms.got.clear()
    platforms.answers.clear()
    return platforms


def _knobs(platform, tmp_path):
    return Settings(
        var=tmp_path, wecom_url=platform.url, dingtalk_url=platform.url, feishu_url=f"{platform.url}/relay/"
    )


def _send(platform, tmp_path, kind, address, *lines):
    robots.send(
        ROBOTS[kind], address, robot_message(_told(*lines), "zh", ROBOTS[kind]), _knobs(platform, tmp_path), TRUST
    )
    return platform.got[-1]


def _refused(platform, tmp_path, kind="wecom"):
    with pytest.raises(NotSent) as no:
        _send(platform, tmp_path, kind, {"token": TOKEN})
    return no.value


# --- robots --------------------------------------------------------------------------------------------------------


def test_wecom_gets_markdown_at_its_path(platform, tmp_path):
    path, query, body = _send(platform, tmp_path, "wecom", {"token": TOKEN}, "甲站")
    assert (path, query) == ("/cgi-bin/webhook/send", {"key": TOKEN})
    assert body["msgtype"] == "markdown"
    assert body["markdown"]["content"].splitlines() == [
        "**试点监测 · 标题**",
        "- **【一级红】** 甲站",
        "[打开系统查看](https://jg.example.gov.cn/warnings?unit=650102)",
        "数据截至 2026-11-24 08:30（北京时间） · 编号 daily:1",
        "如需调整或停收，请在系统右上角“消息推送”中修改。",
    ]


def test_dingtalk_is_signed_in_the_query_as_it_computes_it_itself(platform, tmp_path):
    path, query, body = _send(platform, tmp_path, "dingtalk", {"token": DING, "secret": SECRET}, "甲站")
    assert path == "/robot/send" and query["access_token"] == DING
    signed = hmac.new(SECRET.encode(), f"{query['timestamp']}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query["sign"] == base64.b64encode(signed).decode()
    assert body["markdown"]["title"] == "试点监测 · 标题"
    assert "sign" not in _send(platform, tmp_path, "dingtalk", {"token": DING, "secret": ""})[1]


def test_feishu_is_signed_in_the_body_behind_a_relay(platform, tmp_path):
    path, query, body = _send(platform, tmp_path, "feishu", {"token": TOKEN, "secret": SECRET}, "甲站")
    assert (path, query) == (f"/relay/open-apis/bot/v2/hook/{TOKEN}", {})
    signed = hmac.new(f"{body['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert body["sign"] == base64.b64encode(signed).decode()
    assert body["msg_type"] == "interactive"
    assert body["card"]["elements"][0]["content"].startswith("- **【一级红】** 甲站")


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_message_is_cut_at_whole_lines_to_what_the_platform_takes_and_says_how_many_are_left_out(
    platform, tmp_path, kind
):
    lines = [f"第{n:03}站：{'油' * 80}" for n in range(200)]
    notice = Notice("tianshan", "test", "k", Text("很长", "long"), [Line(Text(n, n)) for n in lines])
    told = message([notice], AT, Settings(), demo=True)
    robot = ROBOTS[kind]
    robots.send(robot, {"token": TOKEN}, robot_message(told, "zh", robot), _knobs(platform, tmp_path), TRUST)
    text = platform.texts[-1]
    assert 0.85 * robot.limit < len(text.encode()) <= robot.limit
    kept = [n for n in lines if n in text]
    assert kept == lines[: len(kept)]
    assert f"另有 {len(lines) - len(kept)} 行未列出" in text
    assert "打开系统查看" in text and "编号 k" in text  # the end is always there


@pytest.mark.parametrize(
    ("kind", "answer", "rule", "final"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "address_refused", True),
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, "too_fast", False),
        ("wecom", {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}, "content", True),
        ("wecom", {"errcode": 99999, "errmsg": "new"}, "code_99999", False),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "security", True),
        ("dingtalk", {"errcode": 300005, "errmsg": "token is not exist"}, "address_refused", True),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, "too_fast", False),
        ("feishu", {"code": 19021, "msg": "sign match fail"}, "sign", True),
        ("feishu", {"code": 19022, "msg": "Ip Not Allowed"}, "ip", True),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, "keyword", True),
        ("feishu", {"StatusCode": 11232, "StatusMessage": "frequency limited"}, "too_fast", False),
    ],
)
def test_what_a_platform_refuses_with_status_200_is_a_failure_in_words(platform, tmp_path, kind, answer, rule, final):
    platform.answer(answer)
    no = _refused(platform, tmp_path, kind)
    assert (no.rule, no.final) == (rule, final)
    assert ROBOTS[kind].title.zh in no.reason.zh and ROBOTS[kind].title.en in no.reason.en


@pytest.mark.parametrize(
    ("status", "body", "rule", "final"),
    [
        (500, "oops", "http_500", False),
        (429, "slow down", "http_429", False),
        (404, "no such page", "http_404", True),
        (302, "", "http_302", False),
        (200, "<html>请登录网关</html>", "no_answer", False),
        (200, "{}", "no_answer", False),
        (200, "[1]", "no_answer", False),
    ],
)
def test_what_a_gateway_answers_is_told_from_what_the_platform_does(platform, tmp_path, status, body, rule, final):
    platform.answer(body, status)
    no = _refused(platform, tmp_path)
    assert (no.rule, no.final) == (rule, final)
    assert len(platform.got) == 1  # nothing is followed to another address


def test_a_platform_that_doesnt_answer_and_one_that_isnt_there_are_told_apart(platform, tmp_path, monkeypatch):
    monkeypatch.setattr(robots, "PATIENCE", 0.2)
    platform.answer(servers.TAKEN, after=0.6)
    assert _refused(platform, tmp_path).rule == "timeout"
    platform.url, url = "http://127.0.0.1:1", platform.url
    no = _refused(platform, tmp_path)
    platform.url = url
    assert (no.rule, no.final, no.ours) == ("unreachable", False, True)


def test_no_token_or_secret_is_logged_or_told_even_when_the_platform_says_it_back(platform, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    platform.answer({"errcode": 12345, "errmsg": f"bad key={TOKEN}\n secret {SECRET}"})
    with pytest.raises(NotSent) as no:
        _send(platform, tmp_path, "dingtalk", {"token": TOKEN, "secret": SECRET})
    for text in (caplog.text, no.value.reason.zh, str(no.value)):
        assert TOKEN not in text and SECRET not in text
    assert "bad key=***" in no.value.reason.zh


@pytest.mark.parametrize(
    ("kind", "typed", "token"),
    [
        ("wecom", f" https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}", TOKEN),
        ("wecom", TOKEN, TOKEN),
        ("dingtalk", f"https://oapi.dingtalk.com/robot/send?access_token={DING}", DING),
        ("feishu", f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}", TOKEN),
        ("feishu", f"https://relay.gov.cn/feishu/open-apis/bot/v2/hook/{TOKEN}", TOKEN),
        ("wecom", f"https://evil.example/cgi-bin/webhook/send?key={TOKEN}", None),
        ("wecom", f"http://169.254.169.254/cgi-bin/webhook/send?key={TOKEN}", None),
        ("wecom", f"https://qyapi.weixin.qq.com/cgi-bin/token?key={TOKEN}", None),
        ("wecom", "file:///etc/passwd", None),
        ("wecom", "../../admin?x=1234567890123456", None),
        ("dingtalk", "short", None),
        ("feishu", "", None),
    ],
)
def test_only_a_token_is_taken_from_what_is_typed_never_a_server(kind, typed, token):
    assert token_of(ROBOTS[kind], typed, Settings(feishu_url="https://relay.gov.cn/feishu")) == token


# --- mail ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def post():
    with servers.mail() as running:
        yield running


def _mail_knobs(post, **knobs):
    return Settings(**{
        "smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none", "smtp_from": "jc@urumqi.gov.cn", **knobs
    })  # fmt: skip


def _post(post, to="wang@urumqi.gov.cn", told=None, trust=TRUST, **knobs):
    settings = _mail_knobs(post, **knobs)
    mail.send(mail.letter(told or _told("甲站"), to, "zh", settings), to, settings, trust)
    return post.letters[-1]


def _not_posted(post, *args, **knobs):
    with pytest.raises(NotSent) as no:
        _post(post, *args, **knobs)
    return no.value


def test_an_email_is_text_and_html_in_one_and_fetches_nothing(post):
    letter = _post(post)
    assert letter.get_content_type() == "multipart/alternative"
    assert (letter["to"], letter["subject"]) == ("wang@urumqi.gov.cn", "试点监测 · 标题")
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "[一级红] 甲站" in text and "https://jg.example.gov.cn/warnings?unit=650102" in text
    assert 'href="https://jg.example.gov.cn/warnings?unit=650102"' in html
    for fetched in ("<img", "<link", "<script", "src=", "url(", "@import"):
        assert fetched not in html


def test_a_second_copy_of_an_email_is_known_by_its_id(post):
    first, second = _post(post), _post(post)
    assert first["message-id"] == second["message-id"]
    assert first["message-id"] != _post(post, to="li@urumqi.gov.cn")["message-id"]


def test_a_title_cant_add_headers_and_a_line_cant_add_markup(post):
    letter = _post(post, told=_told("<img src=http://e.cn/x>&\u202e", title="甲\r\nBcc: all@example.com"))
    assert letter["bcc"] is None
    assert letter["subject"] == "试点监测 · 甲 Bcc: all@example.com"
    html = letter.get_body(("html",)).get_content()
    assert "&lt;img src=http://e.cn/x&gt;&amp;" in html and "\u202e" not in html


@pytest.mark.parametrize(
    ("answer", "rule", "final"),
    [("550 5.1.1 User unknown", "address_refused", True), ("451 4.7.1 Greylisted", "smtp_451", False)],
)
def test_an_address_that_is_refused_for_good_is_told_from_one_refused_for_now(post, answer, rule, final):
    post.refuse["wang@urumqi.gov.cn"] = answer
    no = _not_posted(post)
    assert (no.rule, no.final, no.ours) == (rule, final, False)
    assert answer.partition(" ")[2] in no.reason.zh


def test_a_password_goes_to_the_server_only_encrypted(post, tmp_path):
    no = _not_posted(post, smtp_username="jc", smtp_password="geheim-123")
    assert (no.rule, post.letters) == ("plain_password", [])
    root = servers.certificate(tmp_path / "own.pem")
    trust = ssl.create_default_context(cafile=root)
    with servers.mail(root) as own:
        own.login = ("jc", "geheim-123")
        _post(own, trust=trust, smtp_security="starttls", smtp_username="jc", smtp_password="geheim-123")
        assert own.encrypted == [True]
        no = _not_posted(own, trust=trust, smtp_security="starttls", smtp_username="jc", smtp_password="wrong")
        assert (no.rule, no.ours) == ("login", True) and "wrong" not in no.reason.zh


def test_a_server_whose_certificate_doesnt_fit_or_that_doesnt_encrypt_gets_nothing(post, tmp_path):
    with servers.mail(servers.certificate(tmp_path / "own.pem")) as own:
        assert _not_posted(own, smtp_security="starttls").rule == "certificate"
        assert own.letters == []
    assert _not_posted(post, smtp_security="starttls").rule == "login"  # it offers no encryption
    assert _not_posted(post, smtp_security="tls").rule == "tls"
    assert post.letters == []


def test_a_server_that_isnt_there_or_isnt_set_is_told(post):
    assert _not_posted(post, smtp_port=1).rule == "unreachable"
    assert _not_posted(post, smtp_host=None).rule == "no_server"


@pytest.mark.parametrize(
    ("typed", "ok"),
    [
        ("wangfang@sjj.urumqi.gov.cn", True), (" a.b+c@x.cn ", True), ("王芳@urumqi.gov.cn", False), ("a@b", False),
        ("a@x.cn\r\nBcc: b@x.cn", False), ("a@x.cn,b@x.cn", False), ("", False), ("a" * 250 + "@x.cn", False),
    ],
)  # fmt: skip
def test_an_address_is_one_plain_address(typed, ok):
    assert (mail.address_of(typed) is not None) == ok


def test_a_shown_address_gives_little_away():
    assert mail.masked("wangfang@sjj.urumqi.gov.cn") == "w***@s***.urumqi.gov.cn"
    assert mail.masked("wangfang@qq.com") == "w***@qq.com"


# --- sealing -------------------------------------------------------------------------------------------------------


def test_what_is_sealed_shows_nothing_and_only_the_same_key_opens_it(tmp_path):
    knobs = Settings(var=tmp_path, secret_key=None)
    sealed = sealing.seal({"token": TOKEN}, knobs)
    assert TOKEN not in sealed and sealing.opened(sealed, knobs) == {"token": TOKEN}
    key = tmp_path / sealing.FILE
    assert key.stat().st_mode & 0o777 == 0o600
    assert sealing.opened(sealed, Settings(var=tmp_path, secret_key=None)) == {
        "token": TOKEN
    }  # kept for the next start
    with pytest.raises(NotSent) as no:
        sealing.opened(sealed, Settings(var=tmp_path, secret_key="another key of 32 characters ...."))
    assert (no.value.rule, no.value.final) == ("sealed", True)


def test_replicas_share_a_key_by_the_environment(tmp_path):
    one, other = (Settings(var=tmp_path / n, secret_key="the same key of 32 characters ...") for n in "ab")
    assert sealing.opened(sealing.seal({"to": "a@x.cn"}, one), other) == {"to": "a@x.cn"}
    assert not (tmp_path / "a").exists()


def test_no_secret_is_in_the_store_or_in_what_is_printed(lite):
    lite.channel("tianshan", "dingtalk", DING, SECRET)
    lite.channel("tianshan", "mail", "wangfang@urumqi.gov.cn")
    file = lite.settings.var / "lite.db"
    raw = file.read_bytes() + file.with_name("lite.db-wal").read_bytes()
    for secret in (DING, SECRET, "wangfang@urumqi"):
        assert secret.encode() not in raw
        assert secret not in repr(lite.desk("tianshan")) + repr(lite.settings)
    assert "smtp_password=SecretStr('**" in repr(Settings(smtp_password="geheim-123"))
