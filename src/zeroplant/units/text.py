"""Quantities as users write them: ``50 MW``, ``0.35 CNY/kWh``, ``88 %``."""

from __future__ import annotations

import re
from fractions import Fraction

from zeroplant.errors import InputError, Problem
from zeroplant.units.registry import unit

_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3}(?!\d))?)\s*(.*)", re.DOTALL)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,_' \u00a0\u2009，]\d{3})+(?![\d])")
_NOT_FINITE = re.compile(r"[+-]?\.?(nan|inf|infinity|∞)\b", re.IGNORECASE)

LARGEST = 1e100
"""No number a plant can have is larger; beyond it a slip of the hand is called infinite."""

KINDS: dict[str, tuple[str, str]] = {
    # inside unit: (what it is, the unit a user would write)
    "MW": ("a power", "MW"),
    "MWh": ("an energy", "MWh"),
    "h": ("a time", "h"),
    "a": ("a time", "a"),
    "m": ("a length", "m"),
    "m2": ("an area", "m2"),
    "m3": ("a volume", "m3"),
    "m/s": ("a speed", "m/s"),
    "m3/s": ("a water flow", "m3/s"),
    "t": ("a mass", "t"),
    "kg": ("a mass", "kg"),
    "kg/h": ("a mass flow", "kg/h"),
    "tCO2": ("an emission", "tCO2"),
    "tCO2/MWh": ("an emission factor", "tCO2/MWh"),
    "money": ("an amount of money", "money"),
    "money/MWh": ("a price of energy", "money/kWh"),
    "money/MW": ("a price of power", "money/kW"),
    "money/MW/a": ("a price of power per year", "money/kW/a"),
    "money/MW/month": ("a price of power per month", "money/kW/month"),
    "money/tCO2": ("a carbon price", "money/tCO2"),
    "money/a": ("an amount of money per year", "money/a"),
    "money/t": ("a price of mass", "money/t"),
    "money/m3": ("a price of volume", "money/m3"),
    "degC": ("a temperature", "degC"),
    "deg": ("an angle", "deg"),
    "Pa": ("a pressure", "Pa"),
    "V": ("a voltage", "kV"),
    "ohm": ("a resistance", "ohm"),
    "W/m2": ("an irradiance", "W/m2"),
    "1": ("a plain number", ""),
    "1/a": ("a rate per year", "%/a"),
    "1/K": ("a rate per kelvin", "%/K"),
    "K": ("a temperature difference", "K"),
    "1/m": ("a rate per length", "%/km"),
    "1/h": ("a rate per hour", "%/h"),
    "t/h": ("a mass flow", "t/h"),
    "MWh/t": ("an energy per mass", "MWh/t"),
    "W/m3/K": ("a heat loss per volume and kelvin", "W/m3/K"),
}


USUAL: dict[str, tuple[str, ...]] = {
    "MW": ("kW", "MW"),
    "MWh": ("kWh", "MWh"),
    "h": ("min", "h"),
    "m": ("m", "km"),
    "m/s": ("km/h", "m/s"),
    "t": ("kg", "t"),
    "kg": ("kg", "t"),
    "kg/h": ("kg/h", "t/h"),
    "t/h": ("kg/h", "t/h"),
    "V": ("V", "kV"),
    "money/MWh": ("money/kWh", "money/MWh"),
    "money/MW": ("money/kW", "money/MW"),
    "money/MW/a": ("money/kW/a", "money/MW/a"),
    "money/MW/month": ("money/kW/month", "money/MW/month"),
    "money/t": ("money/kg", "money/t"),
}
"""Units in which people write quantities of a kind, where more than one is usual: a hint must not
take the number of a car's battery for megawatt hours."""


def kind(inside: str) -> str:
    """What an inside unit measures, in words: ``a power``."""
    return KINDS.get(inside, (f"a quantity in {inside}", ""))[0]


def example(inside: str, number: str | None = None, currency: str = "CNY") -> str:
    """How a user would write this number in the inside unit or its everyday neighbour."""
    number = number or ("0.5" if inside == "1" else "50")
    shown = KINDS.get(inside, ("", inside))[1].replace("money", currency)
    return f"{number} {shown}".strip()


def readings(inside: str, number: str, currency: str = "CNY", written: str = "") -> str:
    """What a number may have meant without its unit: ``'282 kWh' or '282 MWh'``.

    Where a unit of something else was written, one as small or as large as that is enough.
    """
    small = inside.replace("MW", "kW", 1)
    usual = USUAL.get(inside, (small, inside) if inside.startswith("MW") else ())
    units = [each.replace("money", currency) for each in usual]
    alike = [each for each in units if ("k" in each) == ("k" in written)]
    units = alike if written and len(alike) == 1 else units
    shown = [f"{number} {each}" for each in units] or [example(inside, number, currency)]
    return " or ".join(f"'{each}'" for each in shown)


def parse(text: str, inside: str, *, currency: str = "CNY") -> float:
    """Read a quantity from text as a number in the inside unit.

    A bare zero needs no unit, and a plain number (inside unit ``1``) none at all; a rate per year
    may leave out the year. Raises InputError with what to write instead.
    """
    number, written = split(text, inside, currency)
    if not written and (float(number) == 0 or inside in ("1", "1/a")):
        return float(number)
    if not written:
        instead = f"write it with its unit, such as {readings(inside, number, currency)}"
        raise InputError(Problem(f"{number} has no unit", instead=instead))
    if written == inside:
        return float(number)
    given, wanted = unit(written, currency), unit(inside, currency)
    if inside == "1/a" and given.measure == "1":
        wanted = unit("1", currency)
    if given.measure != wanted.measure:
        raise InputError(_other_measure(text, number, given.measure, inside, currency))
    scale, shift = given.into(wanted)
    return float(Fraction(number) * scale + shift)


def split(text: str, inside: str, currency: str = "CNY") -> tuple[str, str]:
    """The number and the unit of a written quantity; InputError when it has no finite number."""
    plain = " ".join(text.split()).replace("−", "-")
    text = _one_line(text)
    good = example(inside, currency=currency)
    if _NOT_FINITE.match(plain):
        what = f"'{text}' is not a finite number"
        raise InputError(Problem(what, instead=f"write one such as '{good}'"))
    grouped = _GROUPED.match(plain)
    if grouped:
        joined = re.sub(r"[^\d+-]", "", grouped.group()) + plain[grouped.end() :]
        what = f"'{text}' has separators inside the number"
        raise InputError(Problem(what, instead=f"write '{joined}'"))
    match = _NUMBER.fullmatch(plain)
    if match is None or match.group(2)[:1] in (",", "."):
        what = f"'{text}' is not {kind(inside)}"
        raise InputError(Problem(what, instead=f"write one such as '{good}'"))
    number, written = match.groups()
    if not abs(float(number)) < LARGEST:
        what = f"'{text}' is not a finite number"
        raise InputError(Problem(what, instead=f"write one such as '{good}'"))
    return number, written.strip()


def _other_measure(text: str, number: str, measure: str, inside: str, currency: str) -> Problem:
    """The quantity measures something else than is wanted."""
    names = {unit(known, currency).measure: name for known, (name, _) in reversed(KINDS.items())}
    wanted, text = kind(inside), _one_line(text)
    good = readings(inside, number, currency, text.removeprefix(number))
    if names.get(measure, wanted) == wanted:
        return Problem(f"'{text}' is not {wanted}", instead=f"write one such as {good}")
    instead = f"write {wanted} such as {good}"
    return Problem(f"'{text}' is {names[measure]}", instead=instead)


def _one_line(text: str) -> str:
    """Text as it can stand in a message of one line."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}..."
