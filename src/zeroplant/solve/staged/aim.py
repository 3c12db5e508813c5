"""Compiled: from the change of products aimed at to right-hand sides, and from steps to reach.

Steps are relative here: ``near`` changes by a · near and ``force`` by b · force, and the product
of the two is to change by a share of it, a + b = ``change``. Seven digits are enough for these, and
take half the memory: what a step leaves is seen in the residuals of the next point. But a is worked
out from 1/near in full: b, the small difference of change and a where a bound holds, says how a
price changes. Where there is no bound, b is 0 and a is the step itself.

All do rows ``first`` to ``end`` of some variables (or sizes). ``z`` are their own right-hand
sides. ``caps``, by how much forces above them are to change, ``step`` and ``grown``, their steps
and what bounds above them grow by, begin at ``first``.
"""

# ruff: noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
from __future__ import annotations

from typing import Any, NamedTuple

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.staged.lanes import Shorts, alike, load, store, where_above

# Weights of a correction that are tried side by side.
WEIGHTS = (1.0, 0.7, 0.4, 0.1)
# Products are brought into this box around the target, and no farther down than OUT times it.
LOW, HIGH, OUT = 0.2, 5.0, -5.0
# What is gathered: 1/reach for every weight, primal then dual; sums over a prediction: near ·
# d_force, d_near · force, d_near · d_force.
DUAL, SUMS, GATHERED = len(WEIGHTS), 2 * len(WEIGHTS), 2 * len(WEIGHTS) + 3


class At(NamedTuple):
    """A point, seen from its bounds; those below begin at row ``low``, those above at ``high``.

    ``inverse`` is 1/near, ``over`` 1/(near · force); −1 and 0 where there is no bound. ``change``
    is what is aimed at.
    """

    near: Floats
    force: Floats
    inverse: Floats
    over: Shorts
    change: Shorts
    low: int
    high: int


class Way(NamedTuple):
    """Relative steps of ``near`` and ``force``, and of a group's duals ``y``, by unknowns.

    The direction so far, and a correction.
    """

    near: Shorts
    force: Shorts
    y: Floats
    more_near: Shorts
    more_force: Shorts
    more_y: Floats


@njit(cache=True, nogil=True)
def aim_first(
    at: At, share: float, missing: Floats, upper: Floats, z: Floats, caps: Floats,
    first: int, end: int,
) -> None:  # fmt: skip
    """Residuals are to vanish, and products to lose a ``share``: 1 in a prediction, 0 at rest.

    ``missing`` are residuals of variables, ``upper`` of bounds above them.
    """
    part = alike(-share)
    for k in range(first, end):
        i, j = at.low + k, at.high + k
        above = (part - load(upper, k) * load(at.inverse, j)) * load(at.force, j)
        store(at.change, i, part)
        store(at.change, j, part)
        store(caps, k - first, above)
        store(z, k, load(missing, k) + part * load(at.force, i) - above)


@njit(cache=True, nogil=True)
def aim_second(
    at: At, way: Way, target: float, pull: float, raised: float, ghost: int, ghost_end: int,
    z: Floats, caps: Floats, first: int, end: int,
) -> None:  # fmt: skip
    """Products are to be the target, to the second order; variables are pulled to zero.

    What the prediction takes from a product is made up for to ``raised`` times the product at most.
    Ghosts, from ``ghost`` to ``ghost_end``, are pulled where they are variables.
    """
    goal, weight, none, least = alike(target), alike(pull), alike(0.0), alike(-raised)
    for k in range(first, end):
        i, j = at.low + k, at.high + k
        second = _larger(least, load(way.near, i) * load(way.force, i))
        below = _aimed(at, i, goal * load(at.over, i) - second)
        second = _larger(least, load(way.near, j) * load(way.force, j))
        above = _aimed(at, j, goal * load(at.over, j) - second)
        store(caps, k - first, above)
        wanted = below - above - weight * load(at.near, i)
        if ghost <= k < ghost_end:
            wanted = none
        store(z, k, wanted)


@njit(cache=True, nogil=True)
def aim_centre(
    at: At, way: Way, primal: float, dual: float, target: float, z: Floats, caps: Floats,
    first: int, end: int,
) -> None:  # fmt: skip
    """Add the last correction, weighted, to the direction; then products are to be in the box."""
    for k in range(first, end):
        i, j = at.low + k, at.high + k
        below = _centred(at, way, primal, dual, target, i)
        above = _centred(at, way, primal, dual, target, j)
        store(caps, k - first, above)
        store(z, k, below - above)


@njit(cache=True, nogil=True, inline="always")
def _aimed(at: At, i: int, change: Any) -> Any:
    """Keep what is aimed at; the change of the force that it asks for, as it was kept.

    With what rounding takes from it, forces would miss their equations by as much in each step.
    """
    store(at.change, i, change)
    return load(at.change, i) * load(at.force, i)


