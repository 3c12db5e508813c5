"""Tanks of water: what they hold and what they lose through their walls."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats

WATER_HEAT = 1.163e-3
"""MWh per m³ and K: 1,000 kg/m³ · 4.187 kJ/(kg·K)."""


def energy_per_volume(hot: float, cold: float) -> float:
    """MWh that a m³ of water holds between two temperatures in °C: 40 K are 46.5 kWh."""
    return WATER_HEAT * (hot - cold)


def loss_rate(
    conductance: float, hot: float, cold: float, around: Floats | float, *, chilled: bool = False
) -> Floats:
    """Share of the level that a tank loses per hour, one value for each temperature around it.

    ``conductance`` is U·A/V in W/(m³·K). A full tank of hot water stands at ``hot``, one of
    chilled water at ``cold``; it loses U·A times its difference to ``around``, in °C, and nothing
    where the difference is the other way round. In proportion to its level, the rate is that loss
    over the energy of a full tank.
    """
    air = np.asarray(around, dtype=float)
    difference = np.maximum(air - cold if chilled else hot - air, 0.0)
    return np.asarray(conductance * 1e-6 * difference / energy_per_volume(hot, cold))
