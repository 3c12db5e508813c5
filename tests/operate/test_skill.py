"""Scores by hand, and what must hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant.operate.skill import by_horizon, score, skill

LEVELS = np.array([0.1, 0.5, 0.9])


def test_by_hand() -> None:
    """Errors of the median 1 and -3 on a rating of 10: nMAE 20 %, nRMSE sqrt(5) / 10."""
    said = np.array([[2.0, 2.0], [3.0, 3.0], [4.0, 4.0]])
    found = score(said, LEVELS, np.array([2.0, 6.0]), 10.0)
    assert found.nmae == pytest.approx(20.0)
    assert found.nrmse == pytest.approx(np.sqrt(5.0) * 10)
    assert found.coverage == {0.8: 0.5}
    # pinball: came 2: (0.1·0, 0.5·1, 0.1·2); came 6: (0.1·4, 0.5·3, 0.9·2); mean 4.4 / 6
    assert found.pinball == pytest.approx(100 * 4.4 / 6 / 10)
    assert found.plain()["coverage"] == {"80%": 0.5}


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 100))
def test_of_two_forecasts_the_truth_scores_best(seed: int, rating: float) -> None:
    draw = np.random.default_rng(seed)
    truth = draw.uniform(0, rating, 50)
    said = np.sort(draw.uniform(0, rating, (3, 50)), axis=0)
    perfect = score(np.tile(truth, (3, 1)), LEVELS, truth, rating)
    other = score(said, LEVELS, truth, rating)
    assert perfect.nmae == perfect.nrmse == perfect.pinball == 0
    assert 0 < other.nmae <= other.nrmse
    assert skill(perfect, other) == 1.0
    assert skill(other, other) == 0.0


def test_true_quantiles_score_better_than_wrong_ones() -> None:
    """Proves: pinball rewards an honest spread; bands too narrow or too wide lose."""
    draw = np.random.default_rng(1)
    truth = draw.normal(0, 1, 20_000)
    spread = np.array([-1.2816, 0.0, 1.2816])[:, None] * np.ones(truth.size)
    honest, narrow, wide = (score(spread * f, LEVELS, truth, 1.0) for f in (1.0, 0.5, 2.0))
    assert honest.coverage[0.8] == pytest.approx(0.8, abs=0.01)
    assert honest.pinball < narrow.pinball
    assert honest.pinball < wide.pinball


def test_horizons_are_scored_apart() -> None:
    said = np.array([[1.0, 1.0, 5.0, np.nan]])
    ahead, upto = np.array([1.0, 4.0, 5.0, 5.0]), np.array([4.0, 96.0, 192.0])
    found = by_horizon(
        said, np.array([0.5]), np.ones(4), 1.0, ahead=ahead, upto=upto
    )  # fmt: skip
    assert {bound: (one.nmae, one.steps) for bound, one in found.items()} == {
        4.0: (0.0, 2),
        96.0: (400.0, 1),
    }


def test_nothing_to_compare_is_an_error() -> None:
    with pytest.raises(ValueError, match="both a forecast and an outcome"):
        score(np.ones((1, 1)), np.array([0.5]), np.array([np.nan]), 1.0)
