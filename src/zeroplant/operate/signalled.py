"""What events of demand response ask for, as orders of a contract."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zeroplant.links.openadr import Signal, Span
from zeroplant.operate.orders import LAST, Order, OrderKind

ROLLING = timedelta(hours=1)
"""An event without an end is an order that is renewed as long as the event stands."""


@dataclass
class Bases:
    """From which net export a relative dispatch counts: that of the plan before it began.

    The plan follows the order, so that the plan made after it must not be what it counts from.
    ``of`` has them by event and start of the span; ``taken`` is called when one is taken.
    """

    of: dict[tuple[str, datetime], float] = field(default_factory=dict)
    taken: Callable[[], None] = lambda: None

    def base(self, key: str, span: Span, now: datetime, planned: float) -> float:
        """The base of a span that has begun [MW]; nan while there was no plan."""
        if span.start > now:
            return math.nan
        mark = (key, span.start)
        if mark not in self.of and math.isfinite(planned):
            self.of[mark] = planned
            while len(self.of) > 1000:
                del self.of[next(iter(self.of))]
            self.taken()
        return self.of.get(mark, math.nan)


def orders_of(
    signal: Signal, levels: Mapping[int, float], now: datetime, bases: Bases, planned: float
) -> list[Order]:
    """What an event asks for, as orders; prices and the like ask for nothing.

    A level allows the import the contract says for it; a dispatch is the plant's export; a relative
    one changes the export that was ``planned`` when it began, and says nothing of later.
    """
    found = []
    for span in signal.spans:
        base = bases.base(key_of(signal), span, now, planned)
        found += _of_span(signal, span, levels, now, base)
    return found


def key_of(signal: Signal) -> str:
    """What an event is called."""
    return f"{signal.program}: {signal.event}"


def _of_span(
    signal: Signal, span: Span, levels: Mapping[int, float], now: datetime, base: float
) -> list[Order]:
    until = span.until or max(now, span.start) + ROLLING
    kind: OrderKind
    if signal.kind == "level" and int(span.value) in levels:
        kind, value = "least export", -levels[int(span.value)]
    elif signal.kind == "dispatch":
        kind, value = "target", span.value
    elif signal.kind == "dispatch relative" and math.isfinite(base):
        kind, value = "target", base + span.value
    elif signal.kind == "export limit":
        kind, value = "most export", span.value
    elif signal.kind == "import limit":
        kind, value = "least export", -span.value
    else:
        return []
    rank = LAST if signal.priority is None else signal.priority
    return [
        Order("contract", kind, value, span.start, until, key_of(signal), span.until is None, rank)
    ]
