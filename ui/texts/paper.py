"""Texts of what is printed."""

TEXTS = {
    "paper.who": ("打印人：{name}（{username}） {at}", "Printed by {name} ({username}), {at}"),
    "paper.about": ("范围：{what}", "Of: {what}"),
    "paper.everything": ("本人数据范围内全部", "all that this account sees"),
    "paper.rows": ("共 {n} 行，打印 {shown} 行", "{n} rows, {shown} printed"),
}
