"""What the overview says is worked out from the figures: totals, order of the units, and the judgement in words."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from pilotwatch.domain import LEVELS, Text
from pilotwatch.figures import Concern, DomainLine, Overview
from ui import theme
from ui.summary import Summary, class_label, judgement, number

NAMES = {"A": "甲区", "B": "乙区", "": "未注明单位"}


def overview(*rows, city=None, concerns=()):
    """`rows`: domain, unit, red, orange, yellow, normal, nodata; `city`: (subjects, risky) of the whole city."""
    frame = pd.DataFrame(
        [
            {"domain": d, "report_unit": u, "division_code": u, "street_code": "", "red": r, "orange": o, "yellow": y,
             "blue": 0, "normal": n, "nodata": x, "subjects": r + o + y + n + x, "unlocated": 0}
            for d, u, r, o, y, n, x in rows
        ],
        columns=["domain", "report_unit", "division_code", "street_code", *LEVELS, "subjects", "unlocated"],
    )  # fmt: skip
    lines = []
    for name in dict.fromkeys(frame["domain"]):
        mine = frame[frame["domain"] == name]
        levels = {level: int(mine[level].sum()) for level in LEVELS}
        subjects, risky = city or (int(mine["subjects"].sum()), levels["red"] + levels["orange"])
        lines.append(DomainLine(name, Text(name, name), int(mine["subjects"].sum()), **levels, unlocated=0, city_subjects=subjects, city_risky=risky))  # fmt: skip
    return Overview(date(2026, 11, 23), tuple(lines), frame, tuple(concerns), 0, (), ())


def said(summary, where="全市"):
    return judgement(summary, where, NAMES.get).zh


def test_the_city_is_judged_in_two_sentences():
    summary = Summary.of(overview(("oil", "A", 1, 2, 0, 37, 0), ("oil", "B", 6, 0, 0, 54, 0)))
    assert (
        said(summary)
        == "全市 100 户监管对象中，一级红 7 户、二级橙 2 户，合计每百户 9.0 户。乙区最高，每百户 10.0 户。"
    )


def test_a_unit_is_held_against_the_city():
    figures = overview(("oil", "A", 1, 2, 0, 97, 0), city=(1000, 60))
    assert said(Summary.of(figures, unit="A"), "甲区").endswith("合计每百户 3.0 户。低于全市（6.0）。")


@pytest.mark.parametrize(("risky", "words"), [(62, "相当"), (90, "低于"), (30, "高于")])
def test_near_the_city_is_called_about_the_same(risky, words):
    figures = overview(("oil", "A", 6, 0, 0, 94, 0), city=(1000, risky))
    assert words in said(Summary.of(figures, unit="A"))


def test_nothing_at_risk_is_said_calmly():
    assert said(Summary.of(overview(("oil", "A", 0, 0, 3, 97, 0)))) == "全市 100 户监管对象中，没有一级红、二级橙。"


def test_what_cant_be_judged_is_never_called_fine():
    summary = Summary.of(overview(("oil", "A", 0, 0, 0, 0, 5)))
    assert "数据不足，暂不能判定" in said(summary)
    assert summary.units["rate"].isna().all()


def test_no_subject_at_all_is_said_so():
    assert said(Summary.of(overview())) == "全市还没有监管对象。"


def test_a_handful_of_subjects_is_not_called_the_highest():
    summary = Summary.of(
        overview(("oil", "A", 3, 0, 0, 0, 0), ("oil", "B", 2, 0, 0, 98, 0), ("oil", "C", 1, 0, 0, 99, 0))
    )
    assert "乙区最高" in said(summary)


def test_units_stand_in_order_of_their_rate():
    summary = Summary.of(
        overview(("oil", "A", 1, 0, 0, 99, 0), ("oil", "B", 2, 0, 0, 48, 0), ("oil", "", 0, 0, 0, 0, 9))
    )
    assert summary.units["report_unit"].tolist() == ["B", "A", ""]


def concern(level, **where):
    return Concern("oil", "X", Text("问题", "Problem"), level, sum(where.values()), tuple(where.items()), "SWJ", Text("", ""), Text("", ""))  # fmt: skip


def test_an_indicator_is_one_line_with_its_red_and_its_orange():
    figures = overview(("oil", "A", 1, 0, 0, 9, 0), concerns=[concern("red", A=2, B=1), concern("orange", B=5)])
    (worry,) = Summary.of(figures).concerns
    assert (worry.red, worry.orange, worry.where, worry.concern.level) == (3, 5, (("B", 6), ("A", 2)), "red")


def test_in_a_unit_only_its_own_cases_count():
    figures = overview(("oil", "A", 1, 0, 0, 9, 0), concerns=[concern("red", B=1), concern("orange", A=5)])
    (worry,) = Summary.of(figures, unit="A").concerns
    assert (worry.red, worry.orange, worry.concern.level) == (0, 5, "orange")


def test_the_totals_of_a_choice_are_those_of_its_places():
    figures = overview(("oil", "A", 1, 0, 0, 9, 0), ("cards", "A", 2, 1, 0, 7, 0), ("cards", "B", 0, 0, 0, 5, 0))
    assert [Summary.of(figures, d, u).subjects for d, u in ((None, None), ("cards", None), (None, "A"), ("cards", "B"))] == [25, 15, 20, 5]  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "shown"), [(None, "—"), (0.0, "0.0"), (0.034, "0.034"), (0.96, "1.0"), (12.345, "12.3")]
)
def test_a_rate_is_shown_with_what_it_can_say(rate, shown):
    assert number(rate) == shown


def test_classes_are_half_open():
    first, second = theme.CLASSES[1:3]
    assert theme.fill_of(first, "light") == theme.FILL["light"][1]
    assert theme.fill_of(second - 1e-9, "light") == theme.FILL["light"][1]
    assert theme.fill_of(second, "light") == theme.FILL["light"][2]
    assert [class_label((0, 2, 40), i) for i in range(3)] == ["0–2", "2–40", "≥ 40"]


def test_every_class_has_a_fill_in_both_themes():
    assert {mode: len(fills) for mode, fills in theme.FILL.items()} == dict.fromkeys(
        ("light", "dark"), len(theme.CLASSES)
    )


def _light(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("level", theme.LEVEL)
def test_the_word_on_a_level_can_be_read(level):
    """Contrast of at least 4.5, as WCAG 2.1 asks of small text."""
    dark, light = sorted(_light(c) for c in theme.LEVEL[level])
    assert (light + 0.05) / (dark + 0.05) >= 4.5
