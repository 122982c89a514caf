"""The unified social credit code, 统一社会信用代码 (GB 32100-2015): cleaning, repair and check digit, one or many."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from pilotwatch.domain import Column, Text
from pilotwatch.intake.values.cells import NONE, Around, Value, is_null, squeeze

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
LENGTH = 18
WEIGHTS = np.array([pow(3, i, 31) for i in range(LENGTH - 1)], dtype="int64")

_RANK = np.full(256, -1, dtype="int64")
for _i, _character in enumerate(ALPHABET):
    _RANK[ord(_character)] = _i

_REPAIRS = str.maketrans("OI", "01")
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d+")
_DIGITS_LOST = Text(
    "应为 18 位；Excel 已把它变成科学计数，原有数字已丢失，须把单元格设为文本后重新录入",
    "18 characters; the spreadsheet turned it into a number and lost digits: format the cell as text and enter it again",
)
_LETTERS = Text("由 18 位数字和大写字母（不含 I、O、S、V、Z）组成", "18 digits and capital letters (no I, O, S, V, Z)")


def check_character(code: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = int(_RANK[np.frombuffer(code[: LENGTH - 1].encode(), dtype="uint8")] @ WEIGHTS)
    return ALPHABET[(31 - total % 31) % 31]


def valid_codes(codes: pa.Array) -> np.ndarray:
    """Which of many clean texts are 18 characters of the alphabet with a right check character; no nulls."""
    lengths_right = np.asarray(pa.compute.equal(pa.compute.binary_length(codes), LENGTH))
    valid = np.zeros(len(codes), dtype=bool)
    chosen = codes.filter(pa.array(lengths_right)).cast(pa.binary(LENGTH))
    if not len(chosen):
        return valid
    start = chosen.offset * LENGTH
    ranks = _RANK[
        np.frombuffer(chosen.buffers()[1], dtype="uint8")[start : start + len(chosen) * LENGTH].reshape(-1, LENGTH)
    ]
    right = (31 - ranks[:, :-1] @ WEIGHTS % 31) % 31 == ranks[:, -1]
    valid[lengths_right] = right & (ranks >= 0).all(axis=1)
    return valid


def read_uscc(text: str, column: Column, around: Around) -> Value:
    """One code. Rules: `format`, `check_digit`; `repaired` where O or I stood for 0 or 1."""
    if is_null(text) or squeeze(text) == NONE:
        return Value()
    code = squeeze(text).upper()
    if fault := _fault(code):
        return Value(None, "format", fault)
    repaired = code.translate(_REPAIRS)
    wanted = check_character(repaired)
    if wanted != repaired[-1]:
        if code.isdigit() and code.endswith("000"):  # a spreadsheet keeps 15 digits of a number
            return Value(None, "format", _DIGITS_LOST)
        return Value(None, "check_digit", Text(
            f"末位校验码应为“{wanted}”（按前 17 位计算）", f"ending in {wanted} (the check character of the first 17)",
        ))  # fmt: skip
    if repaired != code:
        return Value(repaired, "repaired", Text(
            f"应为“{repaired}”，已把字母 O、I 更正为数字 0、1", f"{repaired}: the letters O and I were read as 0 and 1",
        ))  # fmt: skip
    return Value(code)


def _fault(code: str) -> Text | None:
    """What is wrong with a code's shape, or None."""
    if _EXPONENT.fullmatch(code):
        return _DIGITS_LOST
    if len(code) == 15 and code.isdigit():
        return Text("应为 18 位；现为 15 位旧工商注册号", "18 characters; this is an old 15-digit registration number")
    if len(code) != LENGTH:
        return Text(f"应为 18 位，现为 {len(code)} 位", f"18 characters, not {len(code)}")
    wrong = sorted({c for c in code.translate(_REPAIRS) if c not in ALPHABET})
    if wrong:
        return Text("应{letters}，现有“{wrong}”", "{letters}; found {wrong}").format(
            letters=_LETTERS, wrong=Text("、".join(wrong), ", ".join(wrong))
        )
    return None
