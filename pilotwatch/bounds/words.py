"""What is said of a proposal: where, what was found, what is expected, what to do."""

from __future__ import annotations

from pilotwatch.domain import Level, Text

#: The colours as a sentence names them.
WORDS: dict[Level | str, Text] = {
    "red": Text("红色", "red"), "orange": Text("橙色", "orange"), "yellow": Text("黄色", "yellow"), "blue": Text("蓝色", "blue"),
}  # fmt: skip

#: What a bound rests on, as a sentence names it.
BASIS: dict[str, Text] = {
    "LAW": Text("法定", "the law's"), "STD": Text("国家标准规定的", "the standard's"),
    "POL": Text("政策文件规定的", "the policy document's"),
}  # fmt: skip

NO_INDICATOR = Text(
    "“{domain}”没有编号为“{code}”的指标。现有指标见 pilotwatch bounds list。",
    "{domain} has no indicator {code}; pilotwatch bounds list shows them.",
)
NO_VERSION = Text(
    "指标 {code} 没有自“{version}”起施行的规则版本，或没有这一类界限。请在列表中核对版本。",
    "Indicator {code} has no rule version from {version}, or no bounds of that kind. Check the version in the list.",
)
NO_LEVEL = Text(
    "指标 {code} 没有声明{level}界限，不能设定。只能调整已声明的等级。",
    "Indicator {code} declares no {level} bound, so none can be set. Only declared levels can be changed.",
)
NOTHING = Text("与现行界限相同，没有需要保存的改动。", "The same as the bounds in force: there is nothing to save.")
PAST = Text(
    "生效日期 {since} 早于今天（{today}）：已作出的评估不追溯改变。请选择今天或以后的日期。",
    "{since} is before today ({today}): what was judged is not changed afterwards. Choose today or a later day.",
)
ENDED = Text(
    "该规则版本至 {until} 已停止施行，在所选生效日期不再适用。请选择现行版本。",
    "This version of the rule ended on {until} and doesn't apply on the chosen day. Choose the version in force.",
)
STALE = Text(
    "您打开本页后，{by} 已调整过该指标的界限。请刷新页面，按最新界限重新填写。",
    "{by} has changed this indicator's bounds since you opened the page. Reload it and begin from the newest ones.",
)
LONG = Text(
    "{level}界限共 {n} 个字符，最多 {most} 个。请改写得更简短。",
    "The {level} bound has {n} characters, at most {most} are allowed. Write it shorter.",
)
UNREADABLE = Text(
    "{level}界限“{found}”无法识别。应写作“> 3”“<= 30 %”或“n30 >= 30 | n30 >= 20 & g >= 3”（& 表示且，| 表示或）；声明值为“{declared}”。",
    "The {level} bound “{found}” can't be read. Write it like “> 3”, “<= 30 %” or “n30 >= 30 | n30 >= 20 & g >= 3” (& is and, "
    "| is or); the declared one is “{declared}”.",
)
NAMES = Text(
    "{level}界限用到“{found}”，本指标没有这一项。可用：{known}。",
    "The {level} bound compares “{found}”, which this indicator doesn't have. There are: {known}.",
)
IN_PERCENT = Text(
    "{level}界限“{found}”缺少百分号：声明值“{declared}”以百分数表示。请写明 %。",
    "The {level} bound “{found}” lacks the percent sign: the declared “{declared}” is in percent. Write the %.",
)
TURNED = Text(
    "{level}界限“{found}”与声明值“{declared}”方向相反。请保持大于或小于的方向，只改数值。",
    "The {level} bound “{found}” points the other way than the declared “{declared}”. Keep its direction and change the number.",
)
LOOSER = Text(
    "{level}界限“{found}”宽于{basis}界限“{declared}”，不能放宽，只能收紧。请改为至少同样严格的界限。",
    "The {level} bound “{found}” is looser than {basis} bound “{declared}”, which can only be tightened. Choose one at least as strict.",
)
COMPLEX = Text(
    "{level}界限的条件过于复杂，无法判断是否宽于{basis}界限“{declared}”，因此不能保存。请简化条件或恢复声明值。",
    "The {level} bound compares too much to tell whether it is looser than {basis} bound “{declared}”, so it can't be saved. "
    "Simplify it or go back to the declared one.",
)
ORDER = Text(
    "各等级界限次序有误（{bounds}）：方向应一致，且等级越重界限越严。请一并调整相邻等级。",
    "The bounds are out of order ({bounds}): all point the same way, and a worse level's is the stricter. Change the neighbouring "
    "levels with it.",
)
ORDER_LATER = Text(
    "与 {day} 起生效的既定调整次序冲突（{bounds}）。请先调整或恢复那一项。",
    "Out of order with what is set from {day} on ({bounds}). Change or reset that first.",
)
UNREACHED = Text(
    "凡符合{milder}条件的都已符合{worse}条件，{milder}不会再出现。请确认是否有意。",
    "Whatever is {milder} is {worse} already, so {milder} will not be seen any more. Make sure that is meant.",
)
OUTSIDE = Text(
    "有的情形符合{worse}条件而不符合{milder}条件，可能由{worse}以下直接升至{worse}。请确认是否有意。",
    "Some cases are {worse} without being {milder} first, so a subject may jump to {worse}. Make sure that is meant.",
)
