"""The demo city and its pages, as the tests of pages have them; whatever a page shows, as one text; who sees what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pilotwatch import access
from pilotwatch.store import SYSTEM, Person
from pilotwatch.workspace import Workspace
from tests.pages.conftest import city, empty, made_city, open_house, see  # noqa: F401 - fixtures


def everything(at: Any) -> str:
    """All that a page sends to the browser: every element's data, charts and tables included, and its address."""
    told = []
    for element in _elements(at._tree):
        proto = getattr(element, "proto", None)
        if proto is not None and hasattr(proto, "SerializeToString"):
            told.append(_texts(proto))
        value = getattr(element, "value", None)
        if hasattr(value, "to_dict"):
            told.append(json.dumps(value.to_dict("list"), ensure_ascii=False, default=str))
        elif isinstance(value, str):
            told.append(value)
    return "\n".join(told)


def _elements(block: Any) -> Iterator[Any]:
    for child in getattr(block, "children", {}).values():
        yield child
        yield from _elements(child)


def _texts(proto: Any) -> str:
    """Every text and every run of bytes that decodes in a message."""
    told = []
    for field, value in proto.ListFields():
        for one in value if field.is_repeated else (value,):
            if isinstance(one, str):
                told.append(one)
            elif isinstance(one, bytes):
                told.append(one.decode("utf-8", "ignore"))
            elif hasattr(one, "ListFields"):
                told.append(_texts(one))
    return "\n".join(told)


@pytest.fixture
def people(city: Workspace) -> dict[str, Person]:  # noqa: F811
    return {a["username"]: access.person(city.store, a["username"]) for a in access.accounts(city.store)}


@pytest.fixture
def foreign(city: Workspace):  # noqa: F811
    """Of a person, names and codes of subjects that are in no list of theirs; what some subject of theirs is called, too,
    isn't among them."""
    every = city.desk(SYSTEM).subjects()

    def of(person: Person) -> set[str]:
        own = city.desk(person).subjects() if person.may("read") else every.iloc[:0]
        mine = {v for n in ("name", "code") for v in own[n].dropna()}
        others = every[~every["subject_id"].isin(set(own["subject_id"]))]
        return {v for n in ("name", "code") for v in others[n].dropna() if len(v) > 5} - mine

    return of
