"""What the detection can be told, each number with its words, its limits and where its default comes from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from pilotwatch.domain import Text


class SettingError(ValueError):
    """A setting outside its limits; `text` says which, what was found and what is possible."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True)
class Described:
    """One setting for a reader: its name in code, title, value, limits and what it does."""

    name: str
    title: Text
    value: float
    least: float
    most: float
    about: Text


def _setting(default: Any, least: float, most: float, title: tuple[str, str], about: tuple[str, str]) -> Any:
    return field(default=default, metadata={"least": least, "most": most, "title": Text(*title), "about": Text(*about)})


@dataclass(frozen=True)
class Settings:
    """The settings of `detect`. Defaults: Noufaily et al. 2013, Salmon et al. 2016 and the measurements in
    docs/performance/aberration.md. Raises SettingError for a value outside its limits.
    """

    delay_days: int = _setting(
        0, 0, 60,
        ("上报延迟天数", "Reporting delay, days"),
        ("最近 {value} 天的数据可能还没有报齐，不参与判断。", "The newest {value} days may not be complete and are left out."),
    )  # fmt: skip
    least_weeks: int = _setting(
        26, 13, 104,
        ("最短积累周数", "Shortest history, weeks"),
        ("积累不足 {value} 周的，不作统计预警，显示为灰色，只列数量和按全市水平推算的正常范围。",
         "With less than {value} weeks of history there is no statistical alarm: grey, with the count and the limits that the city's rate would give."),
    )  # fmt: skip
    farrington_weeks: int = _setting(
        157, 107, 313,
        ("改用同期比较所需周数", "Weeks until seasons are compared"),
        ("积累满 {value} 周后，与往年同期比较（Farrington flexible）；在此之前用全市合并模型。",
         "From {value} weeks of history on, a week is compared with the same season of earlier years (Farrington flexible); before, one model of all places is used."),
    )  # fmt: skip
    years: int = _setting(
        5, 1, 10,
        ("同期比较年数", "Years compared"),
        ("最多与前 {value} 年的同期比较；积累不够时用已有的整年数。",
         "At most the last {value} years are compared; fewer if there are no more."),
    )  # fmt: skip
    half_window: int = _setting(
        3, 1, 6,
        ("同期前后周数", "Weeks around an anniversary"),
        ("同期指往年同一周及其前后各 {value} 周。", "The same season is the same week and {value} weeks before and after it."),
    )  # fmt: skip
    seasons: int = _setting(
        10, 2, 12,
        ("季节分段数", "Seasonal levels"),
        ("一年分为 {value} 段，各段有各自的水平。", "A year has {value} stretches, each with a level of its own."),
    )  # fmt: skip
    recent_farrington: int = _setting(
        26, 0, 40,
        ("同期比较不计的近期周数", "Newest weeks left out (seasons)"),
        ("同期比较时，最近 {value} 周不计入基线，以免正在发生的上升抬高标准。",
         "The newest {value} weeks are no part of the baseline, lest a rise in progress raise its own bound."),
    )  # fmt: skip
    recent_pooled: int = _setting(
        4, 0, 12,
        ("合并模型不计的近期周数", "Newest weeks left out (all places)"),
        ("全市合并模型中，最近 {value} 周不计入基线。", "In the model of all places the newest {value} weeks are no part of the baseline."),
    )  # fmt: skip
    pooled_weeks: int = _setting(
        156, 26, 313,
        ("合并模型最长基线周数", "Longest baseline of all places, weeks"),
        ("全市合并模型最多用最近 {value} 周。", "The model of all places looks back {value} weeks at most."),
    )  # fmt: skip
    own_rate_cases: int = _setting(
        5, 1, 50,
        ("单独估计所需件数", "Cases for a rate of its own"),
        ("基线内不足 {value} 件的街道（区县），共用一个发生率，不单独估计。",
         "Places with fewer than {value} cases in the baseline share one rate."),
    )  # fmt: skip
    reweight_above: float = _setting(
        2.58, 1.0, 5.0,
        ("异常周降权界限", "Bound of down-weighting"),
        ("基线中偏离超过 {value} 个标准差的周降低权重，以免过去的高峰掩盖新的高峰。",
         "Weeks of the baseline that lie more than {value} standard deviations high lose weight: past surges must not hide new ones."),
    )  # fmt: skip
    alpha_red: float = _setting(
        0.01, 0.0001, 0.05,
        ("红色界限", "Bound of red"),
        ("无异常时，每个序列每周误报红色的概率约为 {value:.1%}。", "If nothing happens, a series turns red with probability {value:.1%} a week."),
    )  # fmt: skip
    alpha_amber: float = _setting(
        0.05, 0.001, 0.2,
        ("黄色界限", "Bound of amber"),
        ("同期比较中，连续数周超过误报概率 {value:.0%} 的界限为黄色。", "Compared with the seasons, several weeks in a row above the bound of {value:.0%} are amber."),
    )  # fmt: skip
    amber_weeks: int = _setting(
        2, 1, 6,
        ("黄色所需连续周数", "Weeks in a row for amber"),
        ("连续 {value} 周超过黄色界限才提示。", "{value} weeks in a row must exceed the bound of amber."),
    )  # fmt: skip
    false_share: float = _setting(
        0.10, 0.01, 0.5,
        ("误报占比上限", "Share of false alarms"),
        ("同一领域同一周看很多处时，提示中误报所占比例预期不超过 {value:.0%}（Benjamini–Hochberg）。",
         "Of the alarms of one domain and week no more than {value:.0%} are expected to be chance (Benjamini–Hochberg)."),
    )  # fmt: skip
    least_cases: int = _setting(
        5, 1, 50,
        ("近期最少件数", "Least cases lately"),
        ("近 4 周合计不足 {value} 件的，不作统计预警，只列数量和正常范围。",
         "With fewer than {value} cases in four weeks there is no statistical alarm, only the count and its limits."),
    )  # fmt: skip
    alpha_share: float = _setting(
        0.05, 0.001, 0.2,
        ("占全市比例界限", "Bound of a place's share"),
        ("全市同步上升时，只有占全市比例也偏高（概率低于 {value:.0%}）的地方才单独提示。",
         "When the whole city rises, a place has an alarm of its own only if its share of the city is unusual too (p below {value:.0%})."),
    )  # fmt: skip
    shift: float = _setting(
        1.5, 1.1, 5.0,
        ("缓升倍数", "Creeping rise, factor"),
        ("缓慢上升指长期升到预期的 {value} 倍左右（NB-CUSUM）。", "A creeping rise is one to about {value} times the expectation (NB-CUSUM)."),
    )  # fmt: skip
    cusum_limit: float = _setting(
        4.0, 1.0, 20.0,
        ("缓升界限", "Bound of creeping"),
        ("累积证据超过 {value} 时提示缓升；数值越大越谨慎。", "A creeping rise is reported when its evidence adds up to more than {value}; more is more cautious."),
    )  # fmt: skip
    cusum_weeks: int = _setting(
        26, 4, 52,
        ("缓升观察周数", "Weeks watched for creeping"),
        ("缓升只看最近 {value} 周。", "Creeping rises are looked for in the last {value} weeks."),
    )  # fmt: skip
    holiday_days: int = _setting(
        3, 1, 7,
        ("节假日周天数", "Holidays that make a week one"),
        ("一周内节假日达 {value} 天的，不计入基线。", "A week with {value} holidays or more is no part of the baseline."),
    )  # fmt: skip
    year_weeks: float = 365.25 / 7  # a simulation may have a year of 52; nothing a user sets

    def __post_init__(self) -> None:
        for told in describe(self):
            if not told.least <= told.value <= told.most:
                raise SettingError(
                    _OUTSIDE.format(title=told.title, value=told.value, least=told.least, most=told.most)
                )
        if self.alpha_amber < self.alpha_red:
            raise SettingError(_AMBER_STRICTER.format(amber=self.alpha_amber, red=self.alpha_red))


