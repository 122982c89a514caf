"""From the words of a header to the fields of a record.

A header is compared in a plain form: half-width, without spaces, line breaks and marks. A unit or a coordinate system
in it (`年销量（吨）`, `位置（高德坐标）/经度`) is taken out and kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import Levenshtein

from pilotwatch.domain import Record
from pilotwatch.intake.values.numbers import unit_of

How = Literal["title", "alias", "remembered", "similar", "user"]

_NOISE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff*★☆:：'\"“”]+")
_BRACKETS = re.compile(r"[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]")
_BRACKET_MARKS = re.compile(r"[()\[\]【】〔〕{}]")
_TRAILING_UNIT = re.compile(r"[/,，、|\s_-](?:单位)?([^/,，、|\s_-]{1,4})$")

#: words in a header or a title line → the coordinate system they name
_CRS = (
    ("GCJ02", re.compile(r"GCJ-?_?02|高德|腾讯|火星", re.I)),
    ("BD09", re.compile(r"BD-?_?09|百度", re.I)),
    ("CGCS2000", re.compile(r"CGCS-?2000|国家2000|2000国家|大地2000|天地图", re.I)),
    ("WGS84", re.compile(r"WGS-?_?84|GPS坐标|GPS经纬", re.I)),
)

#: Lists may be fed by several columns of a sheet (检查单位 and 联合检查部门).
_LISTS = ("choices", "departments", "texts")

#: A near match may not hang on one of these: 记名/不记名, 期初/期末, 发卡/退卡, 开工/完工, 1号/2号.
_TELLING = frozenset(
    "不非无未免本上下前后起止始终开完期初末中增减收发退进出购销最大小高低长宽深远近年月日时季周一二三四五六七八九十甲乙丙丁"
    "男女老少新旧总分正副主次内外东西南北左右代被合离入应实计预已待首再复审备登批注变延"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The header of one column: its levels from top to bottom as written, without line breaks."""

    index: int  # 0-based column of the sheet
    levels: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.levels[-1]

    @property
    def written(self) -> str:
        return "/".join(self.levels)


@dataclass(frozen=True, slots=True)
class Fit:
    """A heading and the field it feeds; `word` is the plain word of the record that it was found by."""

    heading: Heading
    field: str
    how: How
    word: str = ""


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Half-width, lower case, no spaces or marks: the form in which words are compared."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=8192)
def forms(text: str, loosely: bool = True) -> tuple[str, ...]:
    """The plain forms of a header, best first: without its unit, whole, and (loosely) without any bracket."""
    text = unicodedata.normalize("NFKC", text)
    without_unit = _TRAILING_UNIT.sub(lambda m: "" if unit_of(m[1]) else m[0], text.strip())
    without_unit = _BRACKETS.sub(lambda m: "" if _bracket_unit(m[1]) or crs_of(m[1]) else m[0], without_unit)
    found = [without_unit, text, *([_BRACKETS.sub("", without_unit)] if loosely else [])]
    return tuple(dict.fromkeys(filter(None, (plain(_BRACKET_MARKS.sub("", form)) for form in found))))


def unit_in(levels: Sequence[str]) -> str | None:
    """The unit that the lowest level with one names: `进销存（升）/期初库存` → 升."""
    for level in reversed(levels):
        level = unicodedata.normalize("NFKC", level).strip()
        for inner in _BRACKETS.findall(level):
            if unit := _bracket_unit(inner):
                return unit
        match = _TRAILING_UNIT.search(level)
        if match and unit_of(match[1]):
            return match[1]
    return None


def _bracket_unit(inner: str) -> str | None:
    for part in re.split(r"[,，、;；\s]", re.sub(r"单位[:：]?", "", inner)):
        if unit_of(part):
            return part
    return None


def crs_of(text: str) -> str | None:
    """The coordinate system that a text names."""
    return next((crs for crs, words in _CRS if words.search(text)), None)


