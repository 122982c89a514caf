"""Briefs: every number is that of the screen's own function, every note says where from, and the documents open again."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree

import docx
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwatch import access, brief, demo, disposal, figures, review
from pilotwatch.brief import charts, citymap, footnotes, notes
from pilotwatch.brief.model import Number, Sentence, Table, numbers_of, plain, say
from pilotwatch.disposal import CaseFilter
from pilotwatch.domain import Text
from pilotwatch.figures.ask import Period
from pilotwatch.review import approvals, policy
from pilotwatch.settings import Settings
from pilotwatch.store import SYSTEM, Person, StoreRefused, audit, ledger
from pilotwatch.store import hotspots as shelf
from pilotwatch.workdays import now, today
from pilotwatch.workspace import Workspace
from ui import theme
from ui.summary import Summary

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    workspace = Workspace.open(Settings(var=tmp_path_factory.mktemp("brief"), database_url=None))
    demo.build(workspace, size=0.02)
    yield workspace
    workspace.store.close()


def _xml(text):
    return ElementTree.fromstring(text)  # noqa: S314 - what we wrote ourselves


def person(house, username):
    return access.person(house.store, username)


def made(house, who, period="2026Q4", **options):
    about = brief.House(house.registry, house.places, house.calendar(), house.settings.data, house.store.demo)
    return brief.brief(house.desk(who), about, period, **options)


class Screens:
    """What the screens' own functions say of a fact, for the scope and period of a brief."""

    def __init__(self, house, who, told):
        self.desk, self.house, self.told, self.unit = house.desk(who), house, told, told.unit
        self.seen = figures.overview(self.desk, house.registry)
        self.results = review.results(self.desk, house.registry, told.period, today(), unit=told.unit)
        self.lines = {x.code: x for x in self.results.lines}
        months = [m for m in Period.of(told.period).months if m <= f"{today():%Y-%m}"]
        wanted = CaseFilter(report_unit=told.unit)
        self.cases = disposal.overview(
            self.desk, house.calendar(), wanted=wanted, since=months[0], until=months[-1], at=now()
        )

    def says(self, fact):
        kind, *rest = fact
        return getattr(self, f"_{kind}")(*rest)

    def _summary(self, domain=None, unit=None):
        return Summary.of(self.seen, domain, unit or self.unit)

    def _level(self, summary, name):
        return summary.rate if name == "rate" else summary.subjects if name == "all" else summary.counts[name]

    def _levels(self, name):
        return self._level(self._summary(), name)

    def _rate(self):
        assert self._summary().rate == pytest.approx(self.results.risk[0])
        return self._summary().rate

    def _city_rate(self):
        return self._summary().city_rate

    def _risk(self, name):
        return dict(zip(("now", "last", "baseline"), self.results.risk, strict=True))[name]

    def _domain(self, domain, name):
        return self._level(self._summary(domain), name)

    def _unit(self, unit, name):
        return self._level(self._summary(unit=unit), name)

    def _worry(self, domain, indicator):
        return next(
            w for w in self._summary().concerns if (w.concern.domain, w.concern.indicator) == (domain, indicator)
        )

    def _concern(self, domain, indicator, level):
        return getattr(self._worry(domain, indicator), level)

    def _where(self, domain, indicator, unit):
        return dict(self._worry(domain, indicator).where)[unit]

    def _more(self, domain, most):
        return len(self._summary(domain or None).concerns) - int(most)

    def _results(self, code, name):
        return getattr(self.lines[code], name)

    def _judge(self, group, name):
        own = review.results(
            self.desk, self.house.registry, self.told.period, today(), unit=self.unit, group=group
        ).lines
        told = [x for x in own if x.value is not None]
        graded = [x for x in told if x.level]
        moves = Counter(x.moved(x.baseline) for x in told)
        good = [x for x in graded if x.level not in ("red", "orange", "yellow")]
        return {"told": len(told), "graded": len(graded), "good": len(good)}.get(name, moves[name])

    def _ledger(self, name):
        where = {"report_unit": self.unit} if self.unit else None
        return int(ledger.totals(self.desk, Period.of(self.told.period).months, where=where)[name].sum())

    def _effect(self, code):
        return review.effect(self.desk, self.house.registry, code, "reform", today()).sentence(self.told.language)

    def _cases(self, name):
        return getattr(self.cases, name)

    def _on_time(self, name):
        return getattr(self.cases.on_time, name)

    def _funnel(self, state):
        return self.cases.funnel[state]

    def _flow(self, stage, name):
        return self.cases.flow.set_index("stage").loc[stage, name]

    def _hot(self, *fact):
        newest = {}
        for run in shelf.runs(self.desk):
            if run.layer == "streets":
                newest.setdefault((run.domain, run.measure), run)
        found = {k: shelf.places(self.desk, r.domain, r.measure, r.layer, r.period) for k, r in newest.items()}
        found = {k: p[p["report_unit"] == self.unit] if self.unit else p for k, p in found.items()}
        if fact == ("tests",):
            return len(found)
        if fact == ("all",):
            return sum(int(p["hot"].sum()) for p in found.values())
        domain, measure, name = fact
        places = found[domain, measure]
        return {
            "places": len(places),
            "hot": places["hot"].sum(),
            "not_inspected": (places["state"] == "not_inspected").sum(),
        }[name]

    def _standings(self):
        units = [u.code for u in self.house.places.units if self.unit in (None, u.code)]
        return policy.ledger(self.desk, self.house.settings.data, units, today())

    def _tasks(self, name):
        states = Counter(s.state for s in self._standings().values())
        return states.total() if name == "all" else states[name]

    def _task(self, number):
        return sum(s.state == "lagging" for (t, _), s in self._standings().items() if t == number)


