"""Compiled passes over long vectors, eight numbers at a time: each reads and writes once.

Vectors over all bounds are tables of eight columns here. Where there is no bound, the force is 0,
for ever, and the distance means nothing. ``begin`` and ``end`` are rows.
"""

# ruff: noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
from __future__ import annotations

from numba import njit

from zeroplant.axis import Floats
from zeroplant.solve.staged.lanes import alike, load, store, where_above

# Weights of a correction that are tried side by side.
WEIGHTS = (1.0, 0.7, 0.4, 0.1)


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
def at_rest(
    missing: Floats, upper: Floats, z: Floats, caps: Floats,
    products: Floats, inverse: Floats, theta: Floats, count: int, begin: int, end: int,
) -> None:  # fmt: skip
    """What duals of bounds would change by if variables stood still: into ``z`` and ``caps``.

    ``missing`` are the variables' own residuals, ``upper`` those of their upper bounds. Bounds
    above stand ``count`` rows after those below.
    """
    for i in range(begin, end):
        j = count + i
        above = load(products, j) * load(inverse, j) - load(theta, j) * load(upper, i)
        store(caps, i, above)
        store(z, i, load(missing, i) + load(products, i) * load(inverse, i) - above)


@njit(cache=True, nogil=True)
def spread(
    dz: Floats, grown: Floats, upper: Floats, near: Floats, force: Floats,
    products: Floats, inverse: Floats, theta: Floats, count: int, begin: int, end: int,
) -> None:  # fmt: skip
    """From a step of variables, and of what their bounds grow by, to one of bounds and forces."""
    for i in range(begin, end):
        low, j = load(dz, i), count + i
        high = load(upper, i) + load(grown, i) - low
        store(near, i, low)
        store(near, j, high)
        store(force, i, load(products, i) * load(inverse, i) - load(theta, i) * low)
        store(force, j, load(products, j) * load(inverse, j) - load(theta, j) * high)


@njit(cache=True, nogil=True)
def worst(inverse: Floats, by: Floats, more: Floats, out: Floats, begin: int, end: int) -> None:
    """The largest −(by + ω more)/at, at least 1, for every weight ω; 1/at is given."""
    first, second, third, fourth = alike(1.0), alike(1.0), alike(1.0), alike(1.0)
    half, most = alike(-WEIGHTS[1]), alike(-WEIGHTS[0])
    some, least = alike(-WEIGHTS[2]), alike(-WEIGHTS[3])
    none = alike(0.0)
    for i in range(begin, end):
        scale = load(inverse, i)
        a, b = none - load(by, i) * scale, load(more, i) * scale
        value = a + most * b
        first = where_above(value, first, value, first)
        value = a + half * b
        second = where_above(value, second, value, second)
        value = a + some * b
        third = where_above(value, third, value, third)
        value = a + least * b
        fourth = where_above(value, fourth, value, fourth)
    store(out, 0, first)
    store(out, 1, second)
    store(out, 2, third)
    store(out, 3, fourth)


@njit(cache=True, nogil=True)
def worst_alone(inverse: Floats, by: Floats, out: Floats, begin: int, end: int) -> None:
    """The largest −by/at, at least 1; 1/at is given."""
    first, none = alike(1.0), alike(0.0)
    for i in range(begin, end):
        value = none - load(by, i) * load(inverse, i)
        first = where_above(value, first, value, first)
    store(out, 0, first)


@njit(cache=True, nogil=True)
def total(
    near: Floats, force: Floats, d_near: Floats, d_force: Floats, primal: float, dual: float,
    out: Floats, begin: int, end: int,
) -> None:  # fmt: skip
    """The sum of near · force after a step."""
    result, a, b = alike(0.0), alike(primal), alike(dual)
    for i in range(begin, end):
        near_then = load(near, i) + a * load(d_near, i)
        result = result + near_then * (load(force, i) + b * load(d_force, i))
    store(out, 0, result)


@njit(cache=True, nogil=True)
def centring(
    near: Floats, force: Floats, d_near: Floats, d_force: Floats, primal: float, dual: float,
    target: float, out: Floats, begin: int, end: int,
) -> None:  # fmt: skip
    """The change that brings near · force after a step into [0.2, 5] · target; ≥ −5 target."""
    a, b = alike(primal), alike(dual)
    low, high = alike(0.2 * target), alike(5.0 * target)
    least = alike(-5.0 * target)
    for i in range(begin, end):
        near_then = load(near, i) + a * load(d_near, i)
        ahead = near_then * (load(force, i) + b * load(d_force, i))
        inside = where_above(low, ahead, low, where_above(ahead, high, high, ahead))
        change = inside - ahead
        store(out, i, where_above(least, change, least, change))


@njit(cache=True, nogil=True)
def second_order(
    d_near: Floats, d_force: Floats, target: float, out: Floats, begin: int, end: int
) -> None:
    """What is left of the target: target − d_near · d_force."""
    aim = alike(target)
    for i in range(begin, end):
        store(out, i, aim - load(d_near, i) * load(d_force, i))


@njit(cache=True, nogil=True)
def add(one: Floats, other: Floats, weight: float, begin: int, end: int) -> None:
    """Add to one vector another times a weight."""
    w = alike(weight)
    for i in range(begin, end):
        store(one, i, load(one, i) + w * load(other, i))
