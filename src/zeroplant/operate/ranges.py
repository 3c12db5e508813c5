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


@njit(cache=True, nogil=True, error_model="numpy")
def flow_ranges(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    flow: Floats, least: Floats, most: Floats, floor: Floats, cap: Floats, given: BoolArray,
    possible: Floats, mate: Ints, store_first: Ints, store_of: Ints, fill: Floats, level: Floats,
    inflow: Floats, low: Floats, high: Floats, low_end: Floats, high_end: Floats,
    ahead: float, rest: float, lower: Floats, upper: Floats,
) -> None:  # fmt: skip
    """Write ``lower`` and ``upper`` per flow, in place.

    ``possible`` is nan where nothing limits a flow but itself; ``mate`` is the other flow of a
    pair, or -1; ``ahead`` and ``rest`` are hours.
    """
    rate = inflow.copy()
    for f in range(len(flow)):
        for e in range(store_first[f], store_first[f + 1]):
            rate[store_of[e]] += fill[e] * flow[f]
    for f in range(len(flow)):
        bottom, top = max(least[f], floor[f]), min(most[f], cap[f])
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
def device_ranges(  # noqa: PLR0917 - as above
    gives: Ints, takes: Ints, give_entry: Ints, take_entry: Ints, give: Floats,
    bottom: Floats, top: Floats, flow: Floats, wish: Floats,
    lower: Floats, upper: Floats, now: Floats, rest: Floats,
) -> None:  # fmt: skip
    """Ranges, present power and wished power of devices as draws at their homes, in place."""
    for d in range(len(gives)):
        g, t = gives[d], takes[d]
        low, high, present, wished = 0.0, 0.0, 0.0, 0.0
        if g >= 0:
            c = abs(give[give_entry[d]])
            low, high = -top[g] * c, -bottom[g] * c
            present -= flow[g] * c
            wished -= wish[g] * c
        if t >= 0:
            c = abs(give[take_entry[d]])
            high = top[t] * c if g < 0 or bottom[g] <= 0.0 else high
            low = low if g >= 0 and bottom[t] <= 0.0 else bottom[t] * c
            present += flow[t] * c
            wished += wish[t] * c
        low = min(low, high)
        lower[d], upper[d], now[d] = low, high, present
        rest[d] = min(max(wished, low), high)
