"""What equal units can take together, against running them one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroplant.assets.parts.units import forbidden


def test_one_unit_and_two() -> None:
    assert forbidden(1, []) == []
    assert forbidden(3, []) == []
    assert forbidden(1, [(0.4, 0.6)]) == [(0.4, 0.6)]
    # One takes up to 0.2 and from 0.3 to 0.5 of both; two up to 0.4, and from 0.6 on.
    assert forbidden(2, [(0.4, 0.6)]) == [pytest.approx((0.5, 0.6))]


@given(
    st.integers(1, 5),
    st.lists(st.floats(0.0, 0.99), min_size=2, max_size=4, unique=True).map(sorted),
    st.floats(0.0, 1.0),
)
def test_what_is_forbidden_is_what_no_number_of_units_can_take(
    units: int, ends: list[float], part: float
) -> None:
    zones = list(zip(ends[::2], ends[1::2], strict=False))
    inside = any(low < part < high for low, high in forbidden(units, zones))
    each = part * units / np.arange(1, units + 1)
    taken = [e <= 1.0 and not any(low < e < high for low, high in zones) for e in each]
    near = [abs(e - end) < 1e-9 for e in each for end in (1.0, *ends)]
    assert any(near) or inside != any(taken)
