"""What went over the plant's connection, as measured, and what would have without an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from zeroplant.axis import Floats, zone_named
from zeroplant.errors import InputError
from zeroplant.operate.baseline import Baseline, as_before, like_days
from zeroplant.operate.measured import means
from zeroplant.store import History
from zeroplant.waist import Network

BEFORE = timedelta(hours=6)
"""How long before an event its day begins: long enough for what the day is compared by."""
DAYS = 28
"""Days before that are looked at for like ones."""

Span = tuple[datetime, datetime]


class Consumption:
    """The connection's consumption [MW] in a plant's history; export counts as less than none."""

    def __init__(self, history: History, zone: str) -> None:
        self._history, self._zone = history, zone_named(zone)
        self._names: tuple[list[str], list[str]] = ([], [])

    def stand(self, network: Network) -> None:
        """Which flows go over the connection."""
        ways = ("import", "export")
        self._names = (
            [flow.name for flow in network.flows if flow.role == ways[0]],
            [flow.name for flow in network.flows if flow.role == ways[1]],
        )

    def measured(self, start: datetime, steps: int, step: timedelta) -> Floats:
        """Means of so many steps; nan where nothing was measured. Raises InputError."""
        bought, sold = self._names
        mean = means(self._history, [*bought, *sold], start, steps, step).mean
        load = sum((mean[name] for name in bought), np.zeros(steps))
        return np.asarray(load - sum((mean[name] for name in sold), np.zeros(steps)))

    def of_days(self, first: datetime, step: timedelta) -> Floats:
        """The days before an event that begins at ``first``, and last its own: (days, steps).

        Each begins `BEFORE` the event's time of the plant's clock, and lasts 24 hours.
        """
        per_day = timedelta(days=1) // step
        begins = [each - BEFORE for each in self._days_to(first)]
        start = begins[0]
        load = self.measured(start, (begins[-1] - start) // step + per_day, step)
        place = np.array([(each - start) // step for each in begins])
        return np.asarray(load[place[:, None] + np.arange(per_day)])

    def _days_to(self, first: datetime) -> list[datetime]:
        """The moment of an event, and before it the same time of the plant's clock on the days."""
        here = first.astimezone(self._zone)  # whose days are not all of 24 hours
        days = (here - timedelta(days=DAYS - n) for n in range(DAYS + 1))
        return [each.astimezone(first.tzinfo) for each in days]

    def like_days(
        self, load: Floats, first: datetime, count: int, step: timedelta, events: Sequence[Span]
    ) -> Baseline:
        """Baseline of the last day by like ones without an event. Raises InputError.

        Workdays are like workdays, and weekends like weekends; public holidays are not known.
        """
        begins = self._days_to(first)
        length = count * step
        rest = np.array([each.astimezone(self._zone).weekday() >= 5 for each in begins])
        disturbed = np.array(
            [any(a < each + length and b > each for a, b in events) for each in begins]
        )
        place = slice(BEFORE // step, BEFORE // step + count)
        hours = step / timedelta(hours=1)
        return like_days(load, place, rest=rest, disturbed=disturbed, hours=hours)

    def baseline(
        self, load: Floats, first: datetime, step: timedelta, events: Sequence[Span],
        planned: Floats,
    ) -> tuple[Baseline, str]:  # fmt: skip
        """The best baseline there is, and its name.

        By like days; else the net export that was ``planned`` [MW by step of the event]; else the
        hour before.
        """
        count = len(planned)
        try:
            return self.like_days(load, first, count, step, events), "like days"
        except InputError:
            pass
        place = slice(BEFORE // step, BEFORE // step + count)
        if np.isfinite(planned).all():
            values = np.full(load.shape[1], np.nan)
            values[place] = -planned
            return Baseline(values, (), 1.0), "schedule"
        return as_before(load[-1], place, round(timedelta(hours=1) / step)), "hour before"


def whole_steps(start: datetime, end: datetime, step: timedelta) -> tuple[datetime, int]:
    """The first whole step within a span, and how many there are."""
    epoch = datetime.min.replace(tzinfo=start.tzinfo)
    first = start + (epoch - start) % step
    return first, (end - first) // step
