"""What the money of a plant is made of: things bought once, and lines paid every year."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from zeroplant.errors import InputError, Problem

Kind = Literal["revenue", "fixed", "running", "purchase", "charge", "emission"]
COSTS: tuple[Kind, ...] = ("fixed", "running", "purchase", "charge", "emission")


@dataclass(frozen=True)
class CapitalItem:
    """One thing that is bought, wears out, and may be bought again.

    Attributes:
        who: The asset it belongs to.
        capex: Overnight cost in money (not per MW), at the prices of year 0.
        life: Years of service; the unit is retired then, and replaced if the project goes on.
        asset_class: Depreciation class of the tax regime: generation, battery, building …
        depreciation_years: Tax life, if it is not the one of the class.
        salvage: Share of what a unit cost that its scrap brings when it is retired.
        equipment: Share of the cost that is equipment, for the input VAT.
        construction: Share that is construction; what is left of 1 carries no input VAT.
        replacement: Cost of the next unit as a share of ``capex``; 0 = not replaced.
        decline: Yearly fall of that cost, in money of the day (0.03 = 3 % a year).
        degradation: Yearly loss of output while a unit ages (0.005 = 0.5 % a year).
    """

    who: str
    capex: float
    life: float = 25.0
    asset_class: str = "default"
    depreciation_years: float | None = None
    salvage: float = 0.0
    equipment: float = 1.0
    construction: float = 0.0
    replacement: float = 1.0
    decline: float = 0.0
    degradation: float = 0.0


@dataclass(frozen=True)
class YearLine:
    """One line of the ledger in the first year of operation.

    ``amount`` is money the plant pays, so a revenue has a negative amount; ``quantity`` and
    ``price`` explain it. ``escalation`` is the yearly growth of the price in money of the day
    (None: what the terms say for this kind). ``first`` is the year of operation in which it begins;
    its amount is at the prices of year 1 all the same. ``with_generation`` says that the line
    shrinks as the plant ages and moves with its yearly output. ``vat`` is the VAT rate of this
    line, if it is not the regime's rate for its kind.
    """

    who: str
    what: str
    kind: Kind
    quantity: float
    unit: str
    price: float
    amount: float
    escalation: float | None = None
    with_generation: bool = False
    vat: float | None = None
    first: int = 1


@dataclass(frozen=True)
class Project:
    """A plant as an investor sees it.

    ``energy`` is the MWh of year 1 over which the levelised cost is spread (0: no such figure).
    ``degradation`` is the yearly loss of output of everything that is no capital item's own;
    None takes the mean of the items, weighted by their cost.
    Raises InputError with every impossible figure named.
    """

    items: tuple[CapitalItem, ...]
    lines: tuple[YearLine, ...]
    energy: float = 0.0
    degradation: float | None = None
    name: str = "project"
    currency: str = "CNY"

    def __post_init__(self) -> None:
        problems = [
            *self._item_problems(),
            *self._line_problems(),
            *_outside(self.name, "energy", self.energy, 0.0, math.inf),
        ]
        if self.degradation is not None:
            problems += _outside(self.name, "degradation", self.degradation, 0.0, 1.0)
        if problems:
            raise InputError(problems)

    def _item_problems(self) -> Iterator[Problem]:
        for item in self.items:
            if not 1.0 <= item.life < math.inf:
                what = f"a life of {item.life} years"
                yield Problem(what, where=item.who, instead="give at least one year")
            yield from _outside(item.who, "capex", item.capex, 0.0, math.inf)
            for name in ("salvage", "equipment", "construction", "decline", "degradation"):
                yield from _outside(item.who, name, getattr(item, name), 0.0, 1.0)
            yield from _outside(item.who, "replacement", item.replacement, 0.0, math.inf)
            if item.equipment + item.construction > 1.0 + 1e-9:
                yield Problem("equipment and construction are more than the whole", item.who)
            if item.depreciation_years is not None and not item.depreciation_years > 0:
                what = f"depreciated over {item.depreciation_years} years"
                yield Problem(what, where=item.who, instead="give a positive number of years")

    def _line_problems(self) -> Iterator[Problem]:
        for line in self.lines:
            where = f"{line.who} {line.what}"
            if line.kind not in get_args(Kind):
                kinds = ", ".join(get_args(Kind))
                yield Problem(f"unknown kind '{line.kind}'", where, f"take one of {kinds}")
            if not math.isfinite(line.amount):
                yield Problem(f"the amount is {line.amount}", where)
            if line.escalation is not None:
                yield from _outside(where, "escalation", line.escalation, -1.0, math.inf)
            if line.vat is not None:
                yield from _outside(where, "vat", line.vat, 0.0, 1.0)


def _outside(where: str, name: str, value: float, low: float, high: float) -> list[Problem]:
    """A problem if ``value`` is not a finite number from ``low`` to ``high``."""
    if low <= value <= high and math.isfinite(value):
        return []
    wanted = f"from {low:g} to {high:g}" if math.isfinite(high) else f"of at least {low:g}"
    return [Problem(f"{name} is {value}", where=where, instead=f"give a number {wanted}")]
