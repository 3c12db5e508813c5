"""Many devices together: a shared price, limits of groups within groups, and promises."""

from zeroplant.solve.fleet.joint.commitments import (
    Headroom,
    headroom,
    with_headroom,
    within_band,
)
from zeroplant.solve.fleet.joint.coordinate import Coordination, coordinate, uncoordinated
from zeroplant.solve.fleet.joint.limits import Unmet
from zeroplant.solve.fleet.joint.shared import Shared
from zeroplant.solve.fleet.joint.tree import Groups

__all__ = [
    "Coordination",
    "Groups",
    "Headroom",
    "Shared",
    "Unmet",
    "coordinate",
    "headroom",
    "uncoordinated",
    "with_headroom",
    "within_band",
]
