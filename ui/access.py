"""Who is asking: the log-in pages, and the guard every request passes.

The browser holds one HttpOnly cookie with the token of its log-in. The guard turns it into the header behind `st.user`,
dropping any such header a client sends; each run of a page asks the store again whether the token still counts
(`ui.screen`), so that a log-out or a disabled account ends an open tab, too.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pilotwatch import access
from pilotwatch.access import AccessRefused, Person
from pilotwatch.domain import Language, Text
from pilotwatch.settings import settings
from pilotwatch.store import StoreRefused
from ui import cache, login_page, screen
from ui.texts import text

SESSION = "pilotwatch_session"  # the cookie with the token
LANGUAGE = "pilotwatch_language"  # the cookie with zh or en; the pages' own switch sets it, too
FORM = "pilotwatch_form"  # the cookie that a form's hidden field has to repeat
HEADER = b"x-pilotwatch-session"  # behind st.user, see server.trustedUserHeaders in .streamlit/config.toml

#: Nothing is fetched from, sent to or framed by anybody else: the browser itself sees to it.
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss: blob: data:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_OPEN = (
    "/login",
    "/logout",
    "/healthz",
    "/wall/show",  # these ask by themselves who it is: a screen has no log-in of a person (ui.wall.routes)
    "/wall/slides",
    "/wall/keep",
    "/assets/",
    "/static/",
    "/favicon.png",
    "/_stcore/health",
    "/_stcore/host-config",
)
#: Streamlit's own log-in, too: it opens none of ours (docs/decisions.md)
_SHUT = (
    "/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/auth/", "/oauth2callback",
)  # fmt: skip


class Guard:
    """ASGI middleware: who has no log-in gets the log-in page, and nothing else."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope = dict(scope, headers=[(n, v) for n, v in scope["headers"] if n.lower() != HEADER])
        answer = await self._answer(scope)
        await (answer or self._app)(scope, receive, _with_headers(send) if scope["type"] == "http" else send)

    async def _answer(self, scope: dict[str, Any]) -> ASGIApp | None:
        """What is answered at once; None: the request goes on, with its log-in in the header."""
        path, asks_page = scope["path"], _asks_page(scope)
        if scope["type"] == "websocket" and not _same_origin(scope):
            return _shut
        if path.startswith(_SHUT):
            return PlainTextResponse("404", 404) if scope["type"] == "http" else None
        if path.startswith(_OPEN):
            return None
        token = HTTPConnection(scope).cookies.get(SESSION)
        person = await run_in_threadpool(access.who, cache.workspace().store, token) if token else None
        if person is None:
            if scope["type"] == "websocket":
                return None  # the page says itself that the log-in has ended
            return _to_login(scope) if asks_page else PlainTextResponse("401", 401)
        if person.must_change and asks_page and path != "/password":
            return RedirectResponse("/password", 303)
        if asks_page and path == f"/{screen.first_of(person).name}":  # Streamlit knows it by no name but `/`
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(f"/?{query}" if query else "/", 303)
        scope["headers"].append((HEADER, token.encode("latin-1")))
        return None


def _same_origin(scope: Scope) -> bool:
    """Whether a socket is opened by a page of ours: its origin is the host it is opened at. What is let through here
    Streamlit lets through, too; what isn't, it would look up the machine's outside address for, at a server of others."""
    headers = dict(scope["headers"])
    origin = headers.get(b"origin")
    return origin is None or urlsplit(origin.decode("latin-1")).netloc == headers.get(b"host", b"").decode("latin-1")


