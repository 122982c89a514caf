"""The frame of every page: `screen = begin("overview")` is each page's first line.

It asks the store who is logged in, keeps the language, draws the header row, and gives the page what it works with. A
page needs nothing else to have run before it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import streamlit as st

from pilotwatch import access, bounds
from pilotwatch.domain import Domain, Indicator, Language, Text
from pilotwatch.settings import ROOT
from pilotwatch.store import ROLES, Desk, Person, StoreRefused
from pilotwatch.workdays import BEIJING, now, standing
from pilotwatch.workspace import Workspace
from ui import asof, blocks, cache, theme
from ui.html import Html, join, tag
from ui.texts import text

_log = logging.getLogger("pilotwatch.ui")


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its file, what a role must be allowed to see it, the group it stands in (those of none come first), and
    whether it stands in the user's menu instead of the navigation.

    It has no icon: the icon of a page becomes that of the browser's tab, which Streamlit fetches from outside.
    """

    name: str
    needs: str | None = None
    refusal: str | None = None  # the text that says why not
    part: str | None = None  # a right that opens a part of it; the page itself sees to which
    menu: bool = False
    group: str = ""  # its title is the text `group.<name>`

    @property
    def file(self) -> str:
        return str(ROOT / "pages" / f"{self.name}.py")

    def opens(self, may: Callable[[str], bool]) -> bool:
        """Whether somebody with these rights sees the page, or a part of it."""
        return self.needs is None or may(self.needs) or (self.part is not None and may(self.part))


PAGES = (
    Place("overview", "read", "frame.no_read"),
    Place("warnings", "read", "frame.no_read"),
    Place("cases", "read", "frame.no_read"),
    Place("hotspots", "read", "frame.no_read"),
    Place("inspection", "read", "frame.no_read", part="witness", group="inspection"),
    Place("library", "read", "frame.no_read", group="inspection"),
    Place("visit", "read", "frame.no_read", group="inspection"),
    Place("subject", "read", "frame.no_read", group="risk"),
    Place("signals", "read", "frame.no_read", group="risk"),
    Place("upload", "write", "frame.no_write"),
    Place("scorecard", "read", "frame.no_read", group="risk"),
    Place("audit", "audit", "audit.not_for_role"),
    Place("review", "read", "frame.no_read", group="review"),
    Place("approvals", "read", "frame.no_read", group="review"),
    Place("policy", "read", "frame.no_read", group="review"),
    Place("typical", "read", "frame.no_read", group="review"),
    Place("brief", "read", "frame.no_read", group="review"),
    Place("accounts", "accounts", "accounts.not_for_role"),
    Place("dictionary"),
    Place("wall", "read", "frame.no_read", menu=True),
    Place("settings", "settings", "frame.no_settings", menu=True),
    Place("messages", menu=True),
    Place("me", menu=True),
)


@dataclass(frozen=True)
class Screen:
    """What a page works with: the person's desk, the workspace, the language and the theme."""

    house: Workspace
    desk: Desk
    language: Language
    mode: theme.Mode

    @property
    def person(self) -> Person:
        return self.desk.person

    @property
    def domains(self) -> tuple[Domain, ...]:
        """The domains the person works in."""
        mine = self.person.domains
        return tuple(d for d in self.house.registry.domains if mine is None or d.name in mine)

    @cached_property
    def kept_by(self) -> cache.Key:
        """What cached figures of this run are kept by."""
        return cache.key(self.desk)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by its code, with the bounds that the city set."""
        return {i.code: i for i in bounds.in_force(self.desk, self.house.registry).indicators}

    def say(self, key: str, **values: Any) -> str:
        """The text of a key in the person's language; a value that is a Text is filled in that language, too."""
        return text(key).format(**values)(self.language) if values else text(key)(self.language)

    def pick(self, shown: Text) -> str:
        return shown(self.language)

    def unit(self, code: str) -> str:
        """The name of a reporting unit."""
        titles = {u.code: u.title for u in self.house.places.units}
        return self.pick(titles[code]) if code in titles else code or self.say("word.no_unit")

    @property
    def everywhere(self) -> str:
        """What the whole of the person's scope is called: the city, or all of their units."""
        return self.say("word.all_city" if self.person.units is None else "word.all_units")

    def where(self, unit: str | None) -> str:
        """The unit that is looked at, or the whole of the scope."""
        return self.unit(unit) if unit else self.everywhere

    def department(self, code: str) -> str:
        """The name of a department."""
        found = self.house.places.departments.get(code)
        return self.pick(found.title) if found else code

    def go(self, name: str, **query: str) -> None:
        """Turns to another page; `query`: what is looked at there, as its address says it."""
        st.switch_page(next(p.file for p in PAGES if p.name == name), query_params=query or None)

    def listed(self, words: Sequence[str]) -> str:
        """甲、乙、丙."""
        return ("、" if self.language == "zh" else ", ").join(words)


