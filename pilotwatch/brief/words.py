"""Words of a brief, in both languages."""

from __future__ import annotations

from pilotwatch.domain import LEVELS, Text

ALL_CITY = Text("全市", "The whole city")
ALL_UNITS = Text("所辖各单位", "All units in scope")
NONE_APPROVED = Text("未审核", "not approved")
NOT_APPROVED = Text("部分未审核（{of}项中{n}项）", "in part not approved ({n} of {of})")
APPROVED = Text("区（县）已审核", "approved by the district")
ACCEPTED = Text("市级已验收", "accepted by the city")
LIVE = Text("实时数据，不经月度审核", "as it stands, not approved by month")
LEFT_OUT = Text("已退回的{n}项月度数据未计入。", "The figures of {n} that were returned are left out.")
TITLE = Text("{where}跨部门综合监管试点监测简报", "{where}: brief on the supervision pilots")
SUBTITLE = Text("（{period}）", "({period})")
YEAR = Text("{year}年", "{year}")
QUARTER = Text("{year}年第{n}季度", "Q{n} {year}")
MONTH = Text("{year}年{n}月", "{year}-{n:02}")
STAMP = Text("{at}（北京时间）生成", "made {at} (Beijing)")
DEMO = Text("演示数据：合成，与任何真实主体无关", "Demo data: synthetic, about nobody real")

# where a number stands on the screen
OVERVIEW = Text("总览", "Overview")
REVIEW = Text("试点评估", "Results")
CASES = Text("线索处置", "Cases")
HOTSPOTS = Text("风险热点", "Hot spots")
POLICY = Text("政策任务台账", "Policy tasks")
LEDGER = Text("减负台账", "Visits saved")

LEVEL = dict(
    zip(
        LEVELS,
        (Text("一级红", "red"), Text("二级橙", "orange"), Text("三级黄", "yellow"), Text("四级蓝", "blue"),
         Text("正常", "normal"), Text("数据不足", "no data")), strict=True,
    )
)  # fmt: skip
SUBJECTS = Text("监管对象", "Subjects")
PER_100 = Text("每百户", "Per 100")

# sections
SITUATION = Text("总体情况", "Situation")
WRONG = Text("需要处置的问题", "What needs action")
MOST_MOVED = Text("变差与变好的主要指标", "Measures that moved")
WHO_ACTS = Text("主要问题、责任部门和时限", "What is wrong, who acts, by when")
LISTED = Text("本简报所用指标", "Figures of this brief")
MOVED = Text("本期变化", "What moved")
DOMAINS = Text("分领域情况", "The domains")
REFORM = Text("改革举措成效", "The reform")
DISPOSAL = Text("风险处置", "Disposal")
HOT = Text("风险热点", "Hot spots")
TASKS = Text("政策任务", "Policy tasks")
APPENDIX = Text("附录：数字是怎样得出的", "Appendix: how each number was made")

# situation
JUDGE = Text(
    "{where}{subjects}户监管对象中，一级红{red}户、二级橙{orange}户，合计每百户{rate}户。",
    "{where}: of {subjects} subjects {red} are red and {orange} orange, {rate} in 100. ",
)
JUDGE_CITY = Text("全市每百户{city}户。", "The city as a whole has {city} in 100.")
JUDGE_LAST = Text("上期末每百户{last}户，", "As the period before ended it was {last} in 100; ")
JUDGE_BEFORE = Text("上年同期末{before}户。", "a year before {before}. ")
JUDGE_RISK = Text("期末每百户红、橙对象{now}户；", "Subjects at red or orange per 100: {now} as the period ended; ")
JUDGE_NODATA = Text("其中数据不足、暂不能判定{n}户。", "Of {n} not enough is known to judge them.")
NONE_KEPT = Text(
    "{where}{period}期末没有留存风险等级，以下只列该期的举措与处置情况。",
    "No levels are kept of the end of {period} for {where}; only measures and cases of the period are told below.",
)
NO_SUBJECT = Text("{where}还没有监管对象。", "{where}: no subject has been reported yet.")
BY_DOMAIN = Text("各领域监管对象的风险等级（户）", "Subjects by level and domain")
BY_UNIT = Text("各填报单位的风险等级（户）", "Subjects by level and reporting unit")
DOMAIN = Text("领域", "Domain")
UNIT = Text("填报单位", "Reporting unit")
MAP = Text("各单位每百户红、橙对象", "Subjects at red or orange per 100, by unit")
MAP_ONE = Text("位置与热点", "Where it is, and hot places")
HOT_PLACE = Text("热点街道", "Hot street")
CHART_LEVELS = Text("各领域风险等级构成", "Levels by domain")
CHART_RATES = Text("每百户红、橙对象：各单位", "Red or orange per 100, by unit")
CHART_REFORM = Text("改革举措：本期与上年同期", "The reform: this period and a year before")
CHART_FUNNEL = Text("线索处置漏斗（件）", "Cases by step reached")

