"""Compiled passes over long vectors, eight numbers at a time: each reads and writes once.

Vectors over all bounds are tables of eight columns here. Where there is no bound, the force is 0,
for ever, and the distance means nothing. ``begin`` and ``end`` are rows.
"""

# ruff: noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
from __future__ import annotations

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.staged.lanes import alike, load, store, where_above


@njit(cache=True, nogil=True, error_model="numpy")
def ratios(
    near: Floats, force: Floats, inverse: Floats, inverse_force: Floats, theta: Floats,
    begin: int, end: int,
) -> None:  # fmt: skip
    """Of each bound 1/near, 1/force and force/near; 0 where there is none."""
    one, none = alike(1.0), alike(0.0)
    for i in range(begin, end):
        f = load(force, i)
        inv = where_above(f, none, one / load(near, i), none)
        store(inverse, i, inv)
        store(inverse_force, i, where_above(f, none, one / f, none))
        store(theta, i, f * inv)


@njit(cache=True, nogil=True)
def moved(
    near: Floats, force: Floats, d_near: Floats, d_force: Floats, primal: float, dual: float,
    new_near: Floats, new_force: Floats, out: Floats, begin: int, end: int,
) -> None:  # fmt: skip
    """A point after a step, and the sum of its near · force."""
    result, a, b = alike(0.0), alike(primal), alike(dual)
    for i in range(begin, end):
        n = load(near, i) + a * load(d_near, i)
        f = load(force, i) + b * load(d_force, i)
        store(new_near, i, n)
        store(new_force, i, f)
        result = result + n * f
    store(out, 0, result)


@njit(cache=True, nogil=True)
def add(one: Floats, other: Floats, weight: float, begin: int, end: int) -> None:
    """Add to one vector another times a weight."""
    w = alike(weight)
    for i in range(begin, end):
        store(one, i, load(one, i) + w * load(other, i))
