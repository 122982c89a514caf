"""Texts of the frame around every page, of the log-in and of the levels."""

TEXTS = {
    "product.name": ("综合查一次 · 试点监测", "Pilot Watch"),
    "product.short": ("试点监测", "Pilot Watch"),
    "product.title": ("综合查一次 · 试点监测", "Pilot Watch · cross-department supervision"),
    "product.tagline": (
        "跨部门综合监管试点的数据上报、风险监测与处置",
        "Reporting, risk monitoring and disposal for the pilots of cross-department supervision",
    ),
    "product.city": ("乌鲁木齐市 · 跨部门综合监管", "Urumqi · cross-department supervision"),
    # navigation
    "nav.overview": ("总览", "Overview"),
    "nav.warnings": ("预警", "Warnings"),
    "nav.upload": ("数据上报", "Upload"),
    "nav.dictionary": ("数据字典", "Data dictionary"),
    # the header row
    "badge.demo": ("演示数据 · 合成", "Demo data · synthetic"),
    "frame.as_of": ("数据截至 {at}", "Data as of {at}"),
    "frame.no_data": ("尚无数据", "No data yet"),
    "frame.language": ("English", "中文"),
    "frame.language_help": ("Switch to English", "切换为中文"),
    "frame.scope_all": ("全市 · 全部领域", "Whole city · all domains"),
    "frame.scope_units": ("填报单位：{units}", "Units: {units}"),
    "frame.scope_domains": ("试点领域：{domains}", "Domains: {domains}"),
    "frame.password": ("修改密码", "Change password"),
    "frame.log_out": ("退出登录", "Log out"),
    "frame.logged_out": ("您已退出登录。", "You are logged out."),
    "frame.ended": ("登录已结束，请重新登录。", "Your log-in has ended. Please log in again."),
    "frame.log_in": ("登录", "Log in"),
    "frame.must_change": ("请先设置新密码，再继续使用。", "Please set a new password first."),
    "frame.broken": ("“{name}”未启用：{reason}", "“{name}” is off: {reason}"),
    "frame.fault": (
        "出了意外，本次操作没有完成，已入库的数据不受影响。请刷新页面重试；如仍不行，请把时间 {at} 告知系统管理员。",
        "Something went wrong and this was not done; stored data is as it was. Reload the page; if it happens again, "
        "tell the administrator the time {at}.",
    ),
    "frame.not_for_role": (
        "“{role}”不使用本页。{instead}",
        "This page is not for the role “{role}”. {instead}",
    ),
    "frame.no_write": (
        "数据由试点专班和市级专班办公室上报；如需上报，请联系系统管理员调整账号角色。",
        "Pilot teams and the city office hand in data; ask the administrator if you should.",
    ),
    "frame.no_read": (
        "本账号用于系统管理，不查看业务数据。",
        "This account manages the system and sees no supervision data.",
    ),
    # log-in
    "login.heading": ("登录", "Log in"),
    "login.username": ("用户名", "User name"),
    "login.password": ("密码", "Password"),
    "login.submit": ("登录", "Log in"),
    "login.hint": ("忘记密码请联系系统管理员重置。", "Forgotten the password? The administrator can set a new one."),
    "login.demo": ("用演示账号进入", "Enter with a demo account"),
    "login.demo_hint": (
        "以下为合成数据，与真实主体无关。点选即登录，密码均为 {password}",
        "The data is synthetic and about nobody real. One click logs in; the password of all is {password}",
    ),
    "login.stale": ("页面已过期，请重新填写后提交。", "The form was too old. Please fill it in again."),
    "login.out": ("您已退出登录。", "You are logged out."),
    "password.heading": ("设置新密码", "Set a new password"),
    "password.must": (
        "当前密码由他人设置，请先换成只有您自己知道的密码。至少 10 位，同时包含字母和数字。",
        "Somebody else set your password. Choose one that only you know: at least 10 characters, letters and digits.",
    ),
    "password.hint": (
        "至少 10 位，同时包含字母和数字。修改后其他设备上的登录随即失效。",
        "At least 10 characters, letters and digits. Log-ins on other devices end.",
    ),
    "password.old": ("原密码", "Old password"),
    "password.new": ("新密码", "New password"),
    "password.again": ("再次输入新密码", "New password again"),
    "password.submit": ("保存新密码", "Save"),
    "password.back": ("不修改，返回", "Back without a change"),
    "password.differ": ("两次输入的新密码不一致，请重新输入。", "The two new passwords differ. Please type them again."),
    # levels: the word and the numeral, never the colour alone
    "level.red": ("一级红", "Red Ⅰ"),
    "level.orange": ("二级橙", "Orange Ⅱ"),
    "level.yellow": ("三级黄", "Yellow Ⅲ"),
    "level.blue": ("四级蓝", "Blue Ⅳ"),
    "level.normal": ("正常", "Normal"),
    "level.nodata": ("数据不足", "No data"),
    # small words
    "word.all_domains": ("全部领域", "All domains"),
    "word.shared": ("各领域共用", "Shared by all domains"),
    "word.all_city": ("全市", "Whole city"),
    "word.all_units": ("所辖单位", "My units"),
    "word.and": ("且", "and"),
    "word.or": ("或", "or"),
    "word.no_unit": ("未注明单位", "No unit given"),
}  # fmt: skip
