"""The parts of 指标评分, in the order of the page: how good the indicators are, each one's line, one's back-test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pilotwatch import bounds, scorecard
from pilotwatch.scorecard import ENOUGH, Score
from ui import blocks, links
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen

ALL = "*"
_LEVELS = ("orange", "yellow", "red", "blue")  # at which a back-test is told in one number: the first that there is


@dataclass(frozen=True)
class Found:
    """The scores that are looked at, and the last back-tests by domain and code."""

    scores: list[Score]
    backtests: dict[tuple[str, str], dict[str, Any]]

    def backtest(self, score: Score) -> dict[str, Any] | None:
        return self.backtests.get((score.domain.name, score.indicator.code))


def choose(screen: Screen) -> tuple[str, str | None]:
    """Which view, and which domain (None: all of them)."""
    titles = {d.name: screen.pick(d.title) for d in screen.domains} | {ALL: screen.say("word.all_domains")}
    with st.container(key="choose", horizontal=True, vertical_alignment="center", gap="medium"):
        view = st.segmented_control(
            screen.say("scorecard.view"), ("indicators", "risk"), default="indicators", required=True, key="score-view",
            format_func=lambda v: screen.say(f"scorecard.view_{v}"), label_visibility="collapsed",
        )  # fmt: skip
        domain = st.segmented_control(
            screen.say("scorecard.domain"), [ALL, *(d.name for d in screen.domains)], default=ALL, required=True,
            key="score-domain", format_func=titles.get, label_visibility="collapsed", wrap=True,
        )  # fmt: skip
    return view, None if domain == ALL else domain


def load(screen: Screen, domain: str | None) -> Found:
    registry = bounds.in_force(screen.desk, screen.house.registry)
    scores = scorecard.scores_of(screen.desk, registry, screen.house.calendar())
    mine = [s for s in scores if domain in (None, s.domain.name)]
    kept = scorecard.backtests(screen.desk)
    return Found(mine, {key: found for key, found in kept.items() if domain in (None, key[0])})


# --- show ----------------------------------------------------------------------------------------------------------


def judge(screen: Screen, found: Found) -> None:
    """How many warnings there are to judge by, and what the last back-test says, in two sentences."""
    if not found.scores:
        st.html(blocks.empty(screen.say("scorecard.empty"), screen.say("scorecard.empty_body")))
        return
    said = screen.say(
        "scorecard.judge", n=len(found.scores), open=f"{sum(s.open for s in found.scores):,}",
        closed=f"{sum(s.closed for s in found.scores):,}", judged=sum(s.precision.enough for s in found.scores),
    )  # fmt: skip
    tested = [b for s in found.scores if (b := found.backtest(s))]
    if tested:
        second = screen.say(
            "scorecard.judge_backtest", on=f"{max(b['on'] for b in tested)}", beats=sum(map(_beats_chance, tested)),
            proposed=sum(_moves(t) for b in tested for t in b["tradeoffs"]),
        )  # fmt: skip
    else:
        second = screen.say("scorecard.no_backtest")
    st.html(join([tag("p", said, cls="pw-judge"), blocks.note(second)]))


def table(screen: Screen, found: Found) -> None:
    """A line for each indicator."""
    if not found.scores:
        return
    names = ("indicator", "open", "closed", "precision", "lead", "unacted", "fatigue", "backtest")
    with st.container(key="card-scores"):
        note = screen.say("scorecard.table_note", enough=ENOUGH)
        rows = [_line(screen, s, found.backtest(s)) for s in found.scores]
        head = [screen.say(f"scorecard.{n}") for n in names]
        st.html(
            join(
                [
                    blocks.heading(screen.say("scorecard.table")), blocks.note(note),
                    html_table(head, rows, numeric=(1, 4, 5, 6), cls="pw-stack pw-scores", alt=screen.say("scorecard.table")),
                ]
            )
        )  # fmt: skip


def _line(screen: Screen, score: Score, tested: dict[str, Any] | None) -> list[object]:
    code = score.indicator.code
    return [
        join([links.to_score(code, screen.pick(score.indicator.title)), tag("small", code)]),
        f"{score.open:,}",
        _verdicts(screen, score),
        share(screen, score.precision.as_json()),
        lead(screen, score.lead.as_json()),
        _percent_of(screen, score.never_acted.as_json()),
        join(_fatigue(screen, score)),
        _in_the_past(screen, tested),
    ]


def _verdicts(screen: Screen, score: Score) -> Html:
    if not score.closed:
        return tag("span", screen.say("scorecard.no_verdict"), cls="pw-dim")
    counts = {n: getattr(score, n) for n in ("true", "false", "transferred", "data")}
    apart = {n: counts[n] for n in ("transferred", "data")}
    return join(
        [
            tag("span", screen.say("scorecard.verdicts", true=counts["true"], false=counts["false"]), cls="pw-nowrap"),
            tag("small", screen.say("scorecard.apart", **apart)) if any(apart.values()) else None,
        ]
    )


def _fatigue(screen: Screen, score: Score) -> Iterator[object]:
    yield f"{score.per_week:.1f}"
    if score.per_officer is not None:
        yield tag("small", screen.say("scorecard.per_officer", n=f"{score.per_officer:.2g}"))


def _in_the_past(screen: Screen, tested: dict[str, Any] | None) -> Html:
    level = headline(tested)
    if tested is None or level is None:
        return tag("span", "—", cls="pw-dim")
    chance = tested["chance"]["value"]
    said = [screen.say("scorecard.chance", n=percent(chance))] if chance is not None and tested["incidents"] else []
    return share(screen, tested["levels"][level]["precision"], *said)


def headline(tested: dict[str, Any] | None) -> str | None:
    """The level by which a back-test is told in one number."""
    return next((n for n in _LEVELS if tested and n in tested["levels"]), None)


# --- numbers -------------------------------------------------------------------------------------------------------


def share(screen: Screen, told: dict[str, Any], *more: str) -> Html:
    """A share with its interval drawn; greyed where it rests on too few. `more`: what else is said in small."""
    if not told["of"]:
        return join([tag("span", "—", cls="pw-dim"), tag("small", " · ".join(more)) if more else None])
    few = None if told["enough"] else screen.say("scorecard.too_few")
    counts = screen.say("scorecard.of", hits=told["hits"], of=told["of"])
    interval = f"{percent(told['low'])}–{percent(told['high'])}"
    drawn = tag(
        "span",
        tag("i", style=f"left:{100 * told['low']:.1f}%;width:{100 * (told['high'] - told['low']):.1f}%"),
        tag("b", style=f"left:{100 * told['value']:.1f}%"),
        cls="pw-interval" + ("" if told["enough"] else " pw-few"), role="img", aria_label=interval, title=interval,
    )  # fmt: skip
    return join(
        [
            tag("span", tag("strong", percent(told["value"]), cls=None if told["enough"] else "pw-dim"), drawn, cls="pw-share"),
            tag("small", " · ".join(filter(None, [counts, *more, few]))),
        ]
    )  # fmt: skip


def lead(screen: Screen, told: dict[str, Any]) -> Html:
    """The median lead with its quartiles."""
    if told["median"] is None:
        return tag("span", "—", cls="pw-dim")
    few = None if told["enough"] else screen.say("scorecard.too_few")
    spread = screen.say("scorecard.quartiles", low=f"{told['low_quartile']:.0f}", high=f"{told['high_quartile']:.0f}")
    return join(
        [
            tag("span", screen.say("scorecard.days", n=f"{told['median']:.0f}"), cls="pw-nowrap"),
            tag("small", " · ".join(filter(None, [spread, few]))),
        ]
    )


def _percent_of(screen: Screen, told: dict[str, Any]) -> Html:
    if not told["of"]:
        return tag("span", "—", cls="pw-dim")
    counts = screen.say("scorecard.of", hits=told["hits"], of=told["of"])
    return join([percent(told["value"]), tag("small", counts)])


def percent(number: float) -> str:
    """`7.4 %`, `100 %`."""
    return f"{100 * number:.3g} %"


def _beats_chance(tested: dict[str, Any]) -> bool:
    """Whether even the lower end of its precision is above chance."""
    level, chance = headline(tested), tested["chance"]["value"]
    found = tested["levels"][level]["precision"] if level else {"enough": False}
    return bool(found["enough"] and chance is not None and found["low"] > chance)


def _moves(trade: dict[str, Any]) -> bool:
    bound = trade["proposed"]["bound"]
    return bound is not None and bound != trade["current"]
