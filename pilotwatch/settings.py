"""All knobs of an installation, on one page. Each is read from the environment as PILOTWATCH_<NAME>."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator may set; secrets come from the environment, or from files of that name in the folder
    PILOTWATCH_SECRETS_DIR, and have no default."""

    model_config = SettingsConfigDict(env_prefix="PILOTWATCH_", extra="ignore")

    database_url: str | None = None  # default: SQLite at var/pilotwatch.db
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
