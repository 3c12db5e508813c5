"""The dispatch centre of a simulated run, as a caller of the plant: by timetable, and lost at will.

It says again every minute what it wants, for twice as long. While its line is lost the fail-safe
limit holds (`zeroplant.operate.orders.DispatchCentre`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from zeroplant.operate.alarms import Condition
from zeroplant.operate.orders import DispatchCentre, Order
from zeroplant.twin.faults import Trouble

RENEWED = timedelta(minutes=1)


class Centre:
    """What the dispatch centre asks for, and a contract that contradicts it.

    ``now`` is the controller's time, ``hours`` the true time since the start.
    """

    def __init__(
        self,
        trouble: Trouble,
        fail_safe_export: float,
        now: Callable[[], datetime],
        hours: Callable[[], float],
    ) -> None:
        self.trouble, self._now, self._hours = trouble, now, hours
        self._line = DispatchCentre(fail_safe_export)
        self._there = bool(trouble.orders or trouble.faults)

    def orders(self) -> list[Order]:
        """Everything that is ordered now."""
        if not self._there:
            return []
        now, hours = self._now(), self._hours()
        asked = self.trouble.asked(hours)
        if not self.trouble.active("centre_lost", hours):
            self._line.hear(3600.0 * hours, order=bool(asked))
        until = now + 2 * RENEWED
        orders = [Order("dispatch centre", a.kind, a.value, now, until) for a in asked]
        if self.trouble.active("contradictory", hours):
            orders += [Order("contract", a.kind, -a.value, now, until) for a in asked]
        return orders + self._line.limits(now, 3600.0 * hours)

    def troubles(self) -> list[Condition]:
        """Whether its line is lost."""
        return [("dispatch centre lost", "")] if self._there and self._line.lost is not None else []
