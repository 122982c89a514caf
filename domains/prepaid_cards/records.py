"""What the departments report about single-use commercial prepaid cards (domain-rules A.1.3 and A.1.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pilotwatch.domain import Choices, Division, Latitude, Longitude, Month, Quarter, Record, Spec, Street, Uscc, column
from pilotwatch.records import (
    ARREARS,
    address,
    credit_class,
    credit_code,
    division,
    latitude,
    longitude,
    risk_level,
    street,
    subject_name,
)

# --- enumerations ------------------------------------------------------------------------------------------------

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

# --- columns that several records have ---------------------------------------------------------------------------


def issuer(*, key: bool = True):
    return credit_code(key=key, refers_to="ppc_issuer", aliases=("发卡企业统一社会信用代码",))


def filing_no(*, key: bool = False):
    return column(
        "备案编号", "Filing number", key=key, pattern=r"\d{6}[A-Z]{3}\d{4}", aliases=("备案号", "备案证编号", "发卡备案编号"),
        example="650100AAC0024", help=("6位行政区划代码＋3个大写字母＋4位数字", "6-digit division code, 3 capital letters, 4 digits"),
    )  # fmt: skip


# --- the issuer and what belongs to it ---------------------------------------------------------------------------


class Issuer(Record):
    """发卡企业: a company that sells prepaid cards."""

    spec = Spec(
        "ppc_issuer", zh="预付卡发卡企业备案名单", en="Card issuers", subject="uscc", kind="subject", name="name",
        words=("发卡企业", "备案名单", "单用途商业预付卡", "预付卡企业", "发卡企业名录"),
    )  # fmt: skip

    name: str = subject_name(aliases=("发卡企业名称", "发卡企业"))
    uscc: Uscc = credit_code(key=True)
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address()
    issuer_type: str = column(
        "发卡企业类型", "Type", choices=ISSUER_TYPES, aliases=("企业类型", "发卡类型", "类型", "发卡企业类别")
    )
    industry: str | None = column("行业", "Industry", choices=INDUSTRIES, aliases=("所属行业", "行业类别", "行业分类"))
    registered_capital: Decimal | None = column(
        "注册资本", "Registered capital", unit="yuan", ge=0, history=True, aliases=("注册资金", "注册资本金")
    )
    prior_fy_main_revenue: Decimal | None = column(
        "上一会计年度主营业务收入", "Main revenue of the year before", unit="yuan", ge=0, history=True,
        aliases=("主营业务收入", "上年度主营业务收入", "上年主营业务收入", "上一年度主营业务收入", "主营业务收入（上一会计年度）"),
    )  # fmt: skip
    established_on: date | None = column("成立日期", "Established on", aliases=("成立时间", "注册日期", "登记日期"))
    first_sale_on: date | None = column(
        "首次售卡日期", "First sale on", aliases=("首次发卡日期", "首次售卡时间", "发卡起始日期")
    )
    filing_no: str | None = filing_no()
    filing_authority: str | None = column("备案机关", "Filed with", aliases=("备案部门", "备案单位", "备案受理机关"))
    filed_on: date | None = column("备案日期", "Filed on", not_before="established_on", aliases=("备案时间",))
    outlets: int | None = column(
        "门店数", "Outlets", ge=0, none_is_zero=True, aliases=("门店数量", "门店总数", "网点数", "经营网点数")
    )
    outlets_closed_90d: int | None = column(
        "近90日闭店数",
        "Outlets closed in 90 days",
        ge=0,
        none_is_zero=True,
        aliases=("已闭店数", "近三个月闭店数", "闭店数"),
    )
    reg_status: str | None = column(
        "登记状态", "Registration", choices=REG_STATUS, aliases=("经营状态", "企业状态", "市场主体状态", "登记注册状态")
    )
    prepaid_balance_qe: Decimal | None = column(
        "上季末预收资金余额",
        "Prepaid balance at quarter end",
        unit="yuan",
        ge=0,
        history=True,
        aliases=("预收资金余额", "上季度末预收资金余额"),
    )
    custody_bank: str | None = column("存管银行", "Custody bank", aliases=("资金存管银行", "存管行", "开户银行"))
    custody_account_masked: str | None = column(
        "存管账户", "Custody account", mask="account", aliases=("存管账号", "资金存管账户")
    )
    custody_balance: Decimal | None = column(
        "存管余额", "Custody balance", unit="yuan", ge=0, history=True, aliases=("存管资金余额", "存管账户余额")
    )
    guarantee_type: str | None = column(
        "履约保证方式", "Guarantee", choices=GUARANTEES, aliases=("担保方式", "保证方式", "保险/保函类型")
    )
    guarantee_amount: Decimal | None = column(
        "履约保证金额",
        "Guarantee amount",
        unit="yuan",
        ge=0,
        aliases=("保证保险金额", "保函金额", "担保金额", "保险/保函金额"),
    )
    guarantee_until: date | None = column(
        "履约保证有效期至", "Guarantee until", aliases=("保险有效期至", "保函有效期至", "保险/保函有效期至")
    )
    active_cards_named: int | None = column(
        "在用记名卡张数", "Active named cards", ge=0, none_is_zero=True, aliases=("在用卡张数（记名）", "在用记名卡")
    )
    active_cards_anon: int | None = column(
        "在用不记名卡张数",
        "Active anonymous cards",
        ge=0,
        none_is_zero=True,
        aliases=("在用卡张数（不记名）", "在用不记名卡"),
    )
    arrears_flags: list[str] | None = column(
        "欠款情况", "Arrears", choices=ARREARS, aliases=("欠薪/欠租/欠税/欠社保/被执行", "欠款信号", "欠款类型")
    )
    contract_ok_ratio: float | None = column(
        "书面合同抽查合格率",
        "Contracts found complete",
        unit="%",
        ge=0,
        le=100,
        aliases=("合同抽查合格率", "合同合格率"),
    )
    credit_class: str | None = credit_class()
    risk_level: str | None = risk_level()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


class CardProduct(Record):
    """卡产品: one kind of card of an issuer."""

    spec = Spec(
        "ppc_card_product", zh="预付卡产品", en="Card products", subject="uscc", words=("卡产品", "预付卡产品", "卡种")
    )

    uscc: Uscc = issuer()
    product_name: str = column("卡产品名称", "Product", key=True, aliases=("卡名称", "产品名称", "卡种名称"))
    card_kind: str = column(
        "记名类型", "Named or anonymous", key=True, choices=CARD_KINDS, aliases=("卡类型", "是否记名", "记名方式")
    )
    medium: str | None = column("载体", "Medium", choices=MEDIA, aliases=("卡介质", "卡片载体", "介质"))
    face_or_limit: Decimal | None = column(
        "面值或限额", "Face value or limit", unit="yuan", ge=0, aliases=("面值", "限额", "单卡限额", "面值/限额")
    )
    valid_months: int | None = column(
        "有效期月数", "Valid for", unit="month", ge=0, aliases=("有效期（月）", "有效期", "有效月数"),
        help=("空白表示不设有效期", "Empty: no expiry"),
    )  # fmt: skip
    discount_ratio: float | None = column(
        "折扣率",
        "Discount",
        ge=0,
        le=1,
        aliases=("折扣", "优惠折扣"),
        help=("实付÷面值，0–1", "Paid ÷ face value, 0–1"),
    )
    refund_rule: str | None = column("退卡规则", "Refunds", aliases=("退卡规定", "退款规则"))
    charter_shown: bool | None = column("章程公示", "Charter shown", aliases=("是否公示章程", "章程是否公示"))


class Outlet(Record):
    """门店: one place where cards are sold or used."""

    spec = Spec(
        "ppc_outlet",
        zh="预付卡门店",
        en="Outlets",
        subject="uscc",
        name="outlet_name",
        words=("门店名单", "门店台账", "门店信息", "网点"),
    )

    uscc: Uscc = issuer()
    outlet_name: str = column("门店名称", "Outlet", key=True, aliases=("网点名称", "店铺名称", "分店名称"))
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address("门店地址", aliases=("地址", "网点地址"))
    outlet_status: str | None = column(
        "门店状态", "State", choices=OUTLET_STATUS, aliases=("营业状态", "状态", "经营状态")
    )
    outlet_role: str | None = column("门店角色", "Role", choices=OUTLET_ROLES, aliases=("角色", "门店功能", "业务类型"))
    closed_on: date | None = column("闭店日期", "Closed on", aliases=("闭店时间", "关店日期", "停业日期"))
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


# --- reports and balances ----------------------------------------------------------------------------------------


class Filing(Record):
    """备案/变更/注销: one act in the filing of an issuer."""

    spec = Spec(
        "ppc_filing",
        zh="预付卡备案变更注销",
        en="Filings",
        subject="uscc",
        day="filed_on",
        words=("备案变更", "备案登记", "备案注销", "备案办理"),
    )

    filing_no: str = filing_no(key=True)
    uscc: Uscc = issuer(key=False)
    kind: str = column("备案事项", "Kind", key=True, choices=FILINGS, aliases=("办理事项", "备案类型", "业务类型"))
    filed_on: date = column("办理日期", "On", key=True, aliases=("备案日期", "办结日期", "变更日期"))
    authority: str | None = column("备案机关", "Filed with", aliases=("备案部门", "办理机关"))


class QuarterReport(Record):
    """季度业务报告: an issuer's report of one quarter."""

    spec = Spec(
        "ppc_quarter_report", zh="预付卡季度业务报告", en="Quarterly reports", subject="uscc", day="quarter", name="name",
        words=("季度业务报告", "季度报告", "季报", "业务情况季度"),
    )  # fmt: skip

    name: str | None = subject_name(aliases=("发卡企业名称", "发卡企业", "填报企业"))
    uscc: Uscc = issuer()
    quarter: Quarter = column(
        "报告期",
        "Quarter",
        key=True,
        aliases=("季度", "报告季度", "所属季度", "所属期", "报告期间"),
        example="2025年第三季度",
    )
    issued_amt: Decimal | None = column(
        "本期发卡金额",
        "Issued",
        unit="yuan",
        ge=0,
        history=True,
        aliases=("发卡金额", "售卡金额", "本季发卡金额", "本期售卡金额"),
    )
    redeemed_amt: Decimal | None = column(
        "本期兑付金额",
        "Redeemed",
        unit="yuan",
        ge=0,
        history=True,
        aliases=("兑付金额", "消费金额", "本季兑付金额", "本期兑付额"),
    )
    refunded_amt: Decimal | None = column(
        "本期退卡金额", "Refunded", unit="yuan", ge=0, history=True, aliases=("退卡金额", "本季退卡金额", "退款金额")
    )
    balance_end: Decimal = column(
        "期末预收资金余额",
        "Balance at the end",
        unit="yuan",
        ge=0,
        history=True,
        aliases=("预收资金余额", "期末余额", "季末预收资金余额", "期末预收余额"),
    )
    cards_named: int | None = column(
        "记名卡张数", "Named cards", ge=0, none_is_zero=True, aliases=("记名卡数量", "记名卡（张）", "在用记名卡张数")
    )
    cards_anon: int | None = column(
        "不记名卡张数",
        "Anonymous cards",
        ge=0,
        none_is_zero=True,
        aliases=("不记名卡数量", "不记名卡（张）", "在用不记名卡张数"),
    )
    submitted_on: date | None = column(
        "报送日期", "Submitted on", aliases=("上报日期", "报送时间", "提交日期", "填报日期")
    )


