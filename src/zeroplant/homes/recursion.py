"""Compiled walks through time that numpy cannot take in one step. Loads numba."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit


@njit(cache=True, nogil=True)
def first_order(keep: Floats, start: Floats, drive: Floats) -> Floats:
    """y[i, t] = keep[i]·y[i, t−1] + drive[i, t], with y[i, −1] = start[i]; shape of ``drive``."""
    values = np.empty_like(drive)
    for home in range(drive.shape[0]):
        level = start[home]
        for time in range(drive.shape[1]):
            level = keep[home] * level + drive[home, time]
            values[home, time] = level
    return values
