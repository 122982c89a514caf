"""What the code itself must not do: run data, unpickle, build queries from text, skip a certificate, know a secret."""

from __future__ import annotations

import ast
import re

import pytest

from pilotwatch.settings import ROOT

FILES = [
    *sorted(p for folder in ("pilotwatch", "ui", "pages", "domains") for p in (ROOT / folder).rglob("*.py")),
    ROOT / "app.py",
]
FORBIDDEN = {"pickle", "cPickle", "shelve", "marshal", "dill", "joblib", "telnetlib", "xmlrpc"}
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "pd.read_pickle",
    "pandas.read_pickle",
    "yaml.load",
}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_runs_or_unpickles_what_it_is_given(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert not {a.name.split(".")[0] for a in node.names} & FORBIDDEN
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in FORBIDDEN
        elif isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in CALLS
            options = {k.arg: k.value for k in node.keywords}
            assert not (isinstance(options.get("shell"), ast.Constant) and options["shell"].value)
            assert not (isinstance(options.get("verify"), ast.Constant) and options["verify"].value is False)
            unsafe = options.get("unsafe_allow_html")
            assert not (isinstance(unsafe, ast.Constant) and unsafe.value), "HTML goes through ui.html"


def test_markup_of_the_screens_is_escaped_by_ui_html_alone():
    """`Html(…)` says that a text is markup: only where it is made of constants or of what is escaped already."""
    made = {}
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Html" and path.name != "html.py":
                made.setdefault(path.name, []).append(node.lineno)
    assert sum(map(len, made.values())) <= 12, made


def test_no_password_or_key_stands_in_the_settings():
    settings = (ROOT / "pilotwatch" / "settings.py").read_text("utf-8")
    assert re.findall(r"(\w*(?:password|secret|token)\w*): [^=\n]*= (?!None|Field\(None)", settings) == []
