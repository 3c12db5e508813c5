"""A simulated swap station as its OCPP controller sees it: slots with packs, and one limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from zeroplant.twin.kinds.swap import SlotSeen
from zeroplant.twin.wire.swap_station import Battery


class Bays:
    """Slots by ``rack``; the limits of all of them together are the power it may charge with.

    ``charging`` are the flows by which it charges, and what each takes per unit [MWh]; ``write``
    sets one of them. Nothing is set before a station has been told of limits.
    """

    def __init__(
        self,
        name: str,
        rack: Callable[[], Sequence[SlotSeen]],
        charging: Mapping[str, float],
        write: Callable[[str, float, datetime | None], bool],
    ) -> None:
        self.name, self._rack, self._charging, self._write = name, rack, charging, write
        self._limits: dict[str, float] = {}
        self._seen = [(slot.serial, slot.level) for slot in rack()]
        self.heard: Callable[[], bool] = lambda: False
        """Whether a central system has ever been there."""

    def values(self) -> Mapping[str, float]:
        """Values by slot, as a charge point tells them."""
        found: dict[str, float] = {}
        for number, slot in enumerate(self._rack(), start=1):
            own = f"{self.name}.{number}"
            found |= {f"{own}.charge": slot.power, f"{own}.plugged": float(slot.there)}
            if slot.there:
                found[f"{own}.level"] = slot.level
        return found

    def limit(self, point: str, value: float, until: datetime | None) -> bool:
        """Limit a slot; flows share what all of them may draw, once that is known."""
        self._limits[point] = value
        if not self.heard() or len(self._limits) < len(self._seen):
            return True
        whole = sum(self._limits.values())
        each = whole / len(self._charging)
        done = [self._write(flow, each / takes, until) for flow, takes in self._charging.items()]
        return all(done)

    def swapped(self) -> list[tuple[Battery, Battery]]:
        """Swaps of trucks since it was last asked: what came in, and what went out."""
        found = []
        for number, slot in enumerate(self._rack(), start=1):
            serial, level = self._seen[number - 1]
            if slot.serial != serial:
                came = Battery(number, slot.serial, slot.level)
                found.append((came, Battery(number, serial, level)))
            self._seen[number - 1] = slot.serial, slot.level
        return found
