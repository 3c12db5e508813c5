"""Equal units side by side: what they can take together, when each must keep out of some parts."""

from __future__ import annotations

from collections.abc import Sequence

Zone = tuple[float, float]


def forbidden(units: int, zones: Sequence[Zone]) -> list[Zone]:
    """Parts of what all units take together that no number of them, sharing equally, can take.

    ``zones`` are parts of one unit's most, ordered and apart. Two units that must not run between
    0.4 and 0.6 can take anything up to the whole of one, and all but 0.5 to 0.6 of both.
    """
    left: list[Zone] = [(0.0, 1.0)]
    for running in range(1, units + 1):
        share = running / units
        kept_out = [(low * share, high * share) for low, high in zones] + [(share, 1.0)]
        left = [
            (max(a, low), min(b, high))
            for a, b in left
            for low, high in kept_out
            if min(b, high) > max(a, low)
        ]
    return left
