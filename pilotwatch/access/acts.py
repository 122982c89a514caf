"""What the audit calls what was done, in words: `case.close` is 处置 · close unless it has words of its own here."""

from __future__ import annotations

from pilotwatch.domain import Text

#: The kind of an act, the part before its point.
KINDS: dict[str, Text] = {
    "account": Text("账号", "Accounts"),
    "approval": Text("审核", "Approvals"),
    "audit": Text("审计", "Audit"),
    "backtest": Text("指标回测", "Back-test"),
    "bound": Text("指标界限", "Bounds"),
    "brief": Text("简报", "Briefs"),
    "calendar": Text("工作日历", "Calendar"),
    "case": Text("处置", "Cases"),
    "contradiction": Text("口径冲突", "Contradictions"),
    "draw": Text("双随机抽取", "Draws"),
    "export": Text("导出", "Exports"),
    "hotspots": Text("风险热点", "Hot spots"),
    "inspectors": Text("执法人员", "Inspectors"),
    "link": Text("对象关联", "Linked objects"),
    "login": Text("登录", "Log-ins"),
    "logout": Text("退出登录", "Log-outs"),
    "matter": Text("检查事项", "Matters"),
    "matters": Text("检查事项", "Matters"),
    "object": Text("监管对象库", "Objects"),
    "objects": Text("监管对象库", "Objects"),
    "personal": Text("个人信息", "Personal data"),
    "pilots": Text("试点成效", "Pilots"),
    "plan": Text("联合检查计划", "Joint plans"),
    "policy": Text("政策任务", "Tasks of the policy"),
    "push": Text("消息推送", "Messages"),
    "retention": Text("保存期限", "Retention"),
    "review": Text("试点评估", "Review"),
    "risk": Text("风险评分", "Risk scores"),
    "saved_visits": Text("合并台账", "Ledger of visits"),
    "setting": Text("设置", "Settings"),
    "signal": Text("异常波动", "Surges"),
    "store": Text("数据库", "The store"),
    "task": Text("检查任务", "Tasks of visits"),
    "upload": Text("数据上报", "Uploads"),
    "visit": Text("入企检查", "Visits"),
    "warning": Text("预警", "Warnings"),
    "warnings": Text("预警清单", "Lists of warnings"),
    "withdraw": Text("撤回批次", "Withdrawn batches"),
}

#: Acts that have words of their own.
ACTS: dict[str, Text] = {
    "account.create": Text("新建账号", "made an account"),
    "account.disable": Text("停用账号", "disabled an account"),
    "account.enable": Text("启用账号", "enabled an account"),
    "account.password": Text("更换密码", "changed a password"),
    "audit.export": Text("导出审计记录", "took out the audit"),
    "audit.verify": Text("校验审计链", "verified the audit"),
    "backtest": Text("指标回测", "ran a back-test"),
    "bound.set": Text("调整指标界限", "set a bound"),
    "bound.reset": Text("恢复指标界限", "reset a bound"),
    "calendar.enter": Text("录入工作日历", "entered a day"),
    "calendar.withdraw": Text("撤回日历条目", "withdrew a day"),
    "case.file": Text("查看案件附件", "looked at an attachment"),
    "case.plant": Text("生成演示案件", "made demo cases"),
    "case.reporters": Text("查看诉求人", "looked at who reported"),
    "export.brief": Text("导出简报", "took out a brief"),
    "export.original": Text("下载报送原件", "took out an original file"),
    "export.return": Text("下载退回表", "took out a return workbook"),
    "hotspots.export": Text("导出风险热点", "took out hot spots"),
    "login": Text("登录", "logged in"),
    "login.disabled": Text("停用账号尝试登录", "a disabled account tried to log in"),
    "login.failed": Text("登录失败", "failed to log in"),
    "logout": Text("退出登录", "logged out"),
    "logout.everywhere": Text("退出全部登录", "logged out everywhere"),
    "personal.unmask": Text("查看未脱敏信息", "looked at unmasked data"),
    "push.channel": Text("设置接收渠道", "set a channel"),
    "push.channel.remove": Text("删除接收渠道", "removed a channel"),
    "push.retry": Text("重发消息", "sent a message again"),
    "push.subscribe": Text("订阅消息", "subscribed"),
    "retention.remove": Text("按期限删除", "removed what had run out"),
    "retention.set": Text("设置保存期限", "set a retention period"),
    "risk.grade": Text("调整风险等级", "re-graded a subject"),
    "store.backup": Text("备份", "backed up"),
    "store.restore": Text("恢复备份", "restored a backup"),
    "upload": Text("报送入库", "stored an upload"),
    "upload.unchanged": Text("重复报送（无变化）", "uploaded what was there"),
    "warnings.export": Text("导出预警清单", "took out warnings"),
    "withdraw": Text("撤回批次", "withdrew a batch"),
}


def words(act: str) -> Text:
    """An act in words; one that has none of its own is told by its kind and its code."""
    if act in ACTS:
        return ACTS[act]
    kind, _, rest = act.partition(".")
    found = KINDS.get(kind, Text(kind, kind))
    return Text(f"{found.zh} · {rest}", f"{found.en} · {rest}") if rest else found
