"""From a point of the standard form back to an answer of the programme."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check
from zeroplant.solve.staged.form import Index
from zeroplant.solve.staged.point import Point
from zeroplant.solve.staged.scaling import Scales
from zeroplant.solve.staged.standard import Origin
from zeroplant.waist.matrix import MatrixProgram

# Sizes this near to their lower bound, relative to the largest size, are put on it.
NOTHING = 1e-6
# Which of a variable's distance to a bound and of the bound's push is nothing tells whether an
# optimum has it there. It is put there if its distance is below CRUMB, or that of the largest of
# its kind, and its push PUSHED times as much, all as scaled, and if no row misses BORNE by that.
CRUMB, PUSHED, BORNE = 1e-7, 10.0, 1e-7


@dataclass
class Restorer:
    """Knows the programme, its standard form's origin and the scales between them.

    ``failures`` are what the check says of the last answer, ``gap`` is how sharp it is.
    """

    matrix: MatrixProgram
    origin: Origin
    scales: Scales
    failures: list[str] = field(default_factory=list)
    gap: float = np.inf

    def answer(self, point: Point, iterations: int) -> Answer:
        """The point as an optimal answer: inside all bounds, without crumbs.

        Crumbs are what an interior point leaves of variables and sizes that an optimum has on a
        bound. They are swept onto it where the answer still passes its check.
        """
        row_dual = self.row_dual(point, self.matrix.cost)
        z, p = point.z * self.scales.z, point.p * self.scales.p
        none = ~self.origin.sizes.free[self.origin.kept_sizes]
        none &= (p > 0) & (p <= NOTHING * (1.0 + np.abs(p).max(initial=0.0)))
        swept_p = np.where(none, 0.0, p)
        swept_z = self._swept(point, swept_p) * self.scales.z
        plain = self._columns(z, p)
        for variables, sizes in ((swept_z, swept_p), (swept_z, p), (z, swept_p)):
            x = self._as_rows_bear(plain, self._columns(variables, sizes))
            clean = self._as_answer(x, row_dual, iterations)
            if self._holds(clean):
                return clean
        answer = self._as_answer(plain, row_dual, iterations)
        self._holds(answer)
        return answer

    def _holds(self, answer: Answer) -> bool:
        """Whether an answer passes its check; what that says is kept."""
        found = check(self.matrix, answer)
        self.failures, self.gap = found.failures(), found.gap
        return not self.failures

    def _as_rows_bear(self, plain: Floats, clean: Floats) -> Floats:
        """The columns as swept, except in rows that would miss more than BORNE."""
        m, x = self.matrix.matrix, clean.copy()
        _unsweep(m.indptr, m.indices, m.data, m.shape[0], plain, x)
        return x

    def _swept(self, point: Point, p: Floats) -> Floats:
        """Variables, as scaled, put onto the bound that holds them (see CRUMB)."""
        o, unit = self.origin, self.scales.z
        free = o.stage.free[o.kept]
        reach = np.maximum((o.stage.upper + o.stage.U @ p)[o.kept] / unit, 0.0)
        from_below, from_above = np.split(point.force, 2)
        near = CRUMB * np.maximum(1.0, self._largest_of_kind(point.z))
        low = ~free & (point.z <= near) & (from_below >= PUSHED * np.abs(point.z))
        room = np.abs(reach - point.z)
        high = ~low & (room <= near) & (from_above >= PUSHED * room)
        return np.where(low, 0.0, np.where(high, reach, point.z))

    def _largest_of_kind(self, z: Floats) -> Floats:
        """The largest of each variable's kind: the same over all stages."""
        if not len(z):
            return z
        kind = np.flatnonzero(self.origin.kept) // self.matrix.layout.stages
        begin = np.flatnonzero(np.diff(kind, prepend=-1))
        largest = np.maximum.reduceat(np.abs(z), begin)
        return np.repeat(largest, np.diff(begin, append=len(z)))

    def _as_answer(self, x: Floats, row_dual: Floats, iterations: int) -> Answer:
        # Not by `@`: for that, BLAS wakes threads of its own.
        objective = self.matrix.offset + float((self.matrix.cost * x).sum())
        return Answer(
            status="optimal", solver="staged", seconds=0.0, x=x, row_dual=row_dual,
            objective=objective, bound=objective, iterations=iterations,
        )  # fmt: skip

    def nearest(self, z: Floats, p: Floats) -> Floats:
        """The programme's columns, inside all bounds, at a point of the scaled form."""
        return self._columns(z * self.scales.z, p * self.scales.p)

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

    def row_dual(self, point: Point, cost: Floats) -> Floats:
        """Duals of all rows; a row that is a bound gets its share of its column's price.

        Where a column is held from both sides, the point's own forces say how much each takes.
        """
        o, m = self.origin, self.matrix
        standing = np.zeros(len(o.kept_rows))
        standing[o.kept_rows] = point.y * self.scales.y
        dual = np.zeros(len(m.row_lower))
        dual[o.rows] = standing
        left = cost - m.matrix.T @ dual
        pressed = np.zeros(len(o.kept))
        pressed[o.kept] = np.split(point.force, 2)[1] * (self.scales.objective / self.scales.z)
        for place in {*m.layout.floors, *m.layout.caps}:
            at = m.layout.column(place)
            from_above = np.maximum(pressed[at], -left[at])
            cap, floor = (m.layout.bound(place, cap=side) for side in (True, False))
            if cap is not None:
                dual[cap] = -from_above
            if floor is not None:
                dual[floor] = left[at] + from_above
        return dual

    def direction(self, z: Floats, p: Floats) -> Floats:
        """A direction of the scaled form in the programme's columns."""
        o = self.origin
        size = np.zeros(len(o.kept_sizes))
        size[o.kept_sizes] = p * self.scales.p
        size *= o.sizes.sign
        stage = np.zeros(len(o.kept))
        stage[o.kept] = z * self.scales.z
        x = o.stage.S @ size + o.stage.sign * stage
        return np.append(x[: len(self.matrix.cost) - len(size)], size)

    def unit(self) -> Floats:
        """What is usual for each column: one of the scaled form."""
        o = self.origin
        stage, size = np.ones(len(o.kept)), np.ones(len(o.kept_sizes))
        stage[o.kept], size[o.kept_sizes] = self.scales.z, self.scales.p
        return np.append(stage[: len(self.matrix.cost) - len(size)], size)

    def row_unit(self) -> Floats:
        """What is usual for each row: one of the scaled form, nothing where no variable is left."""
        o, layout = self.origin, self.matrix.layout
        standing = np.zeros(len(o.kept_rows))
        standing[o.kept_rows] = self.scales.objective / self.scales.y
        usual = np.zeros(len(self.matrix.row_lower))
        usual[o.rows] = standing
        stage = np.zeros(len(o.kept))
        stage[o.kept] = self.scales.z
        for cap in (False, True):
            for place in layout.caps if cap else layout.floors:
                usual[layout.bound(place, cap=cap)] = stage[layout.column(place)]
        return usual


@njit(cache=True, nogil=True)
def _unsweep(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    start: Index, row: Index, data: Floats, rows: int, plain: Floats, x: Floats
) -> None:
    """Put columns back to what is ``plain`` in rows that miss more than BORNE without."""
    missed, size = np.zeros(rows), np.ones(rows)
    for column in range(len(x)):
        far, usual = abs(x[column] - plain[column]), abs(plain[column])
        for at in range(start[column], start[column + 1]):
            missed[row[at]] += abs(data[at]) * far
            size[row[at]] += abs(data[at]) * usual
    much = missed > BORNE * size
    if much.any():
        for column in range(len(x)):
            for at in range(start[column], start[column + 1]):
                if much[row[at]]:
                    x[column] = plain[column]
