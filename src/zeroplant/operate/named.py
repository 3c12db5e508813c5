"""Names that others use for what the plant has: a wrong one is told at the start, not passed over.

A device that is read and told, but of whose points the plant knows none, leaves the one it was
meant for without any; a command for a flow that nobody can set would be confirmed and do nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from zeroplant.errors import Problem, suggestion
from zeroplant.operate.points import Points, asset_of


def misnamed(
    points: Points, devices: Mapping[str, Iterable[str]], commands: Iterable[str]
) -> list[Problem]:
    """Devices, with the names of their points, and flows commanded that the plant does not have."""
    assets = sorted({asset_of(name) for name in points.names})
    settable = [points.names[place] for place in np.flatnonzero(points.writable)]
    found = [
        Problem(f"the plant has nothing that device '{name}' serves",
                instead=suggestion(name, assets))
        for name, served in devices.items() if not any(each in points.index for each in served)
    ]  # fmt: skip
    return found + [
        Problem(f"the plant has no flow '{name}' that can be set",
                instead=suggestion(name, settable))
        for name in commands if name not in settable
    ]  # fmt: skip
