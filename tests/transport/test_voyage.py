"""Voyages: speeds by legs within the time, boxes between ports, and what cannot be sailed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from zeroplant.errors import InputError
from zeroplant.transport.ship import KMH, Propulsion
from zeroplant.transport.voyage import Leg, RoundTrip, sail

SHIP = Propulsion.calibrated(19.4 * KMH, 0.132, hotel=0.15)
UP = Leg("home", "up", 150.0, current=-1.0)
DOWN = Leg("up", "home", 150.0, current=1.0)


def trip(*legs: Leg, **words: object) -> RoundTrip:
    """A ship of 36 boxes of 1.25 MWh that swaps at home."""
    usual = {
        "propulsion": SHIP, "legs": legs or (UP, DOWN), "slowest": 1.0, "fastest": 19.4 * KMH,
        "window": 30.0, "boxes": 36, "energy": 1.25, "swaps": frozenset({"home"}), "lift": 0.1,
    }  # fmt: skip
    return RoundTrip(**(usual | words))


def test_still_water_is_sailed_at_one_speed() -> None:
    """*Proves:* two equal legs of 100 km without current and 20 h of sailing are both sailed at
    10 km/h, and need 200 km · P(10 km/h)/10. *A wrong answer would be:* one fast and one slow leg
    (a cubic law makes that dear)."""
    legs = (Leg("home", "b", 100.0), Leg("b", "home", 100.0))
    voyage = sail(trip(*legs, window=20.0, lift=1e-9))
    assert voyage.hours == pytest.approx([10.0, 10.0], rel=0.02)
    assert voyage.energy.sum() == pytest.approx(20.0 * float(SHIP.power(10 * KMH)), rel=2e-3)


def test_with_time_to_spare_it_sails_at_the_best_speeds() -> None:
    """*Proves:* in a long window each leg is sailed at the water speed of least energy per km, up
    faster than down. *A wrong answer would be:* the slowest speed, where the hotel load is paid
    for longest."""
    voyage = sail(trip(window=1000.0))
    best = SHIP.best_speed(np.array([-1.0, 1.0]))
    assert voyage.water_speed == pytest.approx(best, rel=0.05)
    least = [float(SHIP.per_km(v, c)) * 150 for v, c in zip(best, (-1.0, 1.0), strict=True)]
    assert voyage.energy == pytest.approx(least, rel=2e-3)


@settings(max_examples=10, deadline=None)
@given(
    currents=st.tuples(*[st.floats(-1.5, 1.5)] * 3),
    km=st.tuples(*[st.floats(40.0, 200.0)] * 3),
    ease=st.floats(1.1, 2.0),
)
def test_as_a_nonlinear_solver_plans_it(
    currents: tuple[float, ...], km: tuple[float, ...], ease: float
) -> None:
    """*Proves:* the energy of three legs is within 0.3 % of what SciPy's SLSQP finds for the smooth
    problem (cubic power, one time for all), and never below it."""
    ports = ("home", "b", "c", "home")
    legs = tuple(Leg(*ports[i : i + 2], km[i], currents[i]) for i in range(3))
    plan = trip(*legs, boxes=200, lift=1e-9, handling=0.0)
    shortest, longest = plan.hours()
    window = float(ease * shortest.sum())
    voyage = sail(replace(plan, window=window))
    length, current = np.array(km), np.array(currents)
    start = np.clip(shortest * ease, shortest, longest)
    found = minimize(
        lambda t: SHIP.over(length, t, current).sum(), start,
        bounds=list(zip(shortest, longest, strict=True)), method="SLSQP",
        constraints={"type": "ineq", "fun": lambda t: window - t.sum()},
        options={"ftol": 1e-10, "maxiter": 300},
    )  # fmt: skip
    assert found.success
    assert voyage.energy.sum() <= found.fun * 1.003
    assert voyage.energy.sum() >= found.fun * (1 - 1e-6)


def test_boxes_are_whole_and_pay_for_the_energy() -> None:
    """*Proves:* on every trip the boxes exchanged bring just what was drawn, in as few boxes as
    hold it; all but the last are handed over empty. *A wrong answer would be:* 36 boxes each time,
    or a fraction of one."""
    voyage = sail(trip())
    drawn = float(voyage.energy.sum())
    assert voyage.gained.sum() == pytest.approx(drawn)
    assert voyage.exchanged.tolist() == [int(np.ceil(drawn / 1.25)), 0]
    left = voyage.left_in(0)
    assert (left[:-1] == 0.0).all()
    assert (1 - left).sum() * 1.25 == pytest.approx(drawn)
    assert voyage.takes <= 30.0 + 1e-6


def test_few_boxes_need_a_port_on_the_way() -> None:
    """*Proves:* 12 boxes do not hold a round trip of some 20 MWh; with boxes at both ends they do,
    and both are used. *A wrong answer would be:* a ship that runs dry between."""
    with pytest.raises(InputError, match=r"MWh short of a round trip.*port with boxes"):
        sail(trip(boxes=12))
    voyage = sail(trip(boxes=12, swaps=frozenset({"home", "up"})))
    assert (voyage.exchanged > 0).all()
    assert (voyage.energy <= 0.9 * 12 * 1.25 + 1e-6).all()


def test_a_window_too_short_says_how_long_it_takes() -> None:
    """*Proves:* at full speed 300 km over ground take 150/(19.4−3.6) + 150/(19.4+3.6) = 16.02
    h, and 33 boxes (41.0 MWh) 3.3 h more: the message says so."""
    with pytest.raises(InputError, match=r"at least 19\.32 h at full speed.*has 12 h"):
        sail(trip(window=12.0, boxes=40))


def test_a_current_that_no_ship_beats_is_named() -> None:
    with pytest.raises(InputError, match="does not get there"):
        sail(trip(Leg("home", "up", 10.0, current=-6.0), DOWN))


def test_speed_limits_hold_over_ground() -> None:
    """*Proves:* 12 km/h over ground downstream are kept, though the water alone runs 3.6."""
    voyage = sail(trip(UP, replace(DOWN, limit=12 * KMH), window=28.0))
    assert voyage.ground_speed[1] * 3.6 <= 12.0 + 1e-6
