"""What to say where no optimum is found: proven infeasible, proven unbounded, or nothing."""

from __future__ import annotations

import time

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.answer import Answer, Status
from zeroplant.solve.staged.certificate import Rays, broken, is_infeasible, is_unbounded
from zeroplant.solve.staged.form import Declined, Form
from zeroplant.solve.staged.method import Found, Method
from zeroplant.solve.staged.point import Point
from zeroplant.solve.staged.restore import Restorer


def verdict(form: Form, restorer: Restorer, deadline: float | None) -> Answer | None:
    """An answer that is infeasible or unbounded and proves it, or None.

    Infeasible: ``x`` breaks as little as possible, ``row_dual`` is the proof. Unbounded: ``x`` is
    the direction.
    """
    begin = time.perf_counter()
    try:
        found = Method(broken(form)).run(deadline)
    except Declined:
        return None
    proven = _infeasible(form, restorer, found)
    if proven is not None or not _is_whole(form, found.point):
        return proven
    left = None if deadline is None else deadline - (time.perf_counter() - begin)
    return _unbounded(form, restorer, left)


def _is_whole(form: Form, at: Point) -> bool:
    """Whether no row is broken, beside what the rows add up."""
    broken_by = np.abs(np.add(*np.split(at.z[len(form.cost) :], 2)))
    size = form.grain + abs(form.A) @ np.abs(at.z[: len(form.cost)]) + abs(form.B) @ np.abs(at.p)
    return bool((broken_by <= 1e-6 * size).all())


def _infeasible(form: Form, restorer: Restorer, found: Found) -> Answer | None:
    at, count = found.point, len(form.cost)
    forces = np.concatenate([part[:count] for part in np.split(at.force, 2)])
    point = Point(at.z[:count], at.p, at.y, at.near, forces)
    matrix = restorer.matrix
    dual = restorer.row_dual(point, np.zeros_like(matrix.cost))
    if not is_infeasible(matrix, dual, restorer.unit()):
        return None
    x = restorer.nearest(point.z, point.p)
    return _nothing("infeasible", x, dual, found.iterations)


def _unbounded(form: Form, restorer: Restorer, deadline: float | None) -> Answer | None:
    rays = Rays(form)
    if not len(rays.form.cost) + len(rays.form.price):
        return None
    try:
        found = Method(rays.form).run(deadline)
    except Declined:
        return None
    x = restorer.direction(*rays.original(found.point.z, found.point.p))
    if not is_unbounded(restorer.matrix, x, restorer.unit()):
        return None
    return _nothing("unbounded", x, np.zeros_like(restorer.matrix.row_lower), found.iterations)


def _nothing(status: Status, x: Floats, dual: Floats, iterations: int) -> Answer:
    objective = np.inf if status == "infeasible" else -np.inf
    return Answer(status, "staged", 0.0, x, dual, objective, objective, iterations)
