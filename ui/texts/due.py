"""Texts about time limits."""

TEXTS = {
    "due.days": ("{n} 天", "{n} days"),
    "due.hours": ("{n} 小时", "{n} h"),
    "due.over": ("{span}", "by {span}"),
    "due.left": ("剩 {span}", "{span} left"),
    "due.within": ("{limit}内首次处置", "first action within {limit}"),
    "due.legend": (
        "首次处置期限按新疆工作日历计算，自预警产生起；用时过四分之三为临期",
        "The first action is due by Xinjiang's working days, counted from when it was raised; nearly due once three quarters are gone",
    ),
}  # fmt: skip
