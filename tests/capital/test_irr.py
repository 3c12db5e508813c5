"""The rate of return: against another library, and where it has none or several."""

from __future__ import annotations

import numpy as np
import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroplant.capital import irr, npv


@given(
    st.floats(10, 1e9),
    st.lists(st.floats(0.01, 0.5), min_size=5, max_size=40),
)
def test_against_numpy_financial(cost: float, income: list[float]) -> None:
    """Proves the root finder on plain investments, gains and losses alike."""
    flows = np.array([-cost, *(share * cost for share in income)])
    ours = irr(flows[None, :])
    assert ours.count[0] == 1
    assert ours.rate[0] == pytest.approx(numpy_financial.irr(flows), rel=1e-7, abs=1e-9)
    assert abs(npv(flows, ours.rate)[0]) <= 1e-9 * np.abs(flows).max()


def test_no_change_of_sign_has_no_rate() -> None:
    """Money only in, only out, or none at all: nan, and a count of 0."""
    got = irr(np.array([[100.0, 50.0, 60.0], [-100.0, -1.0, -1.0], [0.0, 0.0, 0.0]]))
    assert np.isnan(got.rate).all()
    assert got.count.tolist() == [0, 0, 0]


def test_two_rates_are_counted_and_the_near_one_given() -> None:
    """-100, 230, -132 is -100 (1 - 1.1 v)(1 - 1.2 v): 10 % and 20 %; near 8 % it is 10 %."""
    flows = np.array([[-100.0, 230.0, -132.0], [-100.0, 110.0, 0.0]])
    got = irr(flows, near=0.08)
    assert got.count.tolist() == [2, 1]
    np.testing.assert_allclose(got.rate, [0.1, 0.1], rtol=1e-9)
    np.testing.assert_allclose(irr(flows, near=0.3).rate, [0.2, 0.1], rtol=1e-9)


def test_flows_that_never_pay() -> None:
    """-100, 150, -100: the value is below zero at every rate; nan though the sign changes twice."""
    got = irr(np.array([[-100.0, 150.0, -100.0]]))
    assert got.count.tolist() == [0]
    assert np.isnan(got.rate[0])


def test_far_rates() -> None:
    """1 in, 1 000 back after a year is 99 900 %; 1 000 in, 1 back is -99.9 % and at the edge."""
    got = irr(np.array([[-1.0, 1000.0], [-1000.0, 2.0]]))
    np.testing.assert_allclose(got.rate, [999.0, -0.998], rtol=1e-9)
