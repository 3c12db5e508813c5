"""What exchanges change within a cycle, kept free of a connection where cycles are long.

Wind, sun and loads move between two looks. Within some seconds that is little, and what it brings
over a limit is given back within the minute (`Owing`). Who looks once a minute sees it when the
minute is over: so much must stay free beforehand as a minute was seen to bring.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats

SHORT = 20.0
"""Cycles [s] up to which nothing is kept free: what they bring is given back within the minute."""
MEMORY = 3600.0
"""Seconds over which changes are remembered."""
TIMES = 3.0
"""Root mean squares that are kept free; one cycle in seven hundred brings more to one side."""
MOST = 0.1
"""The most that is kept free, as part of the connection."""
SIDES = np.array([-1.0, 1.0])


class Gusts:
    """By area, how far exchanges leave within a cycle what devices were brought to."""

    def __init__(self, connection: Floats) -> None:
        """``connection``: most import, as a negative number, and most export, (areas, 2)."""
        self._most = MOST * np.abs(connection)
        self._square = np.zeros(len(connection))
        self._aim = np.full(len(connection), np.nan)

    def told(self, aim: Floats) -> None:
        """The net export of each area that devices are brought to until the next cycle."""
        self._aim = aim

    def kept(self, exchange: Floats, seconds: float) -> Floats:
        """By how much bounds (import, export) are nearer to nothing in this cycle, signed alike.

        ``exchange`` is the net export of each area now, ``seconds`` the time since it was looked
        at before.
        """
        if seconds <= SHORT:
            return np.zeros_like(self._most)
        came = np.nan_to_num(exchange - self._aim)
        self._square += min(seconds / MEMORY, 1.0) * (came**2 - self._square)
        kept = np.minimum(TIMES * np.sqrt(self._square)[:, None], self._most)
        return np.asarray(SIDES * kept)
