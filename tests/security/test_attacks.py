"""Attacks, each tried: script in stored text, formulas, paths in names, SQL in filters, and the log-in's own."""

from __future__ import annotations

import hashlib
import io
import re
from html import escape

import openpyxl
import pytest
from sqlalchemy import String, Text, inspect, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pilotwatch import access, disposal, warnings
from pilotwatch.access import AccessRefused
from pilotwatch.access.login import FREE_TRIES
from pilotwatch.store import SYSTEM, Arrived, StoreRefused, lookup
from pilotwatch.warnings import Filter
from tests.pages.conftest import PASSWORD
from tests.security.conftest import _elements
from tests.store.made import CITY, OIL_TIANSHAN, OWNERS, RECORDS, Station, checked, station, warning
from ui.access import ROUTES, SESSION, Guard

SCRIPT = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
FORMULA = '=HYPERLINK("http://evil.example","点")'
#: Columns of the core's tables that hold what somebody typed; every text of a record is tried, too.
TYPED = {
    "name",
    "by_name",
    "file",
    "title",
    "summary",
    "reason",
    "note",
    "address",
    "object",
    "detail",
    "what",
    "said",
    "content",
}
INJECTIONS = (
    "' OR 1=1 --",
    "'; DROP TABLE subject; --",
    '" OR ""="',
    "%",
    "_",
    "\\",
    "1) UNION SELECT password FROM account --",
)


def plant(house, payload: str) -> list[str]:
    """Puts the payload behind every text that somebody may have typed; gives the columns."""
    done = []
    with house.store._engine.connect().execution_options(writes=True) as connection:
        seen = inspect(connection)
        texts = {f"rec_{d}": {c.name for c in r.columns() if c.kind == "text" and not (c.choices or c.key or c.refers_to)}
                 for d, r in house.store.records.items()}  # fmt: skip
        for table in seen.get_table_names():
            if table in ("audit", "setting", "dataset"):
                continue
            for column in seen.get_columns(table):
                wanted = texts.get(table, TYPED)
                if column["name"] in wanted and isinstance(column["type"], String | Text):
                    change = f'UPDATE "{table}" SET "{column["name"]}" = "{column["name"]}" || :p WHERE "{column["name"]}" IS NOT NULL'  # noqa: S608 - names of tables
                    if connection.execute(text(change), {"p": payload}).rowcount:
                        done.append(f"{table}.{column['name']}")
        connection.commit()
    return done


# --- what is stored and shown --------------------------------------------------------------------------------------


def test_a_script_in_any_stored_text_is_shown_as_text(city, see):
    planted = plant(city, SCRIPT)
    assert len(planted) > 40 and {"subject.name", "rec_complaint.content"} & set(planted)
    desk = city.desk(SYSTEM)
    subject = next(iter(warnings.listed(desk, Filter(), limit=1)["subject_id"]))
    with city.store._engine.connect() as connection:
        case = connection.execute(text("SELECT number FROM case_file LIMIT 1")).scalar()
    from ui import screen

    looks = [(p.name, {}) for p in screen.PAGES] + [("subject", {"id": subject}), ("cases", {"case": case})]
    shown_escaped = 0
    for name, query in looks:
        for username in ("city", "auditor") if name == "audit" else ("city",):
            at = see(name, username, query=query)
            assert not at.exception, (name, at.exception)
            for element in _elements(at._tree):
                proto = getattr(element, "proto", None)
                markup = getattr(proto, "body", "") if element.type in ("html", "markdown") else ""
                free = element.type == "html" or getattr(proto, "allow_html", False)
                if free:
                    assert "<img src=x" not in markup and "<script>alert" not in markup, name
                    shown_escaped += escape("<img src=x") in markup
    assert shown_escaped >= 4, "what was planted was seen, as text"


def test_a_formula_in_any_stored_text_leaves_as_text(city):
    from pilotwatch.warnings.workbook import Naming, workbook
    from pilotwatch.workdays import now

    with city.store._engine.connect().execution_options(writes=True) as connection:
        connection.execute(text("UPDATE subject SET name = :p"), {"p": FORMULA})
        connection.commit()
    made = workbook(city.desk(CITY), city.registry, Naming(city.places, city.calendar(), "zh", now()), Filter())
    cells = [c for row in openpyxl.load_workbook(io.BytesIO(made)).active.iter_rows() for c in row if c.value]
    assert [c.data_type for c in cells if c.value == FORMULA] and {c.data_type for c in cells} <= {"s", "n"}


