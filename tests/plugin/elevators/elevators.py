"""电梯安全: lifts and their yearly inspection."""

from datetime import date

from pilotwatch.domain import Basis, Division, Domain, Indicator, Levels, Record, Spec, Text, column
from pilotwatch.frames import days_to, subjects
from pilotwatch.records import division


class Elevator(Record):
    """电梯: one lift in use."""

    spec = Spec(
        "elevator", zh="电梯台账", en="Lifts", subject="device_no", kind="subject", name="place", words=("电梯",)
    )

    device_no: str = column("设备注册代码", "Device number", key=True, aliases=("注册代码", "设备代码"))
    place: str | None = column("使用地点", "Place", aliases=("安装地点",))
    division_code: Division | None = division()
    next_check_on: date | None = column("下次检验日期", "Next inspection on", aliases=("检验有效期至",))
    trapped: int | None = column("近一年困人次数", "Times people were trapped", ge=0, none_is_zero=True)


CHECK_DUE = Indicator(
    "LFT-01", "检验到期", "Inspection due", unit="天", per=Elevator, needs=(Elevator,), owner="SCJG",
    compute=lambda frames, on: days_to(subjects(frames, Elevator, "next_check_on")["next_check_on"], on),
    levels=Levels(red="< 0", orange="<= 7", yellow="<= 30"), basis=Basis("PRAC", "经验值"),
    formula=Text("距下次检验日期的天数", "Days to the next inspection"),
    first_action=Text("停止使用，报检", "Take it out of use and have it inspected"),
)  # fmt: skip
TRAPPED = Indicator(
    "LFT-02", "困人频次", "People trapped", unit="次", per=Elevator, needs=(Elevator,), owner="SCJG",
    compute=lambda frames, on: subjects(frames, Elevator, "trapped")["trapped"],
    levels=Levels(red=">= 5", orange=">= 3", yellow=">= 1"), basis=Basis("PRAC", "经验值"),
    formula=Text("近一年困人次数", "Times people were trapped within a year"),
    first_action=Text("约谈维保单位", "Interview the maintenance company"),
)  # fmt: skip

DOMAIN = Domain(
    "elevators", zh="电梯安全", en="Lifts", code="LFT", lead="SCJG", records=(Elevator,), indicators=(CHECK_DUE, TRAPPED),
    about=Text("在用电梯的检验与困人情况。", "Inspection of lifts in use, and how often they trapped people."),
)  # fmt: skip
