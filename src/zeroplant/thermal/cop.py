"""Coefficients of performance of machines that lift heat from one temperature to another.

All temperatures in °C, numbers or one value per stage. The ideal machine of Carnot lifts
``T_h/(T_h − T_c)`` units of heat to ``T_h`` with one of work (absolute temperatures); a real one
reaches a share of that, its *grade*: 0.45…0.55 for industrial heat pumps (domain page, 2f).
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats

ZERO_CELSIUS = 273.15
LEAST_LIFT = 0.1
"""K; below it a machine has nothing to lift and only its highest COP counts."""

ICING_FROM, ICING_TO = -10.0, 5.0
"""°C of outdoor air between which an evaporator ices: colder air is dry, warmer melts the ice."""


def heating_cop(
    sink: Floats | float, source: Floats | float, grade: float, *, most: float = np.inf
) -> Floats:
    """Heat at ``sink`` per unit of work: grade · T_h/(T_h − T_c), from 1 to ``most``.

    80 °C from 35 °C with a grade of 0.5: 0.5 · 353.15/45 = 3.92.
    """
    hot = np.asarray(sink, dtype=float) + ZERO_CELSIUS
    lift = np.maximum(hot - (np.asarray(source, dtype=float) + ZERO_CELSIUS), LEAST_LIFT)
    return np.asarray(np.clip(grade * hot / lift, 1.0, most))


def cooling_cop(
    cold: Floats | float, sink: Floats | float, grade: float, *, most: float = np.inf
) -> Floats:
    """Heat taken at ``cold`` per unit of work: grade · T_c/(T_h − T_c), from 1 to ``most``.

    Water of 7 °C against air of 25 °C and 10 K of approach: 0.55 · 280.15/28 = 5.5.
    """
    low = np.asarray(cold, dtype=float) + ZERO_CELSIUS
    lift = np.maximum(np.asarray(sink, dtype=float) + ZERO_CELSIUS - low, LEAST_LIFT)
    return np.asarray(np.clip(grade * low / lift, 1.0, most))


def iced(air: Floats | float, loss: float) -> Floats:
    """Share of the COP that defrosting leaves: 1 − ``loss`` in air from −10 to 5 °C, else 1."""
    temperature = np.asarray(air, dtype=float)
    icing = (temperature >= ICING_FROM) & (temperature <= ICING_TO)
    return np.asarray(np.where(icing, 1.0 - loss, 1.0))
