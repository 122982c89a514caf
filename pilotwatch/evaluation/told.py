"""What came out, in one honest sentence for people who don't reckon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pilotwatch.domain import Text
from pilotwatch.evaluation.did import MONTHS
from pilotwatch.evaluation.verdict import Found

#: Why nothing can be said.
REASONS: dict[str, Text] = {
    "no_pilot": Text("没有设定试点单位或起始月份，无从比较。", "No pilot unit and no first month is set: there is nothing to compare."),
    "no_comparison": Text(
        "非试点单位不足两个，没有可比对象：只能看前后变化，不能说明是试点带来的。",
        "Fewer than two units are no pilot, so there is nothing to compare with: before and after can be shown, but not laid to the pilot.",
    ),
    "short_before": Text(
        f"试点开始前有数据的月份不足 {MONTHS} 个，无法判断。",
        f"Fewer than {MONTHS} months before the start are known of some unit: it can't be told.",
    ),
    "short_after": Text(
        f"试点开始后有数据的月份不足 {MONTHS} 个，无法判断。",
        f"Fewer than {MONTHS} months since the start are known of some unit: it can't be told.",
    ),
    "one_pilot": Text(
        "只有一个试点单位：无论差多少，都不能排除偶然。",
        "With one pilot unit chance can't be excluded, whatever the figure.",
    ),
    "few_ways": Text(
        "试点单位的可能组合太少：无论差多少，都不能排除偶然。",
        "There are too few ways in which the pilots could have been drawn: chance can't be excluded, whatever the figure.",
    ),
    "apart_before": Text(
        "试点开始前，试点与其他单位的走势已经不同，之后的差别不能归于试点。",
        "The pilots already moved apart from the others before the start: what came after can't be laid to the pilot.",
    ),
}  # fmt: skip

_VERDICTS = {
    "fell": Text("试点使其下降", "The pilot brought it down"),
    "rose": Text("试点使其上升", "The pilot raised it"),
    "no_evidence": Text("未见试点效果", "No effect of the pilot is seen"),
    "cant_tell": Text("无法判断", "It can't be told"),
}


@dataclass(frozen=True)
class Words:
    """What the outcome is called (“每百户检查户次”, “visits per 100 subjects”), how a value of it is written, and how a
    difference of two (a share's: in points, not in %)."""

    outcome: Text
    shown: Callable[[float], str]
    apart: Callable[[float], Text]


def headline(found: Found) -> Text:
    """The verdict in a few words."""
    return _VERDICTS[found.verdict]


def said(found: Found, words: Words) -> Text:
    """The finding in a sentence or two: both changes, their difference, and how often chance alone would do it."""
    if not np.isfinite(found.effect):
        return REASONS[found.reason or "no_pilot"]
    k, others = len(found.panel.pilots), len(found.panel.others)
    (mine_before, rest_before), (mine_after, rest_after) = found.before, found.after
    show, gap = words.shown, _signed(found.effect, words)
    zh = (
        f"{k} 个试点单位的{words.outcome.zh}由 {show(mine_before)} 变为 {show(mine_after)}，其他 {others} 个单位由 {show(rest_before)} 变为 "
        f"{show(rest_after)}，相差 {gap.zh}。试点单位共有 {found.ways} 种抽法，其中 {found.as_large} 种（含实际这一种）"
        "会出现这么大的差别"
    )
    en = (
        f"In the {k} pilot unit{'s' if k > 1 else ''}, {words.outcome.en} went from {show(mine_before)} to {show(mine_after)}; in the other "
        f"{others} from {show(rest_before)} to {show(rest_after)}; the difference is {gap.en}. Of the {found.ways} "
        f"ways the pilots could have been drawn, {found.as_large} (ours included) give a difference this large"
    )
    if found.verdict in ("fell", "rose"):
        zh, en = (
            f"{zh}，单凭偶然约每 {found.ways} 次出现 {found.as_large} 次。",
            f"{en}, so chance alone would do it in about {found.as_large} of {found.ways} cases.",
        )
    elif found.verdict == "no_evidence":
        zh, en = f"{zh}，不能排除偶然。", f"{en}: chance isn't excluded."
    else:
        why = REASONS[found.reason or "few_ways"]
        zh, en = f"{zh}。{why.zh}", f"{en}. {why.en}"
    return Text(zh, en)


def caveats(found: Found, words: Words) -> list[Text]:
    """What a reader has to know beside the sentence: the interval, single units, the course before."""
    told = []
    if found.bounds is not None:
        low, high = (_signed(b, words) if np.isfinite(b) else None for b in (found.bounds.low, found.bounds.high))
        percent = round(100 * found.bounds.confidence)
        if low is None or high is None:
            told.append(
                Text(
                    f"{percent}% 区间没有界限：数据不足以排除任何大小的效果。",
                    f"The {percent} % interval has no bound: the data exclude no effect, however large.",
                )
            )
        else:
            told.append(
                Text(
                    f"效果的 {percent}% 区间：{low.zh} 至 {high.zh}。",
                    f"{percent} % interval of the effect: {low.en} to {high.en}.",
                )
            )
    if np.isfinite(found.range[0]):
        low, high = (_signed(b, words) for b in found.range)
        told.append(
            Text(
                f"逐个去掉对照单位，相差在 {low.zh} 至 {high.zh} 之间。",
                f"With each comparison unit left out in turn the difference lies between {low.en} and {high.en}.",
            )
        )
    if np.isfinite(found.trend_p):
        of = f"{found.trend_p:.2f}"
        told.append(
            Text(
                f"开始前走势之差出现的机会：{of}（不大于 0.05 即视为原本就不同）。",
                f"The difference in course before the start comes about by chance at {of} (taken as apart at 0.05 or less).",
            )
        )
    return told


def _signed(value: float, words: Words) -> Text:
    sign, size = "+" if value > 0 else "−" if value < 0 else "±", words.apart(abs(value))
    return Text(sign + size.zh, sign + size.en)
