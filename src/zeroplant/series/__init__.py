"""Time series: numbers that vary in time, from files, tariff tables and generators.

A stamp is the start of its period. A plant file gives a ``Profile``; ``profile.on(axis)`` are its
values, one per stage, and ``profile.problems(axis)`` what keeps it from having them.
"""

from __future__ import annotations

from typing import Annotated

from zeroplant.series.by_chain import ByChain
from zeroplant.series.filed import FileSeries
from zeroplant.series.forms import ProfileOf
from zeroplant.series.generated import Generated, Generator, generator_names, register
from zeroplant.series.profile import Constant, Given, Profile
from zeroplant.series.table import read_table
from zeroplant.series.tariff import Row, TimeOfUse
from zeroplant.series.weatherfile import read_weather
from zeroplant.units import ABSOLUTE_ZERO

PowerProfile = Annotated[Profile, ProfileOf("MW", ge=0)]
EnergyProfile = Annotated[Profile, ProfileOf("MWh", ge=0)]
EnergyPriceProfile = Annotated[Profile, ProfileOf("money/MWh")]
FractionProfile = Annotated[Profile, ProfileOf("1", ge=0, le=1)]
RateProfile = Annotated[Profile, ProfileOf("1", ge=0)]
FactorProfile = Annotated[Profile, ProfileOf("1")]
WaterFlowProfile = Annotated[Profile, ProfileOf("m3/s", ge=0)]
LengthProfile = Annotated[Profile, ProfileOf("m")]
SpeedProfile = Annotated[Profile, ProfileOf("m/s", ge=0)]
TemperatureProfile = Annotated[Profile, ProfileOf("degC", ge=ABSOLUTE_ZERO)]
EmissionFactorProfile = Annotated[Profile, ProfileOf("tCO2/MWh", ge=0)]

__all__ = [
    "ByChain",
    "Constant",
    "EmissionFactorProfile",
    "EnergyPriceProfile",
    "EnergyProfile",
    "FactorProfile",
    "FileSeries",
    "FractionProfile",
    "Generated",
    "Generator",
    "Given",
    "LengthProfile",
    "PowerProfile",
    "Profile",
    "ProfileOf",
    "RateProfile",
    "Row",
    "SpeedProfile",
    "TemperatureProfile",
    "TimeOfUse",
    "WaterFlowProfile",
    "generator_names",
    "read_table",
    "read_weather",
    "register",
]
