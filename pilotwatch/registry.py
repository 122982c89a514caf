"""Finds the domains: folders under `domains/`, and installed packages that name an entry point `pilotwatch.domains`.

Both come in by the same door. A domain that can't be used is reported by name with the reason and left out; the rest
goes on.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from pilotwatch.contract import Problem, faults
from pilotwatch.domain import Column, Domain, Indicator, Record, Text, column
from pilotwatch.records import SHARED
from pilotwatch.settings import settings

GROUP = "pilotwatch.domains"


@dataclass(frozen=True, slots=True)
class Broken:
    """A domain that is switched off, and why."""

    name: str
    reason: Text


@dataclass(frozen=True)
class Registry:
    """The domains that are on, and those that are off.

    `shared` are the records every domain shares, with the fields added that identify the subjects of these domains.
    """

    domains: tuple[Domain, ...]
    broken: tuple[Broken, ...] = ()
    shared: tuple[type[Record], ...] = SHARED

    @cached_property
    def records(self) -> tuple[type[Record], ...]:
        """Every record class: those of the domains, then the shared ones."""
        return (*(r for d in self.domains for r in d.records), *self.shared)

    @property
    def subjects(self) -> tuple[type[Record], ...]:
        """The records of which one row is one supervised subject."""
        return tuple(r for d in self.domains for r in d.subjects)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(i for d in self.domains for i in d.indicators)

    @cached_property
    def _by_dataset(self) -> dict[str, type[Record]]:
        return {r.spec.dataset: r for r in self.records}

    def dataset(self, name: str) -> type[Record]:
        """The record class of a dataset; KeyError where there is none."""
        return self._by_dataset[name]

    def domain(self, name: str) -> Domain:
        """A domain that is on; KeyError where there is none."""
        for domain in self.domains:
            if domain.name == name:
                return domain
        raise KeyError(name)

    def without(self, name: str, reason: Text) -> Registry:
        """The same with a domain switched off, and any other that can't do without it."""
        kept = [d for d in self.domains if d.name != name]
        usable, dangling = _without_dangling(kept)
        broken = (*self.broken, Broken(name, reason), *dangling)
        return Registry(tuple(usable), broken, tuple(for_any_subject(SHARED, usable)))

    def domain_of(self, dataset: str) -> Domain | None:
        """The domain a dataset belongs to; None for a shared one."""
        return next((d for d in self.domains if any(r.spec.dataset == dataset for r in d.records)), None)


def load(folder: Path | str | None = None) -> Registry:
    """Every domain of the folder (default: `settings().domains`), then every installed one, each by its name."""
    found: list[Domain] = []
    broken: list[Broken] = []
    for name, bring in (*_folders(Path(folder or settings().domains)), *_installed()):
        try:
            domain = _usable(name, bring)
            if not any(domain is other for other in found):  # through both doors it is still one domain
                _no_clash(domain, found)
                found.append(domain)
        except _Unusable as error:
            broken.append(Broken(name, error.reason))
    usable, dangling = _without_dangling(found)
    return Registry(tuple(usable), (*broken, *dangling), tuple(for_any_subject(SHARED, usable)))


# --- two doors ---------------------------------------------------------------------------------------------------

Bring = Callable[[], Any]


def _folders(folder: Path) -> Iterator[tuple[str, Bring]]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name[0] not in "._" and any(path.glob("*.py")):
            yield path.name, partial(_module, path)


def _installed() -> Iterator[tuple[str, Bring]]:
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        yield point.name, point.load


def _module(path: Path) -> ModuleType:
    """Imports a domain's folder: by its real name where its parent is an importable package, else by one of ours.

    So a folder anywhere imports its own files relatively: `from .records import RECORDS`.
    """
    parent = path.parent.resolve()
    package = importlib.util.find_spec(parent.name) if (parent / "__init__.py").exists() else None
    if package and package.origin and Path(package.origin).resolve().parent == parent:
        return importlib.import_module(f"{parent.name}.{path.name}")
    name = f"_pilotwatch_{hashlib.sha256(str(parent).encode()).hexdigest()[:12]}_{path.name}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path / "__init__.py", submodule_search_locations=[str(path)])
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


# --- what keeps a domain out -------------------------------------------------------------------------------------


class _Unusable(Exception):
    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.reason = Text(zh, en)


def _usable(name: str, bring: Bring) -> Domain:
    try:
        domain = bring()
        domain = getattr(domain, "DOMAIN", domain)  # a module, or the domain itself
        problems = faults(domain) if isinstance(domain, Domain) else []
    except Exception as error:  # whatever a stranger's module raises must not take the others down
        said = f"{type(error).__name__}: {error}"
        raise _Unusable(f"无法载入（{said}）", f"It can't be loaded ({said})") from error
    if not isinstance(domain, Domain):
        raise _Unusable("应以 DOMAIN 给出一个 Domain", f"It gives no Domain under the name DOMAIN, but {domain!r}")
    if domain.name != name:
        raise _Unusable(
            f"DOMAIN 的名称是“{domain.name}”，应与文件夹或入口点的名称“{name}”一致",
            f"DOMAIN is named {domain.name!r}; it must be called as its folder or entry point is, {name!r}",
        )
    _raise_first(problems)
    return domain


