"""What a node carries: its unit, its amounts, and quantities of it turned into the node's unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import overload

from zeroplant.assets.base import Asset
from zeroplant.errors import InputError, Problem
from zeroplant.units import SizeRange
from zeroplant.units.amount import FORMS, NODE_UNITS, Amount, AmountRange, What
from zeroplant.waist import Node

HINTS = {
    # carrier: how its other units are related to those of its nodes, for whoever wrote the wrong
    "gas": "gas is counted by its lower heating value: 1 m3 of natural gas is 9.9…10.8 kWh",
    "coal": "coal is counted by its heating value: 1 t of coal of 5500 kcal/kg is 6.4 MWh, and "
    "prices may be written per tce",
    "diesel": "diesel is counted by its heating value: 1 t is 11.9 MWh, 1 L is 10.0 kWh",
    "biomass": "biomass is counted by its heating value: 1 t is about 4 MWh",
    "hydrogen": "1 kg of hydrogen is 33.3 kWh by its lower heating value and 11.126 Nm3",
    "water": "1 m3 of water is 1 t",
}
"""Standard coefficients of GB/T 2589: natural gas 1.2143…1.33 kgce/m3, diesel 1.4571 kgce/kg."""


@dataclass(frozen=True)
class Carrier:
    """The carrier of a node, for whoever writes quantities of it. Raises InputError."""

    node: Node

    @property
    def amount(self) -> str:
        """Unit of amounts of it: MWh, kg, t or m3."""
        return FORMS["amount"].units[self._place]

    @property
    def hourly(self) -> float:
        """Amount that a flow of 1 brings in an hour: 1, but 3,600 m3 for 1 m3/s."""
        return 3600.0 if self.node.unit == "m3/s" else 1.0

    @overload
    def of(self, field: str, what: What, given: Amount) -> float: ...
    @overload
    def of(self, field: str, what: What, given: Amount | AmountRange) -> float | SizeRange: ...
    def of(self, field: str, what: What, given: Amount | AmountRange) -> float | SizeRange:
        """What the field ``field`` says, in the node's own unit for it.

        Flows are in the node's unit, amounts and prices go by `amount`. InputError names what
        the node carries, and what to write.
        """
        form = FORMS[what]
        wanted = form.units[self._place]
        bounds = given.bounds if isinstance(given, AmountRange) else [given]
        for each in bounds:
            if not each.measures(wanted):
                carries = f"the node '{self.node.name}' carries {self.node.carrier}"
                said = f"{field}: '{each}' is {each.called()}, and {carries} in {self.node.unit}"
                example = form.examples[self._place].replace("CNY", each.currency)
                hint = HINTS.get(self.node.carrier)
                instead = f"write {form.called} such as '{example}'"
                raise InputError(Problem(said, instead=f"{instead} ({hint})" if hint else instead))
        return given.into(wanted)

    @property
    def _place(self) -> int:
        if self.node.unit not in NODE_UNITS:
            what = f"the node '{self.node.name}' counts in {self.node.unit}"
            raise InputError(Problem(what, instead=f"use a node in {', '.join(NODE_UNITS)}"))
        return NODE_UNITS.index(self.node.unit)


def by_other_kinds(
    kind: type[Asset],
    assets: Mapping[str, Asset],
    carriers: Mapping[str, str],
    done: str,
    instead: str,
) -> Iterator[tuple[str, Problem]]:
    """Assets of this kind at nodes of electricity, for which the plant has kinds of its own."""
    for name, asset in assets.items():
        at = getattr(asset, "at", "")
        if type(asset) is kind and carriers.get(at) == "electricity":
            what = f"the node '{at}' carries electricity, which is not {done} in this way"
            yield name, Problem(what, instead=instead)
