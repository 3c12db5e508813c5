"""What the ledger comes to in each chain."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from zeroplant.axis import Axis, Chain
from zeroplant.solve import solve
from zeroplant.waist import Network
from zeroplant.waist.outcome import by_chain, cost_of_chain
from zeroplant.waist.solution import Solution


def solved() -> Solution:
    """Two chains of 62 days (70 and 30 %): energy, a monthly peak, a size and a revenue."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    axis = Axis(start, 59, 24.0, "UTC", (Chain("calm", 0.7), Chain("wild", 0.3)))
    net = Network(axis)
    park = net.node("park")
    load = np.concatenate([np.full(59, 10.0), np.full(31, 20.0), np.full(28, 30.0)])
    net.flow("load", take=park, fixed=load)
    buy = net.flow("buy", give=park)
    plant = net.size("plant", lower=5.0)
    net.line("grid", "energy", buy, 2.0)
    net.line("owner", "plant", plant, 1000.0, unit="MW", kind="investment")
    net.line("owner", "rent", 1.0, 50.0, unit="1", kind="revenue")
    peak = net.size("peak", over="month")
    net.budget("peak", buy - peak, at_most=0.0, over="period")
    share = axis.share_over("month")
    net.line("grid", "peaks", peak * share, 7.0, unit="MW·month", kind="charge")
    return solve(net)


@pytest.mark.parametrize("chain", [0, 1])
def test_each_chain_pays_its_own_peaks_and_all_of_what_is_shared(chain: int) -> None:
    """*Proves:* energy and monthly peaks belong to their chain at full weight; the size and the
    rent count fully in each. *A wrong answer would be:* peaks times the chain's probability.
    """
    solution = solved()
    energy = [59 * 24 * 10, (31 * 20 + 28 * 30) * 24][chain]
    peaks = [10 + 10, 20 + 30][chain]
    expected = 2 * energy + 7 * peaks + 5 * 1000 - 50
    cost = by_chain(solution, cost_of_chain(solution.network, lambda line: True))
    assert cost[chain] == pytest.approx(expected, rel=1e-9)


def test_the_mean_over_chains_is_the_objective() -> None:
    """*Proves:* probabilities times costs is what the ledger adds up to."""
    solution = solved()
    cost = by_chain(solution, cost_of_chain(solution.network, lambda line: True))
    assert cost @ [0.7, 0.3] == pytest.approx(solution.objective, rel=1e-9)


def test_a_rule_over_chains_may_count_monthly_sizes() -> None:
    """*Proves:* the sum of a chain's monthly peaks can be limited, and the limit binds in its own
    chain only. *A wrong answer would be:* a refusal, or peaks of the other chain.
    """
    axis = Axis(
        datetime(2025, 1, 1, tzinfo=UTC), 59, 24.0, "UTC", (Chain("a", 0.5), Chain("b", 0.5))
    )
    net = Network(axis)
    peak = net.size("peak", over="month")
    net.budget("all peaks", peak, at_least=np.array([10.0, 40.0]), over="chain")
    price = np.array([1.0, 2.0, 2.0, 1.0])
    net.line("grid", "peaks", peak * price, 1.0, unit="MW", kind="charge")
    found = solve(net).value(peak)
    assert found == pytest.approx([10.0, 0.0, 0.0, 40.0])