def test_a_formula_in_an_uploaded_file_comes_back_as_text(empty, tmp_path):
    from pilotwatch import intake
    from pilotwatch.intake import returned

    record = empty.registry.dataset("complaint")
    titles = [c.title.zh for c in record.columns()]
    file = tmp_path / "a.csv"
    file.write_text(
        ",".join(titles) + "\n" + ",".join(['"' + FORMULA.replace('"', '""') + '"'] * len(titles)) + "\n", "utf-8-sig"
    )
    upload = intake.prepare(empty.desk(SYSTEM), file, "a.csv", registry=empty.registry, places=empty.places)
    book = openpyxl.load_workbook(io.BytesIO(returned.write(file, upload.tables, "zh", "a.csv")))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert [c.coordinate for c in cells if c.data_type == "f" and "evil" in str(c.value)] == []


# --- names and filters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../../../../etc/cron.d/evil", "..\\..\\evil.xlsx", "/etc/passwd", "a\0b.xlsx", "CON", "." * 300]
)
def test_a_path_in_a_files_name_leads_nowhere(open_store, tmp_path, name):
    store = open_store(RECORDS, owners=OWNERS)
    came = tmp_path / "came"
    came.write_bytes(b"bytes")
    before = {p for p in tmp_path.parent.rglob("*evil*")}
    line = store.desk(CITY).commit(Arrived(name.replace("\0", ""), came), [checked(Station, [station(1)])])
    _told, path = store.desk(CITY).file_of(line.id)
    assert path.read_bytes() == b"bytes" and path.name == hashlib.sha256(b"bytes").hexdigest()
    assert path.is_relative_to(tmp_path / "files")
    assert {p for p in tmp_path.parent.rglob("*evil*")} == before


def test_an_original_file_goes_only_to_whom_all_of_it_belongs(open_store, tmp_path):
    """The city hands in a file of two districts: one district's team sees its rows, not the file, nor what was quoted of it."""
    store = open_store(RECORDS, owners=OWNERS)
    came = tmp_path / "came"
    came.write_bytes(b"bytes")
    rows = [station(1), station(2, division_code="650109")]
    both = store.desk(CITY).commit(Arrived("a.xlsx", came), [checked(Station, rows, findings=[warning(4)])])
    own = store.desk(CITY).commit(Arrived("b.xlsx", came), [checked(Station, [station(3)], findings=[warning(4)])])
    desk = store.desk(OIL_TIANSHAN)
    assert {b.id for b in desk.batches()} == {both.id, own.id} and len(desk.frame("t_station")) == 2
    with pytest.raises(StoreRefused) as refused:
        desk.file_of(both.id)
    assert refused.value.rule == "scope" and len(desk.findings(both.id)) == 0
    assert desk.file_of(own.id)[0] == "b.xlsx" and len(desk.findings(own.id)) == 1
    assert store.desk(CITY).file_of(both.id)[0] == "a.xlsx" and len(store.desk(CITY).findings(both.id)) == 1


@pytest.mark.parametrize("evil", INJECTIONS)
def test_sql_in_a_filter_is_a_word_like_any_other(open_store, evil):
    store = open_store(RECORDS, owners=OWNERS)
    desk = store.desk(CITY)
    desk.commit(Arrived("a.xlsx"), [checked(Station, [station(n) for n in range(1, 5)])])
    assert len(desk.frame("t_station", where={"name": evil})) == 0
    assert len(desk.frame("t_station", where={"name": [evil, "x"]})) == 0
    assert len(desk.subjects(where={"code": evil})) == 0 and desk.known("t_station", [evil]) == set()
    assert desk.recall_mapping("t_station", [evil]) is None
    for ask in (desk.batch, desk.file_of, lambda e: desk.trace("t_station", e), lambda e: desk.withdraw(e, "x")):
        with pytest.raises((StoreRefused, ValueError)):
            ask(evil)
    for ask in (
        lambda: warnings.listed(desk, Filter(domain=evil, report_unit=evil)),
        lambda: disposal.listed(desk, disposal.CaseFilter(unit=evil)) if "unit" in disposal.CaseFilter.__dataclass_fields__ else [],
        lambda: lookup.find(desk, evil).rows if hasattr(lookup.find(desk, evil), "rows") else [],
    ):  # fmt: skip
        assert len(ask()) == 0
    assert access.person(store, evil) is None
    assert len(desk.frame("t_station")) == 4


