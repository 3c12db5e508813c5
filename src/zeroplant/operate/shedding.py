"""Load that is shed by command: what keeps the connections within their limits, and no more.

It is the last resort of dispatch. What is interrupted by agreement is as it is planned. Where a
schedule leaves load unserved, so much may go at once; beyond that, load goes only where everything
else that follows is at its limit and an import stays beyond what the connection, or the dispatch
centre, allows for some seconds. No target and no price is a reason to shed, nor is the small part
of a connection that plans and dispatch leave free.

Load comes back when there is room, but not with every gust: in steps of a quarter of a minute, to
the most that the last minute has needed. Set-points lapse: if nobody renews them, all load is back.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.draws import Table
from zeroplant.operate.merit import share
from zeroplant.operate.points import BoolArray
from zeroplant.operate.wiring import Wiring

LASTS = 8.0
"""Seconds for which a need that nobody planned must last: others may still be on their way;"""
BORNE = 0.3
"""and seconds of a whole connection that may be carried beyond its limit before load is shed: half
a percent for a minute, for limits are those of the mean of a minute."""
STEP, STEPS = 15.0, 5
"""Seconds of a step of the way back, and how many of them are looked back on."""


class Shedding:
    """What is shed behind each connection, from cycle to cycle."""

    def __init__(self, wiring: Wiring, size: Floats) -> None:
        """``size`` is what each connection carries."""
        devices = wiring.devices
        behind = devices.home - len(wiring.nodes)
        may = (devices.gives >= 0) & (behind >= 0)
        may[may] = wiring.shed[devices.gives[may]]
        self._devices = np.flatnonzero(may)
        self._behind = behind[self._devices]
        self._flows = devices.gives[self._devices]
        self._agreed = wiring.agreed[self._flows]
        self._entries = devices.give_entry[self._devices]
        self._most = self._able = np.zeros(len(self._flows))
        self._borne = BORNE * size
        self._lasted, self._carried = np.zeros(wiring.areas), np.zeros(wiring.areas)
        self._since = 0.0
        self._needed = np.zeros((STEPS, wiring.areas))

    def begin(self, top: Floats) -> None:
        """What each flow is at most, before anything is known of what it was seen to reach."""
        self._most = top[self._flows]

    def as_planned(self, top: Floats, bottom: Floats, wish: Floats) -> None:
        """Narrow ``top`` (what is reached) of load that may be shed to what is wished, in place.

        So no balance and no target asks for more.
        """
        self._able = top[self._flows]
        top[self._flows] = np.maximum(wish[self._flows], bottom[self._flows])

    def told(self, plan: Floats, top: Floats, higher: Floats) -> None:
        """Have load told what is asked of it, whatever it was seen to do, in place."""
        top[self._flows] = self._most
        higher[self._flows] = np.maximum(higher[self._flows], plan[self._flows])

    def shed(  # noqa: PLR0917 - what a cycle knows
        self, table: Table, give: Floats, active: BoolArray, comes: Floats, able: Floats,
        least: Floats, owed: Floats, total_least: float, seconds: float,
    ) -> None:  # fmt: skip
        """Have load shed, in place of what the ``table`` says of it.

        ``comes`` is the net export of each area that devices are brought to, ``able`` the most they
        could be brought to, ``least`` its bound, and ``total_least`` that of all areas together.
        Where load is shed, what the connection has carried too much is ``owed`` beside it.
        """
        if not np.count_nonzero(active[self._flows]):
            return
        areas = len(least)
        planned, without, need, could, asked = np.zeros((5, areas))
        _need(
            active, self._flows, self._devices, self._behind, self._entries, give, self._most,
            table.draw, table.lower, comes, able, least, planned, without, need, could,
        )  # fmt: skip
        if total_least > -np.inf:
            lacks, left = max(total_least - float((without + need).sum()), 0.0), could - need
            if lacks > 0.0 and left.sum() > 0.0:
                need += min(lacks / float(left.sum()), 1.0) * left
        seconds = seconds if np.isfinite(seconds) else 0.0
        self._since += seconds
        while self._since >= STEP:
            self._needed = np.vstack([np.zeros_like(need), self._needed[:-1]])
            self._since -= STEP
        _asked(
            seconds, need, planned, least - without, owed, self._borne, self._carried,
            self._lasted, self._needed, asked,
        )  # fmt: skip
        ordered = _ordered(
            active, self._flows, self._devices, self._agreed, table.upper, table.draw
        )
        if ordered or np.count_nonzero(asked):
            self._share(table, give, active, asked)

    def _share(self, table: Table, give: Floats, active: BoolArray, asked: Floats) -> None:
        """Have those shed who lose least by it, beyond what is ordered of each, in place."""
        here = active[self._flows]
        own, behind = self._devices[here], self._behind[here]
        effect = np.abs(give[self._entries[here]])
        most, seen = effect * self._most[here], effect * self._able[here]
        for area in np.flatnonzero(np.bincount(behind, minlength=len(asked))).tolist():
            at = behind == area
            which = own[at]
            ordered, up, down = table.draw[which], table.up[which], table.down[which]
            wanted = -max(asked[area], -float(ordered.sum()))
            draw, missed = share(wanted, np.minimum(-seen[at], ordered), ordered, ordered, up, down)
            if missed < 0.0:  # what does not do it is told all the same
                draw, _ = share(wanted, np.minimum(-most[at], draw), draw, draw, up, down)
            table.draw[which] = draw


@njit(cache=True, nogil=True)
def _need(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    active: BoolArray, flows: Ints, devices: Ints, behind: Ints, entries: Ints, give: Floats,
    most: Floats, draw: Floats, lower: Floats, comes: Floats, able: Floats, least: Floats,
    planned: Floats, without: Floats, need: Floats, could: Floats,
) -> None:  # fmt: skip
    """What is to be shed in each area, is ``planned`` to be, and ``could`` be, in place.

    ``without`` is the most that an area comes to while nothing is shed.
    """
    for k in range(len(flows)):
        if active[flows[k]]:
            planned[behind[k]] += -draw[devices[k]]
            could[behind[k]] += abs(give[entries[k]]) * most[k]
            without[behind[k]] += lower[devices[k]]
    for a in range(len(least)):
        # As planned, so that stores keep what is for later; beyond, others give all first.
        as_planned = min(max(least[a] - comes[a] + planned[a], 0.0), planned[a])
        without[a] = able[a] + without[a]
        need[a] = min(max(least[a] - without[a], as_planned), could[a])


@njit(cache=True, nogil=True)
def _asked(  # noqa: PLR0917 - as above
    seconds: float, need: Floats, planned: Floats, lacks: Floats, owed: Floats, borne: Floats,
    carried: Floats, lasted: Floats, needed: Floats, asked: Floats,
) -> None:  # fmt: skip
    """What is to be shed in each area: what is needed now, or was in the last minute, in place."""
    for a in range(len(need)):
        beyond = seconds * max(need[a], lacks[a])
        carried[a] = min(max(carried[a] + beyond, 0.0), 2.0 * borne[a])
        standing = needed[:, a].max()
        granted = max(standing, min(need[a], planned[a]))
        lasted[a] = lasted[a] + seconds if need[a] > granted else 0.0
        must = lasted[a] > LASTS and (standing > 0.0 or carried[a] > borne[a])
        needed[0, a] = max(needed[0, a], need[a] if must else min(need[a], granted))
        asked[a] = needed[:, a].max()
        if asked[a] > 0.0:
            asked[a] = max(asked[a], need[a] + owed[a])


@njit(cache=True, nogil=True)
def _ordered(  # noqa: PLR0917 - as above
    active: BoolArray, flows: Ints, devices: Ints, agreed: BoolArray, upper: Floats, draw: Floats
) -> bool:
    """Have load shed that is ordered to be, or planned and ``agreed``, in place; whether any is."""
    some = False
    for k in range(len(flows)):
        if active[flows[k]]:
            d = devices[k]
            draw[d] = min(draw[d] if agreed[k] else upper[d], 0.0)
            some |= draw[d] < 0.0
    return some
