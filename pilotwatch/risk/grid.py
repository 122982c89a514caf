"""How often a subject may be visited, by credit class × risk class: published, so that everybody can check it (C.3)."""

from __future__ import annotations

from dataclasses import dataclass

from pilotwatch.domain import Basis, Text
from pilotwatch.risk.card import CLASSES


@dataclass(frozen=True)
class Frequency:
    """The share of a class's subjects drawn for a check in a year, and how many planned visits one may get at most."""

    ratio: float
    most_visits: int
    note: Text


#: By the worse of the two classes (PRAC; 国市监信发〔2022〕6号 asks that ratio and frequency follow the class).
BY_CLASS = {
    "A": Frequency(0.01, 1, Text("以非现场方式为主，无事不扰", "off-site first; left alone unless something is wrong")),
    "B": Frequency(0.03, 1, Text("按常规比例抽查", "drawn at the usual share")),
    "C": Frequency(0.10, 2, Text("提高抽查比例", "drawn more often")),
    "D": Frequency(0.30, 4, Text("列为重点，提高比例和频次", "key supervision, drawn most often")),
}
#: A high-risk site (petrol station, dangerous house in business), whatever its classes.
KEY_SITE = Frequency(1.0, 4, Text("高风险场所，每年全覆盖", "high-risk site: every one of them every year"))

BASIS = Basis("PRAC", "按信用风险分类确定抽查比例和频次（国市监信发〔2022〕6号），具体数值由市级专班办公室设定")


def frequency(credit_class: str, risk_class: str, *, key_site: bool = False) -> Frequency:
    """What a cell of the grid says; a subject without a credit class goes by its risk class alone."""
    return KEY_SITE if key_site else BY_CLASS[max(credit_class or "A", risk_class)]


def grid() -> list[tuple[str, str, Frequency]]:
    """All sixteen cells: credit class, risk class, frequency."""
    return [(c, r, frequency(c, r)) for c in CLASSES for r in CLASSES]
