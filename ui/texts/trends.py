"""Texts of what changed: since a month ended, and by the reform."""

TEXTS = {
    "trends.since": ("较{month}末 {change}", "{change} since end of {month}"),
    "trends.reform": ("改革成效", "What the reform has come to"),
    "trends.this_year": ("{year}年以来", "{year} so far"),
    "trends.months": (
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    ),
}
