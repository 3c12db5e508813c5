"""What flows that may be set do to the connections: what is under way, what need not be written.

A change of a set-point below the deadband of its device is not worth a write. But the deadband of
a large farm may be more than a small connection bears, and several that are left unwritten add up:
so it is written where all that is left behind a connection is more than the deadband of that.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.wiring import Stage, Wiring


class Effects:
    """What flows that may be set do to the exchange of the area they touch, per unit."""

    def __init__(self, wiring: Wiring, device: Ints) -> None:
        behind = wiring.area[wiring.entry_node]
        settable = wiring.points.writable[wiring.entry_flow]
        self._entry = np.flatnonzero((behind >= 0) & settable)
        self.area, self.flow = behind[self._entry], wiring.entry_flow[self._entry]
        self._areas = wiring.areas
        self._of: tuple[Stage, Floats] | None = None
        of = device[self.flow]
        home = np.where(of >= 0, wiring.devices.home[of] if len(wiring.devices) else 0, 0)
        self._elsewhere = home < len(wiring.nodes)
        self._any_elsewhere = bool(self._elsewhere.any())

    def tolerance(self, stage: Stage, size: Floats) -> Floats:
        """What a flow may be off, at most: what its connection's ``size`` is in its own unit."""
        room = np.full(len(stage.cap), np.inf)
        effect = np.abs(stage.give[self._entry])
        own = np.divide(size[self.area], effect, out=np.full(len(effect), np.inf), where=effect > 0)
        np.minimum.at(room, self.flow, own)
        return room

    def effect(self, stage: Stage) -> Floats:
        """What a unit of the flow of each entry does to its area in a period."""
        if self._of is None or self._of[0] is not stage:
            self._of = stage, stage.give[self._entry]
        return self._of[1]

    def moving(self, stage: Stage, flow: Floats, before: Floats, told: Floats) -> Floats:
        """How exchanges will change until the next cycle by devices that are at home elsewhere.

        Those that are on their way (a boiler that warms up, an electrolyser on its ramp) are taken
        to move on as they did.
        """
        if not self._any_elsewhere:
            return np.zeros(self._areas)
        step, left = flow - before, told - flow
        least = np.minimum(np.abs(step), np.abs(left))
        on = np.where(step * left > 0.0, np.copysign(least, step), 0.0)
        each = np.where(self._elsewhere, self.effect(stage) * on[self.flow], 0.0)
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
        effects = self._effects
        kept = np.empty(len(setpoints))
        _kept(
            setpoints, last, self._deadband, self._most, effects.area, effects.flow,
            effects.effect(stage), self._limit, kept,
        )  # fmt: skip
        return kept


LARGE = 0.25
"""Part of all that is left unwritten from which on a change is one of the large ones."""


@njit(cache=True, nogil=True)
def _kept(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    setpoints: Floats, last: Floats, deadband: Floats, most: Floats, area: Ints, flow: Ints,
    effect: Floats, limit: Floats, kept: Floats,
) -> None:  # fmt: skip
    """Set-points, or the last ones where neither device nor connection feels it, in place."""
    any_, keep = False, np.zeros(len(setpoints), np.bool_)
    for f in range(len(setpoints)):
        s = kept[f] = setpoints[f]
        keep[f] = abs(s - last[f]) <= deadband[f] and s != 0.0 and s < most[f] and s != last[f]
        any_ |= keep[f]
    if not any_:
        return
    each = np.empty(len(flow))
    for large in (LARGE, 0.0):  # the large ones first, and all where that is not enough
        whole = np.zeros(len(limit))
        for e in range(len(flow)):
            f = flow[e]
            each[e] = effect[e] * (last[f] - setpoints[f]) if keep[f] else 0.0
            whole[area[e]] += each[e]
        over = False
        for e in range(len(flow)):
            left = abs(whole[area[e]])
            if left > limit[area[e]]:
                over = True
                if abs(each[e]) >= large * left:
                    keep[flow[e]] = False
        if not over:
            break
    for f in range(len(setpoints)):
        if keep[f]:
            kept[f] = last[f]
