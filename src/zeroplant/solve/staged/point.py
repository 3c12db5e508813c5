"""A point of the method: variables, their distances to bounds, and all duals.

Vectors are laid out as `Filled` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged import defect as facts
from zeroplant.solve.staged.defect import Given, Off
from zeroplant.solve.staged.dense import product
from zeroplant.solve.staged.filled import Ends, Filled
from zeroplant.solve.staged.lanes import LANES, blank
from zeroplant.solve.staged.newton import Newton

# How much less, and more, than their mean the products are where a point is begun from again.
LEAST, MOST = 0.3, 10.0

Arrive = Callable[[int, Given, Floats, Off], None]


@dataclass
class Residuals:
    """How far the equations are from holding: rows, upper bounds of z and p, both duals.

    ``tally`` is what `defect` gathered over all groups.
    """

    rows: Floats
    upper: Floats
    most: Floats
    z: Floats
    p: Floats
    tally: Floats


@dataclass
class Point:
    """Primal: z, p and ``near`` (all distances to bounds); dual: y and ``force``, beside near.

    ``near`` and ``force`` hold, one after the other: z ≥ 0, z ≤ upper + U p, p ≥ 0, p ≤ most.
    Where there is no bound, force is 0, for ever, and near means nothing.
    """

    z: Floats
    p: Floats
    y: Floats
    near: Floats
    force: Floats

    @staticmethod
    def blank(ends: Ends) -> Point:
        """A point of zeros; ``z`` and ``p`` are seen where distances to 0 stand."""
        near, force = blank(ends.bounds), blank(ends.bounds)
        low, _, low_size, _ = ends.parts
        return Point(near[low], near[low_size], blank(ends.unknowns + ends.rules), near, force)

    def copy_to(self, other: Point) -> None:
        """Make another point equal to this one."""
        other.near[:], other.force[:], other.y[:] = self.near, self.force, self.y


class Bounds:
    """What is known of a point: residuals, objectives, how good it is."""

    def __init__(self, filled: Filled, newton: Newton) -> None:
        self.filled, self.newton = filled, newton
        self.parts, self.has = filled.ends.parts, filled.has
        self._given, s = filled.given(), filled.structure
        self._x, self._rows = blank(s.groups, s.unknowns, LANES), blank(len(filled.right))
        self._z, self._upper = blank(filled.ends.variables), blank(filled.ends.variables)
        lengths = s.unknowns, s.unknowns, facts.ASKED + 1
        self._off_x, self._size, self._tally = (blank(s.groups, n, LANES) for n in lengths)
        by_group = [filled.by_group(each) for each in (self._z, self._upper, self._rows)]
        parts = self._off_x, *by_group, self._size, self._tally
        self._off = [Off(*(part[g] for part in parts)) for g in range(s.groups)]

    @property
    def count(self) -> int:
        """How many bounds there are."""
        return self.filled.count

    def cut(self, values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """The four parts of a vector over all bounds."""
        low, high, low_size, high_size = (values[part] for part in self.parts)
        return low, high, low_size, high_size

    def original(self, at: Point) -> Point:
        """Variables and duals in the form's own order, without blanks; distances are left out.

        Of the forces, those of z ≥ 0, then those of z ≤ upper + U p.
        """
        z, y = self.filled.original(at.z, at.y)
        forces = [self.filled.original(part, at.y)[0] for part in self.cut(at.force)[:2]]
        return Point(z, at.p, y, np.zeros(0), np.concatenate(forces))

    def recentre(self, at: Point, off: Residuals) -> None:
        """Let forces on variables bear the prices they miss, with products near their mean.

        Where prices changed, that is a better point to begin from than the one that was kept.
        """
        mean = float((at.near * at.force).sum()) / max(self.count, 1)
        low, high, _, _ = self.parts
        pushed = at.force[low] - at.force[high] - off.z
        for part, push in ((low, pushed), (high, -pushed)):
            force = np.maximum(push, 0.0) * at.near[part]
            force = np.minimum(force + LEAST * mean, MOST * mean) / at.near[part]
            at.force[part] = np.where(self.has[part] > 0, force, 0.0)

    def residuals(self, at: Point, arrive: Arrive) -> Residuals:
        """What is missing in each equation at a point; holds until the next call.

        ``arrive(group, given, x, off)`` goes through all variables of a group and puts the duals
        of its rows into ``x``, where sizes and slots are. Sizes, duals of outer rules and ghosts
        of the point must be there before.
        """
        f, s = self.filled, self.filled.structure
        n = s.plan.inside
        _, _, v, vu = self.cut(at.force)
        _, _, _, o = self.cut(at.near)
        off_x, x, z = self._off_x, self._x, self._z
        f.put_sizes(at.p, at.y[f.ends.unknowns :], x)
        self.newton.team.each(lambda g: arrive(g, self._given[g], x[g], self._off[g]), s.groups)
        outer = f.add_up(off_x[:, n:])
        apart = s.variable[s.outer.variables]
        z[apart] += outer[: len(apart)]
        values = np.zeros(len(outer))
        values[f.size], values[f.rule] = at.p[s.outer.sizes], at.y[f.ends.unknowns :]
        across = product(f.corner, values)
        rules = f.right[f.ends.unknowns :] + outer[f.rule] - across[f.rule]
        pulled = np.empty(len(at.p))
        flat = off_x.reshape(-1)
        pulled[f.inner] = flat[f.inner_place]
        pulled[s.outer.sizes] = outer[f.size] + across[f.size]
        rows = self._rows
        rows[f.ends.unknowns :] = rules
        most = self.has[self.parts[3]] * (f.most - at.p - o)
        p = -(f.form.price - pulled - v + vu)
        sums = f.add_up(self._size[:, n:]) + product(np.abs(f.corner), np.abs(values))
        gathered = self._gathered(rules, sums[f.rule], at, z[apart])
        return Residuals(rows, self._upper, most, z, p, gathered)

    def _gathered(self, rules: Floats, sums: Floats, at: Point, apart: Floats) -> Floats:
        """Largest values and sums over all groups, then outer rules and variables."""
        f, first, tally = self.filled, self.filled.ends.unknowns, self._tally
        largest = tally[:, : facts.COST].max(axis=(0, 2))
        summed = tally[:, facts.COST :].sum(axis=(0, 2))
        result = np.append(largest, summed)
        y = at.y[first:]
        by_row = np.abs(rules) / (f.grain[first:] + sums)
        for fact, values in (
            (facts.OFF_ROWS, rules), (facts.BY_ROW, by_row), (facts.LARGEST_Y, y),
            (facts.OFF_Z, apart),
        ):  # fmt: skip
            result[fact] = max(result[fact], largest_of(values))
        result[facts.ASKED] += float((f.right[first:] * y).sum())
        return result

    def objectives(self, at: Point, off: Residuals) -> tuple[float, float]:
        """Primal and dual objective."""
        f, t = self.filled, off.tally
        primal = t[facts.COST] + float((f.form.price * at.p).sum())
        _, _, _, vu = self.cut(at.force)
        bounds = t[facts.CAPPED] + float((f.most * vu).sum())
        offset = f.form.offset
        return offset + float(primal), offset + float(t[facts.ASKED] - bounds)

    def merit(self, at: Point, off: Residuals) -> float:
        """The largest of the relative residuals and the relative gap between the objectives.

        Residuals of rows are relative to the largest quantity, and within a hundred times as
        much also to what the row itself adds up: the check of answers asks for that.
        """
        f, t = self.filled.form, off.tally
        primal, dual = self.objectives(at, off)
        quantity = 1.0 + max(self.filled.asked, t[facts.LARGEST_Z], largest_of(at.p))
        price = 1.0 + max(self.filled.dearest, t[facts.LARGEST_Y])
        money = f.coin + abs(f.offset) + t[facts.SPENT] + np.abs(f.price * at.p).sum()
        parts = (
            0.01 * t[facts.BY_ROW],
            max(t[facts.OFF_ROWS], t[facts.OFF_UPPER], largest_of(off.most)) / quantity,
            max(t[facts.OFF_Z], largest_of(off.p) / (1.0 + largest_of(f.price))) / price,
            abs(primal - dual) / money,
        )
        return float(np.max(parts))  # no number if one of them is none


def largest_of(values: Floats) -> float:
    """Largest absolute value; 0 if there is none."""
    return float(np.abs(values).max(initial=0.0))
