"""The cards and how they are sold: limits, buyers, contracts, validity (PPC-03, 04, 11, 14)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.prepaid_cards.indicators.common import (
    ORDER_9,
    REGULATION,
    REGULATION_SINCE,
    in_quarter_to,
    is_bound,
    only_where,
    order_expired,
)
from domains.prepaid_cards.records import CardProduct, CardPurchase, Issuer
from pilotwatch.domain import Basis, Bound, Indicator, Input, Levels, Text, Version
from pilotwatch.frames import Frames, among, subjects, table
from pilotwatch.records import OrderToCorrect

STATE_COUNCIL_25 = "国办发〔2011〕25号"

#: The most that a card may be worth, in yuan (Order 9 art. 18).
LIMIT = {"named": 5_000, "anonymous": 1_000}

#: From which amount, in yuan, one purchase needs the buyer's name or a bank transfer (Order 9 art. 15, 16).
NAME_ANONYMOUS, TRANSFER_UNIT, TRANSFER_PERSON = 10_000, 5_000, 50_000

#: Months that an anonymous card must be valid at least; a named one must not expire (Order 9 art. 19).
ANONYMOUS_MONTHS = 36

_SAMPLE = 10  # contracts below which a share says nothing


def cards_over_limit(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-03: active cards of products worth more than the limit, and of those worth more than twice as much.

    A product whose number of cards isn't known counts as one card. NaN where no product is known, where one's value is
    unknown and no other is over the limit, and for issuers that Order 9 doesn't bind.
    """
    issuers = subjects(frames, Issuer, "issuer_type")
    rows = table(frames, CardProduct, "card_kind", "face_or_limit", "active_cards")
    limit = rows["card_kind"].map(LIMIT).astype("float64")
    cards, worth = rows["active_cards"].fillna(1), rows["face_or_limit"]
    parts = pd.DataFrame({
        "value": cards.where(worth > limit, 0),
        "over_double": cards.where(worth > 2 * limit, 0),
        "unknown": (worth.isna() | limit.isna()).astype("float64"),
    })  # fmt: skip
    found = parts.groupby(rows["subject_id"]).sum().reindex(issuers.index)
    stands = (found["value"] > 0) | (found["unknown"] == 0)
    return only_where(is_bound(issuers) & stands, found)


