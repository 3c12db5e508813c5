"""Image: what the plant looks like in one cycle, as arrays that nobody changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.links.link import Quality
from zeroplant.operate.points import Points

Codes = NDArray[np.uint8]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (moment - EPOCH) // MICROSECOND


@dataclass(frozen=True)
class Image:
    """What was read last of every point, in the order of ``points``.

    ``value`` is nan where nothing was ever heard; ``event`` is when it held by the device's
    account, in microseconds since 1970 (UTC); ``quality`` a code of `Quality`. A point that is
    LOST keeps its last value: unreachable is not zero.
    """

    at: datetime
    points: Points
    value: Floats
    event: Ints
    quality: Codes

    def __post_init__(self) -> None:
        size = (len(self.points),)
        for array in (self.value, self.event, self.quality):
            if array.shape != size:
                message = f"an image of {size[0]} points has arrays of {array.shape}"
                raise ValueError(message)
            array.flags.writeable = False

    @property
    def at_micros(self) -> int:
        """The moment in microseconds since 1970."""
        return micros(self.at)

    @property
    def age(self) -> Floats:
        """Seconds since each value held."""
        return np.asarray((self.at_micros - self.event) * 1e-6)

    def of(self, name: str) -> float:
        """The value of one point. Raises KeyError for a name that is none."""
        return float(self.value[self.points.index[name]])


def unknown(at: datetime, points: Points) -> Image:
    """An image before anything was read."""
    n = len(points)
    return Image(
        at,
        points,
        np.full(n, np.nan),
        np.zeros(n, np.int64),
        np.full(n, Quality.LOST, np.uint8),
    )
