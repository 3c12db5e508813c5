"""What a demand response came to, step by step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant.operate.response import evaluate


def test_the_band_of_80_to_120_percent() -> None:
    """Proves: 7.9 of 10 is nothing, 8 and 12 are valid, 15 is paid as 12 and not valid."""
    metered = 50 - np.array([7.9, 8.0, 12.0, 15.0, -3.0])
    found = evaluate(np.full(5, 50.0), metered, np.full(5, 10.0), 0.25)
    assert found.valid.tolist() == [False, True, True, False, False]
    assert found.paid == pytest.approx(np.array([0, 8, 12, 12, 0]) * 0.25)
    assert found.paid_energy == pytest.approx(8.0)
    assert found.valid_share == pytest.approx(0.4)


def test_raising_is_measured_upwards() -> None:
    found = evaluate(np.array([50.0]), np.array([60.0]), np.array([10.0]), 1.0, direction="raise")
    assert found.measured == pytest.approx([10.0])
    assert found.valid.all()


def test_what_was_not_metered_was_not_delivered() -> None:
    for direction in ("reduce", "raise"):
        found = evaluate(
            np.array([50.0]), np.array([np.nan]), np.array([10.0]), 1.0, direction=direction
        )  # fmt: skip
        assert found.paid_energy == 0.0
        assert not found.valid.any()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(0, 50)), min_size=1),
    st.sampled_from([0.25, 1.0]),
)
def test_paid_is_never_more_than_came_nor_than_the_rule_allows(
    steps: list[tuple[float, float, float]], hours: float
) -> None:
    baseline, metered, awarded = np.array(steps).T
    found = evaluate(baseline, metered, awarded, hours)
    assert (found.paid >= 0).all()
    assert (found.paid <= np.maximum(found.measured, 0) * hours + 1e-9).all()
    assert (found.paid <= 1.2 * awarded * hours + 1e-9).all()
    assert (found.paid[found.valid] > 0).all()
    assert (found.paid[awarded <= 1e-6] == 0).all()