async def _shut(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Refuses a socket; the browser is told 403."""
    await send({"type": "websocket.close", "code": 1008})


def _asks_page(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return scope["type"] == "http" and scope["method"] == "GET" and b"text/html" in headers.get(b"accept", b"")


def _to_login(scope: Scope) -> Response:
    query = scope["query_string"].decode("latin-1")
    there = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse("/login" if there == "/" else f"/login?next={quote(there, safe='')}", 303)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {n.lower() for n, _ in message["headers"]}
            added = [(n.encode(), v.encode()) for n, v in _HEADERS.items() if n.encode() not in there]
            message = dict(message, headers=[*message["headers"], *added])
        await send(message)

    return sending


# --- pages ---------------------------------------------------------------------------------------------------------


async def login(request: Request) -> Response:
    """The log-in page; POST logs in. Every log-in page ends the log-in that was."""
    if request.method != "POST":
        if (token := request.cookies.get(SESSION)) and await _who(token):
            return RedirectResponse(inside(request.query_params.get("next")), 303)
        said = text("login.out") if "out" in request.query_params else None
        return await form_page(request, note=said)
    form = await request.form()
    there = inside(str(form.get("next", "")))
    if not _same_form(request, str(form.get("form", ""))):
        return await form_page(request, there=there, error=text("login.stale"), status=400)
    store = cache.workspace().store
    username, password = str(form.get("username", "")), str(form.get("password", ""))
    if demo := str(form.get("demo", "")):
        shown = await run_in_threadpool(access.demo_login, store)
        username, password = (demo, shown[1]) if shown else ("", "")
    try:
        token = await run_in_threadpool(access.log_in, store, username, password, device=device_of(request))
    except AccessRefused as no:
        return await form_page(request, there=there, error=no.message, username=username, status=401)
    except StoreRefused as no:  # it is being moved, and takes nothing new
        return await form_page(request, there=there, error=no.message, username=username, status=503)
    return logged_in(request, token, there, language_of(request))


async def password(request: Request) -> Response:
    """Changes one's own password. The new one opens a new log-in; all others end."""
    token = request.cookies.get(SESSION)
    person = await _who(token)
    if person is None:
        return RedirectResponse("/login", 303)
    if request.method != "POST":
        return await form_page(request, person=person)
    form = await request.form()
    if not _same_form(request, str(form.get("form", ""))):
        return await form_page(request, person=person, error=text("login.stale"), status=400)
    old, new, again = (str(form.get(n, "")) for n in ("old", "new", "again"))
    if new != again:
        return await form_page(request, person=person, error=text("password.differ"), status=400)
    store = cache.workspace().store
    try:
        await run_in_threadpool(access.change_password, store, person.username, old, new)
        token = await run_in_threadpool(access.log_in, store, person.username, new, device=device_of(request))
    except (AccessRefused, StoreRefused) as no:
        return await form_page(request, person=person, error=no.message, status=400)
    return logged_in(request, token, "/", language_of(request))


async def healthz(_request: Request) -> Response:
    """Whether the store answers; for whatever watches the server."""
    try:
        version = await run_in_threadpool(cache.workspace().store.data_version)
    except Exception as error:  # whatever is wrong with the store, the watcher is told, not left without an answer
        return JSONResponse({"status": "down", "error": type(error).__name__}, 503)
    return JSONResponse({"status": "ok", "data_version": version})


ROUTES = [
    Route("/login", login, methods=["GET", "POST"]),
    Route("/password", password, methods=["GET", "POST"]),
    Route("/healthz", healthz),
]


# --- within --------------------------------------------------------------------------------------------------------


async def _who(token: str | None) -> Person | None:
    return await run_in_threadpool(access.who, cache.workspace().store, token)


async def form_page(
    request: Request, *, there: str | None = None, error: Text | None = None, note: Text | None = None,
    username: str = "", person: Person | None = None, status: int = 200,
) -> Response:  # fmt: skip
    """The log-in form, or of a `person` the form for a new password."""
    language, secret = language_of(request), secrets.token_urlsafe(24)
    if person is None:
        house = cache.workspace()
        demo = await run_in_threadpool(access.demo_login, house.store)
        there = there or inside(request.query_params.get("next"))
        knobs = settings()
        local = knobs.local_login or "local" in request.query_params or bool(username)
        page = login_page.login(
            house.places, language, secret, there=there, demo=demo if knobs.local_login else None, error=error, note=note,
            username=username, provider=knobs.oidc_name if knobs.oidc_issuer else None, local=local,
        )  # fmt: skip
    else:
        page = login_page.password(cache.workspace().places, language, secret, person, error=error)
    response = HTMLResponse(page, status, headers={"cache-control": "no-store"})
    response.set_cookie(FORM, secret, httponly=True, samesite="strict", secure=is_https(request))
    if request.query_params.get("lang") in ("zh", "en"):
        response.set_cookie(LANGUAGE, language, max_age=365 * 86400, samesite="lax")
    return response


def logged_in(request: Request, token: str, there: str, language: Language) -> Response:
    response = RedirectResponse(there, 303)
    hours = settings().session_hours
    response.set_cookie(
        SESSION, token, max_age=hours * 3600, httponly=True, samesite="lax", secure=is_https(request), path="/"
    )
    response.set_cookie(LANGUAGE, language, max_age=365 * 86400, samesite="lax")
    response.delete_cookie(FORM)
    return response


def _same_form(request: Request, field: str) -> bool:
    """Whether the form is one that we gave this browser (double submit)."""
    cookie = request.cookies.get(FORM, "")
    return bool(cookie) and secrets.compare_digest(cookie.encode(), field.encode())


def language_of(request: Request) -> Language:
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE)
    return "en" if asked == "en" else "zh"


def inside(there: str | None) -> str:
    """A path of ours to go on to; anything else is `/`."""
    inside = there and there.startswith("/") and not there.startswith(("//", "/\\", "/login")) and there.isprintable()
    return there if inside else "/"


def device_of(request: Request) -> str:
    """What kind of browser it is, roughly, for a person's own list of log-ins; nothing else of it is kept."""
    told = request.headers.get("user-agent", "")
    browser = next((n for mark, n in _BROWSERS if mark in told), "")
    system = next((n for mark, n in _SYSTEMS if mark in told), "")
    return " · ".join(n for n in (browser, system) if n)


_BROWSERS = (
    ("Edg", "Edge"),
    ("MicroMessenger", "WeChat"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (("Windows", "Windows"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def is_https(request: Request) -> bool:
    return request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
