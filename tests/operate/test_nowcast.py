"""Forecasts moved to what is measured now."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from tests.operate.by_hand import forecast, house
from zeroplant.operate.nowcast import LASTING, corrected

QUANTILES = np.array([2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])


def test_the_first_step_is_what_is_measured_and_what_is_off_fades() -> None:
    before = forecast(house(), "sun", QUANTILES)
    after = corrected({"sun": before}, {"sun": 6.0})["sun"]
    assert after.values[:, 0] == pytest.approx(np.full(7, 6.0))
    hour = LASTING // timedelta(minutes=15)
    median = after.values[3] - before.values[3]
    assert median[hour] == pytest.approx((6.0 - before.mean()[0]) / np.e)
    assert np.all(np.diff(median[1:]) < 0.0)


def test_no_value_leaves_what_was_held_possible_but_for_what_is_measured() -> None:
    before = forecast(house(), "sun", QUANTILES)
    for measured in (0.0, 5.0, 30.0):
        values = corrected({"sun": before}, {"sun": measured})["sun"].values
        assert values.min() >= min(2.0, measured)
        assert values.max() <= max(8.0, measured)
        assert np.all(np.diff(values, axis=0) >= 0.0)


def test_what_nobody_hears_is_left_as_it_was() -> None:
    before = {"sun": forecast(house(), "sun", QUANTILES)}
    assert corrected(before, {"sun": np.nan, "wind": 3.0}) == before
