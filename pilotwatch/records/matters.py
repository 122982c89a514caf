"""What departments check: the published list of matters."""

from __future__ import annotations

from datetime import date

from pilotwatch.domain import Department, Record, Spec, column
from pilotwatch.records.columns import departments


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
    partners: list[Department] | None = departments(
        "配合部门", "Departments taking part", aliases=("参与部门", "协同部门", "联合部门")
    )
    scene: list[str] | None = column(
        "适用场景", "Scenes", aliases=("监管场景", "一业一册", "所属场景"), example="加油站",
        help=("同一场景的事项编入一册，如“加油站”；多个场景用顿号分开", "Matters of one scene make one manual; several scenes are separated by 、"),
    )  # fmt: skip
    field: str | None = column("监管领域", "Field", aliases=("领域", "所属领域", "试点领域"))
    basis: str | None = column("检查依据", "Legal basis", aliases=("法律依据", "设定依据", "实施依据"))
    content: str | None = column("检查内容", "What is looked at", aliases=("检查要点", "检查内容及标准"))
    method: str | None = column("检查方式", "How", aliases=("检查方法", "实施方式"))
    procedure: str | None = column(
        "检查程序", "Procedure", aliases=("检查流程", "实施程序", "工作程序"), help=("各步骤用分号分开", "Steps are separated by ；")
    )  # fmt: skip
    checklist: str | None = column(
        "检查表条目", "Checklist", aliases=("检查表", "检查条目", "核查条目"), help=("逐条用分号分开", "Points are separated by ；")
    )  # fmt: skip
    prepare: str | None = column(
        "企业备查材料", "What the enterprise shows", aliases=("备查材料", "查验材料", "需提供材料"),
        help=("逐项用分号分开", "Papers are separated by ；"),
    )  # fmt: skip
    minutes: int | None = column(
        "检查用时", "Minutes on site", unit="min", gt=0, aliases=("预计用时", "检查时长", "所需时间")
    )
    frequency: str | None = column("检查频次", "How often", aliases=("检查频率", "抽查频次", "频次"))
    yearly_cap: int | None = column(
        "年度频次上限", "Times a year at most", ge=0, aliases=("频次上限", "年检查频次上限")
    )
    joint: bool | None = column("是否纳入联合检查", "Checked jointly", aliases=("纳入综合查一次", "是否联合"))
    mergeable: bool | None = column("可否合并", "Can be merged", aliases=("是否可合并", "可合并", "可否联合"))
    off_site: bool | None = column(
        "可否非现场", "Can be done off site", aliases=("是否可非现场检查", "可否非现场检查", "非现场")
    )
    valid_from: date = column("启用日期", "Counts from", aliases=("生效日期", "列入日期", "实施日期"))
    valid_until: date | None = column(
        "停用日期", "Counts until", not_before="valid_from", aliases=("取消日期", "失效日期", "移出日期")
    )
    published_on: date | None = column("公布日期", "Published on", aliases=("公示日期", "公开日期"))
    release: str | None = column(
        "公布批次", "Published in batch", aliases=("发布批次", "批次", "公布文件"), example="第一批"
    )
