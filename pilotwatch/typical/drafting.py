"""The text that a closed case is written up in at first: what the case itself knows, in sentences, its subject masked.

What was done well and what can be copied is for people to write; those sections stay empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pilotwatch.disposal import CHANNEL_TITLES, CLOSINGS, MEASURES, Case, Event, day_of
from pilotwatch.disposal.rows import flow_days
from pilotwatch.domain import Language, Text
from pilotwatch.store import Desk
from pilotwatch.store.typical import Content
from pilotwatch.typical.figures import LEVELS, Drawn, House, departments_of
from pilotwatch.typical.masking import Hidden
from pilotwatch.typical.model import MOST_TITLE, SECTIONS, TAGS, Figure

#: Acts whose words are told in the process, with what they are called there.
_STEPS: dict[str, Text] = {
    "triage": Text("研判", "triaged"), "assign": Text("分办", "assigned"), "sign": Text("签收", "signed for"),
    "verify": Text("核查", "verified"), "transfer": Text("移送", "transferred"), "dispose": Text("作出处置", "decided on"),
    "supervise": Text("市级督办", "supervised by the city office"), "suspend": Text("中止（检测、鉴定等）", "suspended"),
    "resume": Text("恢复办理", "resumed"), "extend": Text("批准延期", "extended"), "mediate": Text("终结调解", "mediated"),
    "decide": Text("作出处罚决定", "penalty decided"), "refer": Text("提出移送公安机关", "referral to the police proposed"),
    "hand": Text("移交公安机关", "handed to the police"), "report": Text("反馈", "reported back"),
    "review": Text("复核", "reviewed"), "close": Text("结案", "closed"), "reopen": Text("重新办理", "opened again"),
    "look_back": Text("回头看", "looked at again"),
}  # fmt: skip


def hidden_of(desk: Desk, house: House, cases: Sequence[Case], language: Language = "zh") -> Hidden:
    """What a text about these cases may not say, by all that the lists call their subjects."""
    names, codes, places = [], [], []
    for each in cases:
        rows = desk.subjects(["name", "code"], where={"subject_id": [each.subject_id]})
        names += [each.name, *rows["name"].dropna()]
        codes += [each.code, *rows["code"].dropna()]
        places.append(each.place)
    instead = _SUBJECT.format(unit=house.unit(cases[0].unit), domain=house.domain(cases[0].domain))
    return Hidden.of(
        set(filter(None, names)),
        set(filter(None, codes)),
        set(filter(None, places)),
        instead(language),
        _PLACE(language),
    )


def draft_of(
    house: House, cases: Sequence[Drawn], histories: Sequence[Sequence[Event]], figures: Sequence[Figure], hidden: Hidden,
    language: Language = "zh",
) -> Content:  # fmt: skip
    """The first text: sentences from the cases, whatever people wrote in them masked. Raises nothing: what a case doesn't
    know is left out."""
    writer = _Writer(house, hidden, language)
    several = len(cases) > 1
    body = dict.fromkeys(SECTIONS, "")
    body["background"] = writer.lines([writer.background(c.case, several) for c in cases])
    body["found"] = writer.lines([writer.found(c.case, h, several) for c, h in zip(cases, histories, strict=True)])
    body["acted"] = writer.acted(cases)
    body["process"] = writer.lines([writer.process(c, h, several) for c, h in zip(cases, histories, strict=True)])
    body["outcome"] = writer.outcome(cases, figures)
    return Content(writer.title(cases), body, tags_of(cases, figures))


def tags_of(cases: Sequence[Drawn], figures: Sequence[Figure]) -> list[str]:
    """The tags that the cases themselves speak for; people add theirs."""
    codes = {f.code: f for f in figures}
    own = [c.case for c in cases]
    told = {
        "cross": len(departments_of(cases)) > 1 or len({d for c in own for d in c.domains}) > 1,
        "once": "merged" in codes,
        "data": any(c.kind == "warning" for c in own),
        "quick": "kept" in codes and not codes["kept"].late,
        "mediation": any(c.closing == "mediated" for c in own),
        "lenient": any(c.closing == "exempt" for c in own),
        "penalty": any(c.closing == "penalty" for c in own),
        "referral": any(c.closing == "criminal" or c.referral for c in own),
    }
    return [t for t in TAGS if told.get(t)]


class _Writer:
    def __init__(self, house: House, hidden: Hidden, language: Language):
        self.house, self.hidden, self.language = house, hidden, language

    def title(self, cases: Sequence[Drawn]) -> str:
        first = cases[0].case
        key = _TITLE_MANY if len(cases) > 1 else _TITLE
        told = key.format(unit=self.house.unit(first.unit), fact=self.fact(first), n=len(cases))(self.language)
        return self.hidden.masked(told)[:MOST_TITLE]

    def background(self, case: Case, several: bool) -> str:
        channel = CHANNEL_TITLES.get(case.channel, Text(case.channel, case.channel))
        told = [
            _RECEIVED.format(
                when=_month(case.received_at), channel=channel, domain=self.house.domain(case.domain), unit=self.house.unit(case.unit)
            )
        ]  # fmt: skip
        if case.content and case.kind != "warning":
            told.append(_CONTENT.format(content=self.hidden.masked(case.content)))
        if case.people_count > 1:
            told.append(_PEOPLE.format(n=case.people_count))
        if case.amount:
            told.append(_AMOUNT.format(amount=f"{case.amount:,.2f}"))
        return self.told(case, told, several)

    def found(self, case: Case, history: Sequence[Event], several: bool) -> str:
        told = []
        for fact in case.facts:
            indicator = self.house.indicator(fact)
            if indicator and case.level:
                told.append(_WARNED.format(code=fact, title=indicator.title, level=LEVELS[case.level]))
            else:
                shown = indicator.title if indicator else Text(fact, fact)
                told.append(_SUSPECTED.format(fact=Text(self.hidden.masked(shown.zh), self.hidden.masked(shown.en))))
        for event in history:
            if event.act == "verify" and event.reason:
                told.append(_VERIFIED.format(result=self.hidden.masked(event.reason).rstrip("。.；;")))
        return self.told(case, told, several)

    def acted(self, cases: Sequence[Drawn]) -> str:
        owners = tuple(dict.fromkeys(c.case.owner for c in cases if c.case.owner))
        others = [d for d in departments_of(cases) if d not in owners]
        told = [_LED.format(names=self.named(owners))] if owners else []
        if others:
            told.append(_JOINED.format(names=self.named(others)))
        visits = [v for c in cases for v in c.visits if len(v["departments"]) > 1]
        if visits:
            told.append(_JOINT.format(n=len(visits), names=self.named(visits[0]["departments"])))
        if any(c.case.joint for c in cases):
            told.append(_JOINT_CASE)
        return self.sentences(told)

    def process(self, drawn: Drawn, history: Sequence[Event], several: bool) -> str:
        """The steps with the day of each, then how long the stages took and what was late."""
        case, steps = drawn.case, []
        for event in history:
            if event.act in _STEPS:
                step = _STEPS[event.act](self.language)
                if event.act in ("assign", "transfer") and event.department:
                    step += self.say(_TO.format(name=self.house.department(event.department)))
                if event.act == "dispose" and case.measure:
                    step += self.say(_MEASURE.format(measure=MEASURES[case.measure]))
                steps.append(f"{_day(event.at, self.language)}{step}")
        told = [Text("；".join(steps) + "。", "; ".join(steps) + ".")] if steps else []
        days = flow_days(case)
        if {"assign", "handle", "review"} <= set(days):
            told.append(_FLOW.format(**days))
        late = [c for c in case.clocks if c.overran()]
        told.append(_LATE.format(n=len(late)) if late else _IN_TIME)
        return self.told(case, told, several)

    def outcome(self, cases: Sequence[Drawn], figures: Sequence[Figure]) -> str:
        closings: dict[str, int] = {}
        for each in cases:
            closings[each.case.closing] = closings.get(each.case.closing, 0) + 1
        kinds = Text(
            "、".join(_closing(k).zh + (f" {n} 件" if len(cases) > 1 else "") for k, n in closings.items()),
            ", ".join(_closing(k).en + (f" ({n})" if len(cases) > 1 else "") for k, n in closings.items()),
        )
        told = [_CLOSED.format(kinds=kinds)]
        for figure in figures:
            if figure.group == "head" and figure.code not in ("cases", "leads", "departments", "people", "amount"):
                told.append(_FIGURE.format(title=figure.title, value=figure.value))
        return self.sentences(told)

    def fact(self, case: Case) -> Text:
        indicator = self.house.indicator(case.fact)
        return indicator.title if indicator else Text(case.fact or "监管", case.fact or "supervision")

    def named(self, departments: Sequence[str]) -> Text:
        titles = [self.house.department(d) for d in departments]
        return Text("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))

    def told(self, case: Case, told: Sequence[Text], several: bool) -> str:
        """The sentences; with several cases the number of the case before them."""
        said = self.sentences(told)
        return f"【{case.number}】{said}" if several and said else said

    def sentences(self, told: Sequence[Text]) -> str:
        return ("" if self.language == "zh" else " ").join(self.say(t) for t in told)

    def say(self, text: Text) -> str:
        return text(self.language)

    @staticmethod
    def lines(parts: Sequence[str]) -> str:
        return "\n".join(p for p in parts if p)


def figures_in_words(figures: Sequence[Figure], language: Language) -> Iterator[str]:
    """Figures as they are searched and listed: title and value."""
    for figure in figures:
        yield f"{figure.title(language)} {figure.value(language)}"


def _closing(kind: str) -> Text:
    return CLOSINGS.titles.get(kind, Text(kind, kind))


def _month(at: datetime) -> Text:
    on = day_of(at)
    return Text(f"{on.year}年{on.month}月", f"{on:%B %Y}")


def _day(at: datetime, language: Language) -> str:
    on = day_of(at)
    return f"{on.month}月{on.day}日" if language == "zh" else f"{on:%d %B} "


_SUBJECT = Text("{unit}某{domain}监管对象", "a subject of {domain} in {unit}")
_PLACE = Text("某处", "a certain address")
_TITLE = Text("{unit}“{fact}”问题处置案例", "{unit}: “{fact}” dealt with")
_TITLE_MANY = Text("{unit}等“{fact}”问题 {n} 件处置案例", "{unit} and others: “{fact}”, {n} cases dealt with")
_RECEIVED = Text(
    "{when}，通过“{channel}”渠道收到{domain}领域问题线索，监管对象位于{unit}。",
    "In {when} a clue about {domain} came in by {channel}; the subject is in {unit}.",
)
_CONTENT = Text("线索反映：{content}。", "It said: {content}.")
_PEOPLE = Text("涉及 {n} 人。", "It concerned {n} people.")
_AMOUNT = Text("涉及金额 {amount} 元。", "It concerned {amount} yuan.")
_WARNED = Text("预警指标 {code}“{title}”为{level}。", "The indicator {code} “{title}” stood at {level}.")
_SUSPECTED = Text("涉嫌事项为“{fact}”。", "What may be wrong: {fact}.")
_VERIFIED = Text("核查情况：{result}。", "On verifying: {result}.")
_LED = Text("由{names}牵头办理。", "{names} led.")
_JOINED = Text("{names}协同办理。", "{names} joined.")
_JOINT = Text("{names}等部门联合入企检查 {n} 次。", "{names} visited together, {n} times.")
_JOINT_CASE = Text("多个领域的线索并为联合案件办理。", "Leads of several domains were handled as one joint case.")
_TO = Text("至{name}", " to {name}")
_MEASURE = Text("（{measure}）", " ({measure})")
_FLOW = Text(
    "收到至分办 {assign} 日，签收至反馈 {handle} 日，反馈至结案 {review} 日。",
    "{assign} days from receipt to assignment, {handle} from signing for it to reporting back, {review} to closing.",
)
_LATE = Text("其中 {n} 项时限逾期，见数据表。", "{n} of its limits were overrun: see the figures.")
_IN_TIME = Text("各项时限均按期。", "Every limit was kept.")
_CLOSED = Text("以“{kinds}”结案。", "Closed as: {kinds}.")
_FIGURE = Text("{title}：{value}。", "{title}: {value}.")
