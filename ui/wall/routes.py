"""The wall's addresses: the picture, its slides as data, and the form that lets a machine go on showing them.

`/wall/…` passes the guard of `ui.access` unasked, for a screen has no log-in of a person: each of these asks by itself who it is.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pilotwatch import access
from pilotwatch.access import AccessRefused, Person, screens
from pilotwatch.domain import Language
from pilotwatch.workdays import BEIJING, now, today
from ui import access as doors
from ui import cache
from ui.screen import Screen
from ui.texts import text

COOKIE = "pilotwatch_wall"  # the token of a screen; sent to /wall alone
SECONDS = (10, 60)  # a slide stays at least and at most
FIRST_SECONDS = 20
ANEW = 600  # seconds after which slides are made again although no data changed: clocks run, cases move
_log = logging.getLogger("pilotwatch.wall")
_HERE = Path(__file__).parent
_WORDS = (
    "previous", "next", "pause", "play", "paused", "full", "leave", "seconds", "waiting", "away", "ends", "ended", "log_in", "refused",
)  # fmt: skip


@dataclass(frozen=True)
class Viewer:
    """Who looks: `person` with the scope of what is shown; `screen`: by a screen's own token, not by a log-in."""

    person: Person
    unit: str | None
    screen: bool
    until: datetime | None


def viewer(request: Request) -> Viewer | None:
    """By the log-in of a person, else by the token of a screen. A unit that isn't theirs: None."""
    store, asked = cache.workspace().store, request.query_params.get("unit") or None
    token = request.cookies.get(doors.SESSION)
    person = access.who(store, token)
    if person is not None and not person.must_change:
        if not person.may("read") or (asked and person.units is not None and asked not in person.units):
            return None
        known = {u.code for u in cache.workspace().places.units}
        if asked and asked not in known:
            return None
        own = replace(person, units=frozenset({asked})) if asked else person
        return Viewer(own, asked, False, _until(token))
    found = screens.screen_of(store, request.cookies.get(COOKIE))
    if found is None or (asked and asked != found.unit):
        return None
    return Viewer(found.person, found.unit, True, found.until)


def _until(token: str | None) -> datetime | None:
    with cache.workspace().store.registers(write=False) as books:
        session = books.session(hashlib.sha256((token or "").encode()).hexdigest())
    return session["expires_at"] if session else None


# --- the picture -----------------------------------------------------------------------------------------------------


async def show(request: Request) -> Response:
    """The picture: everything it needs is in it but the slides, so that it can stand on its own."""
    found = await run_in_threadpool(viewer, request)
    if found is None:
        return _no(request)
    language = _language(request)
    words = {n: text(f"wall.{n}")(language) for n in _WORDS}
    page = Template(_part("show.html")).substitute(
        lang="zh-CN" if language == "zh" else "en", title=escape(text("nav.wall")(language)),
        product=escape(text("product.short")(language)), style=_part("show.css"), script=_part("show.js"),
        settings=json.dumps({
            "words": words, "every": _every(request), "leave": "/wall" if not found.screen else "",
            "source": "/wall/slides?" + urlencode({"lang": language} | ({"unit": found.unit} if found.unit else {})),
            "demo": text("badge.demo")(language) if cache.workspace().store.demo else "",
            "keep": "/wall/keep?" + urlencode({"unit": found.unit or ""}),
        }, ensure_ascii=False).replace("<", "\\u003c"),
    )  # fmt: skip
    return HTMLResponse(page, headers={"cache-control": "no-store"})


async def slides(request: Request) -> Response:
    """The slides as JSON; 304 where the browser has them already, which costs a look at the store's version."""
    found = await run_in_threadpool(viewer, request)
    if found is None:
        return JSONResponse({"error": "ended"}, 401)
    try:
        body, tag_ = await run_in_threadpool(_made, found, _language(request))
    except Exception as error:  # the picture that is there stays, and says since when
        _log.error("the slides couldn't be made", exc_info=error)
        return JSONResponse({"error": "away"}, 503)
    ends = found.until.astimezone(BEIJING).isoformat() if found.until else ""
    headers = {
        "etag": tag_,
        "cache-control": "no-store",
        "x-wall-until": ends,
        "x-wall-screen": "1" if found.screen else "0",
    }
    if request.headers.get("if-none-match") == tag_:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


_kept: dict[tuple[Any, ...], tuple[tuple[Any, ...], bytes, str]] = {}
_making = threading.Lock()


