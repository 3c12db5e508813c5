"""Guard: the envelope that no set-point leaves, whatever the dispatch has decided.

It is written apart from the dispatch and from the wiring, with data of its own that it takes from
the network by itself, so that one mistake cannot be in both. It knows, for each flow, its limits;
for each store, its bounds and who fills and drains it; for each electric node, its connection. In
this order it makes sure that a set-point

1. is a number (else: nothing),
2. lies within the device's limits,
3. does not fill a full store or drain an empty one by more than goes out or comes in there, and
   does not fill and drain at once; of a store whose level nobody knows it does neither,
4. does not bring a connection over its rating, nor over what safety or the dispatch centre allow.

What has to go is taken from what generation may yet give, then from all else that is to rise, then
from all that push in the wrong direction alike, and can come down: what does not follow is not
counted on. Load that was shed does not come back where that is not enough. To shed is not the
guard's to begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.envelope import Envelope
from zeroplant.operate.points import BoolArray


class Clip(IntEnum):
    """Why a set-point was changed by the guard."""

    NONE = 0
    NO_NUMBER = 1
    LIMIT = 2
    LEVEL = 3
    BOTH = 4
    CONNECTION = 5


UNCLIPPED, NO_NUMBER, LIMIT, LEVEL, BOTH, CONNECTION = (int(clip) for clip in Clip)


@dataclass(frozen=True)
class Allowed:
    """The envelope in one period."""

    least: Floats
    most: Floats
    empty: Floats
    full: Floats
    inflow: Floats
    feed: Floats
    draw: Floats


@dataclass(frozen=True)
class Guarded:
    """Set-points that are safe, why each was changed, and which connections stay over by how much.

    ``over`` is in MW per connection: what could not be taken away.
    """

    setpoints: Floats
    clip: NDArray[np.uint8]
    over: Floats


class Guard:
    """Keeps set-points within an envelope."""

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self._stage, self._allowed = 0, self._at(0)

    def _at(self, stage: int) -> Allowed:
        e, before = self.envelope, max(stage - 1, 0)
        return Allowed(
            e.least.at(stage),
            e.most.at(stage),
            # Bounds of levels hold at the end of a period, those before at its beginning.
            np.minimum(e.empty.at(before), e.empty.at(stage)),
            np.maximum(e.full.at(before), e.full.at(stage)),
            e.inflow.at(stage),
            e.feed.at(stage),
            e.draw.at(stage),
        )

    def check(  # noqa: PLR0917 - what a check is given
        self,
        stage: int,
        wishes: Floats,
        flow: Floats,
        level: Floats,
        possible: Floats,
        slow: BoolArray,
        bottom: Floats,
        ceiling: Floats,
        *,
        least_export: float = -np.inf,
        most_export: float = np.inf,
    ) -> Guarded:
        """Wishes made safe. ``flow`` and ``level`` are as they are, ``possible`` nan if unknown.

        A flow is counted on between its ``bottom`` and its ``ceiling``; both are what it is now
        where it does not follow. What is ``slow`` counts as it is until it has moved.
        ``least_export`` and ``most_export`` bound all connections
        together: what safety and the dispatch centre allow.
        """
        e = self.envelope
        if stage != self._stage:
            self._stage, self._allowed = stage, self._at(stage)
        allowed = self._allowed
        clip = np.zeros(len(wishes), np.uint8)
        safe = wishes.copy()
        _keep_within(safe, clip, e.settable, allowed.least, allowed.most)
        # Written so that a level that is no number is full and empty at once.
        full, empty = ~(level < allowed.full), ~(level > allowed.empty)
        _keep_levels(safe, clip, e.both, e.settable, allowed.least, full, empty)
        if len(e.fill) and np.count_nonzero((full | empty)[e.fill_of]):
            self._levels(safe, clip, flow, full, empty)
        over = self._connections(
            safe, clip, flow, possible, slow, bottom, ceiling, least_export, most_export
        )
        return Guarded(safe, clip, over)

    def _levels(
        self, safe: Floats, clip: NDArray[np.uint8], flow: Floats, full: BoolArray, empty: BoolArray
    ) -> None:
        """Stores that several flows move: filled no more than they lose once full, and so on."""
        e, allowed = self.envelope, self._allowed
        at, which, count = e.fill_of, e.fill_flow, len(full)
        comes = np.where(np.isnan(safe), flow, safe)[which]
        settable = e.settable[which]
        for sign, bound in ((1.0, full), (-1.0, empty)):
            rate = sign * e.fill * comes
            change = np.bincount(at, rate, count) + sign * allowed.inflow
            ours = np.bincount(at, np.where(settable & (rate > 0.0), rate, 0.0), count)
            beyond = np.where(bound, np.maximum(change, 0.0), 0.0)
            part = np.divide(beyond, ours, out=np.zeros(count), where=ours > 0.0).clip(0.0, 1.0)
            hit = settable & (rate > 0.0) & (part[at] > 1e-9)
            flows = which[hit]
            lowest = np.maximum(allowed.least[flows], 0.0)
            clip[flows] = LEVEL
            safe[flows] = np.maximum((1.0 - part[at][hit]) * safe[flows], lowest)

    def _connections(  # noqa: PLR0917 - what a check is given
        self,
        safe: Floats,
        clip: NDArray[np.uint8],
        flow: Floats,
        possible: Floats,
        slow: BoolArray,
        bottom: Floats,
        ceiling: Floats,
        least_export: float,
        most_export: float,
    ) -> Floats:
        """Cut what would bring connections over their bounds, in place; what stays over."""
        e = self.envelope
        count = len(self._allowed.feed)
        if not count:
            return np.zeros(0)
        over, comes, then = np.zeros(count), np.empty(len(flow)), np.empty(count)
        for sign in (-1.0, 1.0):
            _carried(
                safe, flow, possible, slow, bottom, ceiling, e.push_at, e.push_flow, e.push,
                e.generates, sign > 0.0, e.meter_at, e.meter_flow, e.meter, comes, then,
            )  # fmt: skip
            feed, draw = self._bounds(then, least_export, most_export)
            excess = np.maximum(then - feed if sign > 0.0 else -draw - then, 0.0)
            if np.count_nonzero(excess > 1e-9):
                left = self._cut(safe, clip, comes, flow, bottom, sign, excess)
                rated = self._allowed.feed if sign > 0.0 else self._allowed.draw
                over += np.maximum(sign * then - rated - (excess - left), 0.0)
        return over

    def _bounds(
        self, then: Floats, least_export: float, most_export: float
    ) -> tuple[Floats, Floats]:
        """Most export and import of each connection, with the bounds of all of them shared out."""
        feed, draw = self._allowed.feed, self._allowed.draw
        if least_export == -np.inf and most_export == np.inf:
            return feed, draw
        total = float(then.sum())
        if total > most_export:
            feed = np.minimum(feed, then - (total - most_export) * _part(then.clip(0.0)))
        if total < least_export:
            draw = np.minimum(draw, -then - (least_export - total) * _part((-then).clip(0.0)))
        return feed, draw

    def _cut(  # noqa: PLR0917 - as above
        self,
        safe: Floats,
        clip: NDArray[np.uint8],
        comes: Floats,
        flow: Floats,
        bottom: Floats,
        sign: float,
        excess: Floats,
    ) -> Floats:
        """Take ``excess`` per connection from what pushes that way, in proportion; what is left.

        What generation may yet give goes first: others may keep an import low until it comes. Then
        what is to rise, and only then what runs already: it is not to make room for a rise.
        """
        e = self.envelope
        lowest = np.maximum(np.maximum(self._allowed.least, bottom), 0.0)
        rising = np.maximum(flow, lowest)
        for floor in (np.where(e.generates, rising, np.inf), rising, lowest):
            room = (comes - floor)[e.push_flow]
            able = (e.push * sign > 0.0) & e.settable[e.push_flow] & (room > 1e-9)
            pushes = np.where(able, e.push * sign, 0.0) * np.where(able, room, 0.0)
            whole = np.bincount(e.push_at, pushes, len(excess))
            part = np.divide(excess, whole, out=np.zeros_like(excess), where=whole > 0.0)
            np.minimum(part, 1.0, out=part)
            hit = (pushes > 0.0) & (part[e.push_at] > 0.0)
            flows = e.push_flow[hit]
            safe[flows] = comes[flows] = comes[flows] - part[e.push_at][hit] * room[hit]
            clip[flows] = CONNECTION
            excess = excess - part * whole
        return excess if sign > 0.0 else self._kept_off(safe, clip, comes, flow, excess)

    def _kept_off(
        self, safe: Floats, clip: NDArray[np.uint8], comes: Floats, flow: Floats, excess: Floats
    ) -> Floats:
        """Keep load off that an import over its bound has no room for, in place; what is left."""
        e = self.envelope
        back = flow - comes
        back = np.where(e.sheds & e.settable & (back > 1e-9), back, 0.0)[e.push_flow]
        whole = np.bincount(e.push_at, e.push * back, len(excess))
        part = np.divide(excess, whole, out=np.zeros_like(excess), where=whole > 0.0).clip(0.0, 1.0)
        hit = (back > 0.0) & (part[e.push_at] > 0.0)
        flows = e.push_flow[hit]
        safe[flows] = comes[flows] = comes[flows] + part[e.push_at][hit] * back[hit]
        clip[flows] = CONNECTION
        return excess - part * whole


@njit(cache=True, nogil=True)
def _keep_within(
    safe: Floats, clip: NDArray[np.uint8], settable: BoolArray, least: Floats, most: Floats
) -> None:
    """Numbers within the limits of devices, in place; nan where nothing is set."""
    for f in range(len(safe)):
        if not settable[f]:
            safe[f] = np.nan
            continue
        value = safe[f]
        if not np.isfinite(value) and value != np.inf:
            value, clip[f] = 0.0, NO_NUMBER
        within = np.minimum(np.maximum(value, least[f]), most[f])
        if within != value:
            clip[f] = LIMIT
        safe[f] = within + 0.0  # nothing has no sign: -0.0 is told, and shown, as 0


@njit(cache=True, nogil=True)
def _keep_levels(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    safe: Floats, clip: NDArray[np.uint8], both: Ints, settable: BoolArray, least: Floats,
    full: BoolArray, empty: BoolArray,
) -> None:  # fmt: skip
    """Plain stores are not filled when full, nor drained when empty, nor both at once; in place."""
    for k in range(len(both)):
        if full[both[k, 2]]:
            _stop(safe, clip, both[k, 0], LEVEL, settable, least)
    for k in range(len(both)):
        if empty[both[k, 2]]:
            _stop(safe, clip, both[k, 1], LEVEL, settable, least)
    for k in range(len(both)):
        charge, discharge = both[k, 0], both[k, 1]
        if safe[charge] > 0.0 and safe[discharge] > 0.0:
            smaller = charge if safe[charge] < safe[discharge] else discharge
            _stop(safe, clip, smaller, BOTH, settable, least)


@njit(cache=True, nogil=True)
def _stop(  # noqa: PLR0917 - as above
    safe: Floats, clip: NDArray[np.uint8], f: int, why: int, settable: BoolArray, least: Floats
) -> None:
    """Set a flow to the least it may be, in place."""
    lowest = max(least[f], 0.0)
    if settable[f]:
        clip[f] = why if safe[f] > lowest else clip[f]
        safe[f] = min(safe[f], lowest)


@njit(cache=True, nogil=True)
def _carried(  # noqa: PLR0917 - as above
    safe: Floats, flow: Floats, possible: Floats, slow: BoolArray, bottom: Floats,
    ceiling: Floats, push_at: Ints, push_flow: Ints, push: Floats, generates: BoolArray,
    hoping: bool, meter_at: Ints, meter_flow: Ints, meter: Floats, comes: Floats, then: Floats,
) -> None:  # fmt: skip
    """What flows come to, and the export that each connection comes to by it, in place.

    Unless ``hoping``, that a generator may give more relieves no import before it does.
    """
    for f in range(len(flow)):
        # A limit above what is possible changes nothing; what is unknown may rise up to it.
        will = flow[f] if np.isnan(safe[f]) or slow[f] else np.fmin(safe[f], possible[f])
        will = np.minimum(np.maximum(will, bottom[f]), ceiling[f])
        comes[f] = will if np.isfinite(will) else flow[f]
    then[:] = 0.0
    for p in range(len(push_flow)):
        f = push_flow[p]
        moved = push[p] * (comes[f] - flow[f])
        if not hoping and generates[f]:
            moved = min(moved, 0.0)
        then[push_at[p]] += moved
    now = np.zeros(len(then))
    for m in range(len(meter_at)):
        now[meter_at[m]] += meter[m] * flow[meter_flow[m]]
    for c in range(len(then)):
        then[c] += now[c]


def _part(values: Floats) -> Floats:
    whole = float(values.sum())
    return values / whole if whole > 0.0 else np.full_like(values, 1.0 / len(values))
