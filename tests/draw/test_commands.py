"""`pilotwatch verify-draw`: anybody, from a file."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from pilotwatch.cli import app
from tests.draw.made import document, officers, plan, shops


def told(tmp_path, **changed):
    made = document(plan({"650102|cards|A": 3}, departments=("SWJ",)), shops(30), officers(4), "471")
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(made | changed), "utf-8")
    return file


def run(*arguments):
    return CliRunner().invoke(app, ["verify-draw", *map(str, arguments)])


def test_an_honest_draw_is_verified(tmp_path):
    done = run(told(tmp_path))
    assert done.exit_code == 0
    assert "复核通过：CQ-1，30 个对象中抽取 3 个。" in done.output


def test_a_changed_one_is_not(tmp_path):
    done = run(told(tmp_path, public="472"), "--json")
    assert done.exit_code == 1
    answer = json.loads(done.output)
    assert answer["verified"] is False
    assert answer["officers_verified"] is True
    assert any("should not have been drawn" in w["message_en"] for w in answer["wrong"])


def test_what_is_no_draw_is_refused_in_a_sentence(tmp_path):
    for text in ("[]", "{}", "no json"):
        (tmp_path / "x.json").write_text(text, "utf-8")
        done = run(tmp_path / "x.json")
        assert done.exit_code == 2
        assert "不是完整的抽取结果文件" in done.output
    assert run(tmp_path / "gone.json").exit_code == 2
