"""Logging in by the city's identity provider, and out of it: three addresses beside those of `ui.access`.

Streamlit's own `st.login` is not used, see docs/decisions.md. What comes back opens a log-in like any other: our cookie, our
sessions, the rights of our account.
"""

from __future__ import annotations

from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pilotwatch import access
from pilotwatch.access import AccessRefused, identity
from pilotwatch.access.provider import Provider
from pilotwatch.settings import settings
from pilotwatch.store import StoreRefused
from ui import cache
from ui.access import SESSION, device_of, form_page, inside, is_https, language_of, logged_in

BROWSER = "pilotwatch_sign_on"  # the cookie that ties a log-in under way to the browser that began it
PROOF = "pilotwatch_proof"  # the provider's token, for logging out there; sent to /logout alone
_WAY, _LONGEST_PROOF = "/login/oidc", 3500  # bytes; browsers keep cookies of 4 KB


@lru_cache
def provider() -> Provider | None:
    """The configured provider, with what was discovered of it."""
    return Provider.of(settings())


async def begin(request: Request) -> Response:
    """Off to the provider."""
    there = inside(request.query_params.get("next"))
    try:
        if (known := await run_in_threadpool(provider)) is None:
            return RedirectResponse("/login", 303)
        begun = await run_in_threadpool(identity.begin, cache.workspace().store, known, there)
    except (AccessRefused, StoreRefused) as no:
        return await form_page(request, there=there, error=no.message, status=503)
    response = RedirectResponse(begun.address, 303, headers={"cache-control": "no-store"})
    seconds = int(identity.LASTS.total_seconds())
    response.set_cookie(BROWSER, begun.browser, max_age=seconds, path=_WAY, httponly=True, samesite="lax", secure=is_https(request))  # fmt: skip
    return response


async def back(request: Request) -> Response:
    """Back from the provider; whatever the address holds is used up and not kept in it."""
    query = request.query_params
    try:
        if (known := await run_in_threadpool(provider)) is None:
            return RedirectResponse("/login", 303)
        entered = await run_in_threadpool(
            identity.come_back, cache.workspace().store, known, state=query.get("state", ""), code=query.get("code", ""),
            error=query.get("error", ""), browser=request.cookies.get(BROWSER, ""), device=device_of(request),
        )  # fmt: skip
    except (AccessRefused, StoreRefused) as no:
        response = await form_page(request, error=no.message, status=403)
        response.delete_cookie(BROWSER, path=_WAY)
        return response
    if old := request.cookies.get(SESSION):  # the log-in that was before is nobody's any more
        await run_in_threadpool(access.log_out, cache.workspace().store, old)
    response = logged_in(request, entered.token, inside(entered.there), language_of(request))
    response.delete_cookie(BROWSER, path=_WAY)
    proof = entered.proof if len(entered.proof) <= _LONGEST_PROOF else "1"
    hours = settings().session_hours
    response.set_cookie(PROOF, proof, max_age=hours * 3600, path="/logout", httponly=True, samesite="lax", secure=is_https(request))  # fmt: skip
    return response


async def logout(request: Request) -> Response:
    """What is left to do in the browser once the page has ended the log-in: the cookies, and the provider's own log-out.

    It ends no log-in itself, so that no link from elsewhere does.
    """
    token, proof = request.cookies.get(SESSION), request.cookies.get(PROOF)
    if token and await run_in_threadpool(access.who, cache.workspace().store, token):
        return RedirectResponse("/", 303)
    there = None
    if proof:
        known = await run_in_threadpool(provider)
        if known:
            farewell = f"{settings().home}/logout"
            there = await run_in_threadpool(known.farewell, proof if proof != "1" else None, farewell)
    response = RedirectResponse(there or "/login?out=1", 303, headers={"cache-control": "no-store"})
    response.delete_cookie(PROOF, path="/logout")
    response.delete_cookie(SESSION, path="/")
    return response


def offered() -> str:
    """What logging in by the provider is called on the screens; "" where there is none."""
    return settings().oidc_name if settings().oidc_issuer else ""


ROUTES = [
    Route(_WAY, begin, methods=["GET"]),
    Route(f"{_WAY}/back", back, methods=["GET"]),
    Route("/logout", logout, methods=["GET"]),
]

__all__ = ["BROWSER", "PROOF", "ROUTES", "offered", "provider"]
