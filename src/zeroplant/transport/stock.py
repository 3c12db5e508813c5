"""How many packs a station needs in hand, and how long they take to be full again."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats


def charging_hours(energy: float, share: ArrayLike, power: float, efficiency: float) -> Floats:
    """Hours to charge ``share`` of a pack of ``energy`` MWh at ``power`` MW: ΔSoC·E / (P·η).

    Domain page §2c; 282 kWh, 0.7, 280 kW and η = 0.95 give 0.742 h.
    """
    return np.asarray(share) * energy / (power * efficiency)


def spare_stock(arrivals: ArrayLike, level: float) -> Floats:
    """Packs to hold beyond the ``arrivals`` expected while one is charged, any shape.

    Trucks come by chance (Poisson). However long charging takes, the packs that are not full are
    those that were returned in the last charging time: by Palm's theorem a Poisson number with
    that mean, and so many does a truck find that comes. There is a full pack for it if the stock
    is more: one more than the quantile ``level`` of that number, of which the spare is what lies
    beyond the mean.
    """
    from scipy.stats import poisson

    mean = np.asarray(arrivals, dtype=float)
    quantile = poisson.ppf(level, np.maximum(mean, 1e-12)) + 1.0
    return np.where(mean > 0, np.maximum(quantile - mean, 0.0), 0.0)
