"""What a plant's operator may set of its controller; every default with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace

CYCLES = 4.0
"""Cycles that a set-point outlasts: it is renewed after two, and once more if that is lost."""


@dataclass(frozen=True)
class Settings:
    """Seconds, and shares of a device's rating.

    ``validity`` is how long a set-point holds in a device before it falls back by itself (OpenEMS:
    60 s); it is renewed at half of that. ``stale`` is the age after which a value no longer counts
    as measured. ``deadband`` is the change of a set-point that is not worth a write. ``settle`` is
    how long a device may take to follow, ``off`` by how much it may stay away from its set-point,
    ``frozen`` how long a power may stay the same to the last digit while a balance that it is part
    of does not close. A device that does not follow is probed again after ``probe`` seconds, then
    after twice as long each time, up to ``probe_most``. ``trim`` is the part of a lasting error of
    tracking that is added in each cycle.
    ``fail_safe_export`` is the most the plant may export in MW, before it is told anything.
    ``meter_off`` is the part of a node's ratings by which its meters may disagree.
    """

    validity: float = 60.0
    stale: float = 60.0
    deadband: float = 0.005
    settle: float = 24.0
    off: float = 0.05
    frozen: float = 60.0
    probe: float = 30.0
    probe_most: float = 600.0
    trim: float = 0.05
    fail_safe_export: float = 0.0
    meter_off: float = 0.03

    def every(self, cycle: float) -> Settings:
        """For a decision every so many seconds: no set-point lapses between two of them."""
        return replace(self, validity=max(self.validity, CYCLES * cycle))
