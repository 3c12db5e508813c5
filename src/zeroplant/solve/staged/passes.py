"""Compiled passes over long vectors, eight numbers at a time: each reads and writes once.

Vectors over all bounds are tables of eight columns here. Where there is no bound, the force is 0,
for ever, and the distance means nothing. ``begin`` and ``end`` are rows. Steps are relative (see
``aim.py``).
"""

# ruff: noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
from __future__ import annotations

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.staged.lanes import Shorts, alike, load, store, where_above

# The largest inverse there is: short numbers end at 3e38.
MOST = 1e38


@njit(cache=True, nogil=True, error_model="numpy")
def ratios(
    near: Floats, force: Floats, inverse: Floats, over: Shorts, theta: Floats,
    begin: int, end: int,
) -> None:  # fmt: skip
    """Of each bound 1/near, 1/(near · force) and force/near; −1, 0 and 0 where there is none."""
    one, none, most = alike(1.0), alike(0.0), alike(MOST)
    for i in range(begin, end):
        f = load(force, i)
        inv = one / load(near, i)
        both = inv / f
        store(theta, i, where_above(f, none, f * inv, none))
        both = where_above(both, most, most, both)
        store(inverse, i, where_above(f, none, inv, none - one))
        store(over, i, where_above(f, none, both, none))


@njit(cache=True, nogil=True)
def moved(
    near: Floats, force: Floats, by_near: Shorts, by_force: Shorts, primal: float, dual: float,
    new_near: Floats, new_force: Floats, out: Floats, begin: int, end: int,
) -> None:  # fmt: skip
    """A point after a step, and the sum of its near · force."""
    result, a, b = alike(0.0), alike(primal), alike(dual)
    one, none = alike(1.0), alike(0.0)
    for i in range(begin, end):
        n, f = load(near, i), load(force, i)
        n = n + a * load(by_near, i) * where_above(f, none, n, one)
        f = f + b * load(by_force, i) * f
        store(new_near, i, n)
        store(new_force, i, f)
        result = result + n * f
    store(out, 0, result)


@njit(cache=True, nogil=True)
def add(one: Shorts, other: Shorts, weight: float, begin: int, end: int) -> None:
    """Add to one vector another times a weight."""
    w = alike(weight)
    for i in range(begin, end):
        store(one, i, load(one, i) + w * load(other, i))
