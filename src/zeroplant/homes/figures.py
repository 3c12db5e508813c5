"""Figures of homes: within which bounds each can lie, and its column in a table of homes.

A plant file and a table say the same of a home, so both are held to the same bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.errors import Problem
from zeroplant.units import Quantity
from zeroplant.units.text import LARGEST

RATING = Quantity("MW", gt=0)
CONTENT = Quantity("MWh", gt=0)
COP = Quantity("1", ge=1, le=10)
"""From a plain resistance to half of Carnot's over 15 K; usual are 2.6…4.5."""
RESISTANCE = Quantity("K/MW", gt=0)
HEAT_CAPACITY = Quantity("MWh/K", gt=0)
SET_POINT = Quantity("degC", ge=-10, le=40)
BAND = Quantity("K", gt=0)
GAIN = Quantity("MW", ge=0)
APERTURE = Quantity("m2", ge=0)
HOUR_OF_DAY = Quantity("h", ge=0, le=24)


@dataclass(frozen=True)
class Figure:
    """A figure of a home, and its ``column`` in a table of homes.

    ``quantity`` says what it can be, in the inside unit; ``factor`` turns the column into that.
    """

    column: str
    quantity: Quantity
    factor: float = 1.0

    def problems(self, values: Floats, owned: NDArray[np.bool_] | bool) -> Iterator[Problem]:
        """A column's numbers beyond each bound, by the row of the first; empty cells (NaN) can be.

        Homes that have no such device (not ``owned``) may have 0 there.
        """
        inside, can = values * self.factor, self.quantity
        more, least, most = _or(can.gt, np.nan), _or(can.ge, np.nan), _or(can.le, LARGEST)
        for beyond, side, bound, instead in (
            (inside <= more, "not above", more, "more than {}"),
            (inside < least, "below", least, "{} or more"),
            (inside > most, "above", most, "{} or less"),
        ):
            rows = np.flatnonzero(beyond & (owned | (values != 0)))
            if rows.size:
                limit = f"{bound / self.factor:g}"
                what = f"column '{self.column}', row {rows[0] + 1}: {values[rows[0]]:g} is {side} "
                what += f"{limit}, the first of {rows.size}" if rows.size > 1 else limit
                yield Problem(what, instead=f"write {instead.format(limit)}")


def _or(bound: float | None, instead: float) -> float:
    return instead if bound is None else bound


FIGURES: Mapping[str, Figure] = {
    "power": Figure("ac_power_kw", RATING, 1e-3),
    "resistance": Figure("room_resistance_k_per_kw", RESISTANCE, 1e3),
    "capacity": Figure("room_capacity_kwh_per_k", HEAT_CAPACITY, 1e-3),
    "cop": Figure("ac_cop", COP),
    "heating_cop": Figure("ac_heating_cop", COP),
    "summer": Figure("summer_c", SET_POINT),
    "winter": Figure("winter_c", SET_POINT),
    "band": Figure("band_k", BAND),
    "gains": Figure("gains_kw", GAIN, 1e-3),
    "aperture": Figure("aperture_m2", APERTURE),
    "battery_energy": Figure("battery_energy_kwh", CONTENT, 1e-3),
    "battery_power": Figure("battery_power_kw", RATING, 1e-3),
    "car_energy": Figure("car_energy_kwh_per_day", CONTENT, 1e-3),
    "car_power": Figure("car_power_kw", RATING, 1e-3),
    "leaves": Figure("leaves_h", HOUR_OF_DAY),
    "returns": Figure("returns_h", HOUR_OF_DAY),
    "roof": Figure("pv_kw", RATING, 1e-3),
}
"""Every figure of a home, by the name it has in `zeroplant.homes.population`."""

JOINS = Figure("joins", Quantity("1", ge=0, le=1))
"""Whether a home may be steered."""

DEVICES: Mapping[str, tuple[str, ...]] = {
    "room": (
        "power", "resistance", "capacity", "cop", "heating_cop", "summer", "winter", "band",
        "gains", "aperture",
    ),
    "battery": ("battery_energy", "battery_power"),
    "car": ("car_energy", "car_power", "leaves", "returns"),
    "roof": ("roof",),
}  # fmt: skip
"""Figures of each device; the first says in a table whether the home has one."""
