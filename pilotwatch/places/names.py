"""How people write the names of divisions, streets and departments, and which code each writing means.

Matching is exact on a plain form (half-width, no spaces, no case) plus tables of other writings; it never guesses by
similarity: a name that could mean two things means neither, and the caller reports it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_CITY = re.compile(r"^(新疆维吾尔自治区|新疆自治区|新疆)?(乌鲁木齐市|乌市)?")
_OFFICE = re.compile(r"(人民政府|政府|管理委员会|管委会)$")


def plain(word: str) -> str:
    """The form names are compared in: NFKC (half-width, ASCII brackets), no spaces or invisible characters, no case."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", word)).casefold()


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to write a name, and from when to when it was right (either end open)."""

    word: str
    target: str
    valid_from: date | None = None
    valid_to: date | None = None

    def valid(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class Aliases:
    """Words → targets, with dates: a word may pass from one department to another in a reorganisation."""

    def __init__(self, rows: Iterable[Alias]):
        self._rows: dict[str, list[Alias]] = {}
        for row in rows:
            self._rows.setdefault(row.word, []).append(row)

    def __contains__(self, word: str) -> bool:
        return word in self._rows

    def __iter__(self) -> Iterable[str]:
        return iter(self._rows)

    def find(self, word: str, on: date | None = None) -> str | None:
        """What `word` meant on that day.

        An outdated name is still understood as long as it only ever meant one thing; without a date, likewise.
        """
        rows = self._rows.get(word, ())
        targets = {r.target for r in rows if on is not None and r.valid(on)} or {r.target for r in rows}
        return targets.pop() if len(targets) == 1 else None


# --- divisions --------------------------------------------------------------------------------------------------


class DivisionNames:
    """Finds the division (and the zone, if the word names one) that a word means; targets are `division/zone`."""

    def __init__(self, aliases: Iterable[Alias]):
        rows = list(aliases)
        self._aliases = Aliases(Alias(plain(r.word), r.target, r.valid_from, r.valid_to) for r in rows)
        prefixes = sorted((w for w in self._aliases if w[-1] in "区县园"), key=len, reverse=True)
        self._prefix = re.compile("|".join(map(re.escape, prefixes)))

    def find(self, word: str) -> tuple[str, str | None] | None:
        """`高新区（新市区）` → ("650104", None); `甘泉堡` → ("650109", "GQP"); None for what is no division."""
        key = re.sub(r"^(\d{6})(0{3}|0{6})$", r"\1", plain(word))  # 650102000000, the statistical form of a code
        for candidate in (key, _CITY.sub("", key), _OFFICE.sub("", _CITY.sub("", key))):
            target = self._aliases.find(candidate)
            if target:
                division, _, zone = target.partition("/")
                return division, zone or None
        return self._both_names(_CITY.sub("", key))

    def _both_names(self, key: str) -> tuple[str, str | None] | None:
        """`经开区(头屯河区)`: two names of one place must agree; a second that is no division only qualifies the first."""
        found = re.fullmatch(r"(.+?)\((.+)\)(.*)", key)
        if not found:
            return None
        first, second = (self.find(part) for part in (found[1], found[2]))
        return first if second in (None, first) else None

    def strip(self, word: str) -> tuple[str | None, str]:
        """A leading division taken off a plain word: `天山区商务局` → ("650102", "商务局")."""
        rest = _CITY.sub("", word) or word
        found = self._prefix.match(rest)
        if not found or found.end() == len(rest):
            return None, rest
        place, rest = self.find(found[0]), rest[found.end() :]
        twin = re.match(r"\((.+?)\)", rest)
        if twin and self.find(twin[1]):
            rest = rest[twin.end() :]
        return (place[0] if place else None), rest


# --- streets ----------------------------------------------------------------------------------------------------

#: Endings of street-level names, longest first, and what sort of place each makes.
_ENDINGS: tuple[tuple[str, str], ...] = (
    ("片区管委会街道", "street"), ("片区街道办事处", "street"), ("片区街道办", "street"), ("片区办事处", "street"),
    ("片区管委会", "street"), ("片区街道", "street"), ("街道办事处", "street"), ("街道办", "street"),
    ("办事处", "street"), ("管委会", "street"), ("街道", "street"), ("片区", "street"),
    ("镇人民政府", "rural"), ("镇政府", "rural"), ("镇", "rural"),
    ("乡人民政府", "rural"), ("乡政府", "rural"), ("乡", "rural"),
)  # fmt: skip


def _split_street(name: str) -> tuple[str, str, str]:
    """(base, sort, ending) of a plain street name: `二工乡` → ("二工", "rural", "乡"); sort "" where it has no ending."""
    for ending, sort in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)], sort, ending[0]
    return name, "", ""


class StreetNames:
    """Finds the street, town or township a word means inside a division.

    The division decides first: `二工街道` and `二工乡` are two places of one district, `托里乡` has namesakes
    elsewhere. `街道`, `街道办`, `片区` … are one ending; 镇 and 乡 differ only where both exist (a township that became
    a town keeps its code here); a bare name counts where only one place can be meant.
    """

    def __init__(self, names: Mapping[str, str], aliases: Iterable[Alias], divisions: DivisionNames):
        """`names`: code → official name; the first six digits of a code are its division."""
        self._codes = frozenset(names)
        self._divisions = divisions
        self._by_name: dict[tuple[str, str], set[str]] = {}
        for word, code in [*((n, c) for c, n in names.items()), *((a.word, a.target) for a in aliases)]:
            base, sort, ending = _split_street(plain(word))
            for key in {plain(word), f"{base}|{ending}", f"{base}|{sort}", f"{base}|"}:
                for division in (code[:6], ""):
                    self._by_name.setdefault((division, key), set()).add(code)

    def find(self, word: str, division: str | None) -> str | None:
        """The 9-digit code, or None if the word means no street of that division (or could mean several)."""
        key = plain(word)
        if re.fullmatch(r"\d{9}|\d{12}", key):
            code = key[:9]
            return code if code in self._codes and (not division or code.startswith(division)) else None
        code = self._within(key, division or "")
        if code:
            return code
        named, rest = self._divisions.strip(key)
        if rest == key or (named and division and named != division):
            return None
        return self._within(rest, division or named or "")

    def _within(self, key: str, division: str) -> str | None:
        base, sort, ending = _split_street(key)
        keys = [key]
        if sort:
            keys += [f"{base}|{ending}", f"{base}|{sort}"]
        elif division:
            keys += [f"{base}|"]
        for candidate in keys:
            codes = self._by_name.get((division, candidate), ())
            if codes:
                return next(iter(codes)) if len(codes) == 1 else None
        return None


# --- departments ------------------------------------------------------------------------------------------------

_SEPARATORS = re.compile(r"[、,，;；/|\n\r\t ]+")
_AND = re.compile(r"[和及与]")
_REGION = re.compile(r"^(新疆维吾尔自治区|新疆自治区)(?!乌鲁木齐)")


class DepartmentNames:
    """Finds the department a name means: `乌鲁木齐市商务局`, `市商务局`, `商务局` and `天山区商务局` are one line of work."""

    def __init__(self, names: Mapping[str, str], aliases: Iterable[Alias], divisions: DivisionNames):
        self._divisions = divisions
        self._codes = {plain(code): code for code in names}
        official = (Alias(name, code) for code, name in names.items())
        self._aliases = Aliases(
            Alias(self._stem(plain(a.word)), a.target, a.valid_from, a.valid_to) for a in (*official, *aliases)
        )

    def find(self, word: str, on: date | None = None) -> str | None:
        """The code, or None. `on`: the day the name was used; a reorganisation may have given it another meaning."""
        key = plain(word)
        stems = dict.fromkeys((self._stem(key), key, re.sub(r"\(.*?\)", "", self._stem(key))))
        return self._codes.get(key) or next((code for s in stems if (code := self._aliases.find(s, on))), None)

    def find_all(self, words: str, on: date | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(codes, words not understood) of a list in one cell: `市商务局、市城管局`; order kept, each once."""
        codes: dict[str, None] = {}
        unknown: list[str] = []
        for part in filter(None, _SEPARATORS.split(words.strip())):
            code = self.find(part, on)
            found = [code] if code else [self.find(p, on) for p in _AND.split(part)] if _AND.search(part) else [None]
            if None in found:
                unknown.append(part)
            else:
                codes.update(dict.fromkeys(c for c in found if c))
        return tuple(codes), tuple(unknown)

    def _stem(self, key: str) -> str:
        """A name without the place it belongs to: one leading city, 市, 区 or division is taken off."""
        key = _REGION.sub("自治区", key)  # the region's offices are others than the city's
        named, rest = self._divisions.strip(key)
        if named or rest != key:
            return rest
        return key[1:] if key[0] in "市区县" and len(key) > 2 else key
