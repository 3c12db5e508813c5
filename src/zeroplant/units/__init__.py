"""Quantities with units at the edges; plain floats in the plant's own units inside.

Inside are MW, MWh, h, t, tCO2, °C, m, m/s, m3, m3/s and the plant's currency. ``parse`` reads one
written quantity, ``convert`` turns numbers and arrays, and the annotated types below are the
fields of everything read from a plant file.
"""

from __future__ import annotations

from typing import Annotated

from zeroplant.units.capacity import Capacity, SizeRange
from zeroplant.units.quantity import ABSOLUTE_ZERO, Quantity
from zeroplant.units.registry import convert
from zeroplant.units.text import parse

Power = Annotated[float, Quantity("MW")]
Energy = Annotated[float, Quantity("MWh")]
Hours = Annotated[float, Quantity("h")]
Years = Annotated[float, Quantity("a")]
Length = Annotated[float, Quantity("m")]
Speed = Annotated[float, Quantity("m/s")]
Temperature = Annotated[float, Quantity("degC", ge=ABSOLUTE_ZERO)]
Angle = Annotated[float, Quantity("deg")]
Area = Annotated[float, Quantity("m2")]
Volume = Annotated[float, Quantity("m3")]
WaterFlow = Annotated[float, Quantity("m3/s")]
Mass = Annotated[float, Quantity("t")]
Emissions = Annotated[float, Quantity("tCO2")]
Pressure = Annotated[float, Quantity("Pa")]
Money = Annotated[float, Quantity("money")]
EnergyPrice = Annotated[float, Quantity("money/MWh")]
PowerPrice = Annotated[float, Quantity("money/MW")]
PowerPriceYear = Annotated[float, Quantity("money/MW/a")]
PowerPriceMonth = Annotated[float, Quantity("money/MW/month")]
EnergyCapacityPrice = Annotated[float, Quantity("money/MWh")]
CarbonPrice = Annotated[float, Quantity("money/tCO2")]
EmissionFactor = Annotated[float, Quantity("tCO2/MWh", ge=0)]
Fraction = Annotated[float, Quantity("1", ge=0, le=1)]
Rate = Annotated[float, Quantity("1")]
YearlyRate = Annotated[float, Quantity("1/a")]

PowerCapacity = Annotated[float | SizeRange, Capacity("MW")]
EnergyCapacity = Annotated[float | SizeRange, Capacity("MWh")]
FlowCapacity = Annotated[float | SizeRange, Capacity("m3/s")]

__all__ = [
    "ABSOLUTE_ZERO",
    "Angle",
    "Area",
    "Capacity",
    "CarbonPrice",
    "EmissionFactor",
    "Emissions",
    "Energy",
    "EnergyCapacity",
    "EnergyCapacityPrice",
    "EnergyPrice",
    "FlowCapacity",
    "Fraction",
    "Hours",
    "Length",
    "Mass",
    "Money",
    "Power",
    "PowerCapacity",
    "PowerPrice",
    "PowerPriceMonth",
    "PowerPriceYear",
    "Pressure",
    "Quantity",
    "Rate",
    "SizeRange",
    "Speed",
    "Temperature",
    "Volume",
    "WaterFlow",
    "YearlyRate",
    "Years",
    "convert",
    "parse",
]
