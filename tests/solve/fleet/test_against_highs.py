"""Random devices against HiGHS; `benchmarks/fleet_exact.py` does the same with very many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solve.fleet.against_highs import Outcome, compare
from tests.solve.fleet.samples import LENGTHS, nasty
from zeroplant.bench.mixed_fleet import mixed_fleet


def assert_exact(found: Outcome) -> None:
    """Same verdicts and costs, and nothing missed."""
    assert found.verdicts_differ == 0
    assert found.cost <= 1e-8
    assert found.violation <= 1e-9
    assert found.gap <= 1e-9


@pytest.mark.parametrize("steps", LENGTHS)
def test_nasty_devices_cost_what_highs_finds(steps: int) -> None:
    """*Proves:* on ties, flat, zero and negative prices, no capacity, strong leaks, pinned levels,
    limited connections and curtailment, the verdict is that of a linear programme, the lower bound
    is the convex hull's optimum, the cost is the textbook programme's where that is physical, and
    the schedule keeps every bound when simulated anew.
    """
    found = compare(nasty(min(300, 3000 // steps), 11, steps))
    assert found.infeasible > 0
    assert found.not_convex > 0
    assert_exact(found)


def test_a_mixed_fleet_costs_what_highs_finds() -> None:
    """*Proves:* the invented fleet of the benchmarks is solved to its optimum, none of it being
    impossible.
    """
    found = compare(mixed_fleet(60, 5).stored_as(np.float64))
    assert found.infeasible == 0
    assert_exact(found)


def test_strong_leaks_over_long_horizons() -> None:
    """*Proves:* where 0.5 to the power of the horizon is no number any more, the answer is right.
    *A wrong answer would be:* one that overflows (0.5^-1100 is infinite).
    """
    fleet = nasty(400, 3, 24)
    rows = np.flatnonzero(fleet.keep < 0.9)[:12]
    short = fleet[rows]
    repeated = {
        name: replace(getattr(short, name), table=np.tile(getattr(short, name).table, (1, 50)))
        for name in ("buy", "sell", "net", "curtailable", "in_most", "out_most", "gain", "low",
                     "high", "inflow")
    }  # fmt: skip
    assert_exact(compare(replace(short, **repeated)))


@pytest.mark.parametrize(("seed", "device"), [(1000905, 18), (1003406, 23)])
def test_energy_that_has_leaked_away_was_worth_something(seed: int, device: int) -> None:
    """*Proves:* stores that can only empty, and keep nothing over the horizon, sell early what
    they have. *A wrong answer would be:* to keep it, because what remains of it at the end is
    rounding, and rounding then says what it was worth (found by the benchmark, 4 % too dear).
    """
    assert_exact(compare(nasty(41, seed, 96)[[device]]))
