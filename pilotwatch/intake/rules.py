"""The rules a row is checked against: their severity, their name in lists, and what the user is asked to do."""

from __future__ import annotations

from dataclasses import dataclass

from pilotwatch.domain import Kind, Text
from pilotwatch.intake.model import Rule, Severity


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """`title` names the rule where findings are grouped; `remedy` ends every message; `by_kind` says it more nearly."""

    severity: Severity
    title: Text
    remedy: Text
    by_kind: tuple[tuple[Kind, Text], ...] = ()

    def remedy_for(self, kind: Kind | None) -> Text:
        return dict(self.by_kind).get(kind, self.remedy) if kind else self.remedy


_LICENCE = Text("请核对营业执照后改正。", "Check it against the business licence and correct it.")

RULES: dict[Rule, RuleInfo] = {
    "required": RuleInfo(
        "error", Text("必填项未填", "Missing"), Text("请补填后重新上传。", "Fill it in and upload again."),
        (("uscc", Text("请按营业执照补填。", "Fill it in from the business licence.")),),
    ),
    "format": RuleInfo(
        "error", Text("格式不符", "Wrong form"), Text("请核对原件后改正。", "Check it against the original and correct it."),
        (("uscc", _LICENCE),),
    ),
    "check_digit": RuleInfo("error", Text("校验码错误", "Wrong check character"), _LICENCE),
    "enum": RuleInfo(
        "error", Text("不在规定选项内", "Not one of the choices"), Text("请按规定选项填写。", "Use one of the choices."),
        (
            ("departments", Text("请写部门全称或通用简称。", "Write the department's full or usual name.")),
            ("division", Text("请写区（县）名称。", "Write the name of the district.")),
        ),
    ),
    "range": RuleInfo("error", Text("超出合理范围", "Out of range"), Text("请核实后改正。", "Verify and correct it.")),
    "date": RuleInfo(
        "error", Text("日期有误", "No such date"), Text("请核实后按“年-月-日”填写。", "Verify it and write year-month-day."),
        (
            ("quarter", Text("请核实后改正。", "Verify and correct it.")),
            ("month", Text("请核实后按“年-月”填写。", "Verify it and write year-month.")),
        ),
    ),
    "number": RuleInfo(
        "error", Text("不是数字", "Not a number"),
        Text("请改填数字；确无数据的留空，情况写入备注。", "Write a number; leave it empty if there is none, and explain in a remark."),
    ),
    "duplicate": RuleInfo(
        "error", Text("重复填报", "Duplicate"), Text("请核实后只保留正确的一行。", "Verify and keep the right row only."),
    ),
    "reference": RuleInfo(
        "error", Text("名录中查无此项", "Not on the list"),
        Text("请核对编码；确属新增的，请先上报该名录。", "Check the code; if it is new, upload that list first."),
        (("street", Text("请核对区（县）与街道（乡镇）是否对应。", "Check that district and street belong together.")),),
    ),
    "unit": RuleInfo(
        "error", Text("疑似计量单位有误", "Probably a wrong unit"),
        Text("请核对计量单位（如元与万元、升与吨）后改正。", "Check the unit (yuan or 10,000 yuan, litres or tonnes) and correct it."),
    ),
    "outside_division": RuleInfo(
        "error", Text("坐标不在所属区县", "Point outside its district"),
        Text("请核对经纬度、坐标系和所属区县后改正。", "Check the coordinates, their system and the district, and correct them."),
    ),
    "ambiguous": RuleInfo("error", Text("含义不明", "Ambiguous"), Text("请写清楚后重新上传。", "Write it in full and upload again.")),
    "scope": RuleInfo(
        "error", Text("不在填报范围", "Out of scope"), Text("请由所属单位填报，或删去此行。", "Let the unit it belongs to report it, or remove the row."),
    ),
    "conflict": RuleInfo(
        "error", Text("前后矛盾", "Contradiction"), Text("请核实后保留一致的内容。", "Verify and make them agree."),
    ),
    "total_mismatch": RuleInfo(
        "warning", Text("合计与明细不符", "Total differs from its rows"),
        Text("合计行不入库；请核对合计数与各行数据。", "The total is not stored; check it and the rows above it."),
    ),
    "approximate": RuleInfo(
        "warning", Text("填写的是概数", "Approximate value"),
        Text("请核实准确值；确为概数的，提交时请说明。", "Find the exact value, or explain when you submit."),
    ),
    "date_precision": RuleInfo(
        "warning", Text("日期不完整", "Date without its day"),
        Text("能查到具体日期的请补全；否则提交时请说明。", "Complete the date if you can, or explain when you submit."),
    ),
    "repaired": RuleInfo(
        "warning", Text("已自动更正", "Corrected automatically"), Text("请核对营业执照，确认更正无误。", "Check the correction against the business licence."),
    ),
    "no_coordinates": RuleInfo(
        "warning", Text("没有坐标", "No coordinates"), Text("请补填经纬度。", "Add longitude and latitude."),
    ),
    "formula": RuleInfo(
        "warning", Text("公式没有结果", "Formula without a result"),
        Text("请用表格软件打开、重新计算并保存后再上传。", "Open, recalculate and save the file in a spreadsheet program, then upload again."),
    ),
    "swapped": RuleInfo(
        "warning", Text("经纬度写反", "Longitude and latitude swapped"), Text("已对调后使用，请核对。", "They were swapped back; please check."),
    ),
}  # fmt: skip
