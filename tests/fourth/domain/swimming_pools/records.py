"""A pool has a number of its own, no credit code; its water is measured in units that no other domain has."""

from datetime import date, datetime
from decimal import Decimal

from pilotwatch.domain import Choices, Division, Latitude, Longitude, Record, Spec, Street, Text, column
from pilotwatch.records import address, division, latitude, longitude, street

MG_L, NTU = Text("毫克/升", "mg/L"), Text("NTU", "NTU")
WHO = Choices.of(("self", "自检", "Own check", "自测"), ("official", "抽检", "Official sample", "监督抽检"))


class Pool(Record):
    """泳池: one public swimming pool."""

    spec = Spec("pool", zh="泳池名录", en="Pools", subject="pool_no", kind="subject", name="name", words=("泳池", "游泳场所"),
                ahead=("permit_until",))  # fmt: skip

    pool_no: str = column("泳池编号", "Pool number", key=True, pattern=r"YC-\d{4}", example="YC-0001",
                          help=("YC- 加4位数字", "YC- and four digits"))  # fmt: skip
    name: str = column("泳池名称", "Name", aliases=("场所名称",))
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()
    capacity: int | None = column("核定人数", "Bathers allowed", ge=0)
    permit_until: date | None = column("卫生许可有效期至", "Permit until")


class Reading(Record):
    """泳池水质: what one measurement found in the water of one pool."""

    spec = Spec(
        "pool_reading",
        zh="泳池水质检测",
        en="Water readings",
        subject="pool_no",
        day="measured_at",
        words=("水质", "余氯"),
    )

    pool_no: str = column("泳池编号", "Pool number", key=True, refers_to="pool")
    measured_at: datetime = column("检测时间", "Measured at", key=True, aliases=("采样时间",))
    who: str = column("检测方式", "Measured by", key=True, choices=WHO)
    chlorine: Decimal | None = column("游离性余氯", "Free chlorine", unit=MG_L, ge=0, aliases=("余氯",))
    turbidity: Decimal | None = column("浑浊度", "Turbidity", unit=NTU, ge=0, aliases=("浊度",))
    urea: Decimal | None = column("尿素", "Urea", unit=MG_L, ge=0)
