"""Logging in by an identity provider: whose account, and what doesn't hold. The provider is a real one, on loopback."""

from __future__ import annotations

import ssl
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from pilotwatch import access
from pilotwatch.access import AccessRefused, identity
from pilotwatch.access.provider import Provider
from pilotwatch.settings import Settings
from pilotwatch.store import Person
from pilotwatch.workdays import now
from tests.access import idp as idps


@pytest.fixture(scope="module")
def running():
    with idps.running() as idp:
        yield idp


@pytest.fixture
def idp(running):
    running.wrong, running.person = {}, {"sub": "u-1001", "email": "Li.Ming@city.example", "email_verified": True}
    running.asked.clear()
    return running


@pytest.fixture
def provider(idp) -> Provider:
    knobs = Settings(
        oidc_issuer=idp.issuer,
        oidc_client_id=idps.CLIENT,
        oidc_client_secret=idps.SECRET,
        public_url="http://127.0.0.1:9",
    )
    return Provider.of(knobs)


@pytest.fixture
def store(open_store):
    store = open_store([])
    access.create_account(store, username="li", name="李明", role="city_office", password=None, by="root")
    return store


def queried(address: str) -> dict[str, str]:
    return {n: v[0] for n, v in parse_qs(urlsplit(address).query).items()}


def go(store, provider, idp, there="/cases"):
    """There and at the provider: what the browser brings back."""
    begun = identity.begin(store, provider, there)
    asked = queried(begun.address)
    return {"state": asked["state"], "code": idp.code_for(asked), "error": "", "browser": begun.browser}


def refused(store, provider, **brought) -> str:
    with pytest.raises(AccessRefused) as no:
        identity.come_back(store, provider, **brought)
    assert no.value.message.zh and no.value.message.en
    return no.value.rule


def lines(store) -> list[dict]:
    return access.audit_lines(store, Person("auditor", "a", "auditor"))


# --- whose account -------------------------------------------------------------------------------------------------


def test_a_linked_account_is_logged_in_with_its_own_rights(store, provider, idp):
    identity.link(store, "li", idp.issuer, subject="u-1001", by="admin")
    entered = identity.come_back(store, provider, **go(store, provider, idp), device="Firefox · Windows")
    assert access.who(store, entered.token) == Person("li", "李明", "city_office", must_change=False)
    assert entered.there == "/cases"
    assert [(s["by"], s["device"], s["here"]) for s in access.my_sessions(store, "li", entered.token)] == [
        ("oidc", "Firefox · Windows", True)
    ]
    assert [(line["act"], line["username"]) for line in lines(store)[:2]] == [
        ("login", "li"),
        ("account.link", "admin"),
    ]
    assert lines(store)[0]["details"] == {"by": "oidc"}


def test_a_prepared_account_is_found_by_its_claim_once_and_by_its_subject_ever_after(store, provider, idp):
    identity.link(store, "li", idp.issuer, claim=" LI.MING@city.example", by="admin")
    assert identity.come_back(store, provider, **go(store, provider, idp)).token
    assert lines(store)[1]["act"] == "account.bind" and lines(store)[1]["details"]["subject"] == "u-1001"
    idp.person["email"] = "changed@city.example"
    assert identity.come_back(store, provider, **go(store, provider, idp)).token
    idp.person |= {"sub": "u-2", "email": "li.ming@city.example"}  # the address was given to somebody else since
    assert refused(store, provider, **go(store, provider, idp)) == "unknown"


def test_an_address_that_the_provider_did_not_verify_finds_no_account(store, provider, idp):
    identity.link(store, "li", idp.issuer, claim="li.ming@city.example", by="admin")
    for sure in (False, None, "no"):
        idp.person["email_verified"] = sure
        assert refused(store, provider, **go(store, provider, idp)) == "unknown"


def test_nobody_gets_an_account_by_logging_in_and_is_told_whom_to_ask(store, provider, idp):
    before = access.accounts(store)
    with pytest.raises(AccessRefused) as no:
        identity.come_back(store, provider, **go(store, provider, idp))
    assert no.value.rule == "unknown" and "u-1001" in no.value.message.zh and "系统管理员" in no.value.message.zh
    assert access.accounts(store) == before
    assert (lines(store)[0]["act"], lines(store)[0]["details"]["subject"]) == ("login.oidc.unknown", "u-1001")


