"""Orders for single devices that keep a higher source's target from being reached.

Who works at a machine must be able to rely on what was ordered for it, so such an order stands
whatever its rank; that it stands in the way of a higher one is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zeroplant.operate.alarms import Condition
from zeroplant.operate.orders import PRIORITY, Order


def at_odds(held: Sequence[Order]) -> Iterator[Condition]:
    """Contradictions among orders in force, where their target is missed."""
    target = next((order for order in held if order.kind == "target"), None)
    for order in held:
        if target and order.kind == "device" and PRIORITY[order.source] > PRIORITY[target.source]:
            yield "contradiction", f"{order.source}: {order.key}"
