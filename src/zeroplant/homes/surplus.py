"""Which homes feed in: those whose roofs give more than they use."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats


def surplus(roofs: Floats, output: Floats, use: Floats) -> tuple[Floats, Floats]:
    """Share of the homes that feed in, and their share of all roof power, each shape (stages,).

    ``roofs`` (homes,) are ratings [MW], 0 for homes without one; ``output`` (stages,) is what a
    MW of them gives, and ``use`` (stages,) what a home takes [MW], all homes alike.
    """
    ordered = np.sort(roofs)
    below = np.concatenate([[0.0], np.cumsum(ordered)])
    shines = output > 0
    least = np.where(shines, use / np.where(shines, output, 1.0), np.inf)
    covered = np.searchsorted(ordered, least, side="right")
    power = max(float(below[-1]), 1e-12)
    return 1.0 - covered / len(ordered), (below[-1] - below[covered]) / power