def _raise_first(problems: Sequence[Problem], shown: int = 3) -> None:
    """Names the first problems and counts the others; `pilotwatch domains check` lists them all."""
    if not problems:
        return
    zh = "；".join(f"{p.where}：{p.message.zh}" for p in problems[:shown])
    en = "; ".join(f"{p.where}: {p.message.en}" for p in problems[:shown])
    more = len(problems) - shown
    raise _Unusable(f"{zh}（另有{more}处）", f"{en} ({more} more)") if more > 0 else _Unusable(zh, en)


def _no_clash(domain: Domain, others: Sequence[Domain]) -> None:
    owner = {r.spec.dataset: other.name for other in others for r in other.records}
    owner |= {r.spec.dataset: "pilotwatch.records" for r in SHARED}
    for other in others:
        if domain.name == other.name:
            raise _Unusable("已有同名领域", "A domain of this name is there already")
        if domain.code == other.code:
            raise _Unusable(
                f"领域代码 {domain.code} 已由“{other.name}”使用", f"{other.name} has the code {domain.code}"
            )
    for record in domain.records:
        if taken := owner.get(record.spec.dataset):
            raise _Unusable(
                f"数据集“{record.spec.dataset}”已由“{taken}”声明",
                f"{taken} declares a dataset {record.spec.dataset} already",
            )
    lent = {field.name: record.spec.dataset for other in others for record, field in _own_codes(other)}
    for _, field in _own_codes(domain):
        if taken := lent.get(field.name):
            raise _Unusable(
                f"识别监管对象的字段“{field.name}”已由“{taken}”使用，请换名",
                f"{taken} identifies its subjects by a field {field.name} already: choose another name",
            )


def _without_dangling(domains: list[Domain]) -> tuple[list[Domain], list[Broken]]:
    """Leaves out what refers to a dataset that isn't there, and in turn what refers to that."""
    known = {r.spec.dataset for r in (*SHARED, *(r for d in domains for r in d.records))}
    for domain in domains:
        for record in domain.records:
            for field in record.columns():
                if field.refers_to and field.refers_to not in known:
                    where = f"{record.spec.dataset}.{field.name}"
                    reason = Text(
                        f"{where}：所引用的数据集“{field.refers_to}”不存在",
                        f"{where}: refers to the dataset {field.refers_to}, which there isn't",
                    )
                    left, more = _without_dangling([d for d in domains if d is not domain])
                    return left, [Broken(domain.name, reason), *more]
    return domains, []


# --- shared records are about the subjects of every domain -------------------------------------------------------


def _own_codes(domain: Domain) -> Iterator[tuple[type[Record], Column]]:
    """The domain's subjects that are known by a code of their own (a house's number), not by a credit code."""
    for record in domain.subjects:
        field = record.column(record.spec.subject_fields[0])
        if field.kind != "uscc":
            yield record, field


def for_any_subject(records: Iterable[type[Record]], domains: Sequence[Domain]) -> Iterator[type[Record]]:
    """The records, those that may be about any subject with the fields added that identify the domains' own."""
    codes = [code for domain in domains for code in _own_codes(domain)]
    for record in records:
        yield _with_codes(record, codes) if record.spec.any_subject else record


def _with_codes(record: type[Record], codes: Sequence[tuple[type[Record], Column]]) -> type[Record]:
    present = {c.name for c in record.columns()}
    lent = {field.name: (subject.spec.dataset, field) for subject, field in codes if field.name not in present}
    if not lent:
        return record
    subject_fields = record.spec.subject_fields
    coded = tuple(f for f in subject_fields if record.column(f).kind == "uscc")
    named = tuple(f for f in subject_fields if f not in coded)  # by name only where there is no code
    options = ("aliases", "pattern", "example", "help")
    fields = {
        name: column(
            field.title.zh, field.title.en, refers_to=dataset, key=record.column(subject_fields[0]).key,
            **{o: getattr(field, o) for o in options},
        )
        for name, (dataset, field) in lent.items()
    }  # fmt: skip
    body = {
        "__doc__": record.__doc__,
        "__module__": record.__module__,
        "__annotations__": dict.fromkeys(lent, str | None),
        "spec": replace(record.spec, subject=(*coded, *lent, *named)),
        **fields,
    }
    return type(record)(record.__name__, (record,), body)
