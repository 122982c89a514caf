"""The command line of disposal: lists, one case, its acts, and what is refused in one document."""

from __future__ import annotations

import json
import sys

import pytest

from pilotwatch import access, cli, disposal
from pilotwatch.settings import settings
from pilotwatch.store import SYSTEM
from pilotwatch.workspace import Workspace
from tests.disposal.made import PDF, lead


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command on a store with one registered clue: its exit code and the document it printed."""
    monkeypatch.setenv("PILOTWATCH_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("PILOTWATCH_DATABASE_URL", raising=False)
    settings.cache_clear()
    workspace = Workspace.open()
    disposal.open_case(workspace.desk(SYSTEM), workspace.rulebook(), lead(domain="", owner="SWJ"))
    access.create_account(
        workspace.store, username="swj", name="商务局", role="department_officer", password="a-long-Passw0rd-1", departments=["SWJ"], by="root"
    )  # fmt: skip
    workspace.store.close()

    def run_(*arguments, as_json=True):
        monkeypatch.setattr(sys, "argv", ["pilotwatch", *map(str, arguments), *(["--json"] if as_json else [])])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, _ = capsys.readouterr()
        return end.value.code, json.loads(out) if as_json else out

    yield run_
    settings.cache_clear()


def test_a_clue_is_listed_shown_and_handled_from_the_command_line(run, tmp_path):
    code, listed = run("cases")
    number = listed["cases"][0]["number"]
    assert code == 0 and listed["measures"]["open"] == 1 and listed["measures"]["on_time"]["share"] is None
    assert listed["guards"] == {"repeated": 0, "double_fine": 0} and listed["cases"][0]["standing"] in (
        "sure",
        "unconfirmed",
        "unknown",
    )
    _, shown = run("case", number)
    assert (shown["state"], shown["possible"][0]["act"], shown["possible"][0]["primary"]) == (
        "registered",
        "triage",
        True,
    )
    assert run("case", number, "--act", "triage", "--reason", "可查", "--version", 2)[1]["state"] == "triaged"
    assert run("case", number, "--act", "assign", "--department", "SWJ", "--set", "others=SCJG,GAJ")[1]["others"] == [
        "SCJG",
        "GAJ",
    ]
    assert [run("case", number, "--act", act, "--reason", "x", "--as", "swj")[0] for act in ("sign", "verify")] == [
        0,
        0,
    ]
    path = tmp_path / PDF[0]
    path.write_bytes(PDF[1])
    _, done = run(
        "case",
        number,
        "--act",
        "report",
        "--reason",
        "查实已改",
        "--set",
        "proposed=corrected",
        "--attach",
        path,
        "--as",
        "swj",
    )
    assert (
        done["state"] == "feedback" and done["events"][-1]["files"] and [e["by"] for e in done["events"]][-1] == "swj"
    )


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("XS-NO-1",), "no_case"), (("{n}", "--act", "nonsense"), "no_act"), (("{n}", "--act", "sign"), "wrong_state"),
        (("{n}", "--act", "triage", "--reason", "x", "--version", "1"), "meanwhile"), (("{n}", "--act", "triage"), "need_reason"),
        (("{n}", "--act", "triage", "--reason", "x", "--as", "swj"), "not_yours"), (("{n}", "--act", "note", "--attach", "{file}"), "file_type"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why_in_one_document(run, tmp_path, arguments, rule):
    (tmp_path / "a.txt").write_text("text")
    number = run("cases")[1]["cases"][0]["number"]
    code, no = run("case", *(a.format(n=number, file=tmp_path / "a.txt") for a in arguments))
    assert (code, no["refused"]) == (1, rule) and no["message"] and no["message_en"]


def test_the_daily_update_tells_what_it_did_to_cases(run):
    code, done = run("update")
    assert code == 0 and done["cases"] == {"recounted": 0, "guards": {"repeated": 0, "double_fine": 0}, "queued": 0}
