"""Markup to PDF and pictures, by Typst, which runs in this process and needs no program beside it."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pilotwatch.settings import settings

SERIF = "Noto Serif CJK SC"
SANS = "Noto Sans CJK SC"

#: Page and type of an official document, GB/T 9704-2012: A4, margins of 37, 35, 28 and 26 mm, text of 三号 (16 pt) with
#: 22 lines to the page, the title 二号 (22 pt), numbers of pages 四号 (14 pt) between dashes, on the outer side. A
#: 仿宋 whose licence lets it be shipped is not to be had, so the text is set in a serif of the same size.
OFFICIAL = f"""
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, inside: 28mm, outside: 26mm), footer: context {{
  let n = counter(page).get().first()
  set text(size: 14pt)
  align(if calc.odd(n) {{ right }} else {{ left }}, box(inset: (x: 5mm))[— #n —])
}})
#set text(font: "{SERIF}", size: 16pt, lang: "zh", region: "cn")
#set par(leading: 12.5pt, spacing: 12.5pt, first-line-indent: (amount: 2em, all: true), justify: true)
#let title(body) = {{ align(center, par(first-line-indent: 0pt, leading: 14pt, text(size: 22pt, weight: "bold", body))); v(12pt) }}
#show heading: it => par(text(size: 16pt, font: if it.level == 1 {{ "{SANS}" }} else {{ "{SERIF}" }},
  weight: if it.level == 1 {{ "regular" }} else {{ "bold" }}, it.body))
#show footnote.entry: set text(size: 9pt)
#set footnote.entry(indent: 0pt)
#set table(stroke: 0.5pt, inset: 5pt)
#show table: set text(size: 10.5pt)
#show table: set par(leading: 5pt, first-line-indent: 0pt, justify: false)
"""

#: A4 for forms and tables: narrow margins, text of 五号 (10.5 pt).
SHEET = f"""
#set page(paper: "a4", margin: 15mm, footer: context align(center, text(size: 9pt,
  [#counter(page).display() / #counter(page).final().first()])))
#set text(font: "{SANS}", size: 10.5pt, lang: "zh", region: "cn")
#set par(leading: 6pt, spacing: 8pt)
#let title(body) = {{ align(center, text(size: 16pt, weight: "bold", body)); v(4pt) }}
#show heading: it => block(above: 10pt, below: 6pt, text(size: 11.5pt, weight: "bold", it.body))
#set table(stroke: 0.5pt, inset: 5pt)
"""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class PaperFault(RuntimeError):
    """The markup was wrong: our own fault, never a user's."""


def quoted(text: object) -> str:
    """Any text as it is put into markup: it is shown letter by letter and can't do anything."""
    plain = _UNPRINTABLE.sub("", "" if text is None else str(text))
    return '#"' + plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '";'


def pdf(source: str, files: Mapping[str, bytes | str] | None = None) -> bytes:
    """A PDF with its fonts embedded.

    Parameters
    ----------
    source : Typst markup, beginning with `OFFICIAL`, `SHEET` or a page of its own.
    files : what the markup names, by its name: pictures (SVG, PNG) and data (JSON).

    Raises
    ------
    PaperFault : the markup does not hold together.
    """
    return _compiled(source, files, format="pdf")


def png(source: str, files: Mapping[str, bytes | str] | None = None, ppi: float = 144) -> bytes:
    """The same as one picture, several pages one below the other; `ppi`: points of the picture per inch of paper."""
    pages = _compiled(source, files, format="png", ppi=ppi)
    return pages if isinstance(pages, bytes) else _stacked(pages)


def qr(text: str) -> str:
    """A QR code as SVG (ISO/IEC 18004, a quarter of it may be lost); raises ValueError where the text is too long."""
    import segno

    try:
        made = segno.make(text, error="q", micro=False)
    except segno.DataOverflowError as error:
        raise ValueError(f"a QR code can't hold {len(text)} characters") from error
    out = io.BytesIO()
    made.save(out, kind="svg", scale=4, border=2, xmldecl=False)
    return out.getvalue().decode()


def _compiled(source: str, files: Mapping[str, bytes | str] | None, **options: Any) -> Any:
    import typst

    given = {name: data.encode() if isinstance(data, str) else data for name, data in (files or {}).items()}
    with tempfile.TemporaryDirectory() as nothing:  # the markup sees the files it was given and none of the machine's
        try:
            return typst.compile({"main": source.encode(), **given}, root=nothing, font_paths=_fonts(), **options)
        except typst.TypstError as error:
            raise PaperFault(str(error)) from error


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst

    return typst.Fonts(font_paths=[str(settings().data / "fonts")], include_system_fonts=False)


def _stacked(pages: list[bytes]) -> bytes:
    from PIL import Image

    pictures = [Image.open(io.BytesIO(page)) for page in pages]
    whole = Image.new("RGB", (max(p.width for p in pictures), sum(p.height for p in pictures)), "white")
    top = 0
    for picture in pictures:
        whole.paste(picture, (0, top))
        top += picture.height
    out = io.BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()
