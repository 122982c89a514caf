"""Marks on the workbooks that we write ourselves, by which they are known again when they come back."""

from __future__ import annotations

#: The extra column of a return workbook with each row's findings.
PROBLEMS_HEADER = "问题（系统反馈，请勿填写）"
#: The first sheet of a return workbook.
SUMMARY_SHEET = "核对结果（系统反馈）"
#: The sheet of an upload template that explains its columns.
GUIDE_SHEET = "填写说明（系统）"
#: The hidden sheet of a template with its longer drop-down lists.
LISTS_SHEET = "选项（系统）"
#: The first cell of a template's example row.
EXAMPLE_MARK = "示例（请删除本行）"
#: The column of a template that is numbered freely.
NUMBER_HEADER = "序号"

OWN_SHEETS = frozenset({SUMMARY_SHEET, GUIDE_SHEET, LISTS_SHEET})
