"""Pipes: how long heat is under way, and how much of it arrives."""

from __future__ import annotations

import math


def kept(length: float, losses: float) -> float:
    """Share that arrives over ``length`` [m] at a loss of ``losses`` [1/m] of what still flows.

    2 % per km over 10 km leave 0.98¹⁰ = 0.817: each kilometre loses its share of what reaches it.
    """
    return float((1.0 - losses * 1000.0) ** (length / 1000.0))


def delay_periods(length: float, velocity: float, hours: float) -> int:
    """Whole periods of ``hours`` under way over ``length`` [m] at ``velocity`` [m/s], rounded."""
    return math.floor(length / velocity / 3600.0 / hours + 0.5)
