"""What flows that may be set do to the connections: what is under way, what need not be written.

A change of a set-point below the deadband of its device is not worth a write. But the deadband of
a large farm may be more than a small connection bears, and several that are left unwritten add up:
so it is written where all that is left behind a connection is more than the deadband of that.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate.wiring import Stage, Wiring


class Effects:
    """What flows that may be set do to the exchange of the area they touch, per unit."""

    def __init__(self, wiring: Wiring, device: Ints) -> None:
        behind = wiring.area[wiring.entry_node]
        settable = wiring.points.writable[wiring.entry_flow]
        self._entry = np.flatnonzero((behind >= 0) & settable)
        self.area, self.flow = behind[self._entry], wiring.entry_flow[self._entry]
        self._areas = wiring.areas
        of = device[self.flow]
        home = np.where(of >= 0, wiring.devices.home[of] if len(wiring.devices) else 0, 0)
        self._elsewhere = home < len(wiring.nodes)

    def tolerance(self, stage: Stage, size: Floats) -> Floats:
        """What a flow may be off, at most: what its connection's ``size`` is in its own unit."""
        room = np.full(len(stage.cap), np.inf)
        effect = np.abs(stage.give[self._entry])
        own = np.divide(size[self.area], effect, out=np.full(len(effect), np.inf), where=effect > 0)
        np.minimum.at(room, self.flow, own)
        return room

    def of(self, stage: Stage, change: Floats) -> tuple[Floats, Floats]:
        """What a change of flows does, entry by entry, and to each area."""
        each = stage.give[self._entry] * change[self.flow]
        return each, np.bincount(self.area, each, self._areas).astype(np.float64)

    def moving(self, stage: Stage, flow: Floats, before: Floats, told: Floats) -> Floats:
        """How exchanges will change until the next cycle by devices that are at home elsewhere.

        Those that are on their way (a boiler that warms up, an electrolyser on its ramp) are taken
        to move on as they did.
        """
        if not self._elsewhere.any():
            return np.zeros(self._areas)
        step, left = flow - before, told - flow
        least = np.minimum(np.abs(step), np.abs(left))
        on = np.where(step * left > 0.0, np.copysign(least, step), 0.0)
        each = np.where(self._elsewhere, stage.give[self._entry] * on[self.flow], 0.0)
        return np.bincount(self.area, each, self._areas).astype(np.float64)


class Thrift:
    """Keeps set-points as they were where a change is not worth a write.

    ``deadband`` is a share of ratings: of devices, and of the connections, whose ``size`` is given.
    """

    def __init__(self, wiring: Wiring, effects: Effects, size: Floats, deadband: float) -> None:
        self._effects, self._most = effects, wiring.points.most[: wiring.points.flows]
        self._deadband = deadband * wiring.size
        self._limit = deadband * size

    def __call__(self, setpoints: Floats, last: Floats, stage: Stage) -> Floats:
        """Set-points, or the ``last`` ones."""
        with np.errstate(invalid="ignore"):
            near = np.abs(setpoints - last) <= self._deadband
        keep = near & (setpoints != 0.0) & (setpoints < self._most) & (setpoints != last)
        if not keep.any():
            return setpoints
        left = np.where(keep, last - setpoints, 0.0)
        for large in (0.25, 0.0):  # the large ones first, and all where that is not enough
            each, whole = self._effects.of(stage, left)
            over = np.abs(whole) > self._limit
            if not over.any():
                break
            behind = self._effects.area
            write = over[behind] & (np.abs(each) >= large * np.abs(whole)[behind])
            left[self._effects.flow[write]] = 0.0
            keep[self._effects.flow[write]] = False
        return np.where(keep, last, setpoints)
