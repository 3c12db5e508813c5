"""Compiled code for one group of segments: fill the matrix, eliminate, solve, check.

All arrays hold eight numbers in a row, one for each segment of the group. Weights of variables:
D = tl + tu + ρ; ``weight`` is D of what stays, 1/D of what is eliminated beforehand; τ = tu/D and
κ = tu (tl + ρ)/D are those of bounds that grow with sizes, and stand for these only (see
``newton.py``): passes wait for memory.
"""

from __future__ import annotations

from typing import NamedTuple

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import callee, njit
from zeroplant.solve.staged.lanes import alike, load, store, where_above
from zeroplant.solve.staged.symbolic import Plan

# What is added to every D, and to the diagonal of rows. The factors need the product of what
# stands at rows and at variables that stay to be 1e-16 or more (P. E. Gill, M. A. Saunders and
# J. R. Shinnerl, SIAM J. Matrix Anal. Appl. 17 (1996) 35): such variables get EXTRA in the
# factors only; refinement takes it off.
RHO, DELTA, EXTRA = 1e-10, 1e-9, 1e-7
# A pivot that has lost its sign to rounding is put back with it, at this size: what it belongs to
# hardly moves, and the refinement of each solution makes up for it (as the solver Clarabel does).
# A smaller one lets factors grow from hour to hour along a level, without end.
LEAST, PUT = 1e-14, 1e-3
# Pivots whose couplings are brought to the slots together.
PANEL = 4


class Segment(NamedTuple):
    """The numbers of one group: coefficients, weights, and the matrix with its factors.

    Coefficients ``a`` and ``u`` stand once for all entries and groups that share them, in the rows
    ``a_at`` and ``u_at``. ``diagonal`` is what stands there besides the weights of variables: δ for
    rows, −d for sizes.
    """

    a: Floats
    a_at: Ints
    u: Floats
    u_at: Ints
    b: Floats
    diagonal: Floats
    weight: Floats
    tau: Floats
    kappa: Floats
    entries: Floats


class Work(NamedTuple):
    """Working arrays: signs of pivots, couplings, panels of pivots."""

    sign: Floats
    coupling: Floats
    left: Floats
    right: Floats


@callee()
def start_assemble(plan: Plan, s: Segment) -> None:
    """The matrix of the reduced system before `assemble`."""
    n, entries = plan.inside, s.entries
    for e in range(n):
        store(entries, e, load(s.diagonal, e))
    for e in range(n, plan.entries):
        store(entries, e, alike(0.0))
    for k in range(len(plan.b_row)):
        e = plan.b_target[k]
        store(entries, e, load(entries, e) + load(s.b, k))


@callee()
def assemble(plan: Plan, s: Segment, t: int, begin: int, end: int) -> int:
    """Add what variables ``begin`` to ``end`` bring to the matrix, those eliminated included.

    ``t`` is the first of their targets; the first of those that follow is returned.
    """
    n, entries = plan.inside, s.entries
    for v in range(begin, end):
        first, last, own = plan.a_start[v], plan.a_start[v + 1], plan.unknown[v]
        weight = load(s.weight, v)
        if own >= 0:
            for i in range(first, last):
                e = plan.target[t]
                t += 1
                store(entries, e, load(entries, e) + load(s.a, s.a_at[i]))
            if not plan.ghost_first <= v < plan.ghost_end:
                k = own - n
                e = own if own < n else plan.s_first + k * (k + 1) // 2 + k
                store(entries, e, load(entries, e) - weight - alike(EXTRA))
        else:
            for i in range(first, last):
                scaled = load(s.a, s.a_at[i]) * weight
                for j in range(first, i + 1):
                    e = plan.target[t]
                    t += 1
                    store(entries, e, load(entries, e) + scaled * load(s.a, s.a_at[j]))
        for k in range(plan.u_start[v], plan.u_start[v + 1]):
            size = load(s.u, s.u_at[k])
            scaled, bent = size * load(s.tau, v), size * load(s.kappa, v)
            for i in range(first, last):
                e = plan.target[t]
                t += 1
                store(entries, e, load(entries, e) + scaled * load(s.a, s.a_at[i]))
            for j in range(plan.u_start[v], k + 1):
                e = plan.target[t]
                t += 1
                store(entries, e, load(entries, e) - bent * load(s.u, s.u_at[j]))
    return t


