"""Words in both languages, and what a declaration gets wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["zh", "en"]


class ContractError(ValueError):
    """A domain declares something the contract doesn't allow; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of ours in both languages; calling it picks one."""

    zh: str
    en: str

    def __call__(self, language: Language = "zh") -> str:
        return self.zh if language == "zh" else self.en

    def format(self, **values: Any) -> Text:
        """Fills `{name}` in both languages; a value that is a Text is filled in its own language."""

        def fill(language: Language, template: str) -> str:
            return template.format(**{k: v(language) if isinstance(v, Text) else v for k, v in values.items()})

        return Text(fill("zh", self.zh), fill("en", self.en))


class Titled:
    """What a declaration is called, of its `zh` and `en`."""

    zh: str
    en: str

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)


#: The units values are stored in, as a clerk's header writes them.
UNITS: dict[str, Text] = {
    "yuan": Text("元", "yuan"), "yuan/L": Text("元/升", "yuan/L"), "L": Text("升", "L"), "L/h": Text("升/小时", "L/h"),
    "t": Text("吨", "t"), "kg/m³": Text("kg/m³", "kg/m³"), "m": Text("米", "m"), "m²": Text("平方米", "m²"),
    "m³": Text("立方米", "m³"), "mm": Text("毫米", "mm"), "°C": Text("°C", "°C"), "Pa": Text("Pa", "Pa"),
    "%": Text("%", "%"), "‰": Text("‰", "‰"), "min": Text("分钟", "min"), "month": Text("月", "months"),
}  # fmt: skip
