"""A private PostgreSQL for the tests: the system's own binaries, a folder of its own, loopback only.

PostgreSQL refuses to run as root, so as root it is started as another user of the machine.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

_numbers = itertools.count()

#: No fsync: what the tests kill is the client, never the server. Small, since several may run on one machine.
TUNED = {
    "listen_addresses": "127.0.0.1", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
    "shared_buffers": "64MB", "max_connections": "60", "autovacuum": "off", "max_wal_size": "2GB", "timezone": "UTC",
}  # fmt: skip


def binaries() -> Path:
    """The folder of the newest PostgreSQL installed here; raises FileNotFoundError with what to install."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parent.parent.name))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise FileNotFoundError("The tests need PostgreSQL: apt-get install postgresql (make test does it where it may)")


@contextmanager
def postgres() -> Iterator[str]:
    """Starts a server and yields the URL of its maintenance database; stops and removes it afterwards."""
    folder, user = Path(tempfile.mkdtemp(prefix="pilotwatch-pg-")), _other_user()
    if user:
        shutil.chown(folder, user)
    port, data, bin_ = _free_port(), folder / "data", binaries()
    _run(user, bin_ / "initdb", "-D", data, "-U", "pilotwatch", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = " ".join(f"-c {name}={value}" for name, value in TUNED.items())
    options += f" -c port={port} -c unix_socket_directories={folder}"
    try:
        _run(user, bin_ / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log", "-o", options, "start")
        yield f"postgresql+psycopg://pilotwatch@127.0.0.1:{port}/postgres"
    finally:
        _run(user, bin_ / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server: str, like: str | None = None) -> Iterator[str]:
    """An empty database on a server of ours, or a copy of another one; it is dropped afterwards. On a Citus cluster it is one of all its nodes, whose
    store is spread as soon as it is opened."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        nodes = _nodes(connection)
        template = f" TEMPLATE {make_url(like).database}" if like else ""
        connection.execute(text(f"CREATE DATABASE {name}{template}"))
    if nodes:
        _join(server, name, nodes)
    try:
        yield _at(server, name)
    finally:
        for node in nodes:
            _alone(_at(server, "postgres", node), f"DROP DATABASE {name} WITH (FORCE)")
        for _ in range(2):  # the server was seen to close the connection while it drops a database that is in use
            with contextlib.suppress(OperationalError), admin.connect() as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                break
            time.sleep(1)
        admin.dispose()


Node = tuple[str, int]


def _nodes(connection: Connection) -> list[Node]:
    """The workers of the cluster that the server coordinates; [] where it is none."""
    if not connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'citus'")).scalar():
        return []
    return [
        (h, p) for h, p in connection.execute(text("SELECT nodename, nodeport FROM pg_dist_node WHERE groupid > 0"))
    ]


def _join(server: str, name: str, nodes: Sequence[Node]) -> None:
    for node in nodes:
        _alone(_at(server, "postgres", node), f"CREATE DATABASE {name}")
        _alone(_at(server, name, node), "CREATE EXTENSION citus")
    url = make_url(_at(server, name))
    _alone(
        _at(server, name),
        "CREATE EXTENSION citus",
        f"SELECT citus_set_coordinator_host('{url.host}', {url.port})",
        *(f"SELECT citus_add_node('{host}', {port})" for host, port in nodes),
    )


def _alone(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _at(server: str, name: str, node: Node | None = None) -> str:
    host, port = node or (None, None)
    return make_url(server).set(database=name, host=host, port=port).render_as_string(hide_password=False)


def _run(user: str | None, *command: object, check: bool = True) -> None:
    words = [str(c) for c in command]
    if user:
        words = ["runuser", "-u", user, "--", *words]
    # a server must not hold the pipe of its starter open, so the output goes to a file
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(words, stdout=output, stderr=subprocess.STDOUT, cwd="/", check=False)
        output.seek(0)
        if check and done.returncode:
            raise RuntimeError(f"{words}: {output.read()}")


def _other_user() -> str | None:
    """Who runs the server: nobody else, unless we are root."""
    if os.geteuid() != 0:
        return None
    names = {p.pw_name for p in pwd.getpwall()}
    return next(n for n in ("postgres", "nobody") if n in names)


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


if __name__ == "__main__":  # a server to look at by hand, until interrupted
    with postgres() as url:
        print(url)  # noqa: T201
        time.sleep(86_400)
