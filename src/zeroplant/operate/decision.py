"""Decision: what one cycle has decided, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from zeroplant.axis import Floats
from zeroplant.operate.alarms import AlarmChange
from zeroplant.operate.image import Codes
from zeroplant.operate.known import Known
from zeroplant.operate.points import BoolArray


class Reason(IntEnum):
    """Why a set-point is what it is."""

    NONE = 0
    SCHEDULE = 1
    """Its rest: what the schedule says, or what is possible."""
    MERIT = 2
    """Called on to bring a balance to its target."""
    ORDER = 3
    """Somebody ordered this device, or the plant."""
    FAIL_SAFE = 4
    NOT_FOLLOWING = 5
    """It does not do what it is told, and is told its rest."""
    GUARD = 6
    """The guard has changed it."""


@dataclass(frozen=True)
class Decision:
    """What one cycle has decided, in the order of the points.

    ``setpoints`` are the standing wishes (nan: none; of a generator a limit), ``write`` marks those
    that are worth writing now, ``until`` is when they lapse. ``reason`` has codes of `Reason`,
    ``clip`` of `Clip`. ``target`` is the net export wanted, ``achievable`` what is aimed at,
    ``exchange`` what the meters say. ``source`` names whose word the target is. ``short`` is for
    how many seconds target and achievable have been apart by more than 2 % of the connections.
    """

    at: datetime
    setpoints: Floats
    write: BoolArray
    until: datetime
    reason: Codes
    clip: Codes
    alarms: tuple[AlarmChange, ...]
    target: float
    achievable: float
    exchange: float
    source: str
    known: Known
    short: float = 0.0
