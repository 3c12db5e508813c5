"""From residuals to a direction: the Newton step of all variables, distances and duals."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.lanes import LANES
from zeroplant.solve.staged.newton import Newton
from zeroplant.solve.staged.passes import at_rest, ratios, spread
from zeroplant.solve.staged.point import Bounds, Point, Residuals


class Directions:
    """Directions at one point: the Newton system is factored once for all of them.

    ``inverse`` and ``inverse_force`` are 1/near and 1/force, 0 where there is no bound. ``pull``
    is the weight of a quadratic pull to zero of all variables and sizes.
    """

    def __init__(self, newton: Newton, bounds: Bounds, at: Point, pull: float = 0.0) -> None:
        self.newton, self.bounds, self.at, self.team = newton, bounds, at, newton.team
        self.inverse, self.inverse_force, self._theta = (np.empty_like(at.near) for _ in range(3))
        self.team.long(ratios, at.near, at.force, self.inverse, self.inverse_force, self._theta)
        tl, tu, below, above = bounds.cut(self._theta)
        newton.factor(tl + pull, tu.copy(), below + above + pull)
        self.nothing = bounds.nothing

    def toward(self, off: Residuals, products: Floats) -> Point:
        """The step that removes residuals and changes force·near by ``products``."""
        b, count = self.bounds, len(self.at.z) // LANES
        z, caps = b.scratch
        given = products, self.inverse, self._theta
        self.team.long(at_rest, off.z, off.upper, z, caps, *given, count)
        _, _, low, high = b.parts
        room = [products[part] * self.inverse[part] for part in (low, high)]
        p = off.p + room[0] - room[1] + self._theta[high] * off.most
        dz, grown, dp, dy = self.newton.solve(off.rows, z, caps, p)
        near, force = np.empty_like(self.at.near), np.empty_like(self.at.near)
        near[2 * len(z) :] = force[2 * len(z) :] = 0.0
        self.team.long(spread, dz, grown, off.upper, near, force, *given, count)
        near[low], near[high] = dp, off.most - dp
        for part, change in zip((low, high), room, strict=True):
            force[part] = change - self._theta[part] * near[part]
        return Point(dz, dp, dy, near, force)

    def correct(self, products: Floats) -> Point:
        """The step that only changes force·near."""
        return self.toward(self.nothing, products)
