"""Power of a low-head plant: the tail water rises with the river and takes the head away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zeroplant.assets.parts import curves
from zeroplant.assets.parts.curves import Pieces, Points
from zeroplant.axis import Floats
from zeroplant.waist import Affine, Flow, Scope, total_of

EXACTLY = {"at_least": 0.0, "at_most": 0.0, "over": "period"}
"""A rule that what is given be nothing in every period."""


@dataclass(frozen=True)
class LowHead:
    """The production of turbines between a level above and a tail water that knows the river.

    ``P(Q) = falling·Q·(level − tail(Q))`` is concave and rises up to a point, beyond which more
    water makes less power; the rest of the curve is of no use and is replaced by its greatest
    value. It is cut into ``count`` straight lines, see `concave_pieces`.

    In periods whose ``river`` (natural flow at the dam) is above ``turbine_flow`` the turbines do
    not govern the tail water, the flood does: there ``P = falling·Q·(level − tail(river))``, with
    turbines that let less water through at low head, ``Q ≤ turbine_flow·√(head/rated head)``
    (an orifice), and stand still below ``least_head``.
    """

    falling: float
    level: float
    tail: Points
    turbine_flow: float
    rated_head: float
    least_head: float
    river: Floats
    count: int = 3

    @property
    def flooded(self) -> NDArray[np.bool_]:
        """Whether the river governs the tail water, in each stage."""
        return self.river > self.turbine_flow

    @property
    def head(self) -> Floats:
        """Head [m] in each stage if the whole river passes; never below nothing."""
        return np.maximum(self.level - curves.at(self.tail, self.river), 0.0)

    @property
    def cap(self) -> Floats:
        """Most the turbines can take [m³/s] in each stage."""
        head = np.where(self.flooded, self.head, self.rated_head)
        gate = np.sqrt(np.minimum(head / self.rated_head, 1.0))
        return np.where(head < self.least_head, 0.0, self.turbine_flow * gate)

    def true_power(self, flow: Floats, level: Floats | float) -> Floats:
        """MW of turbined flow at a level above, with the tail water of all that passes."""
        passing = np.where(self.flooded, np.maximum(self.river, flow), flow)
        head = np.maximum(level - curves.at(self.tail, passing), 0.0)
        return self.falling * flow * head

    @cached_property
    def _calm(self) -> Pieces:
        """The lines where the turbines govern the tail water."""
        flow = np.linspace(0.0, self.turbine_flow, curves.GRID)
        power = self.falling * flow * np.maximum(self.level - curves.at(self.tail, flow), 0.0)
        return curves.concave_pieces(flow, np.maximum.accumulate(power), self.count)

    def pieces(self, cap: Floats) -> list[tuple[Floats, Floats]]:
        """Slope [MW per m³/s] of each line of P(Q), and the flow [m³/s] over which it holds.

        One of each per stage. The flows add up to the ``cap``; in floods the first is all of it.
        """
        lines, flood = self._calm, self.falling * self.head
        pieces: list[tuple[Floats, Floats]] = []
        for slope, begin, end in zip(lines.slope, lines.knots[:-1], lines.knots[1:], strict=True):
            calm = np.clip(cap - begin, 0.0, end - begin)
            width = np.where(self.flooded, 0.0 if pieces else cap, calm)
            pieces.append((np.where(self.flooded, flood, slope), width))
        return pieces

    def tie(self, plant: Scope, output: Flow, turbined: Flow) -> None:
        """Make ``output`` what the turbined flow makes; who wants less power spills."""
        gap = output - self.made(plant, turbined)
        plant.budget("power of the flow", gap, unit="MW", **EXACTLY)

    def made(self, plant: Scope, turbined: Flow) -> Affine:
        """MW of the turbined flow, which is the sum of a part for each line of P(Q).

        They are filled in their order, for the first makes the most of its water. Rows that keep
        the output below each line would say as much, and take an interior-point method longer.
        """
        parts: list[Flow] = []
        made: list[Affine] = []
        pieces = self.pieces(plant.axis.full(turbined.cap.constant))
        for number, (slope, width) in enumerate(pieces, 1):
            words = {"cap": width, "unit": "m3/s", "tags": {"account"}}
            parts.append(plant.flow(f"turbined {number}", **words))
            made.append(parts[-1] * slope)
        plant.budget("parts of the flow", turbined - total_of(parts), unit="m3/s", **EXACTLY)
        return total_of(made)
