"""What a ship needs: power by speed through the water, energy by distance over ground.

Speeds are in m/s, power in MW, distances in km, displacement in t. A current is positive where it
carries the ship along, so that ground speed = water speed + current.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats
from zeroplant.units.fuels import MARINE

KNOT = 1852.0 / 3600.0
"""m/s of a knot."""
KMH = 1.0 / 3.6
"""m/s of a km/h."""
ADMIRALTY = 500.0
"""Admiralty coefficient in kW, t and kn: 400…600 (domain page 2e). Loaded ships in shallow rivers
come out lower."""


@dataclass(frozen=True)
class Propulsion:
    """Electric power of a ship: ``coefficient·v³/drive + hotel``, with v the water speed.

    ``coefficient`` is MW at the shaft per (m/s)³, ``drive`` the efficiency from the boxes to the
    shaft (0.90), ``hotel`` the MW that the ship takes at any speed (inland 0.05…0.2). The cube
    holds near the speed to which a ship was calibrated; close to the hull's own speed resistance
    rises faster.
    """

    coefficient: float
    drive: float = 0.90
    hotel: float = 0.10

    def __post_init__(self) -> None:
        """Check that it takes power to move."""
        if not (self.coefficient > 0 and 0 < self.drive <= 1 and self.hotel >= 0):
            message = "a ship needs a coefficient above 0, a drive efficiency and a hotel load"
            raise ValueError(message)

    @classmethod
    def admiralty(
        cls,
        displacement: float,
        constant: float = ADMIRALTY,
        *,
        drive: float = 0.90,
        hotel: float = 0.10,
    ) -> Propulsion:
        """From the Admiralty formula ``P = Δ^(2/3)·v³/C`` in kW, t and kn (domain page 2e)."""
        shaft = displacement ** (2 / 3) / constant / 1000.0
        return cls(shaft / KNOT**3, drive, hotel)

    @classmethod
    def calibrated(
        cls,
        speed: float,
        per_km: float,
        current: float = 0.0,
        *,
        drive: float = 0.90,
        hotel: float = 0.10,
    ) -> Propulsion:
        """So that ``per_km`` MWh drive it a km over ground at water ``speed`` in a ``current``.

        Raises ValueError where the hotel load alone takes as much.
        """
        moving = per_km * (speed + current) * 3.6 - hotel
        if moving <= 0:
            message = "the hotel load alone takes more than this energy per km"
            raise ValueError(message)
        return cls(moving * drive / speed**3, drive, hotel)

    def shaft(self, speed: ArrayLike) -> Floats:
        """Power at the shaft [MW] at a water speed."""
        return np.asarray(self.coefficient * np.maximum(np.asarray(speed, dtype=float), 0.0) ** 3)

    def power(self, speed: ArrayLike) -> Floats:
        """Electric power [MW] at a water speed, hotel load included."""
        return self.shaft(speed) / self.drive + self.hotel

    def per_km(self, speed: ArrayLike, current: ArrayLike = 0.0) -> Floats:
        """Electricity [MWh] per km over ground; infinite where the ship makes no way."""
        ground = np.asarray(speed, dtype=float) + np.asarray(current, dtype=float)
        hours = np.divide(1.0, 3.6 * ground, out=np.full_like(ground, np.inf), where=ground > 0)
        return np.asarray(self.power(speed) * hours)

    def over(self, km: ArrayLike, hours: ArrayLike, current: ArrayLike = 0.0) -> Floats:
        """Electricity [MWh] of a leg of ``km`` that takes ``hours``.

        Convex in the hours: ``h·P(s/h − c)`` is the perspective of the convex power curve.
        """
        hours = np.asarray(hours, dtype=float)
        speed = np.asarray(km, dtype=float) / hours / 3.6 - np.asarray(current, dtype=float)
        return np.asarray(hours * self.power(speed))

    def best_speed(self, current: ArrayLike = 0.0) -> Floats:
        """Water speed [m/s] that needs least energy per km over ground.

        Where d/dv of ``(k·v³ + h)/(v + c)`` is nothing: ``2k·v³ + 3k·c·v² = h`` with
        ``k = coefficient/drive``. Without hotel load that is 1.5 times an opposing current and, in
        still water, no speed at all. It has one positive root, found by bisection.
        """
        current = np.asarray(current, dtype=float)
        cube = self.hotel * self.drive / self.coefficient
        low, high = np.zeros_like(current), np.maximum(-1.5 * current, 0.0) + np.cbrt(cube) + 1e-9
        low = np.maximum(low, -current)  # below that it makes no way, or the slope is downward
        for _ in range(60):
            middle = (low + high) / 2
            beyond = 2 * middle**3 + 3 * current * middle**2 > cube
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
        return np.asarray((low + high) / 2)


@dataclass(frozen=True)
class DieselShip:
    """What the same ship would burn: fuel per MWh at the shaft and per MWh of hotel load.

    ``main`` and ``auxiliary`` are t of fuel per MWh: 0.175…0.20 for medium-speed main engines,
    0.20…0.23 for generator sets. ``carbon`` is tCO2 per t of fuel: 3.19 of marine
    gas oil (`zeroplant.units.fuels`).
    """

    main: float = 0.175
    auxiliary: float = 0.21
    carbon: float = round(MARINE.carbon, 2)

    def fuel(self, propulsion: Propulsion, energy: float, hours: float) -> float:
        """Fuel [t] of what an electric ship does with ``energy`` MWh in ``hours``."""
        hotel = propulsion.hotel * hours
        return (energy - hotel) * propulsion.drive * self.main + hotel * self.auxiliary
