"""What the lines of the ledger add up to: the price of every flow, level and size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.waist.linear import Value, Variable
from zeroplant.waist.words import Line, Size, unit_price


@dataclass
class Prices:
    """The objective by what it depends on.

    ``hourly`` money per unit and hour of flows and levels (before the weight of stages),
    ``sizes`` money per unit of every size element, ``constant`` what nothing changes.
    """

    hourly: dict[Variable, Value]
    sizes: Floats
    constant: float


def add_up(lines: Iterable[Line], elements: int) -> Prices:
    """Add up lines; ``elements`` is the number of size elements in the network."""
    prices = Prices({}, np.zeros(elements), 0.0)
    for line in lines:
        price = unit_price(line)
        for term in line.quantity.terms:
            if isinstance(term.variable, Size):
                prices.sizes[term.variable.elements] += price * term.coefficient
            else:
                before = prices.hourly.get(term.variable, 0.0)
                prices.hourly[term.variable] = before + price * term.coefficient
        prices.constant += float(np.sum(price * line.quantity.constant))
    return prices
