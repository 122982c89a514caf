"""All knobs of an installation, on one page. Each is read from the environment as PILOTWATCH_<NAME>."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator may set; secrets come from the environment only and have no default."""

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


@lru_cache
def settings() -> Settings:
    return Settings()
