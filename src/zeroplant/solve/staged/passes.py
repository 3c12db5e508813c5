"""Compiled: what a point says of its bounds, and the way to the next point.

Vectors over all bounds are tables of eight columns here. Where there is no bound, the force is 0,
for ever, and the distance means nothing. Steps are relative (see ``aim.py``).
"""

# ruff: noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
from __future__ import annotations

from typing import Any

from zeroplant.axis import Floats
from zeroplant.kernels import callee, njit
from zeroplant.solve.staged.aim import At, Way
from zeroplant.solve.staged.elimination import RHO, Segment
from zeroplant.solve.staged.lanes import alike, load, store, where_above
from zeroplant.solve.staged.symbolic import Plan

# The largest inverse there is: short numbers end at 3e38.
MOST = 1e38


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _ratio(at: At, i: int) -> Any:
    """Of a bound force/near, 0 where there is none; keeps 1/near and 1/(near · force)."""
    one, none, most = alike(1.0), alike(0.0), alike(MOST)
    f = load(at.force, i)
    inverse = one / load(at.near, i)
    both = inverse / f
    both = where_above(both, most, most, both)
    store(at.inverse, i, where_above(f, none, inverse, none - one))
    store(at.over, i, where_above(f, none, both, none))
    return where_above(f, none, f * inverse, none)


@njit(cache=True, nogil=True, error_model="numpy")
def weigh_sizes(at: At, theta: Floats) -> None:
    """Weights of all sizes from their two bounds."""
    for k in range(len(theta)):
        low = _ratio(at, at.low + k)
        store(theta, k, low + _ratio(at, at.high + k))


@callee(error_model="numpy")
def weigh(
    plan: Plan, s: Segment, at: At, ghost: Floats, pull: float, first: int, end: int
) -> None:  # fmt: skip
    """Weights of variables ``first`` to ``end`` from their two bounds, and from the pull.

    ``ghost`` are force/near of what the ghosts are ghosts of: below, then above.
    """
    one, rho, none = alike(1.0), alike(RHO + pull), alike(0.0)
    ghosts = plan.ghost_end - plan.ghost_first
    for v in range(first, end):
        low, high = _ratio(at, at.low + v), _ratio(at, at.high + v)
        is_ghost = plan.ghost_first <= v < plan.ghost_end
        if is_ghost:
            low = load(ghost, v - plan.ghost_first)
            high = load(ghost, v - plan.ghost_first + ghosts)
        low = low + rho
        whole = low + high
        inverse = one / whole
        tau = high * inverse
        kappa = tau * low
        if is_ghost:
            kappa = none
        store(s.weight, v, whole if plan.unknown[v] >= 0 else inverse)
        if plan.u_start[v] < plan.u_start[v + 1]:
            store(s.tau, v, tau)
            store(s.kappa, v, kappa)


@njit(cache=True, nogil=True)
def move(
    at: At, way: Way, primal: float, dual: float, more: float, more_dual: float, to: At,
    product: Floats, first: int, end: int,
) -> None:  # fmt: skip
    """The point after a step of variables ``first`` to ``end``, and the sum of near · force.

    The correction counts ``more`` times in the distances, ``more_dual`` times in the forces.
    """
    result = load(product, 0)
    for k in range(first, end):
        result = result + _moved(at, way, primal, dual, more, more_dual, to, at.low + k)
        result = result + _moved(at, way, primal, dual, more, more_dual, to, at.high + k)
    store(product, 0, result)


@njit(cache=True, nogil=True, inline="always")
def _moved(
    at: At, way: Way, primal: float, dual: float, more: float, more_dual: float, to: At, i: int
) -> Any:
    n, f, one, none = load(at.near, i), load(at.force, i), alike(1.0), alike(0.0)
    a = load(way.near, i) + alike(more) * load(way.more_near, i)
    b = load(way.force, i) + alike(more_dual) * load(way.more_force, i)
    n = n + alike(primal) * a * where_above(f, none, n, one)
    f = f + alike(dual) * b * f
    store(to.near, i, n)
    store(to.force, i, f)
    return n * f
