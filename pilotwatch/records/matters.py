"""What departments check: the published list of matters."""

from __future__ import annotations

from datetime import date

from pilotwatch.domain import Department, Record, Spec, column


class Matter(Record):
    """检查事项: one matter of the published list, from the day it counts until the day it was taken off."""

    spec = Spec(
        "matter", zh="检查事项清单", en="Matters that may be checked", subject="item_code", day="valid_from", name="name",
        public=True, words=("检查事项清单", "行政检查事项", "涉企检查事项", "事项清单"), ahead=("valid_until",),
    )  # fmt: skip

    item_code: str = column(
        "事项编码", "Matter code", key=True, aliases=("检查事项编码", "事项代码"), example="JC-SWJ-001"
    )
    name: str = column("事项名称", "Name", aliases=("检查事项名称", "检查事项"))
    dept: Department = column("实施部门", "Department", aliases=("检查部门", "责任部门", "实施主体", "牵头部门"))
    field: str | None = column("监管领域", "Field", aliases=("领域", "所属领域", "试点领域"))
    basis: str | None = column("检查依据", "Legal basis", aliases=("法律依据", "设定依据", "实施依据"))
    content: str | None = column("检查内容", "What is looked at", aliases=("检查要点", "检查内容及标准"))
    method: str | None = column("检查方式", "How", aliases=("检查方法", "实施方式"))
    yearly_cap: int | None = column(
        "年度频次上限", "Times a year at most", ge=0, aliases=("频次上限", "年检查频次上限")
    )
    joint: bool | None = column("是否纳入联合检查", "Checked jointly", aliases=("纳入综合查一次", "是否联合"))
    valid_from: date = column("启用日期", "Counts from", aliases=("生效日期", "列入日期", "实施日期"))
    valid_until: date | None = column(
        "停用日期", "Counts until", not_before="valid_from", aliases=("取消日期", "失效日期", "移出日期")
    )
    published_on: date | None = column("公布日期", "Published on", aliases=("公示日期", "公开日期"))
