"""`pilotwatch push`: what the page does, from the command line."""

from __future__ import annotations

import json
import sys

import pytest

from pilotwatch import access, cli, push
from pilotwatch.settings import settings
from pilotwatch.workspace import Workspace
from tests.push import servers
from tests.push.conftest import PASSWORD, TOKEN


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command on an empty store with one reader who has a robot; gives its exit code and what it printed."""
    monkeypatch.setenv("PILOTWATCH_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("PILOTWATCH_DATABASE_URL", raising=False)
    with servers.robots() as robots:
        monkeypatch.setenv("PILOTWATCH_WECOM_URL", robots.url)
        settings.cache_clear()
        house = Workspace.open()
        access.create_account(
            house.store, username="tianshan", name="天山区领导", role="district_leader", units=["650102"],
            password=PASSWORD, by="system",
        )  # fmt: skip
        push.set_channel(house.desk(access.person(house.store, "tianshan")), "wecom", TOKEN, "", house.settings)

        def run_(*arguments):
            monkeypatch.setattr(sys, "argv", ["pilotwatch", "push", *arguments, "--json"])
            with pytest.raises(SystemExit) as end:
                cli.main()
            return end.value.code, json.loads(capsys.readouterr().out), robots

        yield run_
        house.store.close()
    settings.cache_clear()


def test_a_pass_with_nothing_to_do_says_so(run):
    code, told, _ = run("run")
    assert (code, told) == (0, {"led": True, "digests": 0, "sent": 0, "failed": 0, "waiting": 0, "dropped": 0})


def test_a_preview_is_the_digest_in_the_accounts_scope(run):
    code, told, robots = run("preview", "tianshan", "--weekly")
    assert code == 0 and told["title"].startswith("天山区") and "每周摘要" in told["title"]
    assert told["link"].endswith("/warnings?unit=650102") and robots.got == []
    assert run("preview", "nobody")[1]["refused"] == "no_account"


def test_a_test_tells_how_it_went_and_a_failure_can_be_listed_and_tried_again(run):
    code, told, robots = run("test", "tianshan")
    assert (code, [d["state"] for d in told["deliveries"]]) == (0, ["sent"])
    robots.answer({"errcode": 93000, "errmsg": "invalid webhook url"})
    code, told, _ = run("test", "tianshan")
    (failed,) = told["deliveries"]
    assert (code, failed["state"], failed["rule"]) == (1, "failed", "address_refused")
    (listed,) = run("list", "--failed")[1]["deliveries"]
    assert listed["id"] == failed["id"] and "title" not in listed and TOKEN not in str(listed)
    assert run("retry", failed["id"], "wecom", "--as", "tianshan")[0] == 0
    assert run("run")[1]["sent"] == 1
    assert run("retry", failed["id"], "wecom")[1]["refused"] == "no_delivery"  # it has arrived
