"""Plain templates for any set of points: what the twin serves where no device is imitated."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

from zeroplant.errors import InputError
from zeroplant.links.link import Point
from zeroplant.links.measures import inside_unit
from zeroplant.links.modbus_template import ModbusTemplate
from zeroplant.links.mqtt_template import MqttTemplate

TOLD = 20_000
"""First register of the set-points: timer (s) and value of each; measurements begin at 0."""


def plain_map(device: str, points: Iterable[Point], *, every: float = 4.0) -> ModbusTemplate:
    """A template with every point of a device as a float, and a timer before each set-point.

    The points' names begin with that of the device and a dot.
    """
    template: dict[str, dict[str, Any]] = {}
    for number, point in enumerate(points):
        unit = _unit(point.unit)
        spec: dict[str, Any] = {
            "unit": unit,
            "least": _bound(point.least, unit),
            "most": _bound(point.most, unit),
            "read": {"address": 2 * number, "type": "float32"},
        }
        if point.writable:
            timer = TOLD + 4 * number
            spec["write"] = {"address": timer + 1, "type": "float32", "revert": {"address": timer}}
        template[point.name.removeprefix(f"{device}.")] = spec
    return ModbusTemplate.model_validate(
        {
            "title": {"en": f"Points of {device}", "zh": f"{device} 测点"},
            "protocol": "modbus",
            "every": every,
            "points": template,
        }
    )


def plain_topics(device: str, points: Iterable[Point], *, every: float = 4.0) -> MqttTemplate:
    """A gateway's template: a message with the state of all points, one with what it is told.

    The points' names begin with that of the device and a dot.
    """
    template: dict[str, dict[str, Any]] = {}
    for point in points:
        short, unit = point.name.removeprefix(f"{device}."), _unit(point.unit)
        key = short.replace(".", " ")
        spec: dict[str, Any] = {
            "unit": unit,
            "least": _bound(point.least, unit),
            "most": _bound(point.most, unit),
            "read": {"topic": "state", "key": key},
        }
        if point.writable:
            spec["write"] = {"topic": "set", "key": key}
        template[short] = spec
    return MqttTemplate.model_validate(
        {
            "title": {"en": f"Gateway of {device}", "zh": f"{device} 网关"},
            "protocol": "mqtt",
            "every": every,
            "status": "status",
            "answers": "answer",
            "points": template,
        }
    )


def _unit(unit: str) -> str:
    """The point's unit, where it is one of measure; what is merely counted has none."""
    try:
        return unit if unit and inside_unit(unit) == unit else "1"
    except InputError:
        return "1"


def _bound(value: float, unit: str) -> float | str:
    return float(value) if unit == "1" or not isfinite(value) else f"{float(value)!r} {unit}"
