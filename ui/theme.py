"""The colours of both themes. Red, orange, yellow and blue are kept for the levels; everything else is calm.

Widgets take theirs from `.streamlit/config.toml`; what we draw ourselves takes these, as CSS variables and in figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pilotwatch.domain import Level

Mode = Literal["light", "dark"]

STYLE = Path(__file__).with_name("style.css")

#: Ground and ink of a solid level cell; ink is chosen for a contrast of at least 4.5.
LEVEL: dict[Level, tuple[str, str]] = {
    "red": ("#C8102E", "#FFFFFF"),
    "orange": ("#E87722", "#1F1300"),
    "yellow": ("#F2C300", "#231B00"),
    "blue": ("#1F6FB5", "#FFFFFF"),
    "normal": ("#4E6E61", "#FFFFFF"),
    "nodata": ("#B8BEC5", "#1C2733"),
}

COLOURS: dict[Mode, dict[str, str]] = {
    "light": {
        "ground": "#F5F6F8", "card": "#FFFFFF", "ink": "#1C2733", "soft": "#5B6875", "line": "#DFE3E9", "head": "#F0F2F5",
        "accent": "#1B5E8C", "accent-soft": "#E6EFF6", "normal": "#C9D6D0", "nodata": "#DDE1E6", "bad": "#B00D26",
        "bad-soft": "#FCECEE", "warn": "#8A5A00", "warn-soft": "#FFF6DB", "good": "#1F6B43", "good-soft": "#E8F2EC",
        "top": "#FFFFFF",
    },
    "dark": {
        "ground": "#0F161E", "card": "#18222D", "ink": "#E4EAF0", "soft": "#98A6B3", "line": "#2B3947", "head": "#1C2835",
        "accent": "#5BA7DB", "accent-soft": "#1D3345", "normal": "#3C5148", "nodata": "#3A4550", "bad": "#FF9AA2",
        "bad-soft": "#3A1A20", "warn": "#F0C766", "warn-soft": "#35290D", "good": "#7FD3A4", "good-soft": "#173326",
        "top": "#18222D",
    },
}  # fmt: skip

#: Bounds of the map's classes, subjects at risk per 100: each class from its bound (included) to the next (excluded).
#: They stay the same over all periods and scopes, so that two maps can be compared.
CLASSES: tuple[float, ...] = (0, 2, 4, 6, 7, 8, 10, 20, 40)
FILL: dict[Mode, tuple[str, ...]] = {
    "light": ("#F4F7F9", "#E1ECF3", "#CCDFEC", "#B2CFE2", "#8FB9D6", "#679EC4", "#4281AD", "#225F8C", "#0E3A5C"),
    "dark": ("#1A2732", "#1E3445", "#234459", "#295570", "#31688A", "#4180A7", "#5A9BC5", "#83B9DE", "#B6D8F0"),
}


def fill_of(rate: float, mode: Mode) -> str:
    """The fill of a rate per 100."""
    return FILL[mode][max(i for i, bound in enumerate(CLASSES) if rate >= bound)]


def variables(mode: Mode) -> str:
    """The colours as CSS variables."""
    levels = {f"{level}-{part}": c for level, pair in LEVEL.items() for part, c in zip(("bg", "fg"), pair, strict=True)}
    every = COLOURS[mode] | levels
    return ":root{" + "".join(f"--pw-{n}:{c};" for n, c in every.items()) + "}"
