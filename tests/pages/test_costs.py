"""What a page asks of the store: how many statements, how many rows, and that it reads no records in bulk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from bench.counting import Asked, counting
from pilotwatch.access import SYSTEM
from pilotwatch.figures import exceptions_of
from pilotwatch.workspace import Workspace
from ui.screen import PAGES

#: Statements of a view whose figures are kept already, where they are more than the twelve that a page is to keep to.
MORE = {"cases": 16, "library": 16, "approvals": 18, "messages": 20, "subject": 24}
QUERIES = 12
ROWS = 3_500  # of one view, whatever the size of the city: lists are cut, counts come by unit and indicator
RECORDS = 60  # rows of one record table: what a list shows of one subject, or the matters of the library
WHO = {"upload": "cards", "audit": "auditor", "settings": "admin"}


@pytest.fixture
def other_engine() -> bool:
    """SQLite alone can be listened to while it works."""
    return False


def _views(city: Workspace) -> list[tuple[str, str, dict[str, str]]]:
    """Every page as somebody sees it first, and the views that have filters or a subject."""
    worst = str(exceptions_of(city.desk(SYSTEM), limit=1)["subject_id"].iloc[0])
    every = [(p.name, WHO.get(p.name, "city"), {}) for p in PAGES]
    return [
        *every,
        ("overview", "tianshan", {}),
        ("overview", "city", {"unit": "650102"}),
        ("overview", "city", {"domain": "oil"}),
        ("warnings", "city", {"level": "red"}),
        ("warnings", "tianshan", {"state": "late"}),
        ("cases", "tianshan", {}),
        ("subject", "city", {"subject": worst}),
    ]


def test_a_page_asks_few_questions_and_reads_no_records_in_bulk(city: Workspace, see: Callable[..., AppTest]):
    found = []
    for page, who, query in _views(city):
        see(page, who, query=query)  # what is kept of a scope until the data changes is kept now
        with counting(city.store._engine) as asked:
            at = see(page, who, query=query)
        assert not at.exception, (page, who, query)
        pages = _without_log_in(asked)
        most = MORE.get(page, QUERIES)
        if pages.queries > most or pages.rows > ROWS:
            found.append(f"{page} {who} {query}: {pages.queries} statements (at most {most}), {pages.rows} rows")
        bulk = {t: n for t in pages.tables if t.startswith("rec_") and (n := pages.rows_of(t)) > RECORDS}
        if bulk and page != "library":  # whose subject are the matters, a public register that is a record
            found.append(f"{page} {who} {query} reads records: {bulk}")
    assert not found, "\n".join(found)


def test_counting_tells_what_was_scanned_and_what_came_back(city: Workspace):
    with counting(city.store._engine) as asked:
        told = city.desk(SYSTEM).count("sbh_house")
    assert asked.queries == 1 and asked.rows == 1 and asked.tables == {"rec_sbh_house": 1}
    assert asked.steps >= int(told["rows"].iloc[0])  # each row it counted took a step at least
    with counting(city.store._engine) as none:
        pass
    assert none == Asked()


def _without_log_in(asked: Asked) -> Asked:
    """What was asked from the page's first question on, which is who is logged in: `see` logs in anew each time."""
    first = next(i for i, s in reversed([*enumerate(asked.statements)]) if s.startswith("SELECT login_session"))
    return Asked(asked.statements[first:], asked.rows_by[first:], asked.steps_by[first:])
