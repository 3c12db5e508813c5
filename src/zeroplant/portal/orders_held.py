"""Orders the plant goes by, now and later: of the dispatch centre, contracts and persons.

The controller tells them in its image; of those that persons gave, the inbox knows who and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from zeroplant.operate.folder import PlantFolder, answered
from zeroplant.operate.orders import PRIORITY, Order, OrderKind, Source
from zeroplant.operate.wish import ORDERS
from zeroplant.portal.access.places import place_of
from zeroplant.portal.moments import read_moment


@dataclass(frozen=True)
class HeldOrder:
    """An order that has not lapsed; ``name`` is that of a person's in the inbox, else empty.

    ``since`` is when the controller took it, where it said so.
    """

    order: Order
    name: str = ""
    person: str = ""
    reason: str = ""
    since: datetime | None = None

    @property
    def priority(self) -> int:
        """1 goes before all others."""
        return PRIORITY[self.order.source] + 1

    @property
    def place(self) -> str:
        """Where in the plant's tree it holds; empty for the whole plant."""
        return place_of(self.order.key) if self.order.kind == "device" else ""


def held_orders(
    folder: PlantFolder, image: Mapping[str, Any] | None, now: datetime
) -> list[HeldOrder]:
    """All orders that have not lapsed, those that go first first."""
    found = [*_of_persons(folder), *_of_others(image)]
    left = [each for each in found if each.order.until > now]
    return sorted(left, key=lambda each: (each.priority, each.order.start))


def _of_persons(folder: PlantFolder) -> Iterator[HeldOrder]:
    for name, wish, said in answered(folder):
        accepted = said.get("accepted") is True and "withdrawn" not in said
        if accepted and wish is not None and wish.kind in ORDERS:
            since = read_moment(said.get("at"))
            yield HeldOrder(wish.order(), name, wish.person, wish.reason, since)


def _of_others(image: Mapping[str, Any] | None) -> Iterator[HeldOrder]:
    """Orders of others as the controller tells of them; what cannot be read is left out."""
    for each in (image or {}).get("orders", ()):
        try:
            if each["source"] == "person" or each["source"] not in PRIORITY:
                continue
            source, kind = cast("Source", each["source"]), cast("OrderKind", each["kind"])
            start, until = (datetime.fromisoformat(each[name]) for name in ("start", "until"))
            order = Order(source, kind, float(each["value"]), start, until, each.get("key", ""))
        except (KeyError, TypeError, ValueError):
            continue
        yield HeldOrder(order)
