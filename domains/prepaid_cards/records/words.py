"""The enumerations of the domain, and the columns that several of its records have."""

from __future__ import annotations

from pilotwatch.domain import Choice, Choices, column
from pilotwatch.records import ARREARS, credit_code

ISSUER_TYPES = Choices.of(
    ("scale", "规模", "Scale", "规模发卡企业", "规模企业", "规模以上发卡企业"),
    ("group", "集团", "Group", "集团发卡企业", "集团企业"),
    ("brand", "品牌", "Brand", "品牌发卡企业", "品牌企业"),
    ("other", "其他", "Other", "其他发卡企业", "其它", "其它发卡企业"),
    ("non_order9", "不适用9号令", "Outside Order 9", "不适用", "9号令外", "不适用商务部9号令", "不适用9号令企业"),
)
INDUSTRIES = Choices.of(
    ("零售业", "零售业", "Retail", "零售"), ("住宿业", "住宿业", "Lodging", "住宿", "酒店"),
    ("餐饮业", "餐饮业", "Catering", "餐饮"), ("居民服务业", "居民服务业", "Resident services", "居民服务", "美容美发"),
    ("教育培训", "教育培训", "Training", "教育", "培训", "校外培训"), ("体育健身", "体育健身", "Fitness", "健身", "体育"),
    ("文化旅游", "文化旅游", "Culture and tourism", "文旅", "旅游"), ("养老", "养老", "Elderly care", "养老服务"),
    ("医美", "医美", "Beauty medicine", "医疗美容"), ("交通驾培", "交通驾培", "Driving schools", "驾培", "驾校", "驾驶培训"),
    ("其他", "其他", "Other", "其它"),
)  # fmt: skip
REG_STATUS = Choices.of(
    ("存续", "存续", "Registered", "在营", "开业", "在业", "存续（在营、开业、在册）", "正常"), ("迁出", "迁出", "Moved away", "已迁出"),
    ("简易注销公告中", "简易注销公告中", "Cancellation announced", "简易注销公告", "注销公告中"), ("注销", "注销", "Cancelled", "已注销"),
    ("吊销", "吊销", "Revoked", "已吊销", "吊销未注销"), ("经营异常", "经营异常", "On the abnormal list", "经营异常名录", "列入经营异常名录"),
    ("严重违法失信", "严重违法失信", "On the serious list", "严重违法失信名单", "列入严重违法失信名单"),
)  # fmt: skip
GUARANTEES = Choices.of(
    ("保证保险", "保证保险", "Guarantee insurance", "履约保证保险", "保险"),
    ("银行保函", "银行保函", "Bank guarantee", "保函", "履约保函"),
)
FILINGS = Choices.of(
    ("备案", "备案", "Filed", "首次备案", "新备案"),
    ("变更", "变更", "Changed", "备案变更"),
    ("注销", "注销", "Cancelled", "备案注销"),
)
CARD_KINDS = Choices.of(
    ("named", "记名", "Named", "记名卡"), ("anonymous", "不记名", "Anonymous", "不记名卡", "无记名")
)
MEDIA = Choices.of(
    ("磁条", "磁条", "Magnetic", "磁条卡"), ("芯片", "芯片", "Chip", "芯片卡", "IC卡"), ("纸券", "纸券", "Paper", "纸质", "纸质券"),
    ("虚拟", "虚拟", "Virtual", "虚拟卡", "电子卡"),
)  # fmt: skip
#: What a list says an issuer owes; `none` is said of one that owes nothing, an empty cell says nothing.
ARREARS_LISTED = Choices((*ARREARS.items, Choice("none", "无", "None", ("无欠款", "无拖欠", "不欠"))))
BUYERS = Choices.of(
    ("unit", "单位", "Organisation", "单位购卡", "企业"), ("person", "个人", "Person", "个人购卡", "自然人")
)
PAYMENTS = Choices.of(
    ("transfer", "银行转账", "Bank transfer", "转账", "对公转账", "刷卡", "银行卡"), ("cash", "现金", "Cash", "现金支付"),
    ("online", "第三方支付", "Payment service", "微信", "支付宝", "扫码支付", "网络支付"), ("other", "其他", "Other", "其它"),
)  # fmt: skip
PURPOSES = Choices.of(
    ("main", "主营业务", "Main business", "主营业务支出", "经营支出"), ("property", "不动产", "Real estate", "购置不动产", "房地产"),
    ("equity", "股权", "Equity", "股权投资", "对外投资"), ("securities", "证券", "Securities", "证券投资", "理财", "股票"),
    ("lending", "借贷", "Lending", "对外借款", "出借", "贷款"), ("other", "其他", "Other", "其它"),
)  # fmt: skip
FINDINGS = Choices.of(
    ("confirmed", "已核实", "Confirmed", "属实", "核实"), ("suspected", "待核实", "Suspected", "疑似", "可疑", "核查中"),
    ("cleared", "已排除", "Cleared", "排除", "不属实", "正常"),
)  # fmt: skip
OUTLET_STATUS = Choices.of(
    ("营业", "营业", "Open", "正常营业", "在营"),
    ("歇业", "歇业", "Suspended", "停业", "暂停营业"),
    ("闭店", "闭店", "Closed", "关闭", "已闭店", "关店"),
)
OUTLET_ROLES = Choices.of(
    ("售卡", "售卡", "Sells cards", "发卡"),
    ("兑付", "兑付", "Redeems", "用卡"),
    ("两者", "两者", "Both", "售卡和兑付", "均可", "售卡、兑付"),
)


def issuer(*, key: bool = True):
    return credit_code(key=key, refers_to="ppc_issuer", aliases=("发卡企业统一社会信用代码",))


def filing_no(*, key: bool = False):
    return column(
        "备案编号", "Filing number", key=key, pattern=r"\d{6}[A-Z]{3}\d{4}", aliases=("备案号", "备案证编号", "发卡备案编号"),
        example="650100AAC0024", help=("6位行政区划代码＋3个大写字母＋4位数字", "6-digit division code, 3 capital letters, 4 digits"),
    )  # fmt: skip
