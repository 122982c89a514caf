"""Accounts from a workbook, as the administrators of a city have one: a row each, read and judged, then made together.

Places, domains and departments are named as people write them. A row that won't do says where, what was found, what is expected;
it keeps no other from being made.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pilotwatch.access import AccessRefused, Person, audit, marks
from pilotwatch.access import administration as office
from pilotwatch.access.accounts import USERNAME, demand_fitting
from pilotwatch.domain import Language, Text
from pilotwatch.intake.model import FileRefused
from pilotwatch.intake.read import open_workbook
from pilotwatch.store import ROLES
from pilotwatch.store.scope import demand
from pilotwatch.workdays import now
from pilotwatch.workspace import Workspace

MOST = 2000  # rows of one workbook
HEADS: dict[str, Text] = {
    "username": Text("用户名", "User name"), "name": Text("姓名", "Name"), "role": Text("角色", "Role"), "units": Text("填报单位", "Units"),
    "domains": Text("试点领域", "Domains"), "departments": Text("所属部门", "Departments"), "claim": Text("邮箱或工号", "E-mail or staff number"),
}  # fmt: skip
_BETWEEN = str.maketrans("，,；;/|\n", "、、、、、、、")


@dataclass(frozen=True)
class Row:
    """A row of the workbook. `values`: as `administration.create` takes them, and `claim`; `wrong`: why it won't do."""

    number: int  # of the sheet, from 1
    values: Mapping[str, Any]
    wrong: tuple[Text, ...] = ()


def read(house: Workspace, by: Person, path: Path, name: str) -> list[Row]:
    """The rows of the first sheet that has the headings. Raises FileRefused and StoreRefused, each in the user's words."""
    demand(by, "accounts")
    book = open_workbook(path, name)
    for sheet in book.sheets:
        columns = [[str(v) if (v := c.as_py()) is not None else "" for c in column] for column in sheet.cells.columns]
        for at in range(min(sheet.height, 10)):
            heads = {_head(c[at]): n for n, c in enumerate(columns) if at < len(c) and _head(c[at])}
            if {"username", "name", "role"} <= heads.keys():
                cells = [{h: columns[n][i].strip() if i < len(columns[n]) else "" for h, n in heads.items()} for i in range(at + 1, sheet.height)]  # fmt: skip
                found = [(at + 2 + i, c) for i, c in enumerate(cells) if any(c.values())]
                if len(found) > MOST:
                    raise FileRefused("too_many_rows", _MANY.format(n=len(found), most=MOST))
                return _judged(house, by, found)
    raise FileRefused("no_headings", _NO_HEADS.format(heads="、".join(t.zh for t in HEADS.values())))


def take_in(house: Workspace, by: Person, rows: Sequence[Row]) -> list[tuple[Row, str]]:
    """Makes the accounts of the rows that will do; gives each with its first password. One that was taken meanwhile is left
    out. With an identity provider, the claim of a row is noted, too."""
    made = []
    issuer = house.settings.oidc_issuer
    for row in (r for r in rows if not r.wrong):
        claim = row.values.get("claim", "")
        try:
            first = office.create(house.store, by, **{n: v for n, v in row.values.items() if n != "claim"})
            if issuer and claim:
                office.link(house.store, by, row.values["username"], issuer, claim=claim)
        except AccessRefused:
            continue
        made.append((row, first or ""))
    audit.record(house.store, by, "account.import", None, {"rows": len(rows), "made": len(made)})
    return made


def workbook(rows: Sequence[Mapping[str, Any]], by: Person, language: Language, *, passwords: bool = False) -> bytes:
    """Rows of accounts as xlsx, values only, marked with who has it; without rows it is the workbook to fill in."""
    import xlsxwriter

    out = io.BytesIO()
    heads = {n: t(language) for n, t in HEADS.items()} | ({"password": _FIRST(language)} if passwords else {})
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(_TITLE(language))
        told = marks.mark_book(book, by, now(), language)
        sheet.write_string(
            0, 0, told if passwords else _HOW(language).format(roles="、".join(t(language) for t in ROLES.values()))
        )
        head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1})
        for n, title in enumerate(heads.values()):
            sheet.set_column(n, n, 20)
            sheet.write_string(1, n, title, head)
        for line, row in enumerate(rows, 2):
            for n, name in enumerate(heads):
                value = row.get(name) or ""
                sheet.write_string(line, n, value if isinstance(value, str) else "、".join(value))
        sheet.freeze_panes(2, 0)
    return out.getvalue()


