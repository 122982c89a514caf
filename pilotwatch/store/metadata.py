"""All of the core's tables, whichever module declares them: what the migrations are held against."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pilotwatch.store as package
from pilotwatch.store.tables import metadata

for found in pkgutil.iter_modules(package.__path__):
    if found.name.endswith("_tables"):
        import_module(f"{package.__name__}.{found.name}")

__all__ = ["metadata"]