@callee(error_model="numpy")
def eliminate(plan: Plan, entries: Floats, w: Work) -> None:
    """L D L' of what is inside; what remains for the slots is S − V'M⁻¹V, in the place of S."""
    n, slots = plan.inside, plan.slots
    one, none, least = alike(1.0), alike(0.0), alike(LEAST)
    for e in range(n):
        store(w.sign, e, where_above(load(entries, e), none, one, none - one))
    for e in range(plan.ring_size * slots):
        store(w.coupling, e, alike(0.0))
    for e in range(PANEL * slots):
        store(w.left, e, alike(0.0))
        store(w.right, e, alike(0.0))
    t, filled = 0, 0
    for column in range(n):
        pivot, sign = load(entries, column), load(w.sign, column)
        inverse = one / where_above(pivot * sign, least, pivot, sign * alike(PUT))
        store(entries, column, inverse)
        active, here = plan.active[column], plan.ring[column] * slots
        for e in range(plan.v_start[column], plan.v_start[column + 1]):
            c = here + plan.v_slot[e]
            store(w.coupling, c, load(w.coupling, c) + load(entries, plan.v_first + e))
        for i in range(n + plan.l_start[column], n + plan.l_start[column + 1]):
            factor = load(entries, i) * inverse
            for k in range(i, n + plan.l_start[column + 1]):
                e = plan.update[t]
                t += 1
                store(entries, e, load(entries, e) - factor * load(entries, k))
            store(entries, i, factor)
            there = plan.ring[plan.l_row[i - n]] * slots
            for k in range(active):
                changed = load(w.coupling, there + k) - factor * load(w.coupling, here + k)
                store(w.coupling, there + k, changed)
        for k in range(active):
            value = load(w.coupling, here + k)
            store(w.left, filled * slots + k, value)
            store(w.right, filled * slots + k, value * inverse)
            store(w.coupling, here + k, alike(0.0))
        filled += 1
        if filled == PANEL or column == n - 1:
            _to_slots(plan, entries, w, active)
            filled = 0


@callee()
def _to_slots(plan: Plan, entries: Floats, w: Work, active: int) -> None:
    """Take the couplings of a panel of pivots from S, and forget them."""
    slots, none = plan.slots, alike(0.0)
    e = plan.s_first
    for i in range(active):
        a, b = load(w.right, i), load(w.right, slots + i)
        c, d = load(w.right, 2 * slots + i), load(w.right, 3 * slots + i)
        for k in range(i + 1):
            change = a * load(w.left, k) + b * load(w.left, slots + k)
            change = change + c * load(w.left, 2 * slots + k) + d * load(w.left, 3 * slots + k)
            store(entries, e, load(entries, e) - change)
            e += 1
        store(w.right, i, none)
        store(w.right, slots + i, none)
        store(w.right, 2 * slots + i, none)
        store(w.right, 3 * slots + i, none)


@callee()
def start_reduce(plan: Plan, base: Floats, right: Floats) -> None:
    """Right-hand sides of unknowns before `reduce`."""
    for e in range(plan.inside):
        store(right, e, load(base, e))
    for e in range(plan.inside, plan.inside + plan.slots):
        store(right, e, alike(0.0))


@callee()
def reduce(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    plan: Plan, s: Segment, z: Floats, caps: Floats, right: Floats, begin: int, end: int
) -> None:
    """Take from right-hand sides what variables ``begin`` to ``end`` bring; there caps begin."""
    for v in range(begin, end):
        value = load(z, v)
        if plan.unknown[v] >= 0:
            own = plan.unknown[v]
            store(right, own, load(right, own) - value)
        else:
            pushed = load(s.weight, v) * value
            for i in range(plan.a_start[v], plan.a_start[v + 1]):
                row = plan.a_item[i]
                store(right, row, load(right, row) - pushed * load(s.a, s.a_at[i]))
        for k in range(plan.u_start[v], plan.u_start[v + 1]):
            pulled = load(s.tau, v) * value + load(caps, v - begin)
            size = plan.u_item[k]
            store(right, size, load(right, size) - pulled * load(s.u, s.u_at[k]))


