"""Alarms of many points by name, and as one where there are too many of a kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zeroplant.operate.points import BoolArray

MANY = 20
"""Alarms of one kind beyond which they are told as one: nobody reads ten thousand lines."""


class Listing:
    """Conditions by name, worked out anew only when the points concerned have changed."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[bytes, tuple[tuple[str, str], ...]]] = {}

    def of(self, code: str, mask: BoolArray, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Alarms of one kind for the points that ``mask`` names."""
        if not mask.any():
            return ()
        seen = mask.tobytes()
        if code not in self._found or self._found[code][0] != seen:
            places = np.flatnonzero(mask).tolist()
            listed = [(code, names[place]) for place in places[:MANY]]
            if len(places) > MANY:
                listed = [(code, f"more than {MANY} points")]
            self._found[code] = seen, tuple(listed)
        return self._found[code][1]
