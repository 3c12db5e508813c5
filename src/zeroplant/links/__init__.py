"""Links: one adapter per protocol behind one small interface."""

from __future__ import annotations

from zeroplant.links.clock import Clock, SystemClock
from zeroplant.links.link import Acknowledgement, Link, Point, Quality, Reading, Setpoint

__all__ = [
    "Acknowledgement",
    "Clock",
    "Link",
    "Point",
    "Quality",
    "Reading",
    "Setpoint",
    "SystemClock",
]
