"""Series keep their means and bounds, whatever moves within a period."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zeroplant.axis import Floats
from zeroplant.twin.within import MEMORY, Within, ends, twice


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.float64, (12, 2), elements=st.floats(0.0, 100.0, allow_subnormal=False)),
    st.integers(0, 1000),
)
def test_every_period_keeps_its_mean_and_stays_within_bounds(means: Floats, seed: int) -> None:
    deviation = np.full(means.shape, 0.05 * means.max())
    memory = np.full((2, 2), MEMORY)
    within = Within(means, deviation, memory, steps=90, seconds=10.0, seed=seed)
    values = np.array([within.period(number) for number in range(len(means))])
    np.testing.assert_allclose(values.mean(axis=1), means, atol=1e-9 * (1.0 + means.max()))
    assert values.min() >= -1e-9
    assert (values.max(axis=(0, 1)) <= means.max(axis=0) + 1e-9).all()


def test_it_moves_and_the_same_seed_moves_alike() -> None:
    means = np.full((4, 1), 50.0) + np.arange(4.0)[:, None]
    deviation, memory = np.full((4, 1), 1.0), np.full((2, 1), MEMORY)
    made = [Within(means, deviation, memory, steps=225, seconds=4.0, seed=s) for s in (1, 1, 2)]
    first, again, other = ([w.period(k) for k in range(4)] for w in made)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.std(np.diff(first[1], axis=0)) > 0.0


def test_noise_has_the_deviation_and_memory_of_two_filters() -> None:
    """Of white noise through filters that keep a and b, by its autocorrelation in closed form."""
    drawn = np.random.default_rng(1).standard_normal((200_000, 1))
    a, b = 0.9, 0.96
    red = twice(drawn, np.array([a]), np.array([b]))[2000:, 0]
    spread = (1.0 - a) * (1.0 - b) * (1.0 + a * b) / ((1.0 + a) * (1.0 + b) * (1.0 - a * b))
    assert red.var() == pytest.approx(spread, rel=0.05)
    beside = np.mean(red[1:] * red[:-1]) / red.var()
    assert beside == pytest.approx((a + b) / (1.0 + a * b), abs=2e-3)


def test_the_sun_rises_from_nothing_and_sets_to_nothing() -> None:
    """Between any two periods a series goes on where it was, also beside the night."""
    means = np.array([0.0, 0.0, 27.7, 68.0, 140.0, 200.0, 150.0, 60.0, 14.0, 0.0, 0.0])[:, None]
    begin, end = ends(means, means.max(axis=0))
    np.testing.assert_array_equal(begin[1:], end[:-1])
    assert begin[2, 0] == end[8, 0] == 0.0


def test_what_goes_from_nothing_to_its_top_jumps_and_keeps_its_mean() -> None:
    means = np.array([0.0, 100.0, 0.0])[:, None]
    begin, end = ends(means, means.max(axis=0))
    np.testing.assert_array_equal(begin[:, 0], [0.0, 100.0, 0.0])
    np.testing.assert_array_equal(end[:, 0], [0.0, 100.0, 0.0])
