"""The city's identity provider: OpenID Connect 1.0, authorization code with PKCE (RFC 7636), and nothing else of it.

What is asked of it: its discovery document, its keys, and a token for a code. All three from the configured issuer's own
origin, over TLS, without following redirects. An identity token counts when its signature, algorithm, issuer, audience,
times and nonce are right (OpenID Connect Core 3.1.3.7).
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import secrets
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from pilotwatch.access.refused import AccessRefused
from pilotwatch.domain import Text
from pilotwatch.settings import Settings
from pilotwatch.workdays import now

_log = logging.getLogger("pilotwatch.access")
for _name in ("httpx2", "httpcore2"):  # they log addresses whole
    logging.getLogger(_name).setLevel(logging.WARNING)

#: Asymmetric ones alone: neither `none`, nor one that the client's secret or a public key would be a key of.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
LEEWAY, OLDEST = 60, 600  # seconds that clocks may differ; that an identity token may be old
KEPT, AGAIN = 3600, 30  # seconds for which what was discovered is kept; between two looks for a new key
LARGEST = 256 * 1024  # bytes of an answer
PATIENCE = httpx2.Timeout(10, connect=5)


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is: `subject` is theirs for ever, `claim` what a prepared account is found by."""

    issuer: str
    subject: str
    claim: str | None = None
    token: str = field(default="", repr=False)  # as it came: logging out there asks for it


@dataclass
class Provider:
    """One configured provider. `trust`: whose certificates count."""

    issuer: str
    client_id: str
    secret: str | None
    scopes: str
    claim: str
    back: str  # the address of ours that it sends people back to
    trust: ssl.SSLContext
    _known: tuple[float, dict[str, Any]] | None = None
    _keys: tuple[float, KeySet] | None = None
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, knobs: Settings) -> Provider | None:
        """The provider that is configured; None where there is none. Raises AccessRefused for certificates that can't be read."""
        if not knobs.oidc_issuer or not knobs.oidc_client_id:
            return None
        trust = ssl.create_default_context()
        if knobs.oidc_ca:
            try:
                trust.load_verify_locations(cafile=knobs.oidc_ca)
            except (OSError, ssl.SSLError):
                _refuse("setup", f"PILOTWATCH_OIDC_CA {knobs.oidc_ca} is no file of certificates")
        secret = knobs.oidc_client_secret.get_secret_value() if knobs.oidc_client_secret else None
        scopes = " ".join(dict.fromkeys(("openid", *knobs.oidc_scopes.split())))
        return cls(knobs.oidc_issuer, knobs.oidc_client_id, secret, scopes, knobs.oidc_claim, f"{knobs.home}/login/oidc/back", trust)  # fmt: skip

    # going there and coming back

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent to log in."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": self.back, "scope": self.scopes, "state": state,
            "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return _with(self.known()["authorization_endpoint"], asked)

    def identity(self, code: str, nonce: str, verifier: str) -> Identity:
        """Who comes back with this code. Raises AccessRefused: the provider is out of reach, or what it says doesn't hold."""
        token = self._token(code, verifier)
        claims = self._verified(token)
        self._demand(claims, nonce)
        value = claims.get(self.claim)
        sure = self.claim != "email" or claims.get("email_verified") in (True, "true")
        known = str(value).strip().lower() if sure and isinstance(value, str | int) and value else None
        return Identity(self.issuer, claims["sub"], known, token)

    def farewell(self, token: str | None, back: str) -> str | None:
        """Where the browser logs out at the provider; None where it has no such place or can't be asked."""
        try:
            end = self.known().get("end_session_endpoint")
        except AccessRefused:
            return None
        asked = {"client_id": self.client_id, "post_logout_redirect_uri": back} | (
            {"id_token_hint": token} if token else {}
        )
        return _with(end, asked) if end else None

    # what is discovered

    def known(self) -> dict[str, Any]:
        """The discovery document, from the issuer itself, kept for an hour."""
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > KEPT:
                self._known = (time.monotonic(), self._discover())
            return self._known[1]

    def _discover(self) -> dict[str, Any]:
        parts = urlsplit(self.issuer)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            _refuse("setup", "the issuer is no https address")
        found = self._asked("GET", self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            _refuse("setup", "the discovery document is another issuer's")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
            place = found.get(name)
            if place is None and name == "end_session_endpoint":
                continue
            if not isinstance(place, str) or urlsplit(place)[:2] != parts[:2]:
                _refuse("setup", f"{name} is not at the issuer's own address")
        return found

    def _key_set(self, again: bool = False) -> KeySet:
        uri = self.known()["jwks_uri"]
        with self._lock:
            age = None if self._keys is None else time.monotonic() - self._keys[0]
            if age is None or age > (AGAIN if again else KEPT):
                keys = [k for k in self._asked("GET", uri).get("keys", []) if isinstance(k, dict) and _signs(k)]
                try:
                    self._keys = (time.monotonic(), KeySet.import_key_set({"keys": keys}))
                except (JoseError, ValueError, TypeError, KeyError):
                    _refuse("provider", "its keys can't be read")
            return self._keys[1]

    # the token

    def _token(self, code: str, verifier: str) -> str:
        known = self.known()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.back, "client_id": self.client_id, "code_verifier": verifier}  # fmt: skip
        auth = None
        if self.secret is not None:
            ways = known.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
            if "client_secret_basic" in ways or "client_secret_post" not in ways:
                auth = (_form(self.client_id), _form(self.secret))
            else:
                form["client_secret"] = self.secret
        told = self._asked("POST", known["token_endpoint"], data=form, auth=auth)
        token = told.get("id_token")
        if not isinstance(token, str):
            _refuse("provider", "it gave no identity token")
        return token

    def _verified(self, token: str) -> dict[str, Any]:
        """The claims of a token that one of the provider's keys signed; a key it has only now is looked for once."""
        for again in (False, True):
            try:
                return dict(jwt.decode(token, self._key_set(again), algorithms=ALGORITHMS).claims)
            except (JoseError, ValueError, TypeError, KeyError) as error:
                wrong = type(error).__name__
        _refuse("token", f"signature or algorithm: {wrong}")

    def _demand(self, claims: Mapping[str, Any], nonce: str) -> None:
        at = now().timestamp()
        whom = claims.get("aud")
        audience = [whom] if isinstance(whom, str) else whom if isinstance(whom, list) else []
        party, subject = claims.get("azp"), claims.get("sub")
        wrong = {
            "issuer": claims.get("iss") != self.issuer,
            "audience": self.client_id not in audience,
            "party": (party is not None or len(audience) > 1) and party != self.client_id,
            "expired": not _number(claims.get("exp")) or claims["exp"] <= at - LEEWAY,
            "issued": not _number(claims.get("iat")) or not at - OLDEST - LEEWAY <= claims["iat"] <= at + LEEWAY,
            "early": "nbf" in claims and (not _number(claims["nbf"]) or claims["nbf"] > at + LEEWAY),
            "nonce": not isinstance(claims.get("nonce"), str) or not secrets.compare_digest(claims["nonce"].encode(), nonce.encode()),
            "subject": not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable(),
        }  # fmt: skip
        if found := [name for name, bad in wrong.items() if bad]:
            _refuse("token", ", ".join(found))

    def _asked(self, method: str, address: str, **options: Any) -> dict[str, Any]:
        """The JSON object that an address of the provider answers with; nothing larger, nowhere else."""
        try:
            with (
                httpx2.Client(verify=self.trust, timeout=PATIENCE, trust_env=False, follow_redirects=False) as client,
                client.stream(method, address, headers={"accept": "application/json"}, **options) as answer,
            ):
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        _refuse("provider", "its answer is too large")
                status = answer.status_code
        except (httpx2.HTTPError, httpx2.InvalidURL, ssl.SSLError) as error:
            _refuse("unreachable", type(error).__name__)
        try:
            found = json.loads(body)
        except ValueError:
            found = None
        if status != 200 or not isinstance(found, dict):
            code = found.get("error") if isinstance(found, dict) else None
            _refuse("code" if method == "POST" and status == 400 else "provider", f"{status} {str(code)[:60]}")
        return found


