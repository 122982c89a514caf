"""The first sheet of a return workbook: what was read, what is wrong how often, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pilotwatch.domain import Language, Text
from pilotwatch.intake.findings import Findings
from pilotwatch.intake.model import Checked, Workbook
from pilotwatch.intake.returned.marks import SEVERITIES

_TITLE = Text("核对结果", "What was found")
_FILE = Text("文件", "File")
_TABLES = (
    Text("工作表", "Sheet"), Text("数据集", "Dataset"), Text("读取行数", "Rows read"), Text("可入库行数", "Rows ready"),
    Text("错误", "Errors"), Text("提示", "Notes"),
)  # fmt: skip
_GROUPS = (
    Text("工作表", "Sheet"), Text("级别", "Severity"), Text("规则", "Rule"), Text("列", "Column"), Text("处数", "Count"),
    Text("所在行", "Rows"), Text("例", "Example"),
)  # fmt: skip
_REMARKS = Text("退回意见", "Why it was returned")
_NOTHING = Text("没有发现问题。", "Nothing was found.")
_NEXT = Text("如何修改并重新上传", "How to mend and upload again")
_STEPS = (
    Text(
        "红色单元格为错误，必须改正；黄色单元格为提示，可以附说明提交。把鼠标移到单元格上可看到原因。",
        "Red cells are errors and must be mended; yellow ones are notes and may be submitted with an explanation. Hover "
        "over a cell to see why.",
    ),
    Text(
        "各表最右侧的“问题”列写明每行的问题；表上已筛选出有错误的行，清除筛选即可看到全部。",
        "The last column of each table lists the row's problems; a filter shows the rows in error, clear it to see all.",
    ),
    Text(
        "改好后直接把本文件上传即可：本页和“问题”列不会被读取，其他列原样保留。",
        "Then upload this very file: this page and that column are not read, and all your own columns are kept.",
    ),
)

Style = Literal["title", "head", "text", "error", "warning"]


@dataclass(frozen=True)
class Line:
    """One row of the summary."""

    cells: tuple[str | int, ...]
    style: Style = "text"


def summary_of(
    workbook: Workbook, checked: Sequence[Checked], language: Language, remarks: Sequence[str] = ()
) -> list[Line]:
    """The summary, line by line, what was said when it was returned first; widths are up to the writer."""
    lines = [Line((_TITLE(language),), "title"), Line((_FILE(language), workbook.name)), Line(())]
    if remarks:
        lines += [Line((_REMARKS(language),), "head"), *(Line((said,)) for said in remarks), Line(())]
    lines.append(Line(tuple(text(language) for text in _TABLES), "head"))
    for table in checked:
        lines.append(
            Line(
                (
                    table.table.sheet.name or "",
                    table.table.record.spec.title(language),
                    len(table.good),
                    int(table.good.sum()),
                    table.errors,
                    table.warnings,
                )
            )
        )
    lines += [Line(()), Line(tuple(text(language) for text in _GROUPS), "head")]
    groups = [line for table in checked for line in _groups(table, language)]
    lines += sorted(groups, key=lambda line: (line.style != "error", -int(line.cells[4])))
    if not groups:
        lines.append(Line((_NOTHING(language),)))
    lines += [Line(()), Line((_NEXT(language),), "head"), *(Line((step(language),)) for step in _STEPS)]
    return lines


def _groups(checked: Checked, language: Language) -> list[Line]:
    findings = checked.findings
    assert isinstance(findings, Findings)  # noqa: S101
    comma = "、" if language == "zh" else ", "
    lines = []
    for line in findings.summary():
        rows = comma.join(str(finding.row) for finding in line.examples)
        more = " …" if line.count > len(line.examples) else ""
        example = line.examples[0].message(language)
        cells = (
            checked.table.sheet.name or "", SEVERITIES[line.severity](language), line.title(language),
            line.column or "", line.count, rows + more, example,
        )  # fmt: skip
        lines.append(Line(cells, line.severity))
    return lines
