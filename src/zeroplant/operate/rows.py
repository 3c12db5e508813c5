"""Rows: what several flows may be together, and what one may be because of another.

Chargers that share a transformer, heat that grows with an electrolyser's load: a hard rule over
single periods is a row ``Σ coefficient · flow + Σ coefficient · level ≤ most``, and a bound of a
flow that others have a say in is one too. In a cycle each flow that may be set has what the others
of its row leave, as they are measured:

    flow ≤ (most − Σ of the others) / coefficient

Rows that look back, may be broken at a price, or speak of accounts that nobody measures are the
planner's alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.points import ACCOUNT, Points, valued
from zeroplant.waist.linear import Affine, Term, Value
from zeroplant.waist.network import Network
from zeroplant.waist.words import Flow, Size, Store


@dataclass(frozen=True)
class Rows:
    """Rows as entries: row r has those from ``first[r]`` up to ``first[r + 1]``.

    ``point`` is the flow or level (in the order of the points) of an entry. Coefficients of the
    entries and the ``most`` of the rows change with the period; they are in `Stage`.
    """

    first: Ints
    point: Ints


def rows_of(
    network: Network, points: Points, sizes: Mapping[str, float] | None
) -> tuple[Rows, list[Value], list[Value]]:
    """The rows of a network, the coefficients of their entries, and what each may be at most."""
    stored = {flow for store in network.stores for flow in (*store.fill, *store.drain)}
    first, point = [0], list[int]()
    coefficients, mosts = list[Value](), list[Value]()
    for expression, most in _declared(network):
        terms = [term for term in expression.terms if not isinstance(term.variable, Size)]
        if not _measured(terms, points, stored) or not _settable(terms, points):
            continue
        sized = tuple(term for term in expression.terms if isinstance(term.variable, Size))
        mosts.append(most - np.asarray(valued(Affine(expression.constant, sized), sizes, np.inf)))
        for term in terms:
            assert isinstance(term.variable, (Flow, Store))
            point.append(points.index[term.variable.name])
            coefficients.append(term.coefficient)
        first.append(len(point))
    rows = Rows(np.array(first, np.int64), np.array(point, np.int64))
    return rows, coefficients, [most if np.ndim(most) else float(most) for most in mosts]


def _declared(network: Network) -> Iterator[tuple[Affine, Value]]:
    """Expressions and what they may be at most."""
    for flow in network.flows:
        if any(isinstance(term.variable, Flow) for term in flow.cap.terms):
            yield flow - flow.cap, 0.0
    for budget in network.budgets:
        speaks = [t for t in budget.expression.terms if not isinstance(t.variable, Size)]
        bound = np.isfinite(budget.at_most).all()
        if not budget.integrates and budget.slack is None and len(speaks) > 1 and bound:
            yield budget.expression, budget.at_most


def drivers_of(network: Network, points: Points, alone: Ints) -> Ints:
    """For each generator whose limit rises with a flow that is set ``alone``, that one; else -1.

    Such as a turbine's power with the water that is let through, whatever else is in the rule; or
    with an account that rises with it.
    """
    driver, free = np.full(points.flows, -1), set(alone.tolist())
    for named in (ACCOUNT, "generation"):  # what drives an account drives what it bounds
        for expression, _ in _declared(network):
            flows = [(points.index[t.variable.name], t.variable, float(np.min(t.coefficient)))
                     for t in expression.terms
                     if isinstance(t.variable, Flow)
                     and t.variable.name in points.index]  # fmt: skip
            drives = [n if n in free else int(driver[n]) for n, _, least in flows
                      if least < 0.0 and (n in free or driver[n] >= 0)]  # fmt: skip
            for n, flow, least in flows:
                if drives and least > 0.0 and named in (flow.role, *flow.tags):
                    driver[n] = drives[0]
    return driver


def _measured(terms: list[Term], points: Points, stored: set[Flow]) -> bool:
    """Whether all that a row speaks of is there now and can be measured."""
    for term in terms:
        variable = term.variable
        if term.shift or not isinstance(variable, (Flow, Store)):
            return False
        account = isinstance(variable, Flow) and not (
            variable.give or variable.take or variable in stored
        )
        account |= isinstance(variable, Flow) and ACCOUNT in variable.tags
        if account or variable.name not in points.index:
            return False
    return True


def _settable(terms: list[Term], points: Points) -> bool:
    """Whether a flow that may be set would break the row by rising."""
    return any(
        isinstance(term.variable, Flow)
        and bool(points.writable[points.index[term.variable.name]])
        and bool(np.all(np.asarray(term.coefficient) > 0.0))
        for term in terms
    )


@njit(cache=True, nogil=True)
def hold_rows(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    first: Ints, point: Ints, coefficient: Floats, most: Floats, value: Floats, top: Floats,
) -> None:  # fmt: skip
    """Bring the ``top`` of flows down to what the others of their rows leave, in place.

    ``value`` is what flows and levels are; a level that nobody knows says nothing.
    """
    for row in range(len(first) - 1):
        left = most[row]
        for e in range(first[row], first[row + 1]):
            left -= coefficient[e] * value[point[e]]
        if np.isnan(left):
            continue
        for e in range(first[row], first[row + 1]):
            f, c = point[e], coefficient[e]
            if f < len(top) and c > 0.0:
                top[f] = min(top[f], max(value[f] + left / c, 0.0))
