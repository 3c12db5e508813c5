"""Power of a low-head plant: the tail water rises with the river and takes the head away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant.assets.parts import curves
from zeroplant.assets.parts.curves import Points
from zeroplant.axis import Floats
from zeroplant.waist import Flow, Scope


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

    def pieces(self) -> list[tuple[Floats, Floats]]:
        """Slope [MW per m³/s] and constant [MW] of each line above P(Q), one per stage."""
        flow = np.linspace(0.0, self.turbine_flow, curves.GRID)
        power = self.falling * flow * np.maximum(self.level - curves.at(self.tail, flow), 0.0)
        calm = curves.concave_pieces(flow, np.maximum.accumulate(power), self.count)
        flood = self.falling * self.head
        return [
            (np.where(self.flooded, flood, slope), np.where(self.flooded, 0.0, constant))
            for slope, constant in zip(calm.slope, calm.constant, strict=True)
        ]

    def hold(
        self, plant: Scope, name: str, output: Flow, turbined: Flow, bonus: Flow | None = None
    ) -> None:
        """Keep ``output`` below every line, plus a ``bonus`` in MW if one is given."""
        for number, (slope, constant) in enumerate(self.pieces(), 1):
            short = output - turbined * slope
            if bonus is not None:
                short = short - bonus
            plant.budget(f"{name} {number}", short, at_most=constant, over="period", unit="MW")
