"""What it is worth to move a device by one MW: the schedule's prices and the worth of its store.

Raising a flow by one unit costs its running cost, what it takes at other nodes, and what it drains
from its stores; less what it gives there and fills. Per unit drawn at home that is its bid. What
the schedule says nothing about counts as nothing.

A process is made to run evenly. Within seconds it is moved, either way, only for more than half the
price of electricity beyond its bid; where that would be cheaper for longer, the next plan moves it.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.guidance import Moment
from zeroplant.operate.wiring import Stage, Wiring

RELUCTANT = 0.5
"""Part of the price at its node that a process wants beyond its bid."""


def bids(
    wiring: Wiring, stage: Stage, moment: Moment | None
) -> tuple[Floats, Floats, Floats, Floats]:
    """Bids of each device for its taking and for its giving side, money per unit of draw.

    A device with one side bids the same for both. The third are flows: what one more unit of
    each earns, all prices and worths counted. The fourth is what a device wants beyond its bid to
    be moved.
    """
    devices = wiring.devices
    count = len(devices)
    taking, giving = np.zeros(count), np.zeros(count)
    price = np.zeros(len(wiring.nodes)) if moment is None else np.nan_to_num(moment.price)
    worth = np.full(wiring.points.stores, np.nan) if moment is None else moment.worth
    outlay = stage.cost.copy()  # of one more unit of a flow, its home apart
    _outlay(wiring.entry_node, wiring.entry_flow, stage.give, price, outlay)
    _stored(wiring.store_first, wiring.store_of, wiring.fill, worth, outlay)
    _bid(
        devices.home, devices.gives, devices.takes, devices.give_entry, devices.take_entry,
        wiring.entry_node, stage.give, price, outlay, taking, giving,
    )  # fmt: skip
    reluctant, entries = np.zeros(count), devices.take_entry[wiring.even]
    reluctant[wiring.even] = RELUCTANT * np.abs(price[wiring.entry_node[entries]])
    return taking, giving, -outlay, reluctant


@njit(cache=True, nogil=True)
def _outlay(
    entry_node: Ints, entry_flow: Ints, give: Floats, price: Floats, outlay: Floats
) -> None:
    for e in range(len(entry_node)):
        outlay[entry_flow[e]] -= give[e] * price[entry_node[e]]


@njit(cache=True, nogil=True)
def _stored(store_first: Ints, store_of: Ints, fill: Floats, worth: Floats, outlay: Floats) -> None:
    for f in range(len(outlay)):
        for e in range(store_first[f], store_first[f + 1]):
            if not np.isnan(worth[store_of[e]]):
                outlay[f] -= fill[e] * worth[store_of[e]]


@njit(cache=True, nogil=True)
def _bid(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    home: Ints, gives: Ints, takes: Ints, give_entry: Ints, take_entry: Ints, entry_node: Ints,
    give: Floats, price: Floats, outlay: Floats, taking: Floats, giving: Floats,
) -> None:  # fmt: skip
    for d in range(len(home)):
        if takes[d] >= 0:
            e = take_entry[d]
            # What the home pays is in the outlay; it is what the bid is to be compared with.
            taking[d] = -outlay[takes[d]] / abs(give[e]) + price[entry_node[e]]
        if gives[d] >= 0:
            e = give_entry[d]
            giving[d] = outlay[gives[d]] / abs(give[e]) + price[entry_node[e]]
        if takes[d] < 0:
            taking[d] = giving[d]
        elif gives[d] < 0:
            giving[d] = taking[d]
