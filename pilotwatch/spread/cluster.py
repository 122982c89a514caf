"""The processes that figures are spread over: Dask's, started here or elsewhere.

One process writes, as ever, in one transaction for each domain; the others read and evaluate. Parts are handed out a few
at a time and taken in their order, so memory stays bounded and what is written doesn't hang on who was faster. A
worker that dies has its parts done by another one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pandas as pd

from pilotwatch import figures
from pilotwatch.domain import Text
from pilotwatch.settings import Settings
from pilotwatch.spread import tasks
from pilotwatch.store import Store

if TYPE_CHECKING:
    from distributed import Client

_AHEAD = 2  # parts under way or waiting for each worker


class NotInstalled(RuntimeError):
    """The engine is an extra; `message` says how to get it."""

    message = Text(
        "没有安装分布式计算组件 distributed，不能用多个进程重算。请执行 uv sync --extra spread，或去掉 --workers、--scheduler。",
        "The package distributed isn't installed, so figures can't be made by several processes. Run uv sync --extra spread, or leave out --workers and --scheduler.",
    )


class Spreading:
    """Evaluates subjects on the workers of a Dask client: what `figures.update` takes as `spread`."""

    def __init__(self, client: Client, store: Store, at_once: int = 5_000):
        self.at_once = at_once
        self._client, self._data = client, store
        self._run = uuid4().hex

    def levels(self, domain: str, parts: Sequence[Sequence[str]], on: date) -> Iterator[figures.Made]:
        return self._in_order(tasks.levels, domain, parts, on)

    def periods(self, group: str, parts: Sequence[Sequence[str]], on: date) -> Iterator[pd.DataFrame]:
        return self._in_order(tasks.measures, group, parts, on)

    def _in_order(self, task: Callable[..., Any], name: str, parts: Sequence[Sequence[str]], on: date) -> Iterator[Any]:
        version = self._data.data_version()
        waiting: deque[Any] = deque()
        ahead = max(2, _AHEAD * len(self._client.scheduler_info(n_workers=-1)["workers"]))
        try:
            for part in parts:
                waiting.append(
                    self._client.submit(
                        task, self._run, version, name, list(part), on, pure=False, key=_key(task, name)
                    )
                )
                if len(waiting) >= ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _key(task: Callable[..., Any], name: str) -> str:
    """How Dask's own pages show the part."""
    return f"{task.__name__}-{name}-{uuid4().hex}"


@contextmanager
def local(knobs: Settings, store: Store, workers: int) -> Iterator[Spreading]:
    """So many processes on this machine, for as long as the block lasts; they listen on loopback only."""
    with _installed():
        from distributed import Client, LocalCluster
    env = {
        "PILOTWATCH_VAR": str(knobs.var),
        "PILOTWATCH_DATA": str(knobs.data),
        "PILOTWATCH_DOMAINS": str(knobs.domains),
    }
    if knobs.database_url:
        env["PILOTWATCH_DATABASE_URL"] = knobs.database_url
    cluster = LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None,
        env=env, memory_limit=0, silence_logs=40,
    )  # fmt: skip
    with cluster, Client(cluster) as client:
        yield Spreading(client, store)


@contextmanager
def remote(address: str, store: Store) -> Iterator[Spreading]:
    """The workers of a scheduler that the operator started; each opens the store by its own PILOTWATCH_ settings.

    Raises OSError where no scheduler answers at the address.
    """
    with _installed():
        from distributed import Client
    with Client(address, timeout="10s") as client:
        yield Spreading(client, store)


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as lacking:
        raise NotInstalled(NotInstalled.message.en) from lacking
