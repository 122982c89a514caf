"""The issuer and what belongs to it: its card products, outlets and filings (domain-rules A.1.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domains.prepaid_cards.records.words import (
    ARREARS_LISTED,
    CARD_KINDS,
    FILINGS,
    GUARANTEES,
    INDUSTRIES,
    ISSUER_TYPES,
    MEDIA,
    OUTLET_ROLES,
    OUTLET_STATUS,
    REG_STATUS,
    filing_no,
    issuer,
)
from pilotwatch.domain import Division, Latitude, Longitude, Record, Spec, Street, Uscc, column
from pilotwatch.records import (
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
    group_prior_fy_revenue: Decimal | None = column(
        "集团上一会计年度营业收入", "Revenue of the group the year before", unit="yuan", ge=0, history=True,
        aliases=("集团营业收入", "本集团营业收入", "集团上年度营业收入", "本集团上一会计年度营业收入"),
        help=("仅集团发卡企业填写", "Of group issuers only"),
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
    address_lost: bool | None = column(
        "住所失联", "Not found at its address", aliases=("是否失联", "地址失联", "通过登记的住所无法联系")
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
        "欠款情况", "Arrears", choices=ARREARS_LISTED, aliases=("欠薪/欠租/欠税/欠社保/被执行", "欠款信号", "欠款类型")
    )
    contract_ok_ratio: float | None = column(
        "书面合同抽查合格率",
        "Contracts found complete",
        unit="%",
        ge=0,
        le=100,
        aliases=("合同抽查合格率", "合同合格率"),
    )
    contracts_sampled: int | None = column(
        "书面合同抽查份数",
        "Contracts sampled",
        ge=0,
        none_is_zero=True,
        aliases=("合同抽查份数", "抽查合同份数", "抽查合同数"),
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
    active_cards: int | None = column(
        "在用卡张数", "Active cards", ge=0, none_is_zero=True, aliases=("在用张数", "在用卡数量", "卡张数", "发卡张数")
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