# what is wrong
WRONG_NOTE = Text("截至{day}的情况，由预警指标得出：", "As of {day}, from the warning indicators:")
NOTHING_WRONG = Text("没有红、橙预警指标。", "No indicator has subjects at red or orange.")
PROBLEM = Text("问题", "Problem")
HOW_MANY = Text("户数", "Subjects")
MOST = Text("主要在", "Mostly in")
OWNER = Text("责任部门", "Who acts")
WITHIN = Text("办理时限", "By when")
FIRST = Text("第一步", "First step")
FIRST_WITHIN = Text("{limit}内首次处置", "first action within {limit}")
MORE_WRONG = Text("另有{n}类问题未列出。", "{n} more kinds are not listed here.")
COUNTS = Text("红{red}", "red {red}")
COUNTS_ORANGE = Text("橙{orange}", "orange {orange}")

# the reform
REFORM_JUDGE = Text(
    "{period}有数据的{n}项指标中，{better}项好于上年同期、{worse}项变差；设有界限的{graded}项中{good}项达标。",
    "{period}: of {n} measures with data {better} are better than a year before and {worse} worse; of {graded} with a bound {good} are as they should be.",
)
NO_MEASURES = Text("{period}没有可以评估的期间指标。", "{period}: no measure has anything to tell.")
MEASURE = Text("指标", "Measure")
NOW = Text("本期", "Now")
INTERVAL = Text("95%区间", "95 %")
LAST = Text("上期", "Before")
BASELINE = Text("上年同期", "Year before")
MOVE = Text("较上年同期", "Against a year before")
BOUND = Text("未达标界限", "Bound")
BESIDE = Text("须并看", "Look beside")
BETTER = {"better": Text("变好", "better"), "worse": Text("变差", "worse"), "same": Text("持平", "same")}
GUARD = Text("{title}（{code}）{now}，上年同期{then}", "{title} ({code}) {now}, a year before {then}")
GUARDED = Text(
    "压减检查须与问题发现率并看：{title}本期{now}，上年同期{then}。",
    "Fewer visits have to be seen beside what visits find: {title} {now}, a year before {then}.",
)
LESS_BUT_WORSE = Text(
    "检查减少，而红、橙对象的比例上升：请先查明原因，再宣传压减成效（减检不减安）。",
    "Fewer visits, yet a larger share at red or orange: find out why before the reduction is praised.",
)
SILENT = Text("没有数据的指标：{names}。", "Measures without data: {names}.")
RESULTS = Text("改革举措指标", "The reform's measures")
DOMAIN_RESULTS = Text("本领域期间指标", "The domain's measures")
SAVED = Text(
    "联合检查{visits}次，为企业减少{saved}户次入企。",
    "{visits} joint visits spared {saved} department visits.",
)
EFFECT = Text("试点效果：", "Did the pilot do it? ")

# disposal
CASES_JUDGE = Text(
    "在办{open}件，其中超期{overdue}件、5个工作日内到期{soon}件、挂牌督办{supervised}件。",
    "{open} cases are open: {overdue} overdue, {soon} due within five working days, {supervised} supervised.",
)
ON_TIME = Text(
    "{period}到期{due}件，按期办结{kept}件，按期办结率{share}。",
    "{period}: {due} fell due, {kept} were closed on time, {share}.",
)
NONE_DUE = Text("{period}没有到期案件。", "{period}: no case fell due.")
FLOW = Text("各环节用时（天）", "Days in each stage")
STAGE = Text("环节", "Stage")
CASES_N = Text("件数", "Cases")
MEDIAN = Text("中位数", "Median")
QUARTILES = Text("四分位", "Quartiles")
STAGES = {
    "assign": Text("收到至分办", "to assignment"),
    "sign": Text("分办至签收", "to signing"),
    "handle": Text("签收至反馈", "to reporting back"),
    "review": Text("反馈至结案", "to closing"),
    "total": Text("收到至结案", "in all"),
}

# hot spots
HOT_JUDGE = Text("检验{tests}项，{hot}处街道（乡镇）成为热点。", "{tests} tests: {hot} streets are hot.")
NO_TEST = Text("该期没有做过热点检验。", "No test of hot spots was made for the period.")
HOT_TABLE = Text("热点检验结果", "Tests of hot spots")
TESTED = Text("检验内容", "What is tested")
PLACES = Text("街道数", "Streets")
HOT_N = Text("热点", "Hot")
NOT_SEEN = Text("近一年未检查", "Not inspected in a year")
NAMES = Text("热点所在", "Where")
HOT_HOW = Text(
    "以全市发生率推算各地应有数量，按5%错误发现率检验", "What each place would have at the city's rate; a false discovery rate of 5 %"
)  # fmt: skip

