"""The enumerations of refined oil and the columns that several of its records have."""

from __future__ import annotations

from pilotwatch.domain import Choices, column
from pilotwatch.records import credit_code

BRANDS = Choices.of(
    ("中石油", "中石油", "CNPC", "中国石油", "中国石油天然气", "PetroChina", "昆仑"),
    ("中石化", "中石化", "Sinopec", "中国石化", "中国石油化工", "SINOPEC"),
    ("中海油", "中海油", "CNOOC", "中国海油", "中国海洋石油"),
    ("其他国有", "其他国有", "Other state-owned", "其他国企", "地方国有", "地方国企"),
    ("民营", "民营", "Private", "民营企业", "私营", "社会加油站"),
    ("外资", "外资", "Foreign", "外资企业", "合资", "中外合资"),
)
OPERATION = Choices.of(
    ("自营", "自营", "Own", "直营", "自有自营"), ("租赁", "租赁", "Leased", "租赁经营", "承租"),
    ("特许", "特许", "Franchise", "特许经营", "加盟"), ("委托", "委托", "Entrusted", "委托经营", "托管"),
)  # fmt: skip
CLASSES = Choices.of(
    ("一级", "一级", "Class 1", "一级站", "1级", "Ⅰ级", "I级"), ("二级", "二级", "Class 2", "二级站", "2级", "Ⅱ级", "II级"),
    ("三级", "三级", "Class 3", "三级站", "3级", "Ⅲ级", "III级"),
)  # fmt: skip
STATUS = Choices.of(
    ("营业", "营业", "Open", "正常营业", "在营", "经营中", "正常", "营业中"), ("歇业", "歇业", "Suspended", "暂停营业", "停业", "暂歇业"),
    ("停业整顿", "停业整顿", "Stopped to rectify", "责令停业", "整顿"), ("关闭", "关闭", "Closed", "已关闭", "关停", "注销"),
    ("未许可", "未许可", "Unlicensed", "无证", "无许可"),
)  # fmt: skip
PRODUCTS = Choices.of(
    ("92#", "92#汽油", "Petrol 92", "92号", "92号汽油", "92", "92#车用汽油"),
    ("95#", "95#汽油", "Petrol 95", "95号", "95号汽油", "95", "95#车用汽油"),
    ("98#", "98#汽油", "Petrol 98", "98号", "98号汽油", "98", "98#车用汽油"),
    ("0#", "0#柴油", "Diesel 0", "0号", "0号柴油", "0", "0#车用柴油"),
    ("-10#", "-10#柴油", "Diesel −10", "-10号", "-10号柴油", "负10号", "负10号柴油", "负10#", "−10#", "－10#", "-10", "-10#车用柴油"),
    ("-20#", "-20#柴油", "Diesel −20", "-20号", "-20号柴油", "负20号", "负20号柴油", "负20#", "−20#", "－20#", "-20", "-20#车用柴油"),
    ("-35#", "-35#柴油", "Diesel −35", "-35号", "-35号柴油", "负35号", "负35号柴油", "负35#", "−35#", "－35#", "-35", "-35#车用柴油"),
)  # fmt: skip
VERDICTS = Choices.of(
    ("合格", "合格", "Passed", "检定合格", "符合"), ("不合格", "不合格", "Failed", "检定不合格", "不符合")
)
FILING = Choices.of(
    ("已备案", "已备案", "Filed", "备案"), ("变更逾期", "变更逾期", "Change overdue", "逾期未变更"), ("未备案", "未备案", "Not filed", "无备案"),
)  # fmt: skip
VAPOR_STATES = Choices.of(("正常", "正常", "Normal"), ("预警", "预警", "Warning"), ("报警", "报警", "Alarm"))
UNLICENSED = Choices.of(
    ("流动加油车", "流动加油车", "Vehicle", "流动车", "改装车", "黑加油车"), ("固定点", "固定点", "Place", "黑加油站", "固定加油点"),
    ("内设点对外销售", "内设点对外销售", "Internal point that sells", "内设加油点", "自用点外售"), ("其他", "其他", "Other"),
)  # fmt: skip
POINT_VERDICTS = Choices.of(
    ("待核实", "待核实", "Not verified yet", "核实中", "待核查"), ("属实", "属实", "Confirmed", "核实属实"),
    ("不属实", "不属实", "Not so", "查无实据"),
)  # fmt: skip
DIRECTIONS = Choices.of(("in", "进项", "In", "进项发票", "购进"), ("out", "销项", "Out", "销项发票", "销售"))


PRODUCT_WORDS = ("油品", "油品牌号", "牌号", "油品名称", "油品种类", "油号", "品号", "油品标号")
_TANK = r"(?:No\.?|第)?\s*0*([0-9]+|[A-Za-z][A-Za-z0-9-]*)\s*[号#＃]?\s*(?:油?罐)?"
NOZZLE_WORDS = ("加油枪号", "枪编号", "油枪号", "加油枪编号")


def station(*, key: bool = True):
    return credit_code(key=key, refers_to="oil_station", aliases=("加油站统一社会信用代码", "加油站代码"))


def tank_no():
    return column(
        "罐号", "Tank", key=True, pattern=_TANK, aliases=("油罐编号", "油罐号", "罐编号"), example="1号罐",
        help=("罐的编号，如 1、1号罐、A2；按编号本身保存", "The tank's number, as 1 or A2; the words around it are not stored"),
    )  # fmt: skip


def product(*, key: bool = False):
    return column("油品", "Product", key=key, choices=PRODUCTS, aliases=PRODUCT_WORDS[1:], example="92#")