@pytest.mark.parametrize(
    ("username", "unit", "period", "form"),
    [
        ("city", None, "2026Q4", "long"), ("city", "650106", "2026", "long"), ("tianshan", None, "2026-11", "long"),
        ("cards", None, "2026Q4", "page"), ("city", None, "2026Q4", "page"),
    ],
)  # fmt: skip
def test_every_number_is_the_screens(house, username, unit, period, form):
    who = person(house, username)
    told = made(house, who, period, unit=unit, form=form)
    screens = Screens(house, who, told)
    numbers = list(told.numbers())
    assert len(numbers) > 20
    for number in numbers:
        expected = screens.says(number.fact)
        if expected is None or isinstance(expected, str):
            assert number.value == expected, number.fact
        else:
            assert number.value == pytest.approx(expected), number.fact


def test_a_number_is_shown_as_the_screen_shows_it(house):
    told = made(house, person(house, "city"), "2026", form="long")
    shown = {n.fact: n.shown for n in told.numbers()}
    line = {x.code: x for x in review.results(house.desk(SYSTEM), house.registry, "2026", today()).lines}
    assert shown["results", "REF-03", "value"] == f"{100 * line['REF-03'].value:.2f}%"
    assert shown["results", "REF-02", "value"] == f"{line['REF-02'].value:,.0f} 户次"
    rate = Summary.of(figures.overview(house.desk(SYSTEM), house.registry)).rate
    assert shown[("rate",)] == f"{rate:.1f}"


def test_every_number_says_where_it_comes_from(house):
    told = made(house, person(house, "city"), "2026Q4", form="long")
    for number in told.numbers():
        note = number.note
        assert note.source and note.as_of.startswith("2026-11-24") and note.code and note.how
        by_month = note.path.startswith(("/review", "/inspection")) and note.code != "RATE"
        assert note.approval == ("未审核" if by_month else "实时数据，不经月度审核")
        assert note.path.startswith("/") and (note.batch or note.code == "T")
    noted = notes.every(told)
    assert len(noted) == len(set(noted)) > 10
    assert any("REF-03" in n and "演示数据/综合监管" in n and "/review?period=2026Q4" in n for n in noted)
    listed = [plain(r[0]) for r in list(told.blocks())[-1].rows]
    assert listed == sorted({n.note.code for n in told.numbers()})  # the appendix has them all


def test_a_leader_gets_the_own_unit_alone(house):
    who = person(house, "tianshan")
    told = made(house, who, form="long")
    assert told.unit == "650102" and "天山区" in told.title
    assert {n.fact[1] for n in told.numbers() if n.fact[0] == "unit"} == {"650102"}
    assert not [n for n in told.numbers() if n.fact[0] in ("where", "effect")]
    assert all("unit=650102" in n.note.path for n in told.numbers())
    whole = made(house, person(house, "city"), unit="650102", form="long")
    same = {n.fact: n.value for n in told.numbers() if n.fact[0] in ("levels", "results", "tasks", "hot")}
    assert same.items() <= {n.fact: n.value for n in whole.numbers()}.items()
    with pytest.raises(brief.BriefRefused) as refused:
        made(house, who, unit="650104")
    assert refused.value.rule == "other_unit" and "天山区（650102）" in refused.value.message.zh


