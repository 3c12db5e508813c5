"""What a heavy truck draws from its battery, and what it would burn as a diesel.

The road-load equation of domain page §2c: with mass m, grade θ, speed v and air density ρ,

    E per km = [m g (C_rr cos θ + sin θ) + ½ ρ C_dA v²] / (3 600 η) + P_aux / v   [kWh, N, kW, km/h]

and on the way down, where the bracket is negative, that force times ``regeneration`` goes back.
With the page's figures (C_rr 0.006, C_dA 6.5 m², η 0.88, P_aux 3 kW) and air at 20 °C and sea
level (1.2 kg/m³) a truck of 18, 30 or 49 t takes 0.84, 1.07 or 1.42 kWh/km at 70 km/h on the
flat, and one of 49 t on +0.5 % takes 2.18.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats
from zeroplant.units.fuels import DIESEL_DENSITY, FUELS

GRAVITY = 9.81
AIR = 1.2
"""Density of air at sea level and 20 °C [kg/m³]."""
JOULES = 3.6e9
"""Joules in a MWh."""
MILD, COLD, COLD_GAIN = 15.0, -10.0, 0.20
"""At -10 °C a truck takes 15…25 % more than in mild weather (domain page §2c)."""
DIESEL_EFFICIENCY = 0.33
"""Tank to wheel on the motorway; gives the 36…40 l/100 km of domain page §2c for 49 t."""
DIESEL_ENERGY = FUELS["diesel"].heating_value * DIESEL_DENSITY / 1000
"""MWh in a litre of diesel; figures from `zeroplant.units.fuels`."""
DIESEL_CARBON = FUELS["diesel"].carbon * DIESEL_DENSITY / 1000
"""tCO2 per litre burnt."""


@dataclass(frozen=True)
class Truck:
    """What decides the consumption of a truck beside its mass.

    ``rolling`` and ``drag`` [m²] resist, ``efficiency`` is battery to wheel and ``regeneration``
    wheel to battery; ``auxiliary`` and ``motor`` are powers [MW], the latter at the wheels.
    """

    rolling: float = 0.006
    drag: float = 6.5
    efficiency: float = 0.88
    regeneration: float = 0.65
    auxiliary: float = 0.003
    motor: float = 0.36


@dataclass(frozen=True)
class Drive:
    """Driven pieces of road: arrays of one shape.

    ``drawn`` from and ``recovered`` into the battery [MWh], ``hours`` on the way, ``wheel`` the
    energy at the wheels where it is positive [MWh], which is what a diesel burns fuel for.
    """

    drawn: Floats
    recovered: Floats
    hours: Floats
    wheel: Floats


def drive(
    truck: Truck,
    mass: ArrayLike,
    length: ArrayLike,
    *,
    grade: ArrayLike = 0.0,
    speed: ArrayLike,
    altitude: ArrayLike = 0.0,
) -> Drive:
    """Drive pieces of road at constant speed; all arrays broadcast against each other.

    ``mass`` in t, ``length`` along the road and ``altitude`` in m, ``grade`` is rise per level
    metre, ``speed`` in m/s. Where the climb asks for more than the motor has, the truck slows
    down to what it can hold; braking beyond the motor's power goes into the brakes.
    """
    mass, length, grade, speed, altitude = np.broadcast_arrays(
        *(np.asarray(each, dtype=float) for each in (mass, length, grade, speed, altitude))
    )
    slope = 1000.0 * mass * GRAVITY * (truck.rolling + grade) / np.sqrt(1.0 + grade**2)
    drag = 0.5 * air_density(altitude) * truck.drag
    motor = 1e6 * truck.motor
    held = _climbing(slope, drag, speed, motor)
    force = slope + drag * held**2
    hours = length / held / 3600.0
    wheel = np.maximum(force, 0.0) * length / JOULES
    braked = np.minimum(np.maximum(-force, 0.0), motor / held) * length / JOULES
    drawn = wheel / truck.efficiency + truck.auxiliary * hours
    return Drive(drawn, truck.regeneration * braked, hours, wheel)


def air_density(altitude: ArrayLike) -> Floats:
    """Density of air [kg/m³] by altitude [m]: that of the ISO 2533 atmosphere, from 20 °C."""
    return np.asarray(AIR * (1.0 - 2.25577e-5 * np.asarray(altitude)) ** 4.2559)


def winter(temperature: ArrayLike) -> Floats:
    """How many times the energy of mild weather a truck draws at an air temperature [°C].

    1 from 15 °C upward, rising in a straight line to 1.2 at -10 °C and on below: heating, denser
    air, stiff tyres and cold cells together (domain page §2c: 15…25 % more at -10 °C).
    """
    below = np.maximum(MILD - np.asarray(temperature, dtype=float), 0.0)
    return 1.0 + COLD_GAIN * below / (MILD - COLD)


def litres(truck: Truck, driven: Drive) -> Floats:
    """Diesel burnt on the same road, in litres: no fuel downhill, nothing recovered."""
    needed = driven.wheel + truck.auxiliary * driven.hours
    return needed / (DIESEL_EFFICIENCY * DIESEL_ENERGY)


def _climbing(slope: Floats, drag: Floats, speed: Floats, motor: float) -> Floats:
    """The greatest speed up to ``speed`` at which (slope + drag·v²)·v is no more than the motor.

    The power rises with v wherever it is positive, so halving the interval finds it.
    """
    if not np.any((slope + drag * speed**2) * speed > motor):
        return speed
    low, high = np.zeros_like(speed), speed.copy()
    for _ in range(50):
        middle = (low + high) / 2
        enough = (slope + drag * middle**2) * middle <= motor
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return np.where((slope + drag * speed**2) * speed <= motor, speed, low)
