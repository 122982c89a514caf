"""消息推送 as its readers see it: subscribing, channels that are never shown again, the preview, failures."""

from __future__ import annotations

import pytest

from pilotwatch import push
from pilotwatch.access import person
from pilotwatch.push import Subscription
from tests.pages.conftest import shown

TOKEN = "73febdcb-1b38-4d1b-a994-790f21fc8d30"


def _desk(house, username):
    return house.desk(person(house.store, username))


def _press(at, label):
    return next(b for b in at.button if b.label == label).click().run()


def _save_address(at, kind):
    return next(b for b in at.button if b.label == "保存地址" and kind in b.proto.form_id).click().run()


def test_whoever_asked_for_nothing_is_told_so_and_sees_what_a_digest_would_say(city, see):
    said = shown(see("messages", "tianshan"))
    assert "您尚未订阅任何消息" in said
    assert "天山区现有" in said and "先办这些" in said and "演示数据" in said
    assert "米东区" not in said
    assert "简报 2026年第2期" in said and "系统内消息" in said  # the unit's briefs come without being asked for
    assert "还没有发送过消息" in shown(see("messages", "midong"))


def test_what_is_chosen_is_kept_and_what_cant_be_kept_to_is_told(city, see):
    at = see("messages", "tianshan")
    at.pills(key="push-kinds").set_value(["daily", "red"])
    at = _press(at, "保存订阅")
    assert push.mine(_desk(city, "tianshan")) == Subscription(frozenset({"daily", "red"}))
    assert "还没有填写接收渠道" in shown(at)


def test_an_address_is_kept_and_never_shown_again(city, see):
    at = see("messages", "tianshan")
    at.text_input(key="push-typed-wecom-0").set_value(TOKEN)
    at = _save_address(at, "wecom")
    assert push.channels(_desk(city, "tianshan"))["wecom"].shown == "…8d30"
    assert "已设置 …8d30" in shown(at)
    assert TOKEN not in shown(at) and all(TOKEN not in str(w.value) for w in at.text_input)


def test_an_address_of_another_server_is_refused_where_it_was_typed(city, see):
    at = see("messages", "tianshan")
    at.text_input(key="push-typed-wecom-0").set_value(f"https://evil.example/cgi-bin/webhook/send?key={TOKEN}")
    at = _save_address(at, "wecom")
    assert "这不是企业微信群机器人的地址" in shown(at)
    assert push.channels(_desk(city, "tianshan")) == {}


@pytest.fixture
def dead(monkeypatch):
    """WeCom can't be reached."""
    monkeypatch.setenv("PILOTWATCH_WECOM_URL", "http://127.0.0.1:1")


@pytest.fixture
def failed(dead, city):
    """A test message of 天山区 that couldn't be delivered."""
    push.set_channel(_desk(city, "tianshan"), "wecom", TOKEN, "", city.settings)
    push.deliver(city, push.test(city, "tianshan"))
    return city


def test_a_failure_is_shown_to_its_reader_with_the_reason_and_can_be_tried_again(failed, see):
    at = see("messages", "tianshan")
    assert "连接不上企业微信群机器人" in shown(at)
    _press(at, "重发")
    (told,) = [t for t in push.listed(_desk(failed, "tianshan")) if t.kind == "test"]
    assert (told.state, told.tries) == ("waiting", 1)  # counted anew, and tried at once


def test_the_office_and_the_administrator_see_whose_messages_failed_but_not_what_they_say(failed, see):
    for who in ("city", "admin"):
        said = shown(see("messages", who))
        assert "全部账号的发送失败" in said and "天山区领导" in said and "连接不上" in said
    for who in ("midong", "auditor"):
        said = shown(see("messages", who))
        assert "全部账号" not in said and "天山区领导" not in said


def test_the_page_stands_in_the_users_menu(city, see):
    assert 'href="/messages"' in shown(see("overview", "tianshan"))
    assert 'href="/messages?lang=en"' in shown(see("overview", "tianshan", language="en"))
