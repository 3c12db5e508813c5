"""The smallest axes and networks, for cases that are solved by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from zeroplant.axis import Axis, Chain
from zeroplant.waist import Network, Node


def small(
    periods: int, hours: float = 1.0, *, month: int = 1, day: int = 1, chains: int = 1
) -> Network:
    """A network over a few periods of 2025, in UTC; several chains all weigh 1."""
    named = tuple(Chain(f"c{place}") for place in range(chains))
    return Network(Axis(datetime(2025, month, day, tzinfo=UTC), periods, hours, chains=named))


def park(net: Network) -> Node:
    """A node called park."""
    return net.node("park")