_OUTSIDE = Text(
    "“{title}”为 {value}，应在 {least} 到 {most} 之间。请改正后再保存。",
    "“{title}” is {value}; it must lie between {least} and {most}. Correct it and save again.",
)
_AMBER_STRICTER = Text(
    "“黄色界限”（{amber}）比“红色界限”（{red}）更严。请使黄色界限不小于红色界限。",
    "“Bound of amber” ({amber}) is stricter than “Bound of red” ({red}). Make amber at least as large as red.",
)

LEAST_CASES_WEEKS = 4  # of `least_cases`, Farrington et al. 1996, §3.7: five cases in four weeks


def describe(settings: Settings) -> tuple[Described, ...]:
    """Every setting a user has, with its words, in the order of the class.

    >>> describe(Settings())[3].about("en")
    'At most the last 5 years are compared; fewer if there are no more.'
    """
    return tuple(
        Described(
            f.name, f.metadata["title"], value, f.metadata["least"], f.metadata["most"],
            f.metadata["about"].format(value=value),
        )
        for f in fields(settings)
        if f.metadata
        for value in (getattr(settings, f.name),)
    )  # fmt: skip


def false_alarms_a_year(series: int, alpha: float) -> float:
    """How many alarms a year chance alone gives by design, if `series` series are judged weekly at `alpha`.

    8 districts × 3 domains × 6 counts at 1 % are 75 a year: to be published beside the alarms.

    >>> round(false_alarms_a_year(8 * 3 * 6, 0.01))
    75
    """
    return 52 * series * alpha