# policy tasks
TASKS_JUDGE = Text(
    "16项任务、4项保障措施按单位共{n}项：长期坚持{kept}项、已见成效{effective}项、推进中{moving}项、未启动{idle}项、滞后{lagging}项。",
    "16 tasks and 4 safeguards, {n} by unit: {kept} kept up, {effective} showing effect, {moving} under way, {idle} not begun, {lagging} behind.",
)
LAGGING = Text("滞后任务（没有成效佐证）", "Tasks behind (no proof of effect)")
TASK = Text("任务", "Task")
LEAD = Text("牵头部门", "Lead")
DEADLINE = Text("时限", "Deadline")
BEHIND = Text("滞后单位数", "Units behind")
ALL_DEPARTMENTS = Text("各行业主管部门、各区（县）", "all departments and districts")
TASKS_HOW = Text("按各单位填报的进展和佐证", "from what the units told, with proof")

# appendix
CODE = Text("编号", "Code")
FIGURE = Text("名称", "Figure")
HOW = Text("怎样得出", "How it is reckoned")
BATCH = Text("最新批次", "Newest batch")
APPENDIX_NOTE = Text(
    "每个数字都取自系统相应页面，可按脚注中的地址逐级追溯到单位、对象、批次、文件和行。",
    "Every number is the one of the system's own page; by the address in its note it can be traced to unit, subject, batch, file and row.",
)
RESULTS_ALL = Text("期间指标汇总", "Measures, counted")
RESULTS_HOW = Text(
    "有数据的指标逐项与上年同期和界限比较，按项计数",
    "Measures with data, each held against the year before and its bound, counted",
)
LEVELS_HOW = Text("各对象各指标中最差的等级，按户计数", "The worst level of each subject over all indicators, counted")
RATE_HOW = Text("（红＋橙）÷ 全部对象 × 100", "(red + orange) ÷ all subjects × 100")
CASES_HOW = Text("按案件事件逐件计数；按期办结率＝按期÷（按期＋逾期＋在办超期）", "Counted from the cases' events; on time ÷ (on time + late + open and overdue)")  # fmt: skip
SAVED_HOW = Text("每次联合检查的部门数减一，逐次相加", "Departments of each joint visit less one, added up")

PICTURE_OF = Text("图", "Figure")
TABLE_OF = Text("表", "Table")
MADE_BY = Text("综合查一次 · 试点监测", "Pilot Watch")
NUMERALS = "一二三四五六七八九十"

# kept briefs
ISSUE = Text("{year}年第{n}期", "No. {n} of {year}")
TOLD = Text(
    "共 {n} 个数字，截至 {at}（北京时间），{by}出具。", "{n} numbers as of {at} (Beijing time), issued by {by}."
)
LIVE_VIEW = Text("同一视图的最新数据", "The same view as it is now")
APPROVALS = {
    "accepted": Text("市级已验收", "accepted by the city"),
    "approved": Text("区（县）已审核", "approved by the districts"),
    "partly": Text("部分未审核", "not all approved"),
    "none": Text("未审核", "not approved"),
}
PARTS = {
    "all": Text("全部", "all"), "rate": Text("每百户", "per 100"), "open": Text("在办", "open"), "overdue": Text("超期", "overdue"),
    "soon": Text("即将到期", "due soon"), "supervised": Text("挂牌督办", "supervised"), "due": Text("到期", "due"),
    "kept": Text("按期", "on time"), "share": Text("占比", "share"), "value": Text("本期", "this period"),
    "last": Text("上期", "the period before"), "baseline": Text("上年同期", "the year before"), "hot": Text("热点", "hot"),
    "places": Text("地点", "places"), "tests": Text("检验", "tests"), "not_inspected": Text("未检查", "not inspected"),
    "lagging": Text("滞后", "behind"), "better": Text("变好", "better"), "worse": Text("变差", "worse"),
    "p25": Text("下四分位", "lower quartile"), "median": Text("中位数", "median"), "p75": Text("上四分位", "upper quartile"),
    "cases": Text("案件", "cases"), **STAGES,
}  # fmt: skip
RIGHTS = Text(
    "设置人的账号或权限已变更，未生成。请由现任人员重新设置。",
    "The account or the rights of whoever set it have changed, so it wasn't made. Somebody in office has to set it anew.",
)
FAILED = Text(
    "生成时出错（{error}），已重试。请系统管理员查看日志。",
    "Its making failed ({error}) and was tried again. The administrator finds the reason in the log.",
)

# refusals
NO_PERIOD = Text(
    "“{period}”不是期间，应写作 2026-10、2026Q3 或 2026。",
    "{period} is no period; write it as 2026-10, 2026Q3 or 2026.",
)
TO_COME = Text(
    "期间“{period}”还没有开始，没有可写的内容。", "The period {period} has not begun: there is nothing to tell."
)
NO_UNIT = Text(
    "没有代码为“{unit}”的填报单位。可选：{known}。", "There is no reporting unit {unit}. There are: {known}."
)
OTHER_UNIT = Text(
    "{unit}不在您的管辖范围内，不能出具其简报。您可以出具：{known}。",
    "{unit} is not in your scope, so you can't have its brief. You can have: {known}.",
)