class CustodySnapshot(Record):
    """存管余额快照: what stood on a custody account on a day."""

    spec = Spec(
        "ppc_custody_snapshot",
        zh="存管余额快照",
        en="Custody balances",
        subject="uscc",
        day="snap_on",
        words=("存管余额", "资金存管", "存管资金"),
    )

    uscc: Uscc = issuer()
    snap_on: date = column("日期", "On", key=True, aliases=("快照日期", "余额日期", "统计日期", "截止日期"))
    bank: str | None = column("存管银行", "Bank", key=True, aliases=("银行", "存管行"))
    balance: Decimal = column(
        "存管余额", "Balance", unit="yuan", ge=0, history=True, aliases=("余额", "账户余额", "存管资金余额")
    )
    required: Decimal | None = column("应存管金额", "Required", unit="yuan", ge=0, aliases=("应存金额", "应存管资金"))


class Guarantee(Record):
    """保险/保函: insurance or a bank guarantee that stands for custody money."""

    spec = Spec(
        "ppc_guarantee",
        zh="履约保险与保函",
        en="Guarantees",
        subject="uscc",
        day="valid_from",
        words=("保证保险", "保函", "履约保证"),
    )

    uscc: Uscc = issuer()
    kind: str = column("保证类型", "Kind", key=True, choices=GUARANTEES, aliases=("类型", "保险/保函", "担保类型"))
    amount: Decimal = column(
        "保证金额", "Amount", unit="yuan", ge=0, history=True, aliases=("保险金额", "保函金额", "金额", "保额")
    )
    valid_from: date = column("有效期起", "From", key=True, aliases=("生效日期", "起始日期", "保险起期"))
    valid_until: date = column(
        "有效期至", "Until", not_before="valid_from", aliases=("到期日期", "终止日期", "保险止期", "有效期止")
    )
    issuer: str | None = column("出具机构", "Issued by", aliases=("保险公司", "银行", "承保机构", "出具单位"))


