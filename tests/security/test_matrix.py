"""Every page and every command, as every role: no row of a foreign unit or domain, nothing that a role has no right to.

A new page or command is tried by being there; one that needs more than an account to be tried says so below.
"""

from __future__ import annotations

import sys

import pytest
import typer.main
from sqlalchemy import select

from pilotwatch import cli, disposal, warnings
from pilotwatch.settings import ROOT
from pilotwatch.store import SYSTEM, StoreRefused
from pilotwatch.warnings import Filter
from tests.pages.conftest import shown
from tests.security.conftest import everything
from ui import screen

ACCOUNTS = (
    "tianshan",
    "cards",
    "housing-ts",
    "admin",
    "auditor",
)  # one of each scope; an officer's cases are bound below
PAGES = {p.name: p for p in screen.PAGES}


# --- pages ---------------------------------------------------------------------------------------------------------


def test_every_page_is_registered_and_checks_the_log_in_first():
    files = {p.stem for p in (ROOT / "pages").glob("*.py")}
    assert set(PAGES) <= files
    for name in files:
        code = [
            line
            for line in (ROOT / "pages" / f"{name}.py").read_text("utf-8").split('"""', 2)[2].splitlines()
            if line.strip() and not line.startswith(("import", "from", "#"))
        ]
        assert code[0] == f'screen = begin("{name}")', name


@pytest.mark.parametrize("username", ACCOUNTS)
def test_no_page_shows_a_person_anything_foreign(city, see, people, foreign, username):
    person, hidden = people[username], foreign(people[username])
    assert len(hidden) > 50
    for name, page in PAGES.items():
        at = see(name, username)
        told = everything(at)
        assert not at.exception, name
        if not page.opens(person.may):
            assert "不使用本页" in shown(at), name
        assert [h for h in hidden if h in told] == [], name


def test_no_page_shows_anything_to_somebody_who_is_not_logged_in(city, see):
    names = city.desk(SYSTEM).subjects(["name"])["name"].dropna()
    for name in PAGES:
        at = see(name, None)
        told = everything(at)
        assert "登录已结束" in shown(at), name
        assert not [n for n in names if n in told], name


def _keys(city) -> dict[str, list[str]]:
    """What the city's office would see under its addresses: a subject, a warning, a case and a batch of 米东区."""
    desk = city.desk(SYSTEM)
    subjects = desk.subjects(where={"report_unit": "650109"})
    found = warnings.listed(desk, Filter(report_unit="650109"), limit=3)
    store = city.store
    with store._engine.connect() as connection:
        from pilotwatch.store.case_tables import CaseFile

        table = CaseFile.__table__
        cases = connection.execute(select(table.c.number).where(table.c.report_unit == "650109")).scalars().all()
    return {
        "subject": [*subjects["subject_id"].head(2), *subjects["code"].dropna().head(2)],
        "id": list(subjects["subject_id"].head(2)), "q": list(subjects["name"].dropna().head(2)),
        "unit": ["650109"], "warning": list(found["number"]), "case": cases[:2], "number": [*found["number"], *cases[:2]],
        "batch": [b.id for b in desk.batches(limit=2)], "place": ["650109"], "street": ["650109001"],
    }  # fmt: skip


@pytest.mark.parametrize("username", ["tianshan", "housing-ts"])
def test_the_address_of_somebody_elses_view_shows_nothing_of_it(city, see, people, foreign, username):
    """Each page with each key of a view of 米东区: the page as the person would see it anyhow, or a kind refusal."""
    person, hidden, keys = people[username], foreign(people[username]), _keys(city)
    asked = set(keys["q"])  # what somebody typed is shown to them again
    for name, page in PAGES.items():
        if not page.opens(person.may):
            continue
        read = (ROOT / "ui").rglob("*.py")
        known = {k for k in keys if any(f'"{k}"' in p.read_text("utf-8") for p in read)} or set(keys)
        query = {k: v[0] for k, v in keys.items() if k in known and v}
        at = see(name, username, query=query)
        assert not at.exception, (name, at.exception)
        told = everything(at)
        assert [h for h in hidden - asked if h in told] == [], name


# --- the command line ----------------------------------------------------------------------------------------------