# --- the log-in ----------------------------------------------------------------------------------------------------


async def _inside(request):
    return JSONResponse({"in": True})


@pytest.fixture
def browser(empty):
    app = Starlette(routes=[*ROUTES, Route("/{path:path}", _inside)], middleware=[Middleware(Guard)])
    with TestClient(app, follow_redirects=False) as client:
        yield client


def _post(browser, **fields):
    secret = re.search(r'name="form" value="([^"]+)"', browser.get("/login").text)[1]
    return browser.post("/login", data={"form": secret, "next": "/", **fields})


def test_a_session_that_was_fixed_before_the_log_in_stays_nobodys(browser, empty):
    browser.cookies.set(SESSION, "chosen-by-the-attacker")
    assert _post(browser, username="city", password=PASSWORD).status_code == 303
    given = [c.value for c in browser.cookies.jar if c.name == SESSION and c.value != "chosen-by-the-attacker"]
    assert given and access.who(empty.store, given[0]).username == "city"
    assert access.who(empty.store, "chosen-by-the-attacker") is None


@pytest.mark.parametrize("forge", ["hash", "upper", "cut", "longer", "empty"])
def test_a_forged_cookie_is_nobody(browser, empty, forge):
    """Who has read the database has the hash of a token, not the token."""
    token = access.log_in(empty.store, "city", PASSWORD)
    forged = {"hash": hashlib.sha256(token.encode()).hexdigest(), "upper": token.swapcase(), "cut": token[:-1],
              "longer": token + "A", "empty": ""}[forge]  # fmt: skip
    browser.cookies.set(SESSION, forged)
    assert browser.get("/media/x").status_code == 401
    browser.cookies.set(SESSION, token)
    assert browser.get("/media/x").json() == {"in": True}


def test_guessing_is_stopped_also_for_who_then_guesses_right(browser, empty):
    for _ in range(FREE_TRIES):
        assert _post(browser, username="city", password="wrong-guess-1").status_code == 401
    told = _post(browser, username="city", password=PASSWORD)
    assert told.status_code == 401 and "暂时锁定" in told.text
    assert _post(browser, username="tianshan", password=PASSWORD).status_code == 303, "nobody else is locked out"


def test_a_log_out_ends_what_was_copied_before(browser, empty):
    token = access.log_in(empty.store, "city", PASSWORD)
    access.log_out(empty.store, token)
    browser.cookies.set(SESSION, token)
    assert browser.get("/media/x").status_code == 401


@pytest.mark.parametrize("odd", ["a\0b", "\ud83d", "x" * 5000, "' OR 1=1 --", "城市", ""])
def test_an_odd_name_or_password_is_refused_like_any_other(open_store, odd):
    store = open_store([])
    access.create_account(store, username="li", name="李", role="city_office", password="tian-shan-2026", by="root")
    for username, password in ((odd, "tian-shan-2026"), ("li", odd)):
        with pytest.raises(AccessRefused) as refused:
            access.log_in(store, username, password)
        assert refused.value.rule == "login"


def test_no_account_no_role_and_no_scope_comes_from_the_browser(browser, empty):
    token = access.log_in(empty.store, "tianshan", PASSWORD)
    browser.cookies.set(SESSION, token)
    for header in ("x-pilotwatch-session", "X-Forwarded-User", "Remote-User", "x-pilotwatch-role"):
        assert browser.get("/media/x", headers={header: "city"}).status_code == 200
    assert access.who(empty.store, token).role == "district_leader"


def test_every_answer_has_the_headers_that_hold_a_browser_back(browser):
    headers = browser.get("/login").headers
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin"
    assert (
        "frame-ancestors 'self'" in headers["content-security-policy"]
        and "object-src 'none'" in headers["content-security-policy"]
    )
    assert headers["x-frame-options"] == "SAMEORIGIN" and "camera=()" in headers["permissions-policy"]
