"""Papers: PDF, pictures and Word documents, made here, with fonts that come along.

    source = papers.OFFICIAL + f"#title[{papers.quoted(name)}]\\n…#image(\\"map.svg\\")"
    papers.pdf(source, {"map.svg": svg})     # bytes; papers.png(…) gives one long picture instead

The markup is Typst's (https://typst.app/docs). What comes from data goes into it through `quoted` alone, or as a file
that the markup reads (`json("rows.json")`): it is then text and can't be markup. `OFFICIAL` is the page of GB/T 9704,
`SHEET` one for forms and tables. `word` makes the same kinds of document for an office to go on writing in.
"""

from pilotwatch.papers import word
from pilotwatch.papers.typeset import OFFICIAL, SANS, SERIF, SHEET, PaperFault, pdf, png, qr, quoted

__all__ = ["OFFICIAL", "SANS", "SERIF", "SHEET", "PaperFault", "pdf", "png", "qr", "quoted", "word"]
