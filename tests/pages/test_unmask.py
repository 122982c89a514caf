"""Looking behind a mask on the page of a subject: by right, with a reason, once, and the audit knows before."""

from __future__ import annotations

import json

from pilotwatch import access
from pilotwatch.store import SYSTEM
from tests.pages.conftest import shown
from tests.security.conftest import everything


def owner_of(city):
    """A house whose owner is masked, and the city office's desk."""
    rows = city.desk(SYSTEM).frame("sbh_house", ["id", "subject_id", "owner_masked"])
    return rows[rows["owner_masked"].notna()].iloc[0]


def ask(at, reason, said):
    at.selectbox(key="unmask-sbh_house-reason").select(reason) if reason else None
    at.text_input(key="unmask-sbh_house-said").input(said)
    return next(b for b in at.button if "记入审计并查看" in b.label).click().run()


def unmaskings(city):
    with city.store.registers(write=False) as books:
        return [line for line in books.audit_lines() if line["act"] == "personal.unmask"]


def test_the_office_looks_with_a_reason_once_and_nobody_else_is_offered_to(city, see, monkeypatch):
    row = owner_of(city)
    view = {"subject": row["subject_id"]}
    for username in ("tianshan", "housing", "construction"):
        assert not [b for b in see("subject", username, query=view).button if "记入审计" in b.label], username
    told_first = []

    def read(desk, *asked):
        told_first.append(asked)
        return "帕提古丽·买买提"

    at = see("subject", "city", query=view)
    assert row["owner_masked"] in everything(at)
    for reason, said in ((None, "核实产权人身份"), ("identity", "看"), ("identity", "    ")):
        at = ask(at, reason, said)
        assert "请选择事由" in shown(at)
    assert unmaskings(city) == []
    from pilotwatch import operation
    from pilotwatch.store import personal

    def from_the_file(desk, *asked):
        personal.look(desk, *asked)
        return read(desk, *asked)

    monkeypatch.setattr(operation, "unmask", from_the_file)
    at = ask(at, "case", "核实产权人，案号 CZ-1")
    assert not at.exception
    if "帕提古丽·买买提" not in shown(at):  # the demo city kept no file of this row
        assert "没有留存原始文件" in shown(at) and unmaskings(city) == []
        return
    line = unmaskings(city)[0]
    assert line["username"] == "city" and line["details"]["reason"] == "办理案件：核实产权人，案号 CZ-1"
    assert "帕提古丽" not in json.dumps(unmaskings(city), ensure_ascii=False, default=str) + str(
        at.session_state.filtered_state
    ) + str(at.query_params)
    assert "帕提古丽" not in everything(at.run()), "the next drawing has it no more"
    assert access.person(city.store, "city").may("unmask")
