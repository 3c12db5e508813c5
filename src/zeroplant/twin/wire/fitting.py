"""Which device of the twin speaks what: shipped templates where they fit, plain maps elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from zeroplant.links.connect import AnyTemplate
from zeroplant.links.dlt645_template import Dlt645Template
from zeroplant.links.library import template
from zeroplant.links.link import Point
from zeroplant.links.modbus_template import ModbusPoint, ModbusTemplate, Register
from zeroplant.links.plain import plain_map, plain_topics

BATTERY, INVERTER, GATEWAY, METER = "battery", "sunspec-inverter", "mqtt", "dlt645-meter"
HEAT_PUMP, BOILER, CHILLER, THERMAL_STORE = "heat-pump", "boiler", "chiller", "thermal-store"
STORES = {BATTERY: ("charge", "discharge"), THERMAL_STORE: ("loading", "unloading")}
"""Stores by what fills and drains them."""
MACHINES = {
    HEAT_PUMP: ("heat output", "heat_rating"), BOILER: ("heat output", "heat_rating"),
    CHILLER: ("cold output", "cold_rating"),
}  # fmt: skip
"""Thermal machines by what they give, and the rating of that."""
BEYOND = 60_000
"""Register of what a maker tells beyond SunSpec: what the plant could give now."""
SECONDARY = 0.866
"""kW that a meter sees at the rating: three phases, 100 V, 5 A."""
DEADLINE = 2.0
"""Seconds for the items of a meter that has its line for itself."""


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
    if speaks in STORES and short.keys() <= {*STORES[speaks], "level", "online"}:
        power = max(short[side].most for side in STORES[speaks])
        ratings = {"rating": _said(power, "MW"), "capacity": _said(short["level"].most, "MWh")}
        if isfinite(power) and isfinite(short["level"].most):
            return Fitted(template(speaks), speaks, ratings)
    if speaks == INVERTER and short.keys() <= {"output", "output.possible", "online"}:
        ratings = {"rating": _said(short["output"].most, "MW")}
        form = template(INVERTER)
        if isinstance(form, ModbusTemplate) and "output.possible" in short:
            return Fitted(_with_possible(form), "", ratings)
        return Fitted(form, INVERTER, ratings)
    gives, rating = MACHINES.get(speaks, ("", ""))
    if short.keys() == {gives, "online"} and isfinite(short[gives].most):
        said = _said(short[gives].most, "MW")
        return Fitted(template(speaks), speaks, {"rating": said, rating: said})
    if speaks == METER and short.keys() <= {"import", "export", "online"}:
        form, most = template(METER), max(short[s].most for s in ("import", "export") if s in short)
        if isinstance(form, Dlt645Template) and isfinite(most):
            ratings = {"rating": _said(most, "MW")}
            return Fitted(_transformed(form, short, most, every), "", ratings)
    return Fitted(plain_map(asset, points, every=every))


def _transformed(
    form: Dlt645Template, short: Mapping[str, Point], rating: float, every: float
) -> Dlt645Template:
    """A meter behind transformers of voltage and current that suit its connection.

    What stands at the connection is their ratio times what the meter counts.
    """
    ratio = {"scale": float(max(1, round(rating * 1e3 / SECONDARY)))}
    points = {word: form.points[word].model_copy(update=ratio)
              for word in ("import", "export") if word in short}  # fmt: skip
    for word in ("energy_import", "energy_export"):
        points[word] = form.points[word].model_copy(update={**ratio, "most": "100000000 MWh"})
    return form.model_copy(update={"points": points, "every": every, "deadline": DEADLINE})


def _with_possible(form: ModbusTemplate) -> ModbusTemplate:
    """The inverter with a register of its maker's for what it could give."""
    could = ModbusPoint(
        about="what it could give now, without a limit", unit="W", most="rating",
        read=Register(address=BEYOND, type="uint32"),
    )  # fmt: skip
    return form.model_copy(update={"points": {**form.points, "output.possible": could}})


def _said(value: float, unit: str) -> str:
    return f"{value!r} {unit}"