@callee()
def substitute(plan: Plan, entries: Floats, x: Floats) -> None:
    """Solve for the unknowns inside, in place: forward, diagonal, backward."""
    n = plan.inside
    for column in range(n):
        value = load(x, column)
        for i in range(plan.l_start[column], plan.l_start[column + 1]):
            row = plan.l_row[i]
            store(x, row, load(x, row) - load(entries, n + i) * value)
    for column in range(n - 1, -1, -1):
        value = load(x, column) * load(entries, column)
        for i in range(plan.l_start[column], plan.l_start[column + 1]):
            value = value - load(entries, n + i) * load(x, plan.l_row[i])
        store(x, column, value)


@njit(cache=True, nogil=True)
def to_slots(plan: Plan, entries: Floats, right: Floats, x: Floats, left: Floats) -> None:
    """What slots get when the unknowns inside are eliminated; ``x`` is spent."""
    n = plan.inside
    for e in range(n):
        store(x, e, load(right, e))
    substitute(plan, entries, x)
    for k in range(plan.slots):
        store(left, k, alike(0.0))
    for column in range(n):
        value = load(x, column)
        for e in range(plan.v_start[column], plan.v_start[column + 1]):
            k = plan.v_slot[e]
            store(left, k, load(left, k) - load(entries, plan.v_first + e) * value)


@callee()
def from_slots(plan: Plan, entries: Floats, right: Floats, x: Floats) -> None:
    """Unknowns inside for given values of the slots, which stand at the end of ``x``."""
    n = plan.inside
    for column in range(n):
        value = load(right, column)
        for e in range(plan.v_start[column], plan.v_start[column + 1]):
            coupling = load(entries, plan.v_first + e)
            value = value - coupling * load(x, n + plan.v_slot[e])
        store(x, column, value)
    substitute(plan, entries, x)


@callee()
def start_check(plan: Plan, s: Segment, right: Floats, x: Floats, off: Floats) -> None:
    """By how much unknowns miss their right-hand sides, before `check`: slots have none."""
    for e in range(plan.inside):
        store(off, e, load(right, e) - load(s.diagonal, e) * load(x, e))
    for e in range(plan.inside, plan.inside + plan.slots):
        store(off, e, alike(0.0))
    for k in range(len(plan.b_row)):
        row, size, value = plan.b_row[k], plan.b_size[k], load(s.b, k)
        store(off, row, load(off, row) - value * load(x, size))
        store(off, size, load(off, size) - value * load(x, row))


@callee()
def check(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    plan: Plan, s: Segment, z: Floats, x: Floats, off: Floats, dz: Floats, grown: Floats,
    begin: int, end: int,
) -> None:  # fmt: skip
    """Steps of variables ``begin`` to ``end``, what their bounds grow by, and what these leave.

    ``dz`` and ``grown`` begin there. What is missing for the slots is this group's part only.
    """
    for v in range(begin, end):
        first, last, own = plan.a_start[v], plan.a_start[v + 1], plan.unknown[v]
        pull, push, shift = alike(0.0), alike(0.0), alike(0.0)
        for i in range(first, last):
            pull = pull + load(s.a, s.a_at[i]) * load(x, plan.a_item[i])
        for k in range(plan.u_start[v], plan.u_start[v + 1]):
            push = push + load(s.u, s.u_at[k]) * load(x, plan.u_item[k])
        store(grown, v - begin, push)
        if plan.u_start[v] < plan.u_start[v + 1]:
            shift = load(s.tau, v) * push
        if own >= 0:
            step = load(x, own)
            missed = load(off, own) - pull
            if not plan.ghost_first <= v < plan.ghost_end:
                missed = missed + load(s.weight, v) * step
            store(off, own, missed)
            step = step + shift
            store(dz, v - begin, step)
        else:
            step = load(s.weight, v) * pull + shift
            store(dz, v - begin, step + load(s.weight, v) * load(z, v))
        for i in range(first, last):
            row = plan.a_item[i]
            store(off, row, load(off, row) - load(s.a, s.a_at[i]) * step)
        for k in range(plan.u_start[v], plan.u_start[v + 1]):
            bent = load(s.kappa, v) * push - load(s.tau, v) * pull
            size = plan.u_item[k]
            store(off, size, load(off, size) + load(s.u, s.u_at[k]) * bent)
