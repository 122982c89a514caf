"""A mail server and the platforms of the group robots, on this machine, as far as the tests need them."""

from __future__ import annotations

import base64
import json
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

TAKEN = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}


@dataclass
class Robots:
    """The platforms. `answers` are given in turn, each (status, body, seconds it takes); then everything is taken."""

    url: str = ""
    got: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)  # path, query, body
    answers: list[tuple[int, Any, float]] = field(default_factory=list)

    def answer(self, body: Any, status: int = 200, after: float = 0) -> None:
        self.answers.append((status, body, after))

    @property
    def texts(self) -> list[str]:
        """What the robots would show, as it came."""
        return [_shown(body) for _, _, body in self.got]


def _shown(body: dict[str, Any]) -> str:
    if "card" in body:
        return f"{body['card']['header']['title']['content']}\n{body['card']['elements'][0]['content']}"
    return body["markdown"].get("content") or body["markdown"]["text"]


@contextmanager
def robots() -> Iterator[Robots]:
    state = Robots()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            state.got.append((parts.path, dict(parse_qsl(parts.query)), body))
            status, answer, after = state.answers.pop(0) if state.answers else (200, TAKEN, 0)
            time.sleep(after)
            raw = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    with _serving(server):
        yield state


@dataclass
class Post:
    """A mail server. `refuse`: address → what it is answered (550 …); `login`: the account it wants."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    login: tuple[str, str] | None = None
    encrypted: list[bool] = field(default_factory=list)


class _Session(socketserver.StreamRequestHandler):
    """One connection: just enough of RFC 5321, STARTTLS and AUTH PLAIN."""

    def handle(self) -> None:
        post, trust = self.server.post, self.server.trust
        encrypted, known = False, post.login is None
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            if verb == "EHLO":
                self.say(
                    *["250-test"],
                    *(["250-STARTTLS"] if trust and not encrypted else []),
                    "250-SMTPUTF8",
                    "250 AUTH PLAIN",
                )
            elif verb == "STARTTLS":
                self.say("220 go")
                try:
                    self.connection = trust.wrap_socket(self.connection, server_side=True)
                except ssl.SSLError:
                    return  # the client doesn't trust us
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                encrypted = True
            elif verb == "AUTH":
                given = base64.b64decode(rest.split()[1]).decode().split("\0")[1:]
                known = post.login is None or tuple(given) == post.login
                self.say("235 welcome" if known else "535 wrong")
            elif verb == "MAIL":
                self.say("250 ok" if known else "530 log in first")
            elif verb == "RCPT":
                address = rest.partition(":")[2].strip().strip("<>")
                self.say(post.refuse.get(address, "250 ok"))
            elif verb == "DATA":
                self.say("354 go on")
                raw = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    raw += part.removeprefix(b".") if part.startswith(b"..") else part
                post.letters.append(message_from_bytes(raw, policy=policy.default))
                post.encrypted.append(encrypted)
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def mail(certificate: Path | None = None) -> Iterator[Post]:
    """A mail server; with a certificate (PEM with its key) it offers STARTTLS."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session)
    server.daemon_threads = True
    server.post, server.trust = Post(server.server_address[1]), None
    if certificate:
        server.trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.trust.load_cert_chain(certificate)
    with _serving(server):
        yield server.post


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def certificate(path: Path) -> Path:
    """Makes a certificate for 127.0.0.1 that nobody has signed, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(pem) + plain)
    return path