@njit(cache=True, nogil=True, inline="always")
def _centred(at: At, way: Way, primal: float, dual: float, target: float, i: int) -> Any:
    """By how much the force of a bound is to change, so that its product comes into the box."""
    one, over = alike(1.0), load(at.over, i)
    n = load(way.near, i) + alike(primal) * load(way.more_near, i)
    f = load(way.force, i) + alike(dual) * load(way.more_force, i)
    store(way.near, i, n)
    store(way.force, i, f)
    ahead, most = (one + n) * (one + f), alike(HIGH * target) * over
    inside = _larger(alike(LOW * target) * over, where_above(ahead, most, most, ahead))
    change = _larger(alike(OUT * target) * over, inside - ahead)
    return _aimed(at, i, change)


@njit(cache=True, nogil=True)
def restart(out: Floats) -> None:
    """Begin to gather."""
    for r in range(SUMS):
        store(out, r, alike(1.0))
    for r in range(SUMS, GATHERED):
        store(out, r, alike(0.0))


@njit(cache=True, nogil=True)
def land_first(
    at: At, way: Way, upper: Floats, step: Floats, grown: Floats, out: Floats,
    first: int, end: int,
) -> None:  # fmt: skip
    """The direction of bounds and forces; how far one can go; sums of products."""
    none, primal, dual = alike(0.0), load(out, 0), load(out, DUAL)
    rise, fall, both = load(out, SUMS), load(out, SUMS + 1), load(out, SUMS + 2)
    for k in range(first, end):
        i, j = at.low + k, at.high + k
        d = load(step, k - first)
        room = load(grown, k - first) - d + load(upper, k)
        scale = load(at.inverse, i)
        n = where_above(scale, none, d * scale, d)
        f = where_above(scale, none, load(at.change, i) - n, none)
        primal = _larger(primal, where_above(scale, none, none - n, none))
        scale = load(at.inverse, j)
        m = where_above(scale, none, room * scale, none)
        g = where_above(scale, none, load(at.change, j) - m, none)
        primal = _larger(primal, none - m)
        dual = _larger(dual, _larger(none - f, none - g))
        store(way.near, i, n)
        store(way.near, j, m)
        store(way.force, i, f)
        store(way.force, j, g)
        below, above = _product(at, i), _product(at, j)
        rise = rise + below * f + above * g
        fall = fall + below * n + above * m
        both = both + below * (n * f) + above * (m * g)
    store(out, 0, primal)
    store(out, DUAL, dual)
    store(out, SUMS, rise)
    store(out, SUMS + 1, fall)
    store(out, SUMS + 2, both)


@njit(cache=True, nogil=True)
def land(at: At, way: Way, step: Floats, grown: Floats, out: Floats, first: int, end: int) -> None:
    """A correction of bounds and forces; how far one can go with each of its weights."""
    none = alike(0.0)
    p0, p1, p2, p3 = load(out, 0), load(out, 1), load(out, 2), load(out, 3)
    d0, d1 = load(out, DUAL), load(out, DUAL + 1)
    d2, d3 = load(out, DUAL + 2), load(out, DUAL + 3)
    w0, w1, w2, w3 = alike(-WEIGHTS[0]), alike(-WEIGHTS[1]), alike(-WEIGHTS[2]), alike(-WEIGHTS[3])
    for k in range(first, end):
        i, j = at.low + k, at.high + k
        d, scale = load(step, k - first), load(at.inverse, i)
        n = where_above(scale, none, d * scale, d)
        f = where_above(scale, none, load(at.change, i) - n, none)
        store(way.more_near, i, n)
        store(way.more_force, i, f)
        base, more = none - load(way.near, i), where_above(scale, none, n, none)
        base = where_above(scale, none, base, none)
        p0, p1 = _larger(p0, base + w0 * more), _larger(p1, base + w1 * more)
        p2, p3 = _larger(p2, base + w2 * more), _larger(p3, base + w3 * more)
        base = none - load(way.force, i)
        d0, d1 = _larger(d0, base + w0 * f), _larger(d1, base + w1 * f)
        d2, d3 = _larger(d2, base + w2 * f), _larger(d3, base + w3 * f)
        room, scale = load(grown, k - first) - d, load(at.inverse, j)
        n = where_above(scale, none, room * scale, none)
        f = where_above(scale, none, load(at.change, j) - n, none)
        store(way.more_near, j, n)
        store(way.more_force, j, f)
        base = none - load(way.near, j)
        p0, p1 = _larger(p0, base + w0 * n), _larger(p1, base + w1 * n)
        p2, p3 = _larger(p2, base + w2 * n), _larger(p3, base + w3 * n)
        base = none - load(way.force, j)
        d0, d1 = _larger(d0, base + w0 * f), _larger(d1, base + w1 * f)
        d2, d3 = _larger(d2, base + w2 * f), _larger(d3, base + w3 * f)
    store(out, 0, p0)
    store(out, 1, p1)
    store(out, 2, p2)
    store(out, 3, p3)
    store(out, DUAL, d0)
    store(out, DUAL + 1, d1)
    store(out, DUAL + 2, d2)
    store(out, DUAL + 3, d3)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _product(at: At, i: int) -> Any:
    """Product near · force of a bound, with seven digits; 0 where there is none."""
    over, none = load(at.over, i), alike(0.0)
    return where_above(over, none, alike(1.0) / over, none)


@njit(cache=True, nogil=True, inline="always")
def _larger(most: Any, value: Any) -> Any:
    return where_above(value, most, value, most)
