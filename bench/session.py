"""A browserless Streamlit session: speaks the app's own websocket, so that server time is measured and nothing else."""

from __future__ import annotations

import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect


@dataclass(frozen=True)
class Run:
    """One script run: seconds from the request to its end, bytes received, and whether the script failed."""

    seconds: float
    received: int
    failed: bool


def log_in(base: str, username: str, password: str) -> str:
    """Logs in through the login form and returns the Cookie header."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with opener.open(f"{base}/login") as page:
        html = page.read().decode()
    token = html.split('name="form"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    form = urllib.parse.urlencode({"username": username, "password": password, "form": token, "next": ""}).encode()
    opener.open(f"{base}/login", data=form).close()
    return "; ".join(f"{c.name}={c.value}" for c in jar)


class Session:
    """One open tab. `run(page)` reruns the script for a page and waits for its end."""

    def __init__(self, base: str, cookie: str):
        self._socket: ClientConnection = connect(
            base.replace("http", "ws", 1) + "/_stcore/stream",
            additional_headers={"Cookie": cookie, "Origin": base},
            subprotocols=["streamlit"],
            max_size=None,
            open_timeout=60,
        )

    def run(self, page: str = "", query: dict[str, str] | None = None, timeout: float = 300) -> Run:
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = urllib.parse.urlencode(query or {})
        started, received, failed = time.perf_counter(), 0, False
        self._socket.send(message.SerializeToString())
        while True:
            data = self._socket.recv(timeout=timeout)
            received += len(data)
            answer = ForwardMsg()
            answer.ParseFromString(data)
            if answer.WhichOneof("type") == "delta" and answer.delta.new_element.HasField("exception"):
                failed = True
            if answer.WhichOneof("type") == "script_finished":
                return Run(time.perf_counter() - started, received, failed)

    def close(self) -> None:
        self._socket.close()
