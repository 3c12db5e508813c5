"""Pinch analysis against textbooks and an assignment of heat that knows no cascade."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from zeroplant.axis import Floats
from zeroplant.thermal.pinch import Streams, cascade

# I. C. Kemp, Pinch Analysis and Process Integration, 2nd edition (2007), the four-stream example
# of p. 4 (also the basic example of the package pina): 1 cold, 2 hot, 3 cold, 4 hot; kW.
KEMP = Streams(
    np.array([20.0, 170.0, 80.0, 150.0]),
    np.array([135.0, 60.0, 140.0, 30.0]),
    np.array([230.0, 330.0, 240.0, 180.0]),
)
# Problem 4SP1 of K. F. Lee, A. H. Masso, D. F. Rudd, Ind. Eng. Chem. Fundam. 9 (1970), with the
# duties of Biegler, Grossmann, Westerberg, Systematic Methods of Chemical Process Design; kW.
FOUR_SP1 = Streams(
    np.array([60.0, 116.0, 160.0, 249.0]),
    np.array([160.0, 260.0, 93.0, 138.0]),
    np.array([762.0, 875.5, 588.9, 1171.1]),
)


def assigned(streams: Streams) -> float:
    """Most heat that hot streams can give cold ones, by assigning slices to slices.

    The transportation problem of J. Cerda and others (Chem. Eng. Sci. 38, 1983): a slice of a hot
    stream may heat every slice of a cold one that is, approach included, nowhere hotter.
    """
    tops, bottoms = streams.moved
    edges = np.unique([tops, bottoms])
    give, take = [], []
    for top, bottom, duty, sign in zip(tops, bottoms, streams.duty, streams.hot, strict=True):
        for low, high in pairwise(edges):
            if low >= bottom and high <= top:
                part = (low, duty * (high - low) / (top - bottom))
                (give if sign > 0 else take).append(part)
    pairs = [(i, j) for i, g in enumerate(give) for j, t in enumerate(take) if g[0] >= t[0]]
    if not pairs:
        return 0.0
    rows = np.zeros((len(give) + len(take), len(pairs)))
    for column, (i, j) in enumerate(pairs):
        rows[i, column] = rows[len(give) + j, column] = 1.0
    most = [amount for _, amount in give] + [amount for _, amount in take]
    return float(-linprog(-np.ones(len(pairs)), A_ub=rows, b_ub=most, method="highs").fun)


def test_the_four_streams_of_kemp() -> None:
    """*Proves:* 20 kW hot and 60 kW cold utility, the pinch at 85 °C (90 hot, 80 cold), 450 kW
    recovered. *A wrong answer would be:* 0 and 40 (a balance without temperatures).
    """
    found = cascade(KEMP)
    assert found.hot_utility == pytest.approx(20.0)
    assert found.cold_utility == pytest.approx(60.0)
    assert found.pinches == pytest.approx([85.0])
    assert found.recovered == pytest.approx(450.0)
    assert list(found.temperature) == [165.0, 145.0, 140.0, 85.0, 55.0, 25.0]
    assert found.heat == pytest.approx([20.0, 80.0, 82.5, 0.0, 75.0, 60.0])


def test_the_problem_4sp1() -> None:
    """*Proves:* the literature's 4SP1 at 10 K needs 127.7 kW of steam and 250.2 kW of water, pinch
    at 244 °C (249 hot). *A wrong answer would be:* utilities whose difference is not the 122.5 kW
    by which the hot streams exceed the cold ones.
    """
    found = cascade(FOUR_SP1)
    assert float(found.cold_utility - found.hot_utility) == pytest.approx(122.5)
    assert found.pinches == pytest.approx([244.0])
    # Above the pinch only the second stream is heated, from 239 to 260 °C.
    assert found.hot_utility == pytest.approx(875.5 * (260 - 239) / (260 - 116))
    assert found.recovered == pytest.approx(assigned(FOUR_SP1))


@pytest.mark.parametrize("streams", [KEMP, FOUR_SP1])
def test_assignment_agrees(streams: Streams) -> None:
    """*Proves:* the cascade's target is what an assignment of slices to slices reaches."""
    assert cascade(streams).recovered == pytest.approx(assigned(streams))


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.sampled_from([0.0, 5.0, 20.0]))
def test_random_streams_against_the_assignment(seed: int, count: int, approach: float) -> None:
    """*Proves:* of any streams, the cascade and the assignment recover the same, and energy is
    kept: hot + hot utility = cold + cold utility. *A wrong answer would be:* heat that flows up.
    """
    chance = np.random.default_rng(seed)
    ends = chance.choice(np.arange(20.0, 400.0, 10.0), size=(count, 2), replace=True)
    ends[:, 1] += np.where(ends[:, 0] == ends[:, 1], 10.0, 0.0)
    streams = Streams(ends[:, 0], ends[:, 1], chance.uniform(10.0, 500.0, count), approach)
    found = cascade(streams)
    assert found.recovered == pytest.approx(assigned(streams), abs=1e-6)
    signed = float(streams.duty @ streams.hot)
    assert float(found.cold_utility - found.hot_utility) == pytest.approx(signed)
    assert found.heat.min() >= -1e-9


def test_streams_that_come_and_go() -> None:
    """*Proves:* periods are worked out together as each by itself. *A wrong answer would be:* heat
    of one period that warms another.
    """
    presence: Floats = np.array([[1.0, 1, 1, 1], [1, 0, 1, 1], [0.5, 1, 0, 1]])
    together = cascade(Streams(KEMP.start, KEMP.end, KEMP.duty * presence))
    for place, here in enumerate(presence):
        alone = cascade(Streams(KEMP.start, KEMP.end, KEMP.duty * here))
        assert together.heat[place] == pytest.approx(alone.heat)
    with pytest.raises(ValueError, match="vary in time"):
        _ = together.pinches


def test_a_threshold_problem_has_no_pinch() -> None:
    """*Proves:* where hot streams cover all that is cold, no hot utility and no pinch. *A wrong
    answer would be:* the hot end named as a pinch.
    """
    found = cascade(Streams(np.array([200.0, 20.0]), np.array([100.0, 60.0]), np.array([9.0, 4.0])))
    assert found.hot_utility == 0.0
    assert found.cold_utility == pytest.approx(5.0)
    assert found.pinches == []
