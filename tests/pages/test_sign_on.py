"""The identity provider's part of the log-in, as a browser goes through it: off, back, in, out."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pilotwatch import access
from pilotwatch.access import identity
from pilotwatch.settings import settings
from tests.access import idp as idps
from ui import sign_on
from ui.access import HEADER, ROUTES, SESSION, Guard

HTML = {"accept": "text/html"}
HOME = "http://testserver"


@pytest.fixture
def idp(monkeypatch):
    with idps.running() as running:
        for name, value in {"ISSUER": running.issuer, "CLIENT_ID": idps.CLIENT, "CLIENT_SECRET": idps.SECRET}.items():
            monkeypatch.setenv(f"PILOTWATCH_OIDC_{name}", value)
        monkeypatch.setenv("PILOTWATCH_PUBLIC_URL", HOME)
        sign_on.provider.cache_clear()
        yield running
        sign_on.provider.cache_clear()


@pytest.fixture
def client(idp, empty):
    settings.cache_clear()

    async def echo(request):
        return JSONResponse(request.headers.getlist(HEADER.decode()))

    routes = [*ROUTES, *sign_on.ROUTES, Route("/{path:path}", echo)]
    with TestClient(Starlette(routes=routes, middleware=[Middleware(Guard)]), follow_redirects=False) as browser:
        yield browser


def through(client, idp, there="/"):
    """Clicks the button, is logged in at the provider, comes back."""
    off = client.get("/login/oidc", params={"next": there})
    assert off.headers["location"].startswith(f"{idp.issuer}/authorize?")
    asked = {n: v[0] for n, v in idps.parse_qs(urlsplit(off.headers["location"]).query).items()}
    return client.get("/login/oidc/back", params={"state": asked["state"], "code": idp.code_for(asked)})


def test_a_person_goes_there_comes_back_and_logs_out_here_and_there(client, idp, empty):
    assert "使用统一身份认证登录" in client.get("/login").text
    assert "Log in by" in client.get("/login?lang=en").text
    client.cookies.clear()
    unknown = through(client, idp)
    assert unknown.status_code == 403 and "还没有与您对应的账号" in unknown.text and SESSION not in client.cookies
    identity.link(empty.store, "city", idp.issuer, subject="u-1001", by="admin")
    for wanted, there in (("/cases?case=1", "/cases?case=1"), ("//evil.example", "/"), ("https://evil.example", "/")):
        before = client.cookies.get(SESSION)
        done = through(client, idp, wanted)
        assert (done.status_code, done.headers["location"]) == (303, there)
        assert client.cookies[SESSION] != before and access.who(empty.store, before) is None, (
            "a new token at each log-in"
        )
    kept = [c for c in done.headers.get_list("set-cookie") if c.startswith((SESSION, sign_on.PROOF))]
    assert all("HttpOnly" in c and "SameSite=lax" in c for c in kept) and "Path=/logout" in kept[1]
    assert client.get("/upload", headers=HTML).json() == [client.cookies[SESSION]]

    assert client.get("/logout").headers["location"] == "/", "a link from elsewhere ends nothing"
    access.log_out(empty.store, client.cookies[SESSION])
    out = client.get("/logout").headers["location"]
    asked = {n: v[0] for n, v in idps.parse_qs(urlsplit(out).query).items()}
    assert out.startswith(f"{idp.issuer}/bye?") and asked["post_logout_redirect_uri"] == f"{HOME}/logout"
    assert asked["id_token_hint"].count(".") == 2
    assert client.get("/logout").headers["location"] == "/login?out=1"


def test_a_link_with_somebody_elses_code_logs_nobody_in(client, idp, empty):
    identity.link(empty.store, "city", idp.issuer, subject="u-1001", by="admin")
    asked = {n: v[0] for n, v in idps.parse_qs(urlsplit(client.get("/login/oidc").headers["location"]).query).items()}
    client.cookies.clear()  # the victim's browser
    answer = client.get("/login/oidc/back", params={"state": asked["state"], "code": idp.code_for(asked)})
    assert answer.status_code == 403 and "不是从本浏览器发起" in answer.text and SESSION not in client.cookies
    assert client.get("/auth/login").status_code == client.get("/oauth2callback").status_code == 404, (
        "Streamlit's own is shut"
    )


def test_without_passwords_the_form_is_for_the_emergency_alone(client, monkeypatch):
    monkeypatch.setenv("PILOTWATCH_LOCAL_LOGIN", "false")
    monkeypatch.setenv("PILOTWATCH_EMERGENCY_ACCOUNT", "admin")
    settings.cache_clear()
    page = client.get("/login").text
    assert 'name="password"' not in page and "演示" not in page and "/login?local=1" in page
    assert 'name="password"' in client.get("/login?local=1").text
