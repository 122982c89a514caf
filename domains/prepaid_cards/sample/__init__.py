"""A synthetic city's card issuers: their filing, their money, their outlets, and the few that are about to run away.

Money is simulated by month: cards are sold with the seasons, redeemed at each issuer's own pace, and the prepaid
balance is what is left; quarterly reports and custody balances follow from it. Planted: `absconding` issuers (in their
last weeks they sell at a discount, refund late, close outlets, change hands, owe wages and rent, empty the custody
account and stop reporting), `custody_gap` issuers (custody and guarantees below the ratio of Order 9; some of them
lend the money out) and `unfiled`
ones (selling for more than 30 days without filing).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from domains.prepaid_cards.sample import around, dealings, issuers, money
from domains.prepaid_cards.sample.matters import FIELD, ITEMS, SCENE
from pilotwatch.sampling import City, Practice, supervise

_LATER = (
    "prepaid_balance_qe", "custody_balance", "guarantee_type", "guarantee_amount", "guarantee_until", "active_cards_named",
    "active_cards_anon", "contract_ok_ratio", "contracts_sampled", "arrears_flags", "risk_level", "credit_class",
)  # fmt: skip

PRACTICE = Practice(
    code="P", key="uscc", dataset="ppc_issuer",
    departments={"SWJ": 0.34, "SCJG": 0.34, "JYJ": 0.08, "TYJ": 0.07, "WLJ": 0.05, "WJW": 0.04, "XFJY": 0.05, "JRB": 0.03},
    matters=("预付卡备案", "资金存管", "书面合同", "章程公示", "消防设施", "价格公示", "证照有效性", "广告宣传"),
    problems=("未公示章程", "合同条款缺失", "未按规定存管资金", "未留存购卡实名信息", "超限额售卡", "消防通道堆放杂物", "退卡不及时"),
    visits=1.5, complaints=1.6,
    complaint_subjects=("门店关闭无法退款", "商家拒绝退卡", "卡内余额无法使用", "健身房更换经营者不认账", "培训机构停课不退费", "办卡承诺未兑现", "消费扣款不明", "转让门店后不予兑付"),
    over_inspected=10,
    scene=SCENE, field=FIELD, items=ITEMS, listed=0.7,
)  # fmt: skip


def sample(city: City) -> Mapping[str, pd.DataFrame]:
    """One part of the city: every dataset of the domain and the shared records about its issuers."""
    them = issuers.draw(city)
    flows, balances = money.simulate(city, them)
    custody, guarantees = money.custody(city, them, balances)
    outlets = around.outlets(city, them)
    signals = around.signals(city, them)
    them = issuers.as_of_today(city, them, balances, custody, guarantees, outlets, signals["arrears_event"])
    listed = them.drop(columns=["gone_on", "gap", "risk"])
    city.at_first("ppc_issuer", listed, _LATER, reg_status="存续", outlets_closed_90d=0)
    city.at_first("ppc_outlet", outlets, ["closed_on"], outlet_status="营业")
    subjects = them.assign(complaint_surge_on=them["gone_on"].to_numpy() - np.timedelta64(21, "D"))
    return {
        "ppc_issuer": listed,
        "ppc_outlet": outlets,
        "ppc_card_product": around.products(city, them),
        "ppc_filing": around.filings(them),
        "ppc_quarter_report": money.quarter_reports(city, them, flows, balances),
        "ppc_custody_snapshot": custody,
        "ppc_guarantee": guarantees,
        "ppc_monthly_flow": money.monthly_flows(city, them, flows),
        "ppc_purchase": dealings.purchases(city, them),
        "ppc_refund": dealings.refunds(city, them, balances),
        "ppc_fund_outflow": dealings.outflows(city, them, balances),
        **signals,
        **supervise(city, PRACTICE, subjects),
    }