def begin(name: str) -> Screen:
    """Draws the frame of the page `name` and gives what it works with; stops the run where there is nobody logged in."""
    language, mode = _language(), _mode()
    st.set_page_config(page_title=text("product.title")(language), page_icon=str(ROOT / "static" / "icon.svg"),
                       layout="wide", initial_sidebar_state="collapsed")  # fmt: skip
    st.html(theme.STYLE)
    paper = f"@media print{{{theme.variables('light')}}}"
    st.html(f"<style>{theme.variables(mode)}{_words(language)}{paper}</style>")
    person = visitor()
    if person is None:
        _end(text("frame.ended"), language)
    if person.must_change:
        _end(text("frame.must_change"), language, "/password", "frame.password")
    to_come = asof.settle(person)
    house = cache.workspace()
    screen = Screen(house, house.desk(person), language, mode)
    st.session_state["paper"] = (name, screen, st.empty())  # for its printed head: see ui.paper
    _header(screen)
    asof.banner(screen)
    if to_come:
        asof.wait(screen, to_come)
    page = next(p for p in PAGES if p.name == name)
    if not page.opens(person.may):
        st.info(
            screen.say("frame.not_for_role", role=ROLES[person.role], instead=text(page.refusal or "frame.no_read"))
        )
        st.stop()
    asof.refuse_present_only(screen, name)
    return screen


def visitor() -> Person | None:
    """Who is logged in, asked anew in each run."""
    with standing(None):
        return access.who(asof.present().store, st.user.get("session"))


def first_of(person: Person | None) -> Place:
    """The page that a person begins at: it has the address `/`, whatever it is called."""
    whole = (p for p in _seen(person) if not p.menu and (p.needs is None or person.may(p.needs)))
    return next(whole, PAGES[0])


def _seen(person: Person | None) -> list[Place]:
    return [p for p in PAGES if person and p.opens(person.may)]


def navigation() -> Any:
    """The pages the visitor's role sees, the first of them first; the others are hidden and say why."""
    language, person = _language(), visitor()
    seen, first = _seen(person), first_of(person)
    groups: dict[str, list[Any]] = {"": []}  # those of no group stand before the others
    for page in PAGES:
        shown = page in seen and not page.menu
        group = text(f"group.{page.group}")(language) if page.group and shown else ""
        groups.setdefault(group, []).append(
            st.Page(
                page.file, title=text(f"nav.{page.name}")(language), url_path=page.name, default=page is first,
                visibility="visible" if shown else "hidden",
            )
        )  # fmt: skip
    return st.navigation(groups, position="top")


def fault(error: Exception) -> bool:
    """Whatever a page didn't foresee: the user gets a sentence with the time, the log the whole story."""
    with standing(None):
        at = now()
    _log.error("a page failed at %s", at.isoformat(timespec="seconds"), exc_info=error)
    said = text("frame.fault").format(at=f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}")
    st.error(said(st.session_state.get("language", "zh")))
    return True


# --- language and theme --------------------------------------------------------------------------------------------


def _language() -> Language:
    """The session's language: by the switch, else by the address (`?lang=en`), else by the cookie, else Chinese."""
    if "language" not in st.session_state:
        asked = st.query_params.get("lang") or st.context.cookies.get("pilotwatch_language")
        st.session_state.language = "en" if asked == "en" else "zh"
    language: Language = st.session_state.language
    if language == "en" and st.query_params.get("lang") != "en":
        st.query_params["lang"] = "en"
    elif language == "zh" and "lang" in st.query_params:
        del st.query_params["lang"]
    return language


