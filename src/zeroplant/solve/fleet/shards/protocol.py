"""What every place that shards can live in offers: to ask each of them, and to tell of losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from zeroplant.axis import Ints
from zeroplant.errors import SolveError
from zeroplant.solve.fleet.tables import Fleet

Source = Callable[[int, int], tuple[Fleet, Ints]]
"""``source(k, n)``: the devices of shard k of n and the group of each. The same in every call,
for a lost shard is made anew by it; best every n-th device, so that shards are like each other."""

LOSSES = 5
"""Losses that are made good; with more, something else is wrong."""


class LostError(SolveError):
    """Shards were lost again and again."""


class Shards(Protocol):
    """Shards of a fleet, wherever they are."""

    def __len__(self) -> int:
        """How many."""
        ...

    def ask(self, name: str, *given: Any, only: int | None = None) -> list[Any]:
        """Call a method of every :class:`~zeroplant.solve.fleet.shards.shard.Shard`.

        With ``only``, of that one alone. Answers in the order of the shards; None of a shard
        that was lost: it has been begun anew from its source then, and holds no schedules yet.
        """
        ...
