"""What machines burn: usual efficiencies by fuel, and the energy of carriers that are weighed."""

from __future__ import annotations

from zeroplant.units.fuels import HYDROGEN_LHV

BOILER_EFFICIENCY = {
    "electricity": 0.985,
    "gas": 0.93,
    "diesel": 0.90,
    "hydrogen": 0.92,
    "biomass": 0.86,
    "coal": 0.84,
}
"""Of boilers by what they take: electrode 0.98…0.99 and gas 0.92…0.95 from the domain page (2f);
the others are usual values of good industrial boilers."""


def per_mwh(carrier: str) -> float:
    """How much of a fuel, in the unit of its nodes, is a MWh: 1, but 30 kg of hydrogen."""
    return 1.0 / HYDROGEN_LHV if carrier == "hydrogen" else 1.0
