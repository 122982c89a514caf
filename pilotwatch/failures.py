"""What can fail around the work (disk, database, settings), in the words of who runs the command.

    exception → (stable name, Text)

The sentence says what to do; the traceback goes to a log for whoever has to look into it.
"""

from __future__ import annotations

import errno
import sqlite3
import traceback
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy.exc
from pydantic import ValidationError

from pilotwatch.domain import Text
from pilotwatch.intake.read import printable
from pilotwatch.settings import Settings
from pilotwatch.store.model import StoreRefused
from pilotwatch.workdays import now

_DISK_FULL = Text(
    "磁盘已满或写入失败，本次操作没有完成，未入库任何数据。请清理磁盘后重试。",
    "The disk is full or can't be written: this was not done, and nothing was stored. Make room and try again.",
)
_READ_ONLY = Text(
    "没有写入权限{place}，本次操作没有完成，未入库任何数据。请检查该位置的权限，或用 PILOTWATCH_VAR 另指数据目录。",
    "Writing is not permitted{place}: this was not done, and nothing was stored. Check its permissions, or point "
    "PILOTWATCH_VAR at another folder.",
)
_NOT_PERMITTED = Text(
    "没有读取或写入“{file}”的权限。请检查该文件或文件夹的权限后重试。",
    "{file} may not be read or written. Check the permissions of the file or folder and try again.",
)
_NOT_FOUND = Text(
    "找不到“{file}”。请核对路径，先建好所在的文件夹后重试。",
    "{file} was not found. Check the path, make its folder first and try again.",
)
_IS_FOLDER = Text("“{file}”是文件夹，应为文件。", "{file} is a folder; give a file.")
_NO_DATABASE = Text(
    "连接不上数据库。请确认数据库已启动，PILOTWATCH_DATABASE_URL 中的地址、账号和密码正确。",
    "The database can't be reached. See that it runs, and that address, account and password in "
    "PILOTWATCH_DATABASE_URL are right.",
)
_DATABASE_BUSY = Text(
    "数据库正忙（另有操作正在写入），本次操作没有完成，未入库任何数据。请稍后重试。",
    "The database is busy with another write: this was not done, and nothing was stored. Try again in a moment.",
)
_NOT_A_DATABASE = Text(
    "数据库文件已损坏，或者不是本系统的数据库。请从备份恢复，或用 PILOTWATCH_VAR 另指数据目录。",
    "The database file is damaged or is no database. Restore it from a backup, or point PILOTWATCH_VAR elsewhere.",
)
_UNKNOWN_DATABASE = Text(
    "PILOTWATCH_DATABASE_URL 写法有误，或数据库类型不受支持。应形如 postgresql://账号:密码@主机/库名；留空则使用 SQLite。",
    "PILOTWATCH_DATABASE_URL is misspelt or names an unsupported database. Write postgresql://user:password@host/name, "
    "or leave it out for SQLite.",
)
_SETTINGS = Text(
    "环境变量设置有误：{names}。请改正后重试；各项含义见 pilotwatch/settings.py。",
    "Wrong values in the environment: {names}. Correct them and try again; pilotwatch/settings.py explains each.",
)
_NO_MEMORY = Text(
    "内存不足，本次操作没有完成，未入库任何数据。请把文件拆小，或增加内存后重试。",
    "There is not enough memory: this was not done, and nothing was stored. Split the file or add memory.",
)
_UNKNOWN = Text(
    "系统出错，本次操作没有完成。详细情况{kept}，请转交系统管理员。",
    "Something went wrong in the system and this was not done. The details {kept}; pass them on to the administrator.",
)

#: What the message of a database's error holds → what it means; the first that fits.
_DATABASE = (
    (("disk is full", "No space left", "disk I/O error"), "disk_full", _DISK_FULL),
    (("readonly database", "read-only"), "read_only", _READ_ONLY.format(place="")),
    (("unable to open database",), "read_only", _READ_ONLY.format(place="")),
    (("database is locked", "lock timeout", "deadlock"), "busy", _DATABASE_BUSY),
    (("not a database", "malformed"), "not_a_database", _NOT_A_DATABASE),
    (("connection", "connect", "could not translate", "server closed"), "no_database", _NO_DATABASE),
)
_SYSTEM = {
    errno.ENOSPC: ("disk_full", _DISK_FULL),
    errno.EDQUOT: ("disk_full", _DISK_FULL),
    errno.EROFS: ("read_only", _READ_ONLY),
    errno.EACCES: ("not_permitted", _NOT_PERMITTED),
    errno.EPERM: ("not_permitted", _NOT_PERMITTED),
    errno.ENOENT: ("not_found", _NOT_FOUND),
    errno.ENOTDIR: ("not_found", _NOT_FOUND),
    errno.EISDIR: ("is_folder", _IS_FOLDER),
}


def told(error: Exception) -> tuple[str, Text] | None:
    """The name of a known failure and what to do about it; None for one that nobody foresaw."""
    if isinstance(error, StoreRefused):
        return error.rule, error.message
    if isinstance(error, ValidationError) and error.title == Settings.__name__:
        names = (f"PILOTWATCH_{'_'.join(map(str, e['loc'])).upper()}{_given(e)}" for e in error.errors())
        return "settings", _SETTINGS.format(names=", ".join(names))
    if isinstance(error, sqlalchemy.exc.NoSuchModuleError | sqlalchemy.exc.ArgumentError):
        return "database_url", _UNKNOWN_DATABASE
    if isinstance(error, ModuleNotFoundError) and "sqlalchemy" in _path(error):
        return "database_url", _UNKNOWN_DATABASE
    if isinstance(
        error, sqlalchemy.exc.DBAPIError | sqlite3.Error | psycopg.Error
    ):  # bulk loads go to the driver itself
        said = str(getattr(error, "orig", error))
        return next(((rule, text) for words, rule, text in _DATABASE if any(w in said for w in words)), None)
    if isinstance(error, MemoryError):
        return "no_memory", _NO_MEMORY
    if isinstance(error, OSError) and error.errno in _SYSTEM:
        rule, text = _SYSTEM[error.errno]
        file = printable(error.filename) if error.filename else ""
        return rule, text.format(file=file, place=Text(f"（{file}）", f" ({file})") if file else "")
    return None


def _given(error: Any) -> str:
    """The value of a setting that won't do, unless it is a secret."""
    kept = Settings.model_fields.get(str(error["loc"][0])) if error["loc"] else None
    return "" if kept is None or "Secret" in str(kept.annotation) else f"={error['input']}"


def unforeseen(error: Exception, folder: Path) -> tuple[str, Text]:
    """The sentence for a failure that nobody foresaw; its traceback is kept in `folder`, where it can be."""
    log = folder / "errors.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{now().isoformat()}\n{''.join(traceback.format_exception(error))}\n")
        kept = Text(f"已记入 {log}", f"are in {log}")
    except OSError:
        kept = Text(f"：{type(error).__name__}: {error}", f"are: {type(error).__name__}: {error}")
    return "unforeseen", _UNKNOWN.format(kept=kept)


def _path(error: BaseException) -> str:
    """The files that an error came through."""
    return " ".join(frame.filename for frame in traceback.extract_tb(error.__traceback__))