#: What commands need beside an account; those that write or wait for something are tried by tests of their own.
ARGUMENTS = {
    "figures": ("REF-01", "--by", "report_unit"), "calendar list": ("2026",), "hotspots": ("--domain", "prepaid_cards"),
    "backtest": None, "case": None, "push run": None, "withdraw": None, "upload": None,
}  # fmt: skip
#: Words of commands that change something.
CHANGES = (
    "set",
    "reset",
    "add",
    "withdraw",
    "enter",
    "retry",
    "grade",
    "run",
    "export",
    "adopt",
    "draw",
    "seal",
    "plan",
    "make",
)


def commands() -> dict[str, dict]:
    """Every command that takes `--as`, by its words, with the parameters it must be given."""
    found = {}

    def walk(command, words):
        for name, sub in getattr(command, "commands", {}).items():
            walk(sub, (*words, name))
        names = {o for p in command.params for o in getattr(p, "opts", ())}
        if "--as" in names and not getattr(command, "commands", None):
            found[" ".join(words)] = [p.name for p in command.params if p.required]

    walk(typer.main.get_command(cli.app), ())
    return found


@pytest.fixture
def run(city, monkeypatch, capsys):
    def run_(*arguments):
        monkeypatch.setattr(sys, "argv", ["pilotwatch", *map(str, arguments), "--json"])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, capsys.readouterr().out

    return run_


@pytest.mark.parametrize("username", ["midong", "housing-ts", "admin", "auditor"])
def test_no_command_tells_an_account_anything_foreign(city, people, foreign, run, username):
    hidden, tried = foreign(people[username]), 0
    for words, required in commands().items():
        arguments = ARGUMENTS.get(words, ())
        if arguments is None or (required and words not in ARGUMENTS) or set(words.split()) & set(CHANGES):
            continue
        code, out = run(*words.split(), *arguments, "--as", username)
        assert code in (0, 1, 2), (words, out)
        assert [h for h in hidden if h in out] == [], words
        tried += 1
    assert tried >= 8


def test_every_command_that_reads_rows_takes_an_account():
    """What has no `--as` shows no rows, or is the operator's at the machine."""
    found, every = set(commands()), set()

    def walk(command, words):
        subs = getattr(command, "commands", {})
        for name, sub in subs.items():
            walk(sub, (*words, name))
        if not subs:
            every.add(" ".join(words))

    walk(typer.main.get_command(cli.app), ())
    operators = {"serve", "demo", "clock", "update", "as-of", "move", "distribute", "backup", "restore", "health", "user add", "user list", "domains list",
                 "domains check", "template", "bounds list", "bounds history", "calendar list", "push run", "push preview", "retention list", "retention run", "retention set", "approvals burden", "brief-schedule run"}  # fmt: skip
    assert {w for w in every - found - operators if not w.startswith(("domains", "user", "push", "verify"))} == set()


# --- exports -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["tianshan", "cards", "housing-ts"])
def test_no_workbook_of_warnings_holds_anything_foreign(city, people, foreign, username):
    import io

    import openpyxl

    from pilotwatch.warnings.workbook import Naming, workbook
    from pilotwatch.workdays import now

    person = people[username]
    naming = Naming(city.places, city.calendar(), "zh", now())
    made = workbook(city.desk(person), city.registry, naming, Filter(), demo=True)
    cells = [c for row in openpyxl.load_workbook(io.BytesIO(made)).active.iter_rows() for c in row if c.value]
    told = {str(c.value) for c in cells}
    assert len(cells) > 40 and all(c.data_type != "f" for c in cells)
    assert foreign(person) & told == set()
    assert any(person.name in t for t in told)


@pytest.mark.parametrize("username", ["admin", "auditor"])
def test_who_reads_no_cases_takes_nothing_out(city, people, username):
    desk = city.desk(people[username])
    for ask in (
        lambda: desk.table("card_issuer"), lambda: desk.batches(), lambda: desk.subjects(), lambda: warnings.listed(desk, Filter()),
        lambda: disposal.listed(desk, disposal.CaseFilter()), lambda: desk.count("inspection"), lambda: desk.known("card_issuer", ["x"]),
    ):  # fmt: skip
        try:
            found = ask()
        except StoreRefused as no:
            assert no.rule in ("not_allowed", "other_domain")
        except (KeyError, AttributeError):
            continue
        else:
            assert len(found) == 0
