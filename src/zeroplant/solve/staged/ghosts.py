"""Variables that stand in the rows of a neighbour: the neighbour's group has a ghost of them."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.lanes import LANES, Shorts, blank
from zeroplant.solve.staged.point import Point
from zeroplant.solve.staged.structure import Structure


class Ghosts:
    """Variables of other groups, as these are seen from a group that stands in their rows."""

    def __init__(self, structure: Structure) -> None:
        self.place, self.of = structure.ghost, structure.ghost_of
        plan, variables = structure.plan, structure.variables
        count = plan.ghost_end - plan.ghost_first
        group, within = np.divmod(self.place, variables * LANES)
        self._below = group * 2 * count * LANES + within - plan.ghost_first * LANES
        self._above = self._below + count * LANES
        self._weights = blank(structure.groups, 2 * count, LANES)

    def weights(self, point: Point) -> Floats:
        """Of each group, force/near of what its ghosts are ghosts of: below, then above."""
        flat, half = self._weights.reshape(-1), len(point.z)
        for place, of in ((self._below, self.of), (self._above, self.of + half)):
            force = point.force[of]
            flat[place] = np.where(force > 0, force * (1.0 / point.near[of]), 0.0)
        return self._weights

    def move(  # noqa: PLR0917
        self, at: Point, by: Shorts, more: Shorts, step: float, weight: float, to: Point
    ) -> None:
        """Put variables after a step where their ghosts are."""
        near, relative = at.near[self.of], np.where(at.force[self.of] > 0, at.near[self.of], 1.0)
        change = by[self.of] + weight * np.asarray(more[self.of], dtype=np.float64)
        to.near[self.place] = near + step * change * relative
