"""Pinch analysis: how much heat streams can give each other, and what is left to utilities.

The problem table of B. Linnhoff and J. R. Flower (AIChE Journal 24, 1978), as in I. C. Kemp,
"Pinch Analysis and Process Integration" (2nd edition, 2007): hot streams are moved down and cold
streams up by half of the least approach, so that heat may pass within an interval of the moved
temperatures; the net heat of the intervals is added up from the hot end, and the hot utility is
what keeps the sum from being negative. Duties may vary in time: all periods are done at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zeroplant.axis import Floats

NOTHING = 1e-9
"""Share of the heat of all streams below which a heat flow counts as none."""


@dataclass(frozen=True)
class Streams:
    """Streams that must be cooled (``start`` > ``end``) or heated, each of constant heat capacity.

    ``start`` and ``end`` in °C, shape (streams,); ``duty`` ≥ 0 in any unit of power, shape
    (streams,) or (…, streams) where it varies in time. ``approach`` is the least temperature
    difference over an exchanger, K. A stream that condenses or boils has a small difference
    of its own, such as 0.1 K.
    """

    start: Floats
    end: Floats
    duty: Floats
    approach: float = 10.0

    @cached_property
    def hot(self) -> Floats:
        """1 for streams that give heat, −1 for those that take it, shape (streams,)."""
        return np.where(self.start > self.end, 1.0, -1.0)

    @cached_property
    def moved(self) -> tuple[Floats, Floats]:
        """Upper and lower ends of the streams at moved temperatures, °C."""
        shift = self.hot * self.approach / 2
        top, bottom = np.maximum(self.start, self.end), np.minimum(self.start, self.end)
        return top - shift, bottom - shift


@dataclass(frozen=True)
class Cascade:
    """Heat that passes each moved temperature from above to below, with the least hot utility.

    ``temperature``: boundaries of the intervals from hot to cold, °C, shape (n,). ``heat``: what
    passes them, shape (…, n): the first is the hot utility, the last the cold utility. Drawn
    over ``temperature`` it is the grand composite curve.
    """

    temperature: Floats
    heat: Floats
    recovered: Floats | float
    """Heat that passes from hot to cold streams, shape (…)."""
    scale: float

    @property
    def hot_utility(self) -> Floats:
        """Least heat from outside, shape (…)."""
        return np.asarray(self.heat[..., 0])

    @property
    def cold_utility(self) -> Floats:
        """Least heat to be carried away, shape (…)."""
        return np.asarray(self.heat[..., -1])

    @property
    def pinches(self) -> list[float]:
        """Moved temperatures that no heat may pass, °C; only for streams that do not vary.

        None where only one utility is needed (a threshold problem). The hot streams' pinch is half
        an approach above, the cold streams' half an approach below.
        """
        if self.heat.ndim > 1:
            message = "streams that vary in time have a pinch in each period"
            raise ValueError(message)
        closed = np.flatnonzero(self.heat[1:-1] <= NOTHING * self.scale) + 1
        return [float(t) for t in self.temperature[closed]]


def boundaries(tops: Floats, bottoms: Floats) -> Floats:
    """The temperatures at which some stream begins or ends, from hot to cold."""
    return np.unique(np.concatenate([tops, bottoms]))[::-1]


def shares(tops: Floats, bottoms: Floats, temperature: Floats) -> Floats:
    """Share of each stream's duty in each interval between ``temperature``, (streams, n − 1)."""
    upper, lower = temperature[:-1], temperature[1:]
    high = np.minimum(tops[:, None], upper)
    low = np.maximum(bottoms[:, None], lower)
    return np.asarray(np.maximum(high - low, 0.0) / (tops - bottoms)[:, None])


def cascade(streams: Streams) -> Cascade:
    """The heat cascade with the least utilities, for every period at once."""
    tops, bottoms = streams.moved
    temperature = boundaries(tops, bottoms)
    signed = np.asarray(streams.duty, dtype=float) * streams.hot
    surplus = signed @ shares(tops, bottoms, temperature)
    passed = np.cumsum(surplus, axis=-1)
    heating = np.maximum(0.0, -passed.min(axis=-1, initial=0.0))
    heat = np.concatenate([heating[..., None], heating[..., None] + passed], axis=-1)
    demand = np.maximum(-signed, 0.0).sum(axis=-1)
    scale = float(np.abs(signed).sum(axis=-1).max(initial=0.0))
    return Cascade(temperature, heat, demand - heating, scale)
