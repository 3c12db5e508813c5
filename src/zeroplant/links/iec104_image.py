"""What the outstation tells: the last value of every point, and which changes are worth telling."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby

from zeroplant.links.iec104_asdu import Cause, Told, Type, information, stamp
from zeroplant.links.iec104_points import Monitored, PointList
from zeroplant.links.link import Quality, Reading

INVALID, NOT_TOPICAL, OVERFLOW = 0x80, 0x40, 0x01
QUALITY = {
    Quality.GOOD: 0,
    Quality.UNCERTAIN: NOT_TOPICAL,
    Quality.BAD: INVALID,
    Quality.LOST: INVALID | NOT_TOPICAL,
}
"""How our words are said on the wire (IEC 60870-5-101 §7.2.6)."""
LARGEST = 3.4e38
"""A short float holds no more (IEEE 754)."""
PLAIN = {"measured": Type.MEASURED, "single": Type.SINGLE, "double": Type.DOUBLE}
TIMED = {
    "measured": Type.MEASURED_TIMED,
    "single": Type.SINGLE_TIMED,
    "double": Type.DOUBLE_TIMED,
}
Place = int


class Image:
    """The points by place in the list, as last published and as last told."""

    def __init__(self, points: PointList) -> None:
        self._points = sorted(points.points, key=lambda each: (PLAIN[each.type], each.ioa))
        self._address, self._zone = points.common_address, points.tz
        self._places: dict[str, list[Place]] = {}
        self._by_address = {each.ioa: place for place, each in enumerate(self._points)}
        for place, each in enumerate(self._points):
            self._places.setdefault(each.name, []).append(place)
        unknown = Reading(math.nan, datetime.fromtimestamp(0, tz=self._zone), Quality.LOST)
        self._now = [unknown] * len(self._points)
        self._told = [unknown] * len(self._points)

    def put(self, readings: Mapping[str, Reading]) -> tuple[set[Place], list[Place]]:
        """Take readings; the measured places worth telling, and states that changed, in order.

        Names that are not in the list are passed over: the centre sees what its list says.
        """
        values: set[Place] = set()
        states = []
        for name, reading in readings.items():
            for place in self._places.get(name, ()):
                self._now[place] = reading
                point, told = self._points[place], self._told[place]
                if not _worth_telling(point, told, reading):
                    continue
                self._told[place] = reading
                if point.type == "measured":
                    values.add(place)
                else:
                    states.append(place)
        return values, states

    def event(self, place: Place) -> tuple[Type, Told]:
        """A state as it is now, with the time at which it came about."""
        return TIMED[self._points[place].type], self._object(place, timed=True)

    def spontaneous(self, places: Iterable[Place]) -> Iterator[bytes]:
        """Measured values with their time tags, by address."""
        told = (self._object(place, timed=True) for place in sorted(places))
        return information(Type.MEASURED_TIMED, Cause.SPONTANEOUS, self._address, told)

    def interrogated(self) -> Iterator[bytes]:
        """All points, without time tags (IEC 60870-5-5 §6.6)."""
        everything = range(len(self._points))
        for kind, places in groupby(everything, key=lambda place: PLAIN[self._points[place].type]):
            told = (self._object(place, timed=False) for place in places)
            yield from information(kind, Cause.INTERROGATED, self._address, told)

    def requested(self, ioa: int) -> bytes | None:
        """One point that was asked for, or nothing if there is none at the address."""
        place = self._by_address.get(ioa)
        if place is None:
            return None
        told = self._object(place, timed=False)
        kind = PLAIN[self._points[place].type]
        return next(information(kind, Cause.REQUEST, self._address, [told]))

    def _object(self, place: Place, *, timed: bool) -> Told:
        point, reading = self._points[place], self._now[place]
        value, quality = _on_the_wire(point, reading)
        return Told(point.ioa, value, quality, stamp(reading.event, self._zone) if timed else b"")


def _worth_telling(point: Monitored, told: Reading, now: Reading) -> bool:
    """Whether it left the deadband around what was last told, or changed its quality."""
    if now.quality != told.quality or math.isnan(now.value) != math.isnan(told.value):
        return True
    return now.value != told.value and abs(now.value - told.value) >= point.deadband


def _on_the_wire(point: Monitored, reading: Reading) -> tuple[float, int]:
    quality, value = QUALITY[reading.quality], reading.value
    if point.type == "double":  # 1 off, 2 on, 0 neither
        return (0 if math.isnan(value) else 2 if value else 1), _known(value, quality)
    if point.type == "single":
        return (1 if value and not math.isnan(value) else 0), _known(value, quality)
    if math.isnan(value):
        return 0.0, quality | INVALID
    value *= point.scale
    if abs(value) > LARGEST:
        return math.copysign(LARGEST, value), quality | OVERFLOW
    return value, quality


def _known(value: float, quality: int) -> int:
    return quality | INVALID if math.isnan(value) else quality
