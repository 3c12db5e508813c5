"""How far each flow can be moved now: its own limits, what is possible, and what stores allow.

A store bounds the flows that act on it: over the next ``ahead`` hours its level must stay within
its bounds, and at the end of the running period within those of that end (a car that leaves, a
room whose hours of comfort begin). With the level L, the rate r of everything else that acts on
it, and a flow f with coefficient c:

    floor ≤ L + h (r + c f) ≤ cap
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.points import BoolArray

UNLIMITED = 1e6
"""What stands for no limit where sums are made."""


@njit(cache=True, nogil=True)
def could_give(
    value: Floats, makes: BoolArray, said: Ints, uncurtailed: BoolArray, possible: Floats
) -> None:
    """What each generator could give, in place: as the point ``said`` has it; nan for others.

    What one gives that nothing holds back is what it can give, whatever it says.
    """
    for f in range(len(possible)):
        possible[f] = value[said[f]] if makes[f] else np.nan
        if uncurtailed[f] or (makes[f] and np.isnan(possible[f])):
            possible[f] = value[f]


@njit(cache=True, nogil=True, error_model="numpy")
def flow_ranges(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    flow: Floats, least: Floats, most: Floats, floor: Floats, cap: Floats, free: BoolArray,
    possible: Floats, mate: Ints, store_first: Ints, store_of: Ints, fill: Floats, level: Floats,
    inflow: Floats, low: Floats, high: Floats, low_end: Floats, high_end: Floats,
    ahead: float, rest: float, lower: Floats, upper: Floats,
) -> None:  # fmt: skip
    """Write ``lower`` and ``upper`` per flow, in place.

    ``possible`` is nan where nothing limits a flow but itself; ``free`` marks what weather leaves:
    only the device knows that, and the ``cap`` of the network was a guess. ``mate`` is the other
    flow of a pair, or -1; ``ahead`` and ``rest`` are hours.
    """
    rate = inflow.copy()
    for f in range(len(flow)):
        for e in range(store_first[f], store_first[f + 1]):
            rate[store_of[e]] += fill[e] * flow[f]
    for f in range(len(flow)):
        bottom = max(least[f], floor[f])
        top = most[f] if free[f] else min(most[f], cap[f])
        if not np.isnan(possible[f]):  # what the device says goes before what was expected
            top = min(most[f], max(possible[f], 0.0))
            bottom = min(bottom, top)
        must = 0.0
        for e in range(store_first[f], store_first[f + 1]):
            s, c = store_of[e], fill[e]
            if c == 0.0:
                continue
            if np.isnan(level[s]):  # nobody knows what is in it: a pair stays idle
                top = 0.0 if mate[f] >= 0 else top
                continue
            other = inflow[s] if mate[f] >= 0 else rate[s] - c * flow[f]
            bound = high[s] if c > 0.0 else low[s]
            end = high_end[s] if c > 0.0 else low_end[s]
            if np.isfinite(bound):
                top = min(top, ((bound - level[s]) / ahead - other) / c)
            if np.isfinite(end) and end != bound:
                top = min(top, ((end - level[s]) / rest - other) / c)
            wanted = low_end[s] if c > 0.0 else high_end[s]
            if mate[f] < 0 and np.isfinite(wanted):
                must = max(must, ((wanted - level[s]) / rest - other) / c)
        top = max(top, 0.0)
        lower[f] = min(max(bottom, must), top)
        upper[f] = top


@njit(cache=True, nogil=True)
def reachable(  # noqa: PLR0917 - as above
    asked: Floats, low: Floats, high: Floats, probe: Floats, set_: BoolArray, flow: Floats,
    bottom: Floats, top: Floats, lower: Floats, higher: Floats, wish: Floats, plan: Floats,
) -> None:  # fmt: skip
    """Narrow ``bottom`` and ``top`` to what flows were seen to reach (``low``, ``high``), in place.

    ``lower`` and ``higher`` are what one beyond its reach is told instead, ``wish`` what is asked
    as far as it is reached, and ``plan`` that of flows that are ``set_``, or what the others do.
    """
    for f in range(len(flow)):
        ceiling, floor = high[f], low[f]
        up = min(ceiling + probe[f], top[f]) if ceiling > 0.0 else 0.0
        higher[f] = max(up, asked[f])
        lower[f] = min(asked[f], max(floor - probe[f], bottom[f]))
        bottom[f] = max(floor, bottom[f])
        top[f] = max(min(top[f], ceiling), bottom[f])
        wish[f] = min(max(asked[f], bottom[f]), top[f])
        plan[f] = wish[f] if set_[f] else flow[f]


@njit(cache=True, nogil=True)
def tell(  # noqa: PLR0917 - as above
    plan: Floats, wish: Floats, active: BoolArray, writable: BoolArray, free: BoolArray,
    low: Floats, high: Floats, lower: Floats, higher: Floats, top: Floats, most: Floats,
    full: float, called: BoolArray,
) -> None:  # fmt: skip
    """What flows are told, in place, and which of them were ``called`` from their wish.

    One that is ``free`` and gives all that is possible is told no limit.
    """
    for f in range(len(plan)):
        told = min(plan[f] if active[f] else wish[f], top[f])
        told = higher[f] if told >= high[f] else told
        told = lower[f] if low[f] > 0.0 and told <= low[f] else told
        called[f] = abs(told - wish[f]) > 1e-9
        if free[f] and active[f] and told >= top[f] * full:
            told = most[f]
        plan[f] = told if writable[f] else np.nan


@njit(cache=True, nogil=True)
def device_ranges(  # noqa: PLR0917 - as above
    gives: Ints, takes: Ints, give_entry: Ints, take_entry: Ints, give: Floats,
    bottom: Floats, top: Floats, flow: Floats, wish: Floats, active: BoolArray, pair: Ints,
    covered: BoolArray, meant: Floats, turn: float, taking: Floats, giving: Floats,
    lower: Floats, rest: Floats, upper: Floats, up: Floats, down: Floats, now: Floats,
) -> None:  # fmt: skip
    """Ranges, rest, bids and present power of devices as draws at their homes, in place.

    One that does not follow rests where it is. The rest of a store leaves what it does, or was
    meant to do where it ``covered`` for others, by ``turn`` of its range at most.
    """
    for d in range(len(gives)):
        g, t = gives[d], takes[d]
        low, high, present, wished, follows = 0.0, 0.0, 0.0, 0.0, True
        if g >= 0:
            c = abs(give[give_entry[d]])
            low, high = -top[g] * c, -bottom[g] * c
            present -= flow[g] * c
            wished -= wish[g] * c
            follows = follows and active[g]
        if t >= 0:
            c = abs(give[take_entry[d]])
            high = top[t] * c if g < 0 or bottom[g] <= 0.0 else high
            low = low if g >= 0 and bottom[t] <= 0.0 else bottom[t] * c
            present += flow[t] * c
            wished += wish[t] * c
            follows = follows and active[t]
        low = min(low, high)
        idle = min(max(wished, low), high)
        low, high = max(low, -UNLIMITED), min(high, UNLIMITED)
        if not follows:
            low = high = idle = present
        if pair[d] >= 0:
            doing = min(max(meant[d] if covered[d] else present, low), high)
            most = turn * (high - low)
            idle = min(max(idle, doing - most), doing + most)
        lower[d], rest[d], upper[d], now[d] = low, idle, high, present
        up[d] = taking[d] if idle >= 0.0 else giving[d]
        down[d] = taking[d] if idle > 0.0 else giving[d]


@njit(cache=True, nogil=True)
def put(  # noqa: PLR0917 - as above
    draw: Floats, gives: Ints, takes: Ints, give_entry: Ints, take_entry: Ints, give: Floats,
    plan: Floats,
) -> None:  # fmt: skip
    """Write the power of devices into the flows behind them, in place."""
    for d in range(len(draw)):
        if gives[d] >= 0:
            plan[gives[d]] = max(-draw[d], 0.0) / abs(give[give_entry[d]])
        if takes[d] >= 0:
            plan[takes[d]] = max(draw[d], 0.0) / abs(give[take_entry[d]])


@njit(cache=True, nogil=True)
def area_ranges(  # noqa: PLR0917 - as above
    exchange: Floats, moving: Floats, sums: Floats, apart: Floats, bounds: Floats, taken: Floats,
    able: Floats, resting: Floats, span: Floats,
) -> None:  # fmt: skip
    """What each area can come to, least and most, as ``span``, and with devices at rest, in place.

    ``sums`` are what its devices draw now, at rest, and at their least and most; ``taken`` is what
    it would export without them, ``able`` what it could whatever the ``bounds``. What may be
    ``apart``, beside what the meters say, must go through the connection too.
    """
    for a in range(len(exchange)):
        now, rest, lower, upper = sums[a]
        taken[a] = exchange[a] + moving[a] + now
        able[a] = taken[a] - lower
        least, most = bounds[a, 0] + max(-apart[a], 0.0), bounds[a, 1] - max(apart[a], 0.0)
        span[a, 0] = min(max(taken[a] - upper, least), most)
        span[a, 1] = min(max(able[a], least), most)
        resting[a] = min(max(taken[a] - rest, span[a, 0]), span[a, 1])
