"""Hydrogen by the kilogram: what it holds, and what making it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator

from zeroplant.errors import InputError, Problem
from zeroplant.units.amount import Amount
from zeroplant.units.carried import OfCarrier
from zeroplant.waist import Node, Scope

NM3_PER_KG = 11.126
"""Cubic metres of hydrogen at 0 °C and 101.325 kPa in a kilogram (domain page 2h)."""


def _by_mass_or_volume(use: Amount) -> Amount:
    if use.unit and not (use.measures("MWh/kg") or use.measures("MWh/m3")):
        message = f"'{use}' is {use.called()}; write one such as '52 kWh/kg' or '4.7 kWh/Nm3'"
        raise ValueError(message)
    return use


HydrogenUse = Annotated[
    Amount,
    OfCarrier("energy use", gt=0, such_as=("4.7 kWh/Nm3", "52 kWh/kg")),
    AfterValidator(_by_mass_or_volume),
]
"""Electricity for making hydrogen, by mass or by its standard cubic metres."""


def per_kg(use: Amount) -> float:
    """MWh for a kg of hydrogen; a number from Python is MWh/kg already."""
    if use.unit and use.measures("MWh/m3"):
        return use.into("MWh/m3") * NM3_PER_KG
    return use.into("MWh/kg")


def hydrogen_node(plant: Scope, name: str) -> Node:
    """The plant's node of hydrogen of that name, in kg/h; InputError if it counts otherwise."""
    node = plant.node(name)
    if node.unit != "kg/h":
        what = f"the node '{name}' counts hydrogen in {node.unit}, not in kg/h"
        raise InputError(Problem(what, instead="write unit: kg/h, or leave it out"))
    return node


@dataclass(frozen=True)
class Technology:
    """A kind of electrolyser: AC consumption [kWh/Nm3] and load range as shares of its rating."""

    consumption: float
    load_min: float
    load_max: float


TECHNOLOGIES: dict[Literal["alkaline", "pem"], Technology] = {
    "alkaline": Technology(5.0, 0.20, 1.10),
    "pem": Technology(5.1, 0.05, 1.20),
}
"""Domain page 2(h): alkaline stacks 4.3…4.9 kWh/Nm3, with rectifier and auxiliaries 4.7…5.2,
20…110 % of the rating (many makers promise 30 % only); PEM stacks 4.3…5.0, 5…120 %."""
