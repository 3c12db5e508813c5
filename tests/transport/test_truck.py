"""What a truck draws: the published figures, and what physics does not allow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroplant.transport.truck import (
    DIESEL_CARBON,
    GRAVITY,
    JOULES,
    Truck,
    air_density,
    drive,
    litres,
    winter,
)

KM, CRUISE = 1000.0, 70 / 3.6
TRUCK = Truck()


@pytest.mark.parametrize(
    ("mass", "grade", "kwh"),
    [(18.0, 0.0, 0.84), (30.0, 0.0, 1.07), (49.0, 0.0, 1.42), (49.0, 0.005, 2.18)],
)
def test_published_consumption(mass: float, grade: float, kwh: float) -> None:
    """*Proves:* the figures of domain page §2c at 70 km/h, to their last digit. *A wrong answer
    would be:* 1.43 for 49 t (air of 15 °C), 1.38 (no auxiliaries), 1.25 (no losses).
    """
    drawn = 1e3 * drive(TRUCK, mass, KM, grade=grade, speed=CRUISE).drawn
    assert round(float(drawn), 2) == kwh


def test_one_kilometre_by_hand() -> None:
    """*Proves:* 49 t on the flat: rolling 49 000·9.81·0.006 = 2 884 N, air 0.6·6.5·19.44² =
    1 474.5 N, over 3.6 MJ and 0.88, and 3 kW for 1/70 h. *A wrong answer would be:* the drag of
    km/h squared.
    """
    drawn = drive(TRUCK, 49.0, KM, speed=CRUISE).drawn
    by_hand = (2884.14 + 1474.54) / 3.6e6 / 0.88 * 1000 + 3 / 70
    assert float(1e3 * drawn) == pytest.approx(by_hand, rel=1e-5)


def test_downhill_gives_back_what_gravity_leaves() -> None:
    """*Proves:* on −3 % the force is −14 413 + 2 883 + 1 475 = −10 055 N, of which 0.65 come
    back; only the auxiliaries are drawn. *A wrong answer would be:* all of it, or none.
    """
    down = drive(TRUCK, 49.0, KM, grade=-0.03, speed=CRUISE)
    slope = np.sqrt(1 + 0.03**2)
    force = 49e3 * GRAVITY * (0.03 - 0.006) / slope - 0.5 * 1.2 * 6.5 * CRUISE**2
    assert float(down.recovered) == pytest.approx(0.65 * force * KM / JOULES)
    assert float(down.drawn) == pytest.approx(0.003 * KM / CRUISE / 3600)


def test_a_steep_climb_is_as_slow_as_the_motor() -> None:
    """*Proves:* 49 t on +5 % would need 0.52 MW at the wheels at 70 km/h; with 0.36 MW it climbs
    at the speed where force times speed is 0.36 MW, and takes longer. *A wrong answer would be:*
    70 km/h uphill.
    """
    climb = drive(TRUCK, 49.0, KM, grade=0.05, speed=CRUISE)
    speed = KM / float(climb.hours) / 3600
    assert speed < 0.7 * CRUISE
    assert float(climb.wheel) * JOULES / KM * speed == pytest.approx(0.36e6, rel=1e-9)


def test_what_the_motor_cannot_brake_goes_into_the_brakes() -> None:
    """*Proves:* on −8 % no more than 0.36 MW come back. *A wrong answer would be:* 0.6 MW."""
    down = drive(TRUCK, 49.0, KM, grade=-0.08, speed=CRUISE)
    assert float(down.recovered / down.hours) == pytest.approx(0.65 * 0.36)


@given(
    mass=st.floats(8, 60),
    grade=st.floats(-0.08, 0.08),
    speed=st.floats(5, 30),
    altitude=st.floats(0, 4000),
)
def test_up_and_down_again_is_no_source(
    mass: float, grade: float, speed: float, altitude: float
) -> None:
    """*Proves:* over a hill and back to its foot a truck always draws more than it recovers, and
    never less than the resistances. *A wrong answer would be:* a perpetual motion machine.
    """
    words = {"speed": speed, "altitude": altitude}
    there = drive(TRUCK, mass, KM, grade=grade, **words)
    back = drive(TRUCK, mass, KM, grade=-grade, **words)
    net = there.drawn + back.drawn - there.recovered - back.recovered
    rolling = mass * 1e3 * GRAVITY * TRUCK.rolling / np.sqrt(1 + grade**2)
    assert net >= 2 * rolling * KM / JOULES - 1e-12
    assert min(there.recovered, back.recovered) >= 0


def test_arrays_are_driven_at_once() -> None:
    """*Proves:* masses along one axis and segments along another give the same as one by one."""
    masses, grades = np.array([18.0, 49.0]), np.array([0.05, 0.0, -0.03])
    all_ = drive(TRUCK, masses[:, None], KM, grade=grades, speed=CRUISE)
    assert all_.drawn.shape == (2, 3)
    one = drive(TRUCK, 49.0, KM, grade=0.05, speed=CRUISE)
    assert all_.drawn[1, 0] == pytest.approx(float(one.drawn))
    assert all_.hours[0, 0] < all_.hours[1, 0]


def test_winter_takes_a_fifth_more_at_ten_below() -> None:
    """*Proves:* 1.2 at −10 °C (15…25 % of domain page §2c), 1 in mild weather and in the heat."""
    assert winter([-10.0, 2.5, 15.0, 35.0]) == pytest.approx([1.2, 1.1, 1.0, 1.0])


def test_thin_air_resists_less() -> None:
    """*Proves:* at 2 000 m the standard atmosphere has 0.822 of its density at sea level (ISO
    2533: 1.0066 over 1.2250 kg/m³). *A wrong answer would be:* the ratio of pressures, 0.785.
    """
    assert float(air_density(2000.0)) == pytest.approx(1.2 * 1.0066 / 1.2250, rel=1e-3)


def test_the_same_truck_as_a_diesel() -> None:
    """*Proves:* 49 t burn 36…40 l/100 km, 0.95…1.06 kgCO2/km (domain page §2c), and nothing but
    the auxiliaries' fuel downhill. *A wrong answer would be:* fuel recovered by braking.
    """
    flat, down = (drive(TRUCK, 49.0, 100 * KM, grade=g, speed=CRUISE) for g in (0.0, -0.03))
    burnt = float(litres(TRUCK, flat))
    assert 36 <= burnt <= 40
    assert 0.95 <= 1000 * DIESEL_CARBON * burnt / 100 <= 1.06
    assert 0 < float(litres(TRUCK, down)) < 1.5
