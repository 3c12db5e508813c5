"""From residuals to a direction: the Newton step of all variables, distances and duals."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.newton import Newton
from zeroplant.solve.staged.point import Bounds, Point, Residuals


class Directions:
    """Directions at one point: the Newton system is factored once for all of them."""

    def __init__(self, newton: Newton, bounds: Bounds, at: Point) -> None:
        self.newton, self.bounds, self.at = newton, bounds, at
        low, high, low_size, high_size = bounds.cut(at.force / at.near)
        tl, tu = bounds.at_z(low, high)
        below, above = bounds.at_p(low_size, high_size)
        newton.factor(tl, tu, below + above)
        self.nothing = Residuals(
            np.zeros_like(at.y), np.zeros(len(high)), np.zeros(len(high_size)),
            np.zeros_like(at.z), np.zeros_like(at.p),
        )  # fmt: skip

    def toward(self, off: Residuals, products: Floats) -> Point:
        """The step that removes residuals and changes force·near by ``products``."""
        near, b, form = self.at.near, self.bounds, self.newton.form
        theta = self.at.force / near
        pl, pu, qv, qo = b.cut(products / near)
        _, tu, _, to = b.cut(theta)
        # What the duals of bounds would change by if the variables stood still.
        zl, zu = b.at_z(pl, pu - tu * off.upper)
        v, vo = b.at_p(qv, qo - to * off.most)
        dz, dp, dy = self.newton.solve(off.rows, off.z + zl - zu, off.p + b.Ut @ zu + v - vo)
        d_near = np.concatenate([
            dz[b.low], off.upper + (form.U @ dp - dz)[b.high],
            dp[b.low_size], off.most - dp[b.high_size],
        ])  # fmt: skip
        return Point(dz, dp, dy, d_near, products / near - theta * d_near)

    def correct(self, products: Floats) -> Point:
        """The step that only changes force·near."""
        return self.toward(self.nothing, products)
