"""The guard and the log-in: nobody without a log-in gets past it, and no header or form from outside is believed."""

from __future__ import annotations

import re

import pytest
import shapely
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from pilotwatch import access
from pilotwatch.store import move
from tests.pages.conftest import PASSWORD
from ui.access import HEADER, ROUTES, SESSION, Guard
from ui.login_page import _outline

HTML = {"accept": "text/html"}


async def _echo(request):
    return JSONResponse(request.headers.getlist(HEADER.decode()))


async def _echo_socket(socket):
    await socket.accept()
    await socket.send_json(socket.headers.getlist(HEADER.decode()))
    await socket.close()


@pytest.fixture
def client(empty):
    """A browser before the guard; behind it everything echoes the header that names the log-in."""
    routes = [*ROUTES, WebSocketRoute("/_stcore/stream", _echo_socket), Route("/{path:path}", _echo)]
    with TestClient(Starlette(routes=routes, middleware=[Middleware(Guard)]), follow_redirects=False) as browser:
        yield browser


def log_in(client, **fields):
    """Fills in the log-in form and sends it."""
    page = client.get("/login")
    secret = re.search(r'name="form" value="([^"]+)"', page.text)[1]
    return client.post("/login", data={"form": secret, "next": "/", **fields})


def test_a_page_leads_to_the_log_in_and_back(client):
    asked = client.get("/upload?unit=650102", headers=HTML)
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=%2Fupload%3Funit%3D650102")
    done = log_in(client, username="city", password=PASSWORD, next="/upload?unit=650102")
    assert (done.status_code, done.headers["location"]) == (303, "/upload?unit=650102")
    assert client.get("/upload", headers=HTML).json() == [client.cookies[SESSION]]


@pytest.mark.parametrize("path", ["/media/abc.xlsx", "/_stcore/upload_file/1/2", "/component/x", "/app/anything"])
def test_files_and_uploads_are_refused_without_a_log_in(client, path):
    assert client.get(path).status_code == 401
    log_in(client, username="city", password=PASSWORD)
    assert client.get(path).status_code == 200


def test_a_header_sent_by_a_client_is_dropped(client):
    forged = {HEADER.decode(): "forged"}
    with client.websocket_connect("/_stcore/stream", headers=forged) as socket:
        assert socket.receive_json() == []
    log_in(client, username="city", password=PASSWORD)
    with client.websocket_connect("/_stcore/stream", headers=forged) as socket:
        assert socket.receive_json() == [client.cookies[SESSION]]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://testserver.evil.example", "http://testserver:81", "null", "http://127.0.0.1"],
)
def test_a_socket_is_opened_by_pages_of_ours_alone(client, origin):
    log_in(client, username="city", password=PASSWORD)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream", headers={"origin": origin}):
        pass
    with client.websocket_connect("/_stcore/stream", headers={"origin": "http://testserver"}) as socket:
        assert socket.receive_json() == [client.cookies[SESSION]]


def test_a_made_up_cookie_is_no_log_in(client):
    client.cookies.set(SESSION, "made-up")
    assert client.get("/", headers=HTML).headers["location"] == "/login"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client):
    cookie = next(c for c in log_in(client, demo="city").headers.get_list("set-cookie") if c.startswith(SESSION))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_behind_https_the_cookie_stays_on_https(client):
    page = client.get("/login")
    secret = re.search(r'name="form" value="([^"]+)"', page.text)[1]
    done = client.post("/login", data={"form": secret, "demo": "city"}, headers={"x-forwarded-proto": "https"})
    assert "Secure" in next(c for c in done.headers.get_list("set-cookie") if c.startswith(SESSION))


def test_while_the_store_is_moved_whoever_logs_in_is_told_and_whoever_is_in_reads_on(client, empty):
    log_in(client, username="city", password=PASSWORD)
    with move.closed(empty.store._engine, "somebody"):
        assert client.get("/upload", headers=HTML).json() == [client.cookies[SESSION]]
        client.cookies.clear()
        told = log_in(client, username="city", password=PASSWORD)
        assert told.status_code == 503 and "正在迁移" in told.text
    assert log_in(client, username="city", password=PASSWORD).status_code == 303


def test_a_form_from_elsewhere_is_refused(client):
    assert client.post("/login", data={"username": "city", "password": PASSWORD}).status_code == 400
    client.get("/login")
    assert client.post("/login", data={"username": "city", "password": PASSWORD, "form": "guessed"}).status_code == 400
    assert SESSION not in client.cookies


@pytest.mark.parametrize("there", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/login"])
def test_the_way_on_stays_in_the_house(client, there):
    assert log_in(client, username="city", password=PASSWORD, next=there).headers["location"] == "/"


def test_a_wrong_password_is_told_kindly_and_alike_for_every_name(client):
    wrong = [log_in(client, username=name, password="wrong-1234").text for name in ("city", "nobody")]
    assert all("用户名或密码不正确" in page for page in wrong)
    assert 'value="city"' in wrong[0]


def test_what_is_typed_comes_back_escaped(client):
    page = log_in(client, username='"><script>alert(1)</script>', password="x").text
    assert "<script>alert" not in page


def test_the_demo_accounts_are_listed_in_a_demo_store_only(client, empty):
    assert "演示数据" in client.get("/login").text
    with empty.store.registers() as books:
        books.set_setting("demo", False)
    empty.store._demo = False  # what a store was told once it keeps
    page = client.get("/login").text
    assert "演示" not in page
    assert PASSWORD not in page
    assert log_in(client, demo="city").status_code == 401


def test_the_log_in_speaks_english_on_request_and_remembers_it(client):
    assert "User name" in client.get("/login?lang=en").text
    assert "User name" in client.get("/login").text
    assert "用户名" in client.get("/login?lang=zh").text


def test_a_password_set_by_someone_else_is_changed_first(client, empty):
    access.create_account(empty.store, username="li.ming", name="李明", role="city_office", password="first-pass-77", by="admin")  # fmt: skip
    log_in(client, username="li.ming", password="first-pass-77")
    assert client.get("/", headers=HTML).headers["location"] == "/password"
    secret = re.search(r'name="form" value="([^"]+)"', client.get("/password", headers=HTML).text)[1]
    change = {"form": secret, "old": "first-pass-77", "new": "second-pass-88", "again": "second-pass-88"}
    assert client.post("/password", data=change).headers["location"] == "/"
    assert client.get("/", headers=HTML).status_code == 200


def test_two_different_new_passwords_change_nothing(client, empty):
    log_in(client, demo="city")
    secret = re.search(r'name="form" value="([^"]+)"', client.get("/password", headers=HTML).text)[1]
    change = {"form": secret, "old": PASSWORD, "new": "second-pass-88", "again": "second-pass-89"}
    assert "不一致" in client.post("/password", data=change).text
    assert access.log_in(empty.store, "city", PASSWORD)


def test_metrics_and_agents_are_shut(client):
    log_in(client, demo="city")
    assert [client.get(p).status_code for p in ("/_stcore/metrics", "/_stcore/agent/interact")] == [404, 404]


def test_the_watcher_is_told_that_the_store_answers(client):
    assert client.get("/healthz").json() == {"status": "ok", "data_version": 0}


def test_every_answer_forbids_the_browser_to_reach_outside(client):
    policy = client.get("/login").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http:" not in policy
    assert "https:" not in policy


def test_the_outline_on_the_log_in_page_has_every_division(empty):
    parts = sum(len(shapely.get_parts(p)) for p in empty.places.boundaries.polygons.values())
    assert _outline(empty.places).count("M") == parts
