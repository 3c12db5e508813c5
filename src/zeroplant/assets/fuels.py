"""Heating values and emission factors of fuels, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FuelName = Literal["coal", "diesel", "gas"]

TCE = 29.3076 / 3.6
"""MWh in a tonne of coal equivalent (GB/T 2589: 29 307.6 kJ/kg)."""


@dataclass(frozen=True)
class Fuel:
    """A fuel that is burnt.

    ``heating_value`` is MWh per ``measure`` (t or m3) by its lower heating value, ``emission``
    tCO2 per MWh of it; ``density`` t/m3 where it is a liquid, else None.
    """

    heating_value: float
    measure: Literal["t", "m3"]
    emission: float
    density: float | None = None
    chinese: str = ""


FUELS: dict[FuelName, Fuel] = {
    "coal": Fuel(TCE, "t", 2.66 / TCE, chinese="煤"),
    "diesel": Fuel(1.4571 * TCE, "t", 3.10 / (1.4571 * TCE), density=0.84, chinese="柴油"),
    "gas": Fuel(1.33 * TCE / 1000, "m3", 2.16 / (1.33 * TCE), chinese="天然气"),
}
"""Domain page 2(f): standard coal 2.66 tCO2/tce; diesel 1.4571 kgce/kg and 3.10 tCO2/t; natural
gas 1.2143…1.33 kgce/m3 (the upper value, of oil fields, goes with 1.63 tCO2/tce) and 2.16
kgCO2/m3. Diesel weighs 0.84 t/m3 (GB 19147: 0.81…0.845). A tonne of "coal" is one of standard
coal; raw coal is given by its own heating value."""


def emission_of(carrier: str) -> float:
    """tCO2 per MWh of what a node carries, by its lower heating value; 0 for what is no fuel."""
    found = {str(name): fuel.emission for name, fuel in FUELS.items()}
    return found.get(carrier, 0.0)
