"""Whom departments supervise: each department's own list of objects."""

from __future__ import annotations

from pilotwatch.domain import Department, Division, Latitude, Longitude, Record, Spec, Street, Uscc, column
from pilotwatch.records.columns import address, credit_code, division, latitude, longitude, street, subject_name


class ListedObject(Record):
    """部门监管对象名录: one object of the list that a department keeps of whom it supervises.

    The same shop stands in several departments' lists, by its credit code or without one, written a little differently:
    `pilotwatch.inspection.objects` finds them.
    """

    spec = Spec(
        "listed_object", zh="部门监管对象名录", en="Objects of the departments' lists", subject=("uscc", "name"), name="name",
        any_subject=True, words=("部门监管对象名录", "监管对象名录", "监管对象库", "检查对象名录库", "重点单位名录"),
    )  # fmt: skip

    dept: Department = column("建库部门", "Department", key=True, aliases=("监管部门", "名录单位", "建档部门"))
    object_no: str = column(
        "对象编号", "Object number", key=True, aliases=("监管对象编号", "名录编号", "档案编号"), example="XFJY-000123"
    )
    name: str = subject_name("监管对象名称", "Name", aliases=("对象名称", "监管对象", "场所名称", "招牌名称"))
    uscc: Uscc | None = credit_code()
    category: str | None = column("对象类别", "Category", aliases=("监管对象类别", "对象类型", "场所类型"))
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address(aliases=("场所地址", "监管地址"))
    phone: str | None = column(
        "联系电话", "Phone", mask="phone", aliases=("电话", "固定电话", "手机号码", "负责人电话", "联系方式")
    )
    person: str | None = column(
        "负责人", "Person in charge", mask="name", aliases=("法定代表人", "法人代表", "经营者", "联系人")
    )
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()
