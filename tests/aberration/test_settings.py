"""The settings in words, and within their limits."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from dataclasses import fields, replace

import pytest

from pilotwatch import aberration
from pilotwatch.aberration import SettingError, Settings, describe, false_alarms_a_year


def test_every_setting_has_words_in_both_languages_and_a_default_within_its_limits():
    told = describe(Settings())
    assert [t.name for t in told] == [f.name for f in fields(Settings) if f.name != "year_weeks"]
    for t in told:
        assert t.least <= t.value <= t.most
        for text in (t.title, t.about):
            assert re.search(r"[\u4e00-\u9fff]", text.zh) and text.en and "{" not in text.zh + text.en


def test_words_show_the_value_as_one_says_it():
    about = {t.name: t.about for t in describe(Settings(alpha_red=0.002, least_weeks=30))}
    assert "0.2%" in about["alpha_red"].zh and "不足 30 周" in about["least_weeks"].zh
    assert about["alpha_amber"].en.endswith("above the bound of 5% are amber.")


def test_a_value_outside_its_limits_is_refused_with_the_limits():
    with pytest.raises(SettingError) as refused:
        replace(Settings(), years=12)
    assert refused.value.text.zh == "“同期比较年数”为 12，应在 1 到 10 之间。请改正后再保存。"
    assert refused.value.text.en == "“Years compared” is 12; it must lie between 1 and 10. Correct it and save again."


def test_amber_can_not_be_stricter_than_red():
    with pytest.raises(SettingError, match="at least as large as red"):
        Settings(alpha_red=0.04, alpha_amber=0.02)


def test_false_alarms_by_design_are_series_times_weeks_times_alpha():
    """8 districts × 3 domains × 6 counts at 1 %: 144 × 52 × .01 = 74.88."""
    assert false_alarms_a_year(144, 0.01) == pytest.approx(74.88)


@pytest.mark.parametrize("module", [m.name for m in pkgutil.iter_modules(aberration.__path__)])
def test_the_worked_examples_hold(module):
    found = doctest.testmod(importlib.import_module(f"pilotwatch.aberration.{module}"))
    assert found.failed == 0
