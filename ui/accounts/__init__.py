"""账号与权限: the accounts, what roles may do, accounts from a workbook; each in a module of its name."""

from __future__ import annotations

from ui import address
from ui.accounts import listed, roles, workbook
from ui.screen import Screen

_PARTS = {"listed": listed.show, "roles": roles.show, "workbook": workbook.show}


def choose(screen: Screen) -> str:
    return address.segments("view", {p: screen.say(f"accounts.{p}") for p in _PARTS}, screen.say("nav.accounts"))


def show(screen: Screen, part: str) -> None:
    _PARTS[part](screen)


__all__ = ["choose", "show"]
