"""Which device of the twin speaks what: shipped templates where they fit, plain maps elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from zeroplant.links.connect import AnyTemplate
from zeroplant.links.library import template
from zeroplant.links.link import Point
from zeroplant.links.modbus_template import ModbusPoint, ModbusTemplate, Register
from zeroplant.links.plain import plain_map, plain_topics

BATTERY, INVERTER, GATEWAY = "battery", "sunspec-inverter", "mqtt"
BEYOND = 60_000
"""Register of what a maker tells beyond SunSpec: what the plant could give now."""


@dataclass(frozen=True)
class Fitted:
    """How an asset is served; ``shipped`` is the name of its template where it is as shipped."""

    template: AnyTemplate
    shipped: str = ""
    ratings: Mapping[str, str] = field(default_factory=dict)


def fitted(asset: str, points: Sequence[Point], speaks: str, *, every: float) -> Fitted:
    """The template for an asset's points; a plain map where the one it ``speaks`` has not them."""
    short = {point.name.removeprefix(f"{asset}."): point for point in points}
    if speaks == GATEWAY:
        return Fitted(plain_topics(asset, points, every=every))
    if speaks == BATTERY and short.keys() <= {"charge", "discharge", "level", "online"}:
        power = max(short["charge"].most, short["discharge"].most)
        ratings = {"rating": _said(power, "MW"), "capacity": _said(short["level"].most, "MWh")}
        if isfinite(power) and isfinite(short["level"].most):
            return Fitted(template(BATTERY), BATTERY, ratings)
    if speaks == INVERTER and short.keys() <= {"output", "output.possible", "online"}:
        ratings = {"rating": _said(short["output"].most, "MW")}
        form = template(INVERTER)
        if isinstance(form, ModbusTemplate) and "output.possible" in short:
            return Fitted(_with_possible(form), "", ratings)
        return Fitted(form, INVERTER, ratings)
    return Fitted(plain_map(asset, points, every=every))


def _with_possible(form: ModbusTemplate) -> ModbusTemplate:
    """The inverter with a register of its maker's for what it could give."""
    could = ModbusPoint(
        about="what it could give now, without a limit", unit="W", most="rating",
        read=Register(address=BEYOND, type="uint32"),
    )  # fmt: skip
    return form.model_copy(update={"points": {**form.points, "output.possible": could}})


def _said(value: float, unit: str) -> str:
    return f"{value!r} {unit}"
