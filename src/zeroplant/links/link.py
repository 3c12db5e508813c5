"""What every device looks like from the plant: points that are read, and set-points that expire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol


class Quality(IntEnum):
    """How far a reading may be trusted; larger is worse, as the history stores it."""

    GOOD = 0
    UNCERTAIN = 1
    """Substituted, out of its range, or older than it should be."""
    BAD = 2
    """The device itself says that it does not know."""
    LOST = 3
    """Nothing came: the last value, if there is one, stands with its age. Lost is not zero."""


@dataclass(frozen=True)
class Point:
    """One quantity of a device, in inside units; its direction is in its name, never in a sign.

    ``name`` is that of the plant: the asset, a dot, and what it is (``battery.charge``).
    ``least`` and ``most`` bound what may be written to it, and what a sane reading can be.
    ``fallback`` is what the keeper writes when a set-point lapses and the device cannot let it
    lapse by itself; None where it can.
    """

    name: str
    unit: str = "MW"
    writable: bool = False
    least: float = 0.0
    most: float = float("inf")
    fallback: float | None = None


@dataclass(frozen=True)
class Reading:
    """What a device said of a point; an unknown value is nan, with quality LOST.

    ``event`` is when it held by the device's account, in UTC.
    """

    value: float
    event: datetime
    quality: Quality = Quality.GOOD


@dataclass(frozen=True)
class Setpoint:
    """A wish to a device that lapses: after ``until`` (UTC) the device falls back by itself."""

    point: str
    value: float
    until: datetime


BUSY = "busy"
"""Why a keeper has not written while a slow device is still being read."""
DEFERRED = "too soon after the last change"
"""Why a keeper has not written yet: by the write budget a new value waits, the old one holds."""


@dataclass(frozen=True)
class Acknowledgement:
    """What a device answered to a set-point. Accepted is not yet done: measurements show that."""

    point: str
    accepted: bool
    event: datetime
    reason: str = ""


class Link(Protocol):
    """One device, or one gateway with many, behind a protocol."""

    @property
    def name(self) -> str:
        """What it is called in journals and alarms."""
        ...

    @property
    def points(self) -> Mapping[str, Point]:
        """Its points, by name."""
        ...

    async def open(self) -> None:
        """Connect. Raises OSError if nobody answers."""
        ...

    async def close(self) -> None:
        """Disconnect; never raises."""
        ...

    async def read(self) -> Mapping[str, Reading]:
        """All of its points at once. Raises OSError or TimeoutError if nothing answers."""
        ...

    async def write(self, setpoints: Sequence[Setpoint]) -> list[Acknowledgement]:
        """Set some points. Raises OSError or TimeoutError if nothing answers."""
        ...
