"""What may not stand in a text that every unit reads: who it was about, where exactly, and anything personal.

Names, codes and addresses of a case's subject are known and are found for sure; of what people write beside them, numbers
and addresses are found by their form. A person's name in free text can't be found for sure: it is told as `perhaps`, and
whoever publishes the text says that they looked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pilotwatch.domain import Text

Kind = Literal["personal", "named", "address", "perhaps"]

KINDS: dict[Kind, Text] = {
    "personal": Text("个人信息", "personal data"), "named": Text("监管对象名称或代码", "the subject's name or code"),
    "address": Text("详细地址", "an exact address"), "perhaps": Text("疑似个人姓名", "perhaps a person's name"),
}  # fmt: skip

_PERSONAL = (
    re.compile(r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"),  # a mobile
    re.compile(r"(?<!\d)[1-8]\d{5}(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]?(?!\d)"),  # an ID
    re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),  # a landline
    re.compile(r"(?<!\d)\d{16,19}(?!\d)"),  # a bank card
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·. ]?[A-HJ-NP-Z0-9]{5,6}"
    ),  # a plate
)
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
_ADDRESS = re.compile(r"(?:路|街|巷|道|村|里|小区|团|队|场)[^\s，。；、,;\d〔(（]{0,6}\d+(?:-\d+)?(?:号|栋|幢|单元|室)(?:[\w-]*(?:号|栋|幢|单元|室))?")  # fmt: skip
_SURNAME = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔汤"
_PERHAPS = (
    re.compile(rf"(?:法定代表人|法人代表|负责人|房主|户主|店主|业主|联系人|投诉人|举报人|诉求人|经办人)[:：为是]?([{_SURNAME}][一-龥]{{1,2}})(?=[，。、；：,;)）\s]|$)"),
    re.compile(rf"([{_SURNAME}][一-龥]{{0,2}})(?:先生|女士|某某)"),
)  # fmt: skip
_REGION = re.compile(r"^(?:新疆维吾尔自治区|新疆)?(?:乌鲁木齐市?)?")
_FORM = re.compile(r"(?:股份)?(?:有限责任公司|有限公司|公司|合作社|经营部|商行|个体工商户)(?:[（(].*[)）])?$")
_LEAST = 3  # letters of a name that is worth hiding: what is shorter would be found everywhere


@dataclass(frozen=True)
class Leak:
    """Something in a text that shouldn't be: its kind, the words, and in which section."""

    kind: Kind
    words: str
    section: str = ""


@dataclass(frozen=True)
class Hidden:
    """What is known of the subjects of a text's cases: (words to hide, what stands in their place, their kind), the longest
    first."""

    words: tuple[tuple[str, str, Kind], ...] = ()

    @classmethod
    def of(cls, names: Iterable[str], codes: Iterable[str], places: Iterable[str], instead: str, place: str) -> Hidden:
        """`instead` stands for names and codes, `place` for addresses."""
        found: dict[str, tuple[str, Kind]] = {}
        for text in names:
            for part in (text, _FORM.sub("", text), _FORM.sub("", _REGION.sub("", text))):
                if len(part) >= _LEAST + (part != text):
                    found.setdefault(part, (instead, "named"))
        found |= {code: (instead, "named") for code in codes if len(code) >= _LEAST}
        found |= {where: (place, "address") for where in places if len(where) >= _LEAST}
        return cls(tuple((w, *told) for w, told in sorted(found.items(), key=lambda f: (-len(f[0]), f[0]))))

    def masked(self, text: str) -> str:
        """The text with all of it hidden, and whatever has the form of personal data or an address."""
        for words, instead, _ in self.words:
            text = text.replace(words, instead)
        for pattern in _PERSONAL:
            text = pattern.sub("***", text)
        return _ADDRESS.sub("某处", _CODE.sub("***", text))

    def leaks(self, text: str, section: str = "") -> list[Leak]:
        """What in a text shows somebody, each once."""
        found: dict[str, Leak] = {}
        for words, _, kind in self.words:
            if words in text and not any(words in seen for seen in found):
                found[words] = Leak(kind, words, section)
        forms: list[tuple[Kind, re.Pattern[str]]] = [*(("personal", p) for p in _PERSONAL), ("named", _CODE), ("address", _ADDRESS)]  # fmt: skip
        for kind, pattern in forms:
            for match in pattern.finditer(text):
                if not any(match[0] in seen for seen in found):
                    found[match[0]] = Leak(kind, match[0], section)
        for pattern in _PERHAPS:
            for match in pattern.finditer(text):
                found.setdefault(match[1], Leak("perhaps", match[1], section))
        return list(found.values())
