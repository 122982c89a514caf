"""Texts of what changed: since a month ended, and by the reform."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

TEXTS = {
    "trends.since": ("较{month}末 {change}", "{change} since end of {month}"),
    "trends.reform": ("改革成效", "What the reform has come to"),
    "trends.this_year": ("{year}年以来", "{year} so far"),
    **{f"trends.month_{n}": (f"{n}月", name) for n, name in enumerate(_MONTHS, 1)},
}
