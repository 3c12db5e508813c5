"""The twin's devices as one link in memory: what a loop reads and writes without any wire.

As over a wire, a reading is stamped by the age it has when it comes, and a set-point is told how
long it holds: the clocks of both ends need not agree. What a device refuses, or what is lost on its
way, is answered as such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import numpy as np

from zeroplant.links.clock import Clock
from zeroplant.links.keeper import Counters
from zeroplant.links.link import Acknowledgement, Point, Quality, Reading, Setpoint
from zeroplant.operate.image import EPOCH, MICROSECOND
from zeroplant.operate.points import BoolArray
from zeroplant.twin.plant import Twin

QUALITIES = tuple(Quality)


class TwinLink:
    """All devices of a twin behind one link (`zeroplant.operate.loop.Kept`).

    ``twin`` gives the one whose time it is, ``clock`` is the controller's. Points marked in
    ``again`` come a second time, an older one in every third read. ``commands`` counts what was set
    by point.
    """

    name, connected, trouble, every = "twin", True, "", 4.0

    def __init__(self, twin: Callable[[], Twin], clock: Clock) -> None:
        self._twin, self.clock, self.counters = twin, clock, Counters(connections=1)
        points = twin().points
        self.points: Mapping[str, Point] = {
            name: points.point(place) for place, name in enumerate(points.names)
        }
        self.again: BoolArray = np.zeros(len(points), bool)
        self.commands = np.zeros(len(points), np.int64)
        self._before: list[dict[str, Reading]] = []

    async def read(self) -> Mapping[str, Reading]:
        """What the devices say now."""
        twin, self.counters.reads = self._twin(), self.counters.reads + 1
        value, event, quality = twin.read()
        ahead = self.clock.now() - twin.clock.now()
        stamp, at = None, EPOCH
        said: dict[str, Reading] = {}
        columns = zip(self.points, value.tolist(), event.tolist(), quality.tolist(), strict=True)
        for name, number, moment, code in columns:
            if moment != stamp:
                stamp, at = moment, EPOCH + moment * MICROSECOND + ahead
            if moment > 0:
                said[name] = Reading(number, at, QUALITIES[code])
        return self._twice(said) if np.count_nonzero(self.again) else said

    def _twice(self, said: dict[str, Reading]) -> dict[str, Reading]:
        """In every third read, what was said two reads ago."""
        self._before = [*self._before, said][-3:]
        if len(self._before) < 3:
            return said
        old, names = self._before[0], tuple(self.points)
        self._before = []
        return said | {names[n]: old[names[n]] for n in np.flatnonzero(self.again).tolist()}

    async def write(
        self, setpoints: Sequence[Setpoint], *, urgent: bool = False
    ) -> list[Acknowledgement]:
        """Set some points."""
        if not setpoints:
            return []
        now, twin = self.clock.now(), self._twin()
        which = twin.places([each.point for each in setpoints])
        lasting = max(setpoints[0].until - now, timedelta())
        values = np.array([each.value for each in setpoints])
        done = twin.write(which, values, twin.clock.now() + lasting)
        self.commands[which] += 1
        self.counters.writes += len(setpoints)
        self.counters.refused += int((~done).sum())
        return [
            Acknowledgement(each.point, taken, now, "" if taken else "no answer")
            for each, taken in zip(setpoints, done.tolist(), strict=True)
        ]

    async def close(self) -> None:
        """Nothing to let go of."""
