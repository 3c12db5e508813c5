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


@pytest.mark.parametrize(
    ("baseline", "metered", "valid", "what"),
    [
        (15.0, 15.0, 1.0, "nothing was needed"),
        (30.0, 15.0, 1.0, "kept with room"),
        (30.0, 20.0, 1.0, "kept to the point"),
        (30.0, 20.5, 1.0, "kept but for what control leaves"),
        (30.0, 21.0, 0.0, "missed by a little, though 90 % of what was asked came"),
        (30.0, 25.0, 0.0, "broken"),
        (15.0, 25.0, 0.0, "broken where nothing was needed"),
        (30.0, np.nan, 0.0, "nobody knows"),
    ],
)
def test_a_limit_is_kept_by_who_stays_within(
    baseline: float, metered: float, valid: float, what: str
) -> None:
    """At most 20 MW of consumption; and at least -20 MW, all signs the other way round."""
    award = np.array([max(baseline - 20.0, 0.0)])
    for sign, direction in ((1.0, "reduce"), (-1.0, "raise")):
        given = (np.array([sign * each]) for each in (baseline, metered))
        found = evaluate(*given, award, 0.25, direction=direction, limit=np.array([sign * 20.0]))
        assert found.valid_share == valid, what


def test_steps_without_an_award_are_not_judged() -> None:
    """A target that is met anyway asks nothing; where it never asks, there is nothing to tell."""
    full = np.full(4, 50.0)
    found = evaluate(full, full - 10.0, np.array([10.0, 0.0, 10.0, 0.0]), 0.25)
    assert found.valid_share == 1.0
    assert np.isnan(evaluate(full, full, np.zeros(4), 0.25).valid_share)


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