class MonthlyFlow(Record):
    """月度发卡兑付: money in and out of an issuer's cards in a month."""

    spec = Spec(
        "ppc_monthly_flow",
        zh="月度发卡兑付",
        en="Monthly flows",
        subject="uscc",
        day="month",
        words=("月度发卡", "发卡兑付", "月报", "月度业务"),
    )

    uscc: Uscc = issuer()
    month: Month = column("月份", "Month", key=True, aliases=("报告月份", "所属月份", "统计月份"))
    issuance: Decimal | None = column(
        "发卡金额", "Issued", unit="yuan", ge=0, history=True, aliases=("本月发卡金额", "售卡金额")
    )
    redemption: Decimal | None = column(
        "兑付金额", "Redeemed", unit="yuan", ge=0, history=True, aliases=("本月兑付金额", "消费金额")
    )
    refund_requested: Decimal | None = column(
        "申请退卡金额", "Refunds asked", unit="yuan", ge=0, aliases=("退卡申请金额", "申请退款金额")
    )
    refund_paid: Decimal | None = column(
        "已退金额", "Refunds paid", unit="yuan", ge=0, aliases=("退卡金额", "已退款金额", "实退金额")
    )


RECORDS = (
    Issuer, CardProduct, Outlet, Filing, QuarterReport, CustodySnapshot, Guarantee, MonthlyFlow,
)  # fmt: skip
