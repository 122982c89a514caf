"""The money: reports, custody balances, guarantees and flows of an issuer, single sales, refunds and payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domains.prepaid_cards.records.words import BUYERS, CARD_KINDS, FINDINGS, GUARANTEES, PAYMENTS, PURPOSES, issuer
from pilotwatch.domain import Choices, Month, Quarter, Record, Spec, Uscc, column
from pilotwatch.records import subject_name


class QuarterReport(Record):
    """季度业务报告: an issuer's report of one quarter."""

    spec = Spec(
        "ppc_quarter_report", zh="预付卡季度业务报告", en="Quarterly reports", subject="uscc", day="quarter", name="name",
        known="submitted_on", lag=21,
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
        ahead=("valid_until",),
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
        lag=10,
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


class CardPurchase(Record):
    """购卡登记: one purchase of cards, as the issuer's register of buyers has it."""

    spec = Spec(
        "ppc_purchase", zh="购卡登记", en="Card purchases", subject="uscc", day="sold_on",
        words=("购卡登记", "购卡记录", "购卡台账", "购卡抽查"),
    )  # fmt: skip

    uscc: Uscc = issuer()
    ref_no: str = column("购卡登记编号", "Entry number", key=True, aliases=("登记编号", "购卡单号", "销售单号"))
    sold_on: date = column("购卡日期", "Bought on", aliases=("售卡日期", "购卡时间", "销售日期"))
    card_kind: str = column(
        "记名类型", "Named or anonymous", choices=CARD_KINDS, aliases=("卡类型", "是否记名", "记名方式")
    )
    buyer: str | None = column("购卡人类型", "Buyer", choices=BUYERS, aliases=("购卡主体", "购买方类型", "单位或个人"))
    amount: Decimal = column(
        "一次性购卡金额", "Amount", unit="yuan", ge=0, aliases=("购卡金额", "购卡总额", "销售金额")
    )
    payment: str | None = column(
        "付款方式", "Paid by", choices=PAYMENTS, aliases=("支付方式", "结算方式", "购卡付款方式")
    )
    real_name: bool | None = column(
        "是否实名登记", "Buyer registered", aliases=("实名登记", "是否实名"),
        choices=Choices.of(("true", "已实名", "Registered", "实名"), ("false", "未实名", "Not registered", "非实名")),
    )  # fmt: skip


class RefundRequest(Record):
    """退卡申请: one request to take a card back, and what was paid of it."""

    spec = Spec(
        "ppc_refund", zh="退卡申请", en="Refund requests", subject="uscc", day="requested_on",
        later={"paid_on": ("paid_amount",)}, words=("退卡申请", "退卡登记", "退卡台账", "退费申请"),
    )  # fmt: skip

    uscc: Uscc = issuer()
    ref_no: str = column("退卡申请编号", "Request number", key=True, aliases=("申请编号", "退卡单号", "退费单号"))
    requested_on: date = column("申请日期", "Requested on", aliases=("退卡申请日期", "退卡日期", "申请时间"))
    amount: Decimal = column(
        "申请退卡金额", "Asked for", unit="yuan", ge=0, aliases=("退卡金额", "申请金额", "应退金额")
    )
    paid_amount: Decimal | None = column("已退金额", "Paid", unit="yuan", ge=0, aliases=("实退金额", "退款金额"))
    paid_on: date | None = column(
        "退款日期", "Paid on", not_before="requested_on", aliases=("实退日期", "办结日期", "退款时间")
    )


class FundOutflow(Record):
    """预收资金支出: one payment out of the account that holds or collects the prepaid money."""

    spec = Spec(
        "ppc_fund_outflow", zh="预收资金支出", en="Payments from prepaid money", subject="uscc", day="paid_on",
        words=("预收资金支出", "存管账户支出", "资金流出", "资金用途"),
    )  # fmt: skip

    uscc: Uscc = issuer()
    ref_no: str = column("支出流水号", "Payment number", key=True, aliases=("流水号", "交易流水号", "银行流水号"))
    paid_on: date = column("支出日期", "Paid on", aliases=("付款日期", "交易日期", "流出日期"))
    amount: Decimal = column("支出金额", "Amount", unit="yuan", ge=0, aliases=("付款金额", "交易金额", "流出金额"))
    purpose: str | None = column("资金用途", "Purpose", choices=PURPOSES, aliases=("用途", "支出用途", "用途分类"))
    finding: str | None = column("核实结果", "Finding", choices=FINDINGS, aliases=("核查结果", "核实情况", "认定结果"))
    bank: str | None = column("付款银行", "Bank", aliases=("存管银行", "开户银行", "银行"))
