"""A room as one resistance and one capacity (1R1C), for many homes and periods at once.

    T[t+1] = a·T[t] + (1 − a)·(outdoor[t] + R·heat[t]),    a = exp(−h / (R·C))

is the exact answer of ``C dT/dt = (outdoor − T)/R + heat`` over ``h`` hours in which the weather
and the heat (gains, sun through the windows, heating; cooling is negative) stay as they are.
An air-conditioner of power P and coefficient of performance COP brings ∓COP·P of heat. The
equation is that of the equivalent thermal parameter model; for rooms of split air-conditioners
R is 7…12 K/kW and C 0.10…0.30 kWh/K, so that R·C is 0.7…3.6 h. Whatever unit of power is
chosen, R is kelvin per that unit and C that unit times hours per kelvin.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats


def kept(resistance: ArrayLike, capacity: ArrayLike, hours: float) -> Floats:
    """Share ``a`` of a temperature difference that is left after ``hours``; any shape."""
    constant = np.asarray(resistance, dtype=float) * np.asarray(capacity, dtype=float)
    return np.asarray(np.exp(-hours / constant), dtype=float)


def temperatures(
    start: ArrayLike,
    outdoor: ArrayLike,
    heat: ArrayLike,
    *,
    resistance: ArrayLike,
    capacity: ArrayLike,
    hours: float = 1.0,
) -> Floats:
    """Temperatures [°C] at the end of each period, shape (homes, periods).

    ``start`` (homes,) is the temperature before the first period, ``outdoor`` (periods,) or
    (homes, periods) [°C], ``heat`` (homes, periods) everything that warms the room.
    ``resistance`` and ``capacity`` (homes,).
    """
    from zeroplant.homes.recursion import first_order

    warmth = np.atleast_2d(np.asarray(heat, dtype=float))
    homes = len(warmth)
    r, c, first = (
        np.broadcast_to(np.asarray(each, dtype=float), homes)
        for each in (resistance, capacity, start)
    )
    a = kept(r, c, hours)
    drive = (1.0 - a)[:, None] * (np.asarray(outdoor, dtype=float) + r[:, None] * warmth)
    found: Floats = first_order(a, np.ascontiguousarray(first), np.ascontiguousarray(drive))
    return found


def performance(rated: ArrayLike, outdoor: ArrayLike, *, heating: bool = False) -> Floats:
    """Coefficient of performance at an outdoor temperature [°C]; the two broadcast.

    ``rated`` holds at 35 °C outdoors for cooling and at 7 °C for heating, the rating points of
    room air-conditioners (GB/T 7725). It falls by 2 % per kelvin that is harder (typical, medium
    to high confidence) and never below half or above one and a half times the rating.
    """
    air = np.asarray(outdoor, dtype=float)
    factor = 1.0 + 0.02 * (air - 7.0) if heating else 1.0 - 0.02 * (air - 35.0)
    return np.asarray(rated, dtype=float) * np.clip(factor, 0.5, 1.5)