def _switch_language() -> None:
    st.session_state.language = "zh" if st.session_state.language == "en" else "en"
    st.session_state.language_switched = True


def _mode() -> theme.Mode:
    return "dark" if st.context.theme.type == "dark" else "light"


def _words(language: Language) -> str:
    """Texts that only CSS can put in place of Streamlit's English ones."""
    words = {
        "product": "product.short",
        "drop": "upload.drop",
        "browse": "upload.browse",
        "limit": "upload.limit",
        "attach": "cases.attach",
        "large": "upload.too_large",
    }
    labels = "none" if language == "en" else "block"  # of the header's buttons, where English takes more room
    told = "".join(f'--pw-word-{n}:"{text(key)(language)}";' for n, key in words.items())
    return f":root{{{told}--pw-narrow-labels:{labels}}}"


# --- the header row ------------------------------------------------------------------------------------------------


def _header(screen: Screen) -> None:
    st.logo(str(ROOT / "static" / "icon.svg"), size="medium")
    with st.container(key="pw-top", horizontal=True, vertical_alignment="center", gap="small", width="content"):
        st.html(_stamps(screen), width="content")
        asof.choose(screen)
        st.button(screen.say("frame.language"), key="pw-language", type="tertiary", on_click=_switch_language,
                  help=screen.say("frame.language_help"))  # fmt: skip
        with st.popover(screen.person.name, key="pw-user", icon=":material/account_circle:", type="tertiary"):
            _user_menu(screen)
    if st.session_state.pop("language_switched", False):
        cookie = f"pilotwatch_language={screen.language}; path=/; max-age=31536000; samesite=lax"
        st.html(f"<script>document.cookie = {cookie!r}</script>", unsafe_allow_javascript=True, width="content")
    for broken in screen.house.registry.broken:
        st.warning(screen.say("frame.broken", name=broken.name, reason=broken.reason), icon=":material/extension_off:")
    for problem in screen.house.places.problems if screen.person.may("settings") else ():
        st.warning(screen.pick(problem), icon=":material/map:")


def _stamps(screen: Screen) -> Html:
    demo = tag("span", screen.say("badge.demo"), cls="pw-demo") if screen.house.store.demo else None
    at = cache.newest(screen.desk) if screen.person.may("read") else None
    stamp = screen.say("frame.as_of", at=blocks.moment(at)) if at else screen.say("frame.no_data")
    told = tag("span", stamp, cls="pw-asof") if screen.person.may("read") else None
    return tag("div", join([demo, told]), cls="pw-stamps")


def _user_menu(screen: Screen) -> None:
    person = screen.person
    units = screen.listed([screen.unit(u) for u in sorted(person.units or ())])
    domains = screen.listed([screen.pick(d.title) for d in screen.domains])
    lines = [
        screen.pick(ROLES[person.role]),
        screen.say("frame.scope_units", units=units) if person.units is not None else None,
        screen.say("frame.scope_domains", domains=domains) if person.domains is not None else None,
        screen.say("frame.scope_all") if person.units is None and person.domains is None else None,
    ]
    st.html(tag("div", tag("b", person.name), tag("span", person.username), *(tag("p", w) for w in lines if w),
                cls="pw-user"))  # fmt: skip
    query = "?lang=en" if screen.language == "en" else ""
    links = {f"/{p.name}{query}": f"nav.{p.name}" for p in PAGES if p.menu and p.opens(person.may)}
    st.html(tag("p", *(tag("a", screen.say(key), href=there, target="_self", cls="pw-link") for there, key in links.items()),
                cls="pw-links"))  # fmt: skip
    if st.button(screen.say("frame.log_out"), key="pw-log-out", icon=":material/logout:", width="stretch"):
        with standing(None), suppress(StoreRefused):  # while it is moved the cookie goes, no more
            access.log_out(asof.present().store, st.user["session"])
        st.html("<script>window.location.replace('/logout')</script>", unsafe_allow_javascript=True)
        _end(text("frame.logged_out"), screen.language)


def _end(said: Text, language: Language, href: str = "/login", link: str = "frame.log_in") -> None:
    """Says why the page ends here, with the way on."""
    st.html(tag("div", tag("p", said(language)), tag("a", text(link)(language), href=href, target="_self", cls="pw-go"),
                cls="pw-end"))  # fmt: skip
    st.stop()
