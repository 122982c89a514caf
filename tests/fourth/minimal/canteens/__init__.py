"""学校食堂: one list and two indicators, and nothing else of what a domain may declare."""

from datetime import date

from pilotwatch.domain import Basis, Domain, Indicator, Levels, Record, Spec, Text, column
from pilotwatch.frames import days_to, subjects


class Canteen(Record):
    """食堂: one canteen, known by a number; the list doesn't say where it is."""

    spec = Spec("canteen", zh="食堂名录", en="Canteens", subject="canteen_no", kind="subject", words=("食堂",))

    canteen_no: str = column("食堂编号", "Canteen number", key=True)
    licence_until: date | None = column("许可有效期至", "Licence until")
    diners: int | None = column("就餐人数", "Diners", ge=0)


LICENCE = Indicator(
    "CTN-01", "许可到期", "Licence expires", unit="天", per=Canteen, needs=(Canteen,), owner="SCJG",
    compute=lambda frames, on: days_to(subjects(frames, Canteen, "licence_until")["licence_until"], on),
    levels=Levels(red="< 0", yellow="<= 30"), basis=Basis("PRAC", "经验值"),
    formula=Text("距到期的天数", "Days to its end"), first_action=Text("督促换证", "Have it renewed"),
)  # fmt: skip
DINERS = Indicator(
    "CTN-02", "就餐人数", "Diners", unit="人", per=Canteen, needs=(Canteen,), owner="JYJ",
    compute=lambda frames, on: subjects(frames, Canteen, "diners")["diners"], levels=Levels(yellow="> 1000"),
    basis=Basis("PRAC", "经验值"), formula=Text("就餐人数", "Diners"), first_action=Text("错峰就餐", "Stagger the meals"),
)  # fmt: skip
DOMAIN = Domain(
    "canteens", zh="学校食堂", en="School canteens", code="CTN", lead="SCJG", records=(Canteen,), indicators=(LICENCE, DINERS),
    about=Text("学校食堂的许可。", "Licences of school canteens."),
)  # fmt: skip
