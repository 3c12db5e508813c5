"""A point of the method: variables, their distances to bounds, and all duals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.form import Form


@dataclass
class Residuals:
    """How far the equations are from holding: rows, upper bounds of z and p, both duals."""

    rows: Floats
    upper: Floats
    most: Floats
    z: Floats
    p: Floats


@dataclass
class Point:
    """Primal: z, p and ``near`` (all distances to bounds); dual: y and ``force``, beside near.

    ``near`` and ``force`` hold, one after the other: z ≥ 0, z ≤ upper + U p, p ≥ 0, p ≤ most.
    """

    z: Floats
    p: Floats
    y: Floats
    near: Floats
    force: Floats

    def moved(self, step: Point, primal: float, dual: float) -> Point:
        """The point after a step."""
        return Point(
            self.z + primal * step.z,
            self.p + primal * step.p,
            self.y + dual * step.y,
            self.near + primal * step.near,
            self.force + dual * step.force,
        )


class Bounds:
    """Which variables have bounds, and where each bound stands in ``near`` and ``force``."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.low, self.high = np.flatnonzero(~form.free), np.flatnonzero(np.isfinite(form.upper))
        self.low_size = np.flatnonzero(~form.free_size)
        self.high_size = np.flatnonzero(np.isfinite(form.most))
        ends = np.cumsum([len(self.low), len(self.high), len(self.low_size), len(self.high_size)])
        self.parts = [slice(a, b) for a, b in zip([0, *ends], ends, strict=False)]
        self.count = int(ends[-1])
        self.magnitude, self.magnitude_p = abs(form.A), abs(form.B)
        self.At, self.Bt, self.Ut = form.A.T.tocsr(), form.B.T.tocsr(), form.U.T.tocsr()

    def cut(self, values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """The four parts of a vector over all bounds."""
        low, high, low_size, high_size = (values[part] for part in self.parts)
        return low, high, low_size, high_size

    def at_z(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Values at lower and upper bounds as vectors over z, zero where there is no bound."""
        return _spread(low, self.low, self.form.cost), _spread(high, self.high, self.form.cost)

    def at_p(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """The same over the sizes."""
        return (
            _spread(low, self.low_size, self.form.price),
            _spread(high, self.high_size, self.form.price),
        )

    def residuals(self, at: Point) -> Residuals:
        """What is missing in each equation at a point."""
        f = self.form
        _, w, _, o = self.cut(at.near)
        zl, zu, v, vu = self.cut(at.force)
        zl, zu = self.at_z(zl, zu)
        v, vu = self.at_p(v, vu)
        reach = f.upper + f.U @ at.p
        return Residuals(
            rows=f.b - f.A @ at.z - f.B @ at.p,
            upper=(reach - at.z)[self.high] - w,
            most=(f.most - at.p)[self.high_size] - o,
            z=-(f.cost - self.At @ at.y - zl + zu),
            p=-(f.price - self.Bt @ at.y - self.Ut @ zu - v + vu),
        )

    def objectives(self, at: Point) -> tuple[float, float]:
        """Primal and dual objective."""
        f = self.form
        _, zu, _, vu = self.cut(at.force)
        primal = (f.cost * at.z).sum() + (f.price * at.p).sum()
        bounds = (f.upper[self.high] * zu).sum() + (f.most[self.high_size] * vu).sum()
        return f.offset + float(primal), f.offset + float((f.b * at.y).sum() - bounds)

    def merit(self, at: Point, off: Residuals) -> float:
        """The largest of the relative residuals and the relative gap between the objectives.

        Residuals of rows are relative to the largest quantity, and within a hundred times as
        much also to what the row itself adds up: the check of answers asks for that.
        """
        f = self.form
        primal, dual = self.objectives(at)
        quantity = 1.0 + max(largest(f.b), largest(at.z), largest(at.p))
        price = 1.0 + max(largest(f.cost), largest(at.y))
        products = self.magnitude @ np.abs(at.z) + self.magnitude_p @ np.abs(at.p)
        by_row = off.rows / (np.minimum(f.grain, 1.0) + products)
        money = f.coin + abs(f.offset) + np.abs(f.cost * at.z).sum() + np.abs(f.price * at.p).sum()
        return max(
            0.01 * largest(by_row),
            max(largest(off.rows), largest(off.upper), largest(off.most)) / quantity,
            max(largest(off.z), largest(off.p) / (1.0 + largest(f.price))) / price,
            abs(primal - dual) / float(money),
        )


def largest(values: Floats) -> float:
    """Largest absolute value; 0 if there is none."""
    return float(np.abs(values).max(initial=0.0))


def _spread(values: Floats, where: Ints, like: Floats) -> Floats:
    result = np.zeros_like(like)
    result[where] = values
    return result
