"""The way of set-points to their devices: some are lost on it, some are late.

Between controller and device are gateways, switches and radio. A gateway may acknowledge what it
never hands on (``swallows``); a frame may be lost, so that nobody answers (``loses``); and all of
it takes time (``takes``). Which of them is lost is drawn by the twin's seed.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints

BoolArray = NDArray[np.bool_]


class Under(NamedTuple):
    """Set-points under way: when they arrive [s since the start], of which points, until when."""

    arrives: Floats
    which: Ints
    value: Floats
    until: Ints


class Way:
    """Of each point: parts of set-points that are swallowed and lost, and seconds they take.

    One that takes the place of ``before`` keeps what is under way, and its luck.
    """

    def __init__(self, size: int, before: Way | int) -> None:
        """``before`` is the way so far, or the seed of the first."""
        self.swallows, self.loses, self.takes = (np.zeros(size) for _ in range(3))
        self.under: deque[Under] = deque()
        self._random: np.random.Generator
        if isinstance(before, Way):
            self._random, self.under = before._random, before.under
        else:
            self._random = np.random.default_rng([before, 99])

    def send(
        self, at: float, which: Ints, value: Floats, until: Ints
    ) -> tuple[BoolArray, BoolArray]:
        """Send set-points at a moment: which arrive at once, and which are answered.

        Those that arrive later are under way.
        """
        answered = self._lucky(self.loses[which])
        arrives = answered & self._lucky(self.swallows[which])
        late = arrives & (self.takes[which] > 0.0)
        if late.any():
            due = at + self.takes[which[late]]
            self.under.append(Under(due, which[late], value[late], until[late]))
        return np.asarray(arrives & ~late), answered

    def arrived(self, at: float) -> list[tuple[Ints, Floats, Ints]]:
        """What has arrived by a moment, in the order in which it was sent."""
        found = []
        waiting: deque[Under] = deque()
        for each in self.under:
            here = each.arrives <= at
            if here.any():
                found.append((each.which[here], each.value[here], each.until[here]))
            if not here.all():
                left = ~here
                waiting.append(
                    Under(each.arrives[left], each.which[left], each.value[left], each.until[left])
                )
        self.under = waiting
        return found

    def _lucky(self, share: Floats) -> BoolArray:
        """Which of them are not among the ``share`` of each that is gone."""
        if not share.any():
            return np.ones(len(share), bool)
        return np.asarray(self._random.random(len(share)) >= share)
