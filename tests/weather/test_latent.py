"""The hidden Gaussian series: unit variance, the memory and the correlation asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.weather.axes import beijing_year
from zeroplant.errors import InputError
from zeroplant.weather.latent import innovations, streams


@settings(max_examples=15, deadline=None)
@given(
    time=st.floats(2.0, 60.0),
    smooth=st.floats(0.0, 0.3),
    hours=st.sampled_from([0.25, 1.0, 3.0]),
)
def test_unit_variance_and_memory(time: float, smooth: float, hours: float) -> None:
    """Proves: variance 1 and correlation e^-1 after one memory, at any step.

    A filter without normalisation, or a memory in steps rather than hours, would be far off.
    Bounds: 4 standard errors of 200,000 correlated values are below 0.1.
    """
    axis = beijing_year(years=20, hours=hours, days=400)
    series = streams([(time, smooth * time)], axis, (1,))[0]
    assert series.var() == pytest.approx(1.0, abs=0.1)
    lag = max(1, round(time / hours))
    got = (series[:, lag:] * series[:, :-lag]).mean()
    wait = lag * hours
    fast, slow = smooth * time, time
    if fast > 0:
        expected = (slow * np.exp(-wait / slow) - fast * np.exp(-wait / fast)) / (slow - fast)
    else:
        expected = np.exp(-wait / slow)
    # The discrete filter stands for the continuous process the worse, the longer the step.
    assert got == pytest.approx(expected, abs=0.1 + 0.05 * min(1.0, hours / time) * 4)


def test_correlation_is_the_one_asked_for() -> None:
    """Proves: series of different memory still correlate as the table says.

    Driving them with noise of that correlation would give less (0.8 · 0.5 here).
    """
    wanted = np.array([[1.0, 0.5, 0.0], [0.5, 1.0, -0.3], [0.0, -0.3, 1.0]])
    memories = [(30.0, 2.0), (60.0, 4.0), (40.0, 0.0)]
    series = streams(memories, beijing_year(years=30), (3,), wanted)
    got = np.corrcoef(series.reshape(3, -1))
    assert np.abs(got - wanted).max() < 0.06


def test_impossible_correlation_is_named() -> None:
    """Proves: a correlation that two unlike memories cannot have is an error of the user."""
    wanted = np.array([[1.0, 0.95], [0.95, 1.0]])
    with pytest.raises(InputError, match="no weather has these correlations"):
        innovations([(2.0, 0.0), (200.0, 0.0)], wanted, 1.0)


def test_chains_do_not_depend_on_how_many_there_are() -> None:
    """Proves: chain 1 of two is chain 1 of five, bit by bit, and chains differ."""
    two = streams([(20.0, 1.0)], beijing_year(years=2), (9, 1))
    five = streams([(20.0, 1.0)], beijing_year(years=5), (9, 1))
    assert np.array_equal(two, five[:, :2])
    assert abs(np.corrcoef(five[0, 0], five[0, 1])[0, 1]) < 0.2
