"""What to say where no optimum is found: proven infeasible, proven unbounded, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.answer import Answer, Status
from zeroplant.solve.staged.certificate import Rays, broken, forgiven, is_infeasible, is_unbounded
from zeroplant.solve.staged.form import Declined, Form, in_time
from zeroplant.solve.staged.method import Found, Method
from zeroplant.solve.staged.point import Point
from zeroplant.solve.staged.restore import Restorer


@dataclass
class Verdict:
    """Why a form may have no optimum; sought at the first question, and not after ``limit``.

    ``slight`` says that rows contradict each other, but by less than the check of answers forgives:
    that is no proof, but no attempt will get over it.
    """

    form: Form
    restorer: Restorer
    limit: float
    slight: bool = False

    def is_hopeless(self) -> bool:
        """Whether another attempt would find no optimum."""
        return self.proven is not None or self.slight

    @cached_property
    def proven(self) -> Answer | None:
        """An answer that is infeasible or unbounded and proves it, or None.

        Infeasible: ``x`` breaks as little as possible, ``row_dual`` is the proof. Unbounded: ``x``
        is the direction.
        """
        form, restorer, limit = self.form, self.restorer, self.limit
        try:
            in_time(limit)
            found = Method(broken(form)).run(limit)
            proven = self._infeasible(found)
            if proven is not None or self.slight or not _is_whole(form, found.point):
                return proven
            return _unbounded(form, restorer, limit)
        except Declined:
            return None

    def _infeasible(self, found: Found) -> Answer | None:
        """The answer that a form with broken rows proves to be infeasible, or None."""
        at, restorer, count = found.point, self.restorer, len(self.form.cost)
        forces = np.concatenate([part[:count] for part in np.split(at.force, 2)])
        point = Point(at.z[:count], at.p, at.y, at.near, forces)
        matrix, unit = restorer.matrix, restorer.unit()
        dual = restorer.row_dual(point, np.zeros_like(matrix.cost))
        x = restorer.nearest(point.z, point.p)
        if is_infeasible(matrix, dual, unit, forgiven(matrix, x, restorer.row_unit())):
            return nothing("infeasible", x, dual, found.iterations)
        self.slight = is_infeasible(matrix, dual, unit, np.zeros_like(dual))
        return None


def _is_whole(form: Form, at: Point) -> bool:
    """Whether no row is broken, beside what the rows add up."""
    broken_by = np.abs(np.add(*np.split(at.z[len(form.cost) :], 2)))
    size = form.grain + abs(form.A) @ np.abs(at.z[: len(form.cost)]) + abs(form.B) @ np.abs(at.p)
    return bool((broken_by <= 1e-6 * size).all())


def _unbounded(form: Form, restorer: Restorer, limit: float) -> Answer | None:
    in_time(limit)
    rays = Rays(form)
    if not len(rays.form.cost) + len(rays.form.price):
        return None
    found = Method(rays.form).run(limit)
    x = restorer.direction(*rays.original(found.point.z, found.point.p))
    if not is_unbounded(restorer.matrix, x, restorer.unit()):
        return None
    return nothing("unbounded", x, np.zeros_like(restorer.matrix.row_lower), found.iterations)


def nothing(status: Status, x: Floats, dual: Floats, iterations: int = 0) -> Answer:
    """The answer of a programme that has none: infeasible or unbounded."""
    objective = np.inf if status == "infeasible" else -np.inf
    return Answer(status, "staged", 0.0, x, dual, objective, objective, iterations)
