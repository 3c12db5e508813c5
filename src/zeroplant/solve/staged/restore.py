"""From a point of the standard form back to an answer of the programme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check
from zeroplant.solve.staged.point import Point
from zeroplant.solve.staged.scaling import Scales
from zeroplant.solve.staged.standard import Origin
from zeroplant.waist.matrix import MatrixProgram

# Sizes this near to their lower bound, relative to the largest size, are put on it.
NOTHING = 1e-6


@dataclass
class Restorer:
    """Knows the programme, its standard form's origin and the scales between them."""

    matrix: MatrixProgram
    origin: Origin
    scales: Scales

    def answer(self, point: Point, iterations: int) -> Answer:
        """The point as an optimal answer: inside all bounds, without crumbs of sizes."""
        row_dual = self._row_dual(point.y * self.scales.y)
        z, p = point.z * self.scales.z, point.p * self.scales.p
        plain = self._with(z, p, row_dual, iterations)
        crumbs = ~self.origin.sizes.free[self.origin.kept_sizes]
        crumbs &= (p > 0) & (p <= NOTHING * (1.0 + np.abs(p).max(initial=0.0)))
        if not crumbs.any():
            return plain
        clean = self._with(z, np.where(crumbs, 0.0, p), row_dual, iterations)
        return plain if check(self.matrix, clean).failures() else clean

    def _with(self, z: Floats, p: Floats, row_dual: Floats, iterations: int) -> Answer:
        x = self._columns(z, p)
        objective = self.matrix.offset + float(self.matrix.cost @ x)
        return Answer(
            status="optimal", solver="staged", seconds=0.0, x=x, row_dual=row_dual,
            objective=objective, bound=objective, iterations=iterations,
        )  # fmt: skip

    def _columns(self, z: Floats, p: Floats) -> Floats:
        """Variables clamped into their bounds, and back in the programme's own measure."""
        o = self.origin
        stage, sizes = o.stage, o.sizes
        open_sizes = np.zeros(len(sizes.base))
        limit = sizes.upper[o.kept_sizes]
        open_sizes[o.kept_sizes] = np.where(sizes.free[o.kept_sizes], p, np.clip(p, 0.0, limit))
        p = open_sizes[o.kept_sizes]
        size = sizes.base + sizes.sign * open_sizes
        reach = np.maximum((stage.upper + stage.U @ p)[o.kept], 0.0)
        open_stage = np.zeros(len(stage.base))
        free = stage.free[o.kept]
        open_stage[o.kept] = np.where(free, z, np.clip(z, 0.0, reach))
        x = stage.base + stage.S @ size + stage.sign * open_stage
        return np.append(x[: len(self.matrix.cost) - len(size)], size)

    def _row_dual(self, y: Floats) -> Floats:
        """Duals of all rows; a row that is a bound gets what is left of its column's price."""
        o, m = self.origin, self.matrix
        standing = np.zeros(len(o.kept_rows))
        standing[o.kept_rows] = y
        dual = np.zeros(len(m.row_lower))
        dual[o.rows] = standing
        left = m.cost - m.matrix.T @ dual
        for blocks, cap in ((m.layout.floors, False), (m.layout.caps, True)):
            for place in blocks:
                rows, share = m.layout.bound(place, cap=cap), left[m.layout.column(place)]
                dual[rows] = np.minimum(share, 0.0) if cap else np.maximum(share, 0.0)
        return dual
