"""A point of the method: variables, their distances to bounds, and all duals.

Vectors are laid out as `Filled` says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged import defect as facts
from zeroplant.solve.staged.defect import At, Off, defect
from zeroplant.solve.staged.filled import Ends, Filled
from zeroplant.solve.staged.lanes import LANES, blank
from zeroplant.solve.staged.newton import Newton


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
        shape = [(s.groups, length, LANES) for length in (s.unknowns, s.variables, facts.ASKED + 1)]
        self._off = [blank(*shape[0]), blank(*shape[0]), blank(*shape[2])]
        self._x, self._rows = blank(*shape[0]), blank(len(filled.right))
        self._z, self._upper = blank(filled.ends.variables), blank(filled.ends.variables)

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

    def residuals(self, at: Point) -> Residuals:
        """What is missing in each equation at a point; holds until the next call."""
        f, s = self.filled, self.filled.structure
        n = s.plan.inside
        at.z[s.ghost] = at.z[s.ghost_of]
        zl, zu, v, vu = self.cut(at.force)
        _, w, _, o = self.cut(at.near)
        x, z, upper = f.unknowns(at.y, at.p, self._x), self._z, self._upper
        off_x, size, tally = self._off
        views = [f.by_group(each) for each in (at.z, w, zl, zu, z, upper)]

        def group(g: int) -> None:
            here = At(*(each[g] for each in (*views[:4], x)))
            off = Off(off_x[g], views[4][g], views[5][g], size[g], tally[g])
            defect(s.plan, self.newton.segments[g], self._given[g], here, off)

        self.newton.team.each(group, s.groups)
        outer = f.add_up(off_x[:, n:])
        apart = s.variable[s.outer.variables]
        z[apart] += outer[: len(apart)]
        values = np.zeros(len(outer))
        values[f.size], values[f.rule] = at.p[s.outer.sizes], at.y[f.ends.unknowns :]
        across = f.corner @ values
        rules = f.right[f.ends.unknowns :] + outer[f.rule] - across[f.rule]
        pulled = np.empty(len(at.p))
        flat = off_x.reshape(-1)
        pulled[f.inner] = flat[s.size[f.inner]]
        pulled[s.outer.sizes] = outer[f.size] + across[f.size]
        rows, inner = self._rows, f.ends.unknowns
        np.multiply(flat, f.is_row[:inner], out=rows[:inner])
        rows[inner:] = rules
        most = self.has[self.parts[3]] * (f.most - at.p - o)
        p = -(f.form.price - pulled - v + vu)
        sums = f.add_up(size[:, n:])[f.rule] + (np.abs(f.corner) @ np.abs(values))[f.rule]
        return Residuals(rows, upper, most, z, p, self._gathered(tally, rules, sums, at, z[apart]))

    def _gathered(
        self, tally: Floats, rules: Floats, sums: Floats, at: Point, apart: Floats
    ) -> Floats:
        """Largest values and sums over all groups, then outer rules and variables."""
        f, first = self.filled, self.filled.ends.unknowns
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