@pytest.mark.parametrize(
    ("period", "unit", "rule"),
    [("2026Q5", None, "no_period"), ("2027-01", None, "to_come"), ("2026Q3", "659999", "no_unit")],
)
def test_what_cant_be_made_is_refused_in_a_sentence(house, period, unit, rule):
    with pytest.raises(brief.BriefRefused) as refused:
        made(house, SYSTEM, period, unit=unit)
    assert refused.value.rule == rule and refused.value.message.zh.endswith("。")


def test_who_may_not_read_gets_none(house):
    with pytest.raises(StoreRefused):
        made(house, Person("a", "管理员", "administrator"))


def test_the_one_page_is_one_page(house):
    who = person(house, "city")
    for options in ({}, {"language": "en"}, {"unit": "650105"}, {"unit": "650109", "language": "en"}):
        told = made(house, who, "2026Q4", **options)
        reader = pypdf.PdfReader(io.BytesIO(brief.take_out(house.desk(who), told, "pdf")))
        assert len(reader.pages) == 1, options
    assert (
        "Demo data" in pypdf.PdfReader(io.BytesIO(brief.take_out(house.desk(who), told, "pdf"))).pages[0].extract_text()
    )


def test_the_pdf_opens_again_with_its_sections_and_notes(house):
    who = person(house, "city")
    told = made(house, who, "2026Q4", form="long")
    reader = pypdf.PdfReader(io.BytesIO(brief.take_out(house.desk(who), told, "pdf")))
    text = "".join(p.extract_text() for p in reader.pages).replace("\n", "").replace(" ", "")
    for wanted in (
        told.title,
        "演示数据",
        "改革举措成效",
        "政策任务",
        "审图号GS(2024)0650号",
        "未审核",
        "/review?period=2026Q4",
    ):
        assert wanted.replace(" ", "") in text, wanted
    assert len(reader.pages) > 5


@pytest.mark.parametrize("form", ["page", "long"])
def test_the_word_document_opens_again_with_footnotes(house, form):
    who = person(house, "city")
    told = made(house, who, "2026Q4", form=form)
    opened = docx.Document(io.BytesIO(brief.take_out(house.desk(who), told, "docx")))
    assert opened.paragraphs[0].text == told.title
    assert any("演示数据" in p.text for p in opened.paragraphs)
    tables = [b for b in told.blocks() if isinstance(b, Table)]
    assert [t.rows[0].cells[0].text for t in opened.tables] == [t.head[0] for t in tables]
    assert [[c.text for c in t.rows[-1].cells] for t in opened.tables] == [
        [plain(c) for c in t.rows[-1]] for t in tables
    ]
    assert len(opened.inline_shapes) == sum(not isinstance(b, Sentence | Table | brief.Heading) for b in told.blocks())
    part = next(p for p in opened.part.package.iter_parts() if p.partname == "/word/footnotes.xml")
    kept = {n.get(f"{W}id"): "".join(t.text for t in n.iter(f"{W}t")).strip() for n in _xml(part.blob)}
    body = opened.element
    referred = [r.get(f"{W}id") for r in body.iter(f"{W}footnoteReference")]
    expected = notes.every(told)
    assert referred == [str(n) for n in range(1, len(expected) + 1)]  # each once, in the order they are read
    assert [kept[n] for n in referred] == expected
    marks = {b.get(f"{W}name") for b in body.iter(f"{W}bookmarkStart")}
    again = {f.get(f"{W}instr").split()[1] for f in body.iter(f"{W}fldSimple") if "NOTEREF" in f.get(f"{W}instr")}
    assert again <= marks


OPENED = {("page", "zh"): 1, ("page", "en"): 1, ("long", "zh"): None, ("long", "en"): None}  # pages


