"""Timetables: events of a week on any axis, none lost and none made."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assets.small import axis
from zeroplant.transport.timetable import Timetable


def test_a_weekly_ship_is_in_port_when_it_should_be() -> None:
    """*Proves:* one ship, leaving Monday at 6 and back 30 h later, is at the crane Tuesday from 12
    to 14:30. 2025-01-06 is a Monday. *A wrong answer would be:* the hours of UTC, eight earlier."""
    busy = Timetable(1, 6.0).busy(axis(168, start="2025-01-06"), 30.0, 2.5)
    right = np.zeros(168)
    right[36:39] = [1.0, 1.0, 0.5]
    assert busy == pytest.approx(right)


def test_what_began_last_week_goes_on() -> None:
    """*Proves:* a ship that leaves on Sunday at 23 and comes back after 20 h is there on Monday at
    19, also in the first week."""
    busy = Timetable(1, 167.0).busy(axis(48, start="2025-01-06"), 20.0, 1.0)
    assert np.flatnonzero(busy).tolist() == [19]


@given(
    per_week=st.floats(0.3, 30.0),
    after=st.floats(0.0, 400.0),
    hours=st.floats(0.05, 200.0),
    step=st.sampled_from([0.25, 1.0, 2.0, 3.0]),
)
def test_nothing_is_lost(per_week: float, after: float, hours: float, step: float) -> None:
    """*Proves:* over a week the hours under way add up to events times their length."""
    busy = Timetable(per_week, 5.0).busy(axis(round(168 / step), step), after, hours)
    assert busy.sum() * step == pytest.approx(per_week * hours)
