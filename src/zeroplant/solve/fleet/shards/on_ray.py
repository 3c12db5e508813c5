"""Shards as Ray actors, on this machine or on the machines of a cluster.

Each actor reads its own devices from the source, which must be readable where it runs, and keeps
them. An actor that dies is replaced by one that reads the same devices again.
"""

from __future__ import annotations

import logging
import os
from types import TracebackType
from typing import Any

from zeroplant.solve.fleet.shards.protocol import LOSSES, LostError, Source
from zeroplant.solve.fleet.shards.shard import Shard


class OnRay:
    """``count`` actors of one processor each; a context that leaves Ray as it found it.

    Joins the cluster that the environment names (``RAY_ADDRESS``) or begins one on this machine.
    """

    def __init__(self, source: Source, count: int) -> None:
        self._source, self._count, self.lost = source, count, 0
        self._began = False
        self._actors: list[Any] = []

    def __enter__(self) -> OnRay:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        import ray

        if not ray.is_initialized():
            here: dict[str, Any] = {} if os.environ.get("RAY_ADDRESS") else {
                "num_cpus": self._count, "include_dashboard": False,
            }  # fmt: skip
            ray.init(log_to_driver=False, logging_level=logging.ERROR, **here)
            self._began = True
        self._actors = [self._begin(k) for k in range(self._count)]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        import ray

        for actor in self._actors:
            ray.kill(actor)
        if self._began:
            ray.shutdown()

    def __len__(self) -> int:
        """How many."""
        return self._count

    def ask(self, name: str, *given: Any, only: int | None = None) -> list[Any]:
        """See :class:`~zeroplant.solve.fleet.shards.protocol.Shards`. Raises LostError."""
        import ray

        asked = range(self._count) if only is None else [only]
        stored = [ray.put(each) for each in given]
        coming = [self._actors[k].work.remote(name, *stored) for k in asked]
        answers: list[Any] = []
        for k, one in zip(asked, coming, strict=True):
            try:
                answers.append(ray.get(one))
            except ray.exceptions.RayActorError as error:
                self.lost += 1
                if self.lost > LOSSES:
                    reason = str(error).strip().splitlines()[-1]
                    message = f"shards were lost {self.lost} times, at last shard {k + 1}: {reason}"
                    raise LostError(message) from None
                self._actors[k] = self._begin(k)
                answers.append(None)
        return answers

    def _begin(self, k: int) -> Any:
        import ray

        return ray.remote(_Actor).options(num_cpus=1).remote(self._source, k, self._count)


class _Actor:
    """A shard in a process of its own."""

    def __init__(self, source: Source, k: int, count: int) -> None:
        self._shard = Shard(*source(k, count))

    def work(self, name: str, *given: Any) -> Any:
        """The answer of a method of the shard."""
        # Ray hands out arrays that may only be read; compiled code is made for arrays of its own.
        import copy

        return getattr(self._shard, name)(*copy.deepcopy(given))
