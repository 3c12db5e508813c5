"""Charging times and spare packs, against figures of the field and against Poisson's law."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from zeroplant.transport.stock import charging_hours, spare_stock


def test_charging_time_of_the_field() -> None:
    """*Proves:* 282 kWh by 0.7 at 280 kW takes 0.742 h with η = 0.95, the published 0.74 h, and
    seven chargers give 9.4 packs an hour. *A wrong answer would be:* 0.705 h (no losses).
    """
    hours = charging_hours(0.282, 0.7, 0.28, 0.95)
    assert float(hours) == pytest.approx(0.74, abs=0.005)
    assert 7 / float(hours) == pytest.approx(9.4, abs=0.05)


def test_energy_of_a_full_lane() -> None:
    """*Proves:* 168 swaps a day of 0.7 × 282 kWh draw 34.9 MWh with η = 0.95, as published. *A
    wrong answer would be:* 33.2 MWh, which is what gets into the packs.
    """
    energy = 168 * 0.7 * 0.282 / 0.95
    assert energy == pytest.approx(34.9, abs=0.05)


def test_spare_is_what_poisson_asks_for() -> None:
    """*Proves:* with mean and spare in the rack, at most 1 % of trucks find all packs away; with
    one pack less, more do. *A wrong answer would be:* the quantile itself (one pack short).
    """
    means = np.array([0.2, 1.0, 5.2, 20.0])
    stock = np.round(means + spare_stock(means, 0.99))
    # A truck finds none if as many as the stock are away.
    assert (poisson.sf(stock - 1, means) <= 0.01).all()
    assert (poisson.sf(stock - 2, means) > 0.01).all()
    assert spare_stock(0.0, 0.99) == 0.0