def test_a_disabled_account_and_one_whose_link_was_taken_away_are_refused(store, provider, idp):
    identity.link(store, "li", idp.issuer, subject="u-1001", by="admin")
    token = identity.come_back(store, provider, **go(store, provider, idp)).token
    access.set_disabled(store, "li", True, by="admin")
    assert access.who(store, token) is None
    assert refused(store, provider, **go(store, provider, idp)) == "disabled"
    access.set_disabled(store, "li", False, by="admin")
    token = identity.come_back(store, provider, **go(store, provider, idp)).token
    assert identity.unlink(store, "li", by="admin") and not identity.unlink(store, "li", by="admin")
    assert access.who(store, token) is None
    assert refused(store, provider, **go(store, provider, idp)) == "unknown"


def test_an_identity_is_one_accounts_and_a_link_is_one_of_two_things(store, provider, idp):
    access.create_account(store, username="wang", name="王", role="auditor", password=None, by="root")
    identity.link(store, "li", idp.issuer, subject="u-1001", by="admin")
    for username, how, rule in (
        ("wang", {"subject": "u-1001"}, "taken"), ("wang", {}, "link"), ("wang", {"subject": "a", "claim": "b"}, "link"),
        ("wang", {"subject": "x" * 256}, "link"), ("nobody", {"subject": "z"}, "username"),
    ):  # fmt: skip
        with pytest.raises(AccessRefused) as no:
            identity.link(store, username, idp.issuer, by="admin", **how)
        assert no.value.rule == rule


def test_an_account_without_a_password_has_none_that_fits(store):
    for tried in ("", "!", "None", "password-1"):
        with pytest.raises(AccessRefused):
            access.log_in(store, "li", tried)


# --- attacks -------------------------------------------------------------------------------------------------------


UNSOUND = (
    {"claims": {"nonce": "another"}}, {"claims": {"nonce": None}}, {"claims": {"aud": "other-client"}},
    {"claims": {"aud": ["pilotwatch", "other"]}}, {"claims": {"aud": ["pilotwatch", "other"], "azp": "other"}},
    {"claims": {"iss": "https://evil.example"}}, {"claims": {"exp": 1}}, {"claims": {"exp": None}}, {"claims": {"exp": True}},
    {"claims": {"iat": 1}}, {"claims": {"iat": 99_999_999_999}}, {"claims": {"nbf": 99_999_999_999}}, {"claims": {"sub": ""}},
    {"claims": {"sub": 7}}, {"claims": {"sub": "a\nb"}}, {"alg": "none"}, {"alg": "HS256"}, {"alg": "other key"},
)  # fmt: skip


def test_a_token_that_does_not_hold_logs_nobody_in(store, provider, idp):
    identity.link(store, "li", idp.issuer, subject="u-1001", by="admin")
    for wrong in UNSOUND:
        idp.wrong = {}
        brought = go(store, provider, idp)
        idp.wrong = wrong
        assert refused(store, provider, **brought) == "token", wrong
        told = lines(store)[0]
        assert told["act"] == "login.oidc.refused" and told["details"]["rule"] == "token" and told["details"]["why"]
    assert access.my_sessions(store, "li") == []


def test_state_and_code_are_good_once_in_the_browser_that_began_and_for_ten_minutes(store, provider, idp):
    identity.link(store, "li", idp.issuer, subject="u-1001", by="admin")
    brought = go(store, provider, idp)
    assert identity.come_back(store, provider, **brought).token
    assert refused(store, provider, **brought) == "state", "replayed"
    assert refused(store, provider, **go(store, provider, idp) | {"state": "made-up"}) == "state"
    assert refused(store, provider, **go(store, provider, idp) | {"state": ""}) == "state"
    stolen = go(store, provider, idp)
    assert refused(store, provider, **stolen | {"browser": ""}) == "state", (
        "log-in CSRF: the victim's browser began nothing"
    )
    assert refused(store, provider, **stolen) == "state", "a try from elsewhere uses it up"
    late = go(store, provider, idp)
    assert refused(store, provider, **late, at=now() + timedelta(minutes=11)) == "state"
    first, second = go(store, provider, idp), go(store, provider, idp)
    assert refused(store, provider, **second | {"code": first["code"]}) == "code", "another attempt's code: PKCE"
    assert refused(store, provider, **go(store, provider, idp) | {"code": "", "error": "access_denied"}) == "denied"
    assert len(access.my_sessions(store, "li")) == 1


