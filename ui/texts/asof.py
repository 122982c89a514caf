"""Texts of looking back at a past day."""

TEXTS = {
    "asof.choose": ("回看", "Look back"),
    "asof.help": (
        "查看过去某日 24 时已知的数据：指标、预警、案件和简报都按当日显示，只读。",
        "See what was known at the end of a past day: figures, warnings, cases and briefs as they were then, to be read only.",
    ),
    "asof.day": ("回看日期", "The day to look back to"),
    "asof.look": ("查看当日", "Look at that day"),
    "asof.banner": ("回看 {day}", "Looking back at {day}"),
    "asof.read_only": (
        "显示当日 24 时已知的数据，不能办理",
        "what was known at the end of that day; nothing can be done here",
    ),
    "asof.no_warnings": (
        "（预警自 {since} 起才有记录，当日没有）",
        "(warnings are on record since {since}: there are none of that day)",
    ),
    "asof.back": ("回到今天", "Back to today"),
    "asof.untold": ("哪些无法还原", "What can't be told"),
    "asof.making": ("正在还原 {day} 的数据", "Bringing {day} back"),
    "asof.making_note": (
        "首次回看某日需要按当日已知的数据重新计算，完成后保存备用，所有人再看时直接打开。可以先离开本页。",
        "The first look at a day makes its figures anew from what was known; it is kept for everybody after. You may leave the page meanwhile.",
    ),
    "asof.gone": (
        "{day} 的回看数据已不在，请重新打开。",
        "What was kept of {day} is gone; open it again.",
    ),
    "asof.no_day": (
        "“{day}”不是日期，应写作 2026-10-31。",
        "{day} is no date; write it as 2026-10-31.",
    ),
    "asof.no_right": (
        "本账号不查看业务数据，不能回看。",
        "This account sees no supervision data, so it can't look back.",
    ),
    "asof.present_only": (
        "本页只用于今天，回看时不显示。",
        "This page is of today alone; there is nothing of a past day on it.",
    ),
}
