"""What connections carried too much is given back, and no more."""

from __future__ import annotations

import numpy as np
import pytest

from zeroplant.operate.owing import BACK, COUNTS, MOST, Owing

CONNECTION = np.array([[-60.0, 100.0]])


def test_the_mean_of_a_minute_comes_back_within_the_connection() -> None:
    """Five cycles at 103 % of an export, then as aimed for: the minute's mean is within it."""
    owing, carried = Owing(CONNECTION), []
    aim = 99.0
    for cycle in range(15):
        exchange = 103.0 if cycle < 5 else aim
        carried.append(exchange)
        aim = 99.0 - owing.less(np.array([exchange]), 4.0)[0, 1]
    assert np.mean(carried) < 100.0
    assert np.mean([103.0] * 5 + [99.0] * 10) > 100.0  # what it would have been


def test_what_is_given_back_ends_and_has_a_most() -> None:
    owing = Owing(CONNECTION)
    for _ in range(20):
        less = owing.less(np.array([150.0]), 4.0)
    assert less[0, 1] == pytest.approx(MOST * 100.0)
    assert less[0, 0] == 0.0
    for _ in range(20):
        less = owing.less(np.array([96.0]), 4.0)
    assert less[0, 1] == 0.0


def test_an_import_is_owed_on_its_own_side() -> None:
    owing = Owing(CONNECTION)
    less = owing.less(np.array([-61.0]), 4.0)
    assert less[0, 0] == pytest.approx(-4.0 * (61.0 - COUNTS * 60.0) / BACK)
    assert less[0, 1] == 0.0


def test_a_connection_without_limit_owes_nothing() -> None:
    owing = Owing(np.array([[-np.inf, np.inf]]))
    np.testing.assert_array_equal(owing.less(np.array([1e5]), 4.0), 0.0)