def test_what_is_sent_there_has_state_nonce_and_challenge_and_no_secret(store, provider, idp):
    asked = queried(identity.begin(store, provider, "/").address)
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://127.0.0.1:9/login/oidc/back" and asked["scope"].split()[0] == "openid"
    assert all(len(asked[n]) >= 43 for n in ("state", "nonce", "code_challenge"))
    assert idps.SECRET not in str(asked) and "code_verifier" not in asked


ELSEWHERE = (
    {"issuer": "https://evil.example"}, {"jwks_uri": "https://evil.example/jwks"}, {"token_endpoint": "http://127.0.0.1:1/token"},
    {"authorization_endpoint": None}, {"end_session_endpoint": "https://evil.example/bye"},
)  # fmt: skip


def test_a_provider_is_asked_at_its_own_address_alone(store, provider, idp):
    for document in ELSEWHERE:
        idp.wrong = {"discovery": document}
        with pytest.raises(AccessRefused) as no:
            identity.begin(store, provider, "/")
        assert no.value.rule == "setup", document
    assert {path for path, _ in idp.asked} == {"/.well-known/openid-configuration"}


def test_a_provider_that_is_away_is_told_and_the_address_has_to_be_safe(store, idp, tmp_path):
    knobs = {"oidc_client_id": "x", "public_url": "http://127.0.0.1:9"}
    for issuer, rule in (("http://127.0.0.1:1", "unreachable"), ("http://idp.example", "setup")):
        with pytest.raises(AccessRefused) as no:
            identity.begin(store, Provider.of(Settings(oidc_issuer=issuer, **knobs)), "/")
        assert no.value.rule == rule
    with pytest.raises(AccessRefused) as no:
        Provider.of(Settings(oidc_issuer="https://idp.example", oidc_ca=tmp_path / "none.pem", **knobs))
    assert no.value.rule == "setup"
    assert Provider.of(Settings()) is None
    assert Provider.of(Settings(oidc_issuer="https://idp.example", **knobs)).trust.verify_mode == ssl.CERT_REQUIRED


def test_a_new_key_is_looked_for_once(store, provider, idp, monkeypatch):
    identity.link(store, "li", idp.issuer, subject="u-1001", by="admin")
    assert identity.come_back(store, provider, **go(store, provider, idp)).token
    monkeypatch.setattr("pilotwatch.access.provider.AGAIN", -1)
    old, idp.key = idp.key, RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
    try:
        idp.asked.clear()
        assert identity.come_back(store, provider, **go(store, provider, idp)).token
        assert [p for p, _ in idp.asked].count("/jwks") == 1
    finally:
        idp.key = old


# --- local log-ins switched off ------------------------------------------------------------------------------------


def test_where_passwords_are_off_the_emergency_administrator_alone_has_one(store, monkeypatch):
    made = dict(name="x", password="tian-shan-2026", by="root", must_change=False)
    for username, role in (("help", "administrator"), ("zhao", "administrator"), ("qian", "city_office")):
        access.create_account(store, username=username, role=role, **made)
    off = dict(
        oidc_issuer="https://idp.example", oidc_client_id="x", public_url="https://here.example", local_login=False
    )
    for emergency, username, good in (("help", "help", True), ("help", "zhao", False), ("qian", "qian", False)):
        knobs = Settings(**off, emergency_account=emergency)
        monkeypatch.setattr("pilotwatch.access.login.settings", lambda knobs=knobs: knobs)
        if good:
            assert access.log_in(store, username, made["password"])
            continue
        with pytest.raises(AccessRefused) as no:
            access.log_in(store, username, made["password"])
        assert no.value.rule == "local_off"
    for lacking in ({"local_login": False}, {"oidc_issuer": "https://idp.example"}, off):
        with pytest.raises(ValueError):
            Settings(**lacking)
