"""Looking behind a mask on the page of a subject: by right, with a reason, once, and the audit knows before."""

from __future__ import annotations

import json
from uuid import UUID

from pilotwatch import access
from pilotwatch.store import SYSTEM, files
from pilotwatch.store.tables import Batch, BatchTable
from tests.pages.conftest import shown
from tests.security.conftest import everything

FULL = "帕提古丽·买买提"


def owner_of(city):
    """A house whose owner is masked; the demo city keeps no files, so it is given the one that the row came in."""
    rows = city.desk(SYSTEM).frame("sbh_house", ["id", "subject_id", "owner_masked", "batch_id", "source_row", "sheet"])
    row = rows[rows["owner_masked"].notna()].iloc[0]
    lines = ["房屋编号,产权人"] + ["x,"] * (int(row["source_row"]) - 2) + [f"x,{FULL}"]
    kept = files.keep_bytes(city.store.files, "\n".join(lines).encode())
    batch, table = Batch.__table__, BatchTable.__table__
    with city.store._engine.connect().execution_options(writes=True) as connection:
        connection.execute(batch.update().where(batch.c.id == UUID(row["batch_id"])).values(sha256=kept, file="a.csv"))
        of = (table.c.batch_id == UUID(row["batch_id"]), table.c.dataset == "sbh_house")
        known = json.dumps([["房屋编号", "house_no"], ["产权人", "owner_masked"]])
        connection.execute(table.update().where(*of).values(header_row=1, columns=known, sheet=row["sheet"]))
        connection.commit()
    return row


def ask(at, reason, said):
    at.selectbox(key="unmask-sbh_house-reason").select(reason) if reason else None
    at.text_input(key="unmask-sbh_house-said").input(said)
    return next(b for b in at.button if "记入审计并查看" in b.label).click().run()


def unmaskings(city):
    with city.store.registers(write=False) as books:
        return [line for line in books.audit_lines() if line["act"] == "personal.unmask"]


def test_the_office_looks_with_a_reason_once_and_nobody_else_is_offered_to(city, see):
    row = owner_of(city)
    view = {"subject": row["subject_id"]}
    for username in ("tianshan", "housing", "construction"):
        assert not [b for b in see("subject", username, query=view).button if "记入审计" in b.label], username
    at = see("subject", "city", query=view)
    assert row["owner_masked"] in everything(at)
    for reason, said in ((None, "核实产权人身份"), ("identity", "看"), ("identity", "    ")):
        at = ask(at, reason, said)
        assert "请选择事由" in shown(at)
    assert unmaskings(city) == []
    at = ask(at, "case", "核实产权人，案号 CZ-1")
    assert not at.exception and FULL in shown(at)
    line = unmaskings(city)[0]
    assert line["username"] == "city" and line["details"]["reason"] == "办理案件：核实产权人，案号 CZ-1"
    assert FULL not in json.dumps(unmaskings(city), ensure_ascii=False, default=str) + str(
        at.session_state._state.__dict__
    ) + str(at.query_params)
    assert FULL not in everything(at.run()), "the next drawing has it no more"
    assert access.person(city.store, "city").may("unmask")