def _made(found: Viewer, language: Language) -> tuple[bytes, str]:
    """The slides of a scope in a language, made once for everybody who looks at them."""
    house, person = cache.workspace(), found.person
    scope = (
        person.role,
        *(",".join(sorted(b)) if b is not None else "*" for b in (person.units, person.domains)),
        language,
    )
    standing = (house.store.data_version(), today(), int(now().timestamp()) // ANEW)
    with _making:  # one at a time: ten screens that wake up together cost one making
        kept = _kept.get(scope)
        if kept is None or kept[0] != standing:
            body = _body(Screen(house, house.desk(person), language, "dark"))
            kept = _kept[scope] = standing, body, f'"{hashlib.sha256(body).hexdigest()[:24]}"'
            while len(_kept) > 64:
                _kept.pop(next(iter(_kept)))
    return kept[1], kept[2]


def _body(screen: Screen) -> bytes:
    from ui.wall import slides as making

    stamped, old = making.stamp(screen)
    told = {
        "scope": making.scope_name(screen), "stamp": stamped, "stale": old, "build": _build(),
        "slides": [{"name": s.name, "title": s.title, "html": s.html} for s in making.made(screen)],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode()


def _build() -> str:
    """Of which picture these slides are; an open one loads itself anew when it is another."""
    return hashlib.sha256("".join(_part(n) for n in ("show.html", "show.css", "show.js")).encode()).hexdigest()[:12]


# --- a screen of its own -----------------------------------------------------------------------------------------------


async def keep(request: Request) -> Response:
    """The form that opens a screen on this machine; POST opens it. Only for somebody who is logged in."""
    store = cache.workspace().store
    token = request.cookies.get(doors.SESSION)
    person = await run_in_threadpool(access.who, store, token)
    if person is None or person.must_change:
        return RedirectResponse("/login?next=%2Fwall", 303)
    language = _language(request)
    if request.method != "POST":
        return _form(request, language, request.query_params.get("unit") or "")
    form = await request.form()
    unit, label = str(form.get("unit", "")) or None, str(form.get("label", "")).strip()
    if not _same_form(request, str(form.get("form", ""))):
        return _form(request, language, unit or "", text("login.stale")(language), 400)
    named = label or _name(unit, language)
    try:
        made = await run_in_threadpool(screens.open_screen, store, person, unit, named)
    except AccessRefused as no:
        return _form(request, language, unit or "", no.message(language), 400)
    there = {"unit": unit} if unit else {}
    response = RedirectResponse("/wall/show?" + urlencode(there | {"lang": language}), 303)
    response.set_cookie(
        COOKIE, made, max_age=int(screens.LASTS.total_seconds()), path="/wall", httponly=True, samesite="lax",
        secure=doors.is_https(request),
    )  # fmt: skip
    response.delete_cookie(doors.FORM)
    if form.get("out"):
        await run_in_threadpool(access.log_out, store, token)
        response.delete_cookie(doors.SESSION, path="/")
    return response


def _form(request: Request, language: Language, unit: str, error: str = "", status: int = 200) -> Response:
    secret = secrets.token_urlsafe(24)
    values = {
        n: escape(text(f"wall.{n}")(language))
        for n in ("keep_title", "keep_label", "keep_hint", "keep_out", "keep_go", "back")
    }
    page = Template(_part("keep.html")).substitute(
        values, lang="zh-CN" if language == "zh" else "en", product=escape(text("product.short")(language)), secret=secret,
        note=escape(text("wall.keep_note").format(days=screens.LASTS.days)(language)), scope=escape(_name(unit or None, language)),
        unit=escape(unit), error=f'<p class="said bad" role="alert">{escape(error)}</p>' if error else "",
    )  # fmt: skip
    response = HTMLResponse(page, status, headers={"cache-control": "no-store"})
    response.set_cookie(doors.FORM, secret, httponly=True, samesite="strict", secure=doors.is_https(request))
    return response


ROUTES = [
    Route("/wall/show", show),
    Route("/wall/slides", slides),
    Route("/wall/keep", keep, methods=["GET", "POST"]),
]


# --- within ------------------------------------------------------------------------------------------------------------


def _no(request: Request) -> Response:
    """Nobody is sent to log in, and comes back; who may not look is told so."""
    if request.cookies.get(doors.SESSION) and access.who(cache.workspace().store, request.cookies[doors.SESSION]):
        return HTMLResponse(
            f"<!doctype html><meta charset=utf-8><p>{escape(text('wall.refused')(_language(request)))}", 403
        )
    there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/login?" + urlencode({"next": there}), 303)


def _language(request: Request) -> Language:
    return doors.language_of(request)


def _same_form(request: Request, field: str) -> bool:
    """Whether the form is one that we gave this browser (double submit)."""
    cookie = request.cookies.get(doors.FORM, "")
    return bool(cookie) and secrets.compare_digest(cookie.encode(), field.encode())


def _every(request: Request) -> int:
    asked = request.query_params.get("every", "")
    return min(max(int(asked), SECONDS[0]), SECONDS[1]) if asked.isdecimal() and len(asked) < 4 else FIRST_SECONDS


def _name(unit: str | None, language: Language) -> str:
    titles = {u.code: u.title for u in cache.workspace().places.units}
    return titles[unit](language) if unit in titles else text("word.all_city")(language)


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


__all__ = ["ANEW", "COOKIE", "FIRST_SECONDS", "ROUTES", "SECONDS"]
