"""A set-point in proportion to headroom: every device moves by the same share of its range."""

from __future__ import annotations

import numpy as np

from zeroplant.kernels import njit
from zeroplant.solve.fleet.split.parts import in_parts
from zeroplant.solve.fleet.split.reach import Reach, Real


def split_in_proportion(target: float, within: Reach, *, threads: int = 2) -> tuple[Real, float]:
    """Power per device, ``lower + share (upper - lower)``, and what of ``target`` is missed.

    The share is between 0 and 1; outside of what the devices can do together they are all at one
    end, and the rest is missed (positive: more was asked for than they can draw).
    """
    if np.isnan(target):
        message = "a set-point is a number, not nan"
        raise ValueError(message)
    room = within.most - within.least
    share = min(max((target - within.least) / room, 0.0), 1.0) if room > 0.0 else 0.0
    power = np.empty_like(within.lower)

    def work(_: int, first: int, last: int) -> None:
        _share(first, last, within.lower, within.upper, share, power)

    in_parts(len(power), threads, work)
    return power, target - min(max(target, within.least), within.most)


@njit(cache=True, nogil=True)
def _share(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    first: int, last: int, lower: Real, upper: Real, share: float, power: Real
) -> None:
    for i in range(first, last):
        power[i] = min(np.float64(upper[i]), lower[i] + share * (np.float64(upper[i]) - lower[i]))