def purchase_violations(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-04: purchases of three months against the rules of names and payment ÷ those that the rules are about.

    A purchase of which it can't be told whether it keeps the rules counts in neither. NaN where there is none, and for
    issuers that Order 9 doesn't bind.
    """
    issuers = subjects(frames, Issuer, "issuer_type")
    rows = table(frames, CardPurchase, "sold_on", "card_kind", "buyer", "amount", "payment", "real_name")
    rows = rows[in_quarter_to(rows["sold_on"], on)]
    amount = rows["amount"]
    named = among(rows["card_kind"], ["named"]) | (amount >= NAME_ANONYMOUS)
    transferred = (among(rows["buyer"], ["unit"]) & (amount >= TRANSFER_UNIT)) | (amount >= TRANSFER_PERSON)
    broken = (named & ~rows["real_name"]) | (transferred & ~among(rows["payment"], ["transfer"]))
    counted = (named | transferred) & broken.notna()
    parts = pd.DataFrame({"violating": counted & broken, "purchases": counted}).fillna(False).astype("float64")
    found = parts.groupby(rows["subject_id"]).sum().reindex(issuers.index)
    found.insert(0, "value", found["violating"] / found["purchases"].where(found["purchases"] > 0))
    return only_where(is_bound(issuers) & (found["purchases"] > 0), found)


def complete_contracts(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-11: contracts with all compulsory items ÷ contracts sampled; NaN where fewer than ten were, or how many isn't known."""
    issuers = subjects(frames, Issuer, "contract_ok_ratio", "contracts_sampled")
    share, sampled = issuers["contract_ok_ratio"] / 100, issuers["contracts_sampled"]
    return pd.DataFrame({
        "value": share.where(sampled >= _SAMPLE),
        "complete": (share * sampled).round(),
        "sampled": sampled,
    })  # fmt: skip


def wrong_validity(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-14: anonymous products valid for less than 36 months, and named ones that expire at all.

    A product without months doesn't expire. NaN where no product is known, and for issuers that Order 9 doesn't bind.
    """
    issuers = subjects(frames, Issuer, "issuer_type")
    rows = table(frames, CardProduct, "card_kind", "valid_months")
    wrong = pd.DataFrame({
        "named": rows["card_kind"].eq("named") & rows["valid_months"].notna(),
        "anonymous": rows["card_kind"].eq("anonymous") & (rows["valid_months"] < ANONYMOUS_MONTHS),
    }).astype("float64")  # fmt: skip
    found = wrong.groupby(rows["subject_id"]).sum().reindex(issuers.index)
    found.insert(0, "value", found["named"] + found["anonymous"])
    found["order_expired"] = order_expired(frames, on, "有效期", issuers.index)
    return only_where(is_bound(issuers), found)


_FIRST_ACTION = Text(
    "停售相关卡产品，责令15日内改正并为持卡人换卡",
    "Stop the product, order to correct within 15 days and to replace the cards",
)

CARDS_OVER_LIMIT = Indicator(
    "PPC-03", "单卡超限额", "Cards over the limit",
    per=Issuer, needs=(Issuer, CardProduct), compute=cards_over_limit, unit="张",
    levels=Levels(red=">= 10 | over_double >= 1", orange=Bound("> 0", "LAW")),
    basis=Basis(
        "LAW", f"{ORDER_9}第十八条（条文号待核实）、{STATE_COUNCIL_25}（同一限额）；有超限额卡即违法，10张、2倍限额的分级为经验值；罚则第三十七条"
    ),
    owner="SWJ", first_within="15d", first_action=_FIRST_ACTION,
    formula=Text(
        "单张限额超过规定（记名5000元、不记名1000元）的卡产品在用卡张数之和；张数未报的按1张计",
        "Active cards of products above the limit (named 5,000 yuan, anonymous 1,000 yuan); a product whose number isn't reported counts as one",
    ),
    inputs=(Input("over_double", "其中超过限额2倍的张数", "Of these above twice the limit", "张"),),
)  # fmt: skip

PURCHASES = Indicator(
    "PPC-04", "实名、非现金购卡违规率", "Purchases against the rules of name and payment",
    per=Issuer, needs=(Issuer, CardPurchase), compute=purchase_violations, unit="%",
    levels=Levels(red=">= 5 % | violating >= 10", orange=Bound("> 0 %", "LAW")),
    basis=Basis(
        "LAW", f"{STATE_COUNCIL_25}；{ORDER_9}第十五条、第十六条（条文号待核实）；有违规即违法，5%、10笔的分级为经验值"
    ),
    owner="SWJ", first_within="15d", first_action=_FIRST_ACTION,
    formula=Text(
        "近三个月违规购卡笔数÷应实名或应转账的购卡笔数；记名卡及一次购不记名卡1万元以上应实名，单位一次5000元以上、个人一次5万元以上应银行转账",
        "Purchases of three months against the rules ÷ those the rules are about: named cards and anonymous cards for 10,000 yuan and more need the "
        "buyer's name; an organisation's for 5,000 and a person's for 50,000 and more a bank transfer",
    ),
    inputs=(
        Input("violating", "违规购卡笔数", "Purchases against the rules", "笔"),
        Input("purchases", "应实名或应转账笔数", "Purchases the rules are about", "笔"),
    ),
)  # fmt: skip

_CONTRACT_LEVELS = Levels(red="< 60 %", orange="< 80 %", yellow=Bound("< 100 %", "LAW"))
_CONTRACT_BASIS = Basis(
    "LAW", f"{REGULATION}第二十二条（书面合同）、第五十条第二款（罚则）；100%为法定，60%、80%为经验值"
)
CONTRACTS = Indicator(
    "PPC-11", "书面合同签订率", "Written contracts",
    per=Issuer, needs=(Issuer,), compute=complete_contracts, unit="%", levels=_CONTRACT_LEVELS, basis=_CONTRACT_BASIS,
    versions=(Version(_CONTRACT_LEVELS, _CONTRACT_BASIS, since=REGULATION_SINCE, name=REGULATION),),
    owner="SCJG", first_within="15wd",
    first_action=Text("核查并决定是否立案，责令改正，依法处罚", "Check and decide whether to open a case; order to correct, penalty"),
    formula=Text(
        "抽查合同中必备条款齐全的份数÷抽查份数（抽查不足10份的不评价）；2024年7月1日前无此规定",
        "Contracts with all compulsory items ÷ contracts sampled, ten at least; no such rule before 2024-07-01",
    ),
    inputs=(Input("complete", "条款齐全份数", "Complete contracts", "份"), Input("sampled", "抽查份数", "Contracts sampled", "份")),
)  # fmt: skip

CARD_VALIDITY = Indicator(
    "PPC-14", "卡有效期违规", "Validity of cards against the rules",
    per=Issuer, needs=(Issuer, CardProduct, OrderToCorrect), compute=wrong_validity, unit="种",
    levels=Levels(red=">= 1 & order_expired >= 1", orange=Bound(">= 1", "LAW")),
    basis=Basis("LAW", f"{STATE_COUNCIL_25}；{ORDER_9}第十九条（条文号待核实）：记名卡不得设有效期，不记名卡有效期不少于3年"),
    owner="SWJ", first_within="15d", first_action=_FIRST_ACTION,
    formula=Text(
        "设有效期的记名卡产品与有效期不足36个月的不记名卡产品数；责令改正到期未改的为红色",
        "Named products that expire and anonymous ones valid for less than 36 months; red once an order to correct has run out",
    ),
    inputs=(
        Input("named", "设有效期的记名卡产品", "Named products that expire", "种"),
        Input("anonymous", "有效期不足36个月的不记名卡产品", "Anonymous products under 36 months", "种"),
        Input("order_expired", "责令改正到期未改（1为是）", "An order to correct has run out (1: yes)"),
    ),
)  # fmt: skip
