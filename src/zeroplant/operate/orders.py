"""Orders: what others want of the plant now, and whose word counts.

An order has a source, a start, an end and a value; it lapses by itself. Orders of a higher source
go before those of a lower one: safety, the dispatch centre, contracts, the person in charge, and
then the plant's own schedule, which is no order. Wishes of comfort are none either: they are
bounds of stores, and devices keep them by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Source = Literal["safety", "dispatch centre", "contract", "person"]
OrderKind = Literal["target", "most export", "least export", "device"]

PRIORITY: dict[Source, int] = {"safety": 0, "dispatch centre": 1, "contract": 2, "person": 3}
"""Lower goes first; the schedule comes after them all."""
LAST = 1_000_000
"""Rank of an order that claims none, where others do."""


@dataclass(frozen=True)
class Order:
    """One order.

    ``value`` is the plant's net export in MW (negative: import), or for "device" the power of the
    flow ``key``. It holds from ``start`` up to, not including, ``until``, both in UTC; one that is
    ``standing`` is renewed by itself until whoever gave it lifts it. Of orders of the same source
    a lower ``rank`` goes first.
    """

    source: Source
    kind: OrderKind
    value: float
    start: datetime
    until: datetime
    key: str = ""
    standing: bool = False
    rank: int = 0


def in_force(orders: Iterable[Order], now: datetime) -> list[Order]:
    """Orders that hold now: the highest source first, then by rank, then who started last."""
    held = [order for order in orders if order.start <= now < order.until]
    held.sort(key=lambda order: order.start, reverse=True)
    return sorted(held, key=lambda order: (PRIORITY[order.source], order.rank))


@dataclass(frozen=True)
class Bounds:
    """What orders leave of the plant's net export, and which of them could not be kept.

    ``target`` is nan where no order names one. ``told`` says whether anybody but safety has said
    anything; the fail-safe of a lost centre is no word of anybody. ``contradictions`` are the
    orders that a higher one overruled.
    """

    target: float
    least: float
    most: float
    told: bool
    contradictions: tuple[Order, ...]


def bounds_of(held: Sequence[Order]) -> Bounds:
    """What orders in force (see `in_force`) mean together.

    Each narrows what those before it have left; a target leaves one value. An order that lies
    wholly outside is overruled, and what is nearest to it holds.
    """
    least, most, target, told = -math.inf, math.inf, math.nan, False
    overruled = []
    for order in held:
        low = order.value if order.kind in ("target", "least export") else -math.inf
        high = order.value if order.kind in ("target", "most export") else math.inf
        if order.kind == "device" or math.isnan(order.value):
            continue
        told = told or (order.source != "safety" and order.key != FAIL_SAFE)
        if low > most or high < least:
            overruled.append(order)
        if order.kind == "target" and math.isnan(target):
            target = min(max(order.value, least), most)
        least, most = min(max(least, low), most), max(min(most, high), least)
    return Bounds(target, least, most, told, tuple(overruled))


@dataclass
class DispatchCentre:
    """The line to the dispatch centre: what holds when it is lost.

    An order that was given holds for its stated time. When nothing has been heard for ``silence``
    the fail-safe limit begins to hold beside it; it holds for ``at_least``, and then until the
    centre is heard again and has either given a new order or stayed for ``settle``. The manner
    and the figures are those of the EEBus use case "limitation of power consumption" (LPC-911 to
    921: 2 h and 2 min). It also holds from the start until the centre is heard.

    All is measured in seconds of a counter that nobody sets (``count``): it is no silence if the
    machine's clock jumps, and a clock that is set back makes no silence shorter.
    """

    most_export: float
    least_export: float = -math.inf
    silence: float = 120.0
    at_least: float = 7200.0
    settle: float = 120.0
    heard: float | None = None
    lost: float | None = None
    back: float | None = None
    ordered: float | None = None

    def hear(self, count: float, *, order: bool = False) -> None:
        """It sent something; with ``order``, an order."""
        if self.lost is not None and self.back is None:
            self.back = count
        self.heard = count
        if order:
            self.ordered = count

    def limits(self, now: datetime, count: float) -> list[Order]:
        """The fail-safe limit as orders, if it holds now."""
        if self.heard is None and self.lost is None:
            self.lost = count - self.at_least  # at the start it holds only until one hears of it
        if self.heard is None or count - self.heard > self.silence:
            self.back = None
            self.lost = count if self.lost is None else self.lost
        if self.lost is None:
            return []
        if self.back is not None and count - self.lost >= self.at_least:
            ordered = self.ordered is not None and self.ordered >= self.back
            if ordered or count - self.back >= self.settle:
                self.lost = self.back = None
                return []
        ends = now + timedelta(seconds=self.silence)
        agreed: list[tuple[OrderKind, float]] = [("most export", self.most_export)]
        if math.isfinite(self.least_export):
            agreed.append(("least export", self.least_export))
        return [
            Order("dispatch centre", kind, value, now, ends, FAIL_SAFE, standing=True)
            for kind, value in agreed
        ]


FAIL_SAFE = "fail-safe"
"""Key of the limits that hold while the dispatch centre is lost."""
