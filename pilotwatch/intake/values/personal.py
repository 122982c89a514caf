"""Personal data is masked at the door (domain-rules E.2): what is stored, shown and echoed is never the full value."""

from __future__ import annotations

import re

from pilotwatch.intake.values.cells import plain, tidy

_ID = re.compile(r"(?<!\d)[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
_COUNTRY = re.compile(r"(?<!\d)\+?86[- ]?(?=1[3-9]\d{9})")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}-?)\d{3,4}(\d{4})(?!\d)")
_SEPARATORS = re.compile(r"[、/;,\s]+")
_DOTS = re.compile(r"[·•・･.．‧∙]")
_LONG_NUMBER = re.compile(r"\d{11}")
_CODE = re.compile(r"[A-Za-z0-9#/().-]+")
_DOOR = re.compile(r"(\d+(?:-\d+)*(?:号楼|号院|号|栋|幢|单元|室|层)).*")


def mask(text: str, kind: str) -> str:
    """A value as it may be kept. Masking what is masked already changes nothing.

    >>> mask("阿卜杜拉·买买提", "name"), mask("13812341234", "phone"), mask("650102190001010016", "id")
    ('阿**·***', '138****1234', '6501**********0016')
    """
    return _MASKS[kind](text)


def mask_in_prose(text: str) -> str:
    """Hides ID and mobile numbers inside a sentence. A number that is the whole cell is a code and stays."""
    if not _LONG_NUMBER.search(text) or _CODE.fullmatch(text):
        return text
    return _MOBILE.sub(r"\1****\2", _ID.sub(lambda found: _id(found[0]), text))


def _name(text: str) -> str:
    return "、".join(_one_name(part) for part in _SEPARATORS.split(tidy(text)) if part)


def _one_name(name: str) -> str:
    name = _DOTS.sub("·", name)
    if "*" in name:
        return name
    first, dot, _ = name.partition("·")
    if dot:
        return f"{first[:1]}**·***"
    return first[:1] + "*" * min(max(len(first) - 1, 1), 2)


def _phone(text: str) -> str:
    return "、".join(_one_phone(part) for part in _SEPARATORS.split(_COUNTRY.sub("", plain(text))) if part)


def _one_phone(number: str) -> str:
    if "*" in number:
        return number
    masked = _LANDLINE.sub(r"\1***\2", _MOBILE.sub(r"\1****\2", number))
    return masked if masked != number else "*" * max(len(number) - 4, 3) + number[-4:] if len(number) > 4 else "***"


def _id(text: str) -> str:
    number = plain(text).replace(" ", "").upper()
    if "*" in number:
        return number
    return number[:4] + "*" * (len(number) - 8) + number[-4:] if len(number) > 8 else "***"


def _account(text: str) -> str:
    number = plain(text).replace(" ", "")
    return number if number.startswith("*") else "****" + number[-4:]


def _address(text: str) -> str:
    """To the street: the house number and what follows it is cut off."""
    return _DOOR.sub("***", tidy(text))


_MASKS = {"name": _name, "phone": _phone, "id": _id, "account": _account, "address": _address}

#: What an extra column's header says it holds; such columns are masked too, though no record declares them.
_HEADERS = (
    (re.compile(r"身份证|证件号"), "id"),
    (re.compile(r"电话|手机|联系方式"), "phone"),
    (re.compile(r"账号|账户|卡号"), "account"),
    (re.compile(r"姓名|法定代表人|法人代表|负责人|联系人|执法人员|干部|房主|户主|产权人|使用人|举报人|投诉人"), "name"),
)


def kind_of_header(header: str) -> str | None:
    """The kind of personal data that a header announces, or None."""
    return next((kind for pattern, kind in _HEADERS if pattern.search(header)), None)
