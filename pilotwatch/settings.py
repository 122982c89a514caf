"""All knobs of an installation, on one page. Each is read from the environment as PILOTWATCH_<NAME>."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator may set; secrets come from the environment, or from files of that name in the folder
    PILOTWATCH_SECRETS_DIR, and have no default."""

    model_config = SettingsConfigDict(env_prefix="PILOTWATCH_", extra="ignore")

    database_url: str | None = None  # default: SQLite at var/pilotwatch.db
    foreign_keys: bool = True  # off: tables are made without them, for a database that knows none
    var: Path = ROOT / "var"  # the store, kept files, the session key
    data: Path = ROOT / "data"  # boundaries, streets, aliases, departments: what a city replaces
    domains: Path = ROOT / "domains"  # the folder of pilot domains
    address: str = "127.0.0.1"
    port: int = 8501
    max_upload_mb: int = 200  # a larger file is refused before it is read
    max_unpacked_mb: int = 2000  # a workbook that unpacks to more is refused as a bomb
    max_ratio: int = 200  # a part of a workbook over 50 MB that unpacks to more than this times itself is a bomb
    max_sheets: int = 100
    max_columns: int = 1000  # of one sheet, up to its last filled column
    max_cells: int = 25_000_000  # of all sheets, each from A1 to its last filled cell
    session_hours: int = 12
    daily: bool = True  # the app sees to the day's work; off: `pilotwatch update` does, from cron
    as_of_kept: int = Field(12, ge=1)  # copies of past days that are kept in var/as-of (docs/as-of.md)

    # logging in by the city's identity provider (deploy/README.md); PILOTWATCH_PUBLIC_URL has to be set, too
    oidc_issuer: str | None = None  # its issuer, exactly as its discovery document says it; none: local log-ins only
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None  # none: a public client
    oidc_ca: Path | None = None  # certificates (PEM) trusted beside the machine's own
    oidc_scopes: str = "openid profile email"
    oidc_claim: str = "email"  # by which a prepared account is found at the first log-in; e-mail has to be verified
    oidc_name: str = "统一身份认证"  # what it is called on the log-in page
    local_login: bool = True  # off: nobody has a password here but the emergency account
    emergency_account: str | None = None  # an administrator who logs in by password when the provider is down

    # telling people (docs/push.md)
    public_url: str | None = None  # the address people open, for links in messages; default: address and port
    push: bool = True  # the app delivers in the background; off: `pilotwatch push run` does, from cron
    push_seconds: float = Field(20, gt=0)  # between two looks for something to deliver
    secret_key: SecretStr | None = Field(None, min_length=32)  # seals addresses; default: a key made in var/push.key
    smtp_host: str | None = None  # no e-mail without it
    smtp_port: int = 465
    smtp_security: Literal["tls", "starttls", "none"] = "tls"  # none: a relay in the own network, without a password
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str = "pilotwatch@localhost"
    push_ca: Path | None = None  # certificates (PEM) trusted beside the machine's own, for mail and webhooks
    wecom_url: str = "https://qyapi.weixin.qq.com"  # or an internal relay that passes the request on
    dingtalk_url: str = "https://oapi.dingtalk.com"
    feishu_url: str = "https://open.feishu.cn"

    @model_validator(mode="after")
    def _logs_in_somehow(self) -> Settings:
        if self.oidc_issuer and not (self.oidc_client_id and self.public_url):
            raise ValueError("PILOTWATCH_OIDC_ISSUER needs PILOTWATCH_OIDC_CLIENT_ID and PILOTWATCH_PUBLIC_URL")
        if not self.local_login and not (self.oidc_issuer and self.emergency_account):
            raise ValueError(
                "PILOTWATCH_LOCAL_LOGIN=false needs PILOTWATCH_OIDC_ISSUER and PILOTWATCH_EMERGENCY_ACCOUNT"
            )
        return self

    @property
    def url(self) -> str:
        if self.database_url:
            url = self.database_url
            for plain in ("postgres://", "postgresql://"):
                if url.startswith(plain):
                    url = "postgresql+psycopg://" + url.removeprefix(plain)
            return url
        return f"sqlite:///{self.var / 'pilotwatch.db'}"

    @property
    def files(self) -> Path:
        """Uploaded files as they came, by their SHA-256."""
        return self.var / "files"

    @property
    def home(self) -> str:
        """The address people open, without a slash at its end."""
        return (self.public_url or f"http://{self.address}:{self.port}").rstrip("/")


@lru_cache
def settings() -> Settings:
    return Settings(_secrets_dir=os.environ.get("PILOTWATCH_SECRETS_DIR"))