def _refuse(rule: str, why: str) -> NoReturn:
    """In the user's words to the user; what exactly was wrong is for the log and the audit, without anything secret."""
    _log.warning("log-in by the identity provider refused: %s", rule)
    raise ProviderRefused(rule, _SAID[rule], why)


class ProviderRefused(AccessRefused):
    """What the provider says does not hold, or it says nothing; `why`: what exactly, for the audit."""

    def __init__(self, rule: str, message: Text, why: str):
        super().__init__(rule, message)
        self.why = why


def _signs(key: Mapping[str, Any]) -> bool:
    """Whether it is a public key for signatures of a kind that we take."""
    return key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig" and "d" not in key


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


def _form(text: str) -> str:
    """As RFC 6749 2.3.1 has names and secrets before they are put together for Basic."""
    return urlencode({"": text})[1:]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_SAID = {
    "setup": Text(
        "统一身份认证的接入配置有误，暂不能使用。请联系系统管理员核对认证服务地址和证书。",
        "Single sign-on is not set up right and can't be used. Ask the administrator to check the provider's address and certificate.",
    ),
    "unreachable": Text(
        "暂时无法连接统一身份认证服务，请稍后重试；如持续出现，请联系系统管理员。",
        "The single sign-on service can't be reached. Try again later; if it stays so, tell the administrator.",
    ),
    "provider": Text(
        "统一身份认证服务返回的内容无法识别，未能登录。请重试；如持续出现，请联系系统管理员。",
        "The single sign-on service gave an answer that can't be used, so you are not logged in. Try again, then tell the administrator.",
    ),
    "code": Text(
        "本次登录凭据已失效或已被使用，请重新点击登录。",
        "This log-in has run out or was used already. Please begin again.",
    ),
    "token": Text(
        "统一身份认证返回的身份凭证未通过核验，为安全起见未予登录。请重新登录；如持续出现，请联系系统管理员。",
        "The identity that single sign-on gave did not pass the check, so you are not logged in. Begin again; if it stays so, tell the administrator.",
    ),
}
