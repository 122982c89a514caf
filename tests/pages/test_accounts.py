"""账号与权限 and 我的登录 as their users see them."""

from __future__ import annotations

import io

import openpyxl
import pytest

from pilotwatch import access
from pilotwatch.access import administration
from pilotwatch.operation import people
from tests.pages.conftest import PASSWORD, shown


def press(at, key):
    return next(b for b in at.button if b.key and b.key.endswith(key)).click().run()


def lines(house):
    with house.store.registers(write=False) as books:
        return books.audit_lines()


def of(house, username):
    admin = access.person(house.store, "admin")
    return next((a for a in administration.listed(house.store, admin) if a["username"] == username), None)


def test_an_administrator_makes_an_account_whose_password_is_shown_once(empty, see):
    at = see("accounts", "admin")
    assert "共 12 个账号" in shown(at) and "只有一名可用的系统管理员" in shown(at)
    at.text_input(key="new-username").input("li.ming")
    at.text_input(key="new-name").input("李明")
    at = press(at.run(), "new-go")
    assert not at.exception and "须指定试点领域" in shown(at) and of(empty, "li.ming") is None
    at.selectbox(key="new-role").select("auditor")
    at = press(at.run(), "new-go")
    told = at.code[0].value
    assert access.who(empty.store, access.log_in(empty.store, "li.ming", told)).must_change
    assert not at.run().code, "the next run has forgotten it"
    assert told not in str(lines(empty))


def test_one_account_is_locked_out_let_in_and_bounded(empty, see):
    at = see("accounts", "admin", query={"account": "tianshan"})
    assert "天山区" in shown(at)
    at = press(at, "account-disable_go")
    assert of(empty, "tianshan")["disabled"] and "已停用" in shown(at)
    at = press(at, "account-enable")
    at = press(at, "account-reset_go")
    assert access.log_in(empty.store, "tianshan", at.code[0].value)
    at.multiselect(key="change-tianshan-district_leader-units").set_value(["650109"])
    press(at.run(), "account-change")
    assert of(empty, "tianshan")["units"] == ["650109"]
    assert [line["act"] for line in lines(empty)][:1] == ["account.change"]
    own = see("accounts", "admin", query={"account": "admin"})
    assert "这是您自己的账号" in shown(own) and not [
        b for b in own.button if b.key in ("account-disable_go", "account-reset_go")
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_roles_are_told_as_the_store_has_them(empty, see, language):
    at = see("accounts", "admin", language=language, query={"view": "roles"})
    assert not at.exception
    assert ("查看未脱敏的个人信息" if language == "zh" else "look behind the mask") in shown(at)
    assert not see("accounts", "admin", language=language, query={"view": "workbook"}).exception


def test_everybody_sees_their_own_log_ins_and_ends_the_others(empty, see):
    other = access.log_in(empty.store, "cards", PASSWORD, device="Edge · Windows")
    at = see("me", "cards")
    assert "您在 2 处登录中" in shown(at) and "Edge · Windows" in shown(at) and "admin" not in shown(at)
    at = press(at, "me-end-others")
    assert "只在本设备" in shown(at) and access.who(empty.store, other) is None


def test_a_workbook_of_accounts_is_judged_row_by_row_and_what_is_good_is_made(empty, tmp_path):
    admin = access.person(empty.store, "admin")
    book = openpyxl.load_workbook(io.BytesIO(people.workbook([], admin, "zh")))
    assert "区（县）领导" in book.active["A1"].value
    rows = (
        ("li.ming", "李明", "部门工作人员", "天山区、米东区", "成品油流通", "市商务局", ""), ("wang", "王", "区（县）领导", "", "", "", ""),
        ("Zhao!", "", "国王", "火星区", "", "", ""), ("li.ming", "李", "审计员", "", "", "", ""), ("admin", "甲", "审计员", "", "", "", ""),
        (None,) * 7, ("qian", '-2+3', "auditor", None, None, None, "q@city.example"),
    )  # fmt: skip
    for row in rows:
        book.active.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    found = people.read(empty, admin, path, "a.xlsx")
    assert [(r.number, bool(r.wrong)) for r in found] == [
        (3, False),
        (4, True),
        (5, True),
        (6, True),
        (7, True),
        (9, False),
    ]
    assert len(found[2].wrong) == 4 and "火星区" in found[2].wrong[1].zh + found[2].wrong[0].zh
    made = people.take_in(empty, admin, found)
    assert [r.values["username"] for r, _ in made] == ["li.ming", "qian"]
    assert of(empty, "li.ming")["units"] == ["650102", "650109"] and of(empty, "li.ming")["domains"] == ["refined_oil"]
    told = people.workbook([dict(r.values) | {"password": p} for r, p in made], admin, "zh", passwords=True)
    sheet = openpyxl.load_workbook(io.BytesIO(told)).active
    assert "导出人 系统管理员（admin）" in sheet["A1"].value
    assert sheet["B4"].value == "-2+3" and sheet["B4"].data_type == "s"
    assert access.log_in(empty.store, "qian", sheet["H4"].value)
    assert lines(empty)[1]["act"] == "account.import"
