"""Heating values and emission factors of fuels, each with its source: the one table of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FuelName = Literal["coal", "diesel", "gas"]

TCE = 29.3076 / 3.6
"""MWh in a tonne of coal equivalent (GB/T 2589: 29 307.6 kJ/kg)."""
HYDROGEN_LHV = 1.0 / 30.0
"""MWh per kg of hydrogen, lower heating value: 120 MJ/kg."""
HYDROGEN_HHV = 141.8 / 3600.0
"""MWh per kg of hydrogen, higher heating value: 141.8 MJ/kg, 39.4 kWh/kg. No less electricity
makes a kilogram out of water."""

DIESEL_DENSITY = 0.84
"""t/m3 (GB 19147: 0.81…0.845)."""


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

    @property
    def carbon(self) -> float:
        """tCO2 of burning one ``measure`` of it."""
        return self.emission * self.heating_value


FUELS: dict[FuelName, Fuel] = {
    "coal": Fuel(TCE, "t", 2.66 / TCE, chinese="煤"),
    "diesel": Fuel(
        1.4571 * TCE, "t", 3.10 / (1.4571 * TCE), density=DIESEL_DENSITY, chinese="柴油"
    ),
    "gas": Fuel(1.33 * TCE / 1000, "m3", 2.16 / (1.33 * TCE), chinese="天然气"),
}
"""Domain page 2(f): standard coal 2.66 tCO2/tce; diesel 1.4571 kgce/kg and 3.10 tCO2/t; natural
gas 1.2143…1.33 kgce/m3 (the upper value, of oil fields, goes with 1.63 tCO2/tce) and 2.16
kgCO2/m3. A tonne of "coal" is one of standard coal; raw coal is given by its own heating value."""

MARINE = Fuel(43.0 / 3.6, "t", 74.1 * 3.6 / 1000, chinese="船用燃油")
"""Gas oil of ships: 43.0 GJ/t and 74.1 kgCO2/GJ (IPCC 2006, volume 2, tables 1.2 and 1.4), so 3.19
tCO2/t. The published saving of an electric ship, 12.4 tCO2 for 3.9 t (domain page 2e), counts so;
the national figure of land diesel above would give 12.1."""


def emission_of(carrier: str) -> float:
    """tCO2 per MWh of what a node carries, by its lower heating value; 0 for what is no fuel."""
    found = {str(name): fuel.emission for name, fuel in FUELS.items()}
    return found.get(carrier, 0.0)
