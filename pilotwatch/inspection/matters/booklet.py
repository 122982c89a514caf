"""A scene's manual as a Word document and as a PDF, in the language of the reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pilotwatch import papers
from pilotwatch.domain import Language, Text
from pilotwatch.inspection.matters.manuals import NOTICE, Entry, Manual, frequencies

Named = Callable[[str], str]


def pdf(manual: Manual, named: Named, language: Language, stamp: str) -> bytes:
    """The manual as an official document. `named`: what a department is called; `stamp`: who made it out, and when."""
    return papers.pdf(source(manual, named, language, stamp))


def source(manual: Manual, named: Named, language: Language, stamp: str) -> str:
    """The markup of the PDF; everything that comes from the list goes through `papers.quoted`."""
    q, say = papers.quoted, lambda t, **v: t.format(**v)(language) if v else t(language)
    parts = [papers.OFFICIAL, f"#title[{q(say(_TITLE, scene=manual.scene))}]"]
    parts += [_text(q(say(_ABOUT, **_facts(manual, named, language))))]
    parts += [
        _heading(say(_WHO)),
        _text(q(say(_LEAD, lead=named(manual.lead)))),
        _text(q(say(_JOIN, who=_listed([named(d) for d in manual.participants], language) or "—"))),
    ]
    parts += [
        _heading(say(_WHAT)),
        _table(
            [say(h) for h in _HEAD],
            [_row(i, e, named, language) for i, e in enumerate(manual.entries, 1)],
            ("0.5fr", "1.5fr", "1.2fr", "2.2fr", "1.8fr", "1.1fr", "1.1fr"),
        ),
    ]
    parts += [_heading(say(_OFTEN)), _table([say(h) for h in _CLASSES], _class_rows(language), ("2fr", "1fr", "1fr"))]
    parts += [_heading(say(_CHECKLIST))]
    for department in dict.fromkeys(e.dept for e in manual.entries):
        parts.append(_text(f"#strong[{q(named(department))}]"))
        for e in manual.of(department):
            points = "".join(f"\n- ☐ {q(p)}" for p in e.checklist)
            parts.append(
                f"#par(first-line-indent: 0pt)[#strong[{q(e.name)}]]\n#set list(marker: none, spacing: 8pt)\n{points or q('—')}\n"
            )
    parts += [_heading(say(_NOTICE)), *(_text(f"{i}．{q(say(t))}") for i, t in enumerate(NOTICE, 1))]
    if manual.prepare:
        parts += [_text(q(say(_PREPARE) + _joined(manual.prepare, language)))]
    parts += [f"#v(12pt)#align(right, text(size: 10.5pt)[{q(stamp)}])"]
    return "\n\n".join(parts)


def docx(manual: Manual, named: Named, language: Language, stamp: str) -> bytes:
    """The manual as a Word document, for an office to go on writing in."""
    say = lambda t, **v: t.format(**v)(language) if v else t(language)  # noqa: E731
    word = papers.word
    made = word.document(say(_TITLE, scene=manual.scene))
    word.paragraph(made, say(_ABOUT, **_facts(manual, named, language)))
    made.add_heading(say(_WHO), 1)
    word.paragraph(made, say(_LEAD, lead=named(manual.lead)))
    word.paragraph(made, say(_JOIN, who=_listed([named(d) for d in manual.participants], language) or "—"))
    made.add_heading(say(_WHAT), 1)
    word.table(
        made,
        [say(h) for h in _HEAD],
        [_row(i, e, named, language) for i, e in enumerate(manual.entries, 1)],
        (8, 24, 20, 38, 30, 18, 18),
    )
    made.add_heading(say(_OFTEN), 1)
    word.table(made, [say(h) for h in _CLASSES], _class_rows(language), (70, 40, 46))
    made.add_heading(say(_CHECKLIST), 1)
    for department in dict.fromkeys(e.dept for e in manual.entries):
        made.add_heading(named(department), 2)
        for e in manual.of(department):
            word.paragraph(made, e.name)
            for point in e.checklist:
                word.paragraph(made, f"☐ {point}")
    made.add_heading(say(_NOTICE), 1)
    for i, text in enumerate(NOTICE, 1):
        word.paragraph(made, f"{i}．{say(text)}")
    if manual.prepare:
        word.paragraph(made, say(_PREPARE) + _joined(manual.prepare, language))
    word.paragraph(made, stamp, indent=False)
    return word.save(made)


def _facts(manual: Manual, named: Named, language: Language) -> dict[str, object]:
    return {
        "scene": manual.scene, "n": len(manual.entries), "departments": len({e.dept for e in manual.entries}),
        "together": manual.together, "separately": manual.separately, "day": manual.day.isoformat(),
    }  # fmt: skip


def _row(number: int, e: Entry, named: Named, language: Language) -> list[str]:
    frequency = e.frequency or "—"
    if e.yearly_cap is not None:
        frequency += _CAP.format(n=e.yearly_cap)(language)
    method = e.method + (_OFF_SITE(language) if e.off_site else "")
    return [str(number), e.name, named(e.dept), e.content, _joined(e.basis, language), frequency, method]


def _class_rows(language: Language) -> list[list[str]]:
    return [[title(language), f"{100 * ratio:g}%", str(most)] for title, ratio, most in frequencies()]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[str]) -> str:
    q = papers.quoted
    cells = ", ".join(f"[{q(c)}]" for row in rows for c in row)
    heads = ", ".join(f"[#strong[{q(h)}]]" for h in head)
    return f"#table(columns: ({', '.join(widths)}), table.header({heads}), {cells})"


def _heading(text: str) -> str:
    return f"= {papers.quoted(text)}"


def _text(body: str) -> str:
    return body


def _listed(words: Sequence[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(words)


def _joined(parts: Sequence[str], language: Language) -> str:
    return ("；" if language == "zh" else "; ").join(parts)


_TITLE = Text("“{scene}”综合监管一业一册", "Joint supervision manual: {scene}")
_ABOUT = Text(
    "本册汇集“{scene}”场景已公布的 {n} 项检查事项，涉及 {departments} 个部门（截至 {day}）。各部门合并为一次入企，现场约需 {together} 分钟；分别入企合计 {separately} 分钟。",
    "This manual holds the {n} published matters of “{scene}”, of {departments} departments (as of {day}). One joint visit takes about {together} minutes; separate visits come to {separately}.",
)
_WHO, _WHAT = Text("一、牵头和配合部门", "1. Who leads and who takes part"), Text("二、检查事项", "2. What is checked")
_OFTEN, _CHECKLIST = Text("三、分级分类频次", "3. How often, by class"), Text("四、一表通查", "4. One checklist")
_NOTICE = Text("五、企业告知", "5. What the enterprise is told")
_LEAD, _JOIN = Text("牵头部门：{lead}。", "Leads: {lead}."), Text("配合部门：{who}。", "Take part: {who}.")
_HEAD = (
    Text("序号", "No."), Text("事项", "Matter"), Text("实施部门", "Department"), Text("检查内容", "What is looked at"), Text("依据", "Basis"),
    Text("频次", "How often"), Text("方式", "How"),
)  # fmt: skip
_CLASSES = (
    Text("类别", "Class"),
    Text("年抽查比例", "Share a year"),
    Text("年度计划检查上限（次）", "Planned visits a year at most"),
)
_CAP = Text("，不超过{n}次", ", {n} at most")
_OFF_SITE = Text("（可非现场）", " (may be off site)")
_PREPARE = Text("请备好以下材料：", "Please have at hand: ")
