"""Shards in this process, one thread each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from zeroplant.solve.fleet.shards.protocol import Source
from zeroplant.solve.fleet.shards.shard import Shard


class Here:
    """``count`` shards of a source; none of them is ever lost."""

    def __init__(self, source: Source, count: int) -> None:
        self._shards = [Shard(*source(k, count)) for k in range(count)]

    def __len__(self) -> int:
        """How many."""
        return len(self._shards)

    def ask(self, name: str, *given: Any, only: int | None = None) -> list[Any]:
        """See :class:`~zeroplant.solve.fleet.shards.protocol.Shards`."""
        asked = self._shards if only is None else [self._shards[only]]
        with ThreadPoolExecutor(len(asked)) as pool:
            return list(pool.map(lambda shard: getattr(shard, name)(*given), asked))
