"""The unit registry: a small list of definitions, loaded when first used."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from zeroplant.errors import InputError, Problem
from zeroplant.units.spellings import Factors, factors

Number = TypeVar("Number", float, NDArray[np.float64])

DEFINITIONS = """
W = [power]; kW = 1000 * W; MW = 1000 * kW; kWan = 10 * MW; GW = 1000 * MW
h = [time]; min = h / 60; s = min / 60; d = 24 * h; a = 8760 * h; month = a / 12
Wh = W * h; kWh = 1000 * Wh; MWh = 1000 * kWh; kWanh = 10 * MWh; GWh = 1000 * MWh
TWh = 1000 * GWh; yikWh = 100000 * MWh
J = W * s; kJ = 1000 * J; MJ = 1000 * kJ; GJ = 1000 * MJ; TJ = 1000 * GJ; tce = 29.3076 * GJ
m = [length]; mm = m / 1000; cm = m / 100; km = 1000 * m; kn = 1852 * m / h
m2 = m ** 2; km2 = 1000000 * m2; ha = 10000 * m2; mu = 10000 * m2 / 15
m3 = m ** 3; L = m3 / 1000; wanm3 = 10000 * m3; hm3 = 1000000 * m3; yim3 = 100 * hm3
t = [mass]; kg = t / 1000; g = kg / 1000
tCO2 = [emission]; kgCO2 = tCO2 / 1000; gCO2 = kgCO2 / 1000; MtCO2 = 1000000 * tCO2
Pa = [pressure]; hPa = 100 * Pa; kPa = 1000 * Pa; MPa = 1000 * kPa; bar = 100 * kPa
V = [voltage]; kV = 1000 * V; A = [current]; kA = 1000 * A
ohm = [resistance]; mohm = ohm / 1000
K = [temperature]; degC = K; deg = [angle]
percent = 0.01; permille = 0.001; pu = 1
money = [money]; wanmoney = 10000 * money; yimoney = 10000 * wanmoney
dimoney = money / 10; centimoney = money / 100
"""
"""A year is 8,760 h and a month a twelfth of it, so that a price per kW and month is twelve times
itself per year. tce: tonne of coal equivalent, 29 307.6 kJ per kg (GB/T 2589-2020). kn: one
international nautical mile, 1 852 m, per hour. 15 mu are a hectare. degC stands for a temperature
difference here; the zero of a temperature is moved in ``Unit.shift``."""

ZERO_CELSIUS = Fraction("273.15")
_ENERGY = frozenset(
    ("Wh", "kWh", "MWh", "kWanh", "GWh", "TWh", "yikWh", "J", "kJ", "MJ", "GJ", "TJ", "tce")
)


class Unit(NamedTuple):
    """A unit worked out: ``factor`` and ``shift`` to root units, and what it measures."""

    factor: Fraction
    shift: Fraction
    measure: str

    def into(self, other: Unit) -> tuple[Fraction, Fraction]:
        """Scale and shift that turn a number in this unit into one in the other."""
        return self.factor / other.factor, (self.shift - other.shift) / other.factor


@cache
def _registry() -> Any:
    """Pint with our own definitions only, computing with exact fractions."""
    from pint import UnitRegistry

    registry: Any = UnitRegistry(None, cache_folder=None, non_int_type=Fraction)
    lines = (line.strip() for line in DEFINITIONS.replace("\n", ";").split(";"))
    registry.load_definitions([line for line in lines if line])
    return registry


@cache
def unit(text: str, currency: str = "CNY") -> Unit:
    """Work out a unit as written by a user; InputError when it has an unknown name."""
    from pint.util import UnitsContainer

    parts = factors(text, currency)
    if parts == (("degC", 1),):
        return Unit(Fraction(1), ZERO_CELSIUS, "[temperature]^1")
    powers: dict[str, int] = {}
    for name, exponent in parts:
        powers[name] = powers.get(name, 0) + exponent
    found = _registry().Unit(UnitsContainer(powers))
    scale = Fraction(_registry().get_root_units(found)[0])
    dimensions = " ".join(f"{name}^{power}" for name, power in sorted(found.dimensionality.items()))
    return Unit(scale, Fraction(0), _measure(parts, dimensions))


def _measure(parts: Factors, dimensions: str) -> str:
    """What a unit measures: its dimensions, with a price of energy told from one of power.

    A price per kW and month has the dimensions of one per kWh, yet nobody means one for the other.
    """
    if "[money]" not in dimensions:
        return dimensions or "1"
    per_energy = any(exponent < 0 and name in _ENERGY for name, exponent in parts)
    return f"{dimensions} of energy" if per_energy else dimensions


def convert(value: Number, source: str, target: str, *, currency: str = "CNY") -> Number:
    """A number or array in ``source`` units as one in ``target`` units.

    ``money`` in either stands for the currency. Raises InputError when a unit is unknown or the
    two do not measure the same thing.
    """
    if source == target:
        return value
    given, wanted = unit(source, currency), unit(target, currency)
    if given.measure != wanted.measure:
        what = f"'{source}' does not measure the same as '{target}'"
        instead = f"give values in {target.replace('money', currency)}"
        raise InputError(Problem(what, instead=instead))
    scale, shift = given.into(wanted)
    if shift:
        return value * float(scale) + float(shift)
    # exact where one of the two factors is a whole number, as nearly all are
    return value * float(scale.numerator) / float(scale.denominator)