def _head(text: str) -> str | None:
    plain = "".join(text.split()).rstrip("*")
    return next((n for n, t in HEADS.items() if plain in (t.zh, "".join(t.en.split()), n)), None)


def _judged(house: Workspace, by: Person, found: Sequence[tuple[int, Mapping[str, str]]]) -> list[Row]:
    there = {a["username"] for a in office.listed(house.store, by)}
    rows = []
    for number, cells in found:
        wrong: list[Text] = []
        values = _values(house, cells, wrong)
        username = values["username"]
        if not USERNAME.fullmatch(username) or username == "system":
            wrong.append(_USERNAME.format(found=cells["username"]))
        elif username in there:
            wrong.append(_THERE.format(found=username))
        there.add(username)
        if not values["name"]:
            wrong.append(_NO_NAME)
        if values["role"]:
            try:
                demand_fitting(values["role"], values["units"], values["domains"])
            except AccessRefused as no:
                wrong.append(no.message)
        rows.append(Row(number, values, tuple(wrong)))
    return rows


def _values(house: Workspace, cells: Mapping[str, str], wrong: list[Text]) -> dict[str, Any]:
    known = {
        "units": {w: u.code for u in house.places.units for w in (u.code, u.title.zh, u.title.en)},
        "domains": {w: d.name for d in house.registry.domains for w in (d.name, d.title.zh, d.title.en)},
        "departments": {w: d.code for d in house.places.departments.values() for w in (d.code, d.title.zh, d.title.en)},
    }
    values: dict[str, Any] = {
        "username": cells["username"].lower(),
        "name": cells["name"],
        "claim": cells.get("claim", ""),
    }
    roles = {w: r for r, t in ROLES.items() for w in (r, t.zh, t.en)}
    values["role"] = roles.get(cells["role"], "")
    if not values["role"]:
        wrong.append(_ROLE.format(found=cells["role"], roles="、".join(t.zh for t in ROLES.values())))
    for name, titles in known.items():
        words = [w.strip() for w in cells.get(name, "").translate(_BETWEEN).split("、") if w.strip()]
        unknown = [w for w in words if w not in titles]
        if unknown:
            near = "、".join(dict.fromkeys(w for w in titles if not w.isascii()))
            wrong.append(_UNKNOWN.format(head=HEADS[name], found="、".join(unknown), known=near[:200]))
        values[name] = sorted({titles[w] for w in words if w in titles}) or None
    return values


_TITLE = Text("账号", "Accounts")
_FIRST = Text("初始密码（首次登录须修改）", "First password (to be changed)")
_HOW = Text(
    "每行一个账号；角色填：{roles}。填报单位、试点领域、所属部门可填多个，用顿号分开，不填即不限。",
    "An account a row; roles: {roles}. Units, domains and departments may be several, divided by commas; none is no bound.",
)
_NO_HEADS = Text(
    "没有找到账号表的表头。前 10 行中应有一行含“用户名、姓名、角色”，可用的列：{heads}。请下载空表填写。",
    "No headings of accounts were found: one of the first ten rows should have 用户名, 姓名, 角色. Columns: {heads}. Take the empty workbook.",
)
_MANY = Text("共 {n} 行，一次最多 {most} 行，请分次导入。", "{n} rows; {most} at most at once. Bring them in by parts.")
_USERNAME = Text(
    "用户名“{found}”不符合要求：应为 2—32 位小写字母、数字或 . _ -，以字母开头。",
    "The user name “{found}” won't do: 2 to 32 small letters, digits or . _ -, beginning with a letter.",
)
_THERE = Text(
    "用户名“{found}”已有账号或在表中重复，请换一个或删除本行。",
    "“{found}” is an account already or stands here twice: choose another or leave the row out.",
)
_NO_NAME = Text("没有填写姓名，请补填。", "There is no name; fill it in.")
_ROLE = Text("角色“{found}”无法识别，应为：{roles}。", "The role “{found}” isn't known; there are: {roles}.")
_UNKNOWN = Text("{head}“{found}”无法识别，应为：{known}。", "{head}: “{found}” isn't known; there are: {known}.")
