"""What is known of every flow when some points are silent: the parent meter says the rest.

Unreachable is not zero. A point that was not heard of in time keeps its last value with its age,
and where a balance is measured otherwise, the unknown part is what the balance leaves:

    Σ coefficient · flow = 0 at each node,   so   unknown = −(Σ of the known) / coefficient

Two or more that are silent at one node share what is left in proportion to their ratings,
beginning at their last values. Their sum is known; how it is split is not, and one of them is off
by no more than the others could make up for: that is its ``spread``. Where the meter itself is
silent, the exchange is what the node's flows leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.links.link import Quality
from zeroplant.operate.image import Codes, Image
from zeroplant.operate.points import BoolArray
from zeroplant.operate.wiring import Stage, Wiring


class Source(IntEnum):
    """Where a value comes from; larger is weaker."""

    MEASURED = 0
    RECONCILED = 1
    """What the balance of its node leaves."""
    HELD = 2
    """Its last value: nothing else is known."""
    NEVER = 3
    """Nothing was ever heard; taken as nothing."""


UNCERTAIN, HELD, NEVER = int(Quality.UNCERTAIN), int(Source.HELD), int(Source.NEVER)


@dataclass(frozen=True)
class Known:
    """Flows and stores as they are taken to be, in the order of the points.

    ``value`` has no nan among flows; a level that was never heard is nan. ``spread`` is how far a
    value may be off, in its own unit (0 where it is measured). ``source`` is a code of `Source`.
    """

    value: Floats
    spread: Floats
    source: Codes


def fresh(image: Image, stale: Floats) -> BoolArray:
    """Which values count as measured: heard, good or uncertain, and not older than ``stale`` [s].

    A stamp further ahead than that is of a clock that is wrong, and says nothing of the age.
    """
    good = np.empty(len(image.value), bool)
    _fresh(image.at_micros, image.event, image.quality, image.value, stale, good)
    return good


def reconcile(image: Image, wiring: Wiring, stage: Stage, good: BoolArray) -> Known:
    """The most that can be said of every flow and level; ``good`` marks what is measured."""
    points = wiring.points
    value, spread = image.value.copy(), np.zeros(len(points))
    source = np.zeros(len(points), np.uint8)
    _heard(good, points.flows, value, source)
    _balance(
        wiring.node_first, wiring.entry_flow, stage.give, wiring.exchange, wiring.idle,
        points.most, value, spread, source,
    )  # fmt: skip
    return Known(value, spread, source)


@njit(cache=True, nogil=True)
def _fresh(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    now: int, event: Ints, quality: Codes, value: Floats, stale: Floats, good: BoolArray
) -> None:
    for p in range(len(value)):
        in_time = abs(now - event[p]) <= 1e6 * stale[p]
        good[p] = quality[p] <= UNCERTAIN and in_time and np.isfinite(value[p])


@njit(cache=True, nogil=True)
def _heard(good: BoolArray, flows: int, value: Floats, source: Codes) -> None:
    """Sources of values, and nothing for flows that were never heard, in place."""
    for p in range(len(value)):
        if not good[p]:
            ever = np.isfinite(value[p])
            source[p] = HELD if ever else NEVER
            if not ever and p < flows:
                value[p] = 0.0


@njit(cache=True, nogil=True)
def _balance(  # noqa: PLR0917 - as above
    node_first: Ints, entry_flow: Ints, give: Floats, exchange: Floats, idle: BoolArray,
    most: Floats, value: Floats, spread: Floats, source: Codes,
) -> None:  # fmt: skip
    for node in range(len(node_first) - 1):
        first, last = node_first[node], node_first[node + 1]
        left, room, silent, meters, lost_meters = 0.0, 0.0, 0, 0, 0
        for entry in range(first, last):
            flow = entry_flow[entry]
            left += give[entry] * value[flow]
            if exchange[flow] != 0.0:
                meters += 1
                lost_meters += source[flow] >= 2
            elif source[flow] >= 2 and not idle[flow]:
                silent += 1
                room += abs(give[entry]) * most[flow]
        if lost_meters:
            _close_by_exchange(
                first, last, entry_flow, give, exchange, room, left, value, spread, source
            )
        elif silent:
            for entry in range(first, last):
                flow = entry_flow[entry]
                if source[flow] < 2 or idle[flow] or exchange[flow] != 0.0 or give[entry] == 0.0:
                    continue
                own = abs(give[entry]) * most[flow]
                share = 1.0 / silent if not np.isfinite(room) or room <= 0.0 else own / room
                value[flow] = min(max(value[flow] - share * left / give[entry], 0.0), most[flow])
                others = (room - own) / abs(give[entry]) if silent > 1 else 0.0
                spread[flow] = min(most[flow], others)
                source[flow] = 1


@njit(cache=True, nogil=True)
def _close_by_exchange(  # noqa: PLR0917 - as above
    first: int, last: int, entry_flow: Ints, give: Floats, exchange: Floats, room: float,
    left: float, value: Floats, spread: Floats, source: Codes,
) -> None:  # fmt: skip
    """Silent flows keep their last values; a silent meter shows what they and the others leave."""
    for entry in range(first, last):
        flow = entry_flow[entry]
        if exchange[flow] != 0.0 and source[flow] >= 2:
            left -= give[entry] * value[flow]
            value[flow] = 0.0
    for entry in range(first, last):
        flow = entry_flow[entry]
        if exchange[flow] == 0.0 or source[flow] < 2:
            continue
        # What is left over is exported (give < 0), what lacks is imported (give > 0).
        value[flow] = max(-left / give[entry], 0.0)
        left += give[entry] * value[flow]
        spread[flow] = room / abs(give[entry])
        source[flow] = 1
