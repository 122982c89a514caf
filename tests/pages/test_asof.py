"""Looking back in the screens: a banner, links that keep the day, nothing to be done, and a present that is never mixed up."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from pilotwatch import asof as copies
from pilotwatch.workdays import now, today
from tests.pages.conftest import shown
from ui import asof

BANNER = "显示当日 24 时已知的数据，不能办理"


@pytest.fixture
def yesterday(city, monkeypatch):
    """The day before, whose copy has the records alone: nothing is made anew, so it can't be taken for the present."""
    monkeypatch.setattr("pilotwatch.asof.kept.remake", lambda *_: None)
    day = today() - timedelta(1)
    copies.make(city, day)
    return day


def judged(at) -> str:
    return re.search(r'<p class="pw-judge">(.*?)</p>', shown(at))[1]


def test_a_day_in_the_address_is_looked_at_and_left_with_one_click(city, see, yesterday):
    today_says = judged(see("overview", "city"))
    at = see("overview", "city", query={"as_of": yesterday.isoformat()})
    assert not at.exception
    assert f"回看 {yesterday}" in shown(at)
    assert BANNER in shown(at)
    at.button(key="pw-asof-back").click().run()
    assert BANNER not in shown(at)
    assert "as_of" not in at.query_params
    assert judged(at) == today_says


def test_the_present_is_never_mixed_up_with_a_past_day(city, see, yesterday):
    """In both orders, with everything kept between: sentence, clock, version."""
    query = {"as_of": yesterday.isoformat()}
    past_first = judged(see("overview", "midong", query=query))
    here = judged(see("overview", "midong"))
    assert past_first != here
    assert judged(see("overview", "midong", query=query)) == past_first
    assert judged(see("overview", "midong")) == here
    assert today() == yesterday + timedelta(1)
    assert asof.day() is None
    assert asof.workspace() is asof.present()


def test_links_keep_the_day(city, see, yesterday, monkeypatch):
    with monkeypatch.context() as session:
        session.setattr(asof, "day", lambda: yesterday)
        told = [asof.carried(x) for x in ("/cases?case=1#x", "/cases", "/login", "https://example.org/x")]
    assert told == [
        f"/cases?case=1&as_of={yesterday}#x",
        f"/cases?as_of={yesterday}",
        "/login",
        "https://example.org/x",
    ]
    assert asof.carried("/cases") == "/cases"


@pytest.mark.parametrize("page", ["warnings", "cases", "review", "approvals", "policy", "library", "brief"])
def test_pages_of_a_past_day_show_and_do_nothing(city, see, yesterday, page):
    at = see(page, "city", query={"as_of": yesterday.isoformat()})
    assert not at.exception
    assert BANNER in shown(at)


def test_pages_of_the_present_alone_say_so(city, see, yesterday):
    at = see("upload", "city", query={"as_of": yesterday.isoformat()})
    assert not at.exception
    assert "本页只用于今天" in shown(at)
    assert not at.get("file_uploader")


def test_what_cannot_be_looked_at_is_told_and_today_is_shown(city, see, yesterday):
    for asked, told in (("昨天", "不是日期"), (today().isoformat(), "还没有结束"), ("2001-01-01", "还没有任何数据")):
        at = see("overview", "city", query={"as_of": asked})
        assert not at.exception
        assert told in shown(at)
        assert BANNER not in shown(at)
    at = see("settings", "admin", query={"as_of": yesterday.isoformat()})
    assert not at.exception
    assert BANNER not in shown(at)


def test_who_looks_is_in_the_audit_of_the_present_once_a_session(city, see, yesterday):
    at = see("overview", "tianshan", query={"as_of": yesterday.isoformat()})
    at.run()
    with city.store.registers(write=False) as books:
        lines = books.audit_lines(act="store.look_back")
    assert [(x["username"], x["object"]) for x in lines] == [("tianshan", yesterday.isoformat())]
    assert abs((now() - lines[0]["at"]).total_seconds()) < 600
