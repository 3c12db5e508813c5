"""Units of a works: part load after RETScreen, and water shared around rough zones."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant.twin.kinds.turbines import (
    BACK,
    CROSSED,
    GRID,
    HELD,
    HOLDS,
    INSIDE,
    NEVER,
    PART,
    RUNS,
    STARTED,
    STARTS,
    STAYS_ON,
    at_rest,
    clear,
    count_rough,
    good,
    part_load,
    share,
)  # fmt: skip

ROUGH = np.array([[0.4, 0.6]])
NONE = np.zeros((0, 2))
FLAT = np.ones(len(GRID))


@pytest.mark.parametrize(
    ("head", "part", "over_full"),
    [
        # Kaplan, RETScreen: 1 − 3.5·((0.75 − q)/0.75)⁶, over 0.9952 at full flow.
        (10.0, 0.75, 1.0048), (10.0, 0.3, 0.8407),
        # Francis at 100 m: best at 0.65·60^0.05 = 0.798, 3.7 % above full flow.
        (100.0, 0.80, 1.0385), (100.0, 0.3, 0.688),
    ],
)  # fmt: skip
def test_part_load(head: float, part: float, over_full: float) -> None:
    curve = part_load(head)
    assert curve[-1] == 1.0
    assert np.interp(part, GRID, curve) == pytest.approx(over_full, rel=3e-3)
    assert good(50.0 * part, 100.0, 2, curve, 1.0) == pytest.approx(over_full, rel=3e-3)


@settings(max_examples=200, deadline=None)
@given(st.floats(0.0, 120.0), st.integers(1, 5), st.floats(0.0, 1.0))
def test_no_unit_stands_in_a_rough_zone(wanted: float, units: int, before: float) -> None:
    """Never more than is wanted or can be taken, and never a part inside a zone."""
    now = at_rest(1)[0]
    now[PART] = before
    takes = share(4.0, wanted, 100.0, 100.0, units, FLAT, ROUGH, now)
    assert 0.0 <= takes <= min(wanted, 100.0) + 1e-9
    if now[RUNS] > 0.0:
        part = takes * units / (now[RUNS] * 100.0)
        assert not 0.4 + 1e-9 < part < 0.6 - 1e-9


def test_more_units_take_what_fewer_could_only_in_a_zone() -> None:
    """Of two units of 50 m³/s: 24 stays below the zone of one, 25 is stepped out of to 20 unless
    the other helps; 50 is one at full flow, 55 in two would be 0.55 each."""
    for wanted, takes, runs in ((20.0, 20.0, 1), (25.0, 25.0, 2), (50.0, 50.0, 1), (55.0, 50.0, 1),
                                (61.0, 61.0, 2)):  # fmt: skip
        now = at_rest(1)[0]
        now[PART] = 1.0
        assert share(4.0, wanted, 100.0, 100.0, 2, FLAT, ROUGH, now) == pytest.approx(takes), wanted
        assert now[RUNS] == runs, wanted


def test_a_wish_that_hovers_above_a_zone_does_not_drive_units_back_and_forth() -> None:
    assert clear(0.6 + 0.5 * BACK, ROUGH, 0.4, True) == 0.4
    assert clear(0.6 + 0.5 * BACK, ROUGH, 0.7, True) == 0.6 + 0.5 * BACK
    assert clear(0.6 + 1.5 * BACK, ROUGH, 0.4, True) == 0.6 + 1.5 * BACK
    assert clear(0.6 + 1.5 * BACK, ROUGH, 0.4, False) == 0.4
    assert clear(0.5, np.array([[NEVER, NEVER]]), 0.4, True) == 0.5
    now, parts = at_rest(1)[0], []
    for step in range(600):
        wanted = 90.0 if step % 2 else 50.0
        parts.append(share(4.0, wanted, 100.0, 100.0, 1, FLAT, ROUGH, now))
    ups = sum(after > 60.0 > before for before, after in pairwise(parts))
    assert 2 <= ups <= 600 * 4.0 / HOLDS, "a zone is not gone through with each wish"
    assert now[HELD] <= HOLDS + 8.0


def test_units_are_as_many_as_make_the_most_of_the_water() -> None:
    """Of 26 m³/s, two units of 50 at 0.26 make less than one with 20, at the end of its zone."""
    now, curve = at_rest(1)[0], part_load(100.0)
    takes = share(4.0, 26.0, 100.0, 100.0, 2, curve, ROUGH, now)
    assert (takes, now[RUNS]) == (pytest.approx(20.0), 1)
    assert 20.0 * good(20.0, 100.0, 2, curve, 1.0) > 26.0 * good(26.0, 100.0, 2, curve, 2.0)


def test_a_start_takes_its_time_and_a_unit_turns_on_for_a_while() -> None:
    now = at_rest(1)[0]
    assert share(10.0, 40.0, 100.0, 100.0, 2, FLAT, NONE, now) == 40.0
    waited = 0.0
    while share(10.0, 80.0, 100.0, 100.0, 2, FLAT, NONE, now) < 80.0:
        assert now[RUNS] == 1.0
        waited += 10.0
        assert waited < 600.0
    assert waited == pytest.approx(STARTS, abs=10.0)
    assert now[STARTED] == 1.0
    turned = 0.0
    while now[RUNS] > 1.0:
        assert share(10.0, 40.0, 100.0, 100.0, 2, FLAT, NONE, now) == 40.0
        turned += 10.0
        assert turned < 2000.0
    assert turned == pytest.approx(STAYS_ON, abs=20.0)


def test_passing_a_zone_is_counted_also_where_a_step_leaps_over_it() -> None:
    now = at_rest(1)[0]
    now[RUNS] = 1.0
    for before, after in ((10.0, 30.0), (30.0, 50.0), (50.0, 90.0), (90.0, 30.0), (30.0, 35.0)):
        count_rough(4.0, after, 100.0, 1, ROUGH, now, before)
    assert now[CROSSED] == 2.0
    assert now[INSIDE] == 4.0
