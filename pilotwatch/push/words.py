"""Words that several kinds of messages share."""

from __future__ import annotations

from pilotwatch.domain import Text

PRODUCT = Text("试点监测", "Pilot Watch")
DEMO = Text("演示数据 · 合成", "Demo data · synthetic")
LEVEL: dict[str, Text] = {
    "red": Text("一级红", "Red Ⅰ"),
    "orange": Text("二级橙", "Orange Ⅱ"),
    "yellow": Text("三级黄", "Yellow Ⅲ"),
    "blue": Text("四级蓝", "Blue Ⅳ"),
    "normal": Text("正常", "Normal"),
    "nodata": Text("数据不足", "No data"),
}
LEVEL_COUNT: dict[str, Text] = {
    "red": Text("红色 {n}", "{n} red"),
    "orange": Text("橙色 {n}", "{n} orange"),
    "yellow": Text("黄色 {n}", "{n} yellow"),
    "blue": Text("蓝色 {n}", "{n} blue"),
}
KIND: dict[str, Text] = {
    "daily": Text("每日摘要", "Daily digest"),
    "weekly": Text("每周摘要", "Weekly digest"),
    "red": Text("红色预警即时通知", "Red warnings at once"),
    "reminder": Text("处置提醒", "Reminders of disposal"),
    "brief": Text("简报送达", "Briefs"),
    "test": Text("测试消息", "Test message"),
}
CHANNEL: dict[str, Text] = {
    "mail": Text("电子邮件", "E-mail"),
    "wecom": Text("企业微信群机器人", "WeCom group robot"),
    "dingtalk": Text("钉钉群机器人", "DingTalk group robot"),
    "feishu": Text("飞书群机器人", "Feishu group robot"),
    "app": Text("系统内消息", "In the app"),
}
LEFT_OUT = Text("……另有 {n} 行未列出，请打开系统查看。", "… {n} more lines are not shown; see the app.")


def listed(parts: list[Text]) -> Text:
    """甲、乙、丙."""
    return Text("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))


def joined(parts: list[Text]) -> Text:
    """Sentences one after the other."""
    return Text("".join(p.zh for p in parts), " ".join(p.en for p in parts))
