"""Compiled: from the change of products aimed at to right-hand sides, and from steps to reach.

All take the rows of bounds below some variables (or sizes), which begin at row ``low``, and of
those above, from row ``high``, and ``z``, their own right-hand sides. ``room`` becomes the change
of near · force over near; above variables, less what their residuals take.
"""

# ruff: noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
from __future__ import annotations

from typing import Any

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.staged.lanes import alike, load, store, where_above

# Weights of a correction that are tried side by side.
WEIGHTS = (1.0, 0.7, 0.4, 0.1)
# Products are brought into this box around the target, and no farther down than OUT times it.
LOW, HIGH, OUT = 0.2, 5.0, -5.0
# What is gathered: 1/reach for every weight, primal then dual; sums over a prediction: near ·
# d_force, d_near · force, d_near · d_force.
DUAL, SUMS, GATHERED = len(WEIGHTS), 2 * len(WEIGHTS), 2 * len(WEIGHTS) + 3


@njit(cache=True, nogil=True)
def aim_first(
    force: Floats, theta: Floats, share: float, missing: Floats, upper: Floats,
    room: Floats, z: Floats, low: int, high: int,
) -> None:  # fmt: skip
    """Residuals are to vanish, and products to lose a ``share``: 1 in a prediction, 0 at rest.

    ``missing`` are residuals of variables, ``upper`` of bounds above them.
    """
    part = alike(-share)
    for k in range(len(z)):
        i, j = low + k, high + k
        below = part * load(force, i)
        above = part * load(force, j) - load(theta, j) * load(upper, k)
        store(room, i, below)
        store(room, j, above)
        store(z, k, load(missing, k) + below - above)


@njit(cache=True, nogil=True)
def aim_second(
    near: Floats, inverse: Floats, by_near: Floats, by_force: Floats, target: float, pull: float,
    room: Floats, z: Floats, low: int, high: int, ghost: int, ghost_end: int,
) -> None:  # fmt: skip
    """Products are to be the target, to the second order; variables are pulled to zero."""
    goal, weight = alike(target), alike(pull)
    for k in range(len(z)):
        i, j = low + k, high + k
        below = (goal - load(by_near, i) * load(by_force, i)) * load(inverse, i)
        above = (goal - load(by_near, j) * load(by_force, j)) * load(inverse, j)
        store(room, i, below)
        store(room, j, above)
        store(z, k, below - above - weight * load(near, i))
    for k in range(ghost, ghost_end):
        store(z, k, alike(0.0))


@njit(cache=True, nogil=True)
def aim_centre(
    near: Floats, force: Floats, inverse: Floats, by_near: Floats, by_force: Floats,
    more_near: Floats, more_force: Floats, primal: float, dual: float, target: float,
    room: Floats, z: Floats, low: int, high: int,
) -> None:  # fmt: skip
    """Add the last correction, weighted, to the direction; then products are to be in the box."""
    a, b = alike(primal), alike(dual)
    least, most, out = alike(LOW * target), alike(HIGH * target), alike(OUT * target)
    for k in range(len(z)):
        i, j = low + k, high + k
        n, f = (
            load(by_near, i) + a * load(more_near, i),
            load(by_force, i) + b * load(more_force, i),
        )
        store(by_near, i, n)
        store(by_force, i, f)
        below = _change((load(near, i) + n) * (load(force, i) + f), least, most, out)
        below = below * load(inverse, i)
        store(room, i, below)
        n, f = (
            load(by_near, j) + a * load(more_near, j),
            load(by_force, j) + b * load(more_force, j),
        )
        store(by_near, j, n)
        store(by_force, j, f)
        above = _change((load(near, j) + n) * (load(force, j) + f), least, most, out)
        above = above * load(inverse, j)
        store(room, j, above)
        store(z, k, below - above)


@njit(cache=True, nogil=True, inline="always")
def _change(ahead: Any, least: Any, most: Any, out: Any) -> Any:
    inside = where_above(least, ahead, least, where_above(ahead, most, most, ahead))
    change = inside - ahead
    return where_above(out, change, out, change)


