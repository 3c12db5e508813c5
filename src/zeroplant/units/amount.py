"""Amounts with the unit they were written in, until it is known which unit is wanted.

A price may be ``0.3 CNY/kWh``, ``25 CNY/kg`` or ``900 CNY/t``: which of them is right, only the
node it belongs to can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from zeroplant.units.capacity import SizeRange
from zeroplant.units.registry import convert, unit
from zeroplant.units.text import KINDS

What = Literal["flow", "amount", "price", "flow price", "emission factor", "energy use"]

NODE_UNITS = ("MW", "kg/h", "t/h", "m3/s", "1/h")
"""Units in which nodes count what flows."""


class Form(NamedTuple):
    """What a quantity is called; for each of `NODE_UNITS` its unit, and how to write one."""

    called: str
    units: tuple[str, ...]
    examples: tuple[str, ...]


FORMS: dict[What, Form] = {
    "flow": Form(
        "a flow of what the node carries",
        NODE_UNITS,
        ("5 MW", "200 kg/h", "3 t/h", "0.5 m3/s", "6 1/h"),
    ),
    "amount": Form(
        "an amount of what the node carries",
        ("MWh", "kg", "t", "m3", "1"),
        ("50 MWh", "2000 kg", "300 t", "800 m3", "40 pu"),
    ),
    "price": Form(
        "a price of what the node carries",
        ("money/MWh", "money/kg", "money/t", "money/m3", "money"),
        ("0.3 CNY/kWh", "25 CNY/kg", "900 CNY/t", "3 CNY/m3", "80 CNY"),
    ),
    "flow price": Form(
        "a price by the flow",
        ("money/MW", "money/(kg/h)", "money/(t/h)", "money/(m3/s)", "money/(1/h)"),
        ("500 CNY/kW", "900 CNY/(kg/h)", "2 CNY/(t/a)", "20000 CNY/(m3/h)", "5000 CNY/(1/h)"),
    ),
    "emission factor": Form(
        "an emission factor of what the node carries",
        ("tCO2/MWh", "tCO2/kg", "tCO2/t", "tCO2/m3", "tCO2"),
        ("0.2 tCO2/MWh", "9 kgCO2/kg", "1.9 tCO2/t", "0.3 kgCO2/m3", "2 kgCO2"),
    ),
    "energy use": Form(
        "energy by the amount",
        ("1", "MWh/kg", "MWh/t", "MWh/m3", "MWh"),
        ("2 %", "2 kWh/kg", "40 kWh/t", "0.4 kWh/m3", "2 kWh"),
    ),
}


@dataclass(frozen=True)
class Amount:
    """A number in the unit it was written in; ``unit`` is empty for the unit it is asked in."""

    value: float
    unit: str = ""
    currency: str = "CNY"

    def into(self, wanted: str) -> float:
        """The number in another unit; InputError if the two do not measure the same."""
        if not self.unit:
            return self.value
        return convert(self.value, self.unit, wanted, currency=self.currency)

    def measures(self, wanted: str) -> bool:
        """Whether it can be turned into that unit."""
        return not self.unit or self.measure == unit(wanted, self.currency).measure

    @property
    def measure(self) -> str:
        """What it measures, as dimensions."""
        return unit(self.unit, self.currency).measure

    def called(self) -> str:
        """What it is in words: ``a price of energy``."""
        names = {unit(known, self.currency).measure: said for known, (said, _) in KINDS.items()}
        return names.get(self.measure, f"in {self.unit}")

    def plain(self) -> float | str:
        """For a JSON file: as a plant file would say it, or the bare number given from Python."""
        return str(self) if self.unit else self.value

    def __str__(self) -> str:
        return f"{self.value:.10g} {self.unit}".strip()


@dataclass(frozen=True)
class AmountRange:
    """A size to be chosen, in the units in which its bounds were written; see `SizeRange`."""

    min: Amount = Amount(0.0)
    max: Amount = Amount(float("inf"))
    step: Amount | None = None

    def into(self, wanted: str) -> SizeRange:
        """The range in another unit; InputError if a bound does not measure the same."""
        step = None if self.step is None else self.step.into(wanted)
        return SizeRange(self.min.into(wanted), self.max.into(wanted), step)

    @property
    def bounds(self) -> list[Amount]:
        """Its bounds that carry a unit."""
        return [each for each in (self.min, self.max, self.step) if each is not None and each.unit]

    def plain(self) -> dict[str, float | str]:
        """The mapping of a plant file."""
        said = {"min": self.min, "max": self.max, "step": self.step}
        given = {key: each for key, each in said.items() if each is not None}
        return {k: each.plain() for k, each in given.items() if each.value != float("inf")}

    def __str__(self) -> str:
        step = "" if self.step is None else f" / {self.step}"
        most = "∞" if self.max.value == float("inf") else str(self.max)
        return f"{self.min} … {most}{step}"
