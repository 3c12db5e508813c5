"""Generated spot price: level, valley, peak, spikes, spells below zero."""

from __future__ import annotations

import numpy as np
import pytest

from tests.weather.axes import beijing_year
from zeroplant.axis import Axis
from zeroplant.synthetic.price import spot_price

YEARS = 10


def at(axis: Axis, low: float, high: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Stages between two hours of the day."""
    return (axis.hour_of_day >= low) & (axis.hour_of_day < high)


@pytest.mark.parametrize("hours", [0.25, 1.0])
@pytest.mark.parametrize("mean", [240.0, 320.0, 412.0])
def test_level_and_bounds(mean: float, hours: float) -> None:
    """Proves: the mean is the one asked for (5 %: the bounds cut a little) within floor and cap."""
    axis = beijing_year(YEARS, hours)
    price = spot_price(axis, 1, mean=mean)
    assert price.mean() == pytest.approx(mean, rel=0.05)
    assert price.min() >= -80
    assert price.max() <= 1500


def test_shape_of_the_day() -> None:
    """Proves: a solar valley below half the mean and an evening above 1.4 times, as in 2025."""
    axis = beijing_year(YEARS)
    price = spot_price(axis, 1) / 320
    assert 0.2 < price[at(axis, 11, 14)].mean() < 0.5
    assert 1.4 < price[at(axis, 18, 21)].mean() < 2.0
    assert price[at(axis, 18, 21)].mean() > price[at(axis, 7, 9)].mean()
    spring = axis.month_of_year == 4
    winter = axis.month_of_year == 12
    noon = at(axis, 11, 14)
    assert price[noon & spring].mean() < price[noon & winter].mean()


def test_rare_hours() -> None:
    """Proves: 1-8 % of hours below zero, in spells and by day; 0.1-1.5 % over three times the mean.

    Those come in the evening. A normal distribution about a daily shape would have neither.
    """
    axis = beijing_year(YEARS)
    price = spot_price(axis, 1)
    negative, scarce = price < 0, price > 3 * 320
    assert 0.01 < negative.mean() < 0.08
    assert at(axis, 9, 17)[negative].mean() > 0.9
    spells = np.diff(np.flatnonzero(np.diff(negative.astype(int))))[::2]
    assert spells.mean() > 2
    assert 0.001 < scarce.mean() < 0.015
    assert at(axis, 16, 23)[scarce].mean() > 0.9


def test_memory_and_seed() -> None:
    """Proves: tomorrow resembles today (lag 24 h 0.5-0.9) and the same seed is the same price."""
    axis = beijing_year(YEARS)
    price = spot_price(axis, 1)
    off = (price - price.mean()).reshape(YEARS, -1)
    daily = (off[:, 24:] * off[:, :-24]).mean() / off.var()
    assert 0.5 < daily < 0.9
    assert np.array_equal(price, spot_price(axis, 1))
    assert not np.array_equal(price, spot_price(axis, 2))
    assert np.array_equal(price[:8760], spot_price(beijing_year(), 1))
