"""Losses, their order and their end."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zeroplant.capital.tax import carry_losses


def test_a_loss_is_lost_after_five_years() -> None:
    """100 lost in year 1, 10 earned a year: free in years 2–6, 50 of the loss lapse, taxed from 7.

    With no limit tax would start in year 12.
    """
    profit = np.array([[0.0, -100.0, *[10.0] * 10]])
    np.testing.assert_allclose(carry_losses(profit, 5)[0], [0] * 7 + [10] * 5)
    np.testing.assert_allclose(carry_losses(profit, 10)[0], [0] * 12)


def test_the_oldest_loss_goes_first() -> None:
    """Losses of 30 (year 1) and 30 (year 4); 40 earned in year 6 uses all of the first and 10.

    20 are left in year 7. If the youngest went first, 10 of the old one would lapse.
    """
    profit = np.array([[0.0, -30.0, 0.0, 0.0, -30.0, 0.0, 40.0, 25.0]])
    np.testing.assert_allclose(carry_losses(profit, 5)[0, 6:], [0.0, 5.0])


def test_without_carrying_losses_every_profit_is_taxed() -> None:
    """0 years: a loss helps nobody."""
    profit = np.array([[0.0, -30.0, 10.0]])
    np.testing.assert_allclose(carry_losses(profit, 0)[0], [0.0, 0.0, 10.0])


@given(
    st.lists(st.floats(-100, 100), min_size=2, max_size=30),
    st.integers(0, 8),
)
def test_losses_against_a_ledger_kept_by_hand(profits: list[float], years: int) -> None:
    """Proves the vectorised order against one scalar ledger of (year, what is left of the loss)."""
    ledger: list[list[float]] = []
    expected = []
    for year, profit in enumerate(profits):
        ledger = [entry for entry in ledger if year - entry[0] <= years]
        left = max(profit, 0.0)
        for entry in ledger:
            used = min(entry[1], left)
            entry[1] -= used
            left -= used
        expected.append(left)
        ledger.append([year, max(-profit, 0.0)])
    got = carry_losses(np.array([profits, profits]), years)
    np.testing.assert_allclose(got, [expected, expected], atol=1e-9)
