"""What a connection has carried beyond its limit is made up for within the minute.

Limits of connections are those of heat in transformers and lines, and of what is billed: what
counts is the mean of a minute or more. A step that nobody could foresee brings a connection over
for some cycles; it is then aimed for less than the limit until the mean is back within it. The same
takes out errors of meters and slow devices where they do harm: at the limit.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit

COUNTS = 0.995
"""Part of a connection from which on what it carries is owed."""
BACK = 20.0
"""Seconds over which what is owed is given back,"""
MOST = 0.03
"""and the most that is given back at a time, as part of the connection."""


class Owing:
    """What each connection owes, MW·s by area and direction (import, export)."""

    def __init__(self, connection: Floats) -> None:
        """``connection``: most import, as a negative number, and most export, (areas, 2)."""
        self._limit = COUNTS * connection
        self._most = MOST * BACK * np.abs(connection)
        self._owed = np.zeros_like(connection)

    def less(self, exchange: Floats, seconds: float) -> Floats:
        """By how much the bounds are nearer to nothing in this cycle, signed as they are.

        ``exchange`` is the net export of each area now, ``seconds`` the time since it was looked
        at before.
        """
        less = np.empty_like(self._owed)
        _owe(exchange, seconds, self._limit, self._most, self._owed, less)
        return less


@njit(cache=True, nogil=True)
def _owe(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    exchange: Floats, seconds: float, limit: Floats, most: Floats, owed: Floats, less: Floats
) -> None:
    """What is ``owed`` by now, and what of it is given back in this cycle, in place."""
    for area in range(len(exchange)):
        for side, sign in enumerate((-1.0, 1.0)):
            beyond = (exchange[area] - limit[area, side]) * sign
            left = max(owed[area, side] + seconds * beyond, 0.0)
            owed[area, side] = min(left, most[area, side])
            less[area, side] = owed[area, side] / BACK * sign
