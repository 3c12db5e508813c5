"""Balances that no grid stands behind (steam, hydrogen, goods), closed by the devices there.

Products are closed before what they are made of. What a buyer, a supply or a dump takes freely
bounds what devices must do, and no more; what is unserved or spilt now is nothing that anyone
relies on. Where a node cannot give what is drawn from it, it is drawn less: those who lose least by
it come down first, and the products they were for are closed anew by what else there is. So two
devices that live on one source of waste heat are not both promised all of it.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.merit import by_merit
from zeroplant.operate.points import BoolArray

SWEEPS = 8
"""Times the nodes are gone through at most: a shortage passes on by a node a time."""
CLOSED = 1e-6


@njit(cache=True, nogil=True)
def close_nodes(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    order: Ints, node_first: Ints, entry_flow: Ints, give: Floats, device_first: Ints,
    gives: Ints, takes: Ints, give_entry: Ints, take_entry: Ints, device_of: Ints,
    idle: BoolArray, passive: BoolArray, floor: Floats, cap: Floats, gain: Floats,
    lower: Floats, rest: Floats, upper: Floats, up: Floats, down: Floats, draw: Floats,
    plan: Floats,
) -> None:  # fmt: skip
    """Close the nodes of ``order`` in turn, in place: the devices' columns, and ``plan`` by flow.

    ``gain`` is what one more unit of a flow earns, by which those come down who lose least.
    """
    for _ in range(SWEEPS):
        short = False
        for n in order:
            a, b = device_first[n], device_first[n + 1]
            given, least, most = 0.0, 0.0, 0.0
            for e in range(node_first[n], node_first[n + 1]):
                f, c = entry_flow[e], give[e]
                if c == 0.0 or idle[f] or (device_of[f] >= a and device_of[f] < b):
                    continue
                if passive[f]:
                    least += min(c * floor[f], c * cap[f])
                    most += max(c * floor[f], c * cap[f])
                else:
                    given += c * plan[f]
            wanted = min(max(rest[a:b].sum(), given + least), given + most)
            by_merit(wanted, lower[a:b], rest[a:b], upper[a:b], up[a:b], down[a:b], draw[a:b])
            for d in range(a, b):
                put(d, draw[d], gives, takes, give_entry, take_entry, give, plan)
            lacks = draw[a:b].sum() - wanted
            if lacks > CLOSED * (1.0 + abs(wanted)):
                short |= draw_less(
                    n, lacks, node_first, entry_flow, give, a, b, gives, takes, give_entry,
                    take_entry, device_of, gain, lower, rest, upper, draw, plan,
                )  # fmt: skip
        if not short:
            return


@njit(cache=True, nogil=True)
def put(  # noqa: PLR0917 - as above
    d: int, power: float, gives: Ints, takes: Ints, give_entry: Ints, take_entry: Ints,
    give: Floats, plan: Floats,
) -> None:  # fmt: skip
    """Write the power of a device into the flows behind it."""
    if gives[d] >= 0:
        plan[gives[d]] = max(-power, 0.0) / abs(give[give_entry[d]])
    if takes[d] >= 0:
        plan[takes[d]] = max(power, 0.0) / abs(give[take_entry[d]])


@njit(cache=True, nogil=True)
def draw_less(  # noqa: PLR0917 - as above
    n: int, lacks: float, node_first: Ints, entry_flow: Ints, give: Floats, a: int, b: int,
    gives: Ints, takes: Ints, give_entry: Ints, take_entry: Ints, device_of: Ints,
    gain: Floats, lower: Floats, rest: Floats, upper: Floats, draw: Floats, plan: Floats,
) -> bool:  # fmt: skip
    """Bring down what devices at home elsewhere draw from a node; whether any came down."""
    came = False
    while lacks > 0.0:
        chosen, worth, entry = -1, np.inf, -1
        for e in range(node_first[n], node_first[n + 1]):
            f = entry_flow[e]
            d = device_of[f]
            if d < 0 or (d >= a and d < b) or give[e] >= 0.0 or plan[f] <= 0.0:
                continue
            room = spared(d, f, gives, takes, give_entry, take_entry, give, lower, upper, plan)
            if gain[f] / -give[e] < worth and room > CLOSED:
                chosen, worth, entry = f, gain[f] / -give[e], e
        if chosen < 0:
            return came
        d, c = device_of[chosen], -give[entry]
        room = spared(d, chosen, gives, takes, give_entry, take_entry, give, lower, upper, plan)
        less = min(lacks / c, room)
        lacks = lacks - c * room if less == room else 0.0
        plan[chosen] -= less
        if chosen == gives[d]:
            lower[d] = -plan[chosen] * abs(give[give_entry[d]])
            upper[d] = max(upper[d], lower[d])
        else:
            upper[d] = plan[chosen] * abs(give[take_entry[d]])
            lower[d] = min(lower[d], upper[d])
        rest[d] = min(max(rest[d], lower[d]), upper[d])
        draw[d] = min(max(draw[d], lower[d]), upper[d])
        came = True
    return came


@njit(cache=True, nogil=True)
def spared(  # noqa: PLR0917 - as above
    d: int, f: int, gives: Ints, takes: Ints, give_entry: Ints, take_entry: Ints, give: Floats,
    lower: Floats, upper: Floats, plan: Floats,
) -> float:  # fmt: skip
    """By how much a flow of a device can come down."""
    if f == gives[d]:
        return float(plan[f] - max(-upper[d], 0.0) / abs(give[give_entry[d]]))
    return float(plan[f] - max(lower[d], 0.0) / abs(give[take_entry[d]]))
