"""Internal rate of return of many cash flows at once, with its pitfalls named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats

# Rates on which changes of sign are looked for: close together where rates are quoted.
_RATES = np.concatenate(
    [[-0.999, -0.99, -0.95], np.arange(-0.9, 1.0, 0.01), np.geomspace(1.0, 1e6, 80)]
)
_GRID = np.log1p(_RATES)
_ROUNDS = 200


@dataclass(frozen=True)
class Returns:
    """Internal rates of return; (variants,) each.

    ``rate`` is nan where there is none. ``count`` is the number of rates between -99.9 % and
    1e6 at which the net present value changes its sign; above 1, ``rate`` is the one nearest to
    ``near`` and should not be quoted without the net present value beside it.
    """

    rate: Floats
    count: NDArray[np.int64]


def npv(cash: Floats, rate: float | Floats) -> Floats:
    """Net present value of yearly flows (…, years + 1), year 0 undiscounted; (…).

    ``rate`` is one number or one per flow.
    """
    year = np.arange(cash.shape[-1])
    discount = (1.0 + np.asarray(rate, dtype=float)[..., None]) ** -year
    return np.asarray((cash * discount).sum(axis=-1))


def irr(cash: Floats, near: float = 0.1) -> Returns:
    """Rate at which the net present value of yearly flows (variants, years + 1) is 0.

    The flows of a plain investment (money out, then money in) have exactly one rate (Descartes'
    rule of signs). Others may have several or none: changes of sign of the net present value are
    counted on a grid of rates, and the one nearest to ``near`` is refined by Newton steps in
    ln(1 + rate), with a bisection whenever a step leaves the bracket.
    """
    size = np.abs(cash).max(axis=1, initial=0.0)
    flows = cash / np.where(size > 0.0, size, 1.0)[:, None]
    flows = np.where(np.abs(flows) < 1e-14, 0.0, flows)  # rounding is not a change of sign
    worth = flows @ np.exp(-np.outer(np.arange(cash.shape[1]), _GRID))
    above = worth > 0.0
    changes = above[:, 1:] != above[:, :-1]
    count = changes.sum(axis=1)
    distance = np.where(changes, np.abs(_GRID[1:] - np.log1p(near)), np.inf)
    cell = distance.argmin(axis=1)
    rate = np.full(cash.shape[0], np.nan)
    found = count > 0
    low = cell[found]
    falling = above[found, low]
    rate[found] = _refined(flows[found], _GRID[low], _GRID[low + 1], falling)
    return Returns(rate, count)


def _refined(flows: Floats, low: Floats, high: Floats, falling: NDArray[np.bool_]) -> Floats:
    """Root in ln(1 + rate) between ``low`` and ``high``, as a rate; ``falling``: > 0 at ``low``."""
    year = np.arange(flows.shape[1])
    x = 0.5 * (low + high)
    for _ in range(_ROUNDS):
        value, slope = _worth(flows, x, year)
        root_above = (value > 0.0) == falling
        low, high = np.where(root_above, x, low), np.where(root_above, high, x)
        newton = x - value / np.where(slope == 0.0, np.inf, slope)
        done = np.abs(newton - x) <= 1e-10 * np.maximum(np.abs(x), 1.0)  # then exact to rounding
        done &= slope != 0.0
        inside = (newton > low) & (newton < high) & (slope != 0.0)
        x = np.where(done | inside, newton, 0.5 * (low + high))
        if done.all():
            break
    return np.expm1(x)


def _worth(flows: Floats, x: Floats, year: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Net present value at ln(1 + rate) = x, and its derivative."""
    terms = flows * np.exp(-np.outer(x, year))
    return terms.sum(axis=1), -(terms * year).sum(axis=1)
