"""`pilotwatch figures CODE`: a figure, its bound and basis, and what it was made of, down to file, sheet and row."""

from __future__ import annotations

import json

import pytest

from tests.test_cli import ROW, ledger, run  # noqa: F401 - fixtures

SAMPLES = "样品编号,统一社会信用代码,抽样日期,报告日期,检验结论\n甲1,{uscc},2026-08-05,2026-08-20,不合格\n甲2,{uscc},2026-09-05,2026-09-20,合格\n"


@pytest.mark.parametrize(
    ("arguments", "rule", "said"),
    [
        (("figures", "REF-033"), "no_code", "REF-03"), (("figures", "REF-03", "--period", "2026-13"), "no_period", "2026Q3"),
        (("figures", "REF-03", "--unit", "65010"), "no_place", "6501"), (("figures", "REF-03", "--by", "village"), "no_place", "report_unit"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told_with_what_there_is(run, arguments, rule, said):  # noqa: F811
    code, out, _ = run(*arguments, "--json")
    document = json.loads(out)
    assert (code, document["refused"]) == (2, rule)
    assert said in document["message"]


def test_a_subject_that_is_not_in_scope_is_not_there(run):  # noqa: F811
    code, out, _ = run("figures", "REF-03", "--subject", "91650104XJ5TH2HU74", "--json")
    assert (code, json.loads(out)["refused"]) == (1, "no_subject")


def test_a_figure_says_how_it_was_made(run, ledger, tmp_path):  # noqa: F811
    """One of two samples of 2026 failed: 1 ÷ 2 = 0.5, red from 5 % on; in the third quarter both were taken, in August one."""
    samples = tmp_path / "油品抽检.csv"
    samples.write_text(SAMPLES.format(uscc=ROW[1]), encoding="utf-8-sig")
    assert run("upload", "oil_station", ledger(ROW), "--explain", "试")[0] == 0
    assert run("upload", "oil_sampling", samples, "--explain", "试")[0] == 0

    def asked(*arguments):
        code, out, _ = run("figures", "OIL-M01", "--json", *arguments)
        assert code == 0
        return json.loads(out)

    document = asked("--period", "2026Q3")
    assert document["figures"] == [
        {"indicator": "OIL-M01", "kind": "", "numerator": 1.0, "denominator": 2.0, "value": 0.5, "level": "red"}
    ]
    assert document["bounds"]["red"] == {"bound": ">= 5 %", "basis": "PRAC"}
    assert (document["owner"], document["as_of"] is None) == ("SCJG", False)
    assert document["subjects"]["total"] == 1 and document["subjects"]["most"][0]["name"] == "甲站"
    own = asked("--period", "2026-08", "--subject", ROW[1])
    assert [(f["numerator"], f["denominator"]) for f in own["figures"]] == [(1.0, 1.0)]
    assert [(s["file"], s["row"], s["key"]) for s in own["sources"]] == [("油品抽检.csv", 2, "甲1")]
    by_unit = asked("--by", "report_unit", "--period", "2026")
    assert [f["report_unit"] for f in by_unit["figures"]] == ["650102"]


def test_an_indicator_is_told_by_levels_and_its_area_and_a_code_of_several_parts_by_each(run, ledger, tmp_path):  # noqa: F811
    """The one station is orange by its failed sample; the area has 1 failed of 2, red from 5 % on."""
    samples = tmp_path / "油品抽检.csv"
    samples.write_text(SAMPLES.format(uscc=ROW[1]), encoding="utf-8-sig")
    assert run("upload", "oil_station", ledger(ROW), "--explain", "试")[0] == 0
    assert run("upload", "oil_sampling", samples, "--explain", "试")[0] == 0
    document = json.loads(run("figures", "OIL-07", "--json")[1])
    assert document["figures"] == [{"level": "orange", "subjects": 1}]
    area = document["area"][0]
    assert (area["numerator"], area["denominator"], area["value"], area["level"]) == (1.0, 2.0, 0.5, "red")
    own = json.loads(run("figures", "OIL-07", "--subject", ROW[1], "--json")[1])
    assert own["figures"][0]["inputs"] == {"failed": 1.0, "batches": 2.0, "grave": 0.0}
    parts = json.loads(run("figures", "REF-10", "--json")[1])
    assert [(m["code"], m["figures"]) for m in parts["measures"]] == [("REF-10a", []), ("REF-10b", []), ("REF-10c", [])]
