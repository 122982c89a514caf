"""A small identity provider on loopback: OpenID Connect with codes, PKCE and signed tokens, and with everything it can be
told to do wrong. It logs in whoever `person` says, without asking."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from pilotwatch.workdays import now

CLIENT, SECRET = "pilotwatch", "s3cret with / and :"


class Idp:
    """`person`: the claims of who logs in. `wrong`: what is done wrong, by name. `asked`: the requests there were."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.person: dict[str, Any] = {"sub": "u-1001", "email": "Li.Ming@city.example", "email_verified": True}
        self.wrong: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.issuer = ""

    def discovery(self) -> dict[str, Any]:
        there = {n: f"{self.issuer}/{n}" for n in ("authorize", "token", "jwks", "bye")}
        return {
            "issuer": self.issuer, "authorization_endpoint": there["authorize"], "token_endpoint": there["token"],
            "jwks_uri": there["jwks"], "end_session_endpoint": there["bye"], "code_challenge_methods_supported": ["S256"],
        } | self.wrong.get("discovery", {})  # fmt: skip

    def code_for(self, asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked | {"person": json.dumps(self.person)}
        return code

    def token(self, form: dict[str, str], basic: str) -> tuple[int, dict[str, Any]]:
        """What a code is worth, once, to the client that asked for it and knows the verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        name, _, secret = base64.b64decode(basic).decode().partition(":")
        known = (name, secret) == (urlencode({"": CLIENT})[1:], urlencode({"": SECRET})[1:])
        if asked is None or not known or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        if asked.get("code_challenge") != _coded(hashlib.sha256(form.get("code_verifier", "").encode()).digest()):
            return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        at = int(now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
        claims |= json.loads(asked["person"]) | self.wrong.get("claims", {})
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(claims)}

    def signed(self, claims: dict[str, Any]) -> str:
        claims = {n: v for n, v in claims.items() if v is not None}
        match self.wrong.get("alg"):
            case "none":
                return ".".join(_coded(json.dumps(p).encode()) for p in ({"alg": "none"}, claims)) + "."
            case "HS256":  # the public key taken for a shared secret
                head = {"alg": "HS256", "kid": "one"}
                told = ".".join(_coded(json.dumps(p).encode()) for p in (head, claims))
                seal = hmac.digest(self.key.as_pem(private=False), told.encode(), "sha256")
                return f"{told}.{_coded(seal)}"
            case "other key":
                return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


def _coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@contextmanager
def running() -> Iterator[Idp]:
    idp = Idp()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

        def answer(self, status: int, body: Any = None, **headers: str) -> None:
            made = json.dumps(body).encode() if body is not None else b""
            self.send_response(status)
            for name, value in {
                "content-type": "application/json",
                "content-length": str(len(made)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(made)

        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path, {n: v[0] for n, v in parse_qs(urlsplit(self.path).query).items()}
            idp.asked.append((path, query))
            if path == "/.well-known/openid-configuration":
                self.answer(200, idp.discovery())
            elif path == "/jwks":
                self.answer(200, {"keys": [idp.key.as_dict(private=False)]})
            elif path == "/authorize":
                back = {"state": query["state"], "code": idp.code_for(query)}
                if "denied" in idp.wrong:
                    back = {"state": query["state"], "error": "access_denied"}
                self.answer(303, location=f"{query['redirect_uri']}?{urlencode(back)}")
            elif path == "/bye":
                self.answer(303, location=query["post_logout_redirect_uri"])
            else:
                self.answer(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {n: v[0] for n, v in parse_qs(body).items()}
            idp.asked.append((self.path, form))
            self.answer(*idp.token(form, self.headers.get("authorization", "").removeprefix("Basic ")))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    idp.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield idp
    finally:
        server.shutdown()
        server.server_close()