@njit(cache=True, nogil=True)
def land_first(
    near: Floats, force: Floats, inverse: Floats, inverse_force: Floats, theta: Floats,
    upper: Floats, room: Floats, d_near: Floats, d_force: Floats, out: Floats,
    count: int, low: int, high: int,
) -> None:  # fmt: skip
    """A direction of bounds and forces; how far one can go; sums of products.

    ``d_near`` holds the variables' steps below, and what bounds grow by above.
    """
    none, primal, dual = alike(0.0), alike(1.0), alike(1.0)
    rise, fall, both = none, none, none
    for k in range(count):
        i, j = low + k, high + k
        n, m = load(d_near, i), load(d_near, j) - load(d_near, i)
        f, g = load(room, i) - load(theta, i) * n, load(room, j) - load(theta, j) * m
        m = m + load(upper, k)
        store(d_near, j, m)
        store(d_force, i, f)
        store(d_force, j, g)
        primal = _larger(primal, none - n * load(inverse, i))
        primal = _larger(primal, none - m * load(inverse, j))
        dual = _larger(dual, none - f * load(inverse_force, i))
        dual = _larger(dual, none - g * load(inverse_force, j))
        rise = rise + load(near, i) * f + load(near, j) * g
        fall = fall + load(force, i) * n + load(force, j) * m
        both = both + n * f + m * g
    for r in range(SUMS):
        store(out, r, alike(1.0))
    store(out, 0, primal)
    store(out, DUAL, dual)
    store(out, SUMS, rise)
    store(out, SUMS + 1, fall)
    store(out, SUMS + 2, both)


@njit(cache=True, nogil=True)
def land(
    inverse: Floats, inverse_force: Floats, theta: Floats, by_near: Floats, by_force: Floats,
    room: Floats, d_near: Floats, d_force: Floats, out: Floats, count: int, low: int, high: int,
) -> None:  # fmt: skip
    """A correction of bounds and forces; how far one can go with each of its weights."""
    none, p0, p1, p2, p3 = alike(0.0), alike(1.0), alike(1.0), alike(1.0), alike(1.0)
    d0, d1, d2, d3 = alike(1.0), alike(1.0), alike(1.0), alike(1.0)
    w0, w1, w2, w3 = alike(-WEIGHTS[0]), alike(-WEIGHTS[1]), alike(-WEIGHTS[2]), alike(-WEIGHTS[3])
    for k in range(count):
        i, j = low + k, high + k
        n, m = load(d_near, i), load(d_near, j) - load(d_near, i)
        f, g = load(room, i) - load(theta, i) * n, load(room, j) - load(theta, j) * m
        store(d_near, j, m)
        store(d_force, i, f)
        store(d_force, j, g)
        scale = load(inverse, i)
        base, more = none - load(by_near, i) * scale, n * scale
        p0, p1 = _larger(p0, base + w0 * more), _larger(p1, base + w1 * more)
        p2, p3 = _larger(p2, base + w2 * more), _larger(p3, base + w3 * more)
        scale = load(inverse, j)
        base, more = none - load(by_near, j) * scale, m * scale
        p0, p1 = _larger(p0, base + w0 * more), _larger(p1, base + w1 * more)
        p2, p3 = _larger(p2, base + w2 * more), _larger(p3, base + w3 * more)
        scale = load(inverse_force, i)
        base, more = none - load(by_force, i) * scale, f * scale
        d0, d1 = _larger(d0, base + w0 * more), _larger(d1, base + w1 * more)
        d2, d3 = _larger(d2, base + w2 * more), _larger(d3, base + w3 * more)
        scale = load(inverse_force, j)
        base, more = none - load(by_force, j) * scale, g * scale
        d0, d1 = _larger(d0, base + w0 * more), _larger(d1, base + w1 * more)
        d2, d3 = _larger(d2, base + w2 * more), _larger(d3, base + w3 * more)
    for r in range(GATHERED):
        store(out, r, none)
    store(out, 0, p0)
    store(out, 1, p1)
    store(out, 2, p2)
    store(out, 3, p3)
    store(out, DUAL, d0)
    store(out, DUAL + 1, d1)
    store(out, DUAL + 2, d2)
    store(out, DUAL + 3, d3)


@njit(cache=True, nogil=True, inline="always")
def _larger(most: Any, value: Any) -> Any:
    return where_above(value, most, value, most)
