"""Which flows are counted on in a cycle: those that are measured, told, and there."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.image import Codes
from zeroplant.operate.known import Source
from zeroplant.operate.points import BoolArray

MEASURED, RECONCILED = int(Source.MEASURED), int(Source.RECONCILED)


@njit(cache=True, nogil=True)
def said_possible(value: Floats, source: Codes, point: Ints, possible: Floats) -> None:
    """What generators say they could give, in place: nan where there is no ``point``, or silent."""
    for f in range(len(possible)):
        p = point[f]
        possible[f] = value[p] if p >= 0 and source[p] == MEASURED else np.nan


@njit(cache=True, nogil=True)
def told_and_measured(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    seconds: float, good: BoolArray, source: Codes, spread: Floats, heard: BoolArray,
    lost: BoolArray, deferred: BoolArray, untold: Floats, measured: BoolArray, judged: BoolArray,
) -> None:  # fmt: skip
    """Whose power is known, and who can be ``judged`` by what it was told, in place.

    What was never ``heard`` counts as measured where the balance leaves exactly one value.
    ``untold`` are seconds since a set-point of each was last acknowledged.
    """
    for f in range(len(untold)):
        exact = source[f] == RECONCILED and spread[f] == 0.0
        measured[f] = good[f] or (exact and not heard[f])
        untold[f] = untold[f] + seconds if lost[f] else 0.0
        judged[f] = measured[f] and not lost[f] and not deferred[f]


@njit(cache=True, nogil=True)
def counted_on(  # noqa: PLR0917 - as above
    able: BoolArray, measured: BoolArray, untold: Floats, settle: float, online: Ints,
    good: BoolArray, value: Floats, followed: BoolArray, active: BoolArray,
) -> bool:  # fmt: skip
    """Who is told, measured and there, in place; whether others than before follow their word.

    ``able`` are those that were seen to follow; ``online`` is the point that says whether a flow's
    device is there, or -1.
    """
    changed = False
    for f in range(len(active)):
        told = untold[f] < settle
        follows = told and able[f]
        changed |= follows != followed[f]
        followed[f] = follows
        o = online[f]
        active[f] = told and measured[f] and (o < 0 or not good[o] or value[o] > 0.5)
    return changed


@njit(cache=True, nogil=True)
def due(  # noqa: PLR0917 - as above
    now: float, lapsing: float, setpoints: Floats, last: Floats, settable: BoolArray,
    lost: BoolArray, deferred: BoolArray, again: bool, written: Floats, write: BoolArray,
) -> None:  # fmt: skip
    """Which set-points are to be written, in place: new ones, and those that soon lapse or failed.

    They are ``written`` then; ``lapsing`` is the seconds after which one is written again.
    """
    for f in range(len(setpoints)):
        failed = lost[f] or deferred[f] or again
        new = setpoints[f] != last[f] or now - written[f] >= lapsing
        write[f] = settable[f] and (new or failed)
        if write[f]:
            written[f] = now