class Vocabulary:
    """All words of all records: which field of which record each word heads, and how telling it is."""

    def __init__(self, records: Sequence[type[Record]]):
        self.records = tuple(records)
        self.words: dict[type[Record], dict[str, tuple[str, How]]] = {r: _words_of(r) for r in records}
        self.uses: dict[str, list[tuple[type[Record], str]]] = defaultdict(list)
        for record, words in self.words.items():
            for word, (field, _) in words.items():
                self.uses[word].append((record, field))
        self.weight = {word: len(uses) ** -0.5 for word, uses in self.uses.items()}

    def best_weight(self, headings: Iterable[Heading]) -> float:
        """How well the headings suit the record that they suit best, near matches aside; as `weight_of` its `fits`."""
        weights: dict[type[Record], dict[str, float]] = defaultdict(dict)
        for heading in headings:
            met: set[type[Record]] = set()
            for word in candidates(heading):
                for record, field in self.uses.get(word, ()):
                    if record not in met:
                        met.add(record)
                        weights[record].setdefault(field, self.weight[word])
        return max((sum(fields.values()) for fields in weights.values()), default=0.0)

    def fits(self, record: type[Record], headings: Iterable[Heading], *, similar: bool = True) -> list[Fit]:
        """The headings that feed a field of the record, one each, lists excepted: titles before aliases before near ones."""
        words = self.words[record]
        several = {c.name for c in record.columns() if c.kind in _LISTS}
        found: list[Fit] = []
        for heading in headings:
            for word in candidates(heading):
                if word in words:
                    found.append(Fit(heading, words[word][0], words[word][1], word))
                    break
        found.sort(key=lambda fit: fit.how != "title")
        taken: set[str] = set()
        kept = [fit for fit in found if fit.field in several or not (fit.field in taken or taken.add(fit.field))]
        if similar:
            kept += self._similar(record, [h for h in headings if all(h != fit.heading for fit in found)], taken)
        return sorted(kept, key=lambda fit: fit.heading.index)

    def _similar(self, record: type[Record], headings: list[Heading], taken: set[str]) -> list[Fit]:
        words = {word: field for word, (field, _) in self.words[record].items() if field not in taken}
        fits: dict[str, Fit] = {}
        for heading in headings:
            own = forms(heading.label)[0] if forms(heading.label) else ""
            if own in self.uses:  # another record's word means what that record means
                continue
            near = {(words[word], word) for word in words if _is_near(own, word)}
            if len({field for field, _ in near}) == 1:
                field, word = min(near)
                fits.setdefault(field, Fit(heading, field, "similar", word))
        return list(fits.values())

    def weight_of(self, fits: Iterable[Fit]) -> float:
        """How telling the words are that the fits were found by: those that many records have count less."""
        return sum(self.weight.get(fit.word, 1.0) * (0.7 if fit.how == "similar" else 1.0) for fit in fits)


def candidates(heading: Heading) -> list[str]:
    """The words a heading may be found by: with the level above (零售证书/有效期至), then its lowest level alone."""
    found = list(forms(heading.label))
    if len(heading.levels) > 1:
        parent = forms(heading.levels[-2])
        found = [parent[-1] + own for own in forms(heading.label)[:1] if parent] + found
    return found


def _words_of(record: type[Record]) -> dict[str, tuple[str, How]]:
    words: dict[str, tuple[str, How]] = {}
    columns = record.columns()
    for how, texts in (
        ("title", {c.name: (c.title.zh, c.header, c.title.en) for c in columns}),
        ("alias", {c.name: (*c.aliases, c.name) for c in columns}),
    ):
        for field, spellings in texts.items():
            for spelling in spellings:
                for word in forms(spelling, loosely=False):
                    words.setdefault(word, (field, how))
    return words


def _is_near(own: str, word: str) -> bool:
    """Whether a header is a slip or a variant of a word: one change per four characters, none that tells things apart."""
    if min(len(own), len(word)) < 4:
        return False
    allowed = max(len(own), len(word)) // 4
    if Levenshtein.distance(own, word, score_cutoff=allowed) > allowed:
        return False
    changed = {
        character
        for op in Levenshtein.editops(own, word)
        for character in (
            (own[op.src_pos] if op.tag in ("delete", "replace") else ""),
            (word[op.dest_pos] if op.tag in ("insert", "replace") else ""),
        )
    }
    return not any(c in _TELLING or c.isascii() for c in changed if c)


def dataset_bonus(record: type[Record], places: Mapping[str, float]) -> float:
    """How strongly the words around a table (sheet, title, file: text → weight) name the record's dataset."""
    spec = record.spec
    words = {plain(word) for word in (*spec.words, spec.zh, spec.dataset)}
    return max(
        (weight + 0.1 * len(word) for text, weight in places.items() for word in words if word in plain(text)),
        default=0.0,
    )