@pytest.fixture(scope="module")
def opened(house, tmp_path_factory):
    """Each form in each language with its document as LibreOffice lays it out: all in one start of it, for it starts slowly."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not on this machine; tools/system-packages installs it")
    folder, who = tmp_path_factory.mktemp("office"), person(house, "city")
    told = {(form, language): made(house, who, form=form, language=language) for form, language in OPENED}
    for (form, language), one in told.items():
        (folder / f"{form}-{language}.docx").write_bytes(brief.take_out(house.desk(who), one, "docx"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"  # of its own: another one may be running
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        folder,
        *sorted(folder.glob("*.docx")),
    ]
    subprocess.run(command, check=True, timeout=300, capture_output=True)
    return {key: (one, pypdf.PdfReader(folder / f"{'-'.join(key)}.pdf")) for key, one in told.items()}


@pytest.mark.parametrize(("form", "language"), OPENED)
def test_libreoffice_lays_the_word_document_out(opened, form, language):
    told, reader = opened[form, language]
    pages = len(reader.pages)
    assert pages == OPENED[form, language] or (form == "long" and 8 < pages < 30)
    text = _squeezed("".join(p.extract_text() for p in reader.pages))
    missing = [
        n for n in notes.every(told) if _squeezed(n.rpartition("；" if language == "zh" else ";")[0]) not in text
    ]
    assert not missing  # every footnote, but for its address, which may be hyphenated
    pictures = [b for b in told.blocks() if isinstance(b, brief.Picture)]
    drawn = {
        (o.idnum, str(o.get_object()["/Subtype"])) for p in reader.pages for o in p["/Resources"]["/XObject"].values()
    }
    assert [kind for _, kind in drawn] == ["/Image"] * len(pictures) and len(pictures) >= 2
    fonts = {str(f.get_object()["/BaseFont"]) for p in reader.pages for f in p["/Resources"]["/Font"].values()}
    assert fonts and all("+" in f for f in fonts)  # all of them embedded


def test_the_word_document_has_the_layout_of_an_official_one(opened):
    """GB/T 9704-2012: margins 37, 35, 28, 26 mm; 22 lines of 28 characters to the page; 三号 and 二号; — 1 — below."""
    _, reader = opened["long", "zh"]
    wide, high = (float(x) for x in reader.pages[0].mediabox[2:])
    assert (round(wide / 72 * 25.4), round(high / 72 * 25.4)) == (210, 297)
    runs = []
    reader.pages[0].extract_text(visitor_text=lambda t, cm, tm, font, size: runs.append((t, tm[4], high - tm[5], size)))
    shown = [(t, x, y, s) for t, x, y, s in runs if t.strip()]
    assert shown[0][3] == pytest.approx(22, abs=0.1) and shown[0][2] > 37 / 25.4 * 72
    body = [(t, x, y) for t, x, y, s in shown if s == pytest.approx(16, abs=0.1)]
    assert min(x for _, x, _ in body) == pytest.approx(28 / 25.4 * 72, abs=1)
    lines = sorted({round(y, 1) for *_, y in body})
    assert any(b - a == pytest.approx(28.95, abs=0.2) for a, b in pairwise(lines))  # 225 mm ÷ 22
    for n, page in enumerate(reader.pages, 1):
        assert f"—{n}—" in _squeezed(page.extract_text())


def _squeezed(text):
    return "".join(text.split())


def test_taking_one_out_is_told_to_the_audit(house):
    who = person(house, "tianshan")
    brief.take_out(house.desk(who), made(house, who), "pdf")
    line = audit.lines(
        house.desk(Person("r", "审计", "auditor")), audit.Wanted(username="tianshan", act="export.brief"), limit=1
    )[0]
    assert line["object"] == "650102/2026Q4" and line["details"]["kind"] == "pdf" and line["details"]["form"] == "page"


def test_what_the_district_approved_is_noted_so(house):
    leader, city = person(house, "tianshan"), person(house, "city")
    approval = {n.fact: n.note.approval for n in made(house, leader, "2026Q3", form="long").numbers()}
    assert approval["results", "REF-03", "value"] == "未审核"
    desk = house.desk(leader)
    board = approvals.board(desk, house.registry, ["650102"], ["2026-07", "2026-08", "2026-09"])
    mine = {c: s.number for c, s in board.items() if c.domain == "reform"}
    names = {u.code: u.title for u in house.places.units} | approvals.groups(desk, house.registry)
    approvals.approve(desk, house.registry, names, mine, today())
    for who, expected in ((leader, "区（县）已审核"), (city, "部分未审核（27项中24项）")):
        approval = {n.fact: n.note.approval for n in made(house, who, "2026Q3", form="long").numbers()}
        assert approval["results", "REF-03", "value"] == expected
        assert approval["results", "PPC-M02", "value"] == "未审核"
    (back,) = [c for c in mine if c.month == "2026-08"]
    seen = {back: approvals.board(desk, house.registry, ["650102"], ["2026-08"])[back].number}
    approvals.send_back(house.desk(city), names, seen, "八月检查记录缺两日")
    told = made(house, city, "2026Q3", form="long")
    text = "".join(plain(b.parts) for b in told.blocks() if isinstance(b, Sentence))
    assert "已退回的1项月度数据未计入" in text and "部分未审核（27项中25项）" in "".join(notes.every(told))
    line = {x.code: x for x in review.results(house.desk(city), house.registry, "2026Q3", today()).lines}["REF-02"]
    assert {n.fact: n.value for n in told.numbers()}["results", "REF-02", "value"] == line.value


def test_an_empty_house_says_so(tmp_path):
    workspace = Workspace.open(Settings(var=tmp_path, database_url=None))
    told = made(workspace, SYSTEM, form="long")
    text = "".join(plain(b.parts) for b in told.blocks() if isinstance(b, Sentence))
    assert "全市还没有监管对象" in text and not told.demo
    assert brief.take_out(workspace.desk(SYSTEM), told, "docx") and brief.picture(told).startswith(b"\x89PNG")
    workspace.store.close()


# --- the parts -----------------------------------------------------------------------------------------------------


def test_the_colours_are_the_screens():
    assert {k: v for k, v in charts.LEVEL_FILLS.items()} == theme.LEVEL
    light = theme.COLOURS["light"]
    assert tuple(light[n] for n in ("ink", "soft", "line", "accent")) == (
        charts.INK,
        charts.SOFT,
        charts.LINE,
        charts.ACCENT,
    )
    assert {n: light[n] for n in ("normal", "nodata")} == charts.QUIET
    assert (theme.CLASSES, theme.FILL["light"], light["nodata"]) == (citymap.CLASSES, citymap.FILLS, citymap.NODATA)


def test_pictures_write_their_numbers_out_and_are_sound(house):
    told = made(house, person(house, "city"), "2026Q4", form="long")
    pictures = [b for b in told.blocks() if isinstance(b, brief.Picture)]
    assert {p.name for p in pictures} >= {"levels", "map"} and len(pictures) <= 5  # the map, and four charts at most
    for p in pictures:
        words = " ".join("".join(t.itertext()) for t in _xml(p.svg).iter("{http://www.w3.org/2000/svg}text"))
        assert all(n.shown in words for n in numbers_of(p) if n.value), p.name
        assert p.alt.startswith(p.title)


NOTE = brief.Note("总览", "/overview", "2026-11-24 10:30", "a.xlsx", "X-1", "甲", "乙", "未审核")


@given(st.dictionaries(st.sampled_from("abc"), st.text(alphabet="甲乙x1，。", max_size=5), min_size=3))
def test_a_sentence_reads_as_its_template(values):
    template = Text("{a}户，其中{b}，{c}。", "{a}: {b}, {c}.")
    numbers = {k: Number(1, v, NOTE, (k,)) for k, v in values.items()}
    for language in ("zh", "en"):
        assert plain(say(language, template, **numbers)) == template(language).format(**values)


def test_a_footnote_ends_the_clause_and_is_told_once():
    sentence = Sentence(("红", Number(4, "4", NOTE, ("n",)), "户，其余", Number(3, "3", NOTE, ("n",)), "户。"))
    marks = notes.Marks("zh")
    parts = [(text, mark.number if mark else None) for text, _, mark in marks.of_sentence(sentence)]
    assert [p for p in parts if p[0] or p[1]] == [
        ("红", None),
        ("4", None),
        ("户，其余", None),
        ("3", None),
        ("户", 1),
        ("。", None),
    ]
    assert [m.first for _, _, m in marks.of_sentence(sentence) if m] == [False]
    assert list(marks.told) == ["总览：截至 2026-11-24 10:30；最新批次 a.xlsx；未审核；编号 X-1；追溯 /overview"]


def test_no_text_breaks_a_footnote():
    made_ = footnotes.Footnotes(9, 12)._note(1, "a<b>&\x00\x0b“c”")
    xml = _xml(f'<x xmlns:w="{W[1:-1]}">{made_}</x>')
    assert "".join(t.text for t in xml.iter(f"{W}t")).strip() == "a<b>&“c”"
