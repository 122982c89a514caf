"""What a row of `detect` says of itself: the verdict in one or two sentences, and the method with its numbers."""

from __future__ import annotations

from typing import Any

from pilotwatch.domain import Text

#: Verdict → its sentence. `{…}` are the columns of the row and the settings' numbers.
REASONS: dict[str, Text] = {
    "late": Text(
        "数据只报到 {until}，不足以判断 {week_from} 至 {week_to} 这一周。请先补报。",
        "Reported only up to {until}: not enough to judge {week_from} to {week_to}. Upload the missing days first.",
    ),
    "unknown": Text(
        "{week_from} 至 {week_to} 共 {observed:.0f} 件；在管对象数不明，是多是少无从判断。请先上报名册。",
        "{observed:.0f} from {week_from} to {week_to}; the number of subjects at risk is not known, so this can't be judged. "
        "Upload the register first.",
    ),
    "nothing": Text(
        "{week_from} 至 {week_to} 共 {observed:.0f} 件；此前没有可比的周，无从判断。",
        "{observed:.0f} from {week_from} to {week_to}; there is no earlier week to compare with.",
    ),
    "short": Text(
        "{week_from} 至 {week_to} 共 {observed:.0f} 件；积累 {weeks} 周，不足 {least_weeks} 周，不作统计预警。按全市水平推算应在 {limit_low:.0f}—{limit_high:.0f} 件之间。",
        "{observed:.0f} from {week_from} to {week_to}; {weeks} weeks of history are fewer than {least_weeks}, so no statistical "
        "alarm. At the city's rate it would be {limit_low:.0f} to {limit_high:.0f}.",
    ),
    "red": Text(
        "{week_from} 至 {week_to} 共 {observed:.0f} 件，预期 {expected:.1f} 件，超过上限 {bound:.0f} 件。",
        "{observed:.0f} from {week_from} to {week_to}, expected {expected:.1f}: more than the bound of {bound:.0f}.",
    ),
    "again": Text(
        "{week_from} 至 {week_to} 共 {observed:.0f} 件，预期 {expected:.1f} 件；已连续 {amber_weeks} 周偏高，尚未超过红色上限 {bound:.0f} 件。",
        "{observed:.0f} from {week_from} to {week_to}, expected {expected:.1f}: high for {amber_weeks} weeks in a row, not above "
        "the red bound of {bound:.0f}.",
    ),
    "one_of_many": Text(
        "{week_from} 至 {week_to} 共 {observed:.0f} 件，预期 {expected:.1f} 件，超过上限 {bound:.0f} 件；但同时比较的地方多，可能属偶然。",
        "{observed:.0f} from {week_from} to {week_to}, expected {expected:.1f}: more than the bound of {bound:.0f}, but among as "
        "many places as are compared this may be chance.",
    ),
    "among_others": Text(
        "{week_from} 至 {week_to} 共 {observed:.0f} 件，预期 {expected:.1f} 件，未超过上限 {bound:.0f} 件；但同一领域多处同时偏高，不像偶然。",
        "{observed:.0f} from {week_from} to {week_to}, expected {expected:.1f}: not more than the bound of {bound:.0f}, but "
        "several places of the domain are high at once, which is not likely to be chance.",
    ),
    "few": Text(
        "{week_from} 至 {week_to} 共 {observed:.0f} 件，预期 {expected:.1f} 件；近 4 周合计不足 {least_cases} 件，不作预警。按全市水平推算应在 {limit_low:.0f}—{limit_high:.0f} 件之间。",
        "{observed:.0f} from {week_from} to {week_to}, expected {expected:.1f}; fewer than {least_cases} in four weeks, so no "
        "alarm. At the city's rate it would be {limit_low:.0f} to {limit_high:.0f}.",
    ),
    "with_city": Text(
        "{week_from} 至 {week_to} 共 {observed:.0f} 件，预期 {expected:.1f} 件；全市同步上升，占全市比例（{share:.0%}）并不偏高，见全市一行。",
        "{observed:.0f} from {week_from} to {week_to}, expected {expected:.1f}; the whole city rises and the place's share "
        "({share:.0%}) is not unusual: see the city.",
    ),
    "usual": Text(
        "{week_from} 至 {week_to} 共 {observed:.0f} 件，预期 {expected:.1f} 件，在正常范围内（上限 {bound:.0f} 件）。",
        "{observed:.0f} from {week_from} to {week_to}, expected {expected:.1f}: within the usual (bound {bound:.0f}).",
    ),
}  # fmt: skip

CREEPING = Text(
    "本周未超限，但近 {cusum_weeks} 周持续略高于预期，属缓慢上升。",
    "Not above the bound this week, but a little above the expectation for long: a creeping rise within {cusum_weeks} weeks.",
)
HOLIDAY = Text("本周含节假日，比较时请留意。", "The week has holidays: compare with care.")

#: Tier → the method with its parameters.
METHODS: dict[str, Text] = {
    "none": Text("未判断", "Not judged"),
    "exact": Text(
        "按全市发生率的泊松精确范围（{alpha_red:.1%}）", "Exact Poisson limits at the city's rate ({alpha_red:.1%})"
    ),
    "pooled": Text(
        "全市合并准泊松模型（趋势＋季节，前 {weeks} 周，φ={phi:.2f}，α={alpha_red:.1%}，BH q={false_share:.0%}）",
        "Quasi-Poisson model of all places (trend and season, {weeks} weeks, φ={phi:.2f}, α={alpha_red:.1%}, BH q={false_share:.0%})",
    ),
    "farrington": Text(
        "Farrington flexible（前 {years} 年同期±{half_window} 周，φ={phi:.2f}，α={alpha_red:.1%}）",
        "Farrington flexible ({years} years, ±{half_window} weeks, φ={phi:.2f}, α={alpha_red:.1%})",
    ),
}  # fmt: skip


def reason(row: dict[str, Any]) -> Text:
    """The sentences of one row, given its columns and the settings' values by name."""
    parts = [REASONS[row["verdict"]]]
    if row["creeping"]:
        parts.append(CREEPING)
    if row["holiday"]:
        parts.append(HOLIDAY)
    return Text("".join(p.zh for p in parts), " ".join(p.en for p in parts)).format(**row)


def method(row: dict[str, Any]) -> Text:
    return METHODS[row["tier"]].format(**row)
