"""Apache Superset over our own roll-ups: set up from nothing, served by one worker, asked as its dashboard asks.

It is no dependency: PYTHON is the interpreter of an environment of its own (docs/performance/leader.md says which
packages). Everything it writes lies in a folder that goes when the measurement ends; the store is read only.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import time
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.servers import cpu_seconds, free_port
from bench.superset_charts import CHARTS, VIRTUAL

_WHO = {"username": "bench", "password": "bench-of-one-run"}
_CONFIG = """
SECRET_KEY = {secret!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///{home}/superset.db"
PREVENT_UNSAFE_DB_CONNECTIONS = False  # SQLite is what the city lies in
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
CACHE_CONFIG = DATA_CACHE_CONFIG = {{"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 86400}}
FILTER_STATE_CACHE_CONFIG = EXPLORE_FORM_DATA_CACHE_CONFIG = CACHE_CONFIG
"""


class Superset:
    """One logged-in browser of a served Superset: `charts` asks the eight queries, `page` what comes before them."""

    def __init__(self, port: int, pid: int):
        self._server = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._pid, self._headers, self.dashboard = pid, {"Accept": "application/json"}, 0
        self.contexts: dict[str, dict[str, Any]] = {}

    def cpu(self) -> float:
        """CPU seconds of the server so far: gunicorn's master and its one worker."""
        children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()
        return cpu_seconds(self._pid) + sum(cpu_seconds(int(c)) for c in children)

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """JSON out, JSON in (bytes where it isn't); RuntimeError with what the server said where it refused."""
        sent = json.dumps(body).encode() if body is not None else None
        self._server.request(method, path, sent, {**self._headers, "Content-Type": "application/json"})
        return self._answer(method, path)

    def _answer(self, method: str, path: str) -> Any:
        answer = self._server.getresponse()
        said = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self._headers["Cookie"] = cookie.split(";", 1)[0]
        if answer.status >= 400:
            raise RuntimeError(f"Superset refused {method} {path}: {answer.status} {said[:300]!r}")
        kind = answer.headers.get("Content-Type", "")
        return json.loads(said) if kind.startswith("application/json") else said

    def log_in(self) -> None:
        """As its log-in form does: the session's cookie from then on."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._server.request("POST", "/login/", urllib.parse.urlencode(_WHO), kind)
        self._answer("POST", "/login/")
        self.ask("GET", "/api/v1/me/")

    def make(self, store: Path) -> None:
        """The database, its datasets, the eight charts and a dashboard of them."""
        uri = f"sqlite:///{store}"
        base = self.ask("POST", "/api/v1/database/", {"database_name": "city", "sqlalchemy_uri": uri})["id"]
        sets = {}
        for name in dict.fromkeys(c.dataset for c in CHARTS):
            told = {"database": base, "schema": "main", "table_name": name}
            told |= {"sql": VIRTUAL[name]} if name in VIRTUAL else {}
            sets[name] = self.ask("POST", "/api/v1/dataset/", told)["id"]
        self.dashboard = self.ask("POST", "/api/v1/dashboard/", {"dashboard_title": "leader", "published": True})["id"]
        for chart in CHARTS:
            context = chart.context(sets[chart.dataset])
            made = self.ask(
                "POST", "/api/v1/chart/",
                {"slice_name": chart.title, "viz_type": chart.kind, "datasource_id": sets[chart.dataset],
                 "datasource_type": "table", "dashboards": [self.dashboard],
                 "params": json.dumps(context["form_data"]), "query_context": json.dumps(context)},
            )  # fmt: skip
            context["form_data"] |= {"slice_id": made["id"], "dashboardId": self.dashboard}
            self.contexts[chart.title] = context

    def charts(self, *, force: bool = False) -> dict[str, list[dict[str, Any]]]:
        """The rows of each chart; `force` is its own way round its cache."""
        found = {}
        for title, context in self.contexts.items():
            which = urllib.parse.quote(json.dumps({"slice_id": context["form_data"]["slice_id"]}))
            path = f"/api/v1/chart/data?form_data={which}&dashboard_id={self.dashboard}{'&force' if force else ''}"
            (answer,) = self.ask("POST", path, {**context, "force": force})["result"]
            if answer.get("error"):
                raise RuntimeError(f"Superset can't answer {title}: {answer['error']}")
            found[title] = answer["data"]
        return found

    def page(self) -> None:
        """What a browser asks before the charts when it opens the dashboard."""
        at = f"/api/v1/dashboard/{self.dashboard}"
        for path in (f"/superset/dashboard/{self.dashboard}/", at, f"{at}/charts", f"{at}/datasets"):
            self.ask("GET", path)


def own_environment() -> dict[str, str]:
    """This process's environment without what steers its own interpreter."""
    return {n: v for n, v in os.environ.items() if not n.startswith("PYTHON")}


@contextmanager
def set_up(python: str, home: Path) -> Iterator[dict[str, str]]:
    """Its metadata and an administrator, in `home`; gives the environment it is served with."""
    (home / "superset_config.py").write_text(_CONFIG.format(secret=os.urandom(32).hex(), home=home))
    env = own_environment() | {
        "SUPERSET_CONFIG_PATH": str(home / "superset_config.py"),
        "SUPERSET_HOME": str(home),
        "HOME": str(home),
    }
    admin = ("--firstname", "B", "--lastname", "B", "--email", "bench@example.org", *_given(_WHO))
    for said in (("db", "upgrade"), ("fab", "create-admin", *admin), ("init",)):
        call = [python, "-c", "from superset.cli.main import superset; superset()", *said]
        done = subprocess.run(call, cwd=home, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"superset {' '.join(said[:2])} failed:\n{done.stdout}\n{done.stderr}")
    yield env


def _given(named: Mapping[str, str]) -> Sequence[str]:
    return [part for name, value in named.items() for part in (f"--{name}", value)]


@contextmanager
def served(python: str, home: Path, env: Mapping[str, str]) -> Iterator[Superset]:
    """One gunicorn worker of twenty threads, as its own image starts it, with somebody logged in."""
    port = free_port()
    call = ["-m", "gunicorn", "--workers=1", "--worker-class=gthread", "--threads=20", "--timeout=120"]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [python, *call, f"--bind=127.0.0.1:{port}", "superset.app:create_app()"],
            cwd=home, env=dict(env), stdout=log, stderr=log,
        )  # fmt: skip
        try:
            browser = Superset(port, process.pid)
            _wait(browser, process, home)
            browser.log_in()
            yield browser
        finally:
            process.terminate()
            process.wait(60)


def _wait(browser: Superset, process: subprocess.Popen[bytes], home: Path) -> None:
    for _ in range(240):
        try:
            browser.ask("GET", "/health")
            return
        except (OSError, http.client.HTTPException):
            browser._server.close()
            if process.poll() is not None:
                raise RuntimeError("Superset's server ended: " + (home / "server.log").read_text()[-500:]) from None
            time.sleep(0.5)
    raise RuntimeError("Superset did not answer within two minutes")
