"""Links from one page to a place on another, for tables and sentences; the language travels in a cookie."""

from __future__ import annotations

from urllib.parse import urlencode

from ui.html import Html, tag


def to_subject(subject_id: str, shown: object, **more: str | None) -> Html:
    """The page of a subject; `more`: what is looked at there, as in `indicator="SBH-01"`."""
    return _to("subject", shown, subject=subject_id, **more)


def to_warning(number: str, shown: object) -> Html:
    """One warning with all about it."""
    return _to("warnings", shown, warning=number)


def to_score(code: str, shown: object) -> Html:
    """An indicator's score and back-test."""
    return _to("scorecard", shown, indicator=code)


def to_case(number: str, shown: object) -> Html:
    """One case of disposal with all about it."""
    return _to("cases", shown, case=number)


def to_hotspot(ref: str, shown: object, **more: str | None) -> Html:
    """A place of a test on the map; `ref`: domain/measure/layer/period/place, as its case names it."""
    names = ("domain", "measure", "layer", "period", "place")
    return _to("hotspots", shown, **dict(zip(names, ref.split("/"), strict=False)), **more)


def to_brief(brief_id: str, shown: object) -> Html:
    """A brief that was issued and is kept."""
    return _to("brief", shown, view="kept", kept=brief_id)


def _to(page: str, shown: object, **query: str | None) -> Html:
    named = urlencode({n: v for n, v in query.items() if v is not None})
    return tag("a", shown, href=f"/{page}?{named}", target="_self", cls="pw-to")
